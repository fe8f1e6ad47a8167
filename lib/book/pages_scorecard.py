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
from lib.book.verdicts import VERDICTS, Claim

WORTH = {
    "replicated": "the criterion holds",
    "partly": "a weaker form of it holds",
    "not replicated": "it does not hold",
    "needs a larger run": "this profile cannot decide it",
    "pending": "no run has reached it yet",
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
    """What one run, or several seeds of one run, say about one claim."""

    place: str
    """Profile and text, e.g. "cpu run on storyworld"."""
    ours: str
    """Our values in words, with intervals and what they are over."""
    verdict: str
    explain: str
    """Which conditions held or failed."""
    notes: tuple[str, ...] = ()
    """Device, commit, whether the code or the criterion has changed since."""
    kept: bool = False
    """Whether it comes from `results/` and not from the runs behind these pages."""


def studies(root: Path) -> list[Study]:
    """The five studies in reading order, from `book/studies.yml`."""
    entries = yaml.safe_load((root / "book" / "studies.yml").read_text(encoding="utf-8"))
    return [Study(**entry) for entry in entries]


def headline(results: Sequence[Result]) -> str:
    """The verdict that stands for a claim: that of its first result, the largest on real text."""
    return results[0].verdict if results else "pending"


def scorecard(
    all_studies: Iterable[Study],
    claims: Mapping[str, Claim],
    results: Mapping[str, Sequence[Result]],
    written: Collection[str],
) -> str:
    """The body of the scorecard page.

    Args:
        results: claim id -> its results, the one that decides first.
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


def _row(key: str, claim: Claim, results: Sequence[Result]) -> str:
    spans = max(1, len(results))
    span = f' rowspan="{spans}"' if spans > 1 else ""
    note = f"<br><small>{words(claim.note)}</small>" if claim.note else ""
    scale = f"<br><small>decided from profile {html.escape(claim.scale)} on</small>"
    anchor = html.escape(key.replace(".", "-"))
    first = (
        f'<th scope="row"{span} id="{anchor}"><code>{html.escape(key)}</code><br>'
        f"{words(claim.statement)}{note}{scale}</th>"
        f'<td{span} data-label="The document">{words(claim.document)}</td>'
    )
    if not results:
        nothing = f'<td data-label="Ours">–</td><td>{badge("pending")}</td>'
        return f'<tr class="ld-first">{first}{nothing}</tr>'
    rows = [_result(result) for result in results]
    return "\n".join(
        [
            f'<tr class="ld-first">{first}{rows[0]}</tr>',
            *(f"<tr>{row}</tr>" for row in rows[1:]),
        ]
    )


def _result(result: Result) -> str:
    place = html.escape(f"kept {result.place}" if result.kept else result.place)
    notes = "".join(f"<br><small>{html.escape(note)}</small>" for note in result.notes)
    ours = html.escape(result.ours) or "–"
    why = f"<details><summary>why</summary>{html.escape(result.explain)}</details>"
    return (
        f'<td data-label="Ours">{ours}<br><small>{place}</small>{notes}</td>'
        f"<td>{badge(result.verdict)}{why if result.explain else ''}</td>"
    )
