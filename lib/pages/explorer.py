"""The feature explorer: one page a dictionary, with everything in it, made from what a run left."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from lib.core.errors import UserError
from lib.display.explorer import style_sheet, unpack
from lib.display.feature_cards import TEMPLATE, Card
from lib.evidence import templating
from lib.pages import rendering
from lib.pages.context import Study
from lib.pages.rendering import Choice
from lib.runs import run_folders
from lib.runs.run_folders import Run

FOLDER = "explorer"
LIST = "features"
LARGEST_PAGE = 1_000_000
"""Bytes of one page."""
LISTS = {
    "promotes": ("tokens it promotes", "the tokens whose scores it raises"),
    "suppresses": ("tokens it suppresses", "the tokens whose scores it lowers"),
    "neurons": ("", "the neurons that it points along"),
}
"""What a card may hold beside its examples: where one looks for words, and in a sentence."""
STRONGEST = (".s4, .s5", "where it is strongest")
"""The stretches of examples under which a feature is near its highest, as a selector."""
MOST_KINDS = 6
"""A fact that has so few values in a dictionary, all of them words, is one to choose by."""


class Explorer(NamedTuple):
    """One dictionary's page."""

    page: str
    """The file's name without ending."""
    run: Run
    data: Mapping[str, Any]
    text: str = ""
    """How a sentence calls the run's text; by the name that the run carries if empty."""

    @property
    def place(self) -> str:
        """`cpu run on storyworld`."""
        return f"{self.run.meta['profile']} run on {self.text or self.run.meta['source']}"

    @property
    def seed(self) -> str:
        """`seed 0`."""
        return f"seed {self.run.meta['seed']}"

    @property
    def title(self) -> str:
        """`Small dictionary`: the name that the chapter gave it, as a heading."""
        return self.data["name"].replace("_", " ").capitalize()

    def family(self, pages: Iterable[Explorer]) -> list[Explorer]:
        """The dictionaries of its run, itself among them; none where it is the only one."""
        found = [one for one in pages if one.run.folder == self.run.folder]
        return found if len(found) > 1 else []


def explorers(found: Iterable[Run], known: Mapping[str, str] = {}) -> list[Explorer]:
    """The dictionaries whose cards the runs left, in a fixed order.

    Args:
        known: the name of a text that runs carry -> how a sentence calls it.
    """
    pages: dict[str, Explorer] = {}
    for run in found:
        for file in sorted((run.folder / run_folders.EXPLORER).glob("*.json")):
            data = json.loads(file.read_text(encoding="utf-8"))
            meta = run.meta
            parts = (meta["chapter"], data["name"], meta["profile"], meta["source"])
            name = re.sub(r"[^\w-]+", "-", "-".join(parts) + f"-seed{meta['seed']}")
            if meta["overrides"]:
                name += f"-{meta['key'][:8]}"
            pages.setdefault(name, Explorer(name, run, data, known.get(meta["source"], "")))
    return [pages[name] for name in sorted(pages)]


def write(pages: Sequence[Explorer], studies: Iterable[Study], folder: Path, root: Path) -> None:
    """Writes a page for each; every page is one file that needs no other.

    Raises:
        UserError: a page is too large.
    """
    titles = {study.chapter: study for study in studies}
    folder.mkdir(parents=True)
    for one in pages:
        family, study = one.family(pages), titles.get(one.run.meta["chapter"])
        text = explorer_page(one, study, root, family)
        size = len(text.encode("utf-8"))
        if size > LARGEST_PAGE:
            # The cards come in the order in which they should be kept; a tenth is for what varies.
            features = one.data["features"]
            fewer = features[: int(0.9 * LARGEST_PAGE / size * len(features))]
            cut = one._replace(data={**one.data, "features": fewer})
            text = explorer_page(cut, study, root, family) if fewer else text
            size = len(text.encode("utf-8"))
        if size > LARGEST_PAGE:
            raise UserError(
                f"The explorer's page {one.page} would have {size / 1e6:.1f} MB, more than "
                f"{LARGEST_PAGE / 1e6:.0f}: leave fewer cards in the chapter."
            )
        (folder / f"{one.page}.html").write_text(text, encoding="utf-8")


def explorer_list(pages: Sequence[Explorer], studies: Iterable[Study]) -> str:
    """The links to all explorers, chapter by chapter, for a page of the book."""
    if not pages:
        return "No run has left one yet."
    titles = {study.chapter: study.title for study in studies}
    chapters: dict[str, list[Explorer]] = {}
    for one in sorted(pages, key=lambda one: one.run.origin != "results"):
        chapters.setdefault(one.run.meta["chapter"], []).append(one)
    return rendering.render(
        "explorer_list.html",
        folder=FOLDER,
        chapters=[
            (f"{chapter} {titles.get(chapter, '')}".strip(), own)
            for chapter, own in sorted(chapters.items())
        ],
    )


def explorer_page(
    one: Explorer, study: Study | None, root: Path, family: Sequence[Explorer] = ()
) -> str:
    """The whole page as HTML.

    Args:
        family: the dictionaries of the same run, see `Explorer.family`.
    """
    data = one.data
    features, columns = data["features"], data["columns"]
    title = study.title if study else f"Chapter {one.run.meta['chapter']}"
    left = data["total"] - len(features)
    orders = [("", "as in the run")]
    for position, column in enumerate(columns):
        for kind, words in (("-number", "highest"), ("number", "lowest")):
            orders.append((f"n{position}:{kind}", f"{column}, {words} first"))
    cards = [unpack(packed)[0] for packed in features]
    there = _lists(cards)
    within = [STRONGEST, ("", "anywhere on the card")]
    within += [(f".{name} code", LISTS[name][0]) for name in there if LISTS[name][0]]
    kinds = _kinds(cards)
    choices = [*_named(cards), *(kind.choice(number) for number, kind in enumerate(kinds))]
    here = {card.feature for card in cards}
    files = (root / rendering.SCRIPTS / "explorer.css", root / "book" / "_static" / "filter.css")
    style = "".join(file.read_text(encoding="utf-8") for file in files) + style_sheet()
    return rendering.render(
        "explorer_page.html",
        heading=f"Features of “{title}”" + (f": {one.title.lower()}" if family else ""),
        style=Markup(style),
        card_style=templating.macros(TEMPLATE).style(),
        one=one,
        study=study,
        family=family,
        left_out=left,
        whole_range=any(card.histogram for card in cards),
        opened=_in_words(there),
        table=LIST,
        choices=choices,
        orders=orders,
        within=within,
        rows=[_row(packed, columns, here, kinds, not i) for i, packed in enumerate(features)],
        script=rendering.script("filter.js", root),
    )


def _lists(cards: Sequence[Card]) -> list[str]:
    """Which of `LISTS` the dictionary's cards hold."""
    found = {
        "promotes": any(card.promoted for card in cards),
        "suppresses": any(card.suppressed for card in cards),
        "neurons": any(card.neurons for card in cards),
    }
    return [name for name in LISTS if found[name]]


def _in_words(there: Sequence[str]) -> str:
    """What an opened card shows."""
    parts = ["more examples, coloured by the feature’s activation"]
    parts += [LISTS[name][1] for name in there]
    return ", ".join(parts[:-1]) + f", and {parts[-1]}" if len(parts) > 1 else parts[0]


def _named(cards: Sequence[Card]) -> list[Choice]:
    """A choice between features with a label and without, where some have one."""
    named = sum(bool(card.name) for card in cards)
    options = [("yes", f"with one ({named})"), ("no", f"without ({len(cards) - named})")]
    return [Choice("named", "Label", options)] if named else []


class _Kind(NamedTuple):
    """A fact with few values."""

    fact: str
    counts: Mapping[str, int]
    """How many features have which value, the most frequent first."""

    def choice(self, number: int) -> Choice:
        options = [(str(i), f"{value} ({n})") for i, (value, n) in enumerate(self.counts.items())]
        return Choice(f"k{number}", self.fact.capitalize(), options)

    def position(self, card: Card) -> int | None:
        """Which of the options a card has."""
        value = card.facts.get(self.fact)
        return list(self.counts).index(value) if value is not None else None


def _kinds(cards: Sequence[Card]) -> list[_Kind]:
    """The facts by which a reader can choose among the cards."""
    names = dict.fromkeys(name for card in cards for name in card.facts)
    found = []
    for name in names:
        counts = Counter(card.facts[name] for card in cards if name in card.facts)
        words = not any(map(str.isdigit, "".join(counts)))
        if words and 2 <= len(counts) <= MOST_KINDS:
            found.append(_Kind(name, dict(counts.most_common())))
    return found


class _Row(NamedTuple):
    """A card with what a reader filters and sorts it by."""

    card: Card
    values: Mapping[str, str]
    """Attribute `data-<key>` -> value."""
    html: Markup


def _row(
    packed: Sequence[Any],
    columns: Sequence[str],
    here: Collection[int],
    kinds: Sequence[_Kind],
    opened: bool,
) -> _Row:
    card, numbers, near = unpack(packed)
    known = [(i, value) for i, value in enumerate(numbers) if value is not None]
    positions = ((i, kind.position(card)) for i, kind in enumerate(kinds))
    values = {f"n{i}": f"{value:g}" for i, value in known}
    values |= {f"k{i}": str(place) for i, place in positions if place is not None}
    # The nearest direction may be of a feature whose card is not here.
    others = ", ".join(
        (f'<a href="#feature-{other}">feature {other}</a>' if other in here else f"{other}")
        + f" ({cosine:.2f})"
        for other, cosine in near
    )
    shown = " · ".join(f"{html.escape(columns[i])} {value:.3g}" for i, value in known)
    more = {"nearest": others, "numbers": shown}
    drawn = templating.macros(TEMPLATE).card(
        card, f"feature-{card.feature}", opened, more=more, lead=True
    )
    return _Row(card, values, drawn)
