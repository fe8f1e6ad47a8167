"""Table of samples: what a model wrote under each condition, as HTML that needs no script."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Integer, UInt8

from lib.display.highlighted_text import FEATURE_RGB

MARK = f"background: rgba({FEATURE_RGB}, 0.37); text-decoration: underline"
STYLE = """<style>
.ld-written dt { font-weight: 600; margin-top: 0.5rem; }
.ld-written dt small { font-weight: 400; margin-left: 0.5rem; }
.ld-written dd { margin: 0 0 0 1rem; }
</style>"""
BEGINNING = 16
"""Letters of a prompt that are shown."""


class Written(NamedTuple):
    """Texts under one condition."""

    chance: float
    """The mean probability, over all prompts, that the word is the next one."""
    texts: UInt8[np.ndarray, "n S"]
    """The continuations that are shown."""


def written_texts(
    prompts: Integer[np.ndarray, "n T"], rows: Mapping[str, Written], word: str
) -> str:
    """For each condition, how likely a word is, and how some prompts went on.

    The word is marked where it stands whole, in whatever capitals, and the text goes on. Everything
    that was written is escaped.

    Args:
        prompts: bytes, as are the texts; only their ends are shown.
        rows: name of a condition -> what was written under it, one text for each prompt.
    """
    parts = []
    for name, one in rows.items():
        chance = f"“{html.escape(word)}” comes next with {one.chance:.1%}"
        parts.append(f"<dt>{html.escape(name)}<small>{chance}</small></dt>")
        parts += [
            f"<dd><small>…&nbsp;{_plain(_decoded(prompt[-BEGINNING:]))}</small>"
            f"{_marked(_decoded(text), word)}&nbsp;…</dd>"
            for prompt, text in zip(prompts, one.texts, strict=True)
        ]
    return f'{STYLE}<dl class="ld-written">{"".join(parts)}</dl>'


def _marked(text: str, word: str) -> str:
    whole = rf"(?ais)(?<![a-z])({re.escape(word)})(?![a-z])(?=.)"
    pieces = [_plain(piece) for piece in re.split(whole, text)]
    pieces[1::2] = [f'<span style="{MARK}">{found}</span>' for found in pieces[1::2]]
    return "".join(pieces)


def _decoded(text: Integer[np.ndarray, " n"]) -> str:
    return text.astype(np.uint8).tobytes().decode("utf-8", "replace")


def _plain(text: str) -> str:
    """Escaped, in one line; a character that is cut in two is shown as such."""
    return html.escape(text).replace("\n", " ⏎ ")
