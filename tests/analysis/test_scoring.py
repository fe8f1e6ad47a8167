"""The interpretability score: planted lists score high, noise scores zero, unseen is unseen."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import f1_score, matthews_corrcoef

from lib.analysis import scoring
from lib.analysis.scoring import (
    NONE,
    View,
    best_lists,
    context_views,
    document_halves,
    rule_in_words,
    score_features,
    shuffled,
    switched_on,
)
from lib.core.errors import UserError

STRINGS = [f" w{i}" for i in range(30)] + ["ing", "ring", " Tom", "7", "12", "\n"]
RNG = np.random.default_rng(0)
LENGTH = 6000
TOKENS = RNG.integers(0, len(STRINGS), LENGTH).astype(np.uint8)
STARTS = np.arange(0, LENGTH, 100)
VIEWS = context_views(TOKENS, STRINGS, STARTS)
FITTING = document_halves(LENGTH, STARTS)


def on_of(*columns: np.ndarray) -> sparse.csc_array:
    return sparse.csc_array(np.column_stack(columns).astype(float))


def scored(*columns: np.ndarray, **options):
    return score_features(on_of(*columns), VIEWS, FITTING, **options)


def noise(share: float = 0.05, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random(LENGTH) < share


def test_planted_lists_score_one_and_are_named() -> None:
    before = VIEWS[1].labels
    found = scored(
        np.isin(TOKENS, [3]),
        np.isin(TOKENS, [3, 5, 8]),
        np.isin(before, [2, 9]),
        np.isin(VIEWS[2].labels, [4]),
        np.isin(TOKENS, [30, 31]),  # the ending "ing"
    )
    np.testing.assert_allclose(found.score, 1.0)
    np.testing.assert_allclose(found.precision, 1.0)
    np.testing.assert_allclose(found.recall, 1.0)
    assert [VIEWS[v].name for v in found.view[:4]] == [
        "token", "token", "token before", "token two before",
    ]  # fmt: skip
    assert set(found.terms[1]) == {3, 5, 8, -1}
    assert rule_in_words(found, 0, VIEWS) == "token: “ w3”"


def test_noise_and_shuffled_features_score_zero() -> None:
    planted = on_of(np.isin(TOKENS, [3, 5]), np.isin(VIEWS[1].labels, [2]))
    null = score_features(shuffled(planted, FITTING), VIEWS, FITTING)
    random = scored(*(noise(seed=s) for s in range(20)))
    assert np.abs(null.score).max() < 0.08
    assert abs(random.score.mean()) < 0.02
    assert (random.fitted > random.score).mean() > 0.9  # choosing alone is worth something


def test_a_list_longer_than_the_rule_scores_less() -> None:
    tokens = [np.isin(TOKENS, range(n)) for n in (4, 8, 16)]
    found = scored(*tokens).score
    np.testing.assert_allclose(found[:2], 1.0)
    assert found[2] < 0.75
    assert scored(tokens[1], terms=2).score[0] < 0.6


def test_the_judging_half_is_not_seen() -> None:
    """Whatever stands in the judging half, the rule stays the same."""
    feature = np.isin(TOKENS, [3, 5])
    other = np.where(FITTING, feature, np.isin(TOKENS, [7]))
    honest, crossed = scored(feature), scored(other)
    np.testing.assert_array_equal(honest.terms, crossed.terms)
    assert honest.fitted[0] == crossed.fitted[0] == pytest.approx(1.0)
    assert crossed.score[0] < 0.01


def test_scores_do_not_depend_on_how_many_are_judged_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = [noise(0.02 * s, s) | np.isin(TOKENS, [s]) for s in range(1, 8)]
    whole = scored(*columns)
    monkeypatch.setattr(scoring, "FEATURES_AT_ONCE", 3)
    for one, other in zip(whole, scored(*columns), strict=True):
        np.testing.assert_array_equal(one, other)


@given(seed=st.integers(0, 200), terms=st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_lists_are_the_best_of_all(seed: int, terms: int) -> None:
    """Against every list there is, by scikit-learn's F1 and Matthews' correlation."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 5, 120)
    feature = rng.random(120) < rng.random(5)[labels]
    views = [View("label", labels, list("abcde"))]
    fitting = np.arange(120) < 60
    found = score_features(on_of(feature), views, fitting, terms=terms, minimum=1)
    if np.isnan(found.score[0]):
        assert not feature[fitting].any() or not feature[~fitting].any()
        return
    says = np.isin(labels, found.terms[0])
    every = [
        f1_score(feature[fitting], np.isin(labels[fitting], some))
        for size in range(1, terms + 1)
        for some in combinations(range(5), size)
    ]
    assert f1_score(feature[fitting], says[fitting]) == pytest.approx(max(every))
    for value, half in ((found.fitted, fitting), (found.score, ~fitting)):
        expected = matthews_corrcoef(feature[half], says[half])
        assert value[0] == pytest.approx(expected, abs=1e-6)


def test_nothing_fits_a_feature_that_is_never_on() -> None:
    lists = best_lists(np.zeros((4, 2)), np.ones(4), np.zeros(2), 3)
    assert (lists == -1).all()


def test_features_with_too_few_examples_are_not_judged() -> None:
    few = np.zeros(LENGTH)
    few[np.flatnonzero(FITTING)[:5]] = 1
    found = scored(few, np.isin(TOKENS, [1]))
    assert np.isnan(found.score[0])
    assert found.score[1] == pytest.approx(1.0)


def test_no_features_have_no_scores() -> None:
    found = score_features(on_of(TOKENS == 1)[:, :0], VIEWS, FITTING)
    assert found.score.shape == (0,)
    assert found.terms.shape == (0, scoring.TERMS)


def test_halves_are_whole_documents_and_about_equal() -> None:
    starts = np.sort(RNG.choice(np.arange(1, LENGTH), 40, replace=False))
    starts[0] = 0
    for seed in range(5):
        first = document_halves(LENGTH, starts, seed)
        cut = np.flatnonzero(np.diff(first.astype(int))) + 1
        assert set(cut) <= set(starts)
        assert 0.35 < first.mean() < 0.65
    long = document_halves(1000, np.array([0, 990]))
    assert 0 < long.sum() < 1000
    with pytest.raises(UserError, match="at least two"):
        document_halves(100, np.array([0]))


@given(share=st.floats(0.01, 0.9), seed=st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_dense_directions_are_on_as_often_as_asked(share: float, seed: int) -> None:
    dense = np.random.default_rng(seed).standard_normal((LENGTH, 2)) + 5
    dense[:, 1] = np.where(noise(0.005, seed), 1.0, 0.0)  # sparser than any share asked for
    on = switched_on(dense, FITTING, share)
    known = on.toarray()[FITTING]
    assert known[:, 0].sum() == int(share * FITTING.sum())
    np.testing.assert_array_equal(on.toarray()[:, 1], dense[:, 1])
    assert dense[:, 0][on.toarray()[:, 0] == 0].max() <= dense[:, 0][on.toarray()[:, 0] > 0].min()


def test_without_a_share_on_means_above_zero() -> None:
    dense = RNG.standard_normal((LENGTH, 3))
    np.testing.assert_array_equal(switched_on(dense, FITTING).toarray(), dense > 0)


def test_views_stop_at_a_documents_beginning() -> None:
    views = {
        view.name: view for view in context_views(np.array([30, 1, 32, 34]), STRINGS, STARTS[:1])
    }
    before = views["token before"]
    assert [before.words[i] for i in before.labels] == [NONE, "ing", " w1", " Tom"]
    two = views["token two before"]
    assert [two.words[i] for i in two.labels] == [NONE, NONE, "ing", " w1"]
    of = lambda name: [views[name].words[i] for i in views[name].labels]
    assert of("ending") == ["ing", " w1", "tom", "12"]
    assert of("beginning") == ["in", "w1", "to", "12"]
    assert of("shape") == ["a", " a0", " Aa", "0"]


def test_texts_that_do_not_fit_are_named() -> None:
    on = on_of(TOKENS == 1)
    with pytest.raises(UserError, match="of one text"):
        score_features(on[:50], VIEWS, FITTING)
    with pytest.raises(UserError, match="0 positions"):
        score_features(on, VIEWS, np.zeros(LENGTH, dtype=bool))
