"""A bundled corpus of real technical English and code: what the installed packages say themselves.

Docstrings and source code of pinned Python packages and of the standard library, read from their
files without importing them. Tens of megabytes that are on the disk anyway.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import platform
import re
import sysconfig
import warnings
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from lib.core.fingerprints import digest, normalise

# Packages that the requirements bring along, with much to say.
PACKAGES = (
    "torch",
    "numpy",
    "scipy",
    "sympy",
    "scikit-learn",
    "pandas",
    "networkx",
    "matplotlib",
    "sqlalchemy",
    "datasets",
    "pyarrow",
    "sphinx",
    "docutils",
)
# Tests repeat each other, and these parts of torch are a compiler's templates: slow to read, and
# little of it is prose.
SKIPPED = re.compile(
    r"(^|/)(tests?|testing|idlelib|lib2to3|site-packages|__pycache__|_vendor)/"
    r"|(^|/)(conftest|test_[^/]*|[^/]*_test)\.py$"
    r"|^torch/(_inductor|_dynamo)/"
)
SHORTEST_DOCSTRING = 40
"""Characters; below that a docstring repeats the function's name."""
SHORTEST_DOCUMENT = 300
LONGEST_DOCUMENT = 6_000
LONGEST_CODE = 3_000
"""Characters of source code from one file, so that prose stays the larger part."""
_UNPRINTABLE = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]")


def documents(characters: int | None = None) -> list[str]:
    """Documents of a few hundred to several thousand characters, in an order that is shuffled but
    always the same for the same packages.

    A document holds docstrings of one module, each under its dotted name, or the beginning of its
    code without the docstrings.

    Args:
        characters: stops when this much has been read; None reads everything.
    """
    found: list[str] = []
    total = 0
    seen: set[bytes] = set()
    for name, path in _files():
        for document in _of_file(name, path, seen):
            if characters is not None and total >= characters:
                return found
            found.append(document)
            total += len(document)
    return found


def fingerprint() -> str:
    """Names the text without reading it: package versions, Python's version and this code."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return digest(versions, normalise(Path(__file__).read_text(encoding="utf-8")))


def _files() -> list[tuple[str, Path]]:
    """Relative names and paths of all source files, in the order of their names' hashes, so that a
    package more or less leaves the order of the others alone."""
    found: list[tuple[str, Path]] = []
    for package in PACKAGES:
        try:
            files = distribution(package).files or []
        except PackageNotFoundError:
            continue
        found += [(f.as_posix(), Path(f.locate())) for f in files if f.suffix == ".py"]
    library = Path(sysconfig.get_path("stdlib"))
    found += [(p.relative_to(library).as_posix(), p) for p in library.rglob("*.py")]
    kept = [(name, path) for name, path in found if not SKIPPED.search(name)]
    return sorted(kept, key=lambda item: hashlib.sha256(item[0].encode()).digest())


def _of_file(name: str, path: Path, seen: set[bytes]) -> Iterator[str]:
    try:
        source = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes in other people's strings
            tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return  # broken on purpose, as some files of test data are, or not UTF-8
    module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    entries = []
    docstring_lines: set[int] = set()
    for dotted, text, lines in _docstrings(tree, module):
        docstring_lines.update(lines)
        text = _clean(text)
        mark = hashlib.blake2b(text.encode(), digest_size=8).digest()
        if len(text) >= SHORTEST_DOCSTRING and mark not in seen:
            seen.add(mark)
            entries.append(f"{dotted}\n\n{text}")
    yield from _join(entries)
    code = _code(source, docstring_lines)
    if len(code) >= SHORTEST_DOCUMENT:
        yield code


def _docstrings(tree: ast.Module, module: str) -> Iterator[tuple[str, str, range]]:
    """Dotted name, text and lines of each docstring, also of those that are attached by a call such
    as `add_docstr(torch.abs, "...")`."""
    waiting: list[tuple[str, ast.AST]] = [(module, tree)]
    while waiting:
        name, node = waiting.pop()
        body = node.body
        if body and isinstance(body[0], ast.Expr) and _is_text(body[0].value):
            value = body[0].value
            yield name, value.value, range(value.lineno, value.end_lineno + 1)
        for child in reversed(body):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                waiting.append((f"{name}.{child.name}", child))
            elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
                yield from _attached(child.value, name)


def _attached(call: ast.Call, name: str) -> Iterator[tuple[str, str, range]]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    function = call.func.id if isinstance(call.func, ast.Name) else function
    if "doc" not in function:
        return
    for argument in call.args:
        # `"...".format(**common)` counts with its placeholders.
        if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute):
            argument = argument.func.value
        if _is_text(argument) and "\n" in argument.value:
            yield name, argument.value, range(argument.lineno, argument.end_lineno + 1)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", inspect.cleandoc(text)).strip()


def _join(entries: list[str]) -> Iterator[str]:
    """Entries of one module, joined to documents of a good length and cut where one is too long."""
    document = ""
    for entry in entries:
        if document and len(document) + len(entry) > LONGEST_DOCUMENT:
            yield document
            document = ""
        document += ("\n\n\n" if document else "") + entry
        while len(document) > LONGEST_DOCUMENT:
            cut = document.rfind("\n", SHORTEST_DOCUMENT, LONGEST_DOCUMENT)
            cut = cut if cut > 0 else LONGEST_DOCUMENT
            yield document[:cut].rstrip()
            document = document[cut:].lstrip("\n")
    if len(document) >= SHORTEST_DOCUMENT:
        yield document


def _code(source: str, docstring_lines: set[int]) -> str:
    """The beginning of a file's code: no licence above it, no docstrings in it."""
    lines = [
        line.rstrip()
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in docstring_lines
    ]
    first = next((i for i, line in enumerate(lines) if line and not line.startswith("#")), 0)
    code = _UNPRINTABLE.sub("", "\n".join(lines[first:]))
    if len(code) <= LONGEST_CODE:
        return code.strip()
    return code[: max(code.rfind("\n", 0, LONGEST_CODE), 0)].strip()
