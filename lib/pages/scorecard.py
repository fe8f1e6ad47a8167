"""The scorecard's page: every claim with what each run says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lib.evidence.claim_cards import SIGNS, criterion_text
from lib.evidence.verdicts import DECIDING, VERDICTS, Claim
from lib.pages import rendering
from lib.pages.context import BookContext, ClaimAnchor, Result, headline
from lib.pages.rendering import Choice

TABLE = "claims"
COLUMNS = [("Up to cpu", ("", "ci", "cpu")), ("From night on", ("night", "t4", "paper"))]
"""The heading of what runs say, and of which profiles."""
ORDERS = [("", "by chapter"), ("key", "by claim"), ("rank:number", "by verdict")]
WORTH = {
    "replicated": "the criterion holds",
    "partly": "a weaker form of it holds",
    "not replicated": "it does not hold",
    "cannot tell here": "a positive control fails, or what is asked for is out of reach",
    "needs a larger run": "this profile cannot decide it",
    "pending": "no criterion is fixed yet, or no run has reached it",
}


LISTS = [
    ("What held up", "replicated", "none of the {n} claims that were decided."),
    ("What did not replicate", "not replicated", "none of the {n} claims that were decided."),
    ("What cannot be told here", "cannot tell here", "nothing."),
]
"""Heading, verdict, and what is said where a chapter has no such claim."""


class _Row(NamedTuple):
    """A claim with what the runs say about it."""

    key: str
    claim: Claim
    entries: Sequence[Result]
    place: ClaimAnchor | None

    @property
    def verdict(self) -> str:
        return headline(self.entries)

    @property
    def rank(self) -> int:
        return VERDICTS.index(self.verdict)

    @property
    def chip(self) -> tuple[str, Claim, str]:
        """What the picture of all claims shows of it."""
        return self.key, self.claim, self.verdict

    @property
    def anchor(self) -> str:
        """The id of the claim's row."""
        return self.key.replace(".", "-")


def scorecard_page(book: BookContext) -> str:
    """The body of the scorecard page."""
    rows = [
        _Row(key, claim, book.results.get(key, ()), book.anchors.get(key))
        for key, claim in book.claims.items()
    ]
    sections = [
        (
            study,
            [row for row in rows if row.claim.chapter == study.chapter],
            study.notebook if study.notebook in book.written else "",
        )
        for study in book.studies
    ]
    counts = Counter(row.verdict for row in rows)
    return rendering.render(
        "scorecard.html",
        table=TABLE,
        sections=sections,
        counts=[(v, counts[v]) for v in VERDICTS if counts[v] or v != "pending"],
        total=len(rows),
        choices=_choices(book, counts),
        orders=ORDERS,
        columns=COLUMNS,
        signs=SIGNS,
        worth=WORTH,
        deciding=DECIDING,
        lists=LISTS,
        criterion_text=criterion_text,
        script=rendering.script("filter.js", book.root),
    )


def _choices(book: BookContext, verdicts: Iterable[str]) -> list[Choice]:
    entries = [entry for several in book.results.values() for entry in several]
    sources = sorted({entry.source for entry in entries if entry.source})
    named = [(source, book.texts.get(source, source)) for source in sources]
    profiles = dict.fromkeys(entry.profile for entry in entries if entry.profile)
    present = {entry.verdict for entry in entries} | set(verdicts)
    return [
        Choice("chapter", "Chapter", [(s.chapter, f"{s.chapter} {s.title}") for s in book.studies]),
        Choice("verdict", "Verdict", [(name, name) for name in VERDICTS if name in present]),
        Choice("source", "Text", named, narrows=True),
        Choice("profile", "Profile", [(name, name) for name in profiles], narrows=True),
    ]
