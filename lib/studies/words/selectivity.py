"""Which feature belongs to which word, chosen on one text and confirmed on another.

The definitions follow study 1: words are maximal runs of ASCII letters, lower-cased, and a
feature is end-selective for the word on whose last letters most of its activation falls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from lib.analysis.tokens import WORD, activation_mass


class Words(NamedTuple):
    """The words of a byte text."""

    vocabulary: list[str]
    """Distinct words, lower-cased, by falling frequency."""
    labels: np.ndarray
    """[n] index into the vocabulary, an entry for each occurrence."""
    starts: np.ndarray
    """[n] position of the first letter."""
    ends: np.ndarray
    """[n] position of the last letter."""

    @property
    def counts(self) -> np.ndarray:
        """Occurrences of each word in the vocabulary, [W]."""
        return np.bincount(self.labels, minlength=len(self.vocabulary))


def find_words(tokens: np.ndarray) -> Words:
    """Finds every word of a text of bytes, [N] uint8.

    A word that touches the first or the last byte is left out: it may be a fragment.
    """
    text = np.asarray(tokens, dtype=np.uint8).tobytes()
    spans = [m.span() for m in WORD.finditer(text) if m.start() > 0 and m.end() < len(text)]
    found = [text[start:end].decode("ascii").lower() for start, end in spans]
    distinct, labels, counts = np.unique(found, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    starts, stops = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return Words([str(word) for word in distinct[order]], rank[labels], starts, stops - 1)


def find_words_in_windows(windows: np.ndarray) -> Words:
    """Every run of letters in each window by itself, [n, T] uint8; positions count on, row by row.

    What a window's edge cuts off counts as a word here. `find_words` on running text is right; this
    is how study 1 counted, to see what that does.
    """
    n, length = windows.shape
    apart = np.concatenate([windows, np.zeros((n, 1), dtype=np.uint8)], axis=1)
    words = find_words(np.concatenate([np.zeros(1, dtype=np.uint8), apart.ravel()]))
    starts, ends = words.starts - 1, words.ends - 1
    return words._replace(starts=starts - starts // (length + 1), ends=ends - ends // (length + 1))


def permute_within_length(words: Words, seed: int) -> Words:
    """The null in which words say nothing: labels change places among words of equal length.

    Frequencies, positions and lengths stay as they were.
    """
    rng = np.random.default_rng(seed)
    labels = words.labels.copy()
    lengths = words.ends - words.starts
    for length in np.unique(lengths):
        where = np.flatnonzero(lengths == length)
        labels[where] = labels[rng.permutation(where)]
    return words._replace(labels=labels)


class EndSelectivity(NamedTuple):
    """How far each of F features belongs to the last letter of one word."""

    best_word: list[str]
    """The word on whose last letters the feature has most of its mass."""
    purity: np.ndarray
    """[F] share of the feature's mass that lies there."""
    recall: np.ndarray
    """[F] share of that word's occurrences at whose last letter it is active."""
    mass: np.ndarray
    """[F] sum of the feature's activation over the whole text."""
    occurrences: np.ndarray
    """[F] how often the word occurs in this text."""


def end_selectivity(
    codes: sparse.csr_array, words: Words, assigned: list[str] | None = None
) -> EndSelectivity:
    """Purity and recall of each feature for its best word, or for a word assigned before.

    Args:
        codes: [N, F], one row for each character of the text in which `words` were found.
        assigned: a word for each feature, chosen on other text; None chooses here.
    """
    features = codes.shape[1]
    at_ends = codes[words.ends]
    kinds = max(1, len(words.vocabulary))
    mass_on_word = activation_mass(at_ends, words.labels, kinds)
    fires_on_word = activation_mass(at_ends.astype(bool), words.labels, kinds)
    total = np.asarray(codes.sum(axis=0)).ravel()

    if assigned is None:
        best = np.asarray(mass_on_word.argmax(axis=1)).ravel()
        known = np.asarray(mass_on_word.max(axis=1).todense()).ravel() > 0
    else:
        index = {word: i for i, word in enumerate(words.vocabulary)}
        best = np.array([index.get(word, 0) for word in assigned])
        known = np.array([word in index for word in assigned])
    rows = np.arange(features)
    on_best = np.asarray(mass_on_word[rows, best]).ravel() * known
    fired = np.asarray(fires_on_word[rows, best]).ravel() * known
    occurrences = words.counts[best] * known
    return EndSelectivity(
        best_word=[words.vocabulary[w] if ok else "" for w, ok in zip(best, known, strict=True)],
        purity=np.divide(on_best, total, out=np.zeros(features), where=total > 0),
        recall=np.divide(fired, occurrences, out=np.zeros(features), where=occurrences > 0),
        mass=total,
        occurrences=occurrences,
    )


class SelectivityRule(NamedTuple):
    """What makes a feature end-selective; purity and the two minima are study 1's own.

    The study set no recall, so that one lucky occurrence in a thousand could count.
    """

    purity: float = 0.75
    recall: float = 0.5
    mass: float = 20.0
    occurrences: int = 10

    def holds(self, s: EndSelectivity) -> np.ndarray:
        """[F] which features pass on this text."""
        return (
            (s.purity >= self.purity)
            & (s.recall >= self.recall)
            & (s.mass >= self.mass)
            & (s.occurrences >= self.occurrences)
        )


class ConfirmedFeatures(NamedTuple):
    """Features that belong to a word on the choosing text and still do on the other."""

    features: np.ndarray
    """[n] feature numbers."""
    words: list[str]
    """[n] the word of each."""
    labels: np.ndarray
    """[n] the words as indices into the confirming text's vocabulary."""
    share: np.ndarray
    """[n] purity on the confirming text."""
    chosen: int
    """How many features passed on the choosing text."""


def confirm_end_selective(
    choosing: tuple[sparse.csr_array, Words],
    confirming: tuple[sparse.csr_array, Words],
    rule: SelectivityRule | None = None,
) -> ConfirmedFeatures:
    """Chooses (feature, word) pairs on one text and keeps those that pass again on the other.

    A pair found and counted on the same text is circular: with thousands of features, some pass
    on a short text by chance.
    """
    rule = rule or SelectivityRule()
    chosen = end_selectivity(*choosing)
    passed = rule.holds(chosen)
    again = end_selectivity(*confirming, assigned=chosen.best_word)
    features = np.flatnonzero(passed & rule.holds(again))
    found = [chosen.best_word[f] for f in features]
    index = {word: i for i, word in enumerate(confirming[1].vocabulary)}
    labels = np.array([index[word] for word in found], dtype=np.int64)
    return ConfirmedFeatures(features, found, labels, again.purity[features], int(passed.sum()))
