"""Jinja templates for generated pages: HTML is escaped, and tables get controls to filter them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup, escape

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


def render(template: str, **values: Any) -> str:
    """A template of `templates/` with these values; what goes into HTML is escaped."""
    return _ENVIRONMENT.get_template(template).render(values)


def code_marks(text: str) -> Markup:
    """Escaped text; what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def tokens(several: Iterable[str]) -> str:
    """Tokens as the text of an attribute, each once, in lower case."""
    return " ".join(dict.fromkeys(token.strip().lower() for token in several))


def script(name: str, root: Path) -> Markup:
    """A script of `book/_scripts` as part of a page, so that the page needs no second file.

    Raises:
        UserError: the script holds the end of a script, which would cut it off.
    """
    text = (root / SCRIPTS / name).read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise UserError(f"{SCRIPTS}/{name} must not hold the text </script.")
    return Markup(f"<script>\n{text}</script>")


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=jinja2.select_autoescape(["html"], default=False),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"code_marks": code_marks, "tokens": tokens}
