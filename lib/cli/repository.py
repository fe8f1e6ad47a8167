"""What chapters repeat from elsewhere, because on Colab a notebook stands alone.

`_config.yml` holds the repository's address and the branch or tag; two cells of each chapter
(`colab-badge` and `colab-setup`) and a list in README.md repeat it. `book/teaching` holds the
exercises; a third cell shows them. `python -m lib sync` writes all of these, and a test compares.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import yaml

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.runs import notebooks
from lib.teaching import exercises

COLAB = "https://colab.research.google.com/github/"
EXERCISES_CELL = "exercises"
LIST_BEGINS, LIST_ENDS = "<!-- colab links: begin -->", "<!-- colab links: end -->"

# pip puts the clone into ./little-dictionaries, and of the packages only those that are missing.
# A kernel that runs already does not see what pip adds to its path; the last line is for it, and
# for a notebook that is opened where the book is not installed.
SETUP = """\
# On Colab: fetches the book's code and the packages that Colab lacks.
# Elsewhere it fetches nothing. For the full size of this chapter choose
# a GPU and write profile = "t4" below (up to an hour). To go on after a
# disconnect, see "In Colab" on the page "How to run it" first.
import sys

url = "{url}"
if "google.colab" in sys.modules:
    %pip install -q --src . -e git+{{url}}@{branch}#egg=little-dictionaries
sys.path += ["little-dictionaries", ".."]"""


class Repository(NamedTuple):
    """Where the book lives."""

    url: str
    branch: str
    """A branch, or for a release its tag: Colab opens the notebook and fetches the code there."""
    published: bool = True
    """Whether the address answers; until then nothing is linked to it."""

    @property
    def slug(self) -> str:
        """`owner/name`."""
        return "/".join(self.url.split("/")[-2:])


def repository(root: Path) -> Repository:
    """The address in `_config.yml`.

    Raises:
        UserError: it is missing or no https address of the form https://host/owner/name.
    """
    found = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8")).get("repository", {})
    url, branch = str(found.get("url", "")).rstrip("/"), str(found.get("branch", ""))
    if not url.startswith("https://") or url.count("/") != 4 or not branch:
        raise UserError(
            "_config.yml must hold repository.url as https://host/owner/name and "
            f"repository.branch; got {url!r} and {branch!r}."
        )
    return Repository(url, branch, bool(found.get("published", True)))


def colab_link(where: Repository, notebook: str) -> str:
    """The address that opens `chapters/<notebook>` in Colab."""
    return f"{COLAB}{where.slug}/blob/{where.branch}/chapters/{notebook}"


def generated_cells(where: Repository, notebook: str, root: Path) -> dict[str, str]:
    """Source of each generated cell by its id."""
    setup = SETUP.format(url=where.url, branch=where.branch)
    badge = f"[Open this chapter in Google Colab]({colab_link(where, notebook)})"
    cells = {notebooks.BADGE_CELL: badge, notebooks.SETUP_CELL: setup}
    if found := exercises.unit(chapter := notebook[:2], root):
        cells[EXERCISES_CELL] = exercises.markdown(chapter, found)
    return cells


def generated_list(where: Repository, chapters: list[Path]) -> str:
    """The README's list of links, with its two marks."""
    if not where.published:
        why = "The book has no public address yet: set `repository` in `_config.yml`, then `sync`."
        return "\n".join([LIST_BEGINS, why, LIST_ENDS])
    lines = [f"- [{_title(path)}]({colab_link(where, path.name)})" for path in chapters]
    return "\n".join([LIST_BEGINS, *lines, LIST_ENDS])


def sync(root: Path, write: bool = True) -> list[str]:
    """Brings the generated cells and list up to date; returns the files that differed.

    Raises:
        UserError: a chapter without these cells, a README without its two marks.
    """
    where = repository(root)
    chapters = sorted((root / "chapters").glob("[0-9]*.ipynb"))
    changed = [path for path in chapters if _sync_notebook(where, path, write)]
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, found, rest = text.partition(LIST_BEGINS)
    _, found_end, after = rest.partition(LIST_ENDS)
    if not (found and found_end):
        raise UserError(f"README.md must hold the lines {LIST_BEGINS} and {LIST_ENDS}.")
    new = before + generated_list(where, chapters) + after
    if new != text:
        changed.append(readme)
        if write:
            write_atomically(readme, new)
    return [str(path.relative_to(root)) for path in changed]


def _sync_notebook(where: Repository, path: Path, write: bool) -> bool:
    notebook = nbformat.read(path, as_version=4)
    cells: dict[str, Any] = {cell["id"]: cell for cell in notebook["cells"]}
    changed = False
    for name, source in generated_cells(where, path.name, path.parents[1]).items():
        if name not in cells:
            raise UserError(
                f"{path.name} must have a cell with the id {name!r}, which is written here."
            )
        if notebooks.untitled(cells[name]["source"]) != source:
            changed, cells[name]["source"] = True, source
    for cell in notebook["cells"]:
        changed |= cell["cell_type"] == "code" and _fold_on_colab(cell)
    if changed and write:
        write_atomically(path, nbformat.writes(notebook).rstrip("\n") + "\n")
    return changed


def _fold_on_colab(cell: dict[str, Any]) -> bool:
    """What a page folds, Colab folds too, under a title; returns whether the cell changed."""
    metadata, source = cell["metadata"], notebooks.untitled(cell["source"])
    before = metadata.pop("cellView", None), cell["source"]
    if notebooks.HIDDEN in metadata.get("tags", ()):
        metadata["cellView"] = "form"
        source = f"{notebooks.TITLE}{cell['id'].replace('-', ' ').capitalize()}\n{source}"
    cell["source"] = source
    return before != (metadata.get("cellView"), source)


def _title(path: Path) -> str:
    first = nbformat.read(path, as_version=4)["cells"][0]["source"].strip().splitlines()
    return first[0].lstrip("# ") if first else path.stem
