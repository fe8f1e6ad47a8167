"""Toy data: activations whose features are known, as sparse sums of random directions.

After Sharkey, Braun and beren (2022): each vector is a sum of a few of F unit directions with
coefficients from U(0, 1); feature i is `decay`^i times as frequent as feature 0. Vectors are drawn
anew for every batch, so that none is seen twice.

Features may go together. The report draws correlated probabilities from a multivariate normal
distribution and leaves open how often. "each vector" draws for every vector, so that features
go together within a vector. The public code of a replication (github.com/HoagyC/sparse_coding)
draws once for a batch: within a batch, features are then independent, and only how frequent each
is changes from batch to batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Shaped
from scipy.special import ndtr
from torch import Tensor

from lib.activations.shuffle import prefetch
from lib.activations.store import Activations, to_float32
from lib.core.errors import UserError

CORRELATIONS = ("none", "each vector", "each batch")
# Held-out rows are numbered in pieces of this size, drawn like batches.
PIECE = 256
_HELD_OUT, _GAUSSIAN, _TRUTH = 1, 2, 3  # what a stream of random numbers is for


@dataclass(frozen=True)
class ToySettings:
    """A toy world."""

    width: int = 256
    """D."""
    features: int = 512
    """True features, the most frequent first."""
    active: float = 5.0
    """How many of them a vector has on average."""
    decay: float = 0.99
    """Frequency of a feature over that of the one before."""
    correlation: str = "none"
    """One of `CORRELATIONS`."""
    seed: int = 0
    """Of the directions and the covariance."""

    def __post_init__(self) -> None:
        """Raises UserError for a world that cannot be made."""
        if self.correlation not in CORRELATIONS:
            raise UserError(
                f"correlation must be one of {', '.join(map(repr, CORRELATIONS))}; "
                f"got {self.correlation!r}."
            )
        if self.width < 1 or self.features < 1 or not 0 < self.decay <= 1 or self.active <= 0:
            raise UserError(
                "a toy world needs a width and a number of features of at least 1, a decay above 0 "
                f"and at most 1, and some active features; got {self}."
            )
        if self.frequencies()[0] > 1:
            raise UserError(
                f"with {self.active} of {self.features} features active and a decay of "
                f"{self.decay}, the first would be active more than always: lower `active`."
            )

    def frequencies(self) -> Float[np.ndarray, " F"]:
        """How often each feature is active where nothing is correlated."""
        share = self.decay ** np.arange(self.features)
        return self.active * share / share.sum()


class Drawn(NamedTuple):
    """Some toy vectors and what they are made of."""

    vectors: Float[np.ndarray, "N D"]
    codes: Float[np.ndarray, "N F"]


class ToyActivations(Activations):
    """A stream of toy vectors, for `fit` and for the metrics.

    Attributes:
        truth: [F, D], unit rows; row i is the i-th most frequent feature.

    Args:
        held_out: rows that are kept for measuring.
        gaussian: a control. Vectors of a normal distribution with the same mean and covariance,
            in which there is nothing to find but those.
    """

    def __init__(
        self, settings: ToySettings, *, held_out: int = 8192, gaussian: bool = False
    ) -> None:
        self.settings, self.width = settings, settings.width
        rng = np.random.default_rng([_TRUTH, settings.seed])
        rows = rng.standard_normal((settings.features, settings.width))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        self.truth = torch.from_numpy(rows.astype(np.float32))
        self._decay = (settings.decay ** np.arange(settings.features)).astype(np.float32)
        if settings.correlation != "none":
            self._root = np.linalg.cholesky(random_covariance(settings.features, rng)).T
            self._root = self._root.astype(np.float32)
        self.train_count, self.held_out_count = 2**62, held_out
        self.metadata = asdict(settings) | {"gaussian": gaussian}
        self._like: tuple[np.ndarray, np.ndarray] | None = None
        pieces = [self.draw(PIECE, [_HELD_OUT, p]) for p in range(-(-held_out // PIECE))]
        self._held_out = np.concatenate([piece.vectors for piece in pieces])[:held_out]
        self.held_out_codes = np.concatenate([piece.codes for piece in pieces])[:held_out]
        """[M, F] the true coefficients of the held-out rows."""
        if gaussian:
            spread = np.cov(self._held_out, rowvar=False).reshape(self.width, self.width)
            values, vectors = np.linalg.eigh(spread)
            root = vectors * np.sqrt(values.clip(min=0)) @ vectors.T
            self._like = (self._held_out.mean(0), root.astype(np.float32))
            drawn = [self._vectors(PIECE, [_HELD_OUT, p]) for p in range(len(pieces))]
            self._held_out = np.concatenate(drawn)[:held_out]

    def _identity(self) -> Sequence[Any]:
        gaussian = self._like is not None
        return asdict(self.settings), gaussian, self.truth, self._held_out

    def draw(self, rows: int, seed: list[int]) -> Drawn:
        """Vectors and codes; the same seed gives the same."""
        rng = np.random.default_rng([self.settings.seed, *seed])
        probability = self._probabilities(rows, rng)
        # Where u < p, u / p is again uniform on (0, 1): one draw for both.
        u = rng.random((rows, self.settings.features), dtype=np.float32)
        codes = np.where(u < probability, u / np.maximum(probability, 1e-30), 0).astype(np.float32)
        # As in the public code: a vector without any feature gets one, at full strength.
        empty = np.flatnonzero(~codes.any(axis=1))
        codes[empty, rng.integers(self.settings.features, size=len(empty))] = 1.0
        return Drawn(codes @ self.truth.numpy(), codes)

    def _probabilities(self, rows: int, rng: np.random.Generator) -> Float[np.ndarray, "N F"]:
        settings = self.settings
        if settings.correlation == "none":
            return settings.frequencies().astype(np.float32)[None]
        draws = rows if settings.correlation == "each vector" else 1
        normal = rng.standard_normal((draws, settings.features), dtype=np.float32) @ self._root
        shares = ndtr(normal) * self._decay
        # Scaled in each draw to the same number of active features, as in the public code.
        scaled = shares * (settings.active / shares.sum(axis=1, keepdims=True))
        return np.minimum(scaled, 1.0)

    def _vectors(self, rows: int, seed: list[int]) -> Float[np.ndarray, "N D"]:
        if self._like is None:
            return self.draw(rows, seed).vectors
        rng = np.random.default_rng([_GAUSSIAN, self.settings.seed, *seed])
        normal = rng.standard_normal((rows, self.width), dtype=np.float32)
        mean, root = self._like
        return mean + normal @ root

    def batches(self, batch: int, seed: int, start_step: int = 0) -> Iterator[Float[Tensor, "B D"]]:
        self._check_batch(batch)
        return prefetch(self._shuffled(batch, seed, start_step))

    def _shuffled(self, batch: int, seed: int, start_step: int) -> Iterator[Float[Tensor, "B D"]]:
        step = start_step
        while True:
            yield torch.from_numpy(self._vectors(batch, [0, seed, step]))
            step += 1

    def read(self, side: str, start: int, stop: int) -> Shaped[np.ndarray, "N D"]:
        if side != "held_out":
            raise UserError(
                "toy training vectors are drawn anew for each batch and have no numbers: take "
                "`batches` or `sample`."
            )
        return to_float32(self._held_out[start:stop])

    def place(self, row: int) -> str:
        return f"row {row} of a toy stream"


def random_covariance(features: int, rng: np.random.Generator) -> Float[np.ndarray, "F F"]:
    """The public code's random covariance: symmetric, uniform, then made positive definite.

    That last step adds the size of the smallest eigenvalue to the diagonal, so that for many
    features correlations are weak and variances large: a draw's normal CDF lies near 0 or 1 for
    most features, which are then nearly absent or at their most frequent.
    """
    half = rng.random((features, features))
    symmetric = (half + half.T) / 2
    smallest = float(np.linalg.eigvalsh(symmetric)[0])
    return symmetric + max(0.0, -1.001 * smallest) * np.eye(features) + 1e-6 * np.eye(features)
