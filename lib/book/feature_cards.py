"""Feature cards that are read without a kernel: HTML that folds, with no script.

A card is a line that says what a feature is, and opens to its strongest examples, the tokens that
it promotes and suppresses, and the neurons that it points along. Everything that comes from a
corpus or a tokenizer is escaped; colours are the page's own, in light and in dark.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Integer

from lib.analysis.examples import Examples
from lib.book.coloured_text import coloured_text

BEFORE, AFTER = 20, 8
"""Tokens that an example shows before and after its strongest one."""

STYLE = """<style>
.ld-cards details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  border-radius: 4px; margin: 0.3rem 0; padding: 0.15rem 0.6rem; }
.ld-cards summary { cursor: pointer; font-size: 0.92rem; }
.ld-cards summary small { margin-left: 0.5rem; }
.ld-cards .ld-name { font-weight: 600; }
.ld-cards table { border-collapse: collapse; font-size: 0.85rem; margin: 0.4rem 0; width: 100%; }
.ld-cards td, .ld-cards th { border: 0; padding: 0.1rem 0.6rem 0.1rem 0; text-align: left;
  vertical-align: top; }
.ld-cards tr { background: transparent !important; }
.ld-cards .ld-number { text-align: right; font-variant-numeric: tabular-nums; width: 3.5rem; }
.ld-cards td p { margin: 0; line-height: 1.5 !important; }
.ld-cards code { white-space: pre-wrap; }
</style>"""


class Card(NamedTuple):
    """What a card shows of one feature."""

    feature: int
    name: str
    """A label, or "" where no rule names it."""
    facts: Mapping[str, str]
    """Short facts for the folded line, such as {"on": "0.3% of tokens"}."""
    examples: Sequence[tuple[float, str]]
    """Activation, and the excerpt as `excerpt` writes it."""
    promoted: Sequence[tuple[str, float]]
    """Tokens with what the feature adds to their scores, the largest first."""
    suppressed: Sequence[tuple[str, float]]
    """The most negative first."""
    neurons: Sequence[tuple[int, float, float]]
    """Neuron, signed entry, share of the feature's power; the largest share first."""


def excerpt(
    tokens: Integer[np.ndarray, " N"],
    strings: Sequence[str],
    activation: Float[np.ndarray, " N"],
    position: int,
    documents: Int[np.ndarray, " N"],
) -> str:
    """The text around a position, coloured by a feature's activation; it stays in its document."""
    first, last = max(0, position - BEFORE), min(len(tokens), position + AFTER + 1)
    where = np.arange(first, last)
    where = where[documents[where] == documents[position]]
    pieces = [strings[token].encode("utf-8", "replace") for token in tokens[where].tolist()]
    shades = np.repeat(activation[where], [len(piece) for piece in pieces])
    return coloured_text(b"".join(pieces), shades)


def make_cards(
    features: Sequence[int],
    *,
    names: Sequence[str],
    facts: Sequence[Mapping[str, str]],
    examples: Sequence[Examples],
    excerpts: Sequence[Sequence[str]],
    effects: Float[np.ndarray, "n V"],
    directions: Float[np.ndarray, "n D"],
    strings: Sequence[str],
    listed: int = 10,
) -> list[Card]:
    """A card for each feature.

    Args:
        effects: on the score of each token, see `lib.analysis.examples.logit_effects`.
        directions: the decoder's rows.
        listed: tokens and neurons on a card.
    """
    cards = []
    for i, feature in enumerate(features):
        order = np.argsort(effects[i], kind="stable")
        listing = lambda which, i=i: [(strings[t], float(effects[i, t])) for t in which]
        row = directions[i].astype(float)
        shares = row**2 / (row**2).sum()
        strongest = np.argsort(-shares, kind="stable")[:listed]
        activations = examples[i].activations.tolist()
        cards.append(
            Card(
                int(feature),
                names[i],
                facts[i],
                list(zip(activations, excerpts[i], strict=True)),
                listing(order[::-1][:listed].tolist()),
                listing(order[:listed].tolist()),
                [(int(n), float(row[n]), float(shares[n])) for n in strongest],
            )
        )
    return cards


def cards_html(groups: Mapping[str, Sequence[Card]], prefix: str = "feature") -> str:
    """Groups of folded cards, each under its heading; a page can link to `#<prefix>-<number>`.

    A feature that is in several groups has its link in the first.
    """
    parts, seen = [STYLE, '<div class="ld-cards">'], set()
    for heading, cards in groups.items():
        parts.append(f"<p><strong>{html.escape(heading)}</strong></p>")
        for card in cards:
            place = "" if card.feature in seen else f' id="{html.escape(prefix)}-{card.feature}"'
            seen.add(card.feature)
            parts.append(card_html(card, place))
    return "".join([*parts, "</div>"])


def card_html(card: Card, place: str = "", more: Mapping[str, str] | None = None) -> str:
    """One folded card.

    Args:
        place: attributes of the card's element, such as an id.
        more: further rows of its table, each a title and HTML.
    """
    name = f' <span class="ld-name">{html.escape(card.name)}</span>' if card.name else ""
    facts = " · ".join(
        f"{html.escape(k)} {html.escape(v.rstrip(','))}" for k, v in card.facts.items()
    )
    examples = "".join(
        f'<tr><td class="ld-number">{value:.2f}</td><td>{text}</td></tr>'
        for value, text in card.examples
    )
    rows = "".join(
        f'<tr><th scope="row">{title}</th><td>{_tokens(tokens)}</td></tr>'
        for title, tokens in (("promotes", card.promoted), ("suppresses", card.suppressed))
    )
    neurons = ", ".join(f"{n} ({entry:+.2f}, {share:.1%})" for n, entry, share in card.neurons)
    rest = "".join(
        f'<tr><th scope="row">{html.escape(title)}</th><td>{content}</td></tr>'
        for title, content in (more or {}).items()
    )
    return (
        f"<details{place}><summary>feature {card.feature}{name}<small>{facts}</small></summary>"
        f"<table><tbody>{examples}</tbody></table><table><tbody>{rows}"
        f'<tr><th scope="row">neurons</th><td>{neurons}</td></tr>{rest}</tbody></table></details>'
    )


def _tokens(tokens: Sequence[tuple[str, float]]) -> str:
    """Tokens with their effects; spaces and line breaks are made visible."""
    shown = (f"<code>{html.escape(_visible(t))}</code> {value:+.2f}" for t, value in tokens)
    return ", ".join(shown)


def _visible(token: str) -> str:
    return token.replace("\n", "⏎").replace(" ", "␣")
