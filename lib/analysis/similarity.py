"""Cosine similarity of two dictionaries: MCS, MMCS, matching, and what chance would give.

The MCS of a direction is its maximum cosine similarity with the other set, the MMCS the mean of
these (Sharkey, Braun and beren 2022). Both have a direction: "rows in others" asks how well
`others` cover `rows`. The sign counts: a feature and its opposite are two features.

A maximum grows with the number of candidates, so an MMCS means something only beside
`random_mmcs` for the same sizes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import integrate, optimize, sparse, stats
from torch import Tensor, nn

from lib.core.errors import UserError

# Cosines that are held at once: 64 MB in float32, whatever the sizes of the two sets.
NUMBERS_AT_ONCE = 2**24
# An assignment needs the whole matrix, in float64, and time that grows with its third power.
MOST_FOR_ASSIGNMENT = 2**27


class Nearest(NamedTuple):
    """The partner of each direction."""

    cosine: Float[Tensor, " N"]
    """MCS; minus infinity where there is no partner left (one-to-one, more rows than others)."""
    index: Int[Tensor, " N"]
    """Which row of `others` it is; -1 where there is none."""


@torch.no_grad()
def nearest(rows: Float[Tensor, "N D"], others: Float[Tensor, "M D"]) -> Nearest:
    """For each of `rows`, the one of `others` with the largest cosine; several may share one.

    Never holds more than `NUMBERS_AT_ONCE` cosines, so that 16,384 against 32,768 fits anywhere.
    A direction of norm zero has cosine zero with everything.

    Raises:
        UserError: no direction to compare with, or widths that differ.
    """
    _check(rows, others)
    rows, others = _unit(rows), _unit(others)
    pieces = rows.split(max(1, NUMBERS_AT_ONCE // len(others)))
    found = [(piece @ others.t()).max(dim=1) for piece in pieces]
    if not found:
        return Nearest(rows.new_empty(0), torch.empty(0, dtype=torch.int64, device=rows.device))
    return Nearest(torch.cat([f.values for f in found]), torch.cat([f.indices for f in found]))


@torch.no_grad()
def one_to_one(rows: Float[Tensor, "N D"], others: Float[Tensor, "M D"]) -> Nearest:
    """As `nearest`, but no partner is given twice: the assignment with the largest sum of cosines.

    The Hungarian method in scipy's version (Crouse 2016). With N > M, N - M rows stay alone.

    Raises:
        UserError: as `nearest`, and sets whose cosines do not fit in a gigabyte.
    """
    _check(rows, others)
    if len(rows) * len(others) > MOST_FOR_ASSIGNMENT:
        raise UserError(
            f"a one-to-one matching of {len(rows):,} with {len(others):,} directions needs the "
            f"whole matrix, more than {MOST_FOR_ASSIGNMENT:,} numbers: compare fewer features, or "
            "take the plain maximum."
        )
    cosines = _unit(rows) @ _unit(others).t()
    matched, partners = optimize.linear_sum_assignment(cosines.cpu().double().numpy(), True)
    where, who = (torch.from_numpy(a).to(rows.device) for a in (matched, partners))
    values = torch.full((len(rows),), -torch.inf, dtype=cosines.dtype, device=rows.device)
    index = torch.full((len(rows),), -1, device=rows.device)
    values[where], index[where] = cosines[where, who], who
    return Nearest(values, index)


def mcs(
    rows: Float[Tensor, "N D"],
    others: Float[Tensor, "M D"],
    *,
    keep_rows: Bool[Tensor, " N"] | None = None,
    keep_others: Bool[Tensor, " M"] | None = None,
    matching: str = "max",
) -> Float[Tensor, " kept"]:
    """The maximum cosine of each of `rows` with `others`, or its cosine in the best matching.

    Args:
        keep_rows: rows that take part, such as the features that are alive; None: all.
        keep_others: the same for others.
        matching: "max", or "one-to-one", where rows that stay alone are left out.
    Raises:
        UserError: as `nearest`, and an unknown matching.
    """
    if matching not in ("max", "one-to-one"):
        raise UserError(f"matching must be 'max' or 'one-to-one'; got {matching!r}.")
    rows = rows if keep_rows is None else rows[keep_rows]
    others = others if keep_others is None else others[keep_others]
    if matching == "max":
        return nearest(rows, others).cosine
    found = one_to_one(rows, others)
    return found.cosine[found.index >= 0]


def mmcs(
    rows: Float[Tensor, "N D"],
    others: Float[Tensor, "M D"],
    *,
    keep_rows: Bool[Tensor, " N"] | None = None,
    keep_others: Bool[Tensor, " M"] | None = None,
    matching: str = "max",
) -> float:
    """Mean maximum cosine similarity (MMCS), the mean of `mcs`; NaN where no row is left.

    Example:
        >>> rows = torch.randn(20, 16)
        >>> round(mmcs(rows[:5], 3 * rows), 4)
        1.0
    """
    found = mcs(rows, others, keep_rows=keep_rows, keep_others=keep_others, matching=matching)
    return float(found.double().mean())


class MMCSBothDirections(NamedTuple):
    """MMCS from each side; they differ unless the sets are the same."""

    forward: float
    """Mean over `rows` of the maximum over `others`: are the rows found?"""
    backward: float
    """Mean over `others` of the maximum over `rows`: is every other one of the rows?"""


def mmcs_both_directions(
    rows: Float[Tensor, "N D"],
    others: Float[Tensor, "M D"],
    *,
    keep_rows: Bool[Tensor, " N"] | None = None,
    keep_others: Bool[Tensor, " M"] | None = None,
    matching: str = "max",
) -> MMCSBothDirections:
    """`mmcs` of rows in others, and of others in rows."""
    return MMCSBothDirections(
        mmcs(rows, others, keep_rows=keep_rows, keep_others=keep_others, matching=matching),
        mmcs(others, rows, keep_rows=keep_others, keep_others=keep_rows, matching=matching),
    )


def distinct(rows: Float[Tensor, "N D"], level: float = 0.9) -> int:
    """How many directions are left when those with a cosine of `level` or more count as one.

    Chains count as one too: groups are the connected components.
    """
    if not len(rows):
        return 0
    alike = (_unit(rows) @ _unit(rows).t() >= level).cpu().numpy()
    return int(sparse.csgraph.connected_components(sparse.csr_array(alike), directed=False)[0])


def random_mmcs(others: int, width: int) -> float:
    """The MMCS to expect with `others` random directions in `width` dimensions.

    The number of rows does not matter. The cosine c of two random directions has (1 + c) / 2
    distributed as Beta((D - 1) / 2, (D - 1) / 2); the mean of the largest of M independent ones is
    the integral of 1 - F(c)^M over c > 0 minus that of F(c)^M over c < 0. Exact up to quadrature.

    Raises:
        UserError: fewer than 1 direction or 2 dimensions.
    """
    if others < 1 or width < 2:
        raise UserError(
            "chance is worked out for at least 1 direction in at least 2 dimensions; got "
            f"{others} in {width}."
        )
    law = stats.beta((width - 1) / 2, (width - 1) / 2, loc=-1, scale=2)
    # Bends sharply for many directions: quadrature needs to know where.
    bend = [float(law.ppf(q ** (1 / others))) for q in (0.01, 0.5, 0.99)]
    above = [c for c in bend if 0 < c < 1] or None
    below = [c for c in bend if -1 < c < 0] or None
    positive = integrate.quad(lambda c: 1 - law.cdf(c) ** others, 0, 1, points=above, limit=200)
    negative = integrate.quad(lambda c: law.cdf(c) ** others, -1, 0, points=below, limit=200)
    return positive[0] - negative[0]


def random_matching(
    rows: int, others: int, width: int, *, repeats: int = 4, seed: int = 0
) -> float:
    """The mean cosine to expect of a one-to-one matching of random directions, by simulation."""
    rng = np.random.default_rng(seed)
    draw = lambda n: torch.from_numpy(rng.standard_normal((n, width)))
    means = [mmcs(draw(rows), draw(others), matching="one-to-one") for _ in range(repeats)]
    return float(np.mean(means))


def _unit(rows: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
    """Rows of norm 1, at least in float32; rows of zeros stay as they are."""
    return nn.functional.normalize(rows if rows.dtype == torch.float64 else rows.float(), dim=1)


def _check(rows: Tensor, others: Tensor) -> None:
    if rows.shape[1] != others.shape[1]:
        raise UserError(
            f"directions of width {rows.shape[1]} and {others.shape[1]} cannot be compared: take "
            "dictionaries of the same activations."
        )
    if not len(others):
        raise UserError("there is no direction to compare with: all were left out.")
