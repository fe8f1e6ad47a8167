"""Built pages are looked at before they are shown: whole, linked, light, and asking for nothing."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lib.core.errors import UserError

BROKEN = ("Traceback (most recent call last)", "papermill-error")
LARGEST_PAGE, LARGEST_OF_ONES_OWN = 1_000_000, 5_000_000
"""Bytes of one page with what is written into it: of recorded runs, and of a reader's own, who may
choose other sizes and should get pages all the same."""
LARGEST_BOOK = 80_000_000
"""Bytes of everything; the explorer's pages, one for each kept dictionary, are half of it."""
MATHJAX = "_static/mathjax"
NEEDED = (
    "tex-chtml.js",
    "output/chtml/fonts/*",
    "input/tex/extensions/*",
    # The reader's own menu offers formulas in words; those of the book's language.
    "a11y/*",
    "sre/mathmaps/base.json",
    "sre/mathmaps/en.json",
    "sre/mathmaps/nemeth.json",
)
"""What pages load of MathJax; the package brings ten times as much."""
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
# Words for machines about a page, which no browser loads.
NOT_LOADED = {"canonical", "author", "search", "index", "next", "prev", "license"}


def trim(html: Path) -> None:
    """Removes what no page loads: other bundles of MathJax, maps for debugging."""
    for file in (html / MATHJAX).rglob("*"):
        name = file.relative_to(html / MATHJAX).as_posix()
        if file.is_file() and not any(fnmatch.fnmatch(name, pattern) for pattern in NEEDED):
            file.unlink()
    for file in (html / "_static").rglob("*.map"):
        file.unlink()


def check(html: Path, titles: Mapping[str, str], own: bool = False) -> None:
    """Makes sure that every page was made, and that a reader can use it.

    Args:
        html: the folder of built pages.
        titles: page without ending -> its title.
        own: whether pages are those of a reader's own runs, and may be larger.

    Raises:
        UserError: names the page and what is wrong with it.
    """
    check_pages(html, titles)
    pages = {file: _read(file) for file in _own_pages(html)}
    for file, page in pages.items():
        name = file.relative_to(html)
        if faults := [*page.faults(), *_dead_links(file, page, pages)]:
            raise UserError(f"{name}: {'; '.join(faults[:5])}.")
    check_sizes(html, LARGEST_OF_ONES_OWN if own else LARGEST_PAGE)


def check_pages(html: Path, titles: Mapping[str, str]) -> None:
    """Makes sure that each page was made, is the page it should be and shows no traceback.

    Jupyter Book can end well without having made a page, so its word is not taken for it.

    Raises:
        UserError: names the page and what is wrong with it.
    """
    for file, title in titles.items():
        page = html / f"{file}.html"
        if not page.is_file():
            raise UserError(f"The build ended well but made no {file}.html; please look at {html}.")
        text = page.read_text(encoding="utf-8")
        heading = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
        shown = _text(heading[1]) if heading else ""
        if _text(title) not in shown:
            raise UserError(f"{file}.html should be headed {title!r}, but is headed {shown!r}.")
        for broken in BROKEN:
            if broken in text:
                raise UserError(f"{file}.html shows {broken!r}: a run that failed was published.")
    if not (html / "index.html").is_file():
        raise UserError(f"The build made no index.html in {html}.")


def check_sizes(html: Path, largest_page: int) -> None:
    """Makes sure that pages, and all of them together, stay small.

    Raises:
        UserError: a page or the book is too large.
    """
    sizes = {file: file.stat().st_size for file in html.rglob("*") if file.is_file()}
    for file, size in sizes.items():
        if file.suffix == ".html" and size > largest_page:
            raise UserError(
                f"{file.relative_to(html)} has {size / 1e6:.1f} MB; a page may have "
                f"{largest_page / 1e6:.0f}: draw figures with fewer points, show less."
            )
    if (total := sum(sizes.values())) > LARGEST_BOOK:
        largest = max(sizes, key=lambda file: sizes[file]).relative_to(html)
        raise UserError(
            f"The pages have {total / 1e6:.0f} MB in all; {LARGEST_BOOK / 1e6:.0f} are allowed. "
            f"The largest file is {largest}."
        )


def _own_pages(html: Path) -> Iterator[Path]:
    for file in sorted(html.rglob("*.html")):
        if "_static" not in file.relative_to(html).parts:
            yield file


class _Page(HTMLParser):
    """Links, ids, headings and pictures of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.headings: list[int] = []
        self.unnamed: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        address = given.get(LOADING.get(tag, ""), "")
        if address and given.get("rel", "") not in NOT_LOADED:
            self.loaded.append(address)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        named = given.get("alt") or given.get("aria-label") or given.get("aria-hidden") == "true"
        if (tag == "img" or (tag == "svg" and given.get("role") == "img")) and not named:
            self.unnamed.append(given.get("src", tag))

    def faults(self) -> Iterator[str]:
        """What is wrong with the page by itself."""
        for address in self.loaded:
            if "//" in address and not address.startswith("data:"):
                yield f"it loads {address} from outside"
        for picture in self.unnamed:
            yield f"the picture {picture[:60]} has no words for those who do not see it"
        if self.headings and self.headings[0] != 1:
            yield f"its first heading is of level {self.headings[0]}"
        if any(b - a > 1 for a, b in pairwise(self.headings)):
            yield f"its headings skip a level: {self.headings}"


def _read(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def _dead_links(file: Path, page: _Page, pages: Mapping[Path, _Page]) -> Iterator[str]:
    for link in dict.fromkeys(page.links):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
        target = target / "index.html" if target.is_dir() else target
        there = pages.get(target)
        if not target.exists():
            yield f"the link {link} leads nowhere"
        elif there and parts.fragment and unquote(parts.fragment) not in there.ids:
            yield f"the link {link} leads to a page without such a place"


def _text(fragment: str) -> str:
    """The words of a piece of HTML or Markdown, for comparison."""
    plain = unescape(re.sub(r"<[^>]+>", "", fragment))
    return " ".join(re.findall(r"\w+", plain))
