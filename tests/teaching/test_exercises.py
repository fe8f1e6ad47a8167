"""Exercises: each check passes the solution, and tells each wrong answer what is wrong with it."""

from __future__ import annotations

import time

import pytest
import yaml

from lib.core.errors import UserError
from lib.runs import notebooks
from lib.teaching import check, exercises
from lib.teaching.exercises import answered

UNITS = {number: exercises.unit(number) for number in notebooks.chapter_files()}
CARDS = {f"{number}.{card.name}": card for number, unit in UNITS.items() for card in unit.cards}
SLOWEST = 5.0
"""Seconds of a processor that a check may take: a student waits for it."""


@pytest.mark.parametrize("name", CARDS)
def test_the_solution_passes(name: str) -> None:
    started = time.process_time()
    reply = check(name, answered(CARDS[name], CARDS[name].answer))
    assert reply.right, reply
    assert time.process_time() - started < SLOWEST


@pytest.mark.parametrize("name", CARDS)
def test_what_is_given_does_not_pass_and_stops_nothing(name: str) -> None:
    card = CARDS[name]
    reply = check(name, "?" if card.options else answered(card, card.start))
    assert not reply.right
    assert len(reply.text) > 20


@pytest.mark.parametrize("name", CARDS)
def test_wrong_answers_are_told_what_is_wrong(name: str) -> None:
    wrong = CARDS[name].wrong_answers
    assert len(wrong) >= 2, "two typical wrong answers"
    for one in wrong:
        reply = check(name, answered(CARDS[name], one.answer))
        assert not reply.right, one.answer
        assert one.says in reply.text, f"{one.answer}\nwas told: {reply}"
    assert len({one.says for one in wrong}) == len(wrong), "each has words of its own"


@pytest.mark.parametrize("number", UNITS)
def test_a_chapter_has_exercises_of_each_kind(number: str) -> None:
    unit = UNITS[number]
    assert 5 <= len(unit.cards) <= 8
    assert {card.kind for card in unit.cards} == {"predict", "write", "change"}
    assert len({card.name for card in unit.cards}) == len(unit.cards)
    assert all(card.solution for card in unit.cards)
    assert all(question.answer for question in unit.questions)
    letters = {card.answer for card in unit.cards if card.options}
    assert len(letters) > 1, "the answer is not always the same letter"
    chapter = notebooks.read(notebooks.chapter_files()[number])
    code = "\n".join(cell["source"] for cell in chapter["cells"])
    for figure in [*unit.figures, *(card.figure for card in unit.cards if card.figure)]:
        assert f'"{figure}"' in code or 'f"example_' in code, f"{figure} is no figure of it"


def test_what_students_get_holds_no_solution() -> None:
    for path in exercises.folder().glob("[0-9]*.yml"):
        everything = yaml.safe_load(path.read_text(encoding="utf-8"))
        unit = exercises.Unit(**exercises.for_students(everything))
        assert not any(
            (card.solution, card.answer, card.wrong) != ("", "", ()) for card in unit.cards
        )
        assert not any(question.answer for question in unit.questions)


def test_errors_of_students_become_sentences() -> None:
    with pytest.raises(UserError, match=r"There is no exercise '00.mmsc'.*00.mmcs"):
        check("00.mmsc", None)
    assert "stopped with ZeroDivisionError" in check("00.mmcs", lambda *_: 1 / 0).text
    assert "end it with a `return`" in check("00.mmcs", lambda *_: None).text
    assert "stopped with TypeError" in check("00.mmcs", lambda: 1).text
    assert check("00.chance", "z").text == "Guess first: one of a, b, c."
    assert repr(check("00.chance", "b")).startswith("Right. Measured")
