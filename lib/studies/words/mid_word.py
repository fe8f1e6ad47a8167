"""Mid-word features: where in a word they act, and whether they know the word or its letters.

Study 1 looks at positions between the first and the last letter, and calls a feature selective when
its activation there is spread over few words. Letters alone can look so: whatever follows "litt" is
likely to be "little". The null here is a feature that sees the last letters and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse, special, stats

from lib.analysis.tokens import activation_mass
from lib.studies.words.selectivity import ConfirmedFeatures, Words

FALSE_DISCOVERIES = 0.05
"""Share of wrong ones that is tolerated among the features found to know more than letters."""


class MidWord(NamedTuple):
    """The positions of a text that lie between the first and the last letter of a word."""

    positions: np.ndarray
    """[M] into the text, rising."""
    labels: np.ndarray
    """[M] the word there, an index into the vocabulary."""
    occurrence: np.ndarray
    """[M] which occurrence of a word it belongs to."""
    vocabulary: list[str]


def mid_word(words: Words) -> MidWord:
    """Every position start + 1 .. end - 1 of the words with three letters or more."""
    inner = np.maximum(words.ends - words.starts - 1, 0)
    occurrence = np.repeat(np.arange(len(inner)), inner)
    first = np.repeat(np.cumsum(inner) - inner, inner)
    positions = words.starts[occurrence] + 1 + np.arange(len(occurrence)) - first
    return MidWord(positions, words.labels[occurrence], occurrence, words.vocabulary)


def word_ends(words: Words, length: int) -> MidWord:
    """Every position of a text: the word whose last letter stands there, or "", which is no word.

    So a feature of words' ends is held against letters as one of their middles is.
    """
    everywhere = np.arange(length)
    labels = np.full(length, len(words.vocabulary))
    labels[words.ends] = words.labels
    return MidWord(everywhere, labels, everywhere, [*words.vocabulary, ""])


PLACES = ("internal", "boundary", "non-word")


def places(tokens: np.ndarray, words: Words) -> np.ndarray:
    """For each byte an index into `PLACES`: inside a word, its first or last letter, no letter.

    A word of one letter is all boundary; so is one that touches the edge of the text.
    """
    bytes_ = np.asarray(tokens)
    letter = ((bytes_ | 0x20) >= ord("a")) & ((bytes_ | 0x20) <= ord("z"))
    found = np.where(letter, 1, 2)
    found[mid_word(words).positions] = 0
    return found


class PositionMix(NamedTuple):
    """Share of a dictionary's features that act mostly in one kind of place; they sum to 1."""

    internal: float
    boundary: float
    non_word: float
    mixed: float
    """No kind of place has more than half of the feature's activation."""
    features: int
    """Features counted: those with enough activation."""


def position_mix(
    codes: sparse.csr_array, place: np.ndarray, minimum_mass: float = 20.0
) -> PositionMix:
    """Sorts features by where more than half of their activation falls.

    Args:
        codes: [N, F].
        place: [N], from `places`.
    """
    mass = activation_mass(codes, place, len(PLACES)).toarray()
    total = mass.sum(1)
    share = mass[total >= minimum_mass] / total[total >= minimum_mass, None]
    if not len(share):
        return PositionMix(0.0, 0.0, 0.0, 0.0, 0)
    kind = np.where(share.max(1) > 0.5, share.argmax(1), len(PLACES))
    shares = np.bincount(kind, minlength=len(PLACES) + 1) / len(share)
    return PositionMix(*map(float, shares), features=len(share))


class Concentration(NamedTuple):
    """How far each of F features keeps to few words inside words."""

    word: np.ndarray
    """[F] the word with most of the mass, an index; 0 where there is none."""
    share: np.ndarray
    """[F] that word's share of the mass inside words."""
    second: np.ndarray
    """[F] the next word, an index."""
    second_share: np.ndarray
    """[F]."""
    gini: np.ndarray
    """[F] over the words with any mass: 0 all alike, 1 one has all."""
    entropy: np.ndarray
    """[F] of the shares, relative to as many words all alike; 0 to 1."""
    firings: np.ndarray
    """[F] positions inside words at which the feature is active."""


def concentration(codes: sparse.csr_array, mid: MidWord) -> Concentration:
    """Study 1's three measures of a feature's activation over words, mid-word positions only.

    Args:
        codes: [N, F], one row for each character of the text.
    """
    inside = codes[mid.positions]
    mass = activation_mass(inside, mid.labels, len(mid.vocabulary))
    features = mass.shape[0]
    word, second = np.zeros(features, dtype=np.int64), np.zeros(features, dtype=np.int64)
    share, second_share, gini, entropy = np.zeros((4, features))
    for f in range(features):
        values = mass.data[mass.indptr[f] : mass.indptr[f + 1]]
        if not len(values) or values.sum() <= 0:
            continue
        order = np.argsort(values, kind="stable")
        rising = values[order] / values.sum()
        n = len(rising)
        columns = mass.indices[mass.indptr[f] : mass.indptr[f + 1]][order]
        word[f], share[f] = columns[-1], rising[-1]
        if n > 1:
            second[f], second_share[f] = columns[-2], rising[-2]
            entropy[f] = special.entr(rising).sum() / np.log(n)
        gini[f] = 2 * (np.arange(1, n + 1) @ rising) / n - (n + 1) / n if n > 1 else 1.0
    fired = np.bincount(inside.indices, minlength=features)
    return Concentration(word, share, second, second_share, gini, entropy, fired)


class MidWordRule(NamedTuple):
    """What makes a feature selective inside words; the numbers are study 1's.

    The study also asked for an activation above 1. Ours is counted from zero, because the unit of a
    code depends on the model and its dictionary.
    """

    gini: float = 0.5
    share: float = 0.15
    entropy: float = 0.5
    firings: int = 50

    def holds(self, c: Concentration) -> np.ndarray:
        """[F] which features pass."""
        return (
            (c.firings >= self.firings)
            & (c.gini >= self.gini)
            & (c.share >= self.share)
            & (c.entropy <= self.entropy)
        )


def contexts(tokens: np.ndarray, positions: np.ndarray, letters: int) -> np.ndarray:
    """For each position a number that stands for the last `letters` characters, its own included.

    Capital letters count as small ones. Before the text stand zeros.
    """
    if not 1 <= letters <= 8:
        raise ValueError(f"letters must be between 1 and 8; got {letters}")
    text = np.asarray(tokens, dtype=np.uint8)
    small = np.where((text >= ord("A")) & (text <= ord("Z")), text | 0x20, text)
    padded = np.concatenate([np.zeros(letters - 1, dtype=np.uint8), small]).astype(np.uint64)
    code = np.zeros(len(positions), dtype=np.uint64)
    for back in range(letters):
        code = (code << np.uint64(8)) | padded[positions + back]
    return np.unique(code, return_inverse=True)[1]


class LetterNull(NamedTuple):
    """A feature's share for its word beside what the last letters alone would give it."""

    expected: np.ndarray
    """[F] share of the mass that would fall on the word, knowing only letters."""
    p_value: np.ndarray
    """[F] of as many occurrences of the word, one-sided; 1 where it never fires."""


def letter_null(
    codes: sparse.csr_array, mid: MidWord, context: np.ndarray, word: np.ndarray
) -> LetterNull:
    """Moves every activation to a random mid-word position with the same last letters.

    The expectation of that is exact: an activation after the letters g lands on word w as often as
    mid-word positions with these letters belong to w. For the p-value each occurrence of a word
    counts once, because activations within one word follow from each other, with the mean chance of
    its active positions; it is that of a binomial with the mean over these occurrences.

    Args:
        codes: [N, F].
        context: [M] from `contexts`, of `mid.positions`.
        word: [F] the word of each feature, an index into `mid.vocabulary`.
    """
    groups, vocabulary = int(context.max(initial=0)) + 1, len(mid.vocabulary)
    pairs = sparse.csr_array(
        (np.ones(len(context)), (np.arange(len(context)), context)), shape=(len(context), groups)
    )
    chance = activation_mass(pairs, mid.labels, vocabulary)  # [G, W], counts
    per_context = np.maximum(np.asarray(chance.sum(1)).ravel(), 1)
    of_word = sparse.csr_array((sparse.diags_array(1 / per_context) @ chance).T)[word]  # [F, G]

    inside = codes[mid.positions]
    mass = activation_mass(inside, context, groups)  # [F, G]
    total = np.asarray(mass.sum(1)).ravel()
    on_word = np.asarray(mass.multiply(of_word).sum(1)).ravel()
    expected = np.divide(on_word, total, out=np.zeros(len(total)), where=total > 0)

    entries = inside.tocoo()
    feature, occurrence = entries.col.astype(np.int64), mid.occurrence[entries.row]
    own_chance = np.asarray(of_word[feature, context[entries.row]]).ravel()
    pair = feature * (int(mid.occurrence.max(initial=0)) + 1) + occurrence
    _, first, group, active = np.unique(
        pair, return_index=True, return_inverse=True, return_counts=True
    )
    n = np.bincount(feature[first], minlength=len(word))
    on_own = mid.labels[entries.row[first]] == word[feature[first]]
    hits = np.bincount(feature[first], on_own, minlength=len(word))
    of_occurrence = np.bincount(group, own_chance, minlength=len(first)) / active
    mean_chance = np.bincount(feature[first], of_occurrence, minlength=len(word)) / np.maximum(n, 1)
    p = stats.binom.sf(hits - 1, n, np.clip(mean_chance, 0, 1))
    return LetterNull(expected, np.where(n > 0, p, 1.0))


class MidWordFeatures(NamedTuple):
    """Features selective for one word inside words, on the choosing and on the confirming text."""

    features: np.ndarray
    """[n] confirmed: the rule holds on both, for the same word."""
    words: list[str]
    """[n]."""
    labels: np.ndarray
    """[n] the words as indices into the confirming text's vocabulary."""
    chosen_share: np.ndarray
    """[n] of the word, on the choosing text."""
    share: np.ndarray
    """[n] of the word, on the confirming text."""
    chosen: int
    """Features that passed on the choosing text."""
    searched: int
    """Features with enough firings on the choosing text."""


def confirm_mid_word(
    choosing: tuple[sparse.csr_array, MidWord],
    confirming: tuple[sparse.csr_array, MidWord],
    rule: MidWordRule | None = None,
) -> MidWordFeatures:
    """Chooses features by the rule on one text and keeps those that pass again on the other."""
    rule = rule or MidWordRule()
    first, again = concentration(*choosing), concentration(*confirming)
    chosen = rule.holds(first)
    index = {word: i for i, word in enumerate(confirming[1].vocabulary)}
    own = np.array([index.get(choosing[1].vocabulary[w], -1) for w in first.word])
    kept = np.flatnonzero(chosen & rule.holds(again) & (again.word == own))
    return MidWordFeatures(
        features=kept,
        words=[confirming[1].vocabulary[w] for w in again.word[kept]],
        labels=again.word[kept],
        chosen_share=first.share[kept],
        share=again.share[kept],
        chosen=int(chosen.sum()),
        searched=int((first.firings >= rule.firings).sum()),
    )


class BeyondLetters(NamedTuple):
    """Which confirmed features know more of their word than its last letters say."""

    expected: np.ndarray
    """[n] share that the letters alone would give."""
    more: np.ndarray
    """[n] whether the share is more than that."""


def beyond_letters(
    codes: sparse.csr_array,
    mid: MidWord,
    context: np.ndarray,
    found: MidWordFeatures | ConfirmedFeatures,
    needed: Callable[[np.ndarray], np.ndarray],
) -> BeyondLetters:
    """Holds confirmed features against the null of letters, on the confirming text.

    A feature knows more if its share is at least what is `needed` and the difference from what
    letters give is significant among all these features (Benjamini and Hochberg 1995).

    Args:
        codes: [N, F], of the confirming text.
        context: [M], see `letter_null`.
        needed: the share to ask for, given what letters give.
    """
    null = letter_null(codes[:, found.features], mid, context, found.labels)
    significant = np.zeros(len(null.p_value), dtype=bool)
    if len(significant):
        significant = stats.false_discovery_control(null.p_value) <= FALSE_DISCOVERIES
    return BeyondLetters(null.expected, significant & (found.share >= needed(null.expected)))


def words_by_features(found: Sequence[MidWordFeatures]) -> dict[str, float]:
    """Words by falling number of confirmed features, a mean over dictionaries."""
    names = [word for one in found for word in one.words]
    counted = {word: names.count(word) / len(found) for word in set(names)}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
