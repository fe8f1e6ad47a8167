"""Things to move in a notebook that someone watches; a still picture where nobody does.

A page is made by a run that nobody watches, so it carries no widget: `slider` publishes one figure
there. A move answers within a fifth of a second if `draw` does; what is slow is computed before.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from lib.core.progress import PROGRESS_FILE_VARIABLE
from lib.evidence import templating
from lib.evidence.figures import figure
from lib.evidence.svg import inline_svg

if TYPE_CHECKING:
    from lib.display.feature_cards import Card

SHOWN = 5
"""Cards that a browser shows at once."""
WIDE = {"description_width": "initial"}


def watched() -> bool:
    """Whether a person sees this notebook's outputs as they come, and can move something.

    The runner and papermill execute cells without naming them; JupyterLab and VS Code name the
    cell in each request, Colab is known by its package.
    """
    if PROGRESS_FILE_VARIABLE in os.environ:
        return False
    if "google.colab" in sys.modules:
        return True
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return bool((parent.get("metadata") or {}).get("cellId"))


def slider(
    name: str,
    draw: Callable[[Any], Any],
    values: Sequence[Any],
    at: Any,
    label: str,
    alt: str,
    caption: str,
) -> None:
    """A figure that follows a slider; `figure(name, draw(at), alt, caption)` if nobody watches.

    Args:
        name, alt, caption: as of `figure`; they describe the figure at `at`.
        draw: value -> a new matplotlib figure; it shows, and computes nothing that lasts.
        values: the slider's positions, in order.
        at: the position at which it starts, and which a page shows.
        label: what is moved.
    """
    figure(name, draw(at), alt, caption)
    play(draw, values, at, label)


def play(draw: Callable[[Any], Any], values: Sequence[Any], at: Any, label: str) -> None:
    """A slider with its figure where someone watches, and nothing elsewhere: no page needs it.

    For what a figure of the chapter shows already, and a hand on it shows better.

    Args:
        draw: as of `slider`, or value -> HTML in which what comes from a corpus is escaped.
        values, at, label: as of `slider`.
    """
    dials(draw, {label: (values, at)})


def dials(draw: Callable[..., Any], of: Mapping[str, tuple[Sequence[Any], Any]]) -> None:
    """One picture that follows several sliders, where someone watches.

    Args:
        draw: as of `play`, of a value of each slider, in their order.
        of: label -> positions of a slider, and that at which it starts.
    """
    if watched():
        from IPython.display import display

        display(live_dials(draw, of))


def live_dials(draw: Callable[..., Any], of: Mapping[str, tuple[Sequence[Any], Any]]) -> Any:
    """The sliders and their picture, as one widget."""
    import ipywidgets

    controls = [
        ipywidgets.SelectionSlider(
            options=list(values), value=at, description=label, style=WIDE, continuous_update=True
        )
        for label, (values, at) in of.items()
    ]
    picture = ipywidgets.HTML()

    def renew(change: Mapping[str, Any] | None = None) -> None:
        drawn = draw(*(control.value for control in controls))
        if isinstance(drawn, str):
            picture.value = drawn
            return
        stand = ", ".join(f"{control.description}: {control.value}" for control in controls)
        picture.value = inline_svg(drawn, "live", stand)
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close(drawn)

    for control in controls:
        control.observe(renew, "value")
    renew()
    return ipywidgets.VBox([*controls, picture])


def browser(cards: Sequence[Card], numbers: Mapping[str, Sequence[float]]) -> Any:
    """Cards of a dictionary to search and to sort, as one widget.

    Args:
        cards: see `lib.display.feature_cards.make_cards`.
        numbers: what they can be sorted by, each for all features; NaN where it is not known.
    """
    import ipywidgets

    from lib.display.feature_cards import TEMPLATE

    html = templating.macros(TEMPLATE)
    texts = [_words(card) for card in cards]
    orders = {"as in the run": None}
    orders |= {f"{name}, highest first": (name, -1) for name in numbers}
    orders |= {f"{name}, lowest first": (name, 1) for name in numbers}
    search = ipywidgets.Text(description="Words", placeholder="a token or a label", style=WIDE)
    order = ipywidgets.Dropdown(options=orders, description="Order", style=WIDE)
    first = ipywidgets.BoundedIntText(value=1, min=1, description="From", style=WIDE)
    page = ipywidgets.HTML()

    def renew(change: Mapping[str, Any] | None = None) -> None:
        wanted = search.value.lower().split()
        found = [i for i, text in enumerate(texts) if all(word in text for word in wanted)]
        if order.value:
            name, sign = order.value
            keys = sign * np.array([numbers[name][cards[i].feature] for i in found], dtype=float)
            found = [found[i] for i in np.argsort(keys, kind="stable")]  # NaN comes last
        first.max = max(1, len(found))
        shown = found[first.value - 1 : first.value - 1 + SHOWN]
        page.value = str(html.found([cards[i] for i in shown], len(found), len(cards)))

    for control in (search, order, first):
        control.observe(renew, "value")
    renew()
    return ipywidgets.VBox([ipywidgets.HBox([search, order, first]), page])


def _words(card: Card) -> str:
    """What a search looks at: label, facts, and tokens that a card names."""
    tokens = [token for token, _ in (*card.promoted, *card.suppressed)]
    excerpts = [Markup(text).striptags() for _, text in card.examples]
    return " ".join([card.name, *card.facts.values(), *tokens, *excerpts]).lower()
