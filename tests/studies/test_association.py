"""Rank correlations with intervals over features and dictionaries."""

import numpy as np
import pytest
from scipy import stats

from lib.studies.census.association import association_interval, rank_association


def test_it_is_spearmans() -> None:
    rng = np.random.default_rng(0)
    a = rng.integers(0, 9, 200)  # with ties
    b = a + rng.normal(0, 3, 200)
    assert rank_association(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert rank_association(np.exp(a), -b) == pytest.approx(-rank_association(a, b))


def test_what_a_third_explains_is_taken_off() -> None:
    rng = np.random.default_rng(1)
    c = rng.normal(size=4000)
    a, b = c + rng.normal(size=4000), c + rng.normal(size=4000)
    assert rank_association(a, b) > 0.4
    assert abs(rank_association(a, b, c)) < 0.05
    assert rank_association(a, b, rng.normal(size=4000)) > 0.4
    # The same as correlating what is left of ranks after a straight line.
    ranks = [stats.rankdata(v) for v in (a, b, c)]
    left = [r - np.polyval(np.polyfit(ranks[2], r, 1), ranks[2]) for r in ranks[:2]]
    assert rank_association(a, b, c) == pytest.approx(np.corrcoef(*left)[0, 1])


def test_what_does_not_vary_has_no_correlation() -> None:
    assert np.isnan(rank_association(np.ones(10), np.arange(10)))
    assert np.isnan(association_interval([(np.ones(10), np.arange(10))], resamples=20).low)


def test_the_interval_holds_zero_where_there_is_nothing() -> None:
    held = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found = association_interval(
            [tuple(rng.normal(size=(2, 150))) for _ in range(3)], resamples=100, seed=seed
        )
        held += found.low <= 0 <= found.high
    assert held >= 34


def test_dictionaries_that_disagree_widen_it() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=400)
    same = [(x, x + rng.normal(size=400)) for _ in range(3)]
    mixed = [(x, sign * x + rng.normal(size=400)) for sign in (1, 1, -1)]
    narrow, wide = (association_interval(d, resamples=200) for d in (same, mixed))
    assert narrow.high - narrow.low < 0.2 < wide.high - wide.low
