"""The index of parameters: every setting of every chapter, from the schemas themselves."""

from __future__ import annotations

import html
import types
import typing
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from lib.pages import filter as pages_filter
from lib.pages.filter import Choice
from lib.pages.studies import Study
from lib.settings import PROFILES, ChapterSettings
from lib.studies.registry import STUDIES, resolve, schema

TABLE = "parameters"
EVERY = "every"
NOUNS = {int: "whole number", float: "number", str: "text", bool: "true or false"}
PLURALS = {int: "whole numbers", float: "numbers", str: "texts", bool: "true or false"}
BOUNDS = {
    "gt": "above {:,}",
    "ge": "at least {:,}",
    "lt": "below {:,}",
    "le": "at most {:,}",
    "min_length": "{} or more of them",
    "max_length": "{} of them at most",
}
"""What pydantic keeps of a field's bounds, in words."""


class Parameter(NamedTuple):
    """One setting of one chapter."""

    name: str
    chapter: str
    """Its number, or `every` for what all chapters share."""
    kind: str
    """Type and bounds in words."""
    meaning: str
    values: tuple[str, ...]
    """In words, at each of `PROFILES`."""


def parameters() -> list[Parameter]:
    """All settings, by name; those that chapters share stand once, without a chapter."""
    chapters = list(STUDIES)
    shared = set(ChapterSettings.model_fields)
    found = []
    for position, chapter in enumerate(chapters):
        tables = [resolve(chapter, {"profile": profile}) for profile in PROFILES]
        for name, field in schema(chapter).model_fields.items():
            if name in shared and position:
                continue
            values = tuple(in_words(getattr(table, name)) for table in tables)
            owner = EVERY if name in shared else chapter
            found.append(Parameter(name, owner, kind_of(field), field.description or "", values))
    return sorted(found, key=lambda one: (one.name, one.chapter))


def kind_of(field: FieldInfo) -> str:
    """`whole number, above 0`."""
    parts = [_type(field.annotation)]
    for bound in field.metadata:
        values = ((words, getattr(bound, name, None)) for name, words in BOUNDS.items())
        parts += [words.format(value) for words, value in values if value is not None]
    return ", ".join(parts)


def _type(annotation: Any, nouns: dict[type, str] = NOUNS) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(part, nouns) for part in inner)
    if origin is typing.Annotated:
        return _type(inner[0], nouns)
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, inner))
    if origin in (tuple, list):
        items = [part for part in inner if part is not Ellipsis]
        return "list of " + " and ".join(dict.fromkeys(_type(part, PLURALS) for part in items))
    if annotation is type(None):
        return "none"
    return nouns.get(annotation, getattr(annotation, "__name__", str(annotation)))


def in_words(value: Any) -> str:
    """A value as a reader would type it, with gaps in long numbers."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return "; ".join(map(in_words, value)) or "(none)"
    return str(value)


def parameters_page(all_studies: Iterable[Study], written: Collection[str], root: Path) -> str:
    """The body of the index: one row for each parameter of each chapter."""
    found = parameters()
    studies = {study.chapter: study for study in all_studies}
    used = dict.fromkeys(one.chapter for one in sorted(found, key=lambda one: one.chapter))
    options = [(number, _chapter(number, studies, written)[0]) for number in used]
    orders = [("", "by name"), ("chapter", "by chapter")]
    form = pages_filter.controls(
        TABLE, "parameters", [Choice("chapter", "Chapter", options)], orders
    )
    heads = ("Parameter", "What it does", *(f"{profile}" for profile in PROFILES))
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "\n".join(_row(one, studies, written) for one in found)
    return (
        f"{form}\n\n"
        '<div class="ld-scroll" role="region" tabindex="0" aria-label="Parameters">\n'
        f'<table class="ld-index" id="{TABLE}">\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n\n" + pages_filter.script("filter.js", root)
    )


def _chapter(number: str, studies: dict[str, Study], written: Iterable[str]) -> tuple[str, str]:
    """(title, notebook that has a page or "") of a chapter."""
    if number == EVERY:
        return "every chapter", ""
    notebook = next((name for name in written if name.startswith(number)), "")
    if number in studies:
        return f"{number} {studies[number].title}", notebook
    # A chapter without a study of its own, such as the primer, goes by its file.
    return f"{number} {notebook[3:].replace('_', ' ').capitalize()}".strip(), notebook


def _row(one: Parameter, studies: dict[str, Study], written: Collection[str]) -> str:
    title, notebook = _chapter(one.chapter, studies, written)
    where = html.escape(title)
    if notebook:
        where = f'<a href="../chapters/{notebook}.html">{where}</a>'
    anchor = f"{one.name}-{one.chapter}".replace("_", "-")
    cells = "".join(
        f'<td data-label="{profile}">{html.escape(value)}</td>'
        for profile, value in zip(PROFILES, one.values, strict=True)
    )
    return (
        f'<tr data-row data-chapter="{html.escape(one.chapter)}" '
        f'data-name="{html.escape(one.name)}"><th scope="row" id="{anchor}">'
        f"<code>{html.escape(one.name)}</code><br><small>{where}</small></th>"
        f"<td>{_meaning(one.meaning)}<br><small>{html.escape(one.kind)}</small></td>{cells}</tr>"
    )


def _meaning(text: str) -> str:
    pieces = html.escape(" ".join(text.split())).split("`")
    return "".join(
        f"<code>{piece}</code>" if position % 2 else piece for position, piece in enumerate(pieces)
    )
