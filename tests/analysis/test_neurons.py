"""Directions in the neuron basis: shares, kurtosis, hubs and their chance."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lib.analysis.neurons import (
    effective_neurons,
    find_hub,
    kurtosis,
    largest_kurtosis,
    neuron_scale,
    power_on,
    power_shares,
    primary_chances,
    primary_counts,
    random_directions,
)
from lib.core.errors import UserError

EQUAL = torch.ones(64)


def some_directions(seed: int, rows: int = 30, width: int = 24) -> torch.Tensor:
    return torch.randn(rows, width, generator=torch.Generator().manual_seed(seed))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_neither_length_sign_nor_order_of_neurons_matters(seed: int, factor: float) -> None:
    rows = some_directions(seed)
    rng = np.random.default_rng(seed)
    order = torch.from_numpy(rng.permutation(rows.shape[1]))
    signs = torch.from_numpy(rng.choice([-1.0, 1.0], rows.shape[1])).float()
    changed = (rows * signs * factor)[:, order]
    before, after = power_shares(rows), power_shares(changed)
    torch.testing.assert_close(before.top_1, after.top_1)
    torch.testing.assert_close(before.next_9, after.next_9)
    assert (order[after.primary] == before.primary).all()
    torch.testing.assert_close(effective_neurons(rows), effective_neurons(changed))
    assert (before.top_1 + before.next_9 <= 1 + 1e-12).all()
    torch.testing.assert_close(power_on(rows, 3), rows.double()[:, 3] ** 2 / (rows**2).sum(1))


def test_the_ends_of_every_measure() -> None:
    one, even = torch.eye(64)[:3], torch.ones(2, 64)
    assert effective_neurons(one).tolist() == [1, 1, 1]
    assert effective_neurons(even) == pytest.approx(torch.full((2,), 64.0).double())
    assert power_shares(one).top_1.tolist() == [1, 1, 1]
    assert power_shares(one).primary.tolist() == [0, 1, 2]
    assert power_shares(even).top_10.tolist() == pytest.approx([10 / 64] * 2)
    np.testing.assert_allclose(kurtosis(one), largest_kurtosis(64))
    assert abs(kurtosis(some_directions(0, 2, 20_000))).max() < 0.2  # excess: a normal has 0
    assert power_shares(torch.eye(4)).next_9.tolist() == [0, 0, 0, 0]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(5, 60))
def test_no_direction_exceeds_the_kurtosis_of_a_single_neuron(seed: int, width: int) -> None:
    rows = some_directions(seed, 20, width) ** 5
    assert (kurtosis(rows) <= largest_kurtosis(width) + 1e-9).all()


def test_effective_neurons_of_random_directions() -> None:
    """The number of study 2 for 128 neurons."""
    found = effective_neurons(some_directions(1, 20_000, 128)).mean()
    assert float(found) == pytest.approx(81.8, abs=0.2)


def test_random_directions_keep_the_scale_of_neurons() -> None:
    scale = torch.linspace(0.5, 4, 16)
    drawn = random_directions(scale, 40_000, seed=1)
    torch.testing.assert_close(drawn.norm(dim=1), torch.ones(40_000).double())
    found = neuron_scale(drawn)
    # Unit rows pull large neurons in a little; the order and nearly all of the size stay.
    assert (found[1:] > found[:-1]).all()
    torch.testing.assert_close(
        found / found.mean(), (scale / scale.mean()).double(), rtol=0.12, atol=0.05
    )
    assert (random_directions(scale, 5, 1) == random_directions(scale, 5, 1)).all()


@pytest.mark.parametrize(
    "scale",
    [torch.ones(20), torch.linspace(0.2, 3, 20), torch.tensor([5.0] + [1.0] * 19)],
    ids=["equal", "rising", "one large"],
)
def test_chances_are_those_of_drawn_decoders(scale: torch.Tensor) -> None:
    rows = 40_000
    drawn = np.bincount(power_shares(random_directions(scale, rows, 3)).primary, minlength=20)
    chances = primary_chances(scale)
    assert chances.sum() == pytest.approx(1)
    expected = chances * rows
    pooled = expected < 5
    seen = np.append(drawn[~pooled], drawn[pooled].sum())
    wanted = np.append(expected[~pooled], expected[pooled].sum())
    assert stats.chisquare(seen[wanted > 0], wanted[wanted > 0]).pvalue > 1e-4


def test_a_neuron_that_is_always_zero_is_never_primary() -> None:
    chances = primary_chances(torch.tensor([0.0, 1.0, 1.0]))
    assert chances.tolist() == pytest.approx([0, 0.5, 0.5])


def test_random_decoders_have_no_hub_and_planted_ones_do() -> None:
    p_values = []
    for seed in range(60):
        rows = random_directions(EQUAL, 300, seed)
        hub = find_hub(
            primary_counts(rows), primary_chances(neuron_scale(rows)), draws=400, seed=seed
        )
        p_values.append(hub.p_value)
        assert hub.expected <= hub.high
    # Counts are whole numbers, so p values are a little too large; never too small.
    assert np.mean(np.array(p_values) < 0.1) <= 0.2
    assert np.median(p_values) > 0.3
    planted = random_directions(EQUAL, 300, 0)
    planted[:60] = 0.1 * planted[:60]
    planted[:60, 7] = 0.3  # ahead of all others, yet of little power: scale alone cannot explain it
    hub = find_hub(primary_counts(planted), primary_chances(neuron_scale(planted)), draws=2000)
    assert (hub.neuron, hub.p_value) == (7, 1 / 2001)
    assert hub.count >= 60


def test_a_hub_that_is_only_a_large_neuron_is_told_from_a_real_one() -> None:
    scale = EQUAL.clone()
    scale[5] = 3
    rows = random_directions(scale, 400, 2)
    counts = primary_counts(rows)
    equal = find_hub(counts, np.full(64, 1 / 64), draws=2000)
    fair = find_hub(counts, primary_chances(neuron_scale(rows)), draws=2000)
    assert equal.neuron == fair.neuron == 5
    assert equal.p_value < 0.001
    assert fair.p_value > 0.01


def test_only_what_is_kept_counts() -> None:
    rows = torch.eye(5)[[0, 0, 1, 2]]
    assert primary_counts(rows).tolist() == [2, 1, 1, 0, 0]
    keep = torch.tensor([False, True, True, False])
    assert primary_counts(rows, keep).tolist() == [1, 1, 0, 0, 0]


def test_what_points_nowhere_is_refused() -> None:
    with pytest.raises(UserError, match="zeros"):
        power_shares(torch.zeros(2, 4))
    with pytest.raises(UserError, match="scale"):
        primary_chances(torch.tensor([1.0, float("nan")]))
    with pytest.raises(UserError, match="at least one direction"):
        find_hub(np.zeros(3, int), np.full(3, 1 / 3))
