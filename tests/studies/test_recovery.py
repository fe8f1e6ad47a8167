"""When directions count as found; ensembles as artifacts, with what was seen on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import toy_project
from hypothesis import given
from hypothesis import strategies as st

from lib.activations.toy_data import ToyActivations, ToySettings
from lib.analysis.similarity import mcs
from lib.cache import ensembles
from lib.cache.ensembles import trained_ensemble
from lib.core.device import Machine
from lib.sae.autoencoders import L1
from lib.sae.training import FitSettings
from lib.studies.recovery.recovery import (
    common_over_rare,
    first_step,
    found_at,
    likeness,
    logrank_p,
    rank_correlation,
    sharing,
)


def test_the_first_step_lies_on_the_line_between_two_looks() -> None:
    steps = [0, 100, 200, 400]
    curve = np.array([0.2, 0.4, 0.8, 0.6])
    assert first_step(curve, steps, 0.4) == 100
    assert first_step(curve, steps, 0.6) == 150
    assert first_step(curve, steps, 0.1) == 0
    assert np.isnan(first_step(curve, steps, 0.9))
    when = found_at(np.stack([curve, curve + 0.5], axis=1), steps, 0.9)
    assert when.tolist() == [np.inf, 100]


@given(st.integers(0, 99))
def test_rank_correlation_reads_order_and_takes_never_as_last(seed: int) -> None:
    rank = np.arange(20.0)
    when = np.exp(rank)
    when[15:] = np.inf
    assert rank_correlation(when, rank) == pytest.approx(0.99, abs=0.015)
    assert rank_correlation(-rank, rank) == pytest.approx(-1)
    assert rank_correlation(np.full(20, np.inf), rank) == 0
    shuffled = np.random.default_rng(seed).permutation(rank)
    assert abs(rank_correlation(shuffled, rank)) < 0.95


def test_a_difference_between_halves_is_uncertain_however_many_dictionaries_agree() -> None:
    """Five dictionaries with one and the same chance order of forty features."""
    rng = np.random.default_rng(1)
    chance = np.stack([rng.permutation(np.arange(40.0))] * 5)
    found = common_over_rare(chance)
    assert found.low < 0 < found.high
    planted = common_over_rare(chance + 30 * (np.arange(40) < 20))
    assert planted.low > 0
    assert planted.mean == pytest.approx(found.mean + 30)


@pytest.mark.parametrize(("later", "differ"), [(1.0, False), (1.1, False), (2.0, True)])
def test_who_has_not_arrived_counts_as_late(later: float, differ: bool) -> None:
    rng = np.random.default_rng(0)
    one = 600 * (1 + 0.2 * rng.standard_normal(10))
    two = later * 600 * (1 + 0.2 * rng.standard_normal(10))
    two[two > 1000] = np.inf
    assert (logrank_p(one, two, 1000) < 0.05) == differ
    assert np.isnan(logrank_p(np.full(3, np.inf), np.full(3, np.inf), 1000))


def test_two_truths_with_one_feature_are_counted_as_two() -> None:
    cosine, partner = np.array([0.9, 0.6, 0.7, 0.8, 0.3]), np.array([4, 4, 1, 2, 2])
    assert sharing(cosine, partner) == 2
    assert sharing(cosine, partner, level=0.2) == 4
    assert sharing(cosine, np.arange(5)) == 0


def test_likeness_of_plots() -> None:
    plot = np.array([[0.1, 0.5], [0.9, 0.2]])
    assert likeness(plot, plot) == pytest.approx((1, 0))
    assert likeness(plot, plot + 0.3) == pytest.approx((1, 0.3))
    assert likeness(plot, -plot).correlation == pytest.approx(-1)
    assert likeness(plot, np.ones((2, 2))).correlation == 0


def trained(toy: ToyActivations, steps=(0, 10, 30), **options):
    saes = [L1(8, size, 0.1, seed=seed) for seed, size in enumerate((8, 8, 12))]
    settings = FitSettings(steps=30, batch=32, learning_rate=1e-2)
    return trained_ensemble(
        saes, toy, settings, Machine(torch.device("cpu"), "fp32"), steps=steps, **options,
    )  # fmt: skip


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToyActivations:
    toy_project.activate(tmp_path / "a project", monkeypatch)
    return ToyActivations(ToySettings(8, 12, 2.0, 0.9), held_out=100)


def test_an_ensemble_is_trained_once_and_keeps_what_was_seen(toy, monkeypatch) -> None:
    made = trained(toy, truth=toy.truth)
    assert made.steps == [0, 10, 30]
    assert [tuple(c.shape) for c in made.cosine] == [(3, 12)] * 3
    for sae, cosine, partner, seed in zip(
        made.saes, made.cosine, made.partner, (0, 1, 2), strict=True
    ):
        torch.testing.assert_close(cosine[-1], mcs(toy.truth, sae.W_dec.detach()))
        start = L1(8, sae.features, 0.1, seed=seed)
        torch.testing.assert_close(cosine[0], mcs(toy.truth, start.W_dec.detach()))
        assert partner.max() < sae.features
    assert made.histories[0].steps[-1] == 30

    monkeypatch.setattr(ensembles, "fit_ensemble", None)
    again = trained(toy, truth=toy.truth)
    for one, two in zip(made.saes, again.saes, strict=True):
        assert torch.equal(one.W_dec, two.W_dec)
    assert torch.equal(made.cosine[2], again.cosine[2])


def test_without_a_truth_the_directions_are_kept(toy) -> None:
    made = trained(toy)
    assert made.cosine == []
    assert [tuple(d.shape) for d in made.directions] == [(3, 8, 8), (3, 8, 8), (3, 12, 8)]
    for sae, rows in zip(made.saes, made.directions, strict=True):
        assert torch.equal(rows[-1], sae.W_dec.detach())


def test_a_killed_training_goes_on_and_loses_nothing_that_was_seen(toy, monkeypatch) -> None:
    whole = trained(toy, truth=toy.truth)
    fit = ensembles.fit_ensemble

    def killed(saes, activations, settings, *, callbacks, **options):
        def stop(step, sae, metrics):
            if step == 20:
                raise KeyboardInterrupt

        object.__setattr__(settings, "checkpoint_seconds", 0.0)
        return fit(
            saes, activations, settings, callbacks=[[*c, stop] for c in callbacks], **options
        )

    monkeypatch.setattr(ensembles, "fit_ensemble", killed)
    with pytest.raises(KeyboardInterrupt):
        trained(toy, truth=toy.truth.clone().flip(0))
    monkeypatch.setattr(ensembles, "fit_ensemble", fit)
    resumed = trained(toy, truth=toy.truth.clone().flip(0))
    for one, two in zip(whole.cosine, resumed.cosine, strict=True):
        torch.testing.assert_close(one, two.flip(1))
