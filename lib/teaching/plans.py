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
PROFILES = ("ci", "cpu", "night")
"""Those that a class may run."""
SLIDE, GUESS, SETTLE = 1, 2, 5
"""Minutes for a slide, for a guess by raised hands on a slide, and to open a notebook, find the
place and compare answers."""
_NAMED = re.compile(r"\[\[([\w.-]+)\]\]")
_DECK = re.compile(r"Slides (\d\d), with")


class Part(Strict):
    """A stretch of a lesson."""

    minutes: int = Field(gt=0)
    do: str
    """[[00.mmcs]] stands for an exercise; "Slides 00, with ..." shows a whole deck with the guesses
    that are named, and "with all guesses" with all of them."""
    early: str = ""
    """For those who are done before the others."""
    late: str = ""
    """What is done instead when time runs short."""
    before: str = ""
    """At home, before."""
    after: str = ""
    """At home, afterwards."""


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
    times: tuple[str, ...]
    """How long a run takes at each of `PROFILES`, see `recorded`."""


class Deck(NamedTuple):
    """The slides of a chapter."""

    number: str
    guesses: int
    others: int
    """The title aside."""

    @property
    def minutes(self) -> int:
        """With all guesses."""
        return self.others * SLIDE + self.guesses * GUESS


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
        UserError: a lesson names an exercise that does not exist, or leaves no time for one.
    """
    files = notebooks.chapter_files()
    chapters = [
        Chapter(
            number,
            editions.outline(notebooks.read(files[number])),
            unit,
            tuple(recorded(found, number, profile) for profile in PROFILES),
        )
        for number, unit in units.items()
    ]
    timed = [
        Timed(f"{number}.{card.name}", card, seconds(f"{number}.{card.name}", card))
        for number, unit in units.items()
        for card in unit.cards
    ]
    cards = {one.name: one.card for one in timed}
    decks = {number: deck(number, unit) for number, unit in units.items()}
    plan = read()
    sessions = [_told(session, cards, decks) for session in plan.sessions]
    return templating.render(
        "plan.md",
        plan=plan.model_copy(update={"sessions": sessions}),
        chapters=chapters,
        exercises=timed,
        decks=decks.values(),
        profiles=PROFILES,
        misread=[*plan.misread, *(one for unit in units.values() for one in unit.misread)],
        machine=f"{platform.platform(terse=True)}, Python {platform.python_version()}",
    )


def deck(number: str, found: Unit) -> Deck:
    """How long the slides of a chapter take."""
    guesses = [card for card in found.cards if card.kind == exercises.PREDICT]
    # Beside the figures: what it is about, the numbers in short, what is misread.
    return Deck(
        number, sum(card.figure in found.figures for card in guesses), len(found.figures) + 3
    )


def needed(part: Part, cards: Mapping[str, Card], decks: Mapping[str, Deck]) -> int:
    """The minutes that a part of a lesson takes at least.

    Raises:
        UserError: it names slides that do not exist.
    """
    named = _NAMED.findall(part.do)
    if shown := _DECK.match(part.do):
        if shown[1] not in decks:
            raise UserError(f"{FILE} names the slides {shown[1]!r}, which do not exist.")
        whole = decks[shown[1]]
        return whole.others * SLIDE + (len(named) or whole.guesses) * GUESS
    minutes = [cards[name].minutes for name in named]
    settle = SETTLE if "notebook" in part.do else 0
    return settle + (max(minutes) if "]] or [[" in part.do else sum(minutes))


def _told(session: Session, cards: Mapping[str, Card], decks: Mapping[str, Deck]) -> Session:
    """The lesson with the titles of exercises; refuses a part that is too short for what it has."""
    parts = []
    for part in session.parts:
        by_hands = GUESS if _DECK.match(part.do) else None
        texts = {"do": _titled(part.do, cards, by_hands)}
        for name in ("early", "late", "before", "after"):
            texts[name] = _titled(getattr(part, name), cards)
        if (least := needed(part, cards, decks)) > part.minutes:
            raise UserError(
                f"{FILE}: in {session.title!r} a part has {part.minutes} minutes and takes at "
                f"least {least}: {part.do}"
            )
        parts.append(part.model_copy(update=texts))
    return session.model_copy(update={"parts": tuple(parts)})


def _titled(text: str, cards: Mapping[str, Card], by_hands: int | None = None) -> str:
    def title(match: re.Match) -> str:
        if match[1] not in cards:
            raise UserError(f"{FILE} names the exercise {match[1]!r}, which does not exist.")
        card = cards[match[1]]
        guess = by_hands is not None and card.kind == exercises.PREDICT
        time_for_it = f"by raised hands, {by_hands} minutes" if guess else f"{card.minutes} minutes"
        return f"*{card.title}* ({match[1]}, {time_for_it})"

    return _NAMED.sub(title, text)


def seconds(name: str, card: Card) -> float:
    """How long the check of an exercise takes on its solution, on this machine, without imports.

    Raises:
        UserError: the solution does not pass.
    """
    answer = exercises.answered(card, card.answer)
    took = []
    for _ in range(2):  # the first one imports
        started = time.perf_counter()
        reply = exercises.check(name, answer)
        took.append(time.perf_counter() - started)
    if not reply.right:
        raise UserError(f"The solution of exercise {name} does not pass its check: {reply.text}")
    return min(took)


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
