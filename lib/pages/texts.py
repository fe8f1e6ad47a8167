"""The texts that runs read: plain names, origins and how to get them, from `book/texts.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from lib.core.errors import UserError
from lib.pages import rendering
from lib.runs.run_folders import Run


class Text(NamedTuple):
    """One text as a stranger knows it."""

    name: str
    """In plain words, e.g. "TinyStories"."""
    origin: str
    licence: str
    raw: str
    """Its size, before a run cut its share."""
    get: str
    """How to come by it."""
    inline: str = ""
    """The name within a sentence; the one that runs carry if empty."""
    pass_on: str = ""
    """What must go along with a copy that is passed on; if empty, none may be."""


def texts(root: Path) -> dict[str, Text]:
    """The texts by the name that runs carry.

    Raises:
        UserError: an entry that lacks something or has too much.
    """
    entries = yaml.safe_load((root / "book" / "texts.yml").read_text(encoding="utf-8"))
    try:
        return {label: Text(**entry) for label, entry in entries.items()}
    except TypeError as error:
        raise UserError(f"An entry of book/texts.yml is malformed: {error}.") from None


def names(root: Path) -> dict[str, str]:
    """The name that runs carry -> how a sentence calls the text."""
    return {label: text.inline or label for label, text in texts(root).items()}


def texts_page(root: Path, runs: Iterable[Run]) -> str:
    """The page's body: each text with the fingerprints of the recorded runs on it.

    Raises:
        UserError: a recorded run is on a text that `book/texts.yml` does not know.
    """
    known = texts(root)
    found: dict[str, set[str]] = {}
    for run in runs:
        if run.origin == "results":
            content = str(run.meta.get("fingerprint", "")).partition("-")[0]
            found.setdefault(run.meta["source"], set()).add(content)
    if unknown := sorted(found.keys() - known.keys()):
        raise UserError(
            f"Recorded runs are on {', '.join(unknown)}, which book/texts.yml does not know: say "
            "there what the text is and how to get it."
        )
    fingerprints: Mapping[str, list[str]] = {label: sorted(one) for label, one in found.items()}
    return rendering.render("texts.md", texts=known, fingerprints=fingerprints)
