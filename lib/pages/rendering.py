"""What templates of pages share: controls to filter a table, attributes, scripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from lib.core.errors import UserError
from lib.evidence.templating import render

__all__ = ["Choice", "render", "script"]

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


def script(name: str, root: Path) -> Markup:
    """A script of `book/_scripts` as part of a page, so that the page needs no second file.

    Raises:
        UserError: the script holds the end of a script, which would cut it off.
    """
    text = (root / SCRIPTS / name).read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise UserError(f"{SCRIPTS}/{name} must not hold the text </script.")
    return Markup(f"<script>\n{text}</script>")
