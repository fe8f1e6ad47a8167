"""The teacher's plan: lessons from `book/teaching/plans.yml`, with times that were measured."""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import yaml
from pydantic import Field, ValidationError, model_validator

from lib.core.errors import UserError
from lib.core.progress import duration
from lib.evidence import templating
from lib.evidence.conditions import Strict
from lib.runs import notebooks, scorecard
from lib.runs.run_folders import Run
from lib.teaching import editions, exercises
from lib.teaching.exercises import Card, Misreading, Question, Unit

FILE = "plans.yml"
_NAMED = re.compile(r"\[\[([\w.-]+)\]\]")


class Part(Strict):
    """A stretch of a lesson."""

    minutes: int = Field(gt=0)
    do: str
    """[[00.mmcs]] stands for an exercise."""
    late: str = ""
    """What is done instead when time runs short."""


class Session(Strict):
    """A lesson."""

    title: str
    minutes: int
    needs: str
    parts: tuple[Part, ...]

    @model_validator(mode="after")
    def _fits(self) -> Session:
        if (found := sum(part.minutes for part in self.parts)) != self.minutes:
            raise ValueError(f"{self.title!r} takes {self.minutes} minutes and plans {found}")
        return self


class Quiz(Strict):
    """A question with three answers."""

    ask: str
    options: tuple[str, str, str]
    answer: int = Field(ge=1, le=3)
    why: str


class Plan(Strict):
    """All of `plans.yml`."""

    sessions: tuple[Session, ...]
    asked: tuple[Question, ...] = ()
    misread: tuple[Misreading, ...] = ()
    quiz: tuple[Quiz, ...] = ()


class Chapter(NamedTuple):
    """What the plan says of a chapter."""

    number: str
    outline: editions.Outline
    unit: Unit
    ci: str
    """How long a run takes, see `recorded`."""
    cpu: str


class Timed(NamedTuple):
    """An exercise, and how long its check took here."""

    name: str
    card: Card
    seconds: float


def read() -> Plan:
    """The plans.

    Raises:
        UserError: a lesson whose parts do not add up, or another slip in the file.
    """
    text = (exercises.folder() / FILE).read_text(encoding="utf-8")
    try:
        return Plan(**yaml.safe_load(text))
    except ValidationError as error:
        raise UserError(f"{FILE} is malformed: {error.errors()[0]['msg']}.") from None


def page(units: Mapping[str, Unit], found: Sequence[Run]) -> str:
    """The plan as Markdown.

    Args:
        units: chapter -> its exercises; each check is run once, to time it.
        found: runs, for how long chapters take.

    Raises:
        UserError: a lesson names an exercise that does not exist.
    """
    files = notebooks.chapter_files()
    chapters = [
        Chapter(
            number,
            editions.outline(notebooks.read(files[number])),
            unit,
            recorded(found, number, "ci"),
            recorded(found, number, "cpu"),
        )
        for number, unit in units.items()
    ]
    timed = [
        Timed(f"{number}.{card.name}", card, seconds(f"{number}.{card.name}", card))
        for number, unit in units.items()
        for card in unit.cards
    ]
    plan = read()
    text = templating.render(
        "plan.md",
        plan=plan,
        chapters=chapters,
        exercises=timed,
        misread=[*plan.misread, *(one for unit in units.values() for one in unit.misread)],
        machine=f"{platform.platform(terse=True)}, Python {platform.python_version()}",
    )
    cards = {one.name: one.card for one in timed}

    def titled(match: re.Match) -> str:
        if match[1] not in cards:
            raise UserError(f"{FILE} names the exercise {match[1]!r}, which does not exist.")
        card = cards[match[1]]
        return f"*{card.title}* ({match[1]}, {card.minutes} minutes)"

    return _NAMED.sub(titled, text)


def seconds(name: str, card: Card) -> float:
    """How long the check of an exercise takes on its solution, on this machine.

    Raises:
        UserError: the solution does not pass.
    """
    started = time.perf_counter()
    reply = exercises.check(name, exercises.answered(card, card.answer))
    if not reply.right:
        raise UserError(f"The solution of exercise {name} does not pass its check: {reply.text}")
    return time.perf_counter() - started


def recorded(found: Sequence[Run], chapter: str, profile: str) -> str:
    """How long the slowest run of the newest code took, what of it was training, and where."""
    place = (chapter, profile)
    same = [run for run in found if (run.meta["chapter"], run.meta["profile"]) == place]
    same = [run for run in same if "seconds" in run.environment and not run.meta["overrides"]]
    current = [run for run in same if run.meta["code"] == scorecard.current_code(chapter)]
    if not same:
        return "not recorded"
    newest = current or [max(same, key=lambda run: run.meta["finished"])]
    slowest = max((run.environment for run in newest), key=lambda one: one["seconds"])
    used = slowest.get("artifacts")
    trained = sum(one["seconds"] for one in used) if isinstance(used, list) else 0
    of_it = f", of which training {duration(trained)}" if trained else ""
    machine = (
        f"{slowest.get('processor', 'unknown processor')}, {slowest.get('threads', '?')} threads"
    )
    return f"{duration(slowest['seconds'])}{of_it} ({machine})"
