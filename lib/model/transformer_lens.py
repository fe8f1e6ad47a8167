"""Models that were trained for TransformerLens, read piece by piece and made into ours.

Nothing is left to chance: each piece is asked for by its name, and what is missing, of the wrong
kind, unknown or left over is named in the sentence that refuses it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lib.core.errors import UserError
from lib.core.weights import read_state_dict
from lib.model.config import TransformerConfig
from lib.model.transformer import Transformer

WEIGHTS = ("model.safetensors", "model_final.pth", "pytorch_model.bin")


class PublishedConfig:
    """The settings in a `config.json`.

    Raises:
        UserError: no such file, or it does not hold settings.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        try:
            self.settings: Any = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UserError(f"expected a model's settings, but there is no {path}.") from None
        except ValueError as error:
            raise UserError(f"{path} is damaged ({error}); fetch it again.") from error
        if not isinstance(self.settings, dict):
            raise UserError(f"{path} must hold settings by name; it holds something else.")

    def get(self, key: str, default: Any = None) -> Any:
        """A setting that may be left out; JSON's null counts as left out."""
        value = self.settings.get(key)
        return default if value is None else value

    def size(self, key: str, default: int | None = None) -> int:
        """A whole number of at least 1; without a default it has to be there."""
        value = self.get(key, default)
        if value is None:
            raise UserError(f"{self.path} lacks {key!r}, without which the model has no shape.")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UserError(
                f"{self.path}: {key!r} must be a whole number of at least 1; got {value!r}."
            )
        return value

    def only(self, key: str, *allowed: Any) -> Any:
        """A setting that may have these values; the first is what leaving it out means."""
        value = self.get(key, allowed[0])
        if value not in allowed:
            raise self.refusal(key, " or ".join(map(repr, allowed)))
        return value

    def refusal(self, key: str, expected: str) -> UserError:
        """The error for a setting that this transformer does not have."""
        return UserError(
            f"{self.path} has {key!r} = {self.get(key)!r}, and only {expected} can be read here: "
            "the model would compute something else."
        )


class PublishedWeights:
    """A state dict that is emptied by asking for what is known.

    Raises:
        UserError: the file is missing, damaged, or no state dict.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self._left = read_state_dict(self.path)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, *shape: int) -> Tensor:
        """A tensor in float32.

        Raises:
            UserError: it is missing, of another shape, or not made of finite numbers.
        """
        if key not in self._left:
            others = ", ".join(list(self._left)[:3]) or "nothing more"
            raise UserError(
                f"{self.path} has no key {key!r}, which the model's config.json asks for; there "
                f"are {others} and so on: the two files must belong together."
            )
        value = self._left.pop(key)
        if tuple(value.shape) != shape:
            raise UserError(
                f"{self.path}: {key} must have the shape {list(shape)} by the config.json beside "
                f"it; it has {list(value.shape)}."
            )
        if not value.is_floating_point() or not bool(value.isfinite().all()):
            raise UserError(
                f"{self.path}: {key} must be made of finite floating-point numbers; fetch the "
                "file again."
            )
        return value.float()

    def finish(self, ignored: str) -> None:
        """Raises UserError if anything is left that the pattern `ignored` does not know."""
        for key in self._left:
            if not re.fullmatch(ignored, key):
                raise UserError(
                    f"{self.path} has the key {key!r}, which this architecture does not have: the "
                    "weights belong to another model, or to one that was changed."
                )


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
