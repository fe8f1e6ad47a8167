"""Rank correlations over features of several dictionaries, plain and partial."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Num
from scipy import stats

from lib.analysis.statistics import Interval

Columns = Sequence[Num[np.ndarray, " F"]]


def rank_association(first: Num[np.ndarray, " F"], *others: Num[np.ndarray, " F"]) -> float:
    """Spearman's correlation of two measures; with a third, of what its ranks do not explain.

    With three arguments it is the partial rank correlation of the first two (Spearman 1904, Yule
    1907). NaN where a measure does not vary.
    """
    ranks = np.array([stats.rankdata(values) for values in (first, *others)])
    if ranks.shape[1] < 3 or (np.ptp(ranks, axis=1) == 0).any():
        return float("nan")
    r = np.corrcoef(ranks)
    if len(others) == 1:
        return float(r[0, 1])
    held = np.sqrt(max(0.0, (1 - r[0, 2] ** 2) * (1 - r[1, 2] ** 2)))
    return float((r[0, 1] - r[0, 2] * r[1, 2]) / held) if held > 0 else float("nan")


def association_interval(
    dictionaries: Sequence[Columns], *, resamples: int = 500, seed: int = 0
) -> Interval:
    """Mean `rank_association` over dictionaries, with a 95% bootstrap interval over both.

    Dictionaries are drawn anew, and in each of them features (percentile bootstrap, Efron 1979).

    Args:
        dictionaries: for each one two measures of its features, or three.
    """
    rng = np.random.default_rng(seed)
    stacked = [np.array(columns, dtype=float) for columns in dictionaries]

    def mean(chosen: Sequence[np.ndarray]) -> float:
        found = [rank_association(*columns) for columns in chosen]
        return float(np.mean(found)) if np.isfinite(found).all() else float("nan")

    draws = []
    for _ in range(resamples):
        chosen = [stacked[i] for i in rng.integers(len(stacked), size=len(stacked))]
        draws.append(mean([c[:, rng.integers(c.shape[1], size=c.shape[1])] for c in chosen]))
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(mean(stacked), float(low), float(high), sum(c.shape[1] for c in stacked))
