"""Feature labels by rule: the five kinds that study 3 found by eye.

Every position of a text either is of a kind or is not. A feature gets a kind's name if most of its
strongest examples are of that kind on one part of the text, and on another part again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Integer
from scipy import sparse

from lib.analysis.examples import document_of, top_examples
from lib.text.tokenizers import whole_characters

KINDS = ("opening", "moral", "exclamation", "-ing verb", "object")
NONE = ""
"""The label of a feature that no rule names."""
EXAMPLES = 10
SHARE = 0.7
"""Of the examples that must be of a kind."""

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*[\"”’']*|\n+")
_MORAL = re.compile(r"\b(?:moral|lesson|learn(?:ed|t|s)?|remember(?:ed|s)?)\b", re.IGNORECASE)
_ING = re.compile(r"\b[A-Za-z]{2,}ing\b")
_NO_VERB = re.compile(
    r"(?:some|any|every|no)?thing|[mM]orning|[eE]vening|k?ring|king|wing|s(?:pr|tr|w)?ing|sting|"
    r"bring|[dD]uring|darling|duckling|sibling|ceiling|pudding|wedding|building|clothing",
)
# A noun without adjectives: behind an article or possessive, before what cannot be its noun.
_OBJECT = re.compile(
    r"\b(?:a|an|the|his|her|their|its|my|your|our|some)\s+([a-z]{2,})"
    r"(?=\s*[.,!?;:]|\s+(?:and|or|but|in|on|at|to|with|from|for|of|by|into|under|near|that|was|is|"
    r"were|are|had|has|so|when|because)\b)",
    re.IGNORECASE,
)


def position_kinds(
    tokens: Integer[np.ndarray, " N"],
    strings: Sequence[str],
    starts: Int[np.ndarray, " documents"],
) -> dict[str, Bool[np.ndarray, " N"]]:
    """For each kind, whether each position of a text is of it.

    - opening: in the first sentence of its document;
    - moral: in a sentence with "moral", "lesson", "learn" or "remember";
    - exclamation: in a sentence that ends with "!";
    - -ing verb: part of a word that ends in -ing, nouns such as "morning" left out;
    - object: part of a noun that stands alone behind an article or a possessive.

    Args:
        strings: the text of each token id.
        starts: where each document begins.
    """
    pieces = whole_characters(strings[token] for token in tokens.tolist())
    ends = np.cumsum([len(piece) for piece in pieces])
    text = "".join(pieces)
    flags = {kind: np.zeros(len(text) + 1, dtype=bool) for kind in KINDS}
    begins = {int(ends[start - 1]) if start else 0 for start in starts.tolist()}
    opening = False
    for match in _SENTENCE.finditer(text):
        part = slice(*match.span())
        # A document that begins within a match of blank lines begins with what follows it.
        opening = opening or any(place in begins for place in range(*match.span()))
        if match[0].strip():
            flags["opening"][part] = opening
            opening = False
            flags["moral"][part] = bool(_MORAL.search(match[0]))
            flags["exclamation"][part] = match[0].rstrip("\"”’'").endswith("!")
    for match in _ING.finditer(text):
        flags["-ing verb"][slice(*match.span())] = not _NO_VERB.fullmatch(match[0])
    for match in _OBJECT.finditer(text):
        flags["object"][slice(*match.span(1))] = True
    # A token is of a kind if its last character is: tokens begin with the space before a word.
    last = np.maximum(ends - 1, 0)
    return {kind: flag[last] for kind, flag in flags.items()}


class Labels(NamedTuple):
    """The names of some features."""

    label: list[str]
    """One of `KINDS`, or `NONE`."""
    share: Float[np.ndarray, " n"]
    """Of the strongest examples on the confirming text that are of that kind; 0 without one."""


def label_features(
    codes: sparse.csc_array,
    features: Sequence[int],
    kinds: dict[str, Bool[np.ndarray, " N"]],
    choosing: Bool[np.ndarray, " N"],
    starts: Int[np.ndarray, " documents"],
    *,
    examples: int = EXAMPLES,
    share: float = SHARE,
) -> Labels:
    """The kind that most of a feature's strongest examples are of, on two parts of a text.

    Of several, the one with the larger share where it is chosen, then the rarer one. A feature with
    fewer than `examples` examples on either part, each from another document, has no name.

    Args:
        codes: [N, F], by columns.
        choosing: positions, whole documents of them, to choose the kind on; it must hold on the
            others too.
    """
    documents = document_of(codes.shape[0], starts)
    flags = np.stack(list(kinds.values()))
    rarity = -flags.mean(axis=1)
    halves = []
    for half in (choosing, ~choosing):
        mask = sparse.dia_array((half[None].astype(codes.dtype), [0]), shape=(len(half),) * 2)
        part = sparse.csc_array(mask @ codes)
        found = top_examples(part, features, documents, examples)
        enough = [len(one.positions) == examples for one in found]
        shares = [flags[:, one.positions].mean(axis=1) if ok else np.zeros(len(flags))
                  for one, ok in zip(found, enough, strict=True)]  # fmt: skip
        halves.append(np.array(shares).reshape(len(found), len(flags)))
    label, confirmed = [], []
    for first, second in zip(*halves, strict=True):
        best = max(range(len(flags)), key=lambda k: (first[k], rarity[k]))
        named = first[best] >= share and second[best] >= share
        label.append(list(kinds)[best] if named else NONE)
        confirmed.append(second[best] if named else 0.0)
    return Labels(label, np.array(confirmed))
