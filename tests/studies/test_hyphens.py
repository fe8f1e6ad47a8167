"""The rule that sorts hyphens, and where it finds them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.errors import UserError
from lib.studies.splitting.hyphen_sample import SAMPLE
from lib.studies.splitting.hyphens import (
    ADJECTIVE,
    ADVERB,
    CLASSES,
    COUNT,
    NO_ADVERB,
    PREFIX,
    check_rule,
    find_hyphens,
    hyphen_class,
    hyphen_token,
)
from lib.text.tokenizers import BPETokenizer


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("I am a multi", "millionaire", "count"),
        ("A 3", "point landing", "number"),
        ("encapsulated the long", "standing liberal", "adjective"),
        ("the newly", "built", "adverb"),
        ("(non", "zero", "prefix"),
        ("the early", "morning", "word"),  # -ly, and no adverb
        ("an n", "dimensional", "letter"),
        ("Anglo", "Saxon", "name"),
        ("user", "defined", "word"),
        ("state-of-the", "art", "chain"),
        ("2019-01", "02", "chain"),
        ("self.two", "x", "code"),
        ("v2", "beta", "code"),
        ("two", " and three", "other"),
        ("pre", "\nwar", "other"),
        (") ", "x", "other"),
        ("", "x", "other"),
    ],
)
def test_classes(before: str, after: str, expected: str) -> None:
    assert hyphen_class(before, after) == expected


@given(st.text(max_size=30), st.text(max_size=5))
def test_every_hyphen_has_one_class_and_what_follows_hardly_matters(before, after) -> None:
    found = hyphen_class(before, after)
    assert found in CLASSES
    # The model cannot see what follows: only whether a word does may count.
    assert hyphen_class(before, "x" + after) == hyphen_class(before, "7")


def test_the_word_lists_do_not_overlap() -> None:
    lists = (COUNT, PREFIX, ADVERB, ADJECTIVE, NO_ADVERB)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))


def test_the_rule_agrees_with_labels_by_hand() -> None:
    found = check_rule(SAMPLE)
    assert found.total == len(SAMPLE) >= 60
    assert {label for _, label in SAMPLE} == set(CLASSES)
    assert all(phrase.count("|") == 1 for phrase, _ in SAMPLE)
    assert found.right / found.total >= 0.9
    assert found.right + len(found.wrong) == found.total


def test_a_rule_that_says_nothing_is_seen_to_fail() -> None:
    shuffled = [(phrase, SAMPLE[-1 - i][1]) for i, (phrase, _) in enumerate(SAMPLE)]
    found = check_rule(shuffled)
    assert found.right / found.total < 0.5


TEXT = "A multi-millionaire -- and a 3-point plan - has non-zero\nwell-\nknown x=-1. " * 20


def test_hyphens_of_a_tokenised_text_are_those_of_the_text() -> None:
    tokenizer = BPETokenizer.train([TEXT], 300)
    tokens = tokenizer.encode(TEXT)
    strings = [tokenizer.decode([token]) for token in range(tokenizer.vocab_size)]
    found = find_hyphens(tokens, strings)
    names = [CLASSES[label] for label in found.labels[:4]]
    assert names == ["count", "number", "prefix", "other"]
    assert found.words[:4] == ["multi", "3", "non", "well"]
    assert (tokens[found.positions] == hyphen_token(strings)).all()
    # A dash between spaces, a double one and a sign before a digit are other tokens.
    assert len(found.positions) == 20 * 4


def test_a_vocabulary_without_a_hyphen_is_refused() -> None:
    with pytest.raises(UserError, match="one token of the vocabulary"):
        find_hyphens(np.array([0, 1]), ["a", "a-"])
