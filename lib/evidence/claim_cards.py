"""The chapter's scorecard and single verdicts, as a page shows them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from lib.core.errors import UserError
from lib.evidence import run_context
from lib.evidence.conditions import Part, condition_text
from lib.evidence.quantities import value_text
from lib.evidence.records import Record
from lib.evidence.verdicts import (
    Claim,
    Criterion,
    Verdict,
    claim,
    claims,
    session_verdict,
)

SIGNS = {
    "replicated": "✓",
    "partly": "◐",
    "not replicated": "✗",
    "cannot tell here": "?",
    "needs a larger run": "…",
    "pending": "○",
}


def ours(entry: Claim, records: dict[str, Record]) -> str:
    """Our values for a claim in one line, with intervals and what they are over."""
    return "; ".join(
        value_text(records[name], entry.chapter) for name in entry.show if name in records
    )


def criterion_text(criterion: Criterion) -> str:
    """What makes a claim replicated, and what partly, without the values of any run."""
    strict, loose = (
        "; ".join(condition_text(condition) for condition in conditions)
        for conditions in (criterion.replicated, criterion.partly)
    )
    return f"replicated if {strict}" + (f"; partly if {loose}" if loose else "")


def parts_html(result: Verdict) -> str:
    """What the verdict rests on, each part with its mark and what was measured; the raw
    comparison folds."""
    if not result.parts:
        return f"<p><small>{html.escape(result.explain)}</small></p>"
    text = _parts(result.parts)
    if result.verdict == "needs a larger run":
        scale = html.escape(claims()[result.claim].scale) if result.claim in claims() else "larger"
        text = f"<p>Decided from profile {scale} on. Here, without deciding:</p>{text}"
    if result.weaker:
        text = f"{text}<p>The weaker form holds:</p>{_parts(result.weaker)}"
    return (
        f"{text}<details><summary>the comparison</summary>{html.escape(result.explain)}</details>"
    )


def _parts(parts: Sequence[Part]) -> str:
    rows = "".join(
        f'<li><span aria-hidden="true">{"✓" if part.holds else "✗"}</span>'
        f'<span class="visually-hidden">{"yes" if part.holds else "no"}:</span> '
        f"{html.escape(part.says)}: <b>{html.escape(part.came)}</b></li>"
        for part in parts
    )
    return f'<ul class="ld-parts">{rows}</ul>'


def where() -> str:
    """`cpu run on storyworld`: what the verdicts of this session belong to."""
    here = run_context.current()
    if here.settings is None:
        raise UserError(
            "A verdict belongs to a profile and a source: run the cell with `settings = load(...)` "
            "first."
        )
    return f"{here.settings.profile} run on {here.source_label}"


def verdict(key: str) -> Verdict:
    """Shows one claim, what the document says, what this run found, and the verdict."""
    place, result = where(), session_verdict(key)
    text = verdict_html(result, place)
    run_context.emit({"text/html": text, "text/plain": f"{result.verdict}: {result.explain}"}, {})
    return result


def verdict_html(result: Verdict, place: str) -> str:
    """The box of one verdict on `place`, e.g. "cpu run on storyworld"."""
    return (
        f'<div class="ld-verdict" data-verdict="{result.verdict}"><p><strong>'
        f"{SIGNS[result.verdict]} {result.verdict}</strong> ({html.escape(place)}): "
        f"{html.escape(claim(result.claim).statement)}</p>{parts_html(result)}</div>"
    )


def claims_table(only: Sequence[str] | None = None) -> None:
    """Shows the scorecard of the running chapter: document, ours, verdict and what decided it."""
    here, place = run_context.current(), where()
    wanted = claims(here.chapter) if only is None else {key: claim(key) for key in only}
    results = [session_verdict(key) for key in wanted]
    plain = [f"{one.claim}: {one.verdict}. {one.explain}" for one in results]
    table = table_html(results, here.records, place)
    run_context.emit({"text/html": table, "text/plain": "\n".join(plain)}, {})


def table_html(results: Sequence[Verdict], records: Mapping[str, Record], place: str) -> str:
    """The verdicts of one run on `place` as a table."""
    rows = []
    for result in results:
        entry = claim(result.claim)
        cells = (entry.document, ours(entry, records) or "–")
        rows.append(
            f'<tr data-verdict="{result.verdict}"><th scope="row"><code>{html.escape(result.claim)}'
            f"</code><br>{html.escape(entry.statement)}</th>"
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + f"<td><strong>{SIGNS[result.verdict]} {result.verdict}</strong></td></tr>"
        )
    head = "".join(
        f'<th scope="col">{title}</th>' for title in ("Claim", "The document", "Ours", "Verdict")
    )
    return (
        f'<table class="ld-claims"><caption>Verdicts of this {html.escape(place)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
