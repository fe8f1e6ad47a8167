"""Words and their features: planted features are found, nulls are not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lib.analysis.statistics import bootstrap_mean, mean_interval, share_interval
from lib.studies.words.selectivity import (
    SelectivityRule,
    confirm_end_selective,
    end_selectivity,
    find_words,
    find_words_in_windows,
    permute_within_length,
)

STORY = (
    b" The little dog saw a little cat. The dog ran, and the cat, little as it was, "
    b"played in a garden by the summer window. "
)


def as_tokens(text: bytes) -> np.ndarray:
    return np.frombuffer(text, dtype=np.uint8)


def planted_codes(tokens: np.ndarray, word: str, features: int = 6, seed: int = 0):
    """Feature 2 fires on the last letter of `word` and hardly elsewhere; the others at random."""
    rng = np.random.default_rng(seed)
    words = find_words(tokens)
    codes = (rng.random((len(tokens), features)) < 0.05) * rng.random((len(tokens), features))
    codes[:, 2] *= 0.02
    is_word = words.labels == words.vocabulary.index(word)
    codes[words.ends[is_word], 2] = 3.0
    return sparse.csr_array(codes), words


def test_words_are_found_where_they_stand():
    words = find_words(as_tokens(STORY))
    for label, start, end in zip(words.labels, words.starts, words.ends, strict=True):
        assert STORY[start : end + 1].decode().lower() == words.vocabulary[label]
    assert words.vocabulary[:2] == ["the", "little"]
    assert words.counts[:2].tolist() == [4, 3]


def test_words_at_the_edges_are_left_out():
    assert find_words(as_tokens(b"tle dog ran ho")).vocabulary == ["dog", "ran"]


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_letters_only(text):
    words = find_words(as_tokens(text.encode("utf-8", "surrogatepass")))
    assert all(word.isascii() and word.isalpha() for word in words.vocabulary)
    assert len(words.labels) == len(words.starts) == len(words.ends)


def test_permutation_keeps_lengths_and_frequencies():
    words = find_words(as_tokens(STORY * 3))
    shuffled = permute_within_length(words, seed=1)
    assert shuffled.counts.tolist() == words.counts.tolist()
    assert not np.array_equal(shuffled.labels, words.labels)
    lengths = words.ends - words.starts + 1
    assert all(
        len(words.vocabulary[label]) == n for label, n in zip(shuffled.labels, lengths, strict=True)
    )


def test_a_planted_word_feature_is_found_with_its_purity():
    codes, words = planted_codes(as_tokens(STORY * 20), "little")
    found = end_selectivity(codes, words)
    assert found.best_word[2] == "little"
    assert found.purity[2] > 0.95
    assert found.recall[2] == 1.0
    assert found.occurrences[2] == 60
    dense = codes.toarray()
    ends = words.ends[words.labels == words.vocabulary.index("little")]
    assert found.purity[2] == pytest.approx(dense[ends, 2].sum() / dense[:, 2].sum())


def test_planted_features_are_confirmed_and_nulls_are_not():
    choosing = planted_codes(as_tokens(STORY * 20), "little", seed=1)
    confirming = planted_codes(as_tokens(STORY * 20), "little", seed=2)
    found = confirm_end_selective(choosing, confirming)
    assert found.features.tolist() == [2]
    assert found.words == ["little"]
    permuted = [(c, permute_within_length(w, 3)) for c, w in (choosing, confirming)]
    assert len(confirm_end_selective(*permuted).features) == 0
    other_word = planted_codes(as_tokens(STORY * 20), "cat", seed=2)
    assert len(confirm_end_selective(choosing, other_word).features) == 0


def test_a_feature_that_caught_one_occurrence_is_not_enough():
    tokens = as_tokens(STORY * 20)
    codes, words = planted_codes(tokens, "little")
    lucky = codes.tolil()
    lucky[:, 2] = 0
    first = words.ends[words.labels == words.vocabulary.index("little")][0]
    lucky[first, 2] = 50.0
    assert end_selectivity(lucky.tocsr(), words).purity[2] == 1.0
    assert not SelectivityRule().holds(end_selectivity(lucky.tocsr(), words))[2]


def test_silent_features_have_no_word():
    words = find_words(as_tokens(STORY))
    found = end_selectivity(sparse.csr_array((len(STORY), 3)), words)
    assert found.best_word == ["", "", ""]
    assert found.purity.tolist() == [0, 0, 0]


def test_intervals_cover_and_one_value_decides_nothing():
    assert mean_interval([1.0, 2.0, 3.0]).low == pytest.approx(2 - 2.484, abs=0.01)
    assert mean_interval([5.0]).low == -np.inf
    assert mean_interval([0.0, 1.0], minimum=0.0).low == 0
    wilson = share_interval(8, 10)
    assert (wilson.low, wilson.high) == pytest.approx((0.490, 0.943), abs=0.001)
    boot = bootstrap_mean(np.arange(100.0))
    assert boot.low < boot.mean == 49.5 < boot.high


def test_windows_make_fragments_and_count_an_occurrence_again_and_again():
    text = np.frombuffer(b"the cat sat", dtype=np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(text, 6)
    words = find_words_in_windows(windows)
    rows = windows.ravel().tobytes()
    found = [words.vocabulary[w] for w in words.labels]
    cut = [rows[a : b + 1].decode() for a, b in zip(words.starts, words.ends, strict=True)]
    assert found == cut
    assert found[:4] == ["the", "ca", "he", "cat"]
    assert found.count("cat") == 4
    assert {"he", "e", "ca", "at", "sat", "sa", "s"} <= set(found)
