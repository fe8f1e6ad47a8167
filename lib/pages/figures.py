"""Figures of a run as a page shows them: text as text, short numbers, panels that stack on a phone.

matplotlib draws letters as outlines, since only it knows its font. A page gets them back as text,
each line as long as it was drawn, so that it can be searched, selected, and weighs a tenth.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

SVG = re.compile(r'<svg role="img".*?</svg>', re.DOTALL)
GLYPH = re.compile(r"(?:[\w.-]*-)?(DejaVuSans(?:-Bold|-Oblique|-BoldOblique)?)-([0-9a-f]+)\Z")
FONT = "DejaVu Sans, Verdana, sans-serif"
SCALE = re.compile(r"\s*scale\(([\d.]+) -\1\)\Z")
PLACE = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)(?: rotate\(([-\d.]+)\))?\Z")
STEP = re.compile(r"translate\(([\d.]+) 0\)")
NUMBER = re.compile(r"-?\d+\.\d+")
DECIMALS = 2
UNITS = 100
"""Outlines are drawn at this size of letters and scaled."""
NARROWEST = 320.0
"""Figures above this width in points have panels that may stack."""
THIN = 0.12
"""An axis below this share of the width is a colour bar and no panel."""
LABELLED = 6.0
"""So far beyond its left edge, in points, reach the labels of a panel that has its own."""
BOX = re.compile(r"M ([-\d.]+) ([-\d.]+)\s+L ([-\d.]+) ")


class _Span(NamedTuple):
    """From where to where something reaches from left to right."""

    left: float
    right: float

    def with_(self, other: _Span) -> _Span:
        """As far as both reach."""
        return _Span(min(self.left, other.left), max(self.right, other.right))


def lighter(content: str) -> str:
    """A figure's HTML with each drawing made lighter, and a stack of its panels beside it."""
    return SVG.sub(lambda found: _redraw(found[0]), content)


def _redraw(drawing: str) -> str:
    root = ElementTree.fromstring(drawing)
    texts = _write(root)
    columns = _columns(root, texts)
    _shorten(root)
    whole = ElementTree.tostring(root, encoding="unicode")
    if len(columns) < 2:
        return whole
    figure = next(child.get("id") for child in root if child.get("id"))
    height = float(root.get("viewBox").split()[3])
    panels = "".join(
        f'<svg aria-hidden="true" viewBox="{column.left:.1f} 0 {column.right - column.left:.1f} '
        f'{height:.1f}" fill="currentColor"><use href="#{figure}" /></svg>'
        for column in columns
    )
    wide = whole.replace("<svg ", '<svg class="ld-wide" ', 1)
    return f'{wide}<div class="ld-panels">{panels}</div>'


def _write(root: Any) -> list[tuple[Any, _Span]]:
    """Turns outlines of letters into text; returns each with where it reaches."""
    spans, defined = [], []
    for group in [one for one in root.iter("g") if SCALE.search(one.get("transform", ""))]:
        uses = [child for child in group if child.tag == "use"]
        found = [GLYPH.search(use.get("href", "")) for use in uses]
        places = [STEP.fullmatch(use.get("transform", "translate(0 0)")) for use in uses]
        if not uses or not all(found) or not all(places):
            continue  # a formula, or another font: it stays as it was drawn
        face = found[0][1]
        letters = [_letters(face).get(int(one[2], 16)) for one in found]
        if None in letters or any(one[1] != face for one in found):
            continue
        transform = group.get("transform")
        size = float(SCALE.search(transform)[1]) * UNITS
        length = (float(places[-1][1]) + _advance(face, letters[-1])) * size / UNITS
        defined += [one for child in group if child.tag == "defs" for one in child]
        group.tag, group.text = "text", "".join(letters)
        for child in list(group):
            group.remove(child)
        group.set("transform", SCALE.sub("", transform))
        group.set("font-size", f"{size:g}")
        if len(letters) > 1:
            group.set("textLength", f"{length:.1f}")
            group.set("lengthAdjust", "spacingAndGlyphs")
        if "Bold" in face:
            group.set("font-weight", "700")
        if "Oblique" in face:
            group.set("font-style", "italic")
        spans.append((group, _span(group.get("transform"), size, length)))
    # Formulas may use outlines that a text had defined.
    ElementTree.SubElement(root, "defs").extend(defined)
    root.set("font-family", FONT)
    return spans


def _span(transform: str, size: float, length: float) -> _Span:
    place = PLACE.match(transform.strip())
    if not place:
        return _Span(-1e9, 1e9)
    x, turned = float(place[1]), float(place[3] or 0)
    if abs(turned) == 90:
        return _Span(x - size, x + size / 4)
    return _Span(x, x + length) if not turned else _Span(x - length, x + length)


@cache
def _font(face: str) -> Any:
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    # By its path: matplotlib's font manager would write a list of all fonts into the home folder.
    return FT2Font(f"{get_data_path()}/fonts/ttf/{face}.ttf")


@cache
def _letters(face: str) -> dict[int, str]:
    """Glyph -> letter; of several letters with one glyph, the plainest."""
    pairs = sorted(_font(face).get_charmap().items(), reverse=True)
    return {int(glyph): chr(code) for code, glyph in pairs}


def _advance(face: str, letter: str) -> float:
    """How far the next letter is, at the size of outlines."""
    font = _font(face)
    font.set_size(UNITS, 72)
    return font.load_char(ord(letter)).linearHoriAdvance / 65536


def _columns(root: Any, texts: list[tuple[Any, _Span]]) -> list[_Span]:
    """Where to cut the figure between panels that stand side by side; one span if nowhere."""
    width = float(root.get("viewBox").split()[2])
    whole = [_Span(0.0, width)]
    if width < NARROWEST:
        return whole
    found: list[tuple[_Span, _Span]] = []  # (the axes alone, with their texts)
    loose = {id(text): span for text, span in texts}
    for group in root.iter("g"):
        if re.search(r"-axes_\d+\Z", group.get("id", "")):
            path = next(group.iter("path"), None)
            box = None if path is None else BOX.match(path.get("d", ""))
            if box:
                axes = reach = _Span(float(box[1]), float(box[3]))
                for text in group.iter("text"):
                    reach = reach.with_(loose.pop(id(text), axes))
                found.append((axes, reach))
    panels: list[tuple[_Span, _Span]] = []
    for axes, reach in sorted(found):
        beside = not panels or axes.left >= panels[-1][0].right
        if beside and axes.right - axes.left >= THIN * width:
            panels.append((axes, reach))
        elif panels:
            panels[-1] = (panels[-1][0].with_(axes), panels[-1][1].with_(reach))
    if not all(reach.left < axes.left - LABELLED for axes, reach in panels):
        return whole  # a panel that shares its neighbour's scale cannot stand alone
    cuts = [0.0]
    for (_, left), (_, right) in pairwise(panels):
        cut = (left.right + right.left) / 2
        if left.right > right.left or any(s.left < cut < s.right for s in loose.values()):
            return whole
        cuts.append(cut)
    return [_Span(*ends) for ends in pairwise([*cuts, width])]


def _shorten(root: Any) -> None:
    """Fewer digits, no invisible ground, no name that nothing uses, one style for many points."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', ElementTree.tostring(root, "unicode")))
    keep = next((child for child in root if child.get("id")), None)
    for parent in list(root.iter()):
        for child in list(parent):
            invisible = "opacity: 0;" in child.get("style", "") + ";" and child.tag == "path"
            unused = child.tag == "path" and GLYPH.search(child.get("id", "")) is not None
            unused = unused and child.get("id") not in used
            if invisible or unused or (child.tag == "defs" and not len(child)):
                parent.remove(child)
        _one_style(parent)
    for element in root.iter():
        if element.get("id") not in used and element is not keep:
            element.attrib.pop("id", None)
        for key in ("d", "x", "y", "transform"):
            if (value := element.get(key)) and "scale" not in value and "matrix" not in value:
                element.set(key, NUMBER.sub(_rounded, re.sub(r"\s{2,}", " ", value).strip()))
        if element.tag != "text" and not (element.text or "").strip():
            element.text = None
        element.tail = None


def _one_style(group: Any) -> None:
    """The style that most points of a group share moves to the group."""
    styles = Counter(child.get("style") for child in group if child.tag == "use")
    if not styles or group.get("style") or len(styles) > 1 or len(group) != styles.total():
        return
    (style,) = styles
    if style and not re.search(r"(?<![\w-])opacity", style):
        group.set("style", style)
        for child in group:
            child.attrib.pop("style")


def _rounded(number: re.Match) -> str:
    return f"{float(number[0]):.{DECIMALS}f}".rstrip("0").rstrip(".")
