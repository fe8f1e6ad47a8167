"""Keys: short names that change when, and only when, what they stand for would come out different.

Code enters a key as its syntax tree without comments, docstrings and layout, so that explaining a
function better does not train a model again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.util import resolve_name
from pathlib import Path

from lib.core import paths
from lib.core.fingerprints import digest, normalise

BYSTANDERS = frozenset(
    {
        "lib.core.errors",
        "lib.core.fingerprints",
        "lib.core.paths",
        "lib.core.progress",
        "lib.cache.artifacts",
        "lib.cache.keys",
        "lib.evidence.environment",
        "lib.evidence.loading",
        "lib.evidence.run_context",
        "lib.evidence.verdicts",
        "lib.settings.decoding",
        "lib.settings.profiles",
    }
)
"""Modules that tell, file and judge, and cannot change a number."""


def shows(module: str) -> bool:
    """Whether a module shows numbers and never makes them: its change draws a page again."""
    room, last = [*module.split("."), ""][1], module.rpartition(".")[2]
    if room == "evidence":
        return module not in BYSTANDERS and last != "records"
    return room == "display" or (room == "studies" and last in ("plots", "sample_table"))


def imports_of(source: str, module: str, is_package: bool = False) -> set[str]:
    """Dotted names that the code imports, wherever in it; relative ones made absolute.

    `from a import b` gives both `a` and `a.b`, because `b` may be a module.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    package = module if is_package else module.rpartition(".")[0]
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return names


def module_file(name: str, package: Path) -> Path | None:
    """The file of a module of `lib`; None for what is no module."""
    first, *rest = name.split(".")
    if first != "lib":
        return None
    place = package.joinpath(*rest)
    for candidate in (place / "__init__.py", place.with_suffix(".py")):
        if rest and candidate.is_file():
            return candidate
    return package / "__init__.py" if not rest else None


def closure(
    modules: Iterable[str],
    *,
    leave_out: Callable[[str], bool] = BYSTANDERS.__contains__,
    package: Path | None = None,
) -> dict[str, Path]:
    """Every module of `lib` that the given ones run, by static imports: dotted name -> file.

    Python runs the packages above a module too, so they are part of it. What is left out is not
    followed either.
    """
    package = package or paths.package_folder()
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in found or leave_out(name):
            continue
        path = module_file(name, package)
        if path is None:
            continue
        found[name] = path
        parents = name.split(".")[:-1]
        waiting += [".".join(parents[: i + 1]) for i in range(len(parents))]
        waiting += imports_of(path.read_text(encoding="utf-8"), name, path.name == "__init__.py")
    return dict(sorted(found.items()))


def code_hash(modules: Mapping[str, Path]) -> str:
    """Changes when the code of any of the modules does, comments and docstrings aside."""
    hashes = {name: _file_hash(path, path.stat().st_mtime_ns) for name, path in modules.items()}
    return digest(hashes)


@lru_cache(maxsize=512)
def _file_hash(path: Path, stamp: int) -> str:
    return digest(normalise(path.read_text(encoding="utf-8")))
