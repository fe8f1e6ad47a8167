"""The scorecard and the studies' cards: claims and runs in, Markdown with escaped HTML out."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from lib.book.cards import SIGNS
from lib.book.scorecard import Entry
from lib.book.verdicts import VERDICTS, Claim

WORTH = {
    "replicated": "the criterion holds",
    "partly": "a weaker form of it holds",
    "not replicated": "it does not hold",
    "needs a larger run": "this profile cannot decide it",
    "pending": "no criterion is fixed yet, or no run has reached it",
}


class Study(NamedTuple):
    """One of the five documents and the chapter that replicates it."""

    chapter: str
    notebook: str
    claims: str
    title: str
    cite: str
    question: str


class Result(NamedTuple):
    """What the runs of one profile on one text say about one claim, ready to be shown."""

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


def results_of(card: Mapping[str, Sequence[Entry]]) -> dict[str, list[Result]]:
    """The scorecard of all runs as the page shows it.

    A local run of older code is left out: it cannot be made again from what is here.
    """
    return {
        key: [
            Result(
                place=entry.place,
                ours=entry.ours,
                verdict=entry.verdict,
                explain=entry.explain,
                notes=entry.notes(),
                kept=entry.origin == "results",
            )
            for entry in entries
            if entry.origin == "results" or not entry.code_changed
        ]
        for key, entries in card.items()
    }


def studies(root: Path) -> list[Study]:
    """The five studies in reading order, from `book/studies.yml`."""
    entries = yaml.safe_load((root / "book" / "studies.yml").read_text(encoding="utf-8"))
    return [Study(**entry) for entry in entries]


def headline(entries: Sequence[Result]) -> str:
    """The verdict that stands for a claim: that of the largest run on real text."""
    return entries[0].verdict if entries else "pending"


def scorecard_page(
    all_studies: Iterable[Study],
    claims: Mapping[str, Claim],
    results: Mapping[str, Sequence[Result]],
    written: Collection[str],
) -> str:
    """The body of the scorecard page.

    Args:
        results: claim id -> what runs say about it, the one that decides first.
        written: notebooks that have a page.
    """
    verdicts = [headline(results.get(key, ())) for key in claims]
    parts = [_summary(verdicts)]
    for study in all_studies:
        own = {key: claim for key, claim in claims.items() if claim.chapter == study.chapter}
        parts.append(f"## {study.chapter} {study.title}")
        link = (
            f"Chapter: [{study.title}](../chapters/{study.notebook}.ipynb)."
            if study.notebook in written
            else "The chapter is planned; its claims wait here."
        )
        parts.append(f"{{cite:t}}`{study.cite}`. {link}")
        rows = "\n".join(_row(key, claim, results.get(key, ())) for key, claim in own.items())
        parts.append(
            f'<div class="ld-scroll" role="region" tabindex="0" '
            f'aria-label="Claims of {html.escape(study.title)}">\n<table class="ld-scorecard">\n'
            '<thead><tr><th scope="col">Claim</th><th scope="col">The document</th>'
            '<th scope="col">Ours</th><th scope="col">Verdict</th></tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )
    return "\n\n".join(parts)


def study_cards(
    all_studies: Iterable[Study],
    claims: Mapping[str, Claim],
    results: Mapping[str, Sequence[Result]],
    written: Collection[str],
) -> str:
    """A grid with one card a study: its question, and how far its chapter is."""
    cards = []
    for study in all_studies:
        own = [key for key, claim in claims.items() if claim.chapter == study.chapter]
        counts = Counter(headline(results.get(key, ())) for key in own)
        if study.notebook in written:
            title = f"[{study.chapter} {study.title}](../chapters/{study.notebook}.ipynb)"
            state = _counts(counts)
        else:
            title = f"{study.chapter} {study.title}"
            state = f"planned; {len(own)} claims wait on the scorecard"
        cards.append(
            f":::{{grid-item-card}} {title}\n{study.question.strip()}\n\n"
            f"After {{cite:t}}`{study.cite}`.\n\n```{{card-footer}}\n{state}\n```\n:::"
        )
    return "::::{grid} 1 1 2 2\n:gutter: 3\n\n" + "\n\n".join(cards) + "\n::::"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{SIGNS[name]} {counts[name]} {name}" for name in VERDICTS if counts[name])


def _summary(verdicts: Sequence[str]) -> str:
    counts = Counter(verdicts)
    items = "\n".join(
        f"<li>{badge(name)} {counts[name]} of {len(verdicts)}: {WORTH[name]}</li>"
        for name in VERDICTS
    )
    return f'<ul class="ld-summary">\n{items}\n</ul>'


def badge(verdict: str) -> str:
    """A verdict as a sign and a word; the colour only repeats them."""
    return (
        f'<span class="ld-badge" data-verdict="{html.escape(verdict)}">'
        f'<span aria-hidden="true">{SIGNS[verdict]}</span> {html.escape(verdict)}</span>'
    )


def words(text: str) -> str:
    """Escaped text; what stands between backticks is set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _row(key: str, claim: Claim, entries: Sequence[Result]) -> str:
    span = f' rowspan="{len(entries)}"' if len(entries) > 1 else ""
    note = f"<br><small>{words(claim.note)}</small>" if claim.note else ""
    scale = f"<br><small>decided from profile {html.escape(claim.scale)} on</small>"
    anchor = html.escape(key.replace(".", "-"))
    first = (
        f'<th scope="row"{span} id="{anchor}"><code>{html.escape(key)}</code><br>'
        f"{words(claim.statement)}{note}{scale}</th>"
        f'<td{span} data-label="The document">{words(claim.document)}</td>'
    )
    if not entries:
        nothing = f'<td data-label="Ours">–</td><td>{badge("pending")}</td>'
        return f'<tr class="ld-first">{first}{nothing}</tr>'
    rows = [_entry(entry) for entry in entries]
    others = (f"<tr>{row}</tr>" for row in rows[1:])
    return "\n".join([f'<tr class="ld-first">{first}{rows[0]}</tr>', *others])


def _entry(entry: Result) -> str:
    kept = "kept " if entry.kept else ""
    place = html.escape("; ".join([kept + entry.place, *entry.notes]))
    why = f"<details><summary>why</summary>{html.escape(entry.explain)}</details>"
    return (
        f'<td data-label="Ours">{html.escape(entry.ours) or "–"}<br><small>{place}</small></td>'
        f"<td>{badge(entry.verdict)}{why if entry.explain else ''}</td>"
    )
