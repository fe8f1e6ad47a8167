"""The settings that make one transformer each study's model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args, get_type_hints

from lib.core.errors import UserError

BLOCK_SITES = ("resid_pre", "attn_out", "resid_mid", "mlp_act", "mlp_out", "resid_post")


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes and shape of a decoder-only transformer. Raises UserError for impossible sizes."""

    vocab_size: int
    context: int
    """The longest sequence, in tokens, that the model reads."""
    layers: int
    width: int
    """Dimensions of the residual stream, D."""
    heads: int
    mlp_width: int
    """Dimensions inside the MLP, after the nonlinearity."""
    positions: Literal["rope", "learned"] = "rope"
    norm: Literal["rms", "layer"] = "rms"
    mlp: Literal["swiglu", "gelu", "gelu_new", "relu"] = "swiglu"
    """`gelu_new` is the tanh approximation."""
    tied: bool = True
    """Whether the unembedding is the embedding, transposed."""
    biases: bool = False
    """Biases in every linear map and in LayerNorm; in the unembedding where it is not tied."""
    dropout: float = 0.0
    """Share of each attention and MLP output that is dropped while training."""
    norm_eps: float = 1e-5
    rope_base: float = 10_000.0
    """The longest wavelength of the rotary positions, over 2 pi."""
    attention_scale: float | None = None
    """Factor on the attention scores; None for 1 / sqrt(head width), GPT-Neo has 1."""

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context", "layers", "width", "heads", "mlp_width"):
            if getattr(self, name) < 1:
                raise UserError(f"{name} must be at least 1; got {getattr(self, name)}.")
        if self.width % self.heads:
            raise UserError(
                f"the width must be a multiple of the number of heads; got width {self.width} "
                f"and {self.heads} heads."
            )
        if self.positions == "rope" and self.head_width % 2:
            raise UserError(
                f"rotary positions turn pairs of dimensions, so a head's width must be even; got "
                f"{self.width} / {self.heads} = {self.head_width}."
            )
        if not 0 <= self.dropout < 1:
            raise UserError(f"dropout must be at least 0 and below 1; got {self.dropout}.")
        hints = get_type_hints(type(self))
        for name in ("positions", "norm", "mlp"):
            if getattr(self, name) not in (choices := get_args(hints[name])):
                raise UserError(
                    f"{name} must be one of {', '.join(choices)}; got {getattr(self, name)!r}."
                )

    @property
    def head_width(self) -> int:
        """Dimensions of one attention head."""
        return self.width // self.heads

    @property
    def sites(self) -> tuple[str, ...]:
        """The names of all activations that can be read or edited, in order of computation."""
        blocks = (f"blocks.{i}.{site}" for i in range(self.layers) for site in BLOCK_SITES)
        return (*blocks, "final")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for keys."""
        return asdict(self)
