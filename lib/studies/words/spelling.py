"""Spelling: how many of the words that a model writes are real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

from lib.analysis.tokens import WORD, words_of


def vocabulary_of(tokens: np.ndarray, occurrences: int = 2) -> dict[str, int]:
    """The words of a text of bytes that occur at least so often, in small letters, with counts."""
    text = np.asarray(tokens, dtype=np.uint8).tobytes().lower()
    counts = Counter(WORD.findall(text))
    return {word.decode("ascii"): n for word, n in counts.items() if n >= occurrences}


class Spelling(NamedTuple):
    """How many of the written words are words."""

    real: np.ndarray
    """[...] words that the vocabulary has, per continuation."""
    words: np.ndarray
    """[...] words in all, per continuation."""

    def share(self) -> np.ndarray:
        """Real words among all words, over the last axis; NaN where nothing was written."""
        words = self.words.sum(-1)
        return np.divide(
            self.real.sum(-1), words, out=np.full(words.shape, np.nan), where=words > 0
        )


def spelling(written: UInt8[np.ndarray, "*A S"], vocabulary: Collection[str]) -> Spelling:
    """Counts the words of each continuation that stand in `vocabulary`, and all of them."""
    rows = [words_of(row) for row in written.reshape(-1, written.shape[-1])]
    shape = written.shape[:-1]
    real = np.array([sum(word in vocabulary for word in row) for row in rows]).reshape(shape)
    return Spelling(real, np.array([len(row) for row in rows]).reshape(shape))
