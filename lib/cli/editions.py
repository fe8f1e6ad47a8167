"""Editions of a chapter: for students, without the solutions of the exercises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from lib.runs.notebooks import PARAMETERS, tags

SOLUTION = re.compile(r"\s*<details>\s*<summary>Solution</summary>.*?</details>", re.DOTALL)
EXERCISE = re.compile(r"^\*\*(\d+)\. (.+?)\.?\*\*", re.MULTILINE)
_LEARN = re.compile(r"\*\*You will learn\*\*\s+(.+?)(?:\n\n|\Z)", re.DOTALL)


class Outline(NamedTuple):
    """What a chapter says of itself."""

    title: str
    learn: str
    """What one learns from it: the rest of the sentence "You will learn ..."."""
    exercises: tuple[str, ...]
    """Their headings, in order."""


def outline(notebook: Mapping[str, Any]) -> Outline:
    """Title, aim and exercises of a chapter, from its own prose."""
    prose = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    learn = [found[1] for text in prose if (found := _LEARN.search(text))]
    solved = [text for text in prose if SOLUTION.search(text)]
    return Outline(
        title=prose[0].partition("\n")[0].removeprefix("# "),
        learn=" ".join(learn[0].split()) if learn else "",
        exercises=tuple(found[2] for text in solved for found in EXERCISE.finditer(text)),
    )


def for_students(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The chapter without solutions; after each exercise stands a cell for an answer.

    No code changes, so that runs and what was trained have the same keys in both editions.
    """
    made = deepcopy(notebook)
    made["cells"] = []
    for cell in deepcopy(notebook)["cells"]:
        if cell["cell_type"] != "markdown" or not SOLUTION.search(cell["source"]):
            made["cells"].append(cell)
            continue
        text = SOLUTION.sub("", cell["source"])
        starts = [found.start() for found in EXERCISE.finditer(text)]
        parts = [text[a:b].strip() for a, b in zip([0, *starts], [*starts, None], strict=True)]
        for number, part in enumerate(parts):
            if part:
                name = f"{cell['id']}-{number}"
                made["cells"].append(new_markdown_cell(part, id=name, metadata=cell["metadata"]))
            if number:
                answer = f"# Exercise {number}: your answer\n"
                made["cells"].append(new_code_cell(answer, id=f"{name}-answer"))
    return made


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
