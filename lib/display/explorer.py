"""A dictionary to leaf through: `explorer` leaves a run's feature cards for a page of their own.

The page is made from what the run left (`lib.pages.explorer`), never from a new computation.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lib.core.errors import UserError
from lib.display import widgets
from lib.display.highlighted_text import SHADES, shade_style
from lib.evidence import run_context
from lib.evidence.figures import text_figure
from lib.evidence.prose import fill

if TYPE_CHECKING:
    from lib.display.feature_cards import Card

MIME = run_context.PREFIX + "feature-cards"
"""Under which the data stands in the notebook's output; shown by nothing."""
LARGEST = 1_000_000
"""Bytes of data for one dictionary; what does not fit is left out, and the page says so."""
EXAMPLES, TOKENS, NEURONS, NEIGHBOURS = 3, 6, 3, 3
"""How many of each a card of the page holds."""
SHADE = re.compile(r'<span style="([^"]*)">')
SHADE_STYLES = [shade_style(shade) for shade in range(1, SHADES + 1)]
PARAGRAPH = re.compile(r"<p[^>]*>|</p>")


def explorer(
    name: str,
    cards: Sequence[Card],
    numbers: Mapping[str, Sequence[float]],
    caption: str,
    directions: ArrayLike | None = None,
    shown: int = 3,
) -> None:
    """Leaves all cards of a dictionary for the book's feature explorer, and shows the first.

    In a notebook that someone watches, all of them can be searched and sorted there too.

    Args:
        name: lower-case letters, digits and underscores; used once in a chapter.
        cards: of every feature that is worth a look, in the order in which they should be kept if
            not all fit into `LARGEST` bytes.
        numbers: what features can be sorted by, in words ("density", "purity", "MCS",
            "hub power"), each for all features of the dictionary; NaN where it is not known.
        caption: one sentence about the dictionary; recorded values as in `say`.
        directions: [F, D], the decoder's rows: each card then names its nearest features.
        shown: how many cards stand in the chapter itself.

    Raises:
        UserError: no cards, no caption, a name used twice, numbers for too few features.
    """
    from lib.display.feature_cards import cards_html

    data = pack(cards, numbers, directions)
    text_figure(name, cards_html({"The first cards": cards[:shown]}, name), caption)
    data = {"name": name, "caption": " ".join(fill(caption).split()), **data}
    run_context.emit({MIME: json.dumps(data, ensure_ascii=False, separators=(",", ":"))}, {})
    if widgets.watched():
        from IPython.display import display

        display(widgets.browser(cards, numbers))


def pack(
    cards: Sequence[Card],
    numbers: Mapping[str, Sequence[float]],
    directions: ArrayLike | None = None,
) -> dict[str, Any]:
    """The cards as small JSON data.

    Raises:
        UserError: no cards, or numbers for too few features.
    """
    if not cards:
        raise UserError("The explorer needs at least one feature card; it got none.")
    last = max(card.feature for card in cards)
    for name, values in numbers.items():
        if len(values) <= last:
            raise UserError(
                f"The explorer's {name!r} must have a value for each feature of the dictionary, "
                f"up to feature {last}; it has {len(values)} values."
            )
    near = _neighbours(cards, directions)
    features, size = [], 0
    for card in cards:
        values = [_short(column[card.feature]) for column in numbers.values()]
        packed = _pack(card, values, near.get(card.feature, []))
        text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
        size += len(text.encode("utf-8")) + 1
        if size > LARGEST:
            break
        features.append(packed)
    return {"columns": list(numbers), "total": len(cards), "features": features}


def _neighbours(
    cards: Sequence[Card], directions: ArrayLike | None
) -> dict[int, list[tuple[int, float | None]]]:
    """Feature -> the features whose directions come nearest, with their cosines."""
    if directions is None:
        return {}
    rows = np.asarray(directions, dtype=float)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    found = {}
    for card in cards:
        cosines = rows @ rows[card.feature]
        cosines[card.feature] = -np.inf
        best = np.argsort(-cosines, kind="stable")[: min(NEIGHBOURS, len(rows) - 1)]
        found[card.feature] = [(int(other), _short(cosines[other], 3)) for other in best]
    return found


def _pack(
    card: Card, numbers: list[float | None], near: list[tuple[int, float | None]]
) -> list[Any]:
    return [
        int(card.feature),
        card.name,
        dict(card.facts),
        numbers,
        [[_short(value), compact(text)] for value, text in card.examples[:EXAMPLES]],
        [[token, _short(value, 3)] for token, value in card.promoted[:TOKENS]],
        [[token, _short(value, 3)] for token, value in card.suppressed[:TOKENS]],
        [[n, _short(entry, 3), _short(share, 3)] for n, entry, share in card.neurons[:NEURONS]],
        near,
        [[_short(value), compact(text)] for value, text in card.weaker],
        list(card.histogram),
    ]


def unpack(
    packed: Sequence[Any],
) -> tuple[Card, list[float | None], list[tuple[int, float]]]:
    """A card, its numbers in the order of the data's columns, and its neighbours."""
    from lib.display.feature_cards import Card

    feature, name, facts, numbers, *lists = packed[:9]
    *lists, near = ([tuple(item) for item in one] for one in lists)
    # Older runs left only the strongest examples.
    weaker, histogram = packed[9:] or ([], [])
    return (
        Card(feature, name, facts, *lists, [tuple(one) for one in weaker], histogram),
        numbers,
        near,
    )


def compact(text: str) -> str:
    """A coloured excerpt with short marks, `<b class=s5>`, that the page's own style colours."""

    def mark(found: re.Match) -> str:
        return f"<b class=s{SHADE_STYLES.index(found[1]) + 1}>"

    return SHADE.sub(mark, PARAGRAPH.sub("", text)).replace("</span>", "</b>")


def style_sheet() -> str:
    """The CSS of the marks that `compact` writes."""
    return "\n".join(f".s{shade} {{ {look} }}" for shade, look in enumerate(SHADE_STYLES, 1))


def _short(value: float, digits: int = 4) -> float | None:
    """Rounded to some digits; None for what is not finite."""
    value = float(value)
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None


def explorer_data(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `explorer` left in an executed notebook."""
    return [data for cell in notebook["cells"] for data in _data_in(cell)]


def names_in(cell: Mapping[str, Any]) -> list[str]:
    """The names under which a cell left cards."""
    return [data["name"] for data in _data_in(cell)]


def _data_in(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    outputs = [output.get("data", {}) for output in cell.get("outputs", ())]
    return [json.loads("".join(data[MIME])) for data in outputs if MIME in data]
