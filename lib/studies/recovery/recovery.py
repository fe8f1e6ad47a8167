"""When and whether known directions are found, and how alike two plots of that are.

A dictionary is looked at after some steps; `cosine[s, i]` is the maximum cosine of true direction i
with it at look s, `partner[s, i]` the feature that has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Num
from scipy import stats

from lib.analysis.statistics import Interval

FOUND = 0.9
"""A direction counts as found from this cosine on."""


def first_step(curve: Float[np.ndarray, " S"], steps: Sequence[int], level: float) -> float:
    """The step at which a curve first reaches `level`, on a straight line between two looks.

    NaN if it never does.
    """
    reached = np.flatnonzero(np.asarray(curve) >= level)
    if not len(reached):
        return float("nan")
    after = int(reached[0])
    if after == 0:
        return float(steps[0])
    low, high = curve[after - 1], curve[after]
    share = (level - low) / (high - low)
    return float(steps[after - 1] + share * (steps[after] - steps[after - 1]))


def found_at(
    cosine: Float[np.ndarray, "S F"], steps: Sequence[int], level: float = FOUND
) -> Float[np.ndarray, " F"]:
    """For each direction, the step at which it is first found; infinity if it never is."""
    cosine = np.asarray(cosine)
    when = np.array([first_step(cosine[:, i], steps, level) for i in range(cosine.shape[1])])
    return np.where(np.isnan(when), np.inf, when)


def rank_correlation(when: Float[np.ndarray, " F"], rank: Num[np.ndarray, " F"]) -> float:
    """Spearman's correlation; never found counts as later than any step. 0 where nothing varies."""
    late, order = stats.rankdata(when), stats.rankdata(rank)  # infinity ranks last
    if np.ptp(late) == 0 or np.ptp(order) == 0:
        return 0.0
    return float(np.corrcoef(late, order)[0, 1])


class RankOrder(NamedTuple):
    """Rank correlations of two kinds of dictionaries, and their difference."""

    one: Interval
    two: Interval
    difference: Interval
    """One minus two, pair by pair."""


def compare_rank_order(
    one: Float[np.ndarray, "seeds F"],
    two: Float[np.ndarray, "seeds F"],
    rank: Num[np.ndarray, " F"],
    *,
    resamples: int = 500,
    seed: int = 0,
) -> RankOrder:
    """Mean `rank_correlation` of each kind, with 95% bootstrap intervals over features and seeds.

    All dictionaries see the same features: an interval over dictionaries alone would take a chance
    order of some tens of features for a finding. So features are drawn anew as well, the same ones
    for both kinds (percentile bootstrap, Efron 1979).

    Args:
        one, two: from `found_at`, a row for each pair of dictionaries.
    """

    def correlations(pairs: np.ndarray, features: np.ndarray) -> np.ndarray:
        drawn = ([rank_correlation(when[s][features], rank[features]) for s in pairs]
                 for when in (one, two))  # fmt: skip
        a, b = (float(np.mean(found)) for found in drawn)
        return np.array([a, b, a - b])

    rng = np.random.default_rng(seed)
    seeds, count = one.shape
    middle = correlations(np.arange(seeds), np.arange(count))
    draws = [
        correlations(rng.integers(seeds, size=seeds), rng.integers(count, size=count))
        for _ in range(resamples)
    ]
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    intervals = zip(middle, low, high, strict=True)
    return RankOrder(*(Interval(float(m), float(a), float(b), count) for m, a, b in intervals))


def sharing(
    cosine: Float[np.ndarray, " F"], partner: Int[np.ndarray, " F"], level: float = 0.5
) -> int:
    """How many true directions have the same nearest feature as another one, both nearer than
    `level`: one learned vector that serves two truths."""
    near = partner[cosine > level]
    _, counts = np.unique(near, return_counts=True)
    return int(counts[counts > 1].sum())


class Likeness(NamedTuple):
    """How alike two plots over the same cells are."""

    correlation: float
    """Pearson's, over cells; 0 where one of them is flat."""
    distance: float
    """Mean absolute difference of cells."""


def likeness(one: Float[np.ndarray, ...], two: Float[np.ndarray, ...]) -> Likeness:
    """Compares two arrays cell by cell."""
    a, b = np.ravel(one).astype(float), np.ravel(two).astype(float)
    distance = float(np.abs(a - b).mean())
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return Likeness(0.0, distance)
    return Likeness(float(np.corrcoef(a, b)[0, 1]), distance)
