"""Filters, ablated features, and what a trace of a training sees."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae.autoencoders import L1
from lib.sae.filtering import (
    FilteredActivations,
    as_many_at_random,
    feature_activations,
    filtering_cost,
    rows_of,
    windows_with,
)
from lib.sae.initialisation import initialise, tile
from lib.sae.training import FitSettings, fit
from lib.sae.warm_starts import ablate, copies, reset_rows, restore

CPU = {"device": torch.device("cpu"), "precision": "fp32"}
ROWS = 1000


def store() -> TensorActivations:
    x = torch.randn(ROWS, 6, generator=torch.Generator().manual_seed(0))
    x[:, 0] = torch.arange(ROWS)  # a row carries its number
    return TensorActivations(x, x[:50])


@given(st.sets(st.integers(0, ROWS - 1), min_size=1), st.integers(0, 99), st.integers(0, 99))
def test_a_filter_reads_the_kept_rows_and_no_others(kept, start, length) -> None:
    rows = np.array(sorted(kept))
    filtered = FilteredActivations(store(), rows)
    assert filtered.train_count == len(rows)
    stop = min(start + length, len(rows))
    np.testing.assert_array_equal(filtered.read("train", start, stop)[:, 0], rows[start:stop])
    assert len(filtered.read("held_out", 0, 50)) == 50


def test_an_epoch_of_a_filter_has_every_kept_row_once() -> None:
    rows = np.arange(0, ROWS, 3)[:300]
    filtered = FilteredActivations(store(), rows)
    batches = filtered.batches(30, seed=1)
    seen = torch.cat([next(batches)[:, 0] for _ in range(10)])
    batches.close()
    assert sorted(seen.int().tolist()) == rows.tolist()


@pytest.mark.parametrize("kept", [[], [3, 2], [4, 4]])
def test_a_filter_that_keeps_nothing_or_disorder_is_refused(kept) -> None:
    with pytest.raises(UserError, match="in their order and at least one"):
        FilteredActivations(store(), np.array(kept, dtype=int))


KEPT = st.sets(st.integers(0, ROWS - 1), min_size=1, max_size=20).map(sorted)


@given(KEPT, KEPT)
def test_keys_of_filters_are_equal_exactly_when_their_rows_are(one, two) -> None:
    whole = store()
    keys = [FilteredActivations(whole, np.array(kept)).key for kept in (one, two)]
    assert (keys[0] == keys[1]) == (one == two)
    assert whole.key not in keys


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 9))
def test_rows_are_whole_windows_that_hold_a_chosen_one(chosen, context) -> None:
    active = np.array(chosen)
    windows = windows_with(active, context)
    rows = rows_of(windows, context, len(active))
    assert set(np.flatnonzero(active)) <= set(rows)
    expected = [i for i in range(len(active))
                if active[i // context * context : (i // context + 1) * context].any()]  # fmt: skip
    assert rows.tolist() == expected
    assert as_many_at_random(windows, 0).sum() == windows.sum()


def test_a_features_activations_are_those_of_encode() -> None:
    activations = store()
    sae = L1(6, 9, 0.1, seed=0)
    initialise(sae, activations.sample(100), seed=0)
    found = feature_activations(sae, 4, activations)
    expected = sae.encode(torch.from_numpy(activations.read("train", 0, ROWS)))[:, 4]
    np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-5, atol=1e-4)


def test_a_filter_that_keeps_everything_costs_nothing() -> None:
    assert filtering_cost(1.0, 1000, 8, 64).reading == 0
    half, tenth = filtering_cost(0.5, 1000, 8, 64), filtering_cost(0.1, 1000, 8, 64)
    assert tenth.reading == pytest.approx(9 * half.reading)
    assert half.training == tenth.training == 12 * 8 * 64


def gaussian() -> TensorActivations:
    x = torch.randn(2000, 6, generator=torch.Generator().manual_seed(3))
    return TensorActivations(x, x[:50])


def test_a_silenced_feature_learns_nothing_and_the_others_learn_as_without_it() -> None:
    activations = gaussian()
    settings = FitSettings(steps=20, batch=64, learning_rate=1e-2, warmup=0)
    whole, without = L1(6, 8, 0.1, seed=1), L1(6, 7, 0.1, seed=1)
    initialise(whole, activations.sample(100), seed=1)
    keep = [0, 1, 2, 4, 5, 6, 7]
    with torch.no_grad():
        without.W_enc.copy_(whole.W_enc[:, keep])
        without.W_dec.copy_(whole.W_dec[keep])
        without.b_enc.copy_(whole.b_enc[keep])
        without.b_dec.copy_(whole.b_dec)
    start = {name: value.detach().clone() for name, value in whole.named_parameters()}
    before = ablate(whole, 3)
    for sae in (whole, without):
        fit(sae, activations, settings, **CPU)
    restore(whole, before)
    assert torch.equal(whole.W_enc[:, 3], start["W_enc"][:, 3])
    torch.testing.assert_close(whole.W_dec[3], start["W_dec"][3])
    assert whole.b_enc[3] == start["b_enc"][3]
    torch.testing.assert_close(whole.W_dec[keep], without.W_dec, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(whole.b_dec, without.b_dec, rtol=1e-4, atol=1e-5)


def test_no_such_feature_can_be_silenced() -> None:
    with pytest.raises(UserError, match="features 0 to 7"):
        ablate(L1(6, 8, 0.1), 8)


def test_copies_are_those_of_a_tiling_and_only_their_rows_are_reset() -> None:
    narrow, wide = L1(6, 4, 0.1, seed=0), L1(6, 12, 0.1, seed=1)
    tile(wide, narrow, noise=0.0)
    family = copies(12, 4, 2)
    assert family.tolist() == [2, 6, 10]
    for member in family:
        torch.testing.assert_close(wide.W_dec[member], narrow.W_dec[2])
    before = wide.W_dec.detach().clone(), wide.W_enc.detach().clone()
    reset_rows(wide, family, seed=5)
    others = [f for f in range(12) if f not in family]
    assert torch.equal(wide.W_dec[others], before[0][others])
    assert torch.equal(wide.W_enc, before[1])
    torch.testing.assert_close(wide.W_dec.norm(dim=1), torch.ones(12))
    assert (wide.W_dec[family] - before[0][family]).norm(dim=1).min() > 0.1
