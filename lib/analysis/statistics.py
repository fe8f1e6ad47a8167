"""Confidence intervals of means and shares, from scipy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

LEVEL = 0.95


class Interval(NamedTuple):
    """A number with its 95% interval."""

    mean: float
    low: float
    high: float
    n: int
    """How many values it comes from."""


def mean_interval(values: ArrayLike, minimum: float = -np.inf, maximum: float = np.inf) -> Interval:
    """Mean of independent repetitions with Student's t interval (Student 1908).

    With one value there is no spread to measure: the bounds are infinite, so that no criterion
    on a bound can pass by accident. `minimum` and `maximum` cut the bounds where values cannot lie
    beyond them (counts, shares).
    """
    sample = np.asarray(values, dtype=float)
    mean = float(sample.mean())
    if len(sample) < 2:
        return Interval(mean, minimum, maximum, len(sample))
    half_width = float(stats.t.ppf(0.5 + LEVEL / 2, len(sample) - 1) * stats.sem(sample))
    low, high = max(mean - half_width, minimum), min(mean + half_width, maximum)
    return Interval(mean, low, high, len(sample))


def bootstrap_mean(values: ArrayLike, seed: int = 0, resamples: int = 2000) -> Interval:
    """Mean with a percentile bootstrap interval (Efron 1979), for many skewed values."""
    sample = np.asarray(values, dtype=float)
    result = stats.bootstrap(
        (sample,),
        np.mean,
        n_resamples=resamples,
        method="percentile",
        rng=np.random.default_rng(seed),
        batch=100,
    )
    low, high = result.confidence_interval
    return Interval(float(sample.mean()), float(low), float(high), len(sample))


def difference_interval(one: ArrayLike, two: ArrayLike) -> Interval:
    """Difference of two means of independent repetitions, with Welch's interval (Welch 1947).

    As in `mean_interval`, the bounds are infinite where one of them has a single value.
    """
    a, b = np.asarray(one, float), np.asarray(two, float)
    mean = float(a.mean() - b.mean())
    if min(len(a), len(b)) < 2:
        return Interval(mean, -np.inf, np.inf, len(a) + len(b))
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return Interval(mean, mean, mean, len(a) + len(b))
    low, high = stats.ttest_ind(a, b, equal_var=False).confidence_interval(LEVEL)
    return Interval(mean, float(low), float(high), len(a) + len(b))


def share_interval(successes: int, n: int) -> Interval:
    """Share of successes with Wilson's interval (Wilson 1927)."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    low, high = stats.binomtest(successes, n).proportion_ci(LEVEL, method="wilson")
    return Interval(successes / n, float(low), float(high), n)
