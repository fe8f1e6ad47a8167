"""Claims, their criteria as data, and the verdict that recorded numbers give.

The head of `book/claims.yml` explains the fields of a claim. Below its `scale` a claim needs a
larger run; where its gate is closed (the positive control fails, the ceiling is out of reach) it
cannot be told here; only then do the criteria count, and all conditions of a list must hold. The
key `controls` maps chapters to the records that are their positive controls and ceilings: every
claim of such a chapter says by its `gate` which of them it needs, or why none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import Field, ValidationError, model_validator

from lib.core import paths
from lib.core.errors import UserError
from lib.core.fingerprints import digest
from lib.evidence import run_context
from lib.evidence.conditions import Condition, Part, Strict, check, comparisons, records_of
from lib.evidence.records import Record
from lib.settings.base import PROFILES, ProfileName
from lib.settings.decoding import near_misses, sentence

DECIDING = ("replicated", "partly", "not replicated")
VERDICTS = (*DECIDING, "cannot tell here", "needs a larger run", "pending")
"""From the best to the undecided."""

CONTROLS = "controls"
"""The one key of the file that is no claim: chapter -> its positive controls and ceilings."""


class Gate(Condition):
    """A condition without which nothing can be told: a positive control, or a ceiling."""

    kind: Literal["control", "ceiling"]
    otherwise: Annotated[str, Field(pattern=r"\.$")]
    """The sentence that is shown where it does not hold."""


class Criterion(Strict):
    """What makes a claim replicated, and what makes it partly so."""

    replicated: Annotated[tuple[Condition, ...], Field(min_length=1)]
    partly: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _said_once(self) -> Criterion:
        """What the weaker form shares with the strict one is said there."""
        for position, loose in enumerate(self.partly):
            strict = next((one for one in self.replicated if loose.same(one)), None)
            if strict and not loose.says:
                said = (*self.partly[:position], strict, *self.partly[position + 1 :])
                object.__setattr__(self, "partly", said)
        return self

    def unsaid(self) -> list[str]:
        """Records of the conditions that lack their sentence."""
        return [one.record for one in (*self.replicated, *self.partly) if not one.says]

    def records(self) -> set[str]:
        """Names of all records that the criterion reads."""
        return records_of((*self.replicated, *self.partly))


class Before(Strict):
    """A criterion that was replaced, as it was, and why."""

    criterion: Criterion
    verdict: Literal[VERDICTS]
    """What it said of the runs of its time."""
    reason: Annotated[str, Field(pattern=r"\.$")]


class Claim(Strict):
    """One sentence of a document that a chapter puts to the test."""

    chapter: str
    name: str = Field("", max_length=26)
    """A few words that stand for the claim in a row of them; its id does where it has none."""
    statement: str
    document: str
    scale: ProfileName
    note: str = ""
    show: tuple[str, ...] = ()
    criterion: Literal["pending"] | Criterion
    gate: Annotated[tuple[Gate, ...], Field(min_length=1)] | str | None = None
    """Conditions, all of which must hold before the claim can be told; or why it needs none."""
    over: str = "runs"
    """What the interval over several runs is over, in words: models, dictionaries."""
    before: tuple[Before, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether no criterion has been fixed yet."""
        return self.criterion == "pending"

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gate's conditions; none where it is a sentence."""
        return self.gate if isinstance(self.gate, tuple) else ()

    def judged_by(self) -> set[str]:
        """Names of the records that decide the claim."""
        return records_of(self.gates) | (set() if self.pending else self.criterion.records())

    def records(self) -> set[str]:
        """Names of the records that a run of the chapter must write for this claim."""
        return set(self.show) | self.judged_by()

    def criterion_hash(self) -> str:
        """Changes when what decides the claim changes; wording does not count."""
        if self.pending:
            return "pending"
        words = {"otherwise", "says"}
        gates = [gate.model_dump(mode="json", exclude=words) for gate in self.gates]
        unsaid = {"__all__": {"says"}}
        criterion = self.criterion.model_dump(
            mode="json", exclude={"replicated": unsaid, "partly": unsaid}
        )
        return digest(self.scale, criterion, *([gates] if gates else []))


class Verdict(NamedTuple):
    """What one run says about one claim."""

    claim: str
    verdict: str
    """One of `VERDICTS`."""
    explain: str
    """Which conditions held or failed, with the values."""
    criterion: str
    """Hash of the criterion that was applied."""
    parts: tuple[Part, ...] = ()
    """The conditions for `replicated`, or the gate that is closed."""
    weaker: tuple[Part, ...] = ()
    """Where it is partly: the weaker form's, all of which hold."""


def claims(chapter: str | None = None) -> dict[str, Claim]:
    """All claims, or one chapter's, by id in the order of the file.

    Raises:
        UserError: the file is missing or a claim in it is malformed.
    """
    path = paths.claims_file()
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        raise UserError(f"The claims were looked for in {path}, which is not there.") from None
    found = _read(path, stamp)
    return {key: claim for key, claim in found.items() if chapter in (None, claim.chapter)}


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> dict[str, Claim]:
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UserError(f"{path.name} is no valid YAML: {' '.join(str(error).split())}.") from None
    found: dict[str, Claim] = {}
    table = dict(table or {})
    controls = table.pop(CONTROLS, {})
    for key, entry in table.items():
        try:
            found[key] = Claim(**entry)
        except (ValidationError, TypeError) as error:
            detail = sentence(error, key) if isinstance(error, ValidationError) else str(error)
            raise UserError(f"Claim {key!r} in {path.name} is malformed: {detail}") from None
    _check_gates(found, controls)
    return found


def _check_gates(found: Mapping[str, Claim], controls: Mapping[str, Iterable[str]]) -> None:
    """Every claim of a chapter with controls has a gate or says why not; every control has a use.

    A chapter has controls where they are listed, and where one of its claims has a gate.

    Raises:
        UserError: names the claim, or the control.
    """
    chapters = dict.fromkeys([*controls, *(one.chapter for one in found.values() if one.gates)])
    for chapter in chapters:
        own = {key: entry for key, entry in found.items() if entry.chapter == chapter}
        gated = set().union(*(records_of(entry.gates) for entry in own.values()))
        names = controls.get(chapter, sorted(gated))
        for key, entry in own.items():
            if not entry.gate and not entry.pending:
                raise UserError(
                    f"Claim {key!r} has no gate, but chapter {chapter} has controls: give it a "
                    f"`gate` on {', '.join(names)}, or one sentence there that says why it needs "
                    "none."
                )
        if unused := set(names) - gated:
            raise UserError(
                f"{sorted(unused)[0]!r} is a control of chapter {chapter}, but no claim has a gate "
                f"on it: {near_misses(sorted(unused)[0], gated)}"
            )


def claim(key: str) -> Claim:
    """One claim by id, e.g. "words.lm-loss"."""
    found = claims()
    if key not in found:
        raise UserError(f"There is no claim {key!r}: {near_misses(key, found)}")
    return found[key]


def judge(key: str, entry: Claim, records: Mapping[str, Record], profile: str) -> Verdict:
    """The verdict on the records of a run, or of several that were pooled; pure, so that tests can
    plant records.

    Raises:
        UserError: a record that the criterion reads is missing or lacks the bound.
    """
    hash_ = entry.criterion_hash()
    if entry.pending:
        return Verdict(key, "pending", "No criterion has been fixed yet.", hash_)
    if missing := sorted(entry.judged_by() - set(records)):
        raise UserError(
            f"Claim {key!r} is judged by {', '.join(missing)}, which this run has not recorded: "
            f"{near_misses(missing[0], records)}"
        )
    strict = tuple(check(entry.criterion.replicated, records, profile, entry.chapter))
    because = f"{comparisons(strict)}."
    if PROFILES.index(profile) < PROFILES.index(entry.scale):
        explain = f"Decided from profile {entry.scale} on; here: {because}"
        return Verdict(key, "needs a larger run", explain, hash_, strict)
    for gate in entry.gates:
        parts = check((gate,), records, profile, entry.chapter)
        if parts and not parts[0].holds:
            closed = parts[0]._replace(says=gate.otherwise.removesuffix("."))
            explain = f"{gate.otherwise} {closed.comparison}."
            return Verdict(key, "cannot tell here", explain, hash_, (closed,))
    if _held(strict):
        return Verdict(key, "replicated", because, hash_, strict)
    loose = tuple(check(entry.criterion.partly, records, profile, entry.chapter))
    if _held(loose):
        explain = f"{comparisons(loose)}; but {because}"
        return Verdict(key, "partly", explain, hash_, strict, loose)
    return Verdict(key, "not replicated", because, hash_, strict)


def _held(parts: tuple[Part, ...]) -> bool:
    return bool(parts) and all(part.holds for part in parts)


def running_verdict(key: str) -> Verdict:
    """The verdict of the running chapter on one claim."""
    here = run_context.current()
    profile = here.settings.profile if here.settings else "paper"
    return judge(key, claim(key), here.records, profile)
