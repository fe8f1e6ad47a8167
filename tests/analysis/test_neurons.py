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


def planted_hub(neurons: int, features: int, hub: int, power: float, seed: int) -> torch.Tensor:
    """Random directions, `hub` of them with that share of their power on neuron 7."""
    rows = random_directions(torch.ones(neurons), features, seed)
    rows[:hub, 7] = 0
    rows[:hub] = torch.nn.functional.normalize(rows[:hub], dim=1) * (1 - power) ** 0.5
    rows[:hub, 7] = power**0.5
    return rows


def written_by(rows: torch.Tensor, seed: int) -> torch.Tensor:
    """The deviation of each neuron in activations that these features write, 30 at a time."""
    generator = torch.Generator().manual_seed(seed)
    codes = torch.rand(1500, len(rows), generator=generator)
    codes *= torch.rand(codes.shape, generator=generator) < 30 / len(rows)
    return (codes @ rows.float()).std(0)


@pytest.mark.parametrize(
    ("neurons", "features", "hub", "power"),
    [
        *((1024, 6144, 237, power) for power in (0.03, 0.05, 0.1, 0.2, 0.3)),
        # The fewer neurons, the larger the share of the largest of random entries.
        *((512, 3072, 119, power) for power in (0.05, 0.1, 0.3)),
        *((192, 1536, 60, power) for power in (0.1, 0.2, 0.3)),
    ],
)
def test_a_planted_hub_is_found(neurons: int, features: int, hub: int, power: float) -> None:
    """Also where the hub's features have made its neuron's activations large."""
    rows = planted_hub(neurons, features, hub, power, seed=neurons)
    heard = written_by(rows, 1)
    assert heard[7] > 1.2 * heard.median()
    for unit in (torch.ones(neurons), heard):
        found = find_hub(primary_counts(rows, unit), features, draws=1000)
        assert found.neuron == 7
        assert found.p_value < 0.01
        assert found.count > hub / 2


ALIKE = torch.ones(64)
UNEQUAL = torch.linspace(0.3, 3, 64)


@pytest.mark.parametrize(
    ("scale", "unit", "least"),
    [
        (ALIKE, None, 3),  # exact
        (ALIKE, ALIKE, 3),
        (UNEQUAL, UNEQUAL, 0),  # large neurons, as large in the activations
        (ALIKE, UNEQUAL, 0),  # and such that the directions do not follow
    ],
)
def test_without_a_hub_a_p_value_is_as_rare_as_it_says(scale, unit, least) -> None:
    p_values = [
        find_hub(
            primary_counts(random_directions(scale, 400, seed), unit), 400, draws=400, seed=seed
        ).p_value
        for seed in range(200)
    ]
    small = sum(p < 0.05 for p in p_values)
    assert least <= small <= stats.binom.ppf(0.995, 200, 0.05)


def test_a_hub_that_is_only_a_large_neuron_is_told_from_a_real_one() -> None:
    scale = EQUAL.clone()
    scale[5] = 3
    rows = random_directions(scale, 400, 2)
    equal = find_hub(primary_counts(rows), 400, draws=2000)
    fair = find_hub(primary_counts(rows, scale), 400, draws=2000)
    assert equal.neuron == 5
    assert equal.p_value < 0.001
    assert fair.p_value > 0.01


def test_a_hub_hides_behind_no_larger_neuron() -> None:
    scale = torch.ones(192)
    scale[5] = 3
    rows = planted_hub(192, 1536, 60, 0.1, seed=3) * scale
    assert primary_counts(rows).argmax() == 5
    found = find_hub(primary_counts(rows, scale), 1536, draws=1000)
    assert (found.neuron, found.p_value) == (7, 1 / 1001)


def test_equal_largest_counts_are_told_apart_by_the_second() -> None:
    lonely, crowded = np.full(20, 3), np.full(20, 3)
    lonely[0] = crowded[0] = crowded[1] = 9
    crowded[2:8] -= 1
    assert lonely.sum() == crowded.sum()
    first, second = (find_hub(c, 66, draws=4000) for c in (lonely, crowded))
    assert (first.count, second.count) == (9, 9)
    assert second.p_value < first.p_value


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_what_counts_in_both_measures_counts_in_each(seed: int) -> None:
    rows = some_directions(seed)
    unit = some_directions(seed + 1, 1)[0].abs()
    unit[0] = 0
    both = primary_counts(rows, unit)
    assert (both <= primary_counts(rows)).all()
    assert both[0] == 0
    scaled = torch.where(unit > 0, rows.double() / unit, 0)
    assert (both <= primary_counts(scaled)).all()
    assert (primary_counts(rows, torch.ones(24)) == primary_counts(rows)).all()


def test_what_points_nowhere_is_refused() -> None:
    with pytest.raises(UserError, match="zeros"):
        power_shares(torch.zeros(2, 4))
    with pytest.raises(UserError, match="at least one direction"):
        find_hub(np.zeros(3, int), 0)
    assert find_hub(np.zeros(3, int), 8).p_value == 1  # none names a neuron in both measures
    with pytest.raises(UserError, match="two neurons"):
        find_hub(np.array([4]), 4)
