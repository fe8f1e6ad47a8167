"""Conditions on records, and whether they hold: what criteria and gates are made of."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from lib.core.errors import UserError
from lib.evidence.quantities import measured, quantity, threshold
from lib.evidence.records import Record
from lib.settings.base import PROFILES, ProfileName

# In this order, a text is searched for the longer sign first.
OPERATIONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
TYPESET = {">": ">", ">=": "≥", "<": "<", "<=": "≤"}
FACTORS = {0.25: "a quarter of", 0.5: "half of", 0.75: "three quarters of", 2: "twice"}

Bound = Literal["low", "mean", "high"]


class Strict(BaseModel):
    """An entry that has what it must have and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(Strict):
    """Another record's bound, times a factor, plus an amount: how a control is beaten."""

    record: str
    bound: Bound
    times: float = 1.0
    plus: float = 0.0


class Condition(Strict):
    """One comparison that must hold."""

    record: str
    bound: Bound
    op: Literal[">", ">=", "<", "<="]
    value: float | Reference
    from_profile: ProfileName = Field("ci", alias="from")
    says: Annotated[str, Field(pattern=r"[^.:]$")] | None = None
    """It in words. Its numbers are filled in, so that they cannot drift: {value}, of a negative one
    its {size}, {times}, {plus}."""

    def applies(self, profile: str) -> bool:
        """Whether it counts at this profile."""
        return PROFILES.index(profile) >= PROFILES.index(self.from_profile)

    def same(self, other: Condition) -> bool:
        """Whether both compare the same, in whatever words."""
        return self.model_copy(update={"says": other.says}) == other

    def sentence(self, chapter: str) -> str:
        """It in words, with its numbers; the comparison itself where no words were given.

        Raises:
            UserError: the words leave out a number, or name one that is not there.
        """
        if not self.says:
            return condition_text(self)
        given, kind = {}, quantity(chapter, self.record).kind
        if isinstance(self.value, Reference):
            if self.value.times != 1:
                times = self.value.times
                given["times"] = FACTORS.get(times, f"{times:g} times")
            if self.value.plus:
                given["plus"] = threshold(self.value.plus, kind)
        elif self.value < 0:
            given["size"] = threshold(-self.value, kind)
        elif self.value:
            given["value"] = threshold(self.value, kind)
        try:
            text = self.says.format(**given)
        except KeyError as error:
            raise UserError(f"{self.says!r} names {error}, which this condition lacks.") from None
        for name in given:
            # That a ratio is above one, or a difference above zero, needs no number.
            if f"{{{name}}}" not in self.says and self.value != 1:
                raise UserError(f"{self.says!r} must name its number, as {{{name}}}.")
        return text


class Part(NamedTuple):
    """One condition of a verdict."""

    holds: bool
    says: str
    """What it asks for, in words."""
    came: str
    """What was measured, with its control."""
    comparison: str
    """The raw comparison."""


def records_of(conditions: Iterable[Condition]) -> set[str]:
    """Names of all records that conditions read."""
    names = set()
    for condition in conditions:
        names.add(condition.record)
        if isinstance(condition.value, Reference):
            names.add(condition.value.record)
    return names


def check(
    conditions: Iterable[Condition], records: Mapping[str, Record], profile: str, chapter: str
) -> list[Part]:
    """Each of the conditions that apply at this profile, and whether it holds."""
    parts = []
    for condition in conditions:
        if not condition.applies(profile):
            continue
        value = _bound(records[condition.record], condition.bound)
        target, target_words = _target(condition.value, records)
        holds = value is not None and target is not None
        holds = holds and OPERATIONS[condition.op](value, target)
        name = named(condition.record, condition.bound)
        number = "no value" if value is None else f"{value:.4g}"
        sign = TYPESET[condition.op]
        came = measured(records[condition.record], chapter)
        if isinstance(condition.value, Reference):
            came += f", against {measured(records[condition.value.record], chapter)}"
        comparison = f"{name} = {number}{'' if holds else ', not'} {sign} {target_words}"
        parts.append(Part(holds, condition.sentence(chapter), came, comparison))
    return parts


def comparisons(parts: Iterable[Part]) -> str:
    """The raw comparisons in one line."""
    return "; ".join(part.comparison for part in parts) or "no condition applies at this profile"


def condition_text(condition: Condition) -> str:
    """The comparison without the values of any run."""
    value = condition.value
    target = _formula(value) if isinstance(value, Reference) else f"{value:g}"
    since = f" (from {condition.from_profile} on)" if condition.from_profile != "ci" else ""
    return f"{named(condition.record, condition.bound)} {TYPESET[condition.op]} {target}{since}"


def named(record: str, which: str) -> str:
    """A record's bound in words: `words found (low end)`."""
    words = record.replace("_", " ")
    return words if which == "mean" else f"{words} ({which} end)"


def _formula(value: Reference) -> str:
    times = f"{value.times:g} × " if value.times != 1 else ""
    plus = f" + {value.plus:g}" if value.plus else ""
    return f"{times}{named(value.record, value.bound)}{plus}"


def _target(
    value: float | int | Reference, records: Mapping[str, Record]
) -> tuple[float | int | None, str]:
    if not isinstance(value, Reference):
        return value, f"{value:.4g}"
    bound = _bound(records[value.record], value.bound)
    if bound is None:
        return None, f"{_formula(value)} (no value)"
    target = value.times * bound + value.plus
    return target, f"{_formula(value)} = {target:.4g}"


def _bound(found: Record, which: str) -> float | int | None:
    """A finite number or None; a record that was never given an interval is a mistake."""
    bound = found.bound(which)
    if bound is None and found.value is not None and which != "mean" and not found.reason:
        raise UserError(
            f"Record {found.name!r} has no interval, but a criterion reads its {which} end: "
            "record it with low= and high=."
        )
    if isinstance(bound, str | list):
        raise UserError(f"Record {found.name!r} is no number, so no criterion can read it.")
    return None if found.value is None else bound
