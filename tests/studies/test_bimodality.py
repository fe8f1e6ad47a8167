"""Two groups: planted ones are found where they are, and one group is one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis.similarity import mcs
from lib.core.errors import UserError
from lib.studies.twins.bimodality import (
    histogram_modes,
    is_bimodal,
    is_two_groups,
    low_peak,
    two_groups,
)
from lib.studies.twins.matched_features import cosines_by_chance

CHANCE = cosines_by_chance(2000, 4000, 128).numpy()
LEVEL = float(CHANCE.mean())


def groups(
    high: float,
    share: float,
    n: int = 2000,
    seed: int = 0,
    spread: float = 0.5,
    low: float = LEVEL,
) -> np.ndarray:
    """Cosines at chance, and above them, normal on Fisher's scale, a share of `share`."""
    rng = np.random.default_rng(seed)
    upper = rng.permutation(n) < round(share * n)
    above = np.tanh(np.arctanh(high) + spread * rng.standard_normal(n))
    return np.where(upper, above, rng.choice(CHANCE, n) + low - LEVEL)


@given(
    high=st.floats(0.95, 0.99),
    share=st.floats(0.15, 0.85),
    spread=st.floats(0.2, 0.6),
    seed=st.integers(0, 99),
)
@settings(max_examples=30, deadline=None)
def test_planted_groups_are_found(high: float, share: float, spread: float, seed: int) -> None:
    found = two_groups(groups(high, share, seed=seed, spread=spread), CHANCE)
    assert is_two_groups(found)
    assert np.arctanh(found.upper_mode) == pytest.approx(np.arctanh(high), abs=0.1)
    assert found.upper_share == pytest.approx(share, abs=0.03)
    assert found.chance_share + found.upper_share == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("centre", [0.3, 0.7, 0.9, 0.97])
def test_one_group_is_one(centre: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = two_groups(np.tanh(np.arctanh(centre) + 0.3 * rng.standard_normal(800)), CHANCE)
    assert not is_two_groups(found)
    assert found.dip < 0.02


def test_an_even_spread_from_chance_to_one_is_no_pair_of_groups() -> None:
    assert not is_two_groups(two_groups(np.linspace(0.3, 0.999, 2000), CHANCE))


@pytest.mark.parametrize("sizes", [(256, 512), (2048, 4096)])
def test_random_dictionaries_have_one_group(sizes: tuple[int, int]) -> None:
    g = torch.Generator().manual_seed(sizes[0])
    a, b = (torch.randn(n, 128, generator=g) for n in sizes)
    by_chance = cosines_by_chance(*sizes, 128).numpy()
    found = two_groups(mcs(a, b).numpy(), by_chance)
    assert not is_two_groups(found)
    assert found.dip < 0.02


def test_a_group_that_is_too_small_or_too_low_is_none() -> None:
    assert not is_two_groups(two_groups(groups(0.97, 0.05), CHANCE))
    assert not is_two_groups(two_groups(groups(0.97, 0.95), CHANCE))
    assert not is_two_groups(two_groups(groups(0.75, 0.5), CHANCE))


def test_the_low_peak_is_where_it_was_planted() -> None:
    for low in (LEVEL, 0.45, 0.6):
        assert low_peak(groups(0.98, 0.5, low=low), 0.9) == pytest.approx(low, abs=0.03)
    assert np.isnan(low_peak(np.full(50, 0.95), 0.9))


def test_order_does_not_matter() -> None:
    values = groups(0.98, 0.4)
    assert two_groups(values, CHANCE) == pytest.approx(two_groups(np.sort(values), CHANCE))


def test_too_few_values_are_refused() -> None:
    with pytest.raises(UserError, match="at least 20"):
        two_groups(np.linspace(0, 0.9, 19), CHANCE)
    with pytest.raises(UserError, match="all of them numbers"):
        two_groups(np.append(np.linspace(0, 0.9, 30), np.nan), CHANCE)


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
