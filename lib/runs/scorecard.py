"""Every claim with what all runs, kept ones too, say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from lib.analysis.statistics import mean_interval
from lib.core.errors import UserError
from lib.evidence.claim_cards import ours, value_text
from lib.evidence.records import Record
from lib.evidence.verdicts import VERDICTS, Claim, Verdict, claims, judge
from lib.runs import notebooks
from lib.runs.run_folders import Run
from lib.settings.base import PROFILES


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
    """Claim id -> entries, the one that decides first: real text, then size, then more runs.

    Runs with other sizes than their profile's stay out; of one profile and text, those of the
    newest code and settings count.
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


def _weight(entry: Entry) -> tuple[bool, int, bool, int, str]:
    current = not entry.code_changed
    size = PROFILES.index(entry.profile)
    return (entry.real, size, current, len(entry.seeds), entry.finished)


def _newest(group: Sequence[Run]) -> list[Run]:
    newest = max(group, key=lambda run: run.meta["finished"])
    same = [run for run in group if run.meta["key"] == newest.meta["key"]]
    return sorted(same, key=lambda run: run.meta["seed"])


def _entry(key: str, claim: Claim, group: Sequence[Run]) -> Entry:
    results = [_judge(key, claim, run) for run in group]
    # One run that fails the criterion is enough to say that it is not always met.
    weakest = max(results, key=lambda result: VERDICTS.index(result.verdict))
    explain = weakest.explain
    counts = Counter(result.verdict for result in results)
    if len(counts) > 1:
        seed = group[results.index(weakest)].meta["seed"]
        tally = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if counts[v])
        explain = f"Of {len(group)} runs: {tally}. Seed {seed}: {explain}"
    first = group[0]
    code = current_code(claim.chapter)
    codes = {run.meta["code"] for run in group}
    hash_ = claim.criterion_hash()
    return Entry(
        claim=key,
        profile=first.meta["profile"],
        source=first.meta["source"],
        real=first.meta["real"],
        verdict=weakest.verdict,
        explain=explain,
        ours=_ours(claim, group),
        seeds=tuple(run.meta["seed"] for run in group),
        origin=first.origin,
        commit=first.meta["commit"],
        device=str(first.environment.get("device", "unknown")),
        finished=max(run.meta["finished"] for run in group),
        code_changed=None if code is None or None in codes else codes != {code},
        criterion_changed=any(run.meta["criteria"].get(key, hash_) != hash_ for run in group),
    )


def _judge(key: str, claim: Claim, run: Run) -> Verdict:
    try:
        return judge(key, claim, run.records, run.meta["profile"])
    except UserError as error:
        # A run that is older than the criterion cannot be judged by it.
        return Verdict(key, "pending", str(error), claim.criterion_hash())


def _ours(claim: Claim, group: Sequence[Run]) -> str:
    if len(group) == 1:
        return ours(claim, group[0].records)
    parts = []
    for name in claim.show:
        written = [run.records[name] for run in group if name in run.records]
        values = [one.value for one in written if isinstance(one.value, int | float)]
        if len(values) > 1 and len(set(values)) == 1:
            # An interval would sound as if something had been drawn anew, such as the model.
            shared = value_text(Record(name, values[0], written[0].unit))
            parts.append(f"{shared}, the same in all {len(values)} runs")
        elif values:
            mean = mean_interval(values)
            several = (mean.low, mean.high, mean.n, "runs") if mean.n > 1 else (None,) * 4
            parts.append(value_text(Record(name, mean.mean, written[0].unit, *several)))
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
            "entries": [entry._asdict() for entry in found],
        }
        for key, found in card.items()
    ]
