"""The chapter's scorecard and single verdicts, as a page shows them."""

from __future__ import annotations

import html
from collections.abc import Sequence

from lib.core.errors import UserError
from lib.evidence import run_context
from lib.evidence.prose import with_interval
from lib.evidence.records import Record
from lib.evidence.verdicts import (
    Claim,
    Condition,
    Criterion,
    Reference,
    Verdict,
    claim,
    claims,
    named,
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
    return "; ".join(value_text(records[name]) for name in entry.show if name in records)


def value_text(written: Record) -> str:
    """`words found: 43 [31, 55] over 5 dictionaries`."""
    label = written.name.replace("_", " ")
    value = written.value
    spec = ".4g" if isinstance(value, float) else ""
    if isinstance(value, int) and not isinstance(value, bool):
        spec = ".4g" if written.low is not None else ","
    unit = f" {written.unit}" if written.unit else ""
    over = ""
    if written.over and written.low is not None:
        over = f" over {written.n or ''} {written.over}".replace("  ", " ")
    return f"{label}: {with_interval(written, spec)}{unit}{over}"


def criterion_text(criterion: Criterion) -> str:
    """What makes a claim replicated, and what partly, without the values of any run."""
    strict, loose = (
        "; ".join(_condition_text(condition) for condition in conditions)
        for conditions in (criterion.replicated, criterion.partly)
    )
    return f"replicated if {strict}" + (f"; partly if {loose}" if loose else "")


def _condition_text(condition: Condition) -> str:
    value = condition.value
    if isinstance(value, Reference):
        times = f"{value.times:g} x " if value.times != 1 else ""
        plus = f" + {value.plus:g}" if value.plus else ""
        target = f"{times}{named(value.record, value.bound)}{plus}"
    else:
        target = f"{value:g}"
    since = f" (from {condition.from_profile} on)" if condition.from_profile != "ci" else ""
    return f"{named(condition.record, condition.bound)} {condition.op} {target}{since}"


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
    result, entry, place = session_verdict(key), claim(key), where()
    text = (
        f'<div class="ld-verdict" data-verdict="{result.verdict}"><p><strong>'
        f"{SIGNS[result.verdict]} {result.verdict}</strong> ({html.escape(place)}): "
        f"{html.escape(entry.statement)}</p><p><small>{html.escape(result.explain)}</small></p></div>"
    )
    run_context.emit({"text/html": text, "text/plain": f"{result.verdict}: {result.explain}"}, {})
    return result


def claims_table(only: Sequence[str] | None = None) -> None:
    """Shows the scorecard of the running chapter: document, ours, verdict and what decided it."""
    here, place = run_context.current(), where()
    wanted = claims(here.chapter)
    if only is not None:
        wanted = {key: claim(key) for key in only}
    rows, plain = [], []
    for key, entry in wanted.items():
        result = session_verdict(key)
        cells = (entry.document, ours(entry, here.records) or "–")
        rows.append(
            f'<tr data-verdict="{result.verdict}"><th scope="row"><code>{html.escape(key)}</code>'
            f"<br>{html.escape(entry.statement)}</th>"
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + f"<td><strong>{SIGNS[result.verdict]} {result.verdict}</strong>"
            f"<br><small>{html.escape(result.explain)}</small></td></tr>"
        )
        plain.append(f"{key}: {result.verdict}. {result.explain}")
    head = "".join(
        f'<th scope="col">{title}</th>'
        for title in ("Claim", "The document", "Ours", "Verdict and what decided it")
    )
    table = (
        f'<table class="ld-claims"><caption>Verdicts of this {html.escape(place)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    run_context.emit({"text/html": table, "text/plain": "\n".join(plain)}, {})
