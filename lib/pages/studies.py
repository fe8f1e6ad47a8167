"""The five studies as cards: what each asks, the claim it stands for, a figure, how it went."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from lib.evidence.claim_cards import SIGNS
from lib.evidence.verdicts import VERDICTS
from lib.pages import rendering
from lib.pages.context import BookContext, headline
from lib.runs import run_folders
from lib.runs.run_folders import Run
from lib.settings.base import PROFILES


class Picture(NamedTuple):
    """A figure of a run, for a card."""

    file: Path
    alt: str
    place: str
    """E.g. "cpu run on storyworld, seed 0"."""


def pictures(book: BookContext) -> dict[str, Picture]:
    """Chapter -> the figure of the study's claim, from the run that decides: real text, size."""
    chosen = {}
    runs = sorted(book.runs, key=weight, reverse=True)
    for study in book.studies:
        place = book.anchors.get(study.claim)
        own = [run for run in runs if run.meta["chapter"] == study.chapter]
        several = (_picture(place.figure, run, book) for run in own if place and place.figure)
        if picture := next(filter(None, several), None):
            chosen[study.chapter] = picture
    return chosen


def weight(run: Run) -> tuple[bool, bool, int, int, str]:
    """Which run stands for a chapter: the profile's own sizes, real text, size, lowest seed."""
    meta = run.meta
    size = PROFILES.index(meta["profile"])
    plain = not meta["overrides"]
    return (plain, bool(meta.get("real")), size, -meta["seed"], meta["finished"])


def _picture(figure: str, run: Run, book: BookContext) -> Picture | None:
    for entry in run.meta["figures"]:
        file = run.folder / run_folders.FIGURES / entry.get("file", "")
        if entry["name"] == figure and file.suffix == ".png" and file.is_file():
            return Picture(file, entry["alt"], f"{book.place(run)}, seed {run.meta['seed']}")
    return None


def study_cards(
    book: BookContext, shown: Mapping[str, str], findings: Mapping[str, str] = {}
) -> str:
    """A grid with one card a study.

    Args:
        shown: chapter -> the picture's options of a card, see `copy_pictures`.
        findings: chapter -> what came of it in a sentence, with the numbers of its run.
    """
    cards = []
    for study in book.studies:
        decided = (one for one in book.results.get(study.claim, ()) if one.verdict != "pending")
        own = [key for key, claim in book.claims.items() if claim.chapter == study.chapter]
        cards.append(
            {
                "study": study,
                "claim": book.claims[study.claim],
                "written": study.notebook in book.written,
                "picture": shown.get(study.chapter, ""),
                "place": book.anchors.get(study.claim),
                "result": next(decided, None),
                "finding": findings.get(study.chapter, ""),
                "counts": Counter(headline(book.results.get(key, ())) for key in own),
            }
        )
    primer = next((name for name in book.written if name.startswith("00")), None)
    total = sum((card["counts"] for card in cards), Counter())
    return rendering.render(
        "studies.md", cards=cards, total=total, primer=primer, signs=SIGNS, verdicts=VERDICTS
    )


def copy_pictures(found: Mapping[str, Picture], folder: Path) -> dict[str, str]:
    """Copies the figures beside the pages' source; chapter -> the options that show one."""
    options = {}
    for chapter, picture in found.items():
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{chapter}.png"
        shutil.copyfile(picture.file, file)
        alt = " ".join(f"{picture.alt} ({picture.place})".split())
        options[chapter] = f":img-top: ../{folder.name}/{file.name}\n:img-alt: {alt}\n"
    return options
