"""Settings: a typed schema for each chapter, and what each profile sets.

A study's module `lib/studies/<study>/settings.py` holds `class Settings(ChapterSettings)` and
`PROFILES`, a dict from profile name to the values of the chapter's own fields.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lib.core.errors import UserError
from lib.settings.base import PROFILE_SECONDS, PROFILE_SOURCES, PROFILES, ChapterSettings
from lib.settings.decoding import check_names, decode, near_misses, refuse_bools, sentence

__all__ = [
    "PROFILES",
    "PROFILE_SECONDS",
    "PROFILE_SOURCES",
    "ChapterSettings",
    "profile_values",
    "resolve",
]


def profile_values(schema: type[ChapterSettings], profile: Any) -> dict[str, Any]:
    """The sizes of one profile of one chapter."""
    if profile not in PROFILES:
        raise UserError(f"There is no profile {profile!r}: {near_misses(str(profile), PROFILES)}")
    return dict(sys.modules[schema.__module__].PROFILES[profile])


def resolve(schema: type[ChapterSettings], overrides: Mapping[str, Any]) -> ChapterSettings:
    """Profile and overrides together, validated; None means "from the profile".

    Raises:
        UserError: unknown profile or parameter, a wrong type or an impossible value.
    """
    where = f"chapter {schema.chapter}"
    check_names(overrides, schema, where)
    given = {
        name: decode(value, schema.model_fields[name].annotation)
        for name, value in overrides.items()
    }
    given = {name: value for name, value in given.items() if value is not None}
    profile = given.get("profile", "cpu")
    values = {
        "seed": 0,
        "source": PROFILE_SOURCES.get(profile) if isinstance(profile, str) else None,
        **profile_values(schema, profile),
        **given,
        "profile": profile,
    }
    refuse_bools(values, schema, where)
    try:
        return schema(**values)
    except ValidationError as error:
        raise UserError(sentence(error, where)) from None
