"""Token purity: which token a feature belongs to, and where a pattern's tokens are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Integer, UInt8
from scipy import sparse

from lib.text.tokenizers import whole_characters

WORD = re.compile(rb"[a-zA-Z]+")


def words_of(row: UInt8[np.ndarray, " S"]) -> list[str]:
    """The words of a text in small letters, without the last if the text breaks off in it."""
    text = row.tobytes()
    return [m[0].decode("ascii").lower() for m in WORD.finditer(text) if m.end() < len(text)]


def activation_mass(
    codes: sparse.csr_array, labels: Integer[np.ndarray, " N"], kinds: int
) -> sparse.csr_array:
    """The summed activation of each feature on each label, [F, kinds].

    Args:
        codes: [N, F], a row for each position.
        labels: of the positions, 0 to `kinds` - 1: a word, a token, a kind of place.
    """
    rows = np.arange(len(labels))
    one_hot = sparse.csr_array((np.ones(len(labels)), (rows, labels)), shape=(len(labels), kinds))
    return sparse.csr_array(codes.T @ one_hot)


class TokenPurity(NamedTuple):
    """Purity of each feature: the share of its activation on its best label."""

    purity: Float[np.ndarray, " F"]
    """Share of the feature's summed activation on its label; 0 for a silent feature."""
    label: Int[np.ndarray, " F"]
    """The label."""
    active: Int[np.ndarray, " F"]
    """On how many positions the feature is active."""


def token_purity(
    codes: sparse.csr_array,
    labels: Integer[np.ndarray, " N"],
    kinds: int,
    assigned: Int[np.ndarray, " F"] | None = None,
) -> TokenPurity:
    """The purity of features [N, F] for labels of positions, such as the token or the one before.

    Args:
        kinds: how many labels there are.
        assigned: a label for each feature, chosen on other text; None: the best on this one.
    """
    mass = activation_mass(codes, labels, kinds)
    best = np.asarray(mass.argmax(axis=1)).ravel() if assigned is None else assigned
    total = np.asarray(mass.sum(axis=1)).ravel()
    share = np.asarray(mass[np.arange(len(total)), best]).ravel() / np.where(total > 0, total, 1)
    return TokenPurity(share, best, np.asarray((codes > 0).sum(axis=0)).ravel())


class Matches(NamedTuple):
    """Where a pattern ends."""

    positions: Int[np.ndarray, " n"]
    """Index of the token that holds the last character of each match."""
    found: list[str]
    """The pattern's first group in each match."""


def find_tokens(pattern: str, tokens: Integer[np.ndarray, " N"], strings: Sequence[str]) -> Matches:
    """Matches of a regular expression in the text of `tokens`, as token positions.

    Args:
        pattern: with at least one group.
        strings: the text of each token id.
    """
    pieces = whole_characters(strings[token] for token in tokens.tolist())
    ends = np.cumsum([len(piece) for piece in pieces])
    matches = list(re.finditer(pattern, "".join(pieces)))
    last = np.array([match.end() - 1 for match in matches], dtype=np.int64)
    return Matches(np.searchsorted(ends, last, side="right"), [match[1] for match in matches])


class Detection(NamedTuple):
    """How well one feature marks some positions."""

    purity: float
    """Share of its activation that falls on them."""
    recall: float
    """Share of them on which it is active; both NaN where there is none."""


def detection(activation: Float[np.ndarray, " N"], positions: Int[np.ndarray, " n"]) -> Detection:
    """Purity and recall of one feature's activations for some positions."""
    if not len(positions):
        return Detection(float("nan"), float("nan"))
    here = activation[positions]
    total = activation.sum()
    return Detection(float(here.sum() / total) if total > 0 else 0.0, float((here > 0).mean()))


def best_detector(codes: sparse.csr_array, positions: Int[np.ndarray, " n"]) -> int:
    """The feature with the largest harmonic mean of purity and recall for some positions."""
    here = codes[positions]
    total = np.asarray(codes.sum(axis=0)).ravel()
    purity = np.asarray(here.sum(axis=0)).ravel() / np.where(total > 0, total, 1)
    recall = np.asarray((here > 0).sum(axis=0)).ravel() / max(1, len(positions))
    both = purity + recall
    return int(np.argmax(2 * purity * recall / np.where(both > 0, both, 1)))
