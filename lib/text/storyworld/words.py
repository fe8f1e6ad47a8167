"""Word classes: tables of inflected forms with Zipf-like weights."""

from __future__ import annotations

from bisect import bisect
from functools import cache
from typing import NamedTuple, no_type_check

from lib.text.storyworld import english
from lib.text.storyworld.data import lexicon, table
from lib.text.storyworld.engine import Node, cumulative

NOUN, VERB, ADJECTIVE, PLAIN, PLACE = range(5)
KINDS = {"noun": NOUN, "verb": VERB, "adjective": ADJECTIVE, "word": PLAIN, "place": PLACE}
FORMS = {
    NOUN: {"": 0, "s": 1},
    VERB: {"": 0, "z": 1, "d": 2, "g": 3, "n": 4},
    ADJECTIVE: {"": 0, "r": 1, "t": 2, "ly": 3},
    PLAIN: {"": 0},
    PLACE: {"": 0, "s": 1, "at": 2, "to": 3, "the": 4},
}
# weight of rank r is 1 / (r + offset) ** steepness
STEEPNESS = 1.5
OFFSET = 1.0
# What the words of the long tail together weigh, beside 1 for the rest of their class.
RARE_SHARE = 0.05
# How often a story comes back to a word of the class that it has used before.
REUSE = 0.3
SPECIAL = {
    "say": (2.2, 0.0),
    "ask": (2.6, 0.0),
    "cry": (1.5, 0.0),
    "saysoft": (1.0, 1.0),
    "girl": (1.5, 0.4),
    "boy": (1.5, 0.4),
    "go": (1.1, 1.0),
    "pet": (1.0, 1.0),
    "number": (1.2, 1.0),
    "very": (1.2, 0.0),
    "react": (1.0, 1.0),
    "skill": (0.4, 2.0),
    "chore": (0.4, 2.0),
    "job": (0.7, 2.0),
    "like": (1.3, 1.0),
    "see": (1.4, 0.5),
    "give": (1.2, 0.5),
    "make": (0.9, 0.5),
    "soonword": (0.9, 1.0),
    "interj": (0.9, 1.0),
}


class WordClass(NamedTuple):
    """Words with their forms and cumulative weights."""

    kind: int
    rows: tuple[tuple[str, ...], ...]
    """One tuple of forms a word, in the order of FORMS[kind]."""
    table: list[float]

    def draw(self, random: float) -> tuple[str, ...]:
        """The row at a random number in [0, 1)."""
        return self.rows[bisect(self.table, random)]


def _words(text: str) -> list[str]:
    return [word.replace("_", " ") for word in dict.fromkeys(text.split())]


def _forms(kind: int, word: str) -> tuple[str, ...]:
    if kind == NOUN:
        return word, english.plural(word)
    if kind == VERB:
        return (
            word,
            english.third(word),
            english.past(word),
            english.gerund(word),
            english.participle(word),
        )
    if kind == ADJECTIVE:
        return word, *english.comparison(word), english.adverb(word)
    if kind == PLACE:
        preposition, _, place = word.partition(":")
        toward = {"in": "into", "at": "to", "on": "onto", "by": "to"}.get(preposition, preposition)
        if preposition in ("in", "on"):
            toward = "to"
        if place == "school":
            return place, "schools", "at school", "to school", "the school"
        the = "the " + place
        return place, english.plural(place), f"{preposition} {the}", f"{toward} {the}", the
    return (word,)


def _make(name: str, kind: int, text: str) -> WordClass:
    words = _words(text)
    steepness, offset = SPECIAL.get(name, (STEEPNESS, OFFSET))
    weights = [1.0 / (rank + 1 + offset) ** steepness for rank in range(len(words))]
    rare = [word for word in _words(lexicon().get((name, "rare"), "")) if word not in set(words)]
    if rare:
        weights += [sum(weights) * RARE_SHARE / len(rare)] * len(rare)
        words += rare
    return WordClass(kind, tuple(_forms(kind, word) for word in words), cumulative(weights))


@cache
def classes() -> dict[str, WordClass]:
    """Every word class of the lexicon by name."""
    return {
        name: _make(name, KINDS[kind], text)
        for (name, kind), text in lexicon().items()
        if kind != "rare"
    }


@no_type_check
def word_node(word_class: WordClass, form: str) -> Node:
    """A closure that draws one word of the class in the form, not the last one again."""
    column = FORMS[word_class.kind][form]
    table = word_class.table
    words = tuple(row[column] for row in word_class.rows)
    key = id(word_class)

    def run(st):
        seen = st.seen.get(key)
        if seen is None:
            index = bisect(table, st.rnd())
            st.seen[key] = [index]
            return words[index]
        draw = st.rnd()
        if draw < REUSE and len(seen) > 1:
            # Any earlier word of the class but the last one, which now becomes the last.
            index = seen.pop(int(draw / REUSE * (len(seen) - 1)))
        else:
            index = bisect(table, st.rnd())
            while index == seen[-1]:
                index = bisect(table, st.rnd())
        seen.append(index)
        return words[index]

    return run


@no_type_check
def invented_node(rows: dict[str, tuple[str, ...]], *, proper: bool) -> Node:
    """A closure that draws a row, then one of its words, each with equal probability."""
    table = [[w.capitalize() if proper else w for w in row] for row in rows.values()]
    count = len(table)

    def run(st):
        row = table[int(st.rnd() * count)]
        return row[int(st.rnd() * len(row))]

    return run


_KINDS = {
    "count": ("hy_count", "hy_time", "hy_made"),
    "digit": ("hy_digit", "hy_digit_thing", "hy_digit_time"),
    "adverb": ("hy_adverb",),
    "prefix": ("hy_prefix", "hy_prefix_person"),
    "noun": ("hy_noun",),
    "adjective": ("hy_adjective_person", "hy_adjective_animal"),
}

HYPHENATED: dict[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(word for name in names for word in lexicon()[name, "word"].split()))
    for kind, names in _KINDS.items()
}
"""Kind of compound to its words: count-unit ("three-legged"), digit ("5-year-old"), adverb
("well-known"), prefix ("re-painted"), noun ("merry-go-round"), adjective ("red-haired").

Not every hyphenated word of the corpus is listed here; those that are belong to one kind only.
"""


def _invented(section: str) -> dict[str, tuple[str, ...]]:
    rows: dict[str, tuple[str, ...]] = {}
    for word in table("invented_words")[section].split():
        prefix = word.partition(".")[0]
        rows[prefix] = (*rows.get(prefix, ()), word.replace(".", ""))
    return rows


UNGUESSABLE_CREATURES = _invented("creatures")
UNGUESSABLE_PLACES = _invented("places")

UNGUESSABLE_WORDS: dict[str, tuple[str, ...]] = UNGUESSABLE_CREATURES | UNGUESSABLE_PLACES
"""Prefix to its eight invented words, lower-cased: a floor for claims about word endings.

Each mention is an independent uniform draw, so after the prefix a model can know no more than that
the eight are equally likely; once the next letter is known the rest is certain.
"""
