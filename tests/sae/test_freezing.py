"""Frozen features stay bit for bit, others train; perturbed ones start anew."""

from __future__ import annotations

import math
from copy import deepcopy

import pytest
import torch

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae.autoencoders import L1
from lib.sae.freezing import Freeze, FreezeDecoder, perturb
from lib.sae.training import FitSettings, fit_ensemble

CPU = torch.device("cpu")
X = torch.randn(2000, 8, generator=torch.Generator().manual_seed(0))
ACTIVATIONS = TensorActivations(X[:1800], X[1800:])
SETTINGS = FitSettings(steps=30, batch=64, learning_rate=1e-2, warmup=2)


def test_frozen_features_stay_and_others_train() -> None:
    """In a stack of several, where parameters are views of shared ones, and alone."""
    saes = [L1(8, features, 0.2, seed=features) for features in (12, 12, 20)]
    before = deepcopy(saes)
    masks = [torch.arange(sae.features) % 3 == 0 for sae in saes]
    masks[1] = torch.zeros(12, dtype=torch.bool)
    calls = [[Freeze(sae, mask)] for sae, mask in zip(saes, masks, strict=True)]
    fit_ensemble(saes, ACTIVATIONS, SETTINGS, device=CPU, precision="fp32", callbacks=calls)
    for sae, old, mask in zip(saes, before, masks, strict=True):
        torch.testing.assert_close(sae.W_dec[mask], old.W_dec[mask], rtol=0, atol=0)
        torch.testing.assert_close(sae.W_enc[:, mask], old.W_enc[:, mask], rtol=0, atol=0)
        torch.testing.assert_close(sae.b_enc[mask], old.b_enc[mask], rtol=0, atol=0)
        assert bool(((sae.W_dec - old.W_dec)[~mask].abs().sum(1) > 0).all())
        assert not torch.equal(sae.b_dec, old.b_dec)


def test_a_frozen_decoder_stays_and_its_encoder_trains() -> None:
    saes = [L1(8, 12, 0.2, seed=seed) for seed in (1, 2)]
    before = deepcopy(saes)
    calls = [[FreezeDecoder(sae)] for sae in saes]
    fit_ensemble(saes, ACTIVATIONS, SETTINGS, device=CPU, precision="fp32", callbacks=calls)
    for sae, old in zip(saes, before, strict=True):
        torch.testing.assert_close(sae.W_dec, old.W_dec, rtol=0, atol=0)
        assert bool(((sae.W_enc - old.W_enc).abs().sum(0) > 0).all())


def test_nothing_frozen_changes_nothing() -> None:
    plain, watched = L1(8, 12, 0.2, seed=1), L1(8, 12, 0.2, seed=1)
    none = torch.zeros(12, dtype=torch.bool)
    for sae, calls in ((plain, []), (watched, [Freeze(watched, none)])):
        fit_ensemble([sae], ACTIVATIONS, SETTINGS, device=CPU, precision="fp32", callbacks=[calls])
    torch.testing.assert_close(plain.W_dec, watched.W_dec, rtol=0, atol=0)


@pytest.mark.parametrize(("strength", "expected"), [(1e-6, 1.0), (1.0, 0.71), (math.inf, 0.0)])
def test_perturbed_features_turn_as_far_as_asked(strength: float, expected: float) -> None:
    sae = L1(256, 400, 0.2, seed=3)
    sae.b_enc.data.fill_(-5.0)
    old, which = deepcopy(sae), torch.arange(400) < 300
    perturb(sae, which, strength=strength, seed=4)
    cosine = torch.cosine_similarity(sae.W_dec, old.W_dec).detach()
    assert float(cosine[which].mean()) == pytest.approx(expected, abs=0.03)
    torch.testing.assert_close(sae.W_dec[~which], old.W_dec[~which], rtol=0, atol=0)
    torch.testing.assert_close(sae.W_dec.norm(dim=1), torch.ones(400))
    torch.testing.assert_close(sae.W_enc[:, which], sae.W_dec[which].t())
    assert bool((sae.b_enc[which] == 0).all())
    assert bool((sae.b_enc[~which] == -5).all())


def test_what_cannot_be_is_refused() -> None:
    sae = L1(8, 12, 0.2)
    with pytest.raises(UserError, match="each of the 12"):
        Freeze(sae, torch.ones(11, dtype=torch.bool))
    with pytest.raises(UserError, match="above 0"):
        perturb(sae, torch.ones(12, dtype=torch.bool), strength=0.0)
