"""One story: its cast, what is bound for it, and how references and speech come out."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable
from typing import NamedTuple, no_type_check

from lib.text.storyworld.engine import GOES_ON, Node
from lib.text.storyworld.words import classes

HERO, FRIEND, HELPER, OTHER, SPEAKER = range(5)
LETTERS = {"h": HERO, "f": FRIEND, "k": HELPER, "o": OTHER, "s": SPEAKER}
PRONOUNS = {
    "he": ("he", "she"),
    "him": ("him", "her"),
    "his": ("his", "her"),
    "hers": ("his", "hers"),
    "himself": ("himself", "herself"),
}
FEMALE, MALE = 1, 0


class Character(NamedTuple):
    """Someone who keeps a name and a sex through the story."""

    name: str
    """As the story calls the character after the first time."""
    sex: int
    """0 he, 1 she."""
    kind: str
    """ "boy", "girl", or the animal, or what a grown-up is to the hero."""
    intro: str
    """How the character is called the first time."""
    human: bool


class State:
    """What the templates of one story share. Not for use outside the generator."""

    __slots__ = ("bound", "cast", "cur", "known", "plot", "rnd", "seen", "sexes", "speaker", "used")

    def __init__(self, rnd: Callable[[], float]) -> None:
        self.rnd = rnd
        self.used: dict[str, int] = {}
        self.seen: dict[int, list[int]] = {}
        self.bound: dict[str, tuple[str, ...]] = {}
        self.known = 0
        self.plot = ""
        self.cur = 0
        self.speaker = 0
        self.cast = _cast(rnd)
        males = sum(1 << i for i, c in enumerate(self.cast) if c.sex == MALE)
        females = sum(1 << i for i, c in enumerate(self.cast) if c.sex == FEMALE)
        self.sexes = (males, females)


@no_type_check
def _pick(rnd: Callable[[], float], name: str) -> tuple[str, ...]:
    return classes()[name].draw(rnd())


@no_type_check
def _fresh(rnd: Callable[[], float], name: str, taken: set[str]) -> str:
    """A name that nobody in the story bears, nor one that begins or ends like one of them."""
    while True:
        drawn = _pick(rnd, name)[0]
        if all(drawn[:3] != other[:3] for other in taken):
            taken.add(drawn)
            return drawn


@no_type_check
def _cast(rnd: Callable[[], float]) -> tuple[Character, ...]:
    taken: set[str] = set()
    sex = int(rnd() * 2)
    if rnd() < 0.7:
        kind = ("boy", "girl")[sex]
        hero = Character(_fresh(rnd, kind, taken), sex, kind, "", True)
    else:
        animal = _pick(rnd, "petanimal" if rnd() < 0.3 else "wildanimal")[0]
        hero = Character(_fresh(rnd, "pet", taken), sex, animal, "", False)
    his = ("his", "her")[sex]
    return hero, _friend(rnd, hero, his, taken), _helper(rnd, hero, his, taken), _other(rnd, taken)


@no_type_check
def _friend(rnd, hero: Character, his: str, taken: set[str]) -> Character:
    sex = int(rnd() * 2)
    draw = rnd()
    if hero.human and draw < 0.75:
        kind = ("boy", "girl")[sex]
        name = _fresh(rnd, kind, taken)
        relation = ("brother", "sister")[sex] if draw < 0.12 else _pick(rnd, "relation")[0]
        intro = f"{his} {relation} {name}"
    else:
        kind = _pick(rnd, "petanimal" if rnd() < 0.4 else "wildanimal")[0]
        name = _fresh(rnd, "pet", taken)
        adjective = _pick(rnd, "person")[0] if rnd() < 0.5 else _pick(rnd, "animal")[0]
        intro = (
            f"{his} friend {name} the {kind}"
            if rnd() < 0.5
            else f"@ {adjective} {kind} named {name}"
        )
    return Character(name, sex, kind, intro, kind in ("boy", "girl"))


# Name, sex, and what the hero calls them; the commoner ones several times.
PARENTS = (
    *[("Mom", 1, "mom")] * 3, ("Mom", 1, "mother"), ("Mommy", 1, "mommy"), ("Mum", 1, "mum"),
    *[("Dad", 0, "dad")] * 2, ("Dad", 0, "father"), ("Daddy", 0, "daddy"), ("Papa", 0, "papa"),
    ("Grandma", 1, "grandma"), ("Grandpa", 0, "grandpa"), ("Granny", 1, "granny"),
    ("Gramps", 0, "grandfather"), ("Nana", 1, "nana"), ("Mama", 1, "mama"),
)  # fmt: skip


@no_type_check
def _helper(rnd, hero: Character, his: str, taken: set[str]) -> Character:
    draw = rnd()
    if draw < 0.5:
        name, sex, word = PARENTS[int(rnd() * len(PARENTS))]
        return Character(name, sex, word, f"{his} {word}", hero.human)
    sex = int(rnd() * 2)
    if draw < 0.58:
        title = ("Uncle", "Aunt")[sex]
        name = f"{title} " + _fresh(rnd, ("boy", "girl")[sex], taken)
        return Character(name, sex, title.lower(), f"{his} {name}", True)
    if draw < 0.85:
        title = ("Mr.~", ("Mrs.~", "Mrs.~", "Miss ")[int(rnd() * 3)])[sex]
        title = "Dr.~" if rnd() < 0.18 else title
        name = title + _fresh(rnd, "surname", taken)
        role = "doctor" if title == "Dr.~" else _pick(rnd, "grownup")[0]
        adjective = _pick(rnd, "person")[0]
        layouts = (
            f"old {name} the {role}",
            f"{name} the {role}",
            f"@ {adjective} {role} called {name}",
        )
        return Character(name, sex, role, layouts[int(rnd() * 3)], True)
    animal = _pick(rnd, "wildanimal")[0]
    name = _fresh(rnd, "pet", taken)
    adjective = ("wise", "old", "wise old", "clever", "gentle", "friendly", "white-haired", "kind")[
        int(rnd() * 8)
    ]
    return Character(name, sex, animal, f"@ {adjective} {animal} named {name}", False)


@no_type_check
def _other(rnd, taken: set[str]) -> Character:
    sex = int(rnd() * 2)
    if rnd() < 0.55:
        kind = ("boy", "girl")[sex]
        name = _fresh(rnd, kind, taken)
    else:
        kind = _pick(rnd, "wildanimal")[0]
        name = _fresh(rnd, "pet", taken)
    adjective = _pick(rnd, "looks" if kind in ("boy", "girl") else "animal")[0]
    layouts = (
        f"@ {adjective} {kind} named {name}",
        f"@ {adjective} {kind} called {name}",
        f"@ {kind} named {name}",
        f"@ little {kind} named {name}",
    )
    return Character(name, sex, kind, layouts[int(rnd() * 4)], kind in ("boy", "girl"))


@no_type_check
def name_node(index: int) -> Node:
    """The character by name, or by introduction the first time."""

    def run(st):
        i = st.speaker if index == SPEAKER else index
        bit = 1 << i
        st.cur |= bit
        character = st.cast[i]
        if st.known & bit:
            return character.name
        st.known |= bit
        return character.intro or character.name

    return run


@no_type_check
def subject_node(index: int) -> Node:
    """The subject of a new sentence: a pronoun when nobody else can be meant, else the name."""
    named = name_node(index)

    def run(st):
        i = st.speaker if index == SPEAKER else index
        bit = 1 << i
        sex = st.cast[i].sex
        before = st.cur
        st.cur = bit
        if before & st.sexes[sex] == bit:
            draw = st.rnd()
            if draw < 0.72:
                return PRONOUNS["he"][sex]
            if draw < 0.79 and i != HELPER and st.known & bit:
                kind = st.cast[i].kind
                if all(other.kind != kind for j, other in enumerate(st.cast) if j != i):
                    return ("the " if draw < 0.75 else "the little ") + kind
        return named(st)

    return run


@no_type_check
def they_node() -> Node:
    """The hero and the friend as a subject: "they" once both are known."""
    hero, friend = name_node(HERO), name_node(FRIEND)

    def run(st):
        if st.known >> FRIEND & 1 and st.rnd() < 0.85:
            st.cur = 1 << HERO | 1 << FRIEND
            return "they"
        return hero(st) + " and " + friend(st)

    return run


@no_type_check
def pronoun_node(index: int, form: str) -> Node:
    """A pronoun, for places in a template where it is clear who is meant."""
    pair = PRONOUNS[form]
    return lambda st: pair[st.cast[st.speaker if index == SPEAKER else index].sex]


@no_type_check
def attribute_node(index: int, attribute: str) -> Node:
    """The bare name ("v"), or the kind, without any introduction."""
    if attribute == "v":
        return lambda st: st.cast[st.speaker if index == SPEAKER else index].name
    return lambda st: st.cast[st.speaker if index == SPEAKER else index].kind


@no_type_check
def bound_node(name: str, column: int) -> Node:
    """A word that was bound for this story."""
    return lambda st: st.bound[name][column]


@no_type_check
def speech_node(index: int, said: Node, tails: dict[str, Node]) -> Node:
    """Lays out what a character says: before, after or around its attribution."""
    subject = subject_node(index)
    named = name_node(index)

    def run(st):
        i = st.speaker if index == SPEAKER else index
        keep, st.speaker = st.speaker, i
        text = said(st)
        layout = st.rnd()
        end = text[-1]
        if layout < 0.52:
            cut = min(
                (k for k in (text.find(". "), text.find("! "), text.find("? ")) if k > 0),
                default=-1,
            )
            first, rest = (text, "") if cut < 0 else (text[: cut + 1], text[cut + 2 :])
            end = first[-1]
            if end == ".":
                first = first[:-1] + ","
            bit = 1 << i
            sex = st.cast[i].sex
            if st.cur & st.sexes[sex] == bit and st.rnd() < 0.5:
                who = PRONOUNS["he"][sex] + " " + tails[end](st)
            else:
                verb = tails[end](st)
                name = named(st)
                who = f"{name} {verb}" if len(name) > 14 or st.rnd() < 0.4 else f"{verb} {name}"
            st.cur = bit
            out = f'"^{first}"{GOES_ON} {who}{tails["tail"](st)}.'
            if rest:
                out += f' "^{rest}"'
        elif layout < 0.91:
            who = subject(st)
            out = f'{who} {tails[end](st)}{tails["way"](st)}, "^{text}"'
        else:
            who = subject(st)
            out = f'{who} {tails["action"](st)}. "^{text}"'
        st.speaker = keep
        return out

    return run


def document_random(seed: int, index: int) -> random.Random:
    """The random numbers of one document: only ``random()`` is ever called on them."""
    # The integer seeding of the Mersenne Twister and random() are the parts of the module whose
    # results Python promises to keep.
    return random.Random(((seed % 2**64) << 64) | index)


def choose(table: list[float], rnd: Callable[[], float]) -> int:
    """An index by cumulative weights."""
    return bisect(table, rnd())
