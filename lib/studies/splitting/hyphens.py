"""Hyphen classes: hyphens in a text of tokens, by the kind of word before each.

A causal language model knows at the hyphen what stands before it and not what follows. So the class
of a hyphen is a function of the text before it: "3-point" and the range "3-5" are one class. Only
whether a word follows at all is asked of the text behind; a hyphen before a space or a line's end
is no compound and counts as "other".

Byte-pair encodings after GPT-2, our own and that of gelu-1l, part text into runs of letters, of
digits, of spaces and of other characters before they merge. So a hyphen between two words is always
the token "-", never part of a longer one; " -", "--" and "-)" are other tokens and no hyphens here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int, Integer

from lib.core.errors import UserError
from lib.text.tokenizers import whole_characters

HYPHEN = "-"
TOKENS_BEFORE = 16
"""Tokens before a hyphen that the rule may look at: longer words are found whole with these."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COUNT = _words(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion zero single double triple quadruple dual multi many several
    half quarter bi tri uni mono poly
    """
)
"""Words of how many."""
PREFIX = _words(
    """
    anti auto co counter cross de dis ex extra hyper il im in infra inter intra ir macro mega
    meta micro mid mini mis neo non out over para post pre pro proto pseudo quasi re self semi
    sub super supra trans ultra un under
    """
)
"""Parts that hardly stand alone, and "self", "cross", "mid", "over" and "under" with them; "in" and
"out" as well, which are prepositions at times."""
ADVERB = _words(
    """
    best better ever ill much never now often once soon still well
    """
)
"""Adverbs without the ending -ly."""
NO_ADVERB = _words(
    """
    ally anomaly apply assembly belly bully butterfly comply costly curly daily deadly early
    elderly family fly friendly holy hourly imply italy jelly july lonely lovely melancholy
    monopoly monthly only orderly rally rely reply supply tally ugly weekly yearly
    """
)
"""Words that end in -ly and are something else."""
ADJECTIVE = _words(
    """
    active bad big black blue bottom bright broad central clean clear closed cold common cool
    dark dead deep dense dry easy empty equal external fair false fast final fine first flat
    free fresh full general good great green hard heavy high hot human internal keen large last
    late least left light little live local long loose lost loud low lower main middle modern
    most narrow near new old open plain poor positive pure quick rapid rare raw read real red
    rich right rough round same second sharp short simple slow small smooth soft solid sparse
    special standard steep strong sweet tall thick thin third tight top true upper warm weak wet
    white whole wide wild wise wrong young
    """
)
"""Common adjectives, ordinals and superlatives."""

COMPOUNDS = ("count", "number", "prefix", "adverb", "adjective")
"""Kinds of compounds for which a dictionary may have a feature of its own: the deciding classes."""
CLASSES = (*COMPOUNDS, "letter", "name", "word", "chain", "code", "other")
"""All classes; each hyphen is in one."""

_WORD = re.compile(r"([^\W\d_]+|\d+)\Z")
_CODE = re.compile(r"[\w./\\=<>:@#$%&+*~^|]\Z")


def hyphen_class(before: str, after: str) -> str:
    """The class of a hyphen from the text before it, and whether a word follows.

    ==========  =====================================================================
    count       a word of how many: "two-", "multi-", "single-"
    number      digits that begin after a space or a bracket: "8-"
    prefix      "non-", "sub-", "re-"
    adverb      "newly-", "well-"
    adjective   "long-", "high-", "first-"
    letter      a single letter: "n-", "T-"
    name        another word with a capital: "Anglo-"
    word        any other word: "user-"
    chain       a part behind another hyphen: the last one of "state-of-the-art", of a date
    code        a word glued to a dot, an underscore, a sign of calculation
    other       no word before it, or none after it
    ==========  =====================================================================
    """
    found = _WORD.search(before)
    if not found or not re.match(r"[^\W_]", after):
        return "other"
    word, rest = found[1], before[: found.start()]
    lower = word.lower()
    if rest.endswith(HYPHEN):
        return "chain"
    if _CODE.search(rest):
        return "code"
    if word.isdigit():
        return "number"
    if len(word) == 1:
        return "letter"
    for name, words in (("count", COUNT), ("prefix", PREFIX), ("adjective", ADJECTIVE)):
        if lower in words:
            return name
    if lower in ADVERB or (lower.endswith("ly") and len(lower) > 3 and lower not in NO_ADVERB):
        return "adverb"
    return "name" if word[0].isupper() else "word"


class Hyphens(NamedTuple):
    """Every hyphen of a text, in order."""

    positions: Int[np.ndarray, " N"]
    """Where its token stands."""
    labels: Int[np.ndarray, " N"]
    """Its class, as an index of `CLASSES`."""
    words: list[str]
    """The word before it, in lower case; "" where there is none."""


def find_hyphens(tokens: Integer[np.ndarray, " N"], strings: Sequence[str]) -> Hyphens:
    """All tokens that are a hyphen and nothing else, with their classes.

    Args:
        tokens: a text.
        strings: the text of each token id.
    Raises:
        UserError: the vocabulary has no token "-".
    """
    positions = np.flatnonzero(tokens == hyphen_token(strings))
    labels, words = [], []
    for position in positions.tolist():
        near = tokens[max(0, position - TOKENS_BEFORE) : position + 2].tolist()
        pieces = whole_characters(strings[token] for token in near)
        here = min(position, TOKENS_BEFORE)
        before, after = "".join(pieces[:here]), "".join(pieces[here + 1 :])
        labels.append(CLASSES.index(hyphen_class(before, after)))
        found = _WORD.search(before)
        words.append(found[1].lower() if found else "")
    return Hyphens(positions, np.array(labels, dtype=np.int64), words)


def hyphen_token(strings: Sequence[str]) -> int:
    """The id of the token "-".

    Raises:
        UserError: there is none, or more than one.
    """
    found = [token for token, text in enumerate(strings) if text == HYPHEN]
    if len(found) != 1:
        raise UserError(
            f"a hyphen must be one token of the vocabulary, but {len(found)} tokens are "
            f"{HYPHEN!r}: choose a byte-pair encoding whose pieces are letters or signs, not both."
        )
    return found[0]


class RuleCheck(NamedTuple):
    """The rule against labels that were given by hand."""

    right: int
    """Phrases whose class the rule finds."""
    total: int
    wrong: list[tuple[str, str, str]]
    """(phrase, by hand, by rule) of the others."""


def check_rule(sample: Sequence[tuple[str, str]]) -> RuleCheck:
    """How often `hyphen_class` agrees with labels by hand.

    Args:
        sample: (phrase, class); the hyphen in question is the phrase's only "|", which stands for
            it.
    """
    wrong = []
    for phrase, label in sample:
        before, _, after = phrase.partition("|")
        found = hyphen_class(before.replace("|", HYPHEN), after)
        if found != label:
            wrong.append((phrase.replace("|", HYPHEN), label, found))
    return RuleCheck(len(sample) - len(wrong), len(sample), wrong)
