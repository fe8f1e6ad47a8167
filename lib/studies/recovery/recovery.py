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


def logrank_p(one: Float[np.ndarray, " n"], two: Float[np.ndarray, " m"], last: float) -> float:
    """The p value of a log-rank test (Mantel 1966) that two groups arrive at the same times.

    Args:
        one, two: steps of arrival; what is not finite had not arrived at the last step.
        last: that step.
    Returns:
        NaN where nothing arrived at all.
    """
    groups = []
    for when in (np.asarray(one, float), np.asarray(two, float)):
        arrived = np.isfinite(when)
        late = np.full((~arrived).sum(), float(last))
        groups.append(stats.CensoredData(uncensored=when[arrived], right=late))
    if not any(group.num_censored() < len(group) for group in groups):
        return float("nan")
    return float(stats.logrank(*groups).pvalue)


def common_over_rare(
    values: Float[np.ndarray, "seeds F"], *, resamples: int = 1000, seed: int = 0
) -> Interval:
    """How much larger a value is for the commoner half of the features than for the rarer half.

    All dictionaries see the same features: an interval over dictionaries alone would take a chance
    difference between some tens of features for a finding. So features are drawn anew within each
    half, as well as dictionaries (percentile bootstrap, Efron 1979).

    Args:
        values: features in the order of their frequency, the commonest first.
    """
    rng = np.random.default_rng(seed)
    seeds, count = values.shape
    half = count // 2

    def difference(rows: np.ndarray, common: np.ndarray, rare: np.ndarray) -> float:
        return float(values[np.ix_(rows, common)].mean() - values[np.ix_(rows, rare)].mean())

    draws = [
        difference(
            rng.integers(seeds, size=seeds),
            rng.integers(half, size=half),
            rng.integers(half, count, size=count - half),
        )
        for _ in range(resamples)
    ]
    low, high = np.percentile(draws, [2.5, 97.5])
    middle = difference(np.arange(seeds), np.arange(half), np.arange(half, count))
    return Interval(middle, float(low), float(high), count)


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
