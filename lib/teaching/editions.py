"""Editions of a chapter: for students with exercises to do, for teachers with all answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from lib.evidence import templating
from lib.runs.notebooks import EXERCISE, PARAMETERS, tags
from lib.teaching import exercises
from lib.teaching.exercises import Card, Unit

CELL = "exercises"
"""The cell of a chapter that shows all exercises; an edition has them one by one instead."""
_LEARN = re.compile(r"\*\*You will learn\*\*\s+(.+?)(?:\n\n|\Z)", re.DOTALL)
_TAGS = {"tags": [EXERCISE]}


class Outline(NamedTuple):
    """What a chapter says of itself."""

    title: str
    claim: str
    """The line in italics below the title."""
    learn: str
    """What one learns from it: the rest of the sentence "You will learn ..."."""


def outline(notebook: Mapping[str, Any]) -> Outline:
    """Title, claim and aim of a chapter, from its own prose."""
    prose = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    learn = [found[1] for text in prose if (found := _LEARN.search(text))]
    title, _, rest = prose[0].partition("\n")
    return Outline(
        title=title.removeprefix("# "),
        claim=" ".join(rest.split("\n\n")[-1].split()).strip("*"),
        learn=" ".join(learn[0].split()) if learn else "",
    )


def edition(
    notebook: nbformat.NotebookNode, chapter: str, found: Unit, solved: bool = False
) -> nbformat.NotebookNode:
    """The chapter with a cell to answer each exercise in, or with `solved` all answers.

    A guess stands before the figure that shows what comes true, everything else at the end. The
    chapter's own code does not change, so that runs and what was trained have the same keys.
    """
    made = deepcopy(notebook)
    made["cells"] = []
    opened = False
    numbered = list(enumerate(found.cards, 1))
    for cell in deepcopy(notebook)["cells"]:
        last = cell["id"] == CELL
        due = [
            (number, card)
            for number, card in numbered
            if last or (card.kind == exercises.PREDICT and _shows(cell, card.figure))
        ]
        numbered = [one for one in numbered if one not in due]
        if due and not opened:
            opened = True
            made["cells"].append(_code(exercises.IMPORT, f"{CELL}-import"))
        if last:
            opening = str(templating.macros("exercises.md").opening()).strip()
            made["cells"].append(new_markdown_cell(opening, id=CELL, metadata=cell["metadata"]))
        for number, card in due:
            made["cells"] += _cells(chapter, number, card, solved)
        if last:
            made["cells"] += _questions(found, cell["metadata"], solved)
        else:
            made["cells"].append(cell)
    return made


def _shows(cell: Mapping[str, Any], figure: str) -> bool:
    return bool(figure) and cell["cell_type"] == "code" and f'"{figure}"' in cell["source"]


def _code(source: str, name: str) -> nbformat.NotebookNode:
    return new_code_cell(source, id=name, metadata=_TAGS)


def _cells(chapter: str, number: int, card: Card, solved: bool) -> Iterator[nbformat.NotebookNode]:
    text, name = templating.macros("exercises.md"), f"exercise-{card.name}"
    asked = f"{text.question(number, card)}\n\n{text.hints(card)}"
    yield new_markdown_cell(_tidy(asked), id=name, metadata={"tags": ["document"]})
    code = exercises.cell(chapter, card, card.answer if solved else None)
    yield _code(code, f"{name}-answer")
    if solved:
        reasons = f"*{card.solution.strip()}*"
        yield new_markdown_cell(reasons, id=f"{name}-why", metadata={"tags": ["document"]})


def _questions(
    found: Unit, metadata: dict[str, Any], solved: bool
) -> Sequence[nbformat.NotebookNode]:
    text = templating.macros("exercises.md")
    shown = (text.answered if solved else text.questions)(found.questions)
    cell = new_markdown_cell(_tidy(str(shown)), id="questions", metadata=metadata)
    return [cell] if found.questions else []


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.strip())


def with_parameters(notebook: nbformat.NotebookNode, **values: Any) -> nbformat.NotebookNode:
    """The chapter with other values in its parameters cell."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        if PARAMETERS in tags(cell):
            for name, value in values.items():
                line = f"{name} = {json.dumps(value)}"
                cell["source"] = re.sub(
                    rf"^{name} = .*$", lambda _, line=line: line, cell["source"], flags=re.MULTILINE
                )
    return made
