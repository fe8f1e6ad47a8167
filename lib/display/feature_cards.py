"""Feature cards that are read without a kernel: HTML that folds, with no script.

A card is a line that says what a feature is, and opens to its strongest examples, the tokens that
it promotes and suppresses, and the neurons that it points along. What a dictionary does not have
is not shown. Everything that comes from a corpus or a tokenizer is escaped; colours are the page's
own, in light and in dark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Integer
from numpy.typing import ArrayLike
from scipy import sparse

from lib.analysis.examples import top_examples
from lib.display.highlighted_text import coloured_text
from lib.evidence import templating
from lib.text.tokenizers import readable

TEMPLATE = "feature_cards.html"
BEFORE, AFTER = 20, 8
"""Tokens that an example shows before and after its strongest one."""


RANGE = (2 / 3, 1 / 3)
BINS = 12


class Card(NamedTuple):
    """What a card shows of one feature."""

    feature: int
    name: str
    """A label, or "" where nothing names it."""
    facts: Mapping[str, str]
    """Short facts for the folded line, such as {"on": "0.3% of tokens"}."""
    examples: Sequence[tuple[float, str]]
    """Activation, and the excerpt as `excerpt` writes it."""
    promoted: Sequence[tuple[str, float]] = ()
    """Tokens with what the feature adds to their scores, the largest first."""
    suppressed: Sequence[tuple[str, float]] = ()
    """The most negative first."""
    neurons: Sequence[tuple[int, float, float]] = ()
    """Neuron, signed entry, share of the feature's power; the largest share first."""
    weaker: Sequence[tuple[float, str]] = ()
    """As `examples`, further down: at shares `RANGE` of the largest activation."""
    histogram: Sequence[int] = ()
    """How many positive activations lie in each of `BINS` equal steps from 0 to the largest."""


def excerpt(
    tokens: Integer[np.ndarray, " N"],
    strings: Sequence[str],
    activation: Float[np.ndarray, " N"],
    position: int,
    documents: Int[np.ndarray, " N"],
    before: int = BEFORE,
    after: int = AFTER,
) -> str:
    """The text around a position, coloured by a feature's activation; it stays in its document."""
    first, last = max(0, position - before), min(len(tokens), position + after + 1)
    where = np.arange(first, last)
    where = where[documents[where] == documents[position]]
    pieces = [strings[token].encode("utf-8", "surrogateescape") for token in tokens[where].tolist()]
    shades = np.repeat(activation[where], [len(piece) for piece in pieces])
    return coloured_text(b"".join(pieces), shades)


def make_cards(
    features: Sequence[int],
    codes: sparse.sparray,
    tokens: Integer[np.ndarray, " N"],
    strings: Sequence[str],
    documents: Int[np.ndarray, " N"],
    *,
    names: Sequence[str] | None = None,
    facts: Callable[[int], Mapping[str, str]] | None = None,
    effects: ArrayLike | None = None,
    listable: Bool[np.ndarray, " V"] | None = None,
    directions: ArrayLike | None = None,
    examples: int = 4,
    listed: int = 10,
    before: int = BEFORE,
    after: int = AFTER,
) -> list[Card]:
    """A card for each of some features; what is not given is not on the cards.

    Args:
        features: n numbers of features, in the order of the cards.
        codes: [N, F], of any sparse kind; of the text below, token by token.
        tokens: the text.
        strings: of each of the V tokens, or characters, how it reads.
        documents: the document of each token, see `lib.analysis.examples.document_of`.
        names: a label for each of the F features, "" where it has none.
        facts: feature -> short facts for its folded line, such as {"on": "0.3% of tokens"}.
        effects: [n, V], on the CPU: what each of `features` adds to the scores of the next token,
            see `lib.analysis.examples.logit_effects`.
        listable: tokens that may be named as promoted or suppressed; None: all.
        directions: [F, D], on the CPU: the decoder's rows, where the D dimensions are neurons. A
            residual stream's mean nothing one by one: leave it out.
        examples: excerpts on a card, the strongest of each document.
        listed: tokens, and neurons, on a card.
        before, after: tokens that an excerpt shows around its strongest one.
    """
    columns = sparse.csc_array(codes)
    told = np.arange(len(strings)) if listable is None else np.flatnonzero(listable)
    words = [readable(strings[token]) for token in told.tolist()]
    scores = None if effects is None else np.asarray(effects)[:, told]
    rows = None if directions is None else np.asarray(directions, dtype=float)
    cards, activation = [], np.zeros(len(tokens))
    found = top_examples(columns, features, documents, examples)
    for i, (feature, strongest) in enumerate(zip(features, found, strict=True)):
        part = slice(columns.indptr[feature], columns.indptr[feature + 1])
        activation[columns.indices[part]] = columns.data[part]
        further = _further(columns.data[part])
        lower = columns.indices[part][further].tolist()
        texts = [
            excerpt(tokens, strings, activation, position, documents, before, after)
            for position in [*strongest.positions.tolist(), *lower]
        ]
        top = strongest.activations.tolist()
        activation[columns.indices[part]] = 0  # the next feature's turn
        cards.append(
            Card(
                int(feature),
                names[feature] if names is not None else "",
                facts(int(feature)) if facts is not None else {},
                list(zip(top, texts, strict=False)),
                *([], []) if scores is None else _extremes(scores[i], words, listed),
                [] if rows is None else _neurons(rows[feature], listed),
                list(zip(columns.data[part][further].tolist(), texts[len(top) :], strict=True)),
                _histogram(columns.data[part]),
            )
        )
    return cards


def _further(values: Float[np.ndarray, " n"]) -> list[int]:
    """Where the activations nearest to the shares `RANGE` of the largest are; each once."""
    if not len(values) or values.max() <= 0:
        return []
    found = (int(np.abs(values - share * values.max()).argmin()) for share in RANGE)
    return list(dict.fromkeys(found))


def _histogram(values: Float[np.ndarray, " n"]) -> list[int]:
    """Counts of the positive activations; none where there are none."""
    positive = values[values > 0]
    if not len(positive):
        return []
    # As shares of the largest: the steps between tiny numbers would round to nothing.
    return np.histogram(positive / positive.max(), BINS, (0, 1))[0].tolist()


def _extremes(
    effects: Float[np.ndarray, " n"], words: Sequence[str], listed: int
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Tokens with the largest effects, and those with the most negative ones."""
    order = np.argsort(effects, kind="stable")
    both = order[::-1][:listed], order[:listed]
    return tuple([(words[t], float(effects[t])) for t in which.tolist()] for which in both)


def _neurons(row: Float[np.ndarray, " D"], listed: int) -> list[tuple[int, float, float]]:
    shares = row**2 / (row**2).sum()
    strongest = np.argsort(-shares, kind="stable")[:listed].tolist()
    return [(n, float(row[n]), float(shares[n])) for n in strongest]


def cards_html(groups: Mapping[str, Sequence[Card]], prefix: str = "feature") -> str:
    """Groups of folded cards, each under its heading; a page can link to `#<prefix>-<number>`.

    A feature that is in several groups has its link in the first.
    """
    return str(templating.macros(TEMPLATE).groups(groups, prefix))
