"""Exercises that check themselves, from `book/teaching/NN.yml`.

One file a chapter is the source of everything that teaches it: the exercises on the page, the
cells in the students' and the teachers' notebooks, the slides, and the tests of the checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import Field, ValidationError, model_validator

from lib.core import paths
from lib.core.errors import UserError
from lib.evidence import templating
from lib.evidence.conditions import Strict
from lib.settings.decoding import near_misses

PREDICT, WRITE, CHANGE = "predict", "write", "change"
SECRETS = {"solution", "answer", "wrong"}
"""What of a card, or of a question, no student's copy holds."""
IMPORT = "from lib.teaching import check"


class Wrong(Strict):
    """A typical wrong answer."""

    answer: str
    """Code that stands in place of `start`; a letter for a prediction."""
    says: str
    """A part of the reply that is meant for it."""


class Card(Strict):
    """An exercise."""

    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    title: str
    kind: Literal["predict", "write", "change"]
    """Say what will come before it is run; fill a function; change a setting and explain."""
    difficulty: int = Field(ge=1, le=3)
    minutes: int = Field(gt=0)
    task: str
    options: dict[str, str] = Field(default_factory=dict)
    """Letter -> what one may predict."""
    replies: dict[str, str] = Field(default_factory=dict)
    """Letter of each option that does not come true -> why one may think so, and why not."""
    gives: str = "guess"
    """The name that is checked."""
    start: str = ""
    """Code that is given; for a prediction it is made from the options."""
    hints: tuple[str, str]
    solution: str = ""
    """The reasoning."""
    answer: str = ""
    """Code that stands in place of `start` and passes; the letter that comes true."""
    check: str
    """Python that defines `check(answer) -> str | None`, a sentence that says what is wrong; or for
    a prediction `measure() -> (letter, sentence)`: what comes true, and what was measured."""
    wrong: tuple[Wrong, ...] = ()
    """For a prediction they follow from `replies`."""
    figure: str = ""
    """The chapter's figure that the exercise is about; on slides the question comes before it."""

    @model_validator(mode="after")
    def _whole(self) -> Card:
        if self.kind == PREDICT:
            wrong = self.options.keys() - {self.answer}
            if len(self.options) < 2 or (self.answer and self.replies.keys() != wrong):
                raise ValueError("a prediction has options, and a reply to each but the true one")
        elif not self.start or self.options:
            raise ValueError(f"an exercise of the kind {self.kind!r} has a start and no options")
        return self

    @property
    def wrong_answers(self) -> tuple[Wrong, ...]:
        """What must fail, and with which words."""
        told = tuple(Wrong(answer=key, says=text) for key, text in self.replies.items())
        return told if self.kind == PREDICT else self.wrong


class Question(Strict):
    """A question to talk about."""

    ask: str
    answer: str = ""


class Misreading(Strict):
    """How a picture or a number of the chapter is commonly misread."""

    looks: str
    really: str


class Unit(Strict):
    """All that teaches a chapter."""

    figures: tuple[str, ...] = ()
    """Those of the chapter that have a slide, in order."""
    cards: tuple[Card, ...]
    questions: tuple[Question, ...] = ()
    misread: tuple[Misreading, ...] = ()


class Reply(NamedTuple):
    """What a check says; a notebook shows the sentence."""

    right: bool
    text: str

    def __repr__(self) -> str:
        return f"{'Right.' if self.right else 'Not yet.'} {self.text}".strip()


def folder(root: Path | None = None) -> Path:
    """Where the files are, in this project or another one."""
    return (root or paths.root()) / "book" / "teaching"


def unit(chapter: str, root: Path | None = None) -> Unit | None:
    """What `book/teaching` has for a chapter ("01"), or None.

    Raises:
        UserError: the file does not fit the schema.
    """
    path = folder(root) / f"{chapter}.yml"
    if not path.exists():
        return None
    try:
        return Unit(**yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UserError(f"{path.name}: {place} is malformed: {first['msg']}.") from None


def check(exercise: str, answer: Any) -> Reply:
    """Tries an answer and says in words what is wrong with it.

    Args:
        exercise: chapter and name, such as "00.mmcs".
        answer: what the exercise asks for: a letter, a function, a number.

    Raises:
        UserError: there is no such exercise, with near misses.
    """
    chapter, _, name = exercise.partition(".")
    found = unit(chapter)
    cards = {card.name: card for card in found.cards} if found else {}
    if name not in cards:
        known = [f"{chapter}.{one}" for one in cards]
        raise UserError(f"There is no exercise {exercise!r}: {near_misses(exercise, known)}")
    card = cards[name]
    namespace: dict[str, Any] = {}
    exec(compile(card.check, f"<check of {exercise}>", "exec"), namespace)
    if card.kind == PREDICT:
        return _compare(card, answer, namespace["measure"])
    given = _Answered(card.gives, answer) if callable(answer) else answer
    try:
        wrong = namespace["check"](given)
    except _NothingYet as error:
        wrong = str(error)
    except Exception as error:  # whatever a student's code raises
        wrong = f"`{card.gives}` stopped with {type(error).__name__}: {error}"
    return Reply(wrong is None, wrong or "")


def answered(card: Card, code: str) -> Any:
    """What is checked when `code` stands in the exercise's cell."""
    if card.kind == PREDICT:
        return code
    names: dict[str, Any] = {}
    exec(code, names)
    return names[card.gives]


def _compare(card: Card, guess: Any, measure: Any) -> Reply:
    if guess not in card.options:
        return Reply(False, f"Guess first: one of {', '.join(card.options)}.")
    letter, told = measure()
    if guess == letter:
        return Reply(True, told)
    return Reply(False, f"{card.replies[guess]} {told}")


class _NothingYet(Exception):
    """A function that returns nothing, which its check could not work with."""


class _Answered(NamedTuple):
    """A student's function, which must return something."""

    name: str
    function: Any

    def __call__(self, *given: Any) -> Any:
        made = self.function(*given)
        if made is None:
            raise _NothingYet(f"`{self.name}` gives nothing back: end it with a `return`.")
        return made


def cell(chapter: str, card: Card, code: str | None = None) -> str:
    """The code cell of a card: what is given, or `code`, and the call that checks it."""
    if card.kind == PREDICT:
        *most, last = card.options
        code = f'guess = "{code or "?"}"  # {", ".join(most)} or {last}'
    called = f'check("{chapter}.{card.name}", {card.gives})'
    gap = "\n\n" if card.kind == WRITE else "\n"
    return f"{(code or card.start).strip()}{gap}{called}"


def markdown(chapter: str, found: Unit) -> str:
    """The exercises and questions as the chapter's page shows them, hints and solutions folded."""
    html = templating.macros("exercises.md")
    cards = [
        str(html.card(number, card, cell(chapter, card)))
        for number, card in enumerate(found.cards, 1)
    ]
    parts = [str(html.opening()), *cards, str(html.questions(found.questions))]
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    return re.sub(r"\n{3,}", "\n\n", text)  # a template's macros leave empty lines


def for_students(entry: Any) -> Any:
    """The same data without what gives solutions away."""
    if isinstance(entry, Mapping):
        return {key: for_students(value) for key, value in entry.items() if key not in SECRETS}
    return [for_students(one) for one in entry] if isinstance(entry, list) else entry
