"""Tables that a reader narrows and sorts without a kernel: their controls, and the script."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from lib.core.errors import UserError

SCRIPTS = "book/_scripts"


class Choice(NamedTuple):
    """A drop-down list that keeps the rows with one value."""

    key: str
    """The rows' attribute `data-<key>` that is compared."""
    label: str
    options: Sequence[tuple[str, str]]
    """(value, what is shown)."""
    narrows: bool = False
    """Whether it also hides the parts of a row (`data-part`) that have another value."""


def controls(
    table: str,
    noun: str,
    choices: Iterable[Choice],
    orders: Sequence[tuple[str, str]],
    within: Sequence[tuple[str, str]] = (),
) -> str:
    """The form above a table; hidden until its script runs, because it does nothing without.

    Args:
        table: the table's id.
        noun: what the rows are, in the plural, for the count.
        choices: drop-down lists, in order.
        orders: (sort key, what is shown); "" is the page's own order, `key:number` counts up,
            `key:-number` down.
        within: (attribute that is searched, what is shown); "" is a row's whole text.
    """
    fields = [
        _field(
            f"{table}-{one.key}",
            one.label,
            _select(
                f"{table}-{one.key}",
                [("", "all"), *one.options],
                f'data-by="{html.escape(one.key)}"' + (" data-narrows" if one.narrows else ""),
            ),
        )
        for one in choices
    ]
    search = f'<input type="search" id="{table}-words" autocomplete="off">'
    fields.append(_field(f"{table}-words", "Words", search))
    if within:
        where = _select(f"{table}-in", within, "data-in")
        fields.append(_field(f"{table}-in", "Look for them", where))
    fields.append(_field(f"{table}-sort", "Order", _select(f"{table}-sort", orders, "data-sort")))
    return (
        f'<form class="ld-filter" data-for="{table}" data-noun="{html.escape(noun)}" '
        f'aria-label="Choose {html.escape(noun)}" hidden>\n'
        + "\n".join(fields)
        + '\n<button type="reset">Show all</button>\n<p role="status"></p>\n</form>'
    )


def _select(name: str, options: Sequence[tuple[str, str]], attributes: str) -> str:
    lines = "".join(
        f'<option value="{html.escape(value)}">{html.escape(shown)}</option>'
        for value, shown in options
    )
    return f'<select id="{name}" {attributes}>{lines}</select>'


def _field(name: str, label: str, control: str) -> str:
    return f'<span><label for="{name}">{html.escape(label)}</label>{control}</span>'


def script(name: str, root: Path) -> str:
    """A script of `book/_scripts` as part of a page, so that the page needs no second file.

    Raises:
        UserError: the script holds the end of a script, which would cut it off.
    """
    text = (root / SCRIPTS / name).read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise UserError(f"{SCRIPTS}/{name} must not hold the text </script.")
    return f"<script>\n{text}</script>"
