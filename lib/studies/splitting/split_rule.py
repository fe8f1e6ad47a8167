"""Feature splitting: the best feature for each class of contexts, and a rule for yes or no.

For each class the feature with the highest area under the ROC curve (AUC) against all other
contexts is chosen on one half of the documents, among those whose mean is three times as high on
the class as on other contexts and that have half of their activation on such contexts rather than
on other tokens. On the other half the same feature must reach an AUC of 0.9, a ratio of 3 and that
purity. The feature has split where at least two classes pass with different features, while the
old feature covers both. AUC, ratio and cover were fixed before any dictionary was trained; purity
was added when directions at random had turned out to reach both in SmolLM2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse, stats

from lib.analysis.tokens import best_detector

LEAST_AUC = 0.9
LEAST_RATIO = 3.0
LEAST_PURITY = 0.5
"""Share of a feature's activation in the text that must fall on the contexts."""
LEAST_COVER = 0.5
"""Share of a class on which the old feature must be active."""
LEAST_CONTEXTS = 10
"""Contexts of a class in each half; a class with fewer is not judged."""
COLUMNS_AT_ONCE = 256


class Half(NamedTuple):
    """What one dictionary says at the contexts of one half of the documents."""

    codes: sparse.csr_array
    """[N, F]"""
    labels: Int[np.ndarray, " N"]
    """The class of each context."""
    purity: Float[np.ndarray, " F"]
    """Share of each feature's activation in the text that falls on the contexts, see `purity`."""


def purity(
    codes: sparse.csr_array, elsewhere: sparse.csr_array, share: float
) -> Float[np.ndarray, " F"]:
    """Share of each feature's activation that falls on some contexts; 0 where it has none.

    Args:
        codes: [N, F] at the contexts.
        elsewhere: [M, F] at places drawn from all the others.
        share: of the text's tokens that are such contexts.
    """
    here = share * np.asarray(codes.mean(axis=0)).ravel()
    total = here + (1 - share) * np.asarray(elsewhere.mean(axis=0)).ravel()
    return here / np.where(total > 0, total, 1)


class Scores(NamedTuple):
    """How well each feature marks each class."""

    auc: Float[np.ndarray, "classes F"]
    """Probability that a context of the class has the higher code, ties counted half."""
    ratio: Float[np.ndarray, "classes F"]
    """Mean on the class over mean on the other contexts; 0 where silent on the class."""


class Split(NamedTuple):
    """The judgement of one dictionary."""

    features: Int[np.ndarray, " classes"]
    """Chosen on the first half; -1 where a class was not judged."""
    auc: Float[np.ndarray, " classes"]
    """On the second half; NaN where not judged."""
    ratio: Float[np.ndarray, " classes"]
    passed: Bool[np.ndarray, " classes"]
    """AUC, ratio, purity and the old feature's cover."""
    parts: int
    """Different features among those that passed."""

    @property
    def split(self) -> bool:
        """Whether the old feature has split."""
        return self.parts >= 2


def scores(
    codes: sparse.csr_array, labels: Int[np.ndarray, " N"], classes: Sequence[int]
) -> Scores:
    """AUC and ratio of each feature for each of some classes.

    Where a class or its complement is empty, AUC is NaN and the ratio 0.
    """
    return _scores(codes, [labels], classes)[0]


def _scores(
    codes: sparse.csr_array, labelings: Sequence[Int[np.ndarray, " N"]], classes: Sequence[int]
) -> list[Scores]:
    """The scores of the same codes under several labelings: ranks do not depend on labels."""
    insides = [np.stack([labels == c for c in classes]).astype(float) for labels in labelings]
    found = [Scores(*np.empty((2, len(classes), codes.shape[1]))) for _ in labelings]
    for start in range(0, codes.shape[1], COLUMNS_AT_ONCE):
        part = slice(start, start + COLUMNS_AT_ONCE)
        block = codes[:, part].toarray().astype(float)
        ranks = average_ranks(codes[:, part])
        for inside, into in zip(insides, found, strict=True):
            into.auc[:, part], into.ratio[:, part] = _score(block, ranks, inside)
    return found


def _score(
    block: Float[np.ndarray, "N F"],
    ranks: Float[np.ndarray, "N F"],
    inside: Float[np.ndarray, "classes N"],
) -> tuple[Float[np.ndarray, "classes F"], Float[np.ndarray, "classes F"]]:
    sizes = inside.sum(1, keepdims=True)
    others = len(block) - sizes
    pairs = sizes * others
    ranked = inside @ ranks - sizes * (sizes + 1) / 2
    here = inside @ block
    there = (1 - inside) @ block  # a difference of sums may be a little below zero
    with np.errstate(divide="ignore", invalid="ignore"):
        auc = np.where(pairs > 0, ranked / pairs, np.nan)
        ratio = (here / sizes) / (there / others)
    return auc, np.where((here <= 0) | (pairs <= 0), 0.0, ratio)


def average_ranks(codes: sparse.sparray) -> Float[np.ndarray, "N F"]:
    """`scipy.stats.rankdata(codes.toarray(), axis=0)` of codes that are never negative.

    The zeros of a column share one rank, so that only what is above them has to be sorted.
    """
    columns = sparse.csc_array(codes, copy=True)
    columns.eliminate_zeros()
    counts = np.diff(columns.indptr)
    zeros = codes.shape[0] - counts
    ranks = np.repeat((zeros + 1)[None] / 2, codes.shape[0], axis=0)
    column = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((columns.data, column))  # column by column, rising
    values = columns.data[order]
    first = np.ones(len(values), dtype=bool)
    first[1:] = (values[1:] != values[:-1]) | (column[1:] != column[:-1])
    firsts = np.flatnonzero(first)
    sizes = np.diff(np.append(firsts, len(values)))
    # Equal values share the middle of their places.
    place = np.repeat(firsts + (sizes + 1) / 2, sizes) - columns.indptr[column]
    ranks[columns.indices[order], column] = place + zeros[column]
    return ranks


def choose(half: Half, classes: Sequence[int]) -> Int[np.ndarray, " classes"]:
    """Each class's best feature: the highest AUC among those with ratio and purity, else of all.

    -1 for a class of fewer than `LEAST_CONTEXTS`.
    """
    return _best(scores(half.codes, half.labels, classes), half, classes)


def _best(found: Scores, half: Half, classes: Sequence[int]) -> Int[np.ndarray, " classes"]:
    good = (found.ratio >= LEAST_RATIO) & (half.purity >= LEAST_PURITY)
    selective = np.where(good, found.auc, -1.0)
    use = np.where((selective >= 0).any(1, keepdims=True), selective, found.auc)
    best = np.nan_to_num(use, nan=-1.0).argmax(1)
    return np.where(enough(half.labels, classes), best, -1)


def enough(labels: Int[np.ndarray, " N"], classes: Sequence[int]) -> Bool[np.ndarray, " classes"]:
    """Which classes have contexts enough, inside and outside."""
    sizes = np.array([(labels == c).sum() for c in classes])
    return (sizes >= LEAST_CONTEXTS) & (len(labels) - sizes >= LEAST_CONTEXTS)


def cover(
    old: Float[np.ndarray, " N"], labels: Int[np.ndarray, " N"], classes: Sequence[int]
) -> Float[np.ndarray, " classes"]:
    """Share of each class on which the old feature is active; 0 for an empty class."""
    return np.array([(old[labels == c] > 0).mean() if (labels == c).any() else 0 for c in classes])


def judge_split(
    first: Half, second: Half, old: Float[np.ndarray, " N"], classes: Sequence[int]
) -> Split:
    """The rule of this module for one dictionary.

    Args:
        first: contexts on which features are chosen.
        second: those on which they are tested.
        old: the narrow feature's codes at the contexts of `second`.
        classes: labels that may have a feature of their own; other labels only count as "others".
    """
    return _judge(choose(first, classes), second, old, classes)


def _judge(
    features: Int[np.ndarray, " classes"],
    second: Half,
    old: Float[np.ndarray, " N"],
    classes: Sequence[int],
) -> Split:
    """Whether features that were chosen elsewhere pass here."""
    judged = (features >= 0) & enough(second.labels, classes)
    columns = np.maximum(features, 0)
    found = scores(second.codes[:, columns], second.labels, classes)
    own = np.arange(len(classes))
    auc = np.where(judged, found.auc[own, own], np.nan)
    ratio = np.where(judged, found.ratio[own, own], np.nan)
    covered = cover(old, second.labels, classes) >= LEAST_COVER
    pure = second.purity[columns] >= LEAST_PURITY
    passed = judged & covered & pure & (auc >= LEAST_AUC) & (ratio >= LEAST_RATIO)
    return Split(features, auc, ratio, passed, len(np.unique(features[passed])))


def permuted_splits(
    first: Half,
    second: Half,
    old: Float[np.ndarray, " N"],
    classes: Sequence[int],
    *,
    times: int,
    seed: int,
) -> list[Split]:
    """The rule after the class labels of each half have been shuffled: what chance passes."""
    rng = np.random.default_rng(seed)
    drawn = [[rng.permutation(half.labels) for half in (first, second)] for _ in range(times)]
    found = _scores(first.codes, [labels for labels, _ in drawn], classes)
    return [
        _judge(
            _best(scored, first._replace(labels=labels), classes),
            second._replace(labels=others), old, classes,
        )
        for scored, (labels, others) in zip(found, drawn, strict=True)
    ]  # fmt: skip


def leaders(codes: sparse.csr_array) -> float:
    """Among how many features the contexts are shared: exp of the entropy of the leading feature.

    The leading feature of a context has the highest code there; contexts without any are left out.
    1 where one feature leads everywhere; NaN where nothing is active.
    """
    top = np.asarray(codes.argmax(axis=1)).ravel()
    active = np.asarray(codes.max(axis=1).todense()).ravel() > 0
    if not active.any():
        return float("nan")
    return float(np.exp(stats.entropy(np.bincount(top[active]))))


def lead_share(codes: sparse.csr_array, members: Iterable[int], slack: float = 1.25) -> float:
    """Share of contexts on which no feature is clearly stronger than the strongest of `members`.

    Clearly means more than `slack` times: copies of one feature differ by a little noise, and which
    of them happens to be first says nothing. A context without any code is led by nobody.
    """
    strongest = np.asarray(codes.max(axis=1).todense()).ravel()
    own = np.asarray(codes[:, list(members)].max(axis=1).todense()).ravel()
    return float(((own > 0) & (own * slack >= strongest)).mean())


class HyphenFeature(NamedTuple):
    """The feature of a narrow dictionary for a kind of token."""

    feature: int
    purity: float
    """Share of its activation that falls on such tokens."""
    cover: float
    """Share of the least covered class on which it is active."""
    rivals: int
    """Features, itself among them, that have half of their activation on such tokens and are
    active on half of them."""


def token_feature(
    codes: tuple[sparse.csr_array, sparse.csr_array],
    positions: tuple[Int[np.ndarray, " m"], Int[np.ndarray, " n"]],
    labels: Int[np.ndarray, " n"],
    classes: Sequence[int],
) -> HyphenFeature:
    """The feature that marks some positions best, chosen on one text and measured on another.

    Best is the highest harmonic mean of purity and of the share of positions on which it is active.

    Args:
        codes: [N, F] of the text for choosing and of the one for measuring.
        positions: where such tokens stand in each.
        labels: their classes in the second text.
    """
    best = best_detector(codes[0], positions[0])
    purity, active = _marks(codes[1], positions[1])
    own = codes[1][positions[1]][:, [best]].toarray().ravel()
    present = [c for c in classes if (labels == c).sum() >= LEAST_CONTEXTS]
    covered = cover(own, labels, present)
    rivals = int(((purity >= 0.5) & (active >= 0.5)).sum())
    return HyphenFeature(best, float(purity[best]), float(covered.min(initial=1.0)), rivals)


def _marks(
    codes: sparse.csr_array, positions: Int[np.ndarray, " n"]
) -> tuple[Float[np.ndarray, " F"], Float[np.ndarray, " F"]]:
    """Purity of each feature for the positions, and the share of them on which it is active."""
    here = codes[positions]
    total = np.asarray(codes.sum(axis=0)).ravel()
    mass = np.asarray(here.sum(axis=0)).ravel()
    active = np.asarray((here > 0).sum(axis=0)).ravel() / max(1, len(positions))
    return mass / np.where(total > 0, total, 1), active
