"""One typed schema and one table of profiles for each chapter.

A chapter's module `lib/book/settings/chapter<NN>.py` holds `class Settings(ChapterSettings)` and
`PROFILES`, a dict from profile name to the values of the chapter's own fields.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lib.book.settings.base import PROFILE_SECONDS, PROFILE_SOURCES, PROFILES, ChapterSettings
from lib.book.settings.decoding import (
    check_names,
    decode,
    near_misses,
    refuse_bools,
    sentence,
)
from lib.core.device import resolve_device
from lib.core.errors import UserError

__all__ = [
    "PROFILES",
    "PROFILE_SECONDS",
    "PROFILE_SOURCES",
    "ChapterSettings",
    "chapters_with_settings",
    "load",
    "resolve",
    "schema",
]

PLAIN = (type(None), bool, int, float, str, list, tuple, dict)


def chapters_with_settings() -> list[str]:
    """Numbers of the chapters that have a schema, e.g. ["01", "02"]."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.removeprefix("chapter") for name in names if name.startswith("chapter"))


def module_of(chapter: str) -> str:
    """The name of the module that holds a chapter's settings."""
    if chapter not in chapters_with_settings():
        raise UserError(
            f"Chapter {chapter!r} has no settings: {near_misses(chapter, chapters_with_settings())}"
        )
    return f"{__name__}.chapter{chapter}"


def schema(chapter: str) -> type[ChapterSettings]:
    """The settings class of a chapter, e.g. of "01"."""
    return importlib.import_module(module_of(chapter)).Settings


def profile_values(chapter: str, profile: Any) -> dict[str, Any]:
    """The sizes of one profile of one chapter."""
    if profile not in PROFILES:
        raise UserError(f"There is no profile {profile!r}: {near_misses(str(profile), PROFILES)}")
    table = importlib.import_module(module_of(chapter)).PROFILES
    return dict(table[profile])


def resolve(chapter: str, overrides: Mapping[str, Any]) -> ChapterSettings:
    """Profile and overrides together, validated; None means "from the profile".

    Raises:
        UserError: unknown chapter, profile or parameter, a wrong type or an impossible value.
    """
    model = schema(chapter)
    where = f"chapter {chapter}"
    check_names(overrides, model, where)
    given = {
        name: decode(value, model.model_fields[name].annotation)
        for name, value in overrides.items()
    }
    given = {name: value for name, value in given.items() if value is not None}
    profile = given.get("profile", "cpu")
    values = {
        "seed": 0,
        "source": PROFILE_SOURCES.get(profile) if isinstance(profile, str) else None,
        **profile_values(chapter, profile),
        **given,
        "profile": profile,
    }
    refuse_bools(values, model, where)
    try:
        return model(**values)
    except ValidationError as error:
        raise UserError(sentence(error, where)) from None


def load(chapter: str, notebook_globals: Mapping[str, Any]) -> ChapterSettings:
    """The second code cell of a chapter: `settings = load("01", globals())`.

    Takes the schema's names from the notebook, refuses names that are no parameters, and opens the
    chapter's book of records. In a notebook, the names are read from the parameters cell and the
    cell that papermill puts after it; elsewhere every plain value counts as a parameter.

    `precision` is decided here and no longer "auto".

    Raises:
        UserError: as `resolve`.
    """
    from lib.book import session
    from lib.core.device import resolve_precision

    names = parameter_names(notebook_globals.get("In") or [])
    if names is None:
        names = {
            name
            for name, value in notebook_globals.items()
            if not name.startswith("_") and name not in ("In", "Out") and isinstance(value, PLAIN)
        }
    known = set(schema(chapter).model_fields)
    wanted = (names | known) & set(notebook_globals)
    settings = resolve(chapter, {name: notebook_globals[name] for name in sorted(wanted)})
    precision = resolve_precision(settings.precision, resolve_device(settings.device))
    settings = settings.model_copy(update={"precision": precision})
    session.begin(chapter, settings)
    return settings


def parameter_names(history: list[str]) -> set[str] | None:
    """Names that the newest parameters cell, and papermill's after it, assign; None without one.

    A parameters cell assigns nothing but plain values, `profile` and `seed` among them; papermill's
    own begins with the comment `# Parameters`.
    """
    names: set[str] | None = None
    for source in history:
        assigned = _assigned_literals(source)
        if not assigned:
            continue
        if {"profile", "seed"} <= assigned:
            names = assigned
        elif source.lstrip().startswith("# Parameters"):
            names = (names or set()) | assigned
    return names


def _assigned_literals(source: str) -> set[str] | None:
    """The names of a cell that does nothing but assign plain values to names, else None."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    names = set()
    for statement in body:
        if not isinstance(statement, ast.Assign) or not all(
            isinstance(target, ast.Name) for target in statement.targets
        ):
            return None
        try:
            ast.literal_eval(statement.value)
        except ValueError:
            # Papermill writes nan and inf as float('nan'), float('inf').
            if not isinstance(statement.value, ast.Call):
                return None
        names |= {target.id for target in statement.targets}
    return names
