"""English inflection by rule, with the irregular forms that the lexicon needs."""

from __future__ import annotations

from functools import cache

from lib.text.storyworld.data import table

VOWELS = "aeiou"

_TABLES = table("irregular_forms")
DOUBLING = frozenset(_TABLES["doubling"].split())
TWO_SYLLABLES = frozenset(_TABLES["two_syllables"].split())


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _past() -> dict[str, str]:
    return _pairs(_TABLES["past"])


@cache
def _plurals() -> dict[str, str]:
    return _pairs(_TABLES["plural"])


@cache
def _compared() -> dict[str, tuple[str, str]]:
    words = _TABLES["comparison"].split()
    return {words[i]: (words[i + 1], words[i + 2]) for i in range(0, len(words), 3)}


def _ends_short(word: str) -> bool:
    """True when the last letter doubles before -ed and -ing: one syllable, one vowel, consonant."""
    if word in DOUBLING:
        return True
    if len(word) < 3 or word[-1] in VOWELS + "wxy" or word[-2] not in VOWELS:
        return False
    if word[-3] in VOWELS and not (word[-3] == "u" and word[-4:-3] == "q"):
        return False
    return sum(letter in VOWELS for letter in word.replace("qu", "q")) == 1


def _ends_in_consonant_y(word: str) -> bool:
    return word.endswith("y") and word[-2] not in VOWELS


def plural(noun: str) -> str:
    """The plural of a noun or noun phrase; of "bag of apples" it is "bags of apples"."""
    head, of, rest = noun.partition(" of ")
    if of:
        return plural(head) + of + rest
    before, space, last = noun.rpartition(" ")
    known = _plurals().get(last)
    if known is None:
        if last.endswith("fish"):
            known = last
        elif last.endswith(("s", "x", "z", "ch", "sh")):
            known = last + "es"
        elif _ends_in_consonant_y(last):
            known = last[:-1] + "ies"
        else:
            known = last + "s"
    return before + space + known


def third(verb: str) -> str:
    """Third person singular: walk -> walks, carry up -> carries up."""
    head, space, rest = verb.partition(" ")
    if head == "have":
        head = "has"
    elif head == "be":
        head = "is"
    elif head.endswith(("s", "x", "z", "ch", "sh")) or head in ("go", "do", "undo", "echo"):
        head += "es"
    elif _ends_in_consonant_y(head):
        head = head[:-1] + "ies"
    else:
        head += "s"
    return head + space + rest


def past(verb: str) -> str:
    """Simple past: walk -> walked, run off -> ran off, stop -> stopped."""
    head, space, rest = verb.partition(" ")
    known = _past().get(head)
    if known is None:
        if head.endswith("e"):
            known = head + "d"
        elif _ends_in_consonant_y(head):
            known = head[:-1] + "ied"
        elif _ends_short(head):
            known = head + head[-1] + "ed"
        else:
            known = head + "ed"
    return known + space + rest


@cache
def _participles() -> dict[str, str]:
    return _pairs(_TABLES["participle"])


def participle(verb: str) -> str:
    """Past participle: fall -> fallen, take apart -> taken apart, walk -> walked."""
    head, space, rest = verb.partition(" ")
    known = _participles().get(head)
    return past(verb) if known is None else known + space + rest


def gerund(verb: str) -> str:
    """Present participle: make -> making, sit down -> sitting down, lie -> lying."""
    head, space, rest = verb.partition(" ")
    if head in ("lie", "tie", "die", "untie"):
        known = head[:-2] + "ying"
    elif head == "be":
        known = "being"
    elif head.endswith("e") and not head.endswith(("ee", "oe", "ye")):
        known = head[:-1] + "ing"
    elif _ends_short(head):
        known = head + head[-1] + "ing"
    else:
        known = head + "ing"
    return known + space + rest


def comparison(adjective: str) -> tuple[str, str]:
    """Comparative and superlative: (bigger, biggest), (more careful, most careful)."""
    known = _compared().get(adjective)
    if known is not None:
        return known
    if adjective == "fun":
        return "more fun", "most fun"
    syllables = 0
    before = ""
    for letter in adjective:
        if letter in VOWELS + "y" and before not in tuple(VOWELS + "y"):
            syllables += 1
        before = letter
    if adjective.endswith("e") and not adjective.endswith("le") and syllables > 1:
        syllables -= 1
    short = syllables == 1 or adjective in TWO_SYLLABLES
    if "-" in adjective or adjective.endswith(("ed", "ing")):
        short = False
    if short or (syllables == 2 and _ends_in_consonant_y(adjective) and "-" not in adjective):
        if adjective.endswith("e"):
            stem = adjective[:-1]
        elif _ends_in_consonant_y(adjective):
            stem = adjective[:-1] + "i"
        elif _ends_short(adjective):
            stem = adjective + adjective[-1]
        else:
            stem = adjective
        return stem + "er", stem + "est"
    return "more " + adjective, "most " + adjective


def adverb(adjective: str) -> str:
    """Manner adverb: quick -> quickly, happy -> happily, gentle -> gently."""
    if adjective == "good":
        return "well"
    if adjective == "whole":
        return "wholly"
    if adjective.endswith("le") and adjective[-3] not in VOWELS:
        return adjective[:-1] + "y"
    if _ends_in_consonant_y(adjective):
        return (adjective if len(adjective) <= 3 else adjective[:-1] + "i") + "ly"
    if adjective.endswith("ic"):
        return adjective + "ally"
    if adjective.endswith("ll"):
        return adjective + "y"
    return adjective + "ly"


def takes_an(word: str) -> bool:
    """Whether the indefinite article before this word is "an"; by sound, not by spelling."""
    word = word.lower()
    if word.startswith(("hour", "honest", "honor", "heir", "x-ray")) or word[:2] in (
        "8",
        "8-",
        "11",
        "18",
        "80",
    ):
        return True
    if word.startswith(("one", "once", "use", "usu", "eu", "ew", "u-", "ukulele")):
        return False
    if word.startswith("uni") and not word.startswith(("unim", "unin")):
        return False
    return word[:1] in tuple(VOWELS)
