"""Profiles: the values of a chapter's settings, from the file `profiles.yml` beside its schema.

A profile that reads a model which has to be fetched has a section `<profile> without it` beside it:
what goes before where the model is not on this machine.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import TypeAdapter, ValidationError

from lib.core.errors import UserError
from lib.model.published.shelf import is_here
from lib.settings.base import PROFILES, ChapterSettings
from lib.settings.decoding import allowed_types, complaints, near_misses

FILE = "profiles.yml"
ALL = "all"
"""The section of what every profile shares; a profile's own values go before it."""
WITHOUT = " without it"
FETCHED = ("model", "mark_model")
"""Settings that may name a model to be fetched."""


def profile_values(schema: type[ChapterSettings], profile: Any) -> dict[str, Any]:
    """The values of one profile of one chapter, each of the type that its field wants.

    Raises:
        UserError: there is no such profile, or the file is not as the schema wants it.
    """
    if profile not in PROFILES:
        raise UserError(f"There is no profile {profile!r}: {near_misses(str(profile), PROFILES)}")
    found = _values(schema, profile, *_file_of(schema))
    if missing_model(schema, profile):
        found = found | _values(schema, profile + WITHOUT, *_file_of(schema))
    return dict(found)


def missing_model(schema: type[ChapterSettings], profile: str) -> str | None:
    """The model that a profile reads and this machine lacks, where there are values without it."""
    path, stamp = _file_of(schema)
    if profile + WITHOUT not in _sections(path, stamp):
        return None
    values = _values(schema, profile, path, stamp)
    named = [values[name] for name in FETCHED if name in values]
    return next((model for model in named if not is_here(model)), None)


def _file_of(schema: type[ChapterSettings]) -> tuple[Path, int]:
    """The file of a chapter's profiles, and when it was changed."""
    path = Path(sys.modules[schema.__module__].__file__ or "").with_name(FILE)
    try:
        return path, path.stat().st_mtime_ns
    except OSError:
        raise UserError(f"The profiles were looked for in {path}, which is not there.") from None


@lru_cache(maxsize=64)
def _values(schema: type[ChapterSettings], profile: str, path: Path, stamp: int) -> dict[str, Any]:
    file = f"{path.parent.name}/{path.name}"
    sections = _sections(path, stamp)
    if profile not in sections:
        raise UserError(f"{file} has no profile {profile!r}; it has {', '.join(sections)}.")
    common = sections.get(ALL, {})
    given = {**common, **sections[profile]}
    found = {}
    for name, value in given.items():
        section = profile if name in sections[profile] else ALL
        found[name] = _typed(schema, name, value, f"{file}, profile {section}")
    required = [name for name, field in schema.model_fields.items() if field.is_required()]
    missing = [n for n in required if n not in {*found, *ChapterSettings.model_fields}]
    if profile.endswith(WITHOUT):
        return found
    if missing:
        raise UserError(f"{file}, profile {profile}: {', '.join(missing)} has no value.")
    return found


@lru_cache(maxsize=16)
def _sections(path: Path, stamp: int) -> dict[str, dict[str, Any]]:
    """The file as it is, its sections checked: profiles that there are, with names of fields."""
    file = f"{path.parent.name}/{path.name}"
    try:
        sections = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{file} is no valid YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(sections, dict) or not all(isinstance(s, dict) for s in sections.values()):
        raise UserError(f"{file} must hold profiles, each with `name: value` in every line.")
    known = (ALL, *PROFILES, *(profile + WITHOUT for profile in PROFILES))
    for section in sections:
        if section not in known:
            raise UserError(
                f"{file} has no use for {section!r}: {near_misses(str(section), known)}"
            )
    return sections


def _typed(schema: type[ChapterSettings], name: str, value: Any, where: str) -> Any:
    own = set(schema.model_fields) - set(ChapterSettings.model_fields)
    if name not in own:
        raise UserError(f"{where}: {name!r} is no size of this chapter: {near_misses(name, own)}")
    field = schema.model_fields[name]
    # As JSON and strictly: a list may be a tuple and 1 may be 1.0, but text is never a number.
    adapter = TypeAdapter(Annotated[field.annotation, field])
    try:
        return adapter.validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as error:
        hint = ""
        if not allowed_types(field.annotation) <= {str} and _reads_as_text(value):
            hint = ", which YAML reads as text: write 1.0e-2 and not 1e-2"
        raise UserError(f"{where}: {complaints(error, name)}{hint}.") from None


def _reads_as_text(value: Any) -> bool:
    """Whether a number, or one in a list, was spelt in a way that YAML takes for text."""
    if isinstance(value, list):
        return any(map(_reads_as_text, value))
    try:
        return isinstance(value, str) and float(value) is not None
    except ValueError:
        return False
