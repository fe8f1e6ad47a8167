"""The grammar compiled: the rules, what a story keeps, and how a plot becomes a document."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, no_type_check

from lib.core.errors import UserError
from lib.text.storyworld import data
from lib.text.storyworld.engine import (
    Node,
    Part,
    alternatives,
    as_node,
    compile_template,
    cumulative,
    finish,
    without_repeats,
)
from lib.text.storyworld.paraphrase import vary
from lib.text.storyworld.story import (
    LETTERS,
    Character,
    State,
    attribute_node,
    bound_node,
    name_node,
    pronoun_node,
    speech_node,
    subject_node,
    they_node,
)
from lib.text.storyworld.words import (
    FORMS,
    UNGUESSABLE_CREATURES,
    UNGUESSABLE_PLACES,
    classes,
    invented_node,
    word_node,
)

# What a story keeps: name -> the classes that it is drawn from, with weights.
BINDINGS: dict[str, tuple[tuple[str, float], ...]] = {
    "thing": (("toy", 4), ("keepsake", 4), ("cloth", 2), ("tool", 2)),
    "own": (("toy", 3), ("cloth", 3), ("keepsake", 2)),
    "thinglook": (("look_thing", 4), ("color", 2), ("size", 1)),
    "owncolor": (("color", 1),),
    "wh": (("place", 1),),
    "wh2": (("place", 1),),
    "animal1": (("wildanimal", 3), ("petanimal", 1)),
    "tree1": (("tree", 1),),
    "snack1": (("foodthing", 1),),
    "food1": (("food", 1),),
    "skill1": (("skill", 1),),
    "fear1": (("fear", 1),),
    "fear2": (("fear", 1),),
    "built1": (("built", 1),),
    "forbid1": (("forbid", 1),),
    "contest1": (("event", 1),),
    "chore1": (("chore", 1),),
    "flower1": (("flower", 1),),
    "surname1": (("surname", 1),),
}
# Words that a story keeps are drawn more evenly than the rest: a rare word then comes several
# times in one document, as rare words do.
BOUND_STEEPNESS = 0.35
MINIMUM, MAXIMUM = 400, 1500
PRONOUN_FORMS = ("he", "him", "his", "himself", "hers")


class Story(NamedTuple):
    """A document and what is true of it."""

    text: str
    plot: str
    cast: tuple[Character, ...]
    """Hero, friend, helper, other; a story need not mention all of them."""
    mentioned: tuple[bool, ...]
    """Which of the cast the text mentions."""
    belonging: tuple[str, str]
    """Colour and noun of what the hero owns."""


class Beat(NamedTuple):
    """One step of a plot."""

    node: Node
    chance: float
    paragraph: bool
    """Whether a paragraph begins here."""


class Grammar(NamedTuple):
    """Everything that a story is made with."""

    plots: tuple[tuple[str, tuple[Beat, ...]], ...]
    bindings: tuple[tuple[str, tuple[tuple[str, ...], ...], list[float]], ...]


class _Compiler:
    """Resolves slots while rules refer to rules that are compiled later."""

    def __init__(self) -> None:
        self.sources, self.plots = data.grammar()
        self.compiled: dict[str, Part] = {}

    def rule(self, name: str) -> Part:
        if name not in self.compiled:
            sources = self.sources[name]
            # A rule that reaches itself finds this and looks the finished one up when it runs.
            self.compiled[name] = lambda st: self.compiled[name](st)  # type: ignore[operator]
            weights = [weight for weight, _ in sources]
            parts = [self.template(vary(text)) for _, text in sources]
            if name[0].isupper():
                self.compiled[name] = without_repeats(name, parts, weights)
            else:
                self.compiled[name] = alternatives(parts, weights)
        return self.compiled[name]

    def template(self, text: str) -> Part:
        return compile_template(text, self.resolve, self.speech)

    def speech(self, who: str, said: Node) -> Node:
        tails = {
            ".": as_node(self.rule("say_plain")),
            "?": as_node(self.rule("say_question")),
            "!": as_node(self.rule("say_loud")),
            "tail": as_node(self.rule("say_tail")),
            "way": as_node(self.rule("say_way")),
            "action": as_node(self.rule("say_action")),
        }
        return speech_node(LETTERS[who], said, tails)

    def resolve(self, slot: str) -> Part:
        """What a slot or a step of a plot stands for.

        Raises:
            UserError: there is no such word, rule or form; with the line that asks for it.
        """
        try:
            return self._resolve(slot)
        except KeyError:
            raise UserError(
                f"{data.place_of(slot)}: there is no rule, word class or form {slot!r}; correct "
                "the name, or write it into grammar/ or lexicon/."
            ) from None

    def _resolve(self, slot: str) -> Part:
        base, _, form = slot.partition(".")
        if base in LETTERS:
            index = LETTERS[base]
            if form in ("v", "kind"):
                return attribute_node(index, form)
            return pronoun_node(index, form) if form else name_node(index)
        if base.lower() in LETTERS:
            return subject_node(LETTERS[base.lower()])
        if slot == "They":
            return they_node()
        if slot.lower() in PRONOUN_FORMS:
            return pronoun_node(0, slot.lower())
        if base in BINDINGS:
            kind = classes()[BINDINGS[base][0][0]].kind
            return bound_node(base, FORMS[kind][form])
        if slot in ("lesson", "lesson_virtue"):
            kind = "lesson_" if slot == "lesson" else "virtue_"
            taught = {name: as_node(self.rule(kind + name)) for name in self.plots}
            return lambda st: taught[st.plot](st)
        if slot == "creature":
            return invented_node(UNGUESSABLE_CREATURES, proper=False)
        if slot == "inventedplace":
            return invented_node(UNGUESSABLE_PLACES, proper=True)
        if slot + "_child" in self.sources:
            child, animal = (
                as_node(self.rule(slot + "_child")),
                as_node(self.rule(slot + "_animal")),
            )
            return lambda st: (child if st.cast[0].human else animal)(st)
        if slot in self.sources:
            return self.rule(slot)
        if base in classes():
            return word_node(classes()[base], form)
        if slot[0].isupper():
            return self._resolve(slot[0].lower() + slot[1:])
        return self.rule(slot)

    def plot(self, text: str) -> tuple[Beat, ...]:
        beats = []
        paragraph = False
        for word in text.split():
            if word == "/":
                paragraph = True
                continue
            name, question, percent = word.partition("?")
            chance = (float(percent) / 100 if percent else 0.5) if question else 1.0
            beats.append(Beat(as_node(self.resolve(name)), chance, paragraph))
            paragraph = False
        return tuple(beats)


def _binding_table(sources: tuple[tuple[str, float], ...]):
    rows: list[tuple[str, ...]] = []
    weights: list[float] = []
    for name, share in sources:
        own = classes()[name].rows
        raw = [1.0 / (rank + 3) ** BOUND_STEEPNESS for rank in range(len(own))]
        scale = share / sum(raw)
        rows += own
        weights += [value * scale for value in raw]
    return tuple(rows), cumulative(weights)


@cache
def grammar() -> Grammar:
    """The compiled grammar; takes a fraction of a second the first time."""
    compiler = _Compiler()
    plots = tuple((name, compiler.plot(text)) for name, text in compiler.plots.items())
    bindings = tuple((name, *_binding_table(sources)) for name, sources in BINDINGS.items())
    return Grammar(plots, bindings)


@no_type_check
def _draft(compiled: Grammar, rnd: Callable[[], float]) -> tuple[str, str, State]:
    st = State(rnd)
    taken = set()
    for name, rows, table in compiled.bindings:
        row = rows[bisect(table, rnd())]
        while row[0] in taken:
            row = rows[bisect(table, rnd())]
        taken.add(row[0])
        st.bound[name] = row
    name, beats = compiled.plots[int(rnd() * len(compiled.plots))]
    st.plot = name
    pieces = []
    for beat in beats:
        skipped = beat.chance < 1.0 and rnd() >= beat.chance
        if beat.paragraph and pieces:
            pieces.append("\n")
        if not skipped:
            text = beat.node(st)
            if text:
                if pieces and pieces[-1] != "\n":
                    pieces.append(" ")
                pieces.append(text)
    return name, "".join(pieces), st


@no_type_check
def tell(rnd: Callable[[], float]) -> Story:
    """One story from a source of random numbers in [0, 1)."""
    compiled = grammar()
    while True:
        plot, draft, st = _draft(compiled, rnd)
        text = finish(draft)
        if MINIMUM <= len(text) <= MAXIMUM:
            break
    mentioned = tuple(bool(st.known >> i & 1) for i in range(len(st.cast)))
    belonging = (st.bound["owncolor"][0], st.bound["own"][0])
    return Story(text, plot, st.cast, mentioned, belonging)
