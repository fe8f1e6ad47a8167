"""The start of a chapter's run: parameters from the notebook, validated, and an open run."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from lib.core.device import resolve_device, resolve_precision
from lib.evidence import run_context
from lib.settings import ChapterSettings, resolve

PLAIN = (type(None), bool, int, float, str, list, tuple, dict)


def load(schema: type[ChapterSettings], notebook_globals: Mapping[str, Any]) -> ChapterSettings:
    """The second code cell of a chapter: `settings = load(Settings, globals())`.

    Takes the schema's names from the notebook, refuses names that are no parameters, and opens the
    chapter's book of records. In a notebook, the names are read from the parameters cell and the
    cell that papermill puts after it; elsewhere every plain value counts as a parameter.

    `precision` is decided here and no longer "auto".

    Raises:
        UserError: as `resolve`.
    """
    names = parameter_names(notebook_globals.get("In") or [])
    if names is None:
        names = {
            name
            for name, value in notebook_globals.items()
            if not name.startswith("_") and name not in ("In", "Out") and isinstance(value, PLAIN)
        }
    known = set(schema.model_fields)
    wanted = (names | known) & set(notebook_globals)
    settings = resolve(schema, {name: notebook_globals[name] for name in sorted(wanted)})
    precision = resolve_precision(settings.precision, resolve_device(settings.device))
    settings = settings.model_copy(update={"precision": precision})
    run_context.begin(schema.chapter, settings)
    return settings


def parameter_names(history: list[str]) -> set[str] | None:
    """Names that the newest parameters cell, and papermill's after it, assign; None without one.

    A parameters cell assigns nothing but plain values, `profile` and `seed` among them; papermill's
    own begins with the comment `# Parameters`.
    """
    names: set[str] | None = None
    for source in history:
        assigned = assigned_literals(source)
        if not assigned:
            continue
        if {"profile", "seed"} <= assigned:
            names = assigned
        elif source.lstrip().startswith("# Parameters"):
            names = (names or set()) | assigned
    return names


def assigned_literals(source: str) -> set[str] | None:
    """The names of a cell that does nothing but assign plain values to names, else None."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    names = set()
    for statement in body:
        if not isinstance(statement, ast.Assign) or not all(
            isinstance(target, ast.Name) for target in statement.targets
        ):
            return None
        try:
            ast.literal_eval(statement.value)
        except ValueError:
            # Papermill writes nan and inf as float('nan'), float('inf').
            if not isinstance(statement.value, ast.Call):
                return None
        names |= {target.id for target in statement.targets}
    return names
