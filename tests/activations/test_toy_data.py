"""Toy data: the truth is what it is said to be, and training reads it like any activations."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.activations.toy_data import (
    CORRELATIONS,
    ToyActivations,
    ToySettings,
    random_covariance,
)
from lib.core.errors import UserError
from lib.sae.autoencoders import L1
from lib.sae.metrics import evaluate_sae
from lib.sae.training import FitSettings, fit

SMALL = {"width": 12, "features": 20, "active": 2.0, "decay": 0.9}


def world(correlation: str = "none", **changes) -> ToyActivations:
    held_out = changes.pop("held_out", 600)
    gaussian = changes.pop("gaussian", False)
    made = ToySettings(**(SMALL | {"correlation": correlation} | changes))
    return ToyActivations(made, held_out=held_out, gaussian=gaussian)


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_vectors_are_sums_of_the_true_directions(correlation: str) -> None:
    toy = world(correlation)
    torch.testing.assert_close(toy.truth.norm(dim=1), torch.ones(20))
    x = torch.cat(list(toy.held_out(256)))
    assert len(x) == len(toy.held_out_codes) == 600
    torch.testing.assert_close(x, torch.from_numpy(toy.held_out_codes) @ toy.truth)
    assert toy.held_out_codes.min() >= 0
    assert toy.held_out_codes.max() <= 1
    assert (toy.held_out_codes > 0).any(axis=1).all()


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_as_many_features_are_active_as_asked_for(correlation: str) -> None:
    toy = world(correlation, active=1.5, features=40)
    codes = np.concatenate([toy.draw(200, [step]).codes for step in range(60)])
    counts = (codes > 0).sum(axis=1).mean()
    # A vector without any gets one, which adds its share; probabilities are cut off at one.
    assert counts == pytest.approx(1.5 + np.exp(-1.5), rel=0.12)
    frequency = (codes > 0).mean(axis=0)
    assert np.corrcoef(frequency, toy.settings.frequencies())[0, 1] > 0.8


def test_frequencies_decay_and_coefficients_are_uniform() -> None:
    toy = world()
    codes = toy.draw(40_000, [1]).codes
    expected = toy.settings.frequencies()
    assert expected.sum() == pytest.approx(2.0)
    np.testing.assert_allclose(expected[1:] / expected[:-1], 0.9)
    empty = np.exp(np.log1p(-expected).sum()) / 20
    np.testing.assert_allclose((codes > 0).mean(axis=0), expected + empty, atol=0.01)
    values = codes[:, 0][(codes[:, 0] > 0) & (codes[:, 0] < 1)]
    assert values.mean() == pytest.approx(0.5, abs=0.02)
    assert values.var() == pytest.approx(1 / 12, abs=0.01)


def within_and_between(correlation: str) -> tuple[float, float]:
    """(dependence of features within a batch, variation of frequencies between batches), each
    over what independent features would show."""
    toy = world(correlation, active=4.0, decay=1.0, features=12)
    drawn = [toy.draw(400, [step]).codes > 0 for step in range(40)]
    within = [np.cov(d, rowvar=False) for d in drawn]
    off = ~np.eye(12, dtype=bool)
    shared = np.abs(np.mean(within, axis=0)[off]).mean()
    between = np.var([d.mean(axis=0) for d in drawn], axis=0).mean()
    return float(shared), float(between)


def test_the_two_readings_of_correlated_differ_as_described() -> None:
    plain, vector, batch = (within_and_between(c) for c in CORRELATIONS)
    assert batch[1] > 10 * plain[1]  # frequencies change from batch to batch
    assert vector[1] < 2 * plain[1]  # and are steady where every vector has its own draw
    assert vector[0] > 1.5 * plain[0]  # where features go together within a batch


@given(st.integers(0, 3), st.integers(0, 5), st.integers(1, 40))
@settings(max_examples=20, deadline=None)
def test_a_step_is_the_same_batch_wherever_one_starts(seed: int, step: int, batch: int) -> None:
    toy = world(held_out=10)
    stream = toy.batches(batch, seed)
    for _ in range(step + 1):
        x = next(stream)
    assert torch.equal(x, next(toy.batches(batch, seed, step)))
    assert not torch.equal(x, next(toy.batches(batch, seed + 1, step)))
    assert torch.equal(toy.sample(batch, 3), toy.sample(batch, 3))


def test_other_seeds_are_other_worlds_and_the_same_seed_is_the_same() -> None:
    one, again, other = world(), world(), world(seed=1)
    assert torch.equal(one.truth, again.truth)
    assert not torch.equal(one.truth, other.truth)
    assert torch.equal(next(one.held_out(50)), next(again.held_out(50)))


def test_the_gaussian_control_shares_two_moments_and_nothing_else() -> None:
    toy, control = world(held_out=20_000), world(held_out=20_000, gaussian=True)
    x, y = next(toy.held_out(20_000)), next(control.held_out(20_000))
    torch.testing.assert_close(y.mean(0), x.mean(0), atol=0.02, rtol=0)
    torch.testing.assert_close(y.T.cov(), x.T.cov(), atol=0.02, rtol=0)
    kurtosis = lambda v: (((v - v.mean(0)) / v.std(0)) ** 4).mean() - 3
    assert kurtosis(x @ toy.truth.T) > 5 * kurtosis(y @ toy.truth.T).abs()


def test_a_dictionary_learns_from_it() -> None:
    toy = world()
    sae = L1(12, 20, 0.1)
    before = evaluate_sae(sae, toy).fvu
    fit(sae, toy, FitSettings(steps=150, batch=64, learning_rate=1e-2, warmup=5),
        device=torch.device("cpu"), precision="fp32")  # fmt: skip
    assert evaluate_sae(sae, toy).fvu < 0.7 * before


@given(st.integers(1, 60), st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_the_covariance_can_be_drawn_from(features: int, seed: int) -> None:
    spread = random_covariance(features, np.random.default_rng(seed))
    assert np.linalg.eigvalsh(spread)[0] > 0
    np.testing.assert_array_equal(spread, spread.T)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"correlation": "some"}, "correlation"),
        ({"decay": 1.5}, "decay"),
        ({"active": 15.0}, "more than always"),
        ({"features": 0}, "at least 1"),
    ],
)
def test_impossible_worlds_are_refused(changes: dict, words: str) -> None:
    with pytest.raises(UserError, match=words):
        ToySettings(**(SMALL | changes))
    with pytest.raises(UserError, match="drawn anew"):
        world().read("train", 0, 1)
