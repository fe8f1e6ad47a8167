"""The index of parameters: every setting of every chapter, from the schemas themselves."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from lib.pages import rendering
from lib.pages.context import BookContext
from lib.pages.rendering import Choice
from lib.settings import PROFILES, ChapterSettings
from lib.studies.registry import STUDIES, resolve, schema

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
            meaning = " ".join((field.description or "").split())
            found.append(Parameter(name, owner, kind_of(field), meaning, values))
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


def parameters_page(book: BookContext) -> str:
    """The body of the index: one row for each parameter of each chapter."""
    found = parameters()
    titles = {study.chapter: study.title for study in book.studies}
    chapters = {
        number: _chapter(number, titles.get(number), book.written)
        for number in sorted({one.chapter for one in found})
    }
    options = [(number, title) for number, (title, _) in chapters.items()]
    return rendering.render(
        "parameters.html",
        table="parameters",
        found=found,
        chapters=chapters,
        profiles=PROFILES,
        choices=[Choice("chapter", "Chapter", options)],
        orders=[("", "by name"), ("chapter", "by chapter")],
        script=rendering.script("filter.js", book.root),
    )


def _chapter(number: str, title: str | None, written: Iterable[str]) -> tuple[str, str]:
    """(title, notebook that has a page or "") of a chapter."""
    if number == EVERY:
        return "every chapter", ""
    notebook = next((name for name in written if name.startswith(number)), "")
    # A chapter without a study of its own, such as the primer, goes by its file.
    title = title or notebook[3:].replace("_", " ").capitalize()
    return f"{number} {title}".strip(), notebook
