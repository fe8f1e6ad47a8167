"""The base class of sparse autoencoders (SAEs): parameters, encoder product, decoder, loss."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.core.identity import content_key


class Loss(NamedTuple):
    """The loss of one batch; each field is a scalar, averaged over the rows of the batch."""

    total: Float[Tensor, ""]
    """What is minimised: reconstruction plus the weighted other two."""
    reconstruction: Float[Tensor, ""]
    """Sum over D of (x - x_hat)^2."""
    sparsity: Float[Tensor, ""]
    """Sum over F of |code|, before the coefficient."""
    auxiliary: Float[Tensor, ""]
    """Sum over D of (residual - what dead features make of it)^2, before the coefficient."""


class Step(NamedTuple):
    """A training step's loss, and how often each feature fired."""

    loss: Loss
    fired: Int[Tensor, " F"]
    """In how many rows of the batch each feature was above zero."""


class SparseAutoencoder(nn.Module):
    """A sparse autoencoder (SAE), called dictionary here: four parameters, encoder and decoder.

    Attributes:
        width: D, the size of a vector (d_in).
        features: F, the number of latents (d_sae).
        W_enc: [D, F]; column f is what feature f looks for. Stored feature by feature in memory,
            which is how gradients arrive; shape and meaning are the public ones.
        b_enc: [F].
        W_dec: [F, D]; row f is what feature f writes.
        b_dec: [D].
        pre_bias: whether b_dec is subtracted from the input first.
        unit_decoder: whether training keeps the rows of W_dec at norm 1.
    """

    kind = ""

    def __init__(
        self, width: int, features: int, *, pre_bias: bool, unit_decoder: bool, seed: int
    ) -> None:
        super().__init__()
        if width < 1 or features < 1:
            raise UserError(
                f"a dictionary needs a width and a number of features of at least 1; got {width} "
                f"and {features}."
            )
        self.width, self.features = width, features
        self.pre_bias, self.unit_decoder, self.seed = pre_bias, unit_decoder, seed
        # A generator of its own: the same seed gives the same weights on every device, whatever
        # was drawn before.
        generator = torch.Generator().manual_seed(seed)
        bound = math.sqrt(3.0 / width)  # Kaiming's bound for a linear decoder: E |row|^2 = 1
        rows = torch.empty(features, width).uniform_(-bound, bound, generator=generator)
        rows = nn.functional.normalize(rows, dim=1)
        self.W_dec = nn.Parameter(rows)
        self.W_enc = nn.Parameter(rows.clone().t())
        self.b_enc = nn.Parameter(torch.zeros(features))
        self.b_dec = nn.Parameter(torch.zeros(width))

    def pre_activations(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B F"]:
        """The codes before ReLU and selection."""
        self.check_width(x)
        centred = x - self.b_dec if self.pre_bias else x
        return centred @ self.W_enc + self.b_enc

    def encode(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B F"]:
        """The codes (feature activations) of x, dense: zeros where a feature is silent."""
        raise NotImplementedError

    def decode(self, codes: Float[Tensor, "*B F"]) -> Float[Tensor, "*B D"]:
        """The reconstruction of x from its codes."""
        return codes @ self.W_dec + self.b_dec

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
        """The reconstruction x_hat."""
        return self.decode(self.encode(x))

    def step(self, x: Float[Tensor, "B D"], dead: Bool[Tensor, " F"] | None = None) -> Step:
        """The loss of a batch, ready for `.backward()`, and which features fired.

        Args:
            dead: features that count as dead; only TopK's auxiliary loss looks at them.

        Inside `torch.autocast` the large products run in its format; everything else, and every
        sum of gradients, stays in the format of the parameters.
        """
        raise NotImplementedError

    def loss(self, x: Float[Tensor, "B D"], dead: Bool[Tensor, " F"] | None = None) -> Loss:
        """The loss of a batch; see `step`."""
        return self.step(x, dead).loss

    @property
    def key(self) -> str:
        """Names this very dictionary: its settings and every bit of its weights."""
        weights = (self.W_enc, self.b_enc, self.W_dec, self.b_dec)
        return content_key(self.config(), *weights)

    def config(self) -> dict[str, Any]:
        """Everything but the weights, as `config.json` stores it."""
        return {
            "kind": self.kind,
            "width": self.width,
            "features": self.features,
            "pre_bias": self.pre_bias,
            "unit_decoder": self.unit_decoder,
            "seed": self.seed,
        }

    def check_width(self, x: Tensor) -> None:
        """Raises UserError where the last dimension of `x` is not the dictionary's width."""
        if x.shape[-1] != self.width:
            raise UserError(
                f"this dictionary reads vectors of width {self.width}; got width {x.shape[-1]}: "
                "take activations of the site that it was trained on."
            )

    def centre(self) -> Float[Tensor, " D"] | None:
        """What is subtracted from the input: b_dec or nothing."""
        return self.b_dec if self.pre_bias else None

    @torch.no_grad()
    def normalise_decoder(self) -> None:
        """Brings every row of W_dec to norm 1; a row of zeros stays as it is."""
        norms = torch.linalg.vector_norm(self.W_dec, dim=1, keepdim=True)
        self.W_dec.div_(norms.masked_fill_(norms == 0, 1.0))


def mean_of_rows(values: Float[Tensor, "B N"]) -> Float[Tensor, ""]:
    """Sums each row and averages over rows; 0 for an empty batch, where a mean would be NaN."""
    return values.sum() / max(1, len(values))


def sum_rows(values: Float[Tensor, "*E B N"]) -> Float[Tensor, "*E N"]:
    """Sums over the last dimension but one.

    On the CPU asking for another format would cost a copy of `values`, and sums are made in float32
    whatever the result is rounded to. So counts of up to 256 rows are exact in every format.
    """
    wide = torch.promote_types(values.dtype, torch.float32)
    return values.sum(-2) if values.device.type == "cpu" else values.sum(-2, dtype=wide)


def affine(
    x: Float[Tensor, "B D"],
    b_dec: Float[Tensor, " D"] | None,
    W: Float[Tensor, "D F"],
    b: Float[Tensor, " F"],
    dtype: torch.dtype,
) -> Float[Tensor, "B F"]:
    """`(x - b_dec) @ W + b` in the format `dtype`, with one product less in the backward pass.

    The gradient of b_dec is a sum over the batch. Plain autograd multiplies by W first and sums
    afterwards; here b_dec gets it from a vector of zeros beside b, where the sum comes first.

    Args:
        b_dec: None where nothing is subtracted.
    """
    if b_dec is not None:
        b = b + (b_dec.detach() - b_dec) @ W.detach()
        x = x - b_dec.detach()
    return torch.addmm(b.to(dtype), x.to(dtype), W.to(dtype))


def scale_gradient(x: Tensor, factor: float) -> Tensor:
    """x as it is, whose gradient is multiplied by a factor on its way back."""
    x = x.view_as(x)
    if x.requires_grad:
        x.register_hook(lambda gradient: gradient * factor)
    return x
