"""Automated interpretability score: how well a short list of tokens predicts a feature.

Bills and others (2023) let a language model explain a feature and predict its activations from the
explanation; the score is the correlation of prediction and activation. Here the explanation is the
plainest that one could read out: "it is on where the token is one of these", a list of at most
`terms` labels seen through one view of the context, such as the token, the token before, or the
token's last letters. View and list are chosen on some documents; what is reported is how well they
predict on others.

The score is Matthews' correlation of rule and feature, both on or off: 1 for a feature that is a
list, 0 for one unrelated to it, however often it is active. The rule sees two tokens back and no
alternatives of different kinds; a feature with a meaning of another kind scores low.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Integer
from scipy import sparse

from lib.core.errors import UserError
from lib.text.tokenizers import readable

TERMS = 8
"""Labels in a rule: what one takes in at a glance."""
MINIMUM = 10
"""Positions on which a feature must be active in either half, or it is not judged."""
NONE = "(none)"
"""What stands before a document's first token."""
# Features that are judged at once: a view of 8,192 labels then takes 16 MB.
FEATURES_AT_ONCE = 512


class View(NamedTuple):
    """One thing that a rule may look at, a label for each position."""

    name: str
    labels: Int[np.ndarray, " N"]
    words: list[str]
    """What each label is called."""


class Scores(NamedTuple):
    """How well each feature's own rule does, by Matthews' correlation; NaN where not judged."""

    score: Float[np.ndarray, " F"]
    """On the documents that the rule has not seen."""
    fitted: Float[np.ndarray, " F"]
    """Where it was chosen: higher, and by how much shows what choosing alone is worth."""
    precision: Float[np.ndarray, " F"]
    """Share of the rule's unseen positions on which the feature is on."""
    recall: Float[np.ndarray, " F"]
    """Share of the feature's unseen positions that the rule finds."""
    view: Int[np.ndarray, " F"]
    """Which view the rule looks through."""
    terms: Int[np.ndarray, "F terms"]
    """Its labels in that view, the most useful first; -1 where it needs fewer."""


def context_views(
    tokens: Integer[np.ndarray, " N"],
    strings: Sequence[str],
    starts: Int[np.ndarray, " documents"],
) -> list[View]:
    """The views of a text: the token, the two before it, its beginning, its ending and its shape.

    Args:
        strings: the text of each token id.
        starts: where each document begins; nothing before that is seen.
    """
    tokens = tokens.astype(np.int64)
    place = np.arange(len(tokens))
    begin = np.zeros(len(tokens), dtype=np.int64)
    begin[starts] = starts
    into = place - np.maximum.accumulate(begin)  # how far into its document each position is
    names = [*strings, NONE]
    views = [View("token", tokens, names)]
    for back, name in ((1, "token before"), (2, "token two before")):
        earlier = np.where(into >= back, np.roll(tokens, back), len(strings))
        views.append(View(name, earlier, names))
    for name, part in (("beginning", _beginning), ("ending", _ending), ("shape", _shape)):
        words, labels = np.unique([part(string) for string in strings], return_inverse=True)
        views.append(View(name, labels.astype(np.int64)[tokens], words.tolist()))
    return views


def _beginning(string: str) -> str:
    return string.lstrip(" ").lower()[:2]


def _ending(string: str) -> str:
    return string.rstrip(" ").lower()[-3:]


def _shape(string: str) -> str:
    """Letters as a or A, digits as 0, everything else as it is; repeats once: " Then" is " Aa"."""
    plain = re.sub(r"[^\W\d_]", lambda m: "A" if m[0].isupper() else "a", string)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "0", plain), flags=re.DOTALL)


def document_halves(
    length: int, starts: Int[np.ndarray, " documents"], seed: int = 0
) -> Bool[np.ndarray, " N"]:
    """True at the positions to choose rules on: whole documents, about half of the text.

    Raises:
        UserError: fewer than two documents.
    """
    if len(starts) < 2:
        raise UserError("two halves of different documents need at least two; got one text.")
    lengths = np.diff(np.append(starts, length))
    order = np.random.default_rng(seed).permutation(len(starts))
    before = np.cumsum(lengths[order]) - lengths[order]
    first = np.zeros(len(starts), dtype=bool)
    first[order] = before + lengths[order] / 2 <= length / 2
    if first.all() or not first.any():  # one document is longer than all others
        first[:] = np.arange(len(starts)) == lengths.argmax()
    return np.repeat(first, lengths)


def switched_on(
    codes: sparse.csr_array | sparse.csc_array | Float[np.ndarray, "N F"],
    fitting: Bool[np.ndarray, " N"],
    share: float | Float[np.ndarray, " F"] = 1.0,
) -> sparse.csc_array:
    """Where each feature is on: above zero, and above what leaves it at most `share` of the text.

    So directions that are never zero, such as neurons, are compared with sparse features at one
    density. The threshold is taken on the `fitting` half alone.
    """
    columns = sparse.csc_array(codes)
    shares = np.broadcast_to(np.asarray(share, dtype=float), columns.shape[1])
    keep = columns.data > 0
    for feature in np.flatnonzero(shares < 1):
        part = slice(columns.indptr[feature], columns.indptr[feature + 1])
        values = columns.data[part]
        known = values[fitting[columns.indices[part]]]
        most = int(shares[feature] * fitting.sum())
        if len(known) > most:
            keep[part] &= values > np.partition(known, len(known) - most - 1)[len(known) - most - 1]
    on = sparse.csc_array((keep.astype(np.float32), columns.indices, columns.indptr), columns.shape)
    on.eliminate_zeros()
    return on


def score_features(
    on: sparse.csc_array,
    views: Sequence[View],
    fitting: Bool[np.ndarray, " N"],
    *,
    terms: int = TERMS,
    minimum: int = MINIMUM,
) -> Scores:
    """The scores of features [N, F] of which it is known where they are on.

    Args:
        on: not zero where a feature is on, see `switched_on`.
        fitting: the positions to choose rules on; all others judge them.
    Raises:
        UserError: rows that do not fit the views, or a half without a position.
    """
    sizes = {len(view.labels) for view in views} | {on.shape[0], len(fitting)}
    if len(sizes) > 1 or not 0 < fitting.sum() < len(fitting):
        raise UserError(
            f"codes, views and halves must be of one text, and both halves hold some of it; got "
            f"lengths {sorted(sizes)} and {int(fitting.sum())} positions in the first half."
        )
    halves = [np.flatnonzero(fitting), np.flatnonzero(~fitting)]
    tables = [[_onehot(view, rows) for rows in halves] for view in views]
    found = []
    for start in range(0, max(1, on.shape[1]), FEATURES_AT_ONCE):  # once for no feature at all
        some = sparse.csr_array(on[:, start : start + FEATURES_AT_ONCE]).astype(np.float32)
        found.append(_score([some[rows] for rows in halves], tables, terms, minimum))
    return Scores(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _onehot(view: View, rows: Int[np.ndarray, " n"]) -> sparse.csr_array:
    """[kinds, n]: one at the label of each of these positions."""
    entries = (np.ones(len(rows), np.float32), (view.labels[rows], np.arange(len(rows))))
    return sparse.csr_array(entries, shape=(len(view.words), len(rows)))


def _score(
    codes: list[sparse.csr_array],
    tables: list[list[sparse.csr_array]],
    terms: int,
    minimum: int,
) -> Scores:
    """The scores of some features; `codes` and each table have the fitting half first."""
    features = codes[0].shape[1]
    positives = [np.asarray(half.sum(axis=0), dtype=float).ravel() for half in codes]
    judged = (positives[0] >= minimum) & (positives[1] >= minimum)
    best = np.full(features, -np.inf)
    chosen = np.full((features, terms), -1)
    view, score, precision, recall = (
        np.zeros(features, dtype=t) for t in (int, float, float, float)
    )
    for number, (known, unseen) in enumerate(tables):
        hits, sizes = (known @ codes[0]).toarray(), _counts(known)
        lists = best_lists(hits, sizes, positives[0], terms)
        fitted = _matthews(hits, sizes, positives[0], codes[0].shape[0], lists)[0]
        better = judged & (fitted > best)
        best[better], chosen[better], view[better] = fitted[better], lists[better], number
        hits, sizes = (unseen @ codes[1]).toarray(), _counts(unseen)
        parts = _matthews(hits, sizes, positives[1], codes[1].shape[0], lists)
        for kept, new in zip((score, precision, recall), parts, strict=True):
            kept[better] = new[better]
    score, fitted, precision, recall = (
        np.where(judged, values, np.nan) for values in (score, best, precision, recall)
    )
    return Scores(score, fitted, precision, recall, view, chosen)


def _counts(table: sparse.csr_array) -> Float[np.ndarray, " kinds"]:
    return np.asarray(table.sum(axis=1), dtype=float).ravel()


def best_lists(
    hits: Float[np.ndarray, "kinds F"],
    sizes: Float[np.ndarray, " kinds"],
    positives: Float[np.ndarray, " F"],
    terms: int,
) -> Int[np.ndarray, "F terms"]:
    """For each feature the labels, at most `terms`, whose list has the largest F1; -1 for no more.

    F1 = 2 hits / (positives + size) is a ratio of two sums over labels. For a guess q of the
    largest ratio, the list that maximises 2 hits - q (positives + size) holds the labels with the
    largest 2 hits_l - q size_l; its F1 is the next guess. That ends at the maximum (Dinkelbach
    1967).

    Args:
        hits: positions with this label on which the feature is on.
        sizes: positions with this label.
        positives: positions on which the feature is on.
    """
    most = min(terms, len(sizes))
    guess = np.zeros(hits.shape[1])
    columns = np.arange(hits.shape[1])
    while True:
        gain = 2 * hits - guess * sizes[:, None]
        top = np.argpartition(-gain, most - 1, axis=0)[:most]
        worth = gain[top, columns]
        kept = worth > 0
        found = (hits[top, columns] * kept).sum(0), (sizes[top] * kept).sum(0)
        ratio = 2 * found[0] / np.maximum(positives + found[1], 1)
        if (ratio <= guess + 1e-9).all():
            break
        guess = np.maximum(ratio, guess)
    order = np.argsort(-worth, axis=0, kind="stable")
    lists = np.where(np.take_along_axis(kept, order, 0), np.take_along_axis(top, order, 0), -1)
    return np.pad(lists.T, ((0, 0), (0, terms - most)), constant_values=-1)


def _matthews(
    hits: Float[np.ndarray, "kinds F"],
    sizes: Float[np.ndarray, " kinds"],
    positives: Float[np.ndarray, " F"],
    length: int,
    lists: Int[np.ndarray, "F terms"],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Matthews' correlation of each feature with its list, precision and recall; 0 for no list."""
    kept = (lists >= 0).T
    here = np.where(kept, lists.T, 0)
    both = (hits[here, np.arange(hits.shape[1])] * kept).sum(0).astype(float)
    said = (sizes[here] * kept).sum(0)
    spread = np.sqrt(said * (length - said)) * np.sqrt(positives * (length - positives))
    agreement = both * length - said * positives
    score = np.divide(agreement, spread, out=np.zeros_like(spread), where=spread > 0)
    return score, both / np.maximum(said, 1), both / np.maximum(positives, 1)


def shuffled(
    on: sparse.csc_array, fitting: Bool[np.ndarray, " N"], seed: int = 0
) -> sparse.csc_array:
    """The null of the score: each half's rows in another order.

    Every feature keeps how often it is on, in both halves, and which others are on with it; what it
    had to do with the text is gone.
    """
    rng = np.random.default_rng(seed)
    order = np.arange(len(fitting))
    for half in (fitting, ~fitting):
        order[half] = rng.permutation(order[half])
    return sparse.csc_array(sparse.csr_array(on)[order])


def rule_in_words(scores: Scores, feature: int, views: Sequence[View]) -> str:
    """A feature's rule for a reader, e.g. `token before: " Mr", " Dr"`."""
    view = views[scores.view[feature]]
    labels = [view.words[label] for label in scores.terms[feature] if label >= 0]
    return f"{view.name}: " + ", ".join(f"“{readable(label)}”" for label in labels)
