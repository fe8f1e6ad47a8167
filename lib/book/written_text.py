"""What a model wrote, under one condition and another: HTML that needs no script."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Integer, UInt8

from lib.analysis.words import WORD
from lib.book.coloured_text import FEATURE_RGB

MARK = f"background: rgba({FEATURE_RGB}, 0.37); text-decoration: underline"
STYLE = """<style>
.ld-written th, .ld-written td { text-align: left; vertical-align: top; padding-right: 0.8rem; }
.ld-written tr { background: transparent !important; }
</style>"""
BEGINNING = 16
"""Letters of a prompt that are shown."""


class Written(NamedTuple):
    """Texts under one condition."""

    share: float
    """Of all continuations, those that hold the word."""
    texts: UInt8[np.ndarray, "n S"]
    """The continuations that are shown."""


def written_table(
    prompts: Integer[np.ndarray, "n T"], rows: Mapping[str, Written], word: str
) -> str:
    """A row for each condition: how often a word came, and how the same prompts went on.

    The word is marked where it stands whole, in whatever capitals, as
    `lib.analysis.steering.writes_word` counts it. Everything that was written is escaped.

    Args:
        prompts: bytes, as are the texts; only their ends are shown.
        rows: name of a condition -> what was written under it, one text for each prompt.
    """
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{one.share:.1%}</td><td>'
        + "<br>".join(
            f"<small>… {_plain(prompt[-BEGINNING:])}</small>{_marked(text, word)} …"
            for prompt, text in zip(prompts, one.texts, strict=True)
        )
        + "</td></tr>"
        for name, one in rows.items()
    )
    return (
        f'{STYLE}<table class="ld-written"><thead><tr>'
        f'<th scope="col">turned up</th><th scope="col">with “{html.escape(word)}”</th>'
        f'<th scope="col">what is written</th></tr></thead><tbody>{body}</tbody></table>'
    )


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
