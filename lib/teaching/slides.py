"""Slides of a chapter: figures of its recorded run, guesses before them, notes for the speaker.

One template in the markup of reveal.js, whose files come from the package sphinx-revealjs; formulas
are set by the MathJax of the pages beside. Nothing is fetched in the room.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from markupsafe import Markup
from nbconvert.filters import markdown2html

from lib.core.errors import UserError
from lib.evidence import templating
from lib.evidence.run_context import KIND
from lib.pages import additions, context, notebook
from lib.runs import notebooks, run_folders
from lib.runs.run_folders import Run
from lib.teaching import editions, exercises
from lib.teaching.exercises import Card, Unit

TEMPLATE = "slides.html"
REVEAL = ("dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes", "LICENSE")
NOTICE = "Notice "
"""With it the caption of a figure says where to look."""

templating.ENVIRONMENT.filters["markdown"] = lambda text: Markup(markdown2html(text))


class Figure(NamedTuple):
    """A figure of a run, and what is said with it."""

    name: str
    alt: str
    caption: str
    heading: str
    """Of the section that it stands in."""
    guesses: tuple[Card, ...] = ()
    """Questions that it answers."""

    @property
    def shows(self) -> str:
        """The caption up to where it says what to notice."""
        return self.caption.partition(NOTICE)[0].strip()

    @property
    def notice(self) -> str:
        """Where to look."""
        return "".join(self.caption.partition(NOTICE)[1:])


def write(chapter: str, found: Unit, run: Run, folder: Path, root: Path) -> Path:
    """Writes the slides of a chapter and the figures that they show; returns the file.

    Args:
        run: a recorded run, whose figures and numbers are shown.
        folder: where `NN.html` is put; the pages lie beside it as `pages`.

    Raises:
        UserError: the run lacks a figure.
    """
    source = notebooks.read(notebooks.chapter_files()[chapter])
    shown = list(_figures(found, notebooks.read(run.folder / run_folders.NOTEBOOK), source))
    missing = set(found.figures) - {one.name for one in shown}
    pictures = folder / "figures" / chapter
    pictures.mkdir(parents=True, exist_ok=True)
    for one in shown:
        file = run.folder / run_folders.FIGURES / f"{one.name}.png"
        if file.is_file():
            shutil.copyfile(file, pictures / file.name)
        else:
            missing.add(one.name)
    if missing:
        raise UserError(
            f"The recorded run of chapter {chapter} has no picture {', '.join(sorted(missing))}, "
            f"which book/teaching/{chapter}.yml wants on a slide: correct the name there, or keep "
            "a newer run."
        )
    study = next((one for one in context.studies(root) if one.chapter == chapter), None)
    text = templating.render(
        TEMPLATE,
        chapter=chapter,
        outline=editions.outline(source),
        origin=notebook.origin(run),
        question=study.question if study else "",
        sentences=additions.sentences(study.short, run) if study else [],
        figures=shown,
        unit=found,
    )
    path = folder / f"{chapter}.html"
    path.write_text(text, encoding="utf-8")
    return path


def _figures(
    found: Unit, executed: Mapping[str, Any], source: nbformat.NotebookNode
) -> Iterator[Figure]:
    """Those that have a slide, in the order of the chapter."""
    headings, heading = {}, ""
    for cell in source["cells"]:
        if cell["cell_type"] == "markdown":
            heading = (context.HEADING.findall(cell["source"]) or [heading])[-1]
        headings[cell["id"]] = heading
    for cell in executed["cells"]:
        for output in cell.get("outputs", ()):
            named = output.get("metadata", {}).get(KIND, {})
            if named.get("kind") == "figure" and named["name"] in found.figures:
                name = named["name"]
                guesses = tuple(
                    card
                    for card in found.cards
                    if card.kind == exercises.PREDICT and card.figure == name
                )
                place = headings.get(cell["id"], "")
                yield Figure(name, named["alt"], named["caption"], place, guesses)


def copy_reveal(folder: Path) -> None:
    """What the slides load beside the pages' MathJax."""
    with as_file(files("sphinx_revealjs") / "_static" / "revealjs") as package:
        for name in REVEAL:
            source, target = package / name, folder / "reveal" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(source, target)
