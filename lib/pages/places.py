"""Where in its chapter a claim is settled: the figure nearest to its verdict, or the section."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from lib.evidence.run_context import KIND

HEADING = re.compile(r"^#{1,4}\s+(.+?)\s*$", re.MULTILINE)
# A card says it plainly; a sentence with the verdict comes second.
MENTIONS = (r"""verdict\(\s*["']{key}["']""", r"\{{(?:verdict|confirms):\s*{key}\b(?![-.])")


class Place(NamedTuple):
    """A place on a chapter's page."""

    page: str
    """The page without ending, e.g. "chapters/01_words_from_letters"."""
    anchor: str
    """The id there."""
    section: str
    """The heading above it."""
    figure: str = ""
    """The name of the figure that is there, if one is."""

    def link(self, above: str = "../") -> str:
        """An HTML link from a page in a folder beside the chapters'."""
        what = "figure in " if self.figure else ""
        return (
            f'<a href="{above}{self.page}.html#{html.escape(self.anchor)}">{what}'
            f"“{html.escape(self.section)}”</a>"
        )


def places(page: str, notebook: Mapping[str, Any], keys: list[str]) -> dict[str, Place]:
    """The place of each claim that the chapter speaks of.

    Args:
        page: the chapter's page without ending.
        notebook: as it is published, with outputs.
        keys: claim ids.
    """
    cells = [_Cell.of(cell) for cell in notebook["cells"]]
    found = {}
    for key in keys:
        position = _mention(cells, key)
        if position is not None:
            found[key] = _place(page, cells, position)
    return found


class _Cell(NamedTuple):
    code: str
    headings: list[str]
    figures: list[str]

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> _Cell:
        if cell["cell_type"] != "code":
            return cls("", HEADING.findall(cell["source"]), [])
        named = [output.get("metadata", {}).get(KIND, {}) for output in cell.get("outputs", ())]
        figures = [one["name"] for one in named if one.get("kind") == "figure"]
        return cls(cell["source"], [], figures)


def _mention(cells: list[_Cell], key: str) -> int | None:
    for pattern in MENTIONS:
        wanted = re.compile(pattern.format(key=re.escape(key)))
        for position, cell in enumerate(cells):
            if wanted.search(cell.code):
                return position
    return None


def _place(page: str, cells: list[_Cell], position: int) -> Place:
    """Back to the section's heading; the last figure on the way is the claim's."""
    figure = None
    for cell in reversed(cells[: position + 1]):
        if figure is None and cell.figures:
            figure = cell.figures[-1]
        if cell.headings:
            section = _plain(cell.headings[-1])
            anchor = f"figure-{figure}" if figure else section_id(section)
            return Place(page, anchor, section, figure or "")
    return Place(page, f"figure-{figure}" if figure else "", page, figure or "")


def _plain(heading: str) -> str:
    """A heading without Markdown's marks."""
    return re.sub(r"[*`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)


def section_id(title: str) -> str:
    """The id that docutils gives a section: ASCII letters and digits, all else as one hyphen."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))
