"""Runs single cells of a chapter on planted data: what is tested is the chapter's own code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from lib.evidence import load, run_context
from lib.evidence.verdicts import Verdict, claim, judge
from lib.studies.registry import schema

ROOT = Path(__file__).resolve().parents[2]


def begin_chapter(number: str, **parameters: Any) -> dict[str, Any]:
    """A namespace in which the chapter's settings are loaded and its imports done."""
    namespace: dict[str, Any] = {}
    namespace["settings"] = load(schema(number), {"profile": "ci", **parameters})
    return run_cells(number, [name for name in cells_of(number) if "imports" in name], namespace)


def cells_of(number: str) -> dict[str, str]:
    """The sources of a chapter's cells by id."""
    (path,) = (ROOT / "chapters").glob(f"{number}_*.ipynb")
    return {cell["id"]: cell["source"] for cell in nbformat.read(path, as_version=4)["cells"]}


def run_cells(number: str, names: list[str], namespace: dict[str, Any]) -> dict[str, Any]:
    """Executes the cells with these ids, in order, in `namespace`."""
    cells = cells_of(number)
    for name in names:
        exec(compile(cells[name], f"{number}:{name}", "exec"), namespace)
    return namespace


def verdict_of(key: str, profile: str) -> Verdict:
    """What a claim's criterion says of the records so far, at the profile that decides."""
    return judge(key, claim(key), run_context.current().records, profile)
