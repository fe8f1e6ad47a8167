"""Table of samples: what a model wrote under each condition, as HTML that needs no script."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Integer, UInt8

from lib.analysis.tokens import WORD
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

    share: float
    """Of all continuations, those that hold the word."""
    texts: UInt8[np.ndarray, "n S"]
    """The continuations that are shown."""


def written_texts(
    prompts: Integer[np.ndarray, "n T"], rows: Mapping[str, Written], word: str
) -> str:
    """For each condition, how often a word came, and how the same prompts went on.

    The word is marked where it stands whole, in whatever capitals, as
    `lib.analysis.steering.writes_word` counts it. Everything that was written is escaped.

    Args:
        prompts: bytes, as are the texts; only their ends are shown.
        rows: name of a condition -> what was written under it, one text for each prompt.
    """
    parts = []
    for name, one in rows.items():
        share = f"{one.share:.1%} with “{html.escape(word)}”"
        parts.append(f"<dt>{html.escape(name)}<small>{share}</small></dt>")
        parts += [
            f"<dd><small>…&nbsp;{_plain(prompt[-BEGINNING:])}</small>"
            f"{_marked(text, word)}&nbsp;…</dd>"
            for prompt, text in zip(prompts, one.texts, strict=True)
        ]
    return f'{STYLE}<dl class="ld-written">{"".join(parts)}</dl>'


def _marked(text: UInt8[np.ndarray, " S"], word: str) -> str:
    raw, parts, done = text.tobytes(), [], 0
    for found in WORD.finditer(raw):
        if found[0].decode("ascii").lower() == word and found.end() < len(raw):
            parts += [
                _plain(raw[done : found.start()]),
                f'<span style="{MARK}">{_plain(found[0])}</span>',
            ]
            done = found.end()
    return "".join([*parts, _plain(raw[done:])])


def _plain(text: bytes | Integer[np.ndarray, " n"]) -> str:
    """Escaped, in one line; a character that is cut in two is shown as such."""
    raw = text if isinstance(text, bytes) else np.asarray(text).astype(np.uint8).tobytes()
    return html.escape(raw.decode("utf-8", "replace")).replace("\n", " ⏎ ")
