"""Parts of a chapter that its page shows folded, each under a name of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from html import escape

import nbformat
from nbformat.v4 import new_markdown_cell

from lib.core.errors import UserError
from lib.runs.notebooks import HIDDEN, SHOWING, tags, without_magics

FOLDED = "folded"
"""The tag of cells that are folded together, as far as the next heading or name."""
UNSHOWN = "remove-input"
UNNAMED = "Open this section"
_SECTION = re.compile(r"^(?=#{2,4} )", re.MULTILINE)
_HEAD = re.compile(r"(#+ [^\n]+\n*(?:\*[^*]+\*(?:\n\n|\Z))?)(.*)", re.DOTALL)
_NAME = re.compile(r"\*\*([^*]+[?.])\*\*\s*(.*)", re.DOTALL)


def folded(cells: Iterable[nbformat.NotebookNode]) -> Iterator[nbformat.NotebookNode]:
    """The cells with those tagged `folded` between the two ends of a `<details>`.

    A part begins at a heading, which stays in sight with the line in italics below it, or at
    a name in bold that ends in a full stop or a question mark. Inside, code is not hidden again.

    Raises:
        UserError: a part begins with neither.
    """
    is_open = False
    for cell in cells:
        if FOLDED not in tags(cell):
            if is_open:
                yield new_markdown_cell("</details>", id=f"end-before-{cell['id']}"[:64])
            is_open = False
            yield cell
        elif cell["cell_type"] == "markdown":
            parts = filter(None, _SECTION.split(cell["source"]))
            for number, text in enumerate(parts):
                lines, is_open = _part(text, is_open, cell["id"])
                name = f"{cell['id']}-{number}" if number else cell["id"]
                yield new_markdown_cell("\n\n".join(lines), id=name[:64])
        else:
            if not is_open:
                raise _nameless(cell["id"])
            cell["metadata"]["tags"] = [tag for tag in tags(cell) if tag != HIDDEN]
            yield cell
    if is_open:
        yield new_markdown_cell("</details>", id="end-of-the-last")


def _part(text: str, is_open: bool, cell: str) -> tuple[list[str], bool]:
    """A heading, the fold that begins below it, and the rest; whether a fold is open now."""
    lines: list[str] = []
    head = _HEAD.fullmatch(text)
    text = (head[2] if head else text).strip()
    name = _NAME.fullmatch(text)
    if not (head or name):
        if not is_open:
            raise _nameless(cell)
        return [text], True
    if is_open:
        lines.append("</details>")
    if head:
        lines.append(head[1].strip())
    if not text:
        return lines, False
    title = escape(" ".join(name[1].split()).removesuffix(".") if name else UNNAMED)
    lines.append(f'<details class="ld-fold"><summary>{title}</summary>')
    return [*lines, name[2] if name else text], True


def _nameless(cell: str) -> UserError:
    return UserError(
        f"The cell {cell!r} begins a part that is {FOLDED!r}: it must be Markdown that begins "
        "with a heading or with a name like **How it is counted.**"
    )


def without_display_code(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A hidden cell that shows and records nothing needs no code on a page."""
    if HIDDEN in tags(cell):
        nodes = ast.walk(ast.parse(without_magics(cell["source"])))
        called = {node.func.id for node in nodes if _calls_a_name(node)}
        if called & SHOWING and not any(name.startswith("record") for name in called):
            cell["metadata"]["tags"] = [UNSHOWN if tag == HIDDEN else tag for tag in tags(cell)]
    return cell


def _calls_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
