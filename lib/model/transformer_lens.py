"""The layout of models that were trained for TransformerLens, and what they are in ours.

Nothing is left to chance: every setting that would change what is computed is either carried over
or refused, and so is every tensor.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lib.core.errors import UserError
from lib.model.config import TransformerConfig
from lib.model.published import PublishedConfig, PublishedWeights
from lib.model.transformer import Transformer

WEIGHTS = ("model.safetensors", "model_final.pth", "pytorch_model.bin")


def is_transformer_lens(published: PublishedConfig) -> bool:
    """Whether a `config.json` describes such a model."""
    settings = published.settings
    return "architectures" not in settings and "d_model" in settings and "n_ctx" in settings


def transformer_lens_model(
    published: PublishedConfig, weights_path: Path, context: int | None
) -> Transformer:
    """The model of a `config.json` and a file of weights, as our transformer.

    Args:
        context: as `load_pretrained` has it.
    Raises:
        UserError: a setting or a tensor that is missing, of another shape or unknown here.
    """
    config = transformer_lens_config(published)
    if context is not None and not 1 <= context <= config.context:
        raise UserError(
            f"the model at {published.path.parent} reads at most {config.context} tokens at "
            f"once; got a context of {context}: choose a smaller one."
        )
    tensors = transformer_lens_tensors(PublishedWeights(weights_path), config, published)
    tensors["positions.weight"] = tensors["positions.weight"][:context]
    model = Transformer(replace(config, context=context or config.context), seed=0)
    model.load_state_dict(tensors)
    return model


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
    weights: PublishedWeights, config: TransformerConfig, published: PublishedConfig
) -> dict[str, Tensor]:
    """Ours from `blocks.{i}.attn.W_Q` [H, D, d] and so on, whose matrices stand to the right."""
    D, H, d, M, V = (
        config.width, config.heads, config.head_width, config.mlp_width, config.vocab_size,
    )  # fmt: skip
    plain_norm = _normalisation(published) == "LNPre"
    ours = {
        "embedding.weight": weights.take("embed.W_E", V, D),
        "positions.weight": weights.take("pos_embed.W_pos", config.context, D),
        "unembedding.weight": weights.take("unembed.W_U", D, V).T,
        "unembedding.bias": torch.zeros(V),  # gelu-1l has none
    }
    if "unembed.b_U" in weights:
        ours["unembedding.bias"] = weights.take("unembed.b_U", V)
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
        for layer, side, n, m in (("mlp.up", "in", D, M), ("mlp.down", "out", M, D)):
            ours[f"{block}{layer}.weight"] = weights.take(f"{block}mlp.W_{side}", n, m).T
            ours[f"{block}{layer}.bias"] = weights.take(f"{block}mlp.b_{side}", m)
        norms |= {block + "attention_norm": block + "ln1", block + "mlp_norm": block + "ln2"}
    for name, theirs in norms.items():
        ours[name + ".weight"] = torch.ones(D) if plain_norm else weights.take(theirs + ".w", D)
        ours[name + ".bias"] = torch.zeros(D) if plain_norm else weights.take(theirs + ".b", D)
    weights.finish(r"blocks\.\d+\.attn\.(mask|IGNORE)")
    return ours
