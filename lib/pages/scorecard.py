"""The scorecard's page: claims and runs in, Markdown with escaped HTML out."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from lib.evidence.claim_cards import SIGNS
from lib.evidence.verdicts import VERDICTS, Claim
from lib.pages import filter as pages_filter
from lib.pages.filter import Choice
from lib.pages.places import Place
from lib.pages.results import Result, headline
from lib.pages.studies import Study

TABLE = "claims"
ORDERS = [("", "by chapter"), ("key", "by claim"), ("rank:number", "by verdict")]
WORTH = {
    "replicated": "the criterion holds",
    "partly": "a weaker form of it holds",
    "not replicated": "it does not hold",
    "needs a larger run": "this profile cannot decide it",
    "pending": "no criterion is fixed yet, or no run has reached it",
}
HEADS = ("Claim", "The document", "Ours, run by run")

Results = Mapping[str, Sequence[Result]]


def scorecard_page(
    all_studies: Sequence[Study],
    claims: Mapping[str, Claim],
    results: Results,
    written: Collection[str],
    places: Mapping[str, Place],
    root: Path,
) -> str:
    """The body of the scorecard page.

    Args:
        results: claim id -> what runs say about it, the one that decides first.
        written: notebooks that have a page.
        places: claim id -> where its chapter settles it.
        root: the project, for the script.
    """
    verdicts = {key: headline(results.get(key, ())) for key in claims}
    bodies = "\n".join(
        _study(study, claims, results, places, study.notebook in written) for study in all_studies
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in HEADS)
    return "\n\n".join(
        [
            _summary(verdicts.values()),
            "## What did not replicate",
            _failures(all_studies, claims, verdicts, written),
            "## Every claim",
            _controls(all_studies, results, verdicts),
            '<div class="ld-scroll" role="region" tabindex="0" aria-label="Claims">\n'
            f'<table class="ld-scorecard" id="{TABLE}">\n<thead><tr>{head}</tr></thead>\n'
            f"{bodies}\n</table>\n</div>",
            "After " + ", ".join(f"{{cite:t}}`{study.cite}`" for study in all_studies) + ".",
            pages_filter.script("filter.js", root),
        ]
    )


def _controls(all_studies: Iterable[Study], results: Results, verdicts: Mapping[str, str]) -> str:
    entries = [entry for several in results.values() for entry in several]
    sources = sorted({entry.source for entry in entries if entry.source})
    profiles = dict.fromkeys(entry.profile for entry in entries if entry.profile)
    present = {entry.verdict for entry in entries} | set(verdicts.values())
    choices = [
        Choice("chapter", "Chapter", [(s.chapter, f"{s.chapter} {s.title}") for s in all_studies]),
        Choice("verdict", "Verdict", [(name, name) for name in VERDICTS if name in present]),
        Choice("source", "Text", [(name, name) for name in sources], narrows=True),
        Choice("profile", "Profile", [(name, name) for name in profiles], narrows=True),
    ]
    return pages_filter.controls(TABLE, "claims", choices, ORDERS)


def _failures(
    all_studies: Iterable[Study],
    claims: Mapping[str, Claim],
    verdicts: Mapping[str, str],
    written: Collection[str],
) -> str:
    """One line a chapter."""
    lines = []
    for study in all_studies:
        own = [key for key, claim in claims.items() if claim.chapter == study.chapter]
        title = f"{study.chapter} {study.title}"
        if study.notebook in written:
            title = f"[{title}](../chapters/{study.notebook}.ipynb)"
        failed = [key for key in own if verdicts[key] == "not replicated"]
        decided = [key for key in own if verdicts[key] in VERDICTS[:3]]
        links = [f'<a href="#{anchor(key)}">{words(claims[key].statement)}</a>' for key in failed]
        if all(verdicts[key] == "pending" for key in own):
            text = f"no run yet; {len(own)} claims wait."
        elif not decided:
            text = "no run yet that is large enough to decide a claim."
        else:
            text = " · ".join(links) or f"none of the {len(decided)} claims that were decided."
        lines.append(f"- **{title}** ({len(failed)} of {len(own)}): {text}")
    return "\n".join(lines)


def _summary(verdicts: Collection[str]) -> str:
    counts = Counter(verdicts)
    items = "\n".join(
        f"<li>{badge(name)} {counts[name]} of {len(verdicts)}: {WORTH[name]}</li>"
        for name in VERDICTS
        if counts[name] or name != "pending"
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


def anchor(key: str) -> str:
    """The id of a claim's row."""
    return html.escape(key.replace(".", "-"))


def _study(
    study: Study,
    claims: Mapping[str, Claim],
    results: Results,
    places: Mapping[str, Place],
    written: bool,
) -> str:
    title = f"{study.chapter} {html.escape(study.title)}"
    if written:
        title = f'<a href="../chapters/{study.notebook}.html">{title}</a>'
    rows = "\n".join(
        _row(key, claim, results.get(key, ()), places.get(key))
        for key, claim in claims.items()
        if claim.chapter == study.chapter
    )
    return (
        f'<tbody>\n<tr data-group><th scope="rowgroup" colspan="{len(HEADS)}">{title}</th></tr>\n'
        f"{rows}\n</tbody>"
    )


def _row(key: str, claim: Claim, entries: Sequence[Result], place: Place | None) -> str:
    verdict = headline(entries)
    note = f"<br><small>{words(claim.note)}</small>" if claim.note else ""
    scale = f"<br><small>decided from profile {html.escape(claim.scale)} on</small>"
    where = f"<br><small>{place.link()}</small>" if place else ""
    ours = "\n".join(map(_entry, entries)) or f"<li>{badge('pending')}: no run yet</li>"
    return (
        f'<tr data-row data-chapter="{html.escape(claim.chapter)}" data-key="{html.escape(key)}" '
        f'data-verdict="{verdict}" data-rank="{VERDICTS.index(verdict)}">'
        f'<th scope="row" id="{anchor(key)}"><code>{html.escape(key)}</code><br>'
        f"{words(claim.statement)}{note}{scale}{where}</th>"
        f'<td data-label="The document">{words(claim.document)}</td>'
        f'<td data-label="Ours"><ul class="ld-runs">\n{ours}\n</ul></td></tr>'
    )


def _entry(entry: Result) -> str:
    kept = "kept " if entry.kept else ""
    place = html.escape("; ".join([kept + entry.place, *entry.notes]))
    why = f"<details><summary>why</summary>{html.escape(entry.explain)}</details>"
    return (
        f'<li data-part data-source="{html.escape(entry.source)}" '
        f'data-profile="{html.escape(entry.profile)}" data-verdict="{entry.verdict}">'
        f"{badge(entry.verdict)}: {html.escape(entry.ours) or 'no number'}"
        f"<br><small>{place}</small>{why if entry.explain else ''}</li>"
    )
