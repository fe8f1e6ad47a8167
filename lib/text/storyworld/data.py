"""Text files of the grammar: words, rules, plots and paraphrases, read into plain tables.

Every file is UTF-8; a line that begins with "#" is a comment. A section is a line that ends in a
colon and the lines below it:

    toy noun:        words of a class, the commonest first, "_" for a space inside a word
    toy rare:        the long tail of the same class
    LostLove:        a rule; each "- " begins an alternative, indented lines continue it
    plot lost:       the steps of a plot

To add a word, write it into its class in lexicon/; to add a phrasing, write one more "- " line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lib.core.errors import UserError

FOLDER = Path(__file__).parent
RULE = r"([A-Za-z_0-9]+):"
PLOT = r"plot ([a-z]+):"
WORDS = r"([a-z_]+) (noun|verb|adjective|word|place|rare):"
TABLE = r"([a-z_]+):"

Line = tuple[str, str]
"""Where a line stands, as `plots/a_lie.txt, line 3`, and the line."""


def lines(path: Path) -> Iterator[Line]:
    """The lines of a file that count: neither empty nor a comment."""
    place = path.relative_to(path.parents[1]).as_posix()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield f"{place}, line {number}", line.rstrip()


def sections(path: Path, header: str) -> dict[tuple[str | None, ...], list[Line]]:
    """Header -> lines below it, in the order of the file.

    Raises:
        UserError: a line above the first header, a header that is none, the same header twice.
    """
    found: dict[tuple[str | None, ...], list[Line]] = {}
    current: list[Line] | None = None
    for where, line in lines(path):
        heads = re.fullmatch(header, line)
        if heads:
            if heads.groups() in found:
                raise UserError(f"{where}: {line!r} stands twice in this file; join the two.")
            current = found[heads.groups()] = []
        elif current is None or (line.endswith(":") and not line.startswith((" ", "-"))):
            raise UserError(
                f"{where}: expected a header such as {_EXAMPLES[header]!r}, got {line!r}."
            )
        else:
            current.append((where, line))
    return found


_EXAMPLES = {RULE: "Open:", PLOT: "plot lost:", WORDS: "toy noun:", TABLE: "past:"}


def words(section: list[Line]) -> str:
    """The words of a section.

    Raises:
        UserError: a line with a mark of the template language.
    """
    for where, line in section:
        if strange := re.search(r"[{}\[\]<>|@~^\"]", line):
            raise UserError(f"{where}: expected words and spaces, got {strange[0]!r} in {line!r}.")
    return " ".join(line for _, line in section)


def table(name: str) -> dict[str, str]:
    """Section -> its words, of a file of the lexicon with plain headers."""
    found = sections(FOLDER / "lexicon" / f"{name}.txt", TABLE)
    return {head: words(section) for (head,), section in found.items()}


@cache
def lexicon() -> dict[tuple[str, str], str]:
    """(class, kind) -> words; the kind `rare` holds the long tail of a class."""
    found: dict[tuple[str, str], str] = {}
    named: set[str] = set()
    for path in sorted((FOLDER / "lexicon").glob("*.txt")):
        if path.stem in ("invented_words", "irregular_forms"):
            continue
        for (name, kind), section in sections(path, WORDS).items():
            if (name, kind) in found or (kind != "rare" and name in named):
                raise UserError(f"{section[0][0]}: the class {name!r} stands twice; join the two.")
            found[name, kind] = words(section)
            if kind != "rare":
                named.add(name)
    return found


def alternatives(section: list[Line]) -> list[tuple[float, str]]:
    """Weight and template of each alternative of a rule; "- 3* text" weighs three.

    Raises:
        UserError: a line that neither begins nor continues an alternative, an open bracket.
    """
    found: list[tuple[float, str, str]] = []
    for where, line in section:
        if line.startswith("-"):
            body = line[1:].strip()
            weight = re.match(r"(\d+)\* ?", body)
            found.append(
                (float(weight[1]), body[weight.end() :], where) if weight else (1.0, body, where)
            )
        elif found and line.startswith(" "):
            weight_so_far, body, begun = found[-1]
            # A list of alternatives may be broken after a bar; nothing then stands between.
            joined = body + ("" if body.endswith("|") else " ") + line.strip()
            found[-1] = (weight_so_far, joined, begun)
        else:
            raise UserError(f"{where}: expected '- ' and an alternative of a rule, got {line!r}.")
    for _, body, where in found:
        for opening, closing in ("[]", "{}", "<>"):
            if body.count(opening) != body.count(closing):
                raise UserError(f"{where}: {opening!r} and {closing!r} do not match in {body!r}.")
    return [(weight, body) for weight, body, _ in found]


@cache
def plot_names() -> tuple[str, ...]:
    """File names of the plots in the order that a seed's choice depends on."""
    folder = FOLDER / "plots"
    names = tuple(line for _, line in lines(folder / "order.txt"))
    files = {path.stem for path in folder.glob("*.txt")} - {"order"}
    if odd := sorted(files.symmetric_difference(names)):
        raise UserError(f"plots/order.txt must name each file of its folder once; see {odd[0]!r}.")
    return names


def grammar() -> tuple[dict[str, list[tuple[float, str]]], dict[str, str]]:
    """Rules by name, and the steps of the plots in their order."""
    rules: dict[str, list[tuple[float, str]]] = {}
    plots: dict[str, str] = {}
    paths = [*sorted((FOLDER / "grammar").glob("*.txt"))]
    paths += [FOLDER / "plots" / f"{name}.txt" for name in plot_names()]
    for path in paths:
        for (plot, rule), section in sections(path, f"{PLOT}|{RULE}").items():
            if plot:
                plots[plot] = " ".join(line.strip() for _, line in section)
            elif rule in rules:
                raise UserError(
                    f"{section[0][0]}: the rule {rule!r} stands in two files; join them."
                )
            else:
                rules[rule] = alternatives(section)
    return rules, plots


_EXAMPLES[f"{PLOT}|{RULE}"] = "Open:"


def paraphrases() -> dict[str, str]:
    """Phrase -> template of the ways to put it."""
    found = {}
    for where, line in lines(FOLDER / "paraphrases.txt"):
        phrase, bar, ways = line.partition("|")
        if not (phrase and bar and ways):
            raise UserError(f"{where}: expected a phrase and its ways, 'a|b|c', got {line!r}.")
        found[phrase] = f"[{ways}]"
    return found


def place_of(name: str) -> str:
    """Where a slot, or else a step of a plot, is first named."""
    paths = [*sorted(FOLDER.rglob("*.txt"))]
    marks = [rf"{{{re.escape(name)}}}", rf"(?<!\S){re.escape(name)}(?![\w:])"]
    places = (
        where
        for mark in marks
        for path in paths
        for where, line in lines(path)
        if re.search(mark, line)
    )
    return next(places, FOLDER.name)


def counted_text(folder: Path) -> dict[str, list[str]]:
    """File -> the lines that count, of all text files under a folder: what a fingerprint covers."""
    return {
        path.relative_to(folder).as_posix(): [line for _, line in lines(path)]
        for path in sorted(folder.rglob("*.txt"))
    }
