"""Every claim with what all runs, kept ones too, say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from lib.core.errors import UserError
from lib.evidence.pooling import pooled
from lib.evidence.quantities import value_text
from lib.evidence.records import Record
from lib.evidence.verdicts import VERDICTS, Claim, Verdict, claims, judge
from lib.runs import notebooks
from lib.runs.run_folders import Run
from lib.settings.base import PROFILES
from lib.settings.language_model import OWN
from lib.studies.registry import schema

IN_WORDS = ("result", "tally")
"""What the explanation of an entry says in words."""


class Entry(NamedTuple):
    """What the runs of one profile on one text say about one claim."""

    claim: str
    profile: str
    source: str
    real: bool
    verdict: str
    explain: str
    ours: str
    seeds: tuple[int, ...]
    origin: str
    """`runs`, `results` (kept) or `notebook`."""
    commit: str | None
    device: str
    finished: str
    code_changed: bool | None
    """Whether the code that makes the numbers has changed since; None if that is not known."""
    criterion_changed: bool
    """Whether the criterion is another one than when the run was made."""
    result: Verdict
    """The verdict with its parts."""
    tally: str
    """What each of several runs says by itself."""

    @property
    def place(self) -> str:
        """`cpu run on storyworld`, or with several seeds `5 cpu runs on storyworld`."""
        if len(self.seeds) > 1:
            return f"{len(self.seeds)} {self.profile} runs on {self.source}"
        return f"{self.profile} run on {self.source}"

    def notes(self) -> tuple[str, ...]:
        """What a reader has to know to weigh the verdict."""
        notes = [f"on {self.device}"]
        if self.origin == "results":
            notes.append(f"at commit {self.commit[:10]}" if self.commit else "commit unknown")
        if self.code_changed:
            notes.append("the code has changed since")
        if self.criterion_changed:
            notes.append("the criterion has changed since")
        return tuple(notes)


def scorecard(found: Sequence[Run]) -> dict[str, list[Entry]]:
    """Claim id -> entries, the one that decides first: real text, then size, then the document's
    own text.

    Runs with other sizes than their profile's stay out; of one profile and text, those of the
    newest code and settings count, and what they recorded is pooled.
    """
    card: dict[str, list[Entry]] = {}
    for key, claim in claims().items():
        groups: dict[tuple, list[Run]] = {}
        for run in found:
            if run.meta["chapter"] == claim.chapter and not run.meta["overrides"]:
                place = (run.meta["profile"], run.meta["source"], run.origin == "results")
                groups.setdefault(place, []).append(run)
        entries = [_entry(key, claim, _newest(group)) for group in groups.values()]
        card[key] = sorted(entries, key=_weight, reverse=True)
    return card


def _weight(entry: Entry) -> tuple[bool, int, bool, bool, int, str, str]:
    size, text = PROFILES.index(entry.profile), _own_text(claims()[entry.claim].chapter)
    current, several = not entry.code_changed, len(entry.seeds)
    own = entry.source in text
    return (entry.real, size, own, current, several, entry.source, entry.finished)


@cache
def _own_text(chapter: str) -> set[str]:
    """The labels of the document's own text: the chapter's on the hub, or a folder of that name."""
    hub = schema(chapter).hub
    return {"hub", hub.repository.rpartition("/")[2].lower()} if hub else set()


def _newest(group: Sequence[Run]) -> list[Run]:
    newest = max(group, key=lambda run: run.meta["finished"])
    same = [run for run in group if run.meta["key"] == newest.meta["key"]]
    return sorted(same, key=lambda run: run.meta["seed"])


def _entry(key: str, claim: Claim, group: Sequence[Run]) -> Entry:
    first = group[0]
    together = pooled([run.records for run in group], _over(claim, group), claim.chapter)
    result, tally = _judge(key, claim, together, first.meta["profile"]), ""
    if len(group) > 1 and result.verdict != "pending":
        alone = (_judge(key, claim, run.records, first.meta["profile"]) for run in group)
        counts = Counter(one.verdict for one in alone)
        counted = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if counts[v])
        tally = f"Each of the {len(group)} runs by itself: {counted}."
    code = current_code(claim.chapter)
    codes = {run.meta["code"] for run in group}
    hash_ = claim.criterion_hash()
    return Entry(
        claim=key,
        profile=first.meta["profile"],
        source=first.meta["source"],
        real=first.meta["real"],
        verdict=result.verdict,
        explain=f"{result.explain} {tally}".strip(),
        ours=_ours(claim, group, together),
        seeds=tuple(run.meta["seed"] for run in group),
        origin=first.origin,
        commit=first.meta["commit"],
        device=str(first.environment.get("device", "unknown")),
        finished=max(run.meta["finished"] for run in group),
        code_changed=None if code is None or None in codes else codes != {code},
        criterion_changed=any(run.meta["criteria"].get(key, hash_) != hash_ for run in group),
        result=result,
        tally=tally,
    )


def _over(claim: Claim, group: Sequence[Run]) -> str:
    """What the interval is over: a claim may be about models, but its runs may share one."""
    shared = any(
        run.settings.get("lm_seed") is not None or run.settings.get("model", OWN) != OWN
        for run in group
    )
    return "runs of one model" if claim.over == "models" and shared else claim.over


def _judge(key: str, claim: Claim, records: Mapping[str, Record], profile: str) -> Verdict:
    """The verdict; runs that lack what decides the claim cannot be judged."""
    if missing := sorted(claim.judged_by() - set(records)):
        names = ", ".join(name.replace("_", " ") for name in missing)
        reason = f"Recorded before the criterion, without {names}: make the run anew."
    else:
        try:
            return judge(key, claim, records, profile)
        except UserError as error:
            reason = f"Recorded before the criterion: {error}"
    return Verdict(key, "pending", reason, claim.criterion_hash())


def _ours(claim: Claim, group: Sequence[Run], together: Mapping[str, Record]) -> str:
    """Values in one line; what all runs share has no interval, as if drawn anew in each."""
    parts = []
    for name in claim.show:
        if name not in together:
            continue
        one = together[name]
        if len(group) > 1 and one == group[0].records[name]:
            shared = value_text(Record(name, one.value, one.unit), claim.chapter)
            parts.append(f"{shared}, the same in all {len(group)} runs")
        else:
            parts.append(value_text(one, claim.chapter))
    return "; ".join(parts)


@cache
def current_code(chapter: str) -> str | None:
    """Hash of the code that makes a chapter's numbers today; None if the chapter is not there."""
    path = notebooks.chapter_files().get(chapter)
    if path is None:
        return None
    return notebooks.evidence_hash(notebooks.code_of(notebooks.read(path)), chapter)


def as_json(card: Mapping[str, Sequence[Entry]]) -> list[dict[str, Any]]:
    """The scorecard as data: one object a claim."""
    entries = claims()
    return [
        {
            "claim": key,
            "chapter": entries[key].chapter,
            "statement": entries[key].statement,
            "document": entries[key].document,
            "scale": entries[key].scale,
            "verdict": found[0].verdict if found else "pending",
            "entries": [
                {name: one for name, one in entry._asdict().items() if name not in IN_WORDS}
                for entry in found
            ],
        }
        for key, found in card.items()
    ]
