"""What two dictionaries share: features found again, what chance looks like, how maps shift."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Bool, Float
from scipy import sparse
from torch import Tensor, nn

from lib.analysis.similarity import distinct, nearest, random_mmcs
from lib.core.errors import UserError

TWIN = 0.9
"""The cosine from which a feature counts as found again (the study's threshold)."""
WIDEST = 4096
"""Where the search for an effective dimension ends."""
SHIFTS = np.linspace(-2.0, 2.0, 161)
"""Slopes that are tried: fortieths of a doubling of the coefficient for one of the size."""


@torch.no_grad()
def count_matched(
    rows: Float[Tensor, "N D"],
    others: Float[Tensor, "M D"],
    keep_rows: Bool[Tensor, " N"] | None = None,
    keep_others: Bool[Tensor, " M"] | None = None,
    level: float = TWIN,
) -> int:
    """How many different features both sets have.

    As many pairs with a cosine of at least `level` are made as can be without using a direction
    twice; of the rows in them, those with such a cosine among themselves count as one.

    Args:
        keep_rows, keep_others: directions that take part, such as the features that are alive.
    """
    rows = rows if keep_rows is None else rows[keep_rows]
    others = others if keep_others is None else others[keep_others]
    if not len(rows) or not len(others):
        return 0
    alike = nn.functional.normalize(rows, dim=1) @ nn.functional.normalize(others, dim=1).t()
    graph = sparse.csr_array((alike >= level).cpu().numpy())
    partner = sparse.csgraph.maximum_bipartite_matching(graph, perm_type="column")
    return distinct(rows[torch.from_numpy(partner >= 0)], level)


def cosines_by_chance(
    rows: int,
    others: int,
    width: int,
    *,
    covariance: Float[Tensor, "D D"] | None = None,
    seed: int = 0,
) -> Float[Tensor, " rows"]:
    """The maximum cosines of two sets of random directions.

    Args:
        covariance: what the directions vary by; None: all directions of the space alike.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = [torch.randn(n, width, generator=generator).double() for n in (rows, others)]
    if covariance is not None:
        values, vectors = torch.linalg.eigh(covariance.double().cpu())
        root = vectors * values.clamp(min=0).sqrt()
        drawn = [d @ root.t() for d in drawn]
    return nearest(*drawn).cosine.float()


def effective_dimension(level: float, others: int) -> int:
    """The number of dimensions in which random directions have this mean maximum cosine.

    Args:
        level: a mean maximum cosine with `others` directions; below what `WIDEST` dimensions give,
            the answer is `WIDEST`.
    """
    low, high = 2, WIDEST
    while low < high:
        middle = (low + high) // 2
        if random_mmcs(others, middle) <= level:
            high = middle
        else:
            low = middle + 1
    return low


def participation_ratio(covariance: Float[Tensor, "D D"]) -> float:
    """(sum of variances)^2 / sum of their squares: D for a ball, 1 for a line."""
    values = torch.linalg.eigvalsh(covariance.double()).clamp(min=0)
    return float(values.sum() ** 2 / values.square().sum())


def profile_shift(
    profiles: Sequence[Sequence[float]] | Float[np.ndarray, "sizes coefficients"],
    doublings: Sequence[float] | Float[np.ndarray, " coefficients"],
) -> float:
    """By how many doublings of the coefficient a profile moves when the size doubles.

    Each size has a profile over the coefficients. Moved against its neighbour by the right amount,
    the two have the same shape; what is minimised is the mean squared difference of neighbours
    after the level of each is taken off, over the variance there, where they overlap by at least
    half. 0: lines of equal value run straight up in a map of size (upwards) and coefficient; 1:
    diagonally, along a constant ratio of the two.

    Args:
        profiles: a row a size, each twice the one before.
        doublings: log2 of the coefficients, rising.
    Raises:
        UserError: fewer than two sizes or three coefficients.
    """
    values, places = np.asarray(profiles, dtype=float), np.asarray(doublings, dtype=float)
    if len(values) < 2 or len(places) < 3:
        raise UserError(
            f"a shift is seen over at least two sizes and three coefficients; got {len(values)} "
            f"and {len(places)}."
        )
    shifts = SHIFTS[np.abs(SHIFTS) <= np.ptp(places) / 2]
    misfits = [np.mean([_misfit(a, b, places, s) for a, b in pairwise(values)]) for s in shifts]
    best = np.flatnonzero(np.isclose(misfits, np.min(misfits), rtol=1e-9, atol=1e-12))
    return float(shifts[best].mean())


def _misfit(first: np.ndarray, second: np.ndarray, places: np.ndarray, shift: float) -> float:
    """How unlike two profiles are, the second moved back by `shift`: 0 alike, 1 unrelated."""
    low, high = max(places[0], places[0] - shift), min(places[-1], places[-1] - shift)
    grid = np.linspace(low, high, 33)
    a, b = np.interp(grid, places, first), np.interp(grid, places - shift, second)
    a, b = a - a.mean(), b - b.mean()
    return float(np.mean((a - b) ** 2) / max(a.var() + b.var(), 1e-12))
