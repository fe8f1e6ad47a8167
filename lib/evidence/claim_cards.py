"""The chapter's scorecard and single verdicts, as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lib.core.errors import UserError
from lib.evidence import run_context
from lib.evidence.conditions import condition_text
from lib.evidence.quantities import value_text
from lib.evidence.records import Record
from lib.evidence.templating import macros
from lib.evidence.verdicts import Claim, Criterion, Verdict, claim, claims, running_verdict

TEMPLATE = "claim_cards.html"

SIGNS = {
    "replicated": "✓",
    "partly": "◐",
    "not replicated": "✗",
    "cannot tell here": "?",
    "needs a larger run": "…",
    "pending": "○",
}


def ours(entry: Claim, records: Mapping[str, Record]) -> str:
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
    known = claims().get(result.claim)
    return str(macros(TEMPLATE).parts(result, known.scale if known else "larger"))


def where() -> str:
    """`cpu run on storyworld`: what the verdicts of this run belong to."""
    here = run_context.current()
    if here.settings is None:
        raise UserError(
            "A verdict belongs to a profile and a source: run the cell with `settings = load(...)` "
            "first."
        )
    return f"{here.settings.profile} run on {here.source_label}"


def verdict(key: str) -> Verdict:
    """Shows one claim, what the document says, what this run found, and the verdict."""
    place, result = where(), running_verdict(key)
    text = verdict_html(result, place)
    run_context.emit({"text/html": text, "text/plain": f"{result.verdict}: {result.explain}"}, {})
    return result


def verdict_html(result: Verdict, place: str) -> str:
    """The box of one verdict on `place`, e.g. "cpu run on storyworld"."""
    entry, sign = claim(result.claim), SIGNS[result.verdict]
    return str(macros(TEMPLATE).box(result, entry, place, sign))


def claims_table() -> None:
    """Shows the scorecard of the running chapter: document, ours, verdict and what decided it."""
    here, place = run_context.current(), where()
    results = [running_verdict(key) for key in claims(here.chapter)]
    plain = [f"{one.claim}: {one.verdict}. {one.explain}" for one in results]
    table = table_html(results, here.records, place)
    run_context.emit({"text/html": table, "text/plain": "\n".join(plain)}, {})


def table_html(results: Sequence[Verdict], records: Mapping[str, Record], place: str) -> str:
    """The verdicts of one run on `place` as a table."""
    entries = [claim(result.claim) for result in results]
    found = [ours(entry, records) for entry in entries]
    return str(macros(TEMPLATE).table(zip(results, entries, found, strict=True), place, SIGNS))
