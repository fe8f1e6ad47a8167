"""The five studies as cards: what each asks, the claim it stands for, a figure, how it went."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from lib.core.errors import UserError
from lib.evidence.claim_cards import SIGNS
from lib.evidence.verdicts import VERDICTS, Claim
from lib.pages.places import Place
from lib.pages.results import Result, headline
from lib.runs import run_folders
from lib.runs.run_folders import Run
from lib.settings.base import PROFILES


class Study(NamedTuple):
    """One of the five documents and the chapter that replicates it."""

    chapter: str
    notebook: str
    claims: str
    title: str
    cite: str
    question: str
    claim: str
    """The claim that stands for the study on its card."""


class Picture(NamedTuple):
    """A figure of a run, for a card."""

    file: Path
    alt: str
    place: str
    """E.g. "cpu run on storyworld, seed 0"."""


def studies(root: Path) -> list[Study]:
    """The five studies in reading order, from `book/studies.yml`.

    Raises:
        UserError: an entry that lacks something or has too much.
    """
    entries = yaml.safe_load((root / "book" / "studies.yml").read_text(encoding="utf-8"))
    try:
        return [Study(**entry) for entry in entries]
    except TypeError as error:
        raise UserError(f"An entry of book/studies.yml is malformed: {error}.") from None


def pictures(
    all_studies: Iterable[Study], places: Mapping[str, Place], found: Iterable[Run]
) -> dict[str, Picture]:
    """Chapter -> the figure of the study's claim, from the run that decides: real text, size."""
    chosen = {}
    found = sorted(found, key=_weight, reverse=True)
    for study in all_studies:
        place = places.get(study.claim)
        own = [run for run in found if run.meta["chapter"] == study.chapter]
        several = (_picture(place.figure, run) for run in own if place and place.figure)
        if picture := next(filter(None, several), None):
            chosen[study.chapter] = picture
    return chosen


def _weight(run: Run) -> tuple[bool, bool, int, int, str]:
    meta = run.meta
    size = PROFILES.index(meta["profile"])
    plain = not meta["overrides"]
    return (plain, bool(meta.get("real")), size, -meta["seed"], meta["finished"])


def _picture(figure: str, run: Run) -> Picture | None:
    for entry in run.meta["figures"]:
        file = run.folder / run_folders.FIGURES / entry.get("file", "")
        if entry["name"] == figure and file.suffix == ".png" and file.is_file():
            meta = run.meta
            place = f"{meta['profile']} run on {meta['source']}, seed {meta['seed']}"
            return Picture(file, entry["alt"], place)
    return None


def study_cards(
    all_studies: Iterable[Study],
    claims: Mapping[str, Claim],
    results: Mapping[str, Sequence[Result]],
    written: Collection[str],
    shown: Mapping[str, str],
    places: Mapping[str, Place],
) -> str:
    """A grid with one card a study.

    Args:
        results: claim id -> what runs say about it, the one that decides first.
        written: notebooks that have a page.
        shown: chapter -> the picture's options of a card, see `copy_pictures`.
        places: claim id -> where its chapter settles it.
    """
    cards = []
    for study in all_studies:
        place = places.get(study.claim)
        link = f", {place.link()}" if place else ""
        picture = shown.get(study.chapter, "")
        cards.append(_card(study, claims, results, study.notebook in written, picture, link))
    grid = "::::{grid} 1 1 2 2\n:gutter: 3\n\n" + "\n\n".join(cards) + "\n::::"
    primer = next((name for name in written if name.startswith("00")), None)
    if primer is None:
        return grid
    start = f"**New to all this?** The [primer](../chapters/{primer}.ipynb) begins with nothing."
    return f"{start}\n\n{grid}"


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


def _card(
    study: Study,
    claims: Mapping[str, Claim],
    results: Mapping[str, Sequence[Result]],
    written: bool,
    picture: str,
    link: str,
) -> str:
    own = [key for key, claim in claims.items() if claim.chapter == study.chapter]
    counts = Counter(headline(results.get(key, ())) for key in own)
    title = f"{study.chapter} {study.title}"
    if written:
        title = f"[{title}](../chapters/{study.notebook}.ipynb)"
    entry = claims[study.claim]
    result = next((one for one in results.get(study.claim, ()) if one.verdict != "pending"), None)
    came = "no run yet"
    if result:
        came = f"{SIGNS[result.verdict]} {result.verdict} ({result.place}){link}"
    state = _counts(counts)
    if counts["pending"] == len(own):
        state = f"No run yet: {len(own)} claims wait on the scorecard"
    return (
        f":::{{grid-item-card}} {title}\n{picture}\n{study.question.strip()}\n\n"
        f"*A claim:* {entry.statement} *Here:* {came}.\n\n"
        f"After {{cite:t}}`{study.cite}`.\n\n```{{card-footer}}\n{state}\n```\n:::"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{SIGNS[name]} {counts[name]} {name}" for name in VERDICTS if counts[name])
