"""A matplotlib figure as a piece of HTML that belongs to its page.

An SVG inside a page shares the page's ids and styles, so ids get the figure's name in front and the
style sheet that matplotlib writes (it would restyle the whole page) becomes attributes.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

INK = "#0a0b0c"
"""Drawn in this colour (or pure black), text and lines take the colour of the page's own text."""
PAPER = "#fefdfc"
"""Drawn in this colour (or pure white), areas take the colour of the page's ground."""

INK_CSS = "currentColor"
PAPER_CSS = "var(--pst-color-background, Canvas)"
LARGEST_SVG = 400_000
LARGEST_PNG = 200_000
MANY_POINTS = 1_000

_XLINK = "{http://www.w3.org/1999/xlink}href"
_COLOURS = {INK: INK_CSS, "#000000": INK_CSS, PAPER: PAPER_CSS, "#ffffff": PAPER_CSS}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DPI = (160, 120, 90, 60)


def inline_svg(figure: Any, name: str, alt: str) -> str:
    """The figure as one `<svg role="img">` for a page; many points are drawn as an image."""
    text = _draw(figure, name)
    if len(text) > LARGEST_SVG:
        _rasterise(figure)
        text = _draw(figure, name)
    root = ElementTree.fromstring(text)
    box = root.get("viewBox", "0 0 1 1").split()
    root.attrib.clear()
    root.set("role", "img")
    root.set("aria-label", alt)
    root.set("viewBox", " ".join(box))
    # matplotlib counts points of 1/72 inch, a page counts 96 to the inch.
    root.set("width", f"{float(box[2]) * 96 / 72:.0f}")
    root.set("style", "max-width: 100%; height: auto")
    root.set("fill", INK_CSS)
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    _clean(root, name)
    return ElementTree.tostring(root, encoding="unicode")


def png(figure: Any) -> bytes:
    """The figure on white for readers without SVG; at most 200 kB."""
    from PIL import Image

    for dpi in _DPI:
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=dpi, facecolor="white")
        if buffer.tell() <= LARGEST_PNG:
            return buffer.getvalue()
    with Image.open(buffer) as image:
        while True:
            small = io.BytesIO()
            image.convert("RGB").quantize(64).save(small, "PNG", optimize=True)
            if small.tell() <= LARGEST_PNG:
                return small.getvalue()
            image = image.resize((image.width * 3 // 4, image.height * 3 // 4))


def _draw(figure: Any, name: str) -> str:
    import matplotlib

    buffer = io.StringIO()
    # A fixed salt makes the ids, and with them the whole file, the same in every run.
    with matplotlib.rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return buffer.getvalue()


def _rasterise(figure: Any) -> None:
    """Draws what has many points as an image inside the SVG."""
    from matplotlib.collections import Collection
    from matplotlib.lines import Line2D
    from matplotlib.patches import StepPatch

    for artist in figure.findobj(Collection):
        artist.set_rasterized(True)
    for line in figure.findobj(Line2D):
        if len(line.get_xdata()) > MANY_POINTS:
            line.set_rasterized(True)
    for patch in figure.findobj(StepPatch):
        patch.set_rasterized(len(patch.get_data().values) > MANY_POINTS)
    for panel in figure.axes:
        if len(panel.patches) > MANY_POINTS:
            for patch in panel.patches:
                patch.set_rasterized(True)


def _clean(root: ElementTree.Element, name: str) -> None:
    """No namespaces, no metadata, no style sheet; ids with `name-` in front; the page's colours."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in ("metadata", "style"):
                parent.remove(child)
    for element in root.iter():
        element.tag = _local(element.tag)
        if element.text and not element.text.strip():
            element.text = "\n"
        if element.tail and not element.tail.strip():
            element.tail = "\n"
        for key, value in list(element.attrib.items()):
            if key == "id":
                value = f"{name}-{value}"
            elif key == _XLINK:
                del element.attrib[key]
                key = "href"
                value = f"#{name}-{value[1:]}" if value.startswith("#") else value
            elif key in ("style", "fill", "stroke"):
                for colour, css in _COLOURS.items():
                    value = value.replace(colour, css)
            value = _REFERENCE.sub(rf"url(#{name}-\1)", value)
            element.set(key, value)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
