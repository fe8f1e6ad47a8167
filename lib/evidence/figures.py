"""Pictures that leave a chapter: `figure` publishes one with its alternative text and caption."""

from __future__ import annotations

import base64
import html
import sys
from typing import Any

import numpy as np

from lib.core.errors import UserError
from lib.evidence import run_context
from lib.evidence.prose import fill
from lib.evidence.records import NAME
from lib.evidence.svg import INK, PAPER, inline_svg, png

__all__ = ["INK", "PAPER", "figure", "text_figure"]

NOTHING = "There is nothing to draw here: at these sizes none of what the figure shows was found."


def figure(name: str, fig: Any, alt: str, caption: str) -> None:
    """Shows a matplotlib figure that reads in light and dark, and stores it under `name`.

    A figure without anything in it is not shown: one sentence says so.

    Draw text, axes and neutral lines in `INK` (or leave them black) and covered ground in `PAPER`
    (or white): the page puts its own colours there.

    Args:
        name: lower-case letters, digits and underscores; used once in a chapter.
        fig: a matplotlib figure; closed afterwards.
        alt: what the picture shows, for those who do not see it.
        caption: one or two sentences; recorded values as in `say`, e.g. "{words_found:.0f} words".

    Raises:
        UserError: no alt text or caption, a name used twice or ill-formed.
    """
    alt = _filled(name, "alt", alt)
    caption = _filled(name, "caption", caption)
    _claim(name, caption)
    if not shows_anything(fig):
        _close(fig)
        _emit_text(name, f"<p>{html.escape(NOTHING)}</p>", NOTHING)
        return
    picture = inline_svg(fig, name, alt)
    fallback = base64.b64encode(png(fig)).decode("ascii")
    _close(fig)
    run_context.emit(
        {
            "text/html": _page(name, picture, caption),
            "image/png": fallback,
            "text/plain": f"{caption} [{alt}]",
        },
        {
            run_context.KIND: {"kind": "figure", "name": name, "alt": alt, "caption": caption},
            "image/png": {"alt": alt},
        },
    )


def text_figure(name: str, content: str, caption: str) -> None:
    """Shows a picture that is text, such as `coloured_text` makes, and stores it under `name`.

    It needs no alternative text: it can be read.

    Args:
        name, caption: as in `figure`.
        content: HTML in which everything that comes from a corpus is escaped.

    Raises:
        UserError: no caption, a name used twice or ill-formed.
    """
    caption = _filled(name, "caption", caption)
    _claim(name, caption)
    _emit_text(name, content, caption)


def shows_anything(fig: Any) -> bool:
    """Whether some panel has a point, a line, a bar, a cell or words; what runs across a whole
    panel (a grid, a limit) does not count."""
    return any(map(_has_data, fig.axes))


def _has_data(panel: Any) -> bool:
    from matplotlib.collections import PathCollection

    drawn = [one.get_xydata() for one in panel.lines if one.get_transform() is panel.transData]
    for bar in panel.patches:
        box = bar.get_path().transformed(bar.get_patch_transform()).get_extents()
        if bar.get_data_transform() is panel.transData and box.width and box.height:
            drawn.append(box.get_points())
    for one in panel.collections:
        if one.get_array() is None:
            points = isinstance(one, PathCollection)
            paths = [path.vertices for path in one.get_paths()]
            drawn += [one.get_offsets()] if points else paths
    cells = [one.get_array() for one in (*panel.collections, *panel.images)]
    drawn += [np.ravel(one)[:, None] for one in cells if one is not None]
    words = not panel.collections and not panel.images and (panel.texts or panel.tables)
    return bool(words) or any(
        np.isfinite(np.ma.filled(np.ma.asarray(one, dtype=float), np.nan)).all(axis=1).any()
        for one in drawn
    )


def _emit_text(name: str, content: str, caption: str) -> None:
    run_context.emit(
        {"text/html": _page(name, content, caption), "text/plain": caption},
        {run_context.KIND: {"kind": "figure", "name": name, "alt": caption, "caption": caption}},
    )


def _filled(name: str, what: str, text: Any) -> str:
    """The text with recorded values, on one line."""
    if not isinstance(text, str) or not text.strip():
        raise UserError(
            f"Figure {name!r} has no {what}: give {what}= a sentence about what it shows."
        )
    return " ".join(fill(text).split())


def _claim(name: str, caption: str) -> None:
    if not NAME.match(name):
        raise UserError(
            "The name of a figure is made of lower-case letters, digits and underscores and begins "
            f"with a letter; got {name!r}."
        )
    run_context.claim_name("figure", name)
    run_context.current().figures[name] = caption


def _page(name: str, content: str, caption: str) -> str:
    return (
        f'<figure class="ld-figure" role="figure" id="figure-{html.escape(name)}">{content}'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _close(fig: Any) -> None:
    """Keeps the notebook from showing the figure a second time."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
