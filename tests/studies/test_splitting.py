"""The rule of a split finds planted splits and nothing where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import sparse, stats
from sklearn.metrics import roc_auc_score

from lib.studies.splitting.split_rule import (
    Half,
    average_ranks,
    choose,
    judge_split,
    lead_share,
    leaders,
    permuted_splits,
    purity,
    scores,
    token_feature,
)

CLASSES = range(3)
N, F = 240, 40


def labels_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 5, N)


def half_of(kind: str, seed: int) -> Half:
    """Codes of a dictionary of a kind at contexts of five classes, three of which are asked."""
    rng = np.random.default_rng(seed)
    labels = labels_of(seed)
    codes = rng.random((N, F)) * (rng.random((N, F)) < 0.1)
    everywhere = 1 + rng.random(N)
    if kind in ("narrow", "one"):
        codes[:, 7] = everywhere
    if kind in ("split", "impure"):
        for label in range(5):
            codes[:, 10 + label] = (labels == label) * everywhere
    if kind == "one":
        codes[:, 10] = (labels == 0) * everywhere
    if kind == "shared":  # one feature for two classes
        codes[:, 10] = (labels <= 1) * everywhere
    if kind == "weak":  # the right order, but less than three times as high
        codes[:, 10] = 1 + (labels == 0)
        codes[:, 11] = 1 + (labels == 1)
    return Half(sparse.csr_array(codes), labels, np.full(F, 0.1 if kind == "impure" else 0.9))


def judged(kind: str, old: float = 1.0):
    return judge_split(half_of(kind, 1), half_of(kind, 2), np.full(N, old), CLASSES)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("split", 3),
        ("narrow", 0),
        ("random", 0),
        ("one", 1),
        ("shared", 1),
        ("weak", 0),
        ("impure", 0),
    ],
)
def test_only_a_planted_split_is_one(kind: str, parts: int) -> None:
    found = judged(kind)
    assert found.parts == parts
    assert found.split == (parts >= 2)


def test_the_old_feature_must_cover_what_has_split() -> None:
    assert not judged("split", old=0.0).split
    labels = labels_of(2)
    only_first = judge_split(half_of("split", 1), half_of("split", 2), 1.0 * (labels == 0), CLASSES)
    assert only_first.passed.tolist() == [True, False, False]


def test_purity_is_the_share_of_all_activation() -> None:
    rng = np.random.default_rng(0)
    text = rng.random((5000, 4)) * (rng.random((5000, 4)) < 0.3)
    inside = rng.random(5000) < 0.1
    text[inside, 1] = 0
    text[~inside, 2] = 0
    text[:, 3] = 0
    codes, elsewhere = sparse.csr_array(text[inside]), sparse.csr_array(text[~inside])
    found = purity(codes, elsewhere, inside.mean())
    assert found[0] == pytest.approx(text[inside, 0].sum() / text[:, 0].sum())
    assert found[1:].tolist() == [0, 1, 0]


def test_random_directions_do_not_split_what_they_tell_apart() -> None:
    """Rectified random directions of vectors whose classes lie far apart."""
    rng = np.random.default_rng(0)
    middles, directions = 6 * rng.standard_normal((5, 64)), rng.standard_normal((64, 2000))

    def half(seed: int) -> Half:
        labels = labels_of(seed)
        here = middles[labels] + np.random.default_rng(seed).standard_normal((N, 64))
        there = 6 * np.random.default_rng(seed + 1).standard_normal((4000, 64))
        codes, beside = (sparse.csr_array((x @ directions).clip(0)) for x in (here, there))
        return Half(codes, labels, purity(codes, beside, 0.01))

    first, second = half(1), half(2)
    blind = [one._replace(purity=np.ones(2000)) for one in (first, second)]
    assert judge_split(*blind, np.ones(N), CLASSES).split
    assert not judge_split(first, second, np.ones(N), CLASSES).split


def test_shuffled_classes_do_not_split() -> None:
    first, second = half_of("split", 1), half_of("split", 2)
    found = permuted_splits(first, second, np.ones(N), CLASSES, times=20, seed=0)
    assert len(found) == 20
    assert not any(split.split for split in found)


def test_shuffling_together_is_shuffling_one_by_one() -> None:
    first, second = half_of("split", 0), half_of("split", 1)
    found = permuted_splits(first, second, np.ones(N), CLASSES, times=5, seed=3)
    rng = np.random.default_rng(3)
    for split in found:
        drawn = [half._replace(labels=rng.permutation(half.labels)) for half in (first, second)]
        alone = judge_split(*drawn, np.ones(N), CLASSES)
        for one, other in zip(split, alone, strict=True):
            np.testing.assert_array_equal(one, other)


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=9),
        elements=st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.0]),
    )
)
def test_ranks_of_codes_are_those_of_scipy(codes: np.ndarray) -> None:
    found = average_ranks(sparse.csr_array(codes))
    np.testing.assert_array_equal(found, stats.rankdata(codes, axis=0))


def test_what_was_chosen_by_chance_is_not_confirmed() -> None:
    """Many features and few contexts: one always looks good where it was chosen."""
    rng = np.random.default_rng(0)
    halves = []
    for _ in range(2):
        codes = rng.random((60, 3000)) * (rng.random((60, 3000)) < 0.5)
        halves.append(Half(sparse.csr_array(codes), rng.integers(0, 4, 60), np.ones(3000)))
    best = choose(halves[0], CLASSES)
    where_chosen = scores(halves[0].codes[:, best], halves[0].labels, CLASSES).auc.diagonal()
    found = judge_split(*halves, np.ones(60), CLASSES)
    assert where_chosen.mean() > np.nanmean(found.auc) + 0.1
    assert found.parts == 0


def test_small_classes_are_not_judged() -> None:
    first, second = half_of("split", 1), half_of("split", 2)
    few = np.where(second.labels == 1, 4, second.labels)
    few[np.flatnonzero(second.labels == 1)[:9]] = 1
    found = judge_split(first, second._replace(labels=few), np.ones(N), CLASSES)
    assert np.isnan(found.auc[1])
    assert not found.passed[1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_auc_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (50, 6)) * rng.random((1, 6))
    labels = rng.integers(0, 3, 50)
    found = scores(sparse.csr_array(codes), labels, CLASSES)
    for label in CLASSES:
        inside = labels == label
        if not 0 < inside.sum() < 50:
            continue
        for feature in range(6):
            expected = roc_auc_score(inside, codes[:, feature])
            assert found.auc[label, feature] == pytest.approx(expected)
            means = codes[inside, feature].mean(), codes[~inside, feature].mean()
            if means[1] > 0:
                assert found.ratio[label, feature] == pytest.approx(means[0] / means[1])


def test_some_columns_score_as_in_the_whole() -> None:
    half = half_of("split", 3)
    whole = scores(half.codes, half.labels, CLASSES)
    part = scores(half.codes[:, [11, 3]], half.labels, CLASSES)
    np.testing.assert_array_equal(part.auc, whole.auc[:, [11, 3]])


def test_leaders_count_features() -> None:
    one = np.zeros((8, 5))
    one[:, 2] = 1
    assert leaders(sparse.csr_array(one)) == pytest.approx(1)
    four = np.tile(np.eye(5)[:4], (2, 1))
    assert leaders(sparse.csr_array(four)) == pytest.approx(4)
    assert np.isnan(leaders(sparse.csr_array((8, 5))))


def test_a_lead_allows_for_ties() -> None:
    codes = sparse.csr_array([[1.0, 1.2, 0], [1.0, 2.0, 0], [0, 0, 1.0], [0, 0, 0]])
    assert lead_share(codes, [0]) == 0.25
    assert lead_share(codes, [0], slack=1.0) == 0.0
    assert lead_share(codes, [0, 1]) == 0.5


def test_the_feature_of_a_token_is_found_and_its_rivals_counted() -> None:
    rng = np.random.default_rng(0)
    positions = np.arange(0, 400, 10)
    labels = np.arange(40) % 2
    codes = rng.random((400, 6)) * (rng.random((400, 6)) < 0.05)
    codes[positions, 4] += 2
    both = (sparse.csr_array(codes), sparse.csr_array(codes))
    found = token_feature(both, (positions, positions), labels, range(2))
    assert (found.feature, found.rivals, found.cover) == (4, 1, 1.0)
    assert found.purity > 0.8
    codes[positions, 5] += 1
    both = (sparse.csr_array(codes), sparse.csr_array(codes))
    assert token_feature(both, (positions, positions), labels, range(2)).rivals == 2
