"""Text coloured by a feature: HTML that needs no script and reads in light and dark."""

from __future__ import annotations

import codecs
import html
from itertools import groupby

import numpy as np

SHADES = 5
FEATURE_RGB = "47, 129, 196"


def shade_style(shade: int) -> str:
    """The CSS of a shade, from 1 to `SHADES`."""
    line = "; text-decoration: underline" if shade > SHADES / 2 else ""
    return f"background: rgba({FEATURE_RGB}, {shade / SHADES * 0.62:.2f}){line}"


def coloured_text(text: bytes, activation: np.ndarray) -> str:
    """An excerpt in which a feature's activation is the ground behind each character.

    Strong activation (above half of the strongest) is underlined as well, so that the picture
    does not depend on colour. Everything that comes from the text is escaped.

    Args:
        text: UTF-8, one byte for each position; characters that are cut at its ends are left out.
        activation: [len(text)], zero where the feature is silent.
    """
    strongest = float(activation.max(initial=0.0)) or 1.0
    shades = np.ceil(np.clip(activation / strongest, 0, 1) * SHADES).astype(int)
    cut = next((i for i, byte in enumerate(text) if byte & 0xC0 != 0x80), len(text))
    text, shades = text[cut:], shades[cut:]
    # A character of several bytes takes the shade of its last byte: there it is complete.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    shown = [
        (int(shade), character)
        for shade, byte in zip(shades, text, strict=True)
        for character in decoder.decode(bytes([byte]))
    ]
    parts = []
    for shade, run in groupby(shown, key=lambda pair: pair[0]):
        piece = html.escape("".join(character for _, character in run)).replace("\n", "<br>")
        if shade:
            piece = f'<span style="{shade_style(shade)}">{piece}</span>'
        parts.append(piece)
    return f'<p style="line-height: 1.9">{"".join(parts)}</p>'
