"""Modes: planted groups are found where they are, and one group is one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis.similarity import mcs
from lib.core.errors import UserError
from lib.studies.twins.bimodality import (
    HIGHEST,
    bootstrap_modes,
    density,
    find_modes,
    histogram_modes,
    is_bimodal,
)


def groups(low: float, high: float, share: float, n: int = 600, seed: int = 0) -> np.ndarray:
    """Cosines of two groups, normal on Fisher's scale; `share` of them in the upper one."""
    rng = np.random.default_rng(seed)
    upper = rng.permutation(n) < round(share * n)
    z = np.where(upper, np.arctanh(high) + 0.4 * rng.standard_normal(n), np.arctanh(low))
    return np.tanh(np.where(upper, z, z + 0.05 * rng.standard_normal(n)))


@given(
    low=st.floats(0.2, 0.4),
    high=st.floats(0.95, 0.99),
    share=st.floats(0.15, 0.85),
    seed=st.integers(0, 99),
)
@settings(max_examples=30, deadline=None)
def test_planted_groups_are_found(low: float, high: float, share: float, seed: int) -> None:
    found = find_modes(groups(low, high, share, n=3000, seed=seed))
    assert is_bimodal(found)
    assert found.low_mode == pytest.approx(low, abs=0.05)
    # A mode is known no better than a fraction of its group's spread, 0.4 on Fisher's scale.
    assert np.arctanh(found.high_mode) == pytest.approx(np.arctanh(high), abs=0.3)
    assert low < found.antimode < high
    assert found.high_share == pytest.approx(share, abs=0.03)
    assert found.low_share + found.high_share == pytest.approx(1)
    assert found.separation > 2
    assert found.p_value < 0.1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("centre", [0.3, 0.7, 0.97])
def test_one_group_is_one(centre: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = find_modes(np.tanh(np.arctanh(centre) + 0.3 * rng.standard_normal(800)))
    assert not is_bimodal(found)
    assert found.dip < 0.02


@pytest.mark.parametrize("sizes", [(256, 512), (1024, 2048)])
def test_random_dictionaries_have_one_mode(sizes: tuple[int, int]) -> None:
    g = torch.Generator().manual_seed(sizes[0])
    a, b = (torch.randn(n, 64, generator=g) for n in sizes)
    found = find_modes(mcs(a, b).numpy())
    assert not is_bimodal(found)
    assert found.dip < 0.02


def test_a_group_that_is_too_small_or_too_low_is_no_mode() -> None:
    assert not is_bimodal(find_modes(groups(0.3, 0.97, 0.05)))
    assert not is_bimodal(find_modes(groups(0.3, 0.97, 0.95)))
    assert not is_bimodal(find_modes(groups(0.1, 0.75, 0.5)))
    assert find_modes(groups(0.1, 0.75, 0.5)).valley < 0.2  # two, but no twins


def test_all_alike_has_no_valley() -> None:
    found = find_modes(np.full(50, 1.0))
    assert np.isnan(found.antimode)
    assert found.valley == found.low_share == 1
    assert found.high_mode == pytest.approx(HIGHEST, abs=1e-3)


def test_order_does_not_matter_and_the_density_is_one() -> None:
    values = groups(0.3, 0.98, 0.4)
    assert find_modes(values)[:6] == pytest.approx(find_modes(np.sort(values))[:6])
    places, height = density(np.arctanh(values))
    assert np.trapezoid(height, places) == pytest.approx(1, abs=1e-3)


def test_intervals_hold_the_value_and_shrink() -> None:
    few, many = (bootstrap_modes(groups(0.3, 0.97, 0.5, n), resamples=100) for n in (100, 2000))
    for found in (few, many):
        assert all(i.low <= i.mean + 1e-9 and i.mean <= i.high + 1e-9 for i in found.values())
    width = lambda interval: interval.high - interval.low
    assert width(many["high_share"]) < width(few["high_share"])
    again = bootstrap_modes(groups(0.3, 0.97, 0.5, 100), resamples=100)
    assert again == few


def test_too_few_values_are_refused() -> None:
    with pytest.raises(UserError, match="at least 20"):
        find_modes(np.linspace(0, 0.9, 19))
    with pytest.raises(UserError, match="all of them numbers"):
        find_modes(np.append(np.linspace(0, 0.9, 30), np.nan))


def test_a_histogram_finds_a_narrow_mode_beside_a_wide_one() -> None:
    rng = np.random.default_rng(0)
    wide = 1 - 0.3 * rng.random(420) ** 2
    values = np.concatenate([0.3 + 0.03 * rng.standard_normal(80), wide])
    found = histogram_modes(values)
    assert is_bimodal(found)
    assert found.low_mode == pytest.approx(0.3, abs=0.04)
    assert found.high_mode > 0.95
    assert found.low_share == pytest.approx(80 / 500, abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_histograms_of_one_group_have_no_two_modes(seed: int) -> None:
    g = torch.Generator().manual_seed(seed)
    a, b = torch.randn(512, 64, generator=g), torch.randn(1024, 64, generator=g)
    assert not is_bimodal(histogram_modes(mcs(a, b).numpy()))
    one = histogram_modes(1 - 0.4 * np.random.default_rng(seed).random(600) ** 2)
    assert not is_bimodal(one)
    flat = histogram_modes(np.full(40, 0.5))
    assert (flat.valley, flat.high_share) == (1.0, 0.0)
