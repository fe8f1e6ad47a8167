"""Mid-word features: the study's measures, and the null that knows letters only."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from lib.studies.words.mid_word import (
    MidWordRule,
    beyond_letters,
    concentration,
    confirm_mid_word,
    contexts,
    letter_null,
    mid_word,
    places,
    position_mix,
)
from lib.studies.words.selectivity import find_words


def text_of(words: list[str]) -> np.ndarray:
    return np.frombuffer((" " + " ".join(words) + ".").encode(), dtype=np.uint8)


def drawn(lexicon: list[str], n: int, seed: int) -> np.ndarray:
    return text_of(list(np.random.default_rng(seed).choice(lexicon, n)))


def column(n: int, positions: np.ndarray, value: float = 1.0) -> sparse.csr_array:
    values = np.full(len(positions), value)
    return sparse.csr_array((values, (positions, np.zeros_like(positions))), shape=(n, 1))


@given(st.lists(st.text("abcXYZ", min_size=1, max_size=6), min_size=1, max_size=20))
def test_mid_word_positions_are_those_between_first_and_last_letter(lexicon):
    text = text_of(lexicon)
    mid = mid_word(find_words(text))
    expected = [
        (word.start() + i, word[0].decode().lower())
        for word in re.finditer(rb"[a-zA-Z]+", text.tobytes())
        for i in range(1, len(word[0]) - 1)
    ]
    found = [(p, mid.vocabulary[w]) for p, w in zip(mid.positions, mid.labels, strict=True)]
    assert found == expected
    assert (np.bincount(places(text, find_words(text)), minlength=3)[0]) == len(expected)


def test_places_are_letters_inside_letters_at_the_edge_and_the_rest():
    text = np.frombuffer(b" a cat, I", dtype=np.uint8)
    assert places(text, find_words(text)).tolist() == [2, 1, 2, 1, 0, 1, 2, 2, 1]


def test_position_mix_sorts_planted_features_and_calls_shuffled_ones_mixed():
    text = drawn(["little", "and", "kitten", "a"], 2000, 0)
    place = places(text, find_words(text))
    planted = sparse.hstack([column(len(text), np.flatnonzero(place == p)) for p in (0, 0, 1, 2)])
    mix = position_mix(sparse.csr_array(planted), place)
    assert mix[:4] == (0.5, 0.25, 0.25, 0.0)
    rng = np.random.default_rng(0)
    place = rng.permutation(np.repeat([0, 1, 2], [40, 35, 25]).repeat(len(text) // 100 + 1))
    shuffled = sparse.random_array((len(place), 30), density=0.2, rng=rng, format="csr") * 5
    assert position_mix(shuffled, place).mixed == 1.0


def test_concentration_of_one_word_and_of_equal_shares():
    text = drawn(["little", "kitten", "rabbit", "basket"], 4000, 1)
    mid = mid_word(find_words(text))
    one = mid.positions[mid.labels == mid.vocabulary.index("rabbit")]
    codes = sparse.hstack([column(len(text), one), column(len(text), mid.positions)], format="csr")
    found = concentration(codes, mid)
    assert mid.vocabulary[found.word[0]] == "rabbit"
    assert found.share[0] == 1
    assert (found.gini[0], found.entropy[0], found.second_share[0]) == (1, 0, 0)
    # Words of equal length and nearly equal counts.
    assert found.gini[1] < 0.05
    assert found.entropy[1] > 0.99
    assert found.share[1] == pytest.approx(0.25, abs=0.03)
    assert found.firings.tolist() == [len(one), len(mid.positions)]


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=12))
def test_gini_is_the_mean_absolute_difference(masses):
    """Half the mean absolute difference over the mean: the definition, by its double sum."""
    lexicon = [f"a{chr(98 + i)}{chr(98 + i)}a" for i in range(len(masses))]
    text = text_of(lexicon)
    mid = mid_word(find_words(text))
    own = dict(zip(lexicon, masses, strict=True))
    values = [own[mid.vocabulary[w]] for w in mid.labels]
    codes = sparse.csr_array((values, (mid.positions, np.zeros(len(values), int))), (len(text), 1))
    x = np.array(masses)
    expected = np.abs(x[:, None] - x).mean() / (2 * x.mean())
    assert concentration(codes, mid).gini[0] == pytest.approx(expected, abs=1e-9)


def test_contexts_are_the_last_letters_whatever_the_capitals():
    text = np.frombuffer(b"xab Ab ab", dtype=np.uint8)
    two = contexts(text, np.array([2, 5, 8]), 2)
    assert len(set(two)) == 1
    three = contexts(text, np.array([2, 5, 8]), 3)
    assert three[0] != three[1] == three[2]
    assert contexts(text, np.array([0]), 3).tolist() == [0]
    with pytest.raises(ValueError, match="between 1 and 8"):
        contexts(text, np.array([0]), 9)


SIBLINGS = ["kitten", "kitchen", "little", "litter", "bottle", "settle", "garden", "gardener"]


def null_of(knows_word: bool, seed: int = 0):
    """A feature of "little" at its letters, or of the letters "itt" wherever they stand."""
    text = drawn(SIBLINGS, 3000, seed)
    mid = mid_word(find_words(text))
    context = contexts(text, mid.positions, 3)
    if knows_word:
        at = mid.positions[mid.labels == mid.vocabulary.index("little")]
    else:
        joined = text.tobytes()
        at = np.array([p for p in mid.positions if joined[p - 2 : p + 1] == b"itt"])
    codes = column(len(text), at)
    return letter_null(codes, mid, context, concentration(codes, mid).word), codes, mid


def test_letters_explain_a_letter_feature_and_not_a_word_feature():
    null, codes, mid = null_of(knows_word=False)
    assert null.expected[0] == pytest.approx(concentration(codes, mid).share[0])
    assert null.p_value[0] > 0.05
    null, _, _ = null_of(knows_word=True)
    assert null.expected[0] < 0.8
    assert null.p_value[0] < 1e-6


def test_the_null_is_the_mean_of_moving_activations_among_equal_contexts():
    rng = np.random.default_rng(3)
    text = drawn(SIBLINGS, 300, 3)
    mid = mid_word(find_words(text))
    context = contexts(text, mid.positions, 3)
    active = rng.permutation(len(mid.positions))[:80]
    codes = column(len(text), mid.positions[active])
    word = np.array([mid.vocabulary.index("litter")])
    shares = []
    for _ in range(400):
        moved = [rng.choice(np.flatnonzero(context == context[a])) for a in active]
        shares.append((mid.labels[moved] == word[0]).mean())
    expected = letter_null(codes, mid, context, word).expected[0]
    assert expected == pytest.approx(np.mean(shares), abs=4 * np.std(shares) / 20)


def test_features_are_confirmed_on_other_text_and_silent_ones_never():
    rule = MidWordRule(firings=20)
    parts = []
    for seed in (4, 5):
        text = drawn(SIBLINGS, 3000, seed)
        mid = mid_word(find_words(text))
        own = column(len(text), mid.positions[mid.labels == mid.vocabulary.index("little")])
        # A feature of "settle" on one text and of "bottle" on the other.
        word = "settle" if seed == 4 else "bottle"
        other = column(len(text), mid.positions[mid.labels == mid.vocabulary.index(word)])
        spread = column(len(text), mid.positions[::3])
        silent = sparse.csr_array((len(text), 1))
        codes = sparse.hstack([own, other, spread, silent], format="csr")
        parts.append((codes, mid))
    found = confirm_mid_word(*parts, rule)
    assert found.words == ["little"]
    assert found.features.tolist() == [0]
    assert (found.chosen, found.searched) == (2, 3)
    codes, mid = parts[1]
    half_more = lambda expected: 1.5 * expected
    held = lambda codes, mid, n: beyond_letters(
        codes, mid, contexts(text, mid.positions, n), found, half_more
    )
    more = {n: held(codes, mid, n) for n in (1, 3)}
    assert more[1].more.tolist() == more[3].more.tolist() == [True]
    assert more[1].expected < more[3].expected
    # Only before the last letter, where five letters leave one word and three leave several.
    joined = text.tobytes()
    before_last = [p for p in mid.positions if joined[p - 4 : p + 1] == b"littl"]
    late = [(column(len(text), np.array(before_last)), mid)] * 2
    found = confirm_mid_word(*late, rule)
    more = {n: held(*late[0], n) for n in (3, 5)}
    assert more[3].more.tolist() == [True]
    assert more[5].more.tolist() == [False]
    found = confirm_mid_word(*parts, MidWordRule(firings=10**6))
    assert len(held(codes, mid, 3).more) == 0
