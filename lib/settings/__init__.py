"""Settings: a typed schema for each chapter, and what each profile sets.

A study's module `lib/studies/<study>/settings.py` holds `class Settings(ChapterSettings)`; the file
`profiles.yml` beside it holds the values of the chapter's own fields in each profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lib.core.errors import UserError
from lib.settings.base import PROFILE_FACTS, PROFILE_SECONDS, PROFILES, ChapterSettings
from lib.settings.decoding import check_names, decode, refuse_bools, sentence
from lib.settings.profiles import profile_values

__all__ = [
    "PROFILES",
    "PROFILE_SECONDS",
    "ChapterSettings",
    "profile_values",
    "resolve",
]


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
    values = profile_values(schema, profile)
    values = {
        "seed": 0,
        "source": PROFILE_FACTS[profile].source,
        **values,
        **given,
        "profile": profile,
    }
    refuse_bools(values, schema, where)
    try:
        return schema(**values)
    except ValidationError as error:
        raise UserError(sentence(error, where)) from None
