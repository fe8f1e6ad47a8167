"""A chapter's notebook: where it is, what in it makes numbers, and what only shows them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from lib.cache.keys import BYSTANDERS, closure, code_hash, imports_of, shows
from lib.core import paths
from lib.core.errors import UserError
from lib.core.fingerprints import digest, normalise
from lib.evidence import verdicts
from lib.evidence.loading import assigned_literals
from lib.evidence.verdicts import claims
from lib.settings.decoding import near_misses
from lib.studies.registry import settings_module

SHOWING = frozenset(
    {"say", "figure", "text_figure", "explorer", "slider", "play", "claims_table", "verdict"}
)
"""Calls that show numbers; as statements of their own they are no part of what makes them."""

ALL = "all"
PARAMETERS, INJECTED = "parameters", "injected-parameters"
EXERCISE = "exercise"
"""The tag of a cell that a student fills: no part of what makes a chapter's numbers."""
LIVE = "live"
"""The tag of a cell that lets a reader move something: it shows, and makes no number."""
HIDDEN = "hide-input"
"""The tag of a cell whose code a page folds."""
BADGE_CELL, SETUP_CELL = "colab-badge", "colab-setup"
TITLE = "# @title "
"""How a line begins that Colab shows above a folded cell in place of its code."""
_FILE = re.compile(r"(\d\d)_\w+\.ipynb\Z")


class Code(NamedTuple):
    """A notebook's code, taken apart."""

    evidence: list[str]
    """Normalised code that makes numbers, cell by cell."""
    showing: list[str]
    """Normalised calls that show them."""
    imports: set[str]
    """Dotted names that the cells import."""


def chapter_files() -> dict[str, Path]:
    """The chapters by number: {"01": .../chapters/01_words_from_letters.ipynb}."""
    found = {}
    for path in sorted((paths.root() / "chapters").glob("*.ipynb")):
        if match := _FILE.match(path.name):
            found[match[1]] = path
    return found


def find_chapters(names: list[str] | tuple[str, ...]) -> dict[str, Path]:
    """Chapters by number ("1", "01"), by file name or a part of it, or `all` of them.

    Raises:
        UserError: there is no such chapter, with near misses.
    """
    files = chapter_files()
    if not files:
        raise UserError(f"There is no chapter in {paths.root() / 'chapters'}.")
    found = {}
    for name in names:
        if name == ALL:
            found.update(files)
            continue
        stem = Path(name).name.removesuffix(".ipynb")
        number = stem.zfill(2) if stem.isdigit() else stem
        matching = [key for key, path in files.items() if key == number or path.stem == stem]
        matching = matching or [key for key, path in files.items() if number in path.stem]
        if len(matching) != 1:
            if "=" in name:
                raise UserError(f"{name!r} is no chapter; a setting is given as -p {name}.")
            known = [*files, *(path.stem for path in files.values())]
            raise UserError(f"There is no chapter {name!r}: {near_misses(name, known)}")
        found[matching[0]] = files[matching[0]]
    return dict(sorted(found.items()))


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook in format 4.

    Raises:
        UserError: it is missing or damaged.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(f"The notebook {path} cannot be read ({reason}).") from None


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", ()))


def code_of(notebook: Mapping[str, Any]) -> Code:
    """The notebook's code, without the parameters (a run's settings say them better)
    and without exercises."""
    evidence, showing, imports = [], [], set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or {PARAMETERS, INJECTED, EXERCISE} & set(tags(cell)):
            continue
        source = without_magics(cell["source"])
        makes, shows_them = ("", normalise(source)) if LIVE in tags(cell) else split(source)
        evidence.append(makes)
        showing.append(shows_them)
        named = imports_of(source, "notebook")
        imports |= set(filter(shows, named)) if LIVE in tags(cell) else named
    return Code([text for text in evidence if text], [text for text in showing if text], imports)


def untitled(source: str) -> str:
    """A cell without the line that is its title where Colab folds it."""
    return source.partition("\n")[2] if source.startswith(TITLE) else source


def without_magics(source: str) -> str:
    """A cell as plain Python: magics such as `%pip` become the calls that IPython makes of them."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return TransformerManager().transform_cell(source)
    return source


def split(source: str) -> tuple[str, str]:
    """(what makes numbers, what shows them) of one cell, both normalised."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source, ""
    shows = [statement for statement in tree.body if _shows(statement)]
    makes = [statement for statement in tree.body if not _shows(statement)]
    return tuple(
        normalise(ast.unparse(ast.Module(part, []))) if part else "" for part in (makes, shows)
    )


def _shows(statement: ast.stmt) -> bool:
    """A call that shows, or a choice between such calls that itself calls nothing."""
    if isinstance(statement, ast.If):
        chooses = not any(isinstance(node, ast.Call) for node in ast.walk(statement.test))
        return chooses and all(map(_shows, [*statement.body, *statement.orelse]))
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
        and statement.value.func.id in SHOWING
    )


def parameter_names(notebook: Mapping[str, Any], path: Path) -> set[str]:
    """The names that the parameters cell assigns.

    Raises:
        UserError: there is not exactly one such cell.
    """
    cells = [cell for cell in notebook["cells"] if PARAMETERS in tags(cell)]
    if len(cells) != 1:
        raise UserError(
            f"{path.name} must have exactly one cell with the tag {PARAMETERS!r}; "
            f"it has {len(cells)}."
        )
    return assigned_literals(cells[0]["source"]) or set()


def may_write(notebook: Mapping[str, Any], record: str) -> bool:
    """Whether a cell spells the name of a record, whole or as the fixed part of an f-string."""
    return any(
        re.fullmatch(pattern, record)
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for pattern in _names_in(cell["source"])
    )


@lru_cache(maxsize=1024)
def _names_in(source: str) -> tuple[str, ...]:
    """Patterns of the texts in a cell; what an f-string fills in may be any word."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a line of IPython's own
        return ()
    whole = {node.value for node in nodes if isinstance(node, ast.Constant)}
    found = {re.escape(text) for text in whole if isinstance(text, str)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            fixed = [p.value if isinstance(p, ast.Constant) else "" for p in node.values]
            if len("".join(fixed)) > 3:
                found.add("".join(re.escape(text) if text else r"\w+" for text in fixed))
    return tuple(found)


def with_current_text(
    executed: nbformat.NotebookNode, source: nbformat.NotebookNode, recorded: bool = False
) -> nbformat.NotebookNode | None:
    """The executed notebook with today's prose, comments and cell tags; None if nothing differs.

    Cells are matched by id. Code cells keep their outputs; their text is renewed only where it is
    the same code (a comment, the layout).

    Args:
        executed: changed in place.
        source: the chapter as it is now.
        recorded: other code is no error: such a cell stays as it ran, a new one has no output.

    Raises:
        UserError: a cell's code has changed since, and the run is not `recorded`.
    """
    done = {cell["id"]: cell for cell in executed["cells"]}
    cells, changed = [], False
    for cell in source["cells"]:
        ran = done.pop(cell["id"], None)
        if cell["cell_type"] != "code":
            changed |= ran is None or ran["source"] != cell["source"]
            cells.append(nbformat.from_dict(dict(cell)))
            continue
        same = ran is not None and split(ran["source"]) == split(cell["source"])
        if not same and not recorded:
            raise UserError(
                f"The run is of other code than the chapter now holds (cell {cell['id']!r}): "
                "run the chapter again."
            )
        ran = ran or nbformat.from_dict({**cell, "outputs": []})
        text = cell["source"] if same else ran["source"]
        changed |= ran["source"] != text or tags(ran) != tags(cell)
        ran["source"] = text
        ran["metadata"]["tags"] = tags(cell)
        cells.append(ran)
        for key in [key for key, left in done.items() if INJECTED in tags(left)]:
            if PARAMETERS in tags(cell):
                cells.append(done.pop(key))
    changed |= bool(done) or [c["id"] for c in cells] != [c["id"] for c in executed["cells"]]
    executed["cells"] = cells
    return executed if changed else None


def evidence_hash(code: Code, chapter: str) -> str:
    """Changes when the code that makes a chapter's numbers does, in the notebook or in `lib`."""
    starts = [*code.imports, "lib.evidence.records", settings_module(chapter)]
    makers = closure(starts, leave_out=lambda name: shows(name) or name in BYSTANDERS)
    return digest(code.evidence, code_hash(makers))


def presentation_hash(code: Code, chapter: str) -> str:
    """Changes when what shows the numbers does: drawing code, sentences, claims and criteria."""
    entries = {key: claim.model_dump(mode="json") for key, claim in claims(chapter).items()}
    everything = closure(code.imports, leave_out=lambda name: False)
    showing = {name: path for name, path in everything.items() if shows(name)}
    showing["lib.evidence.verdicts"] = Path(verdicts.__file__)
    return digest(code.showing, code_hash(showing), entries)
