"""What runs say about a claim, ready to be shown on a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from lib.core.errors import UserError
from lib.evidence.verdicts import Claim
from lib.runs.scorecard import Entry


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


def results_of(card: Mapping[str, Sequence[Entry]]) -> dict[str, list[Result]]:
    """The scorecard of all runs as the pages show it, the one that decides first.

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
                profile=entry.profile,
                source=entry.source,
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
    results: Mapping[str, Sequence[Result]],
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
