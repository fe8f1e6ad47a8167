"""A small template language, compiled once into closures that each cost about a microsecond.

    {slot}        a word class, a rule, something bound for the story, or a character
    {class.form}  an inflected form, such as {toy.s}, {walk.d}, {walk.g}
    [a|b|]        one of several phrasings, each as likely as the others; may nest
    <h|Text!>     what a character says, laid out as dialogue

A rule whose name begins with a capital letter does not repeat an alternative within one
story.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import no_type_check

from lib.text.storyworld.english import takes_an

Node = Callable[["object"], str]
Part = str | Node
Resolver = Callable[[str], Part]
Speech = Callable[[str, Node], Node]

# Marks that the finished document no longer holds: an article that waits for its word ("@ "), a
# space that does not end a sentence ("~"), a letter that must be capital ("^"), a quotation mark
# after which the sentence goes on ("\x02").
#
# ``no_type_check``: these closures run a million times a second, and there are thousands of them;
# tests that enforce annotations at run time would make them twenty times slower.
GOES_ON = "\x02"
_ARTICLE = re.compile(r"@ ([\w-]+)")
_DOUBLED = re.compile(r"\b([a-z]+) \1\b")
_FIRST_LETTER = re.compile(r"(?:\A|\n|\^|[.!?]\"? )\"?\^?[a-z]")


def cumulative(weights: Sequence[float]) -> list[float]:
    """Cumulative weights that end in exactly 1, so that ``bisect`` on random() stays in range."""
    sums = list(accumulate(weights))
    scaled = [value / sums[-1] for value in sums]
    scaled[-1] = 1.0
    return scaled


@no_type_check
def sequence(parts: Sequence[Part]) -> Part:
    """Parts one after another; neighbouring literals are joined beforehand."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if not joined:
        return ""
    if len(joined) == 1:
        return joined[0]
    fixed = tuple(joined)
    return lambda st: "".join([p if p.__class__ is str else p(st) for p in fixed])


@no_type_check
def as_node(part: Part) -> Node:
    """A part as something to call."""
    if isinstance(part, str):
        return lambda st: part
    return part


@no_type_check
def alternatives(parts: Sequence[Part], weights: Sequence[float] | None = None) -> Part:
    """One of the parts, equally likely unless weights are given."""
    nodes = tuple(parts)
    count = len(nodes)
    if count == 1:
        return nodes[0]
    if weights is None or len(set(weights)) == 1:

        def uniform(st):
            node = nodes[int(st.rnd() * count)]
            return node if node.__class__ is str else node(st)

        return uniform
    table = cumulative(weights)

    def weighted(st):
        node = nodes[bisect(table, st.rnd())]
        return node if node.__class__ is str else node(st)

    return weighted


@no_type_check
def without_repeats(name: str, parts: Sequence[Part], weights: Sequence[float]) -> Node:
    """As ``alternatives``; within one story an alternative returns only when all have been used."""
    nodes = tuple(as_node(part) for part in parts)
    table = cumulative(weights)
    count = len(nodes)

    def run(st):
        index = bisect(table, st.rnd())
        used = st.used.get(name, 0)
        for _ in range(count):
            if not used >> index & 1:
                break
            index = (index + 1) % count
        else:
            used = 0
        st.used[name] = used | 1 << index
        return nodes[index](st)

    return run


def _closing(text: str, start: int, opening: str, closing: str) -> int:
    depth = 0
    for position in range(start, len(text)):
        if text[position] == opening:
            depth += 1
        elif text[position] == closing:
            depth -= 1
            if depth == 0:
                return position
    raise ValueError(f"template without its {closing!r}: {text!r}")


def _split(text: str) -> list[str]:
    """Splits at the bars that stand outside any brackets."""
    pieces, depth, begin = [], 0, 0
    for position, letter in enumerate(text):
        if letter in "[<":
            depth += 1
        elif letter in "]>":
            depth -= 1
        elif letter == "|" and depth == 0:
            pieces.append(text[begin:position])
            begin = position + 1
    pieces.append(text[begin:])
    return pieces


def compile_template(text: str, resolve: Resolver, speech: Speech) -> Part:
    """Template text to a literal or a closure over the story's state."""
    parts: list[Part] = []
    position = 0
    while position < len(text):
        letter = text[position]
        if letter == "{":
            end = text.index("}", position)
            parts.append(resolve(text[position + 1 : end]))
            position = end + 1
        elif letter == "[":
            end = _closing(text, position, "[", "]")
            inner = ["@" if way == "a" else way for way in _split(text[position + 1 : end])]
            parts.append(alternatives([compile_template(i, resolve, speech) for i in inner]))
            position = end + 1
        elif letter == "<":
            end = _closing(text, position, "<", ">")
            who, said = text[position + 1 : end].split("|", 1)
            parts.append(speech(who, as_node(compile_template(said, resolve, speech))))
            position = end + 1
        else:
            end = position
            while end < len(text) and text[end] not in "{[<":
                end += 1
            literal = text[position:end]
            # "a " before anything that is filled in later waits for that word.
            if end < len(text) and re.search(r"(?:\A|[ \"^])[aA] \Z", literal):
                literal = literal[:-2] + "@ "
            parts.append(literal)
            position = end
    return sequence(parts)


@no_type_check
def _article(found: re.Match) -> str:
    word = found[1]
    return ("an " if takes_an(word) else "a ") + word


@no_type_check
def _capital(found: re.Match) -> str:
    text = found[0]
    return text[:-1].replace("^", "") + text[-1].upper()


@no_type_check
def finish(text: str) -> str:
    """Settles articles and capitals and takes the marks out of a finished document."""
    while "  " in text:  # left by an optional piece that came out empty
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").strip()
    text = _DOUBLED.sub(r"\1", text)
    text = _ARTICLE.sub(_article, text)
    text = _FIRST_LETTER.sub(_capital, text)
    return text.replace("~", " ").replace(GOES_ON, "").replace("^", "")
