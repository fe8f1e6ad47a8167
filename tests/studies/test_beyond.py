"""Chapter 6's own analysis against plain references: curves, readings, pairs, nested, watched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse, special

from lib.activations.store import TensorActivations
from lib.core import paths
from lib.core.device import Machine
from lib.sae.autoencoders import L1, TopK, load_sae, save_sae
from lib.sae.optimisation import FitSettings
from lib.studies.beyond.firings import Cell, explained, fit_curve, often_twins, shuffled
from lib.studies.beyond.nested import NestedL1, classes_before, family
from lib.studies.beyond.reading import (
    MOST_APART,
    find_places,
    frequent_words,
    matched_pairs,
    rank_correlations,
    reading,
    toward,
)
from lib.studies.beyond.watched import watched_ensemble


def planted(top: float, slope: float, half: float, seed: int = 0, n: int = 20_000) -> Cell:
    rng = np.random.default_rng(seed)
    firings = np.exp(rng.normal(6, 2, n)).round()
    chance = top * special.expit(slope * (np.log1p(firings) - np.log1p(half)))
    return Cell(firings, rng.random(n) < chance)


@pytest.mark.parametrize(("top", "slope", "half"), [(0.6, 2.0, 400), (0.95, 1.0, 50)])
def test_a_planted_curve_is_found_again(top: float, slope: float, half: float) -> None:
    found = fit_curve(planted(top, slope, half))
    assert found.top == pytest.approx(top, abs=0.03)
    assert found.slope == pytest.approx(slope, rel=0.15)
    assert found.half == pytest.approx(half, rel=0.2)
    assert found.at(np.array([found.half]))[0] == pytest.approx(found.top / 2)


def test_the_deviance_is_that_of_its_features_one_by_one() -> None:
    cell = planted(0.7, 1.5, 300, n=3_000)
    found = fit_curve(cell)
    p = found.at(cell.firings)
    plain = -2 * np.log(np.where(cell.twin, p, 1 - p)).sum()
    assert found.deviance == pytest.approx(plain, rel=0.01)


def test_one_curve_explains_what_it_can_and_no_more() -> None:
    same = [planted(0.8, 2.0, 300, seed) for seed in range(4)]
    apart = [planted(0.8, 2.0, half, seed) for seed, half in enumerate((20, 20_000))]
    assert explained(same) > 0.99
    assert explained(shuffled(same, 0)) < 0.1
    assert explained(apart) < 0.8
    nothing = [Cell(cell.firings, np.zeros(len(cell.twin), bool)) for cell in same]
    assert np.isnan(explained(nothing))
    assert np.isnan(often_twins(Cell(np.ones(3), np.ones(3, bool))))


TEXT = np.frombuffer(
    b"Once a little dog saw the little cat. It ran to a litter and the little dog sat." * 30,
    dtype=np.uint8,
)


def test_words_are_found_where_they_are() -> None:
    words = frequent_words(TEXT, 2)
    assert words == ["little", "litter"]
    places = find_places(TEXT, words)
    assert (places.labels == 0).sum() == 3 * 30 * len("little")
    assert bytes(TEXT[places.blanks]) == b" " * len(places.blanks)
    assert {int(one) for one in places.follows} == {0, 1}


def test_a_reader_of_letters_has_no_excess_and_a_reader_of_words_has() -> None:
    places = find_places(TEXT, ["little", "litter"])
    text = TEXT.copy()
    letter = (text == ord("i")) & (np.roll(text, 1) == ord("l"))  # "li" in both words
    word = (places.labels == 0) & letter
    codes = sparse.csr_array(np.stack([letter, word, 0 * word], 1).astype(float))
    found = reading(codes, TEXT, places)
    assert found.purity[:, 0] == pytest.approx([0.75, 1.0, 0.0])
    assert found.excess[0] == pytest.approx([0.0, 0.0], abs=0.02)
    # Of its three places, letters decide the two after "the", and half of the one after "a".
    assert found.excess[1, 0] == pytest.approx(1 - 2.5 / 3, abs=0.02)


def test_the_difference_of_means_points_to_its_word() -> None:
    follows = np.array([0, 0, 1, 1, 2, 2])
    activations = torch.eye(3)[[0, 0, 1, 1, 2, 2]]
    rows = toward(activations, follows, 4)
    assert rows[:3].argmax(1).tolist() == [0, 1, 2]
    assert rows[3].norm() == 0


def test_rank_correlations_are_word_by_word() -> None:
    effect = np.arange(20.0).reshape(10, 2)
    measure = np.stack([effect[:, 0], -effect[:, 1]], 1)
    assert rank_correlations(measure, effect) == pytest.approx([1, -1])
    assert rank_correlations(0 * measure, effect) == pytest.approx([0, 0])


def test_pairs_are_alike_in_frequency_and_used_once() -> None:
    rng = np.random.default_rng(0)
    firings, stable = np.exp(rng.normal(5, 2, 200)).round(), rng.random(200) < 0.3
    pairs = matched_pairs(firings, stable)
    assert len(np.unique(pairs)) == pairs.size
    assert stable[pairs[:, 0]].all()
    assert not stable[pairs[:, 1]].any()
    ratio = firings[pairs[:, 0]] / firings[pairs[:, 1]]
    assert (np.abs(np.log(ratio)) <= np.log(MOST_APART) + 1e-9).all()
    assert matched_pairs(firings, np.zeros(200, bool)).shape == (0, 2)


def test_a_nested_dictionary_pays_twice_for_what_the_inner_part_leaves() -> None:
    torch.manual_seed(0)
    x = torch.randn(50, 8)
    nested, plain = NestedL1(8, 24, 0.1, inner=6, seed=3), L1(8, 24, 0.1, seed=3)
    inner = L1(8, 6, 0.1, seed=3)
    with torch.no_grad():
        inner.W_dec.copy_(nested.W_dec[:6])
        inner.W_enc.copy_(nested.W_enc[:, :6])
    expected = plain.loss(x).total + inner.loss(x).reconstruction
    assert nested.loss(x).total.item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_nested_dictionary_is_read_as_it_was_written(tmp_path: Path) -> None:
    nested = NestedL1(8, 24, 0.1, inner=6)
    save_sae(nested, tmp_path)
    again = load_sae(tmp_path)
    assert isinstance(again, NestedL1)
    assert again.key == nested.key


def test_firings_are_counted_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    vectors = torch.randn(512, 8, generator=torch.Generator().manual_seed(0))
    data = TensorActivations(vectors, vectors[:10])
    saes = [L1(8, 16, 0.1, seed=1), L1(8, 24, 0.1, seed=2), TopK(8, 16, 3, seed=3)]
    start = [(sae.encode(vectors) > 0).sum(0) for sae in saes]
    still = FitSettings(steps=8, batch=128, learning_rate=1e-12, warmup=0)
    machine = Machine(torch.device("cpu"), "fp32")
    found = watched_ensemble(saes, data, still, machine, steps=[4, 99])
    assert found.steps == [4, 8]
    for fired, once, rows, sae in zip(
        found.firings, start, found.directions, found.saes, strict=True
    ):
        assert (fired[0] == once).all()  # four batches are every vector once
        assert (fired[1] == 2 * once).all()
        assert torch.allclose(rows[-1], sae.W_dec)


def half(seed: int, silent: bool) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """A broad feature on all marks, two finer ones; the broad one may be silent under the first."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, 200)
    codes = np.zeros((400, 6))
    codes[:200, 0] = 1 + rng.random(200)
    codes[:200, 1], codes[:200, 2] = 2.0 * (labels == 0), 2.0 * (labels == 1)
    if silent:
        codes[:200, 0] *= labels != 0
    codes[200:, 5] = 1
    return sparse.csr_array(codes), np.arange(200), np.where(labels == 2, -1, labels)


def test_absorption_is_the_parents_silence_under_its_child() -> None:
    for silent in (False, True):
        both = [half(seed, silent) for seed in (1, 2)]
        codes, places, labels = zip(*both, strict=True)
        found = family(codes, places, labels, 2)
        assert (found.parent, found.children, found.parts) == (0, [1, 2], 2)
        assert found.silent == 0
        on = [(label == 0).sum() / (label >= 0).sum() for label in labels]
        assert found.absorbed == pytest.approx(on[1] if silent else 0)


def test_classes_are_the_tokens_before_a_mark() -> None:
    text = np.array([1, 9, 2, 9, 1, 9] * 20 + [3, 9])
    classes, places, labels = classes_before([text, text], 9)
    assert classes == [1, 2]
    assert (text[places[0]] == 9).all()
    assert labels[0][-1] == -1
