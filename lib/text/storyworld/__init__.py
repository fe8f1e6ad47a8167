"""Stories written by a seeded grammar: a bundled corpus whose truth is known.

The same seed gives the same text on every platform and Python version: the only source of chance is
``random.Random(integer).random()``. A document depends on the seed and its own number alone, so a
longer corpus begins with the documents of a shorter one.

The words, rules and plots are text files in lexicon/, grammar/ and plots/, so a new word needs no
Python; `data` says how they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from lib.core.fingerprints import digest, normalise
from lib.text.storyworld.data import FOLDER, counted_text
from lib.text.storyworld.grammar import Story, tell
from lib.text.storyworld.story import Character, document_random
from lib.text.storyworld.words import HYPHENATED, UNGUESSABLE_WORDS

__all__ = [
    "HYPHENATED",
    "UNGUESSABLE_WORDS",
    "Character",
    "Story",
    "fingerprint",
    "generate",
    "generate_documents",
    "generate_stories",
]


def generate_stories(seed: int) -> Iterator[Story]:
    """Endless stories with their plot, cast and belongings."""
    for index in count():
        yield tell(document_random(seed, index).random)


def generate_documents(seed: int) -> Iterator[str]:
    """Endless documents of 400 to 1500 ASCII characters, about 850 on average."""
    for story in generate_stories(seed):
        yield story.text


def generate(seed: int, characters: int) -> list[str]:
    """The first documents of a seed that together hold at least ``characters`` characters."""
    documents = []
    total = 0
    for document in generate_documents(seed):
        if total >= characters:
            break
        documents.append(document)
        total += len(document)
    return documents


def fingerprint(folder: Path = FOLDER) -> str:
    """Names the text that every seed gives: a digest of the generator's code and of its data.

    Comments, docstrings and layout do not count; one changed word does.
    """
    code = {
        path.relative_to(folder).as_posix(): normalise(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }
    return digest(code, counted_text(folder))
