"""From what a notebook or a command line gives to values of the right type, or one sentence."""

from __future__ import annotations

import ast
import difflib
import json
import types
import typing
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from lib.core.errors import UserError


def near_misses(name: str, known: Iterable[str]) -> str:
    """`did you mean 'width'?`, or the whole list where nothing is near."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(repr(other) for other in near)}?"
    return f"known are {', '.join(known)}." if known else "none is known yet."


def check_names(names: Iterable[str], schema: type[BaseModel], where: str) -> None:
    """Raises UserError for names that are no parameters of the schema."""
    unknown = [name for name in names if name not in schema.model_fields]
    if unknown:
        hints = " ".join(
            f"{name!r} is no parameter of {where}: {near_misses(name, schema.model_fields)}"
            for name in unknown
        )
        raise UserError(hints)


def allowed_types(annotation: Any) -> set[type]:
    """The plain types inside an annotation: `tuple[int, ...] | None` -> {tuple, NoneType}."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return set().union(*(allowed_types(part) for part in typing.get_args(annotation)))
    if origin is typing.Annotated:
        return allowed_types(typing.get_args(annotation)[0])
    if origin is typing.Literal:
        return {type(value) for value in typing.get_args(annotation)}
    return {origin or annotation}


def decode(value: Any, annotation: Any) -> Any:
    """Text becomes a list, number or bool where the field wants one; all else stays.

    Papermill's `-p` and this project's own `-p name=value` send text. JSON and Python's own
    spelling (`None`, `True`, `(1, 2)`) are read; text that is neither stays and fails as such.
    """
    if not isinstance(value, str) or str in allowed_types(annotation):
        return value
    for read in (json.loads, ast.literal_eval):
        try:
            return read(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return value


def refuse_bools(values: dict[str, Any], schema: type[BaseModel], where: str) -> None:
    """True would pass as the number 1: a switch given to a number is a mistake."""
    for name, value in values.items():
        if isinstance(value, bool) and bool not in allowed_types(
            schema.model_fields[name].annotation
        ):
            raise UserError(f"{name} of {where} must not be true or false; got {value}.")


def sentence(error: ValidationError, where: str) -> str:
    """Every complaint of pydantic in one sentence: parameter, what was expected, what came."""
    return f"The settings of {where} cannot be used: {complaints(error)}."


def complaints(error: ValidationError, field: str | None = None) -> str:
    """The complaints alone.

    Args:
        field: the name of what was checked, if that was one value and no model.
    """
    parts = []
    for complaint in error.errors(include_url=False):
        location = [*([field] if field else []), *map(str, complaint["loc"])]
        name = location[0] if location else ""
        if len(location) > 1 and location[1].isdigit():
            name += f"[{location[1]}]"
        if complaint["type"] == "missing":
            parts.append(f"{name} has no value in this profile")
        elif complaint["type"] == "value_error":
            parts.append(f"{name + ': ' if name else ''}{complaint['ctx']['error']}")
        else:
            expected = complaint["msg"].replace("Input should be", "must be")
            parts.append(f"{name} {expected}, got {_short(complaint['input'])}")
    return "; ".join(parts)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
