"""Registry of the studies: which chapter has which settings."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import lib.settings
from lib.core.errors import UserError
from lib.settings import ChapterSettings
from lib.settings.decoding import near_misses

STUDIES = {
    "00": "lib.studies.primer",
    "01": "lib.studies.words",
    "02": "lib.studies.twins",
    "03": "lib.studies.census",
    "04": "lib.studies.splitting",
    "05": "lib.studies.recovery",
    "06": "lib.studies.beyond",
}
"""The package of each chapter, by its number."""


def settings_module(chapter: str) -> str:
    """The name of the module that holds a chapter's settings.

    Raises:
        UserError: there is no such chapter.
    """
    if chapter not in STUDIES:
        raise UserError(f"Chapter {chapter!r} has no settings: {near_misses(chapter, STUDIES)}")
    return f"{STUDIES[chapter]}.settings"


def schema(chapter: str) -> type[ChapterSettings]:
    """The settings class of a chapter, e.g. of "01"."""
    return importlib.import_module(settings_module(chapter)).Settings


def resolve(chapter: str, overrides: Mapping[str, Any]) -> ChapterSettings:
    """A chapter's settings by its number, see `lib.settings.resolve`."""
    return lib.settings.resolve(schema(chapter), overrides)
