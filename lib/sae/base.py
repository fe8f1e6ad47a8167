"""The base class of sparse autoencoders (SAEs): parameters, encoder product, decoder, loss."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.core.identity import content_key
from lib.sae.sparse_ops import product


class Loss(NamedTuple):
    """The loss of one batch, averaged over its rows; of one dictionary or of each of E."""

    total: Float[Tensor, "*E"]
    """What is minimised: reconstruction plus the weighted other two."""
    reconstruction: Float[Tensor, "*E"]
    """Sum over D of (x - x_hat)^2."""
    sparsity: Float[Tensor, "*E"]
    """Sum over F of |code|, before the coefficient."""
    auxiliary: Float[Tensor, "*E"]
    """Sum over D of (residual - what dead features make of it)^2, before the coefficient."""


class Step(NamedTuple):
    """A training step's loss, and how often each feature fired."""

    loss: Loss
    fired: Int[Tensor, "*E F"]
    """In how many rows of the batch each feature was above zero."""


class Weights(NamedTuple):
    """The parameters of E dictionaries of one kind and size that train together."""

    rows: Float[Tensor, "E F D"]
    """The encoders, feature by feature: each W_enc transposed."""
    b_enc: Float[Tensor, "E F"]
    W_dec: Float[Tensor, "E F D"]
    b_dec: Float[Tensor, "E D"]

    def only(self, features: Int[Tensor, "E N"]) -> Weights:
        """Those of some features of each dictionary; differentiable."""
        members, count, _ = self.rows.shape
        shift = torch.arange(0, members * count, count, device=features.device)[:, None]
        which = (features + shift).flatten()
        some = (
            part.flatten(0, 1).index_select(0, which).unflatten(0, features.shape)
            for part in self[:3]
        )
        return Weights(*some, self.b_dec)


class Dead(NamedTuple):
    """Which features count as dead."""

    which: Bool[Tensor, "E F"]
    among: Int[Tensor, "E N"]
    """Features of each dictionary among which all of its dead ones are, so that nobody has to wait
    for a count of them."""


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
        self.check_width(x)
        weights = Weights(
            self.W_enc.t()[None], self.b_enc[None], self.W_dec[None], self.b_dec[None]
        )
        known = None if dead is None else Dead(dead[None], dead.nonzero().t())
        loss, fired = self.ensemble_step(weights, x, known)
        return Step(Loss(*(part[0] for part in loss)), fired[0])

    def ensemble_step(
        self,
        weights: Weights,
        x: Float[Tensor, "B D"],
        dead: Dead | None = None,
        strengths: Shaped[Tensor, " E"] | None = None,
    ) -> Step:
        """`step` of E dictionaries on one batch, of which this is one and whose weights are given.

        They differ in these weights and in `strengths` only.

        Args:
            dead: None where no feature is.
            strengths: what `strength` is for each; this dictionary's is the largest. None: all
                have this one's.
        """
        raise NotImplementedError

    @property
    def strength(self) -> float:
        """What keeps codes few, in which dictionaries that train together may differ."""
        return 0.0

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
def normalise_rows(W: Float[Tensor, "*E F D"]) -> None:
    """Brings every row to norm 1, in place; a row of zeros stays as it is."""
    norms = torch.linalg.vector_norm(W, dim=-1, keepdim=True)
    W.div_(norms.masked_fill_(norms == 0, 1.0))


def mean_of_rows(values: Float[Tensor, "E B N"]) -> Float[Tensor, " E"]:
    """Sums each row and averages over rows; 0 for an empty batch, where a mean would be NaN."""
    return values.sum((1, 2)) / max(1, values.shape[1])


def squared_error(
    x_hat: Float[Tensor, "E B D"], x: Float[Tensor, "*E B D"]
) -> Float[Tensor, "E B D"]:
    """`(x_hat - x).square()`, in one pass, and one backward."""
    return nn.functional.mse_loss(x_hat, x.expand_as(x_hat), reduction="none")


def count_rows(codes: Float[Tensor, "E B F"]) -> Int[Tensor, "E F"]:
    """In how many rows each code is above zero; none is below.

    On a CPU a sum of signs is ten times faster than one of comparisons, and exact as long as the
    format has every whole number up to the count: bfloat16 has those up to 256.
    """
    signs = codes.sign()
    if codes.dtype != torch.bfloat16 or codes.shape[1] > 256:
        signs = signs.to(torch.promote_types(codes.dtype, torch.float32))
    return signs.sum(1).long()


def affine(
    x: Float[Tensor, "B D"],
    b_dec: Float[Tensor, "E D"] | None,
    rows: Float[Tensor, "E F D"],
    b_enc: Float[Tensor, "E F"],
    dtype: torch.dtype,
) -> Float[Tensor, "E B F"]:
    """`(x - b_dec) @ rows.mT + b_enc` in the format `dtype`, with one product less in the backward
    pass.

    The gradient of b_dec is a sum over the batch. Plain autograd multiplies by W first and sums
    afterwards; here b_dec gets it from a vector of zeros beside b_enc, where the sum comes first.

    Args:
        b_dec: None where nothing is subtracted.
    """
    if b_dec is None:
        centred = x.expand(len(rows), *x.shape)
    else:
        nothing = (b_dec.detach() - b_dec)[:, None]
        b_enc = b_enc + torch.bmm(nothing, rows.detach().mT).squeeze(1)
        centred = x - b_dec.detach()[:, None]
    return product(centred.to(dtype), rows.to(dtype), b_enc.to(dtype))


def scale_gradient(x: Tensor, factor: float) -> Tensor:
    """x as it is, whose gradient is multiplied by a factor on its way back."""
    if factor != 1.0 and x.requires_grad:
        x = x.view_as(x)
        x.register_hook(lambda gradient: gradient * factor)
    return x
