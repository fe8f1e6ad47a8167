"""What features read of some words, and what they would write; pairs alike in frequency."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from scipy import optimize, sparse, stats
from torch import Tensor

from lib.analysis.tokens import WORD, activation_mass

OPEN = rb" (?:a|the) "
"""What stands before a place where a noun or an adjective is open."""
LETTERS = 4
"""Letters that a reader of letters sees: the last ones, the present one among them."""
SHORTEST = 4
"""Letters of a word that is steered to, at least."""
HARM = 0.05
"""Nats by which the guess at the next letter has moved where steering is judged."""
MOST_APART = 1.1
"""The largest ratio of the frequencies of a pair."""


def frequent_words(text: UInt8[np.ndarray, " N"], count: int) -> list[str]:
    """The words of at least `SHORTEST` small letters that most often follow "a" or "the"."""
    pattern = OPEN + rb"([a-z]{%d,})[^a-zA-Z]" % SHORTEST
    found = Counter(match[1] for match in re.finditer(pattern, text.tobytes()))
    ranked = sorted(found, key=lambda word: (-found[word], word))
    return [word.decode("ascii") for word in ranked[:count]]


class Places(NamedTuple):
    """Where some words stand in a text of bytes."""

    labels: Int[np.ndarray, " N"]
    """For each character the word that it is a letter of, or the number of words for none."""
    blanks: Int[np.ndarray, " m"]
    """Positions of the blanks after "a" and "the"."""
    follows: Int[np.ndarray, " m"]
    """Which of the words follows each blank, or their number for none."""


def find_places(text: UInt8[np.ndarray, " N"], words: list[str]) -> Places:
    """Where the words are, in small or capital letters."""
    index = {word: number for number, word in enumerate(words)}
    content, none = text.tobytes(), len(words)
    labels = np.full(len(text), none, dtype=np.int64)
    for match in WORD.finditer(content):
        labels[match.start() : match.end()] = index.get(match[0].decode().lower(), none)
    ends = [m.end() for m in re.finditer(OPEN, content) if m.end() < len(content)]
    after = np.array(ends, dtype=np.int64)
    return Places(labels, after - 1, labels[after])


class Reading(NamedTuple):
    """What each of F features reads of each of W words."""

    purity: Float[np.ndarray, "F W"]
    """Share of its activation on letters of the word; 0 for a silent feature."""
    excess: Float[np.ndarray, "F W"]
    """By how much that is more than a reader of the last `LETTERS` letters would have."""


def reading(codes: sparse.csr_array, text: UInt8[np.ndarray, " N"], places: Places) -> Reading:
    """Purities of features, beside those of a feature that sees nothing but letters.

    That one is active as strongly wherever the same letters are the last: what it has of a word is
    the word's share of the places with these letters.

    Args:
        codes: [N, F], a row for each character.
    """
    kinds = int(places.labels.max(initial=0)) + 1
    mass = activation_mass(codes, places.labels, kinds).toarray()
    total = np.maximum(mass.sum(1, keepdims=True), 1e-30)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.concatenate([np.zeros(LETTERS - 1, np.uint8), text]), LETTERS
    )
    _, context = np.unique(windows, axis=0, return_inverse=True)
    count = np.bincount(context, minlength=context.max() + 1)
    one = np.ones(len(text))
    table = sparse.csr_array((one, (context, places.labels)), shape=(len(count), kinds))
    chance = sparse.diags_array(1 / count) @ table
    expected = (activation_mass(codes, context, len(count)) @ chance).toarray() / total
    return Reading((mass / total)[:, :-1], (mass / total - expected)[:, :-1])


def toward(
    activations: Float[Tensor, "m D"], follows: Int[np.ndarray, " m"], words: int
) -> Float[Tensor, "W D"]:
    """The difference of means of each word, of length one: its blanks less all blanks.

    Zeros for a word that follows nowhere.
    """
    means = []
    for word in range(words):
        own = torch.from_numpy(follows == word)
        difference = activations[own].mean(0) - activations.mean(0)
        means.append(torch.nan_to_num(difference))
    return torch.nn.functional.normalize(torch.stack(means), dim=1)


def rank_correlations(
    measure: Float[np.ndarray, "F W"], effect: Float[np.ndarray, "F W"]
) -> Float[np.ndarray, " W"]:
    """Spearman's correlation over features, word by word; 0 where the measure does not vary."""
    found = []
    for one, other in zip(measure.T, effect.T, strict=True):
        varies = np.ptp(one) > 0 and np.ptp(other) > 0
        found.append(float(stats.spearmanr(one, other).statistic) if varies else 0.0)
    return np.array(found)


def matched_pairs(
    firings: Float[np.ndarray, " F"], stable: Bool[np.ndarray, " F"]
) -> Int[np.ndarray, "pairs 2"]:
    """Pairs of a stable feature and another one that fired about as often, each used once.

    As many pairs of at most `MOST_APART` times the frequency as there can be, and of these the
    nearest: stable features fire more often, and looser pairs would leave some of that in.
    """
    alive = firings > 0
    one, other = np.flatnonzero(stable & alive), np.flatnonzero(~stable & alive)
    apart = np.abs(np.log(firings[one])[:, None] - np.log(firings[other])[None])
    limit = np.log(MOST_APART)
    cost = np.where(apart <= limit, apart, 1e3 * limit)
    rows, columns = optimize.linear_sum_assignment(cost)
    near = apart[rows, columns] <= limit
    return np.stack([one[rows[near]], other[columns[near]]], axis=1)
