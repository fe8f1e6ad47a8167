"""The two layouts in which the studies' models are published, and what they are in ours.

Nothing is left to chance: every setting that would change what is computed is either carried over
or refused, and so is every tensor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lib.core.errors import UserError
from lib.model.config import TransformerConfig
from lib.model.published import PublishedConfig, PublishedWeights

Weights = dict[str, Tensor]
Shapes = dict[str, torch.Size]


class Layout(NamedTuple):
    """How one family of models is read."""

    name: str
    weights: tuple[str, ...]
    """Names of its file of weights, the preferred one first."""
    config: Callable[[PublishedConfig], TransformerConfig]
    tensors: Callable[[PublishedWeights, Shapes, TransformerConfig, PublishedConfig], Weights]
    """Our state dict, whose shapes are given."""


def gpt_neo_config(published: PublishedConfig) -> TransformerConfig:
    """GPT-Neo as `transformers` has it: learned positions, LayerNorm, tied embeddings, attention
    scores that are not divided by sqrt(head width), and every second layer local.

    Raises:
        UserError: a size is missing, or a setting that our transformer does not have.
    """
    width, layers = published.size("hidden_size"), published.size("num_layers")
    nonlinearities = {
        "gelu_new": "gelu_new", "gelu_pytorch_tanh": "gelu_new", "gelu": "gelu", "relu": "relu",
    }  # fmt: skip
    return TransformerConfig(
        vocab_size=published.size("vocab_size"),
        context=published.size("max_position_embeddings"),
        layers=layers,
        width=width,
        heads=published.size("num_heads"),
        mlp_width=published.size("intermediate_size", 4 * width),
        positions="learned",
        norm="layer",
        mlp=nonlinearities[published.only("activation_function", *nonlinearities)],
        tied=published.only("tie_word_embeddings", True, False),
        biases=True,
        norm_eps=published.get("layer_norm_epsilon", 1e-5),
        attention_scale=1.0,
        local_window=_local_window(published, layers),
    )


def _local_window(published: PublishedConfig, layers: int) -> int | None:
    """The window, where the layers are global and local in turn; None where all are global."""
    kinds = published.get("attention_layers")
    if kinds is None:
        pairs = published.get("attention_types", [[["global", "local"], layers // 2]])
        kinds = [kind for pattern, times in pairs for kind in pattern * times]
    if len(kinds) != layers:
        raise published.refusal("attention_types", f"a pattern for {layers} layers")
    if all(kind == "global" for kind in kinds):
        return None
    if kinds == [("global", "local")[i % 2] for i in range(layers)]:
        return published.size("window_size", 256)
    raise published.refusal("attention_types", "global and local in turn")


def gpt_neo_tensors(
    weights: PublishedWeights, shapes: Shapes, config: TransformerConfig, published: PublishedConfig
) -> Weights:
    """Ours from `transformer.h.{i}...`; queries, keys and values have no biases there, so that
    ours are zero."""
    D = config.width
    theirs = {"embedding.weight": "wte.weight", "positions.weight": "wpe.weight"}
    theirs |= _pairs("final_norm", "ln_f")
    for i in range(config.layers):
        for ours, name in _GPT_NEO_BLOCK.items():
            theirs |= _pairs(f"blocks.{i}.{ours}", f"h.{i}.{name}")
    ours = {
        name: weights.take(f"transformer.{other}", *shapes[name]) for name, other in theirs.items()
    }
    for i in range(config.layers):
        attention = f"transformer.h.{i}.attn.attention."
        qkv = [weights.take(f"{attention}{name}_proj.weight", D, D) for name in "qkv"]
        ours[f"blocks.{i}.attention.qkv.weight"] = torch.cat(qkv)
        ours[f"blocks.{i}.attention.qkv.bias"] = torch.zeros(3 * D)
    # A tied unembedding may be stored or not; it is not used, as in `transformers`.
    if not config.tied:
        ours["unembedding.weight"] = weights.take("lm_head.weight", *shapes["unembedding.weight"])
        ours["unembedding.bias"] = torch.zeros(shapes["unembedding.bias"])
    elif "lm_head.weight" in weights:
        weights.take("lm_head.weight", *shapes["unembedding.weight"])
    # Old files hold the causal masks as well.
    weights.finish(r"transformer\.h\.\d+\.attn\.attention\.(masked_)?bias")
    return ours


_GPT_NEO_BLOCK = {
    "attention.out": "attn.attention.out_proj",
    "attention_norm": "ln_1",
    "mlp_norm": "ln_2",
    "mlp.up": "mlp.c_fc",
    "mlp.down": "mlp.c_proj",
}


def _pairs(ours: str, theirs: str) -> dict[str, str]:
    """Names of a layer's two tensors."""
    return {f"{ours}.{part}": f"{theirs}.{part}" for part in ("weight", "bias")}


def transformer_lens_config(published: PublishedConfig) -> TransformerConfig:
    """The models that Neel Nanda trained for TransformerLens, such as gelu-1l: learned positions,
    LayerNorm, an unembedding of its own.

    What is known of them, as no documentation has it: names and defaults of the settings from
    TransformerLens (`convert_neel_model_config` in `loading_from_pretrained.py`), `neuron_scale`
    and `neuron_temp` from the training code (`solu/transformer.py` in neelnanda-io/solu_project).
    By "gelu" TransformerLens computes the exact function and that training code the tanh
    approximation, which differs by less than 0.0005; the study of the hyphen used TransformerLens,
    and so is it here.

    Raises:
        UserError: a size is missing, or a setting that our transformer does not have.
    """
    for key, allowed in _TRANSFORMER_LENS_ONLY.items():
        published.only(key, *allowed)
    _normalisation(published)
    width, heads = published.size("d_model"), published.size("n_heads")
    if published.size("d_head") * heads != width:
        raise published.refusal("d_head", f"d_model / n_heads = {width} / {heads}")
    eps = published.get("ln_eps", published.get("eps", 1e-5))
    return TransformerConfig(
        vocab_size=published.size("d_vocab"),
        context=published.size("n_ctx"),
        layers=published.size("n_layers"),
        width=width,
        heads=heads,
        mlp_width=published.size("d_mlp"),
        positions="learned",
        norm="layer",
        mlp=published.only("act_fn", "gelu", "gelu_new", "relu"),
        tied=False,
        biases=True,
        norm_eps=eps,
        attention_scale=None if published.only("use_attn_scale", True, False) else 1.0,
    )


_TRANSFORMER_LENS_ONLY: dict[str, tuple[Any, ...]] = {
    "attn_only": (False,),
    "attention_dir": ("causal",),
    "final_rms": (False,),
    "gated_mlp": (False,),
    "neuron_scale": (1.0,),
    "neuron_temp": (1.0,),
    "parallel_attn_mlp": (False,),
    "positional_embedding_type": ("standard",),
    "shortformer_pos": (False,),
    "use_local_attn": (False,),
}


def _normalisation(published: PublishedConfig) -> str:
    """`LN`, or `LNPre`: LayerNorm without weights, which were folded into what follows."""
    key = "normalization" if published.get("normalization") else "normalization_type"
    return published.only(key, "LN", "LNPre")


def transformer_lens_tensors(
    weights: PublishedWeights, shapes: Shapes, config: TransformerConfig, published: PublishedConfig
) -> Weights:
    """Ours from `blocks.{i}.attn.W_Q` [H, D, d] and so on, whose matrices stand to the right."""
    D, H, d = config.width, config.heads, config.head_width
    plain_norm = _normalisation(published) == "LNPre"
    ours = {
        "embedding.weight": weights.take("embed.W_E", *shapes["embedding.weight"]),
        "positions.weight": weights.take("pos_embed.W_pos", *shapes["positions.weight"]),
        "unembedding.weight": weights.take("unembed.W_U", *shapes["unembedding.weight"][::-1]).T,
        "unembedding.bias": torch.zeros(shapes["unembedding.bias"]),  # gelu-1l has none
    }
    if "unembed.b_U" in weights:
        ours["unembedding.bias"] = weights.take("unembed.b_U", config.vocab_size)
    norms = {"final_norm": "ln_final"}
    for i in range(config.layers):
        block, attn = f"blocks.{i}.", f"blocks.{i}.attn."
        qkv = [weights.take(f"{attn}W_{name}", H, D, d).mT.reshape(D, D) for name in "QKV"]
        biases = [weights.take(f"{attn}b_{name}", H, d).flatten() for name in "QKV"]
        ours[block + "attention.qkv.weight"] = torch.cat(qkv)
        ours[block + "attention.qkv.bias"] = torch.cat(biases)
        out = weights.take(attn + "W_O", H, d, D).reshape(D, D).T
        ours[block + "attention.out.weight"] = out
        ours[block + "attention.out.bias"] = weights.take(attn + "b_O", D)
        for layer, side in (("mlp.up", "in"), ("mlp.down", "out")):
            weight, bias = f"{block}{layer}.weight", f"{block}{layer}.bias"
            ours[weight] = weights.take(f"{block}mlp.W_{side}", *shapes[weight][::-1]).T
            ours[bias] = weights.take(f"{block}mlp.b_{side}", *shapes[bias])
        norms |= {block + "attention_norm": block + "ln1", block + "mlp_norm": block + "ln2"}
    for name, theirs in norms.items():
        ours[name + ".weight"] = torch.ones(D) if plain_norm else weights.take(theirs + ".w", D)
        ours[name + ".bias"] = torch.zeros(D) if plain_norm else weights.take(theirs + ".b", D)
    weights.finish(r"blocks\.\d+\.attn\.(mask|IGNORE)")
    return ours


GPT_NEO = Layout(
    "GPT-Neo", ("model.safetensors", "pytorch_model.bin"), gpt_neo_config, gpt_neo_tensors
)
TRANSFORMER_LENS = Layout(
    "TransformerLens",
    ("model.safetensors", "model_final.pth", "pytorch_model.bin"),
    transformer_lens_config,
    transformer_lens_tensors,
)


def layout_of(published: PublishedConfig) -> Layout:
    """Which layout a `config.json` describes.

    Raises:
        UserError: neither of the two.
    """
    architectures = published.get("architectures", [])
    if architectures == ["GPTNeoForCausalLM"]:
        return GPT_NEO
    if not architectures and "d_model" in published.settings and "n_ctx" in published.settings:
        return TRANSFORMER_LENS
    found = f"'architectures' = {architectures!r}" if architectures else "no 'architectures'"
    raise UserError(
        f"{published.path} has {found}; only GPTNeoForCausalLM, and the settings of a model that "
        "was trained for TransformerLens (d_model, n_ctx ...), can be read here: choose such a "
        "model."
    )
