"""SAE metrics: reconstruction, L0 and feature density on vectors not trained on.

All numbers are sums over rows until the end, in float64 and relative to a fixed origin, so that the
batch size changes nothing and large means cost no digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.activations.store import Activations
from lib.core.errors import UserError
from lib.sae.autoencoders import TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.sparse_ops import decode_at, entries_of

# A feature that fires on fewer rows than this share is called rare.
RARE_BELOW = 1e-3


class SAEMetrics(NamedTuple):
    """Metrics of a dictionary on held-out vectors."""

    mse: float
    """Mean over rows of the sum over D of (x - x_hat)^2."""
    fvu: float
    """Fraction of variance unexplained: squared errors over squared distances to the mean of all
    rows. 1 when the mean is predicted; NaN where the data do not vary."""
    explained_variance: float
    """1 - fvu."""
    l0: float
    """Mean number of features above zero in a row."""
    density: Float[Tensor, " F"]
    """Share of rows on which each feature is above zero; float64, on the CPU."""
    dead: int
    """Features that fired on none of the rows."""
    rare: int
    """Features that fired, but on less than `RARE_BELOW` of the rows."""
    tokens: int
    """Rows counted: what `dead` and `rare` are worth depends on it."""


class MetricsStream:
    """Collects `SAEMetrics` batch by batch: `add` as often as needed, then `compute`."""

    def __init__(self, features: int) -> None:
        self.fired = torch.zeros(features, dtype=torch.int64)
        self.tokens = 0
        self.squared_error = 0.0
        self._origin: Tensor | None = None  # the first row: near the data, wherever they lie
        self._sum: Tensor | None = None
        self._squares = 0.0

    def add(
        self,
        x: Float[Tensor, "B D"],
        x_hat: Float[Tensor, "B D"],
        codes: Float[Tensor, "B F"],
    ) -> None:
        """Counts a batch of inputs, their reconstructions and codes."""
        self.add_counted(x, x_hat, (codes > 0).sum(0))

    def add_counted(
        self, x: Float[Tensor, "B D"], x_hat: Float[Tensor, "B D"], fired: Int[Tensor, " F"]
    ) -> None:
        """As `add`, where it is known on how many rows each feature was above zero."""
        if not len(x):
            return
        exact = x.double()
        if self._origin is None or self._sum is None:
            self._origin = exact[0].clone()
            self._sum = torch.zeros_like(self._origin)
        shifted = exact - self._origin
        self._sum += shifted.sum(0)
        self._squares += shifted.square().sum().item()
        self.squared_error += (exact - x_hat.double()).square().sum().item()
        self.fired += fired.cpu()
        self.tokens += len(x)

    def compute(self) -> SAEMetrics:
        """The metrics of everything added.

        Raises:
            UserError: nothing was added, or something that is no number.
        """
        if self._sum is None:
            raise UserError("metrics need at least one vector; the held-out split is empty.")
        for what, found in (("vectors", self._squares), ("reconstructions", self.squared_error)):
            if not math.isfinite(found):
                raise UserError(
                    f"the {what} that a dictionary is judged on hold NaN or infinity; harvest the "
                    "activations again, or train with a smaller learning rate."
                )
        variance = self._squares - self._sum.square().sum().item() / self.tokens
        # What is left of the subtraction where all rows are equal is rounding, not variance.
        varies = variance > 1e-12 * self._squares
        fvu = self.squared_error / variance if varies else float("nan")
        density = self.fired.double() / self.tokens
        dead = int((self.fired == 0).sum())
        return SAEMetrics(
            mse=self.squared_error / self.tokens,
            fvu=fvu,
            explained_variance=1.0 - fvu,
            l0=self.fired.sum().item() / self.tokens,
            density=density,
            dead=dead,
            rare=int((density < RARE_BELOW).sum()) - dead,
            tokens=self.tokens,
        )


def evaluate_sae(
    sae: SparseAutoencoder, data: Activations | Iterable[Tensor], batch: int = 1024
) -> SAEMetrics:
    """The metrics of a dictionary on the held-out rows of a store, or on given batches.

    Example:
        >>> from lib.sae.autoencoders import TopK
        >>> found = evaluate_sae(TopK(16, 64, k=4), [torch.randn(500, 16)])
        >>> round(found.l0, 3), found.tokens
        (4.0, 500)
    """
    return evaluate_saes([sae], data, batch)[0]


@torch.no_grad()
def evaluate_saes(
    saes: Sequence[SparseAutoencoder], data: Activations | Iterable[Tensor], batch: int = 1024
) -> list[SAEMetrics]:
    """The metrics of each dictionary, of one reading of the vectors: `evaluate_sae` for many.

    Raises:
        UserError: no vectors, another width, or something that is no number.
    """
    batches = data.held_out(batch) if isinstance(data, Activations) else data
    streams = [MetricsStream(sae.features) for sae in saes]
    for x in batches:
        for sae, stream in zip(saes, streams, strict=True):
            here = x.to(sae.W_dec.device)
            if isinstance(sae, TopK):
                _add_topk(stream, sae, here)
            else:
                codes = sae.encode(here)
                stream.add(here, sae.decode(codes), codes)
    return [stream.compute() for stream in streams]


def _add_topk(stream: MetricsStream, sae: TopK, x: Float[Tensor, "B D"]) -> None:
    """Equivalent to `stream.add(x, sae(x), sae.encode(x))` without the codes that are zero."""
    found = sae.select(x)
    values = found.values.relu().flatten()
    entries = entries_of(found.indices[None], sae.features)
    x_hat = decode_at(values, sae.W_dec[None], entries)[0] + sae.b_dec
    fired = torch.zeros(sae.features, dtype=torch.int64, device=x.device)
    fired.scatter_add_(0, entries.features, (values > 0).long())
    stream.add_counted(x, x_hat, fired)
