"""Word classes: tables of inflected forms with Zipf-like weights."""

from __future__ import annotations

from bisect import bisect
from functools import cache
from typing import NamedTuple, no_type_check

from lib.text.storyworld import english
from lib.text.storyworld import lexicon_adjectives as adjectives
from lib.text.storyworld import lexicon_hyphens as hyphens
from lib.text.storyworld import lexicon_names as names
from lib.text.storyworld import lexicon_nouns as nouns
from lib.text.storyworld import lexicon_verbs as verbs
from lib.text.storyworld.engine import Node, cumulative
from lib.text.storyworld.lexicon_rare import RARE_THINGS
from lib.text.storyworld.lexicon_rare_more import RARE_MORE

NOUN, VERB, ADJECTIVE, PLAIN, PLACE = range(5)
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
RARE = RARE_THINGS | RARE_MORE
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
    rare = [word for word in _words(RARE.get(name, "")) if word not in set(words)]
    if rare:
        weights += [sum(weights) * RARE_SHARE / len(rare)] * len(rare)
        words += rare
    return WordClass(kind, tuple(_forms(kind, word) for word in words), cumulative(weights))


@cache
def classes() -> dict[str, WordClass]:
    """Every word class of the lexicon by name."""
    table = {}
    for kind, group in (
        (NOUN, nouns.COUNTABLE),
        (PLAIN, nouns.MASS),
        (PLAIN, nouns.PLURAL_ONLY),
        (VERB, verbs.VERBS),
        (ADJECTIVE, adjectives.ADJECTIVES),
        (PLAIN, adjectives.PLAIN),
        (PLAIN, hyphens.HYPHENS),
    ):
        for name, text in group.items():
            if name in table:
                raise ValueError(f"two word classes are called {name}")
            table[name] = _make(name, kind, text)
    for name, kind, text in (
        ("fear", PLAIN, nouns.FEARS),
        ("built", NOUN, nouns.BUILT),
        ("place", PLACE, nouns.PLACES),
        ("room", PLACE, nouns.ROOMS),
        ("hiding", PLACE, nouns.HIDING),
        ("girl", PLAIN, names.GIRLS),
        ("boy", PLAIN, names.BOYS),
        ("pet", PLAIN, names.ANIMALS),
        ("surname", PLAIN, names.SURNAMES),
        ("townname", PLAIN, names.TOWNS),
    ):
        table[name] = _make(name, kind, text)
    return table


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
