"""What all generated pages are made from, gathered once: studies, claims, runs, results."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from markupsafe import Markup, escape

from lib.core.errors import UserError
from lib.evidence.claim_cards import parts_html
from lib.evidence.quantities import quantities
from lib.evidence.run_context import KIND
from lib.evidence.verdicts import Claim, claims
from lib.pages import texts
from lib.runs import scorecard
from lib.runs.run_folders import Run
from lib.runs.scorecard import Entry

HEADING = re.compile(r"^#{1,4}\s+(.+?)\s*$", re.MULTILINE)
# A card says it plainly; a sentence with the verdict comes second.
MENTIONS = (r"""verdict\(\s*["']{key}["']""", r"\{{(?:verdict|confirms):\s*{key}\b(?![-.])")
LINK = Markup('<a href="{}">{}“{}”</a>')


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
    follows: str = "After"
    """How the chapter is to the work that it cites, in front of its authors."""
    short: tuple[str, ...] = ()
    """Its result in sentences, filled from a run's records as by `say`."""
    since: tuple[str, ...] = ()
    """The same for "Since then": what the numbers say for or against each later paper."""


class Result(NamedTuple):
    """What the runs of one profile on one text say about one claim."""

    place: str
    """E.g. "cpu run on storyworld"."""
    ours: str
    """Our values in words, with intervals and what they are over."""
    verdict: str
    explain: str
    """Which conditions held or failed."""
    notes: tuple[str, ...] = ()
    """Device, commit, whether the code or the criterion has changed since."""
    kept: bool = False
    """Whether it comes from `results/`."""
    profile: str = ""
    source: str = ""
    why: Markup = Markup("")
    """What was asked for, part by part, with what came."""


Results = Mapping[str, Sequence[Result]]


class ClaimAnchor(NamedTuple):
    """Where a chapter's page settles a claim: the nearest figure, or the section."""

    page: str
    """The page without ending, e.g. "chapters/01_words_from_letters"."""
    anchor: str
    """The id there."""
    section: str
    """The heading above it."""
    figure: str = ""
    """The name of the figure that is there, if one is."""

    def link(self, above: str = "../") -> Markup:
        """An HTML link from a page in a folder beside the chapters'."""
        what = "figure in " if self.figure else ""
        return LINK.format(f"{above}{self.page}.html#{self.anchor}", what, self.section)


class BookContext(NamedTuple):
    """What the pages show; every generated page is rendered from this and nothing else."""

    root: Path
    """The project."""
    studies: Sequence[Study]
    claims: Mapping[str, Claim]
    results: Results
    """Claim id -> what runs say about it, the one that decides first."""
    written: Collection[str]
    """Notebooks that have a page, without ending."""
    anchors: Mapping[str, ClaimAnchor]
    """Claim id -> where its chapter settles it."""
    runs: Sequence[Run] = ()
    """All runs here and those that are recorded in `results/`."""
    texts: Mapping[str, str] = {}
    """The name of a text that runs carry -> how a sentence calls it."""

    def place(self, run: Run) -> str:
        """`cpu run on storyworld`."""
        source = run.meta["source"]
        return f"{run.meta['profile']} run on {self.texts.get(source, source)}"


def gather(
    root: Path,
    chapters: Mapping[str, Mapping[str, Any]],
    runs: Sequence[Run],
    results: Results | None = None,
) -> BookContext:
    """Everything that the pages of these published chapters need.

    Args:
        chapters: notebook without ending -> the notebook as it is published.
        results: claim id -> results; judged from `runs` if None.

    Raises:
        UserError: a claim of these chapters has no verdict.
    """
    known = texts.names(root)
    if results is None:
        results = results_of(scorecard.scorecard(runs), known)
    entries = claims()
    refuse_pending(entries, results, {name[:2] for name in chapters})
    refuse_unsaid(entries)
    anchors: dict[str, ClaimAnchor] = {}
    for name, notebook in chapters.items():
        keys = [key for key, claim in entries.items() if claim.chapter == name[:2]]
        anchors |= claim_anchors(f"chapters/{name}", notebook, keys)
    return BookContext(root, studies(root), entries, results, set(chapters), anchors, runs, known)


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


def results_of(
    card: Mapping[str, Sequence[Entry]], known: Mapping[str, str] = {}
) -> dict[str, list[Result]]:
    """The scorecard of all runs as the pages show it, the one that decides first.

    A local run of older code is left out: it cannot be made again from what is here.

    Args:
        known: the name of a text that runs carry -> how a sentence calls it.
    """
    return {
        key: [
            Result(
                place=entry._replace(source=known.get(entry.source, entry.source)).place,
                ours=entry.ours,
                verdict=entry.verdict,
                explain=entry.explain,
                notes=entry.notes(),
                kept=entry.origin == "results",
                profile=entry.profile,
                source=entry.source,
                why=Markup(parts_html(entry.result)) + escape(entry.tally),
            )
            for entry in entries
            if entry.origin == "results" or not entry.code_changed
        ]
        for key, entries in card.items()
    }


def headline(entries: Iterable[Result]) -> str:
    """The verdict that stands for a claim: the largest run on real text that could be judged."""
    return next((one.verdict for one in entries if one.verdict != "pending"), "pending")


def refuse_pending(
    claims: Mapping[str, Claim],
    results: Results,
    chapters: Collection[str],
) -> None:
    """Makes sure that every claim of the book's chapters has a verdict.

    Args:
        chapters: numbers of the chapters that have a page.

    Raises:
        UserError: names the claims that have none.
    """
    missing = [
        key
        for key, claim in claims.items()
        if claim.chapter in chapters and headline(results.get(key, ())) == "pending"
    ]
    if missing:
        raise UserError(
            f"{len(missing)} claims have no verdict: {', '.join(missing)}. A chapter of _toc.yml "
            "settles every claim of its study: give each a criterion in book/claims.yml, and run "
            "the chapter as it stands."
        )


def refuse_unsaid(claims: Mapping[str, Claim]) -> None:
    """Makes sure that all that decides a claim is said in words, with its numbers.

    Raises:
        UserError: names the conditions without a sentence, or the records without a name.
    """
    known = quantities()
    for key, claim in claims.items():
        if claim.pending:
            continue
        if unsaid := claim.criterion.unsaid():
            raise UserError(
                f"The criterion of {key!r} compares {', '.join(unsaid)} and does not say what that "
                "means: give each condition in book/claims.yml a sentence `says`."
            )
        for condition in (*claim.criterion.replicated, *claim.criterion.partly):
            condition.sentence(claim.chapter)
        if unnamed := sorted(
            name for name in claim.records() if (claim.chapter, name) not in known
        ):
            raise UserError(
                f"The claim {key!r} shows or reads {', '.join(unnamed)}, which book/quantities.yml "
                "does not name: say there what it is, and of which kind."
            )


def claim_anchors(
    page: str, notebook: Mapping[str, Any], keys: list[str]
) -> dict[str, ClaimAnchor]:
    """The anchor of each claim that the chapter speaks of.

    Args:
        page: the chapter's page without ending.
        notebook: as it is published, with outputs.
        keys: claim ids.
    """
    cells = [_Cell.of(cell) for cell in notebook["cells"]]
    found = {}
    for key in keys:
        position = _mention(cells, key)
        if position is not None:
            found[key] = _anchor(page, cells, position)
    return found


class _Cell(NamedTuple):
    code: str
    headings: list[str]
    figures: list[str]

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> _Cell:
        if cell["cell_type"] != "code":
            return cls("", HEADING.findall(cell["source"]), [])
        named = [output.get("metadata", {}).get(KIND, {}) for output in cell.get("outputs", ())]
        figures = [one["name"] for one in named if one.get("kind") == "figure"]
        return cls(cell["source"], [], figures)


def _mention(cells: list[_Cell], key: str) -> int | None:
    for pattern in MENTIONS:
        wanted = re.compile(pattern.format(key=re.escape(key)))
        for position, cell in enumerate(cells):
            if wanted.search(cell.code):
                return position
    return None


def _anchor(page: str, cells: list[_Cell], position: int) -> ClaimAnchor:
    """Back to the section's heading; the last figure on the way is the claim's."""
    figure = None
    for cell in reversed(cells[: position + 1]):
        if figure is None and cell.figures:
            figure = cell.figures[-1]
        if cell.headings:
            section = _plain(cell.headings[-1])
            anchor = f"figure-{figure}" if figure else section_id(section)
            return ClaimAnchor(page, anchor, section, figure or "")
    return ClaimAnchor(page, f"figure-{figure}" if figure else "", page, figure or "")


def _plain(heading: str) -> str:
    """A heading without Markdown's marks."""
    return re.sub(r"[*`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)


def section_id(title: str) -> str:
    """The id that docutils gives a section: ASCII letters and digits, all else as one hyphen."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))
