"""Features found again, chance, effective dimensions, and the shift of a map's profiles."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis.similarity import mmcs, random_mmcs
from lib.core.errors import UserError
from lib.studies.twins.matched_features import (
    cosines_by_chance,
    count_matched,
    effective_dimension,
    participation_ratio,
    profile_shift,
)


def directions(n: int, width: int = 40, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, width, generator=torch.Generator().manual_seed(seed))


def test_planted_twins_are_counted_and_nothing_else() -> None:
    shared, own, other = directions(15), directions(30, seed=1), directions(50, seed=2)
    noise = 0.02 * directions(15, seed=3)
    assert count_matched(torch.cat([shared, own]), torch.cat([other, shared + noise])) == 15
    assert count_matched(own, other) == 0
    assert count_matched(own[:0], other) == 0


def test_no_direction_serves_twice_and_copies_count_once() -> None:
    shared = directions(5)
    copies = torch.cat([shared, 1.5 * shared, directions(9, seed=4)])
    assert count_matched(copies, shared) == 5
    assert count_matched(copies, torch.cat([shared, shared])) == 5


def test_dead_directions_take_no_part() -> None:
    shared = directions(10)
    alive = torch.arange(10) < 6
    assert count_matched(shared, shared, alive) == 6
    assert count_matched(shared, shared, alive, ~alive) == 0


def test_random_directions_are_as_alike_as_chance_says() -> None:
    found = cosines_by_chance(2000, 500, 40)
    assert float(found.mean()) == pytest.approx(random_mmcs(500, 40), abs=0.01)
    round_ = cosines_by_chance(2000, 500, 40, covariance=torch.eye(40))
    assert float(round_.mean()) == pytest.approx(float(found.mean()), abs=0.01)
    flat = torch.diag(torch.cat([torch.ones(5), torch.zeros(35)]))
    within = cosines_by_chance(2000, 500, 40, covariance=flat)
    assert float(within.mean()) == pytest.approx(random_mmcs(500, 5), abs=0.01)


@given(width=st.integers(3, 400), others=st.integers(2, 4000))
@settings(max_examples=15, deadline=None)
def test_effective_dimensions_are_the_dimensions_of_random_directions(width, others) -> None:
    assert abs(effective_dimension(random_mmcs(others, width) + 1e-9, others) - width) <= 1


def test_dimensions_of_a_ball_and_of_a_line() -> None:
    assert participation_ratio(torch.eye(7)) == pytest.approx(7)
    line = directions(1, 7)
    assert participation_ratio(line.T @ line) == pytest.approx(1, abs=1e-4)


PLACES = np.arange(-4.0, 1.0)


@given(
    slope=st.floats(-0.2, 1.2),
    peak=st.floats(-2.6, -1.4),
    levels=st.lists(st.floats(-0.3, 0.3), min_size=4, max_size=4),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_a_planted_slope_is_found_whatever_the_level(slope, peak, levels, seed) -> None:
    rng = np.random.default_rng(seed)
    profiles = [
        np.exp(-((PLACES - peak - slope * (i - 1.5)) ** 2) / 4)
        + level
        + 0.01 * rng.standard_normal(5)
        for i, level in enumerate(levels)
    ]
    assert profile_shift(np.array(profiles), PLACES) == pytest.approx(slope, abs=0.25)


def test_a_map_without_a_pattern_has_no_steady_slope() -> None:
    rng = np.random.default_rng(1)
    found = [profile_shift(rng.standard_normal((3, 5)), PLACES) for _ in range(30)]
    assert np.std(found) > 0.5


def test_too_little_for_a_slope_is_refused() -> None:
    with pytest.raises(UserError, match="at least two sizes"):
        profile_shift(np.ones((1, 5)), PLACES)


def test_chance_is_chance_for_the_mean_too() -> None:
    a, b = directions(300, seed=5), directions(600, seed=6)
    assert mmcs(a, b) == pytest.approx(random_mmcs(600, 40), abs=0.01)
