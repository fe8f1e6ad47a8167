"""Fingerprints: short texts that are equal for equal values and for code that does the same.

Code counts as its syntax tree without comments, docstrings and layout, so that explaining a
function better does not make a corpus or a trained model a different one.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

KEY_LENGTH = 16
"""Hexadecimal digits of a digest."""
DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def canonical(value: Any) -> str:
    """One text for equal values: sorted keys, tuples as lists, dataclasses and models as dicts.

    Raises:
        TypeError: a value that has no stable text, such as a function.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), default=_plain, ensure_ascii=False
    )


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Path):
        raise TypeError(
            f"{value} is a path: a key holds what a file contains (its fingerprint), not its place."
        )
    raise TypeError(f"{type(value).__name__} has no stable text and cannot be part of a key.")


def digest(*parts: Any) -> str:
    """16 hexadecimal digits over the canonical text of all parts."""
    text = "\x1f".join(canonical(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:KEY_LENGTH]


def normalise(source: str) -> str:
    """Source code without what cannot change a result: comments, docstrings, layout.

    The text is the same on every version of Python that has the same syntax tree. What does not
    parse (a cell with IPython magics) counts literally.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    return _dump(tree)


def _dump(node: Any) -> str:
    if isinstance(node, list):
        return "[" + ",".join(_dump(item) for item in node) + "]"
    if not isinstance(node, ast.AST):
        return f"{type(node).__name__}:{node!r}"
    parts = []
    for field in node._fields:
        value = getattr(node, field, None)
        # Newer Pythons add empty fields, and `kind` and `type_comment` are layout.
        if field in ("ctx", "kind", "type_comment") or value is None or value == []:
            if not (isinstance(node, ast.Constant) and field == "value"):
                continue
        elif (
            field == "body" and isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None
        ):
            value = value[1:]
        parts.append(f"{field}={_dump(value)}")
    return f"{type(node).__name__}({','.join(parts)})"
