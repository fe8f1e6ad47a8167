"""Stories written by a seeded grammar: a bundled corpus whose truth is known.

The same seed gives the same text on every platform and Python version: the only source of chance is
``random.Random(integer).random()``. A document depends on the seed and its own number alone, so a
longer corpus begins with the documents of a shorter one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lib.text.storyworld.grammar import Story, tell
from lib.text.storyworld.lexicon_hyphens import HYPHENATED
from lib.text.storyworld.lexicon_names import UNGUESSABLE_WORDS
from lib.text.storyworld.story import Character, document_random

__all__ = [
    "HYPHENATED",
    "UNGUESSABLE_WORDS",
    "Character",
    "Story",
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
