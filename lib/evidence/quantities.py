"""How a record is called, and how its number is written: `book/quantities.yml` says both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from lib.core import paths
from lib.core.errors import UserError
from lib.evidence.records import Record
from lib.settings.decoding import near_misses

FEW = 3
"""Up to so many values are shown one by one."""
MOST_DECIMALS = 4
NO_VALUE = "no value"
"""Stands for a number that could not be measured."""


class Kind(NamedTuple):
    """What a quantity can be, and whether it is written in percent."""

    minimum: float = -math.inf
    maximum: float = math.inf
    percent: bool = False
    whole: bool = False


KINDS = {
    "percent": Kind(0, 1, percent=True),
    "relative": Kind(percent=True),
    "fraction": Kind(0, 1),
    "cosine": Kind(-1, 1),
    "count": Kind(0, whole=True),
    "amount": Kind(0),
    "number": Kind(),
}


class Quantity(NamedTuple):
    """A record's name in words, and its kind."""

    words: str
    kind: Kind


def quantity(chapter: str, name: str) -> Quantity:
    """What `book/quantities.yml` says of a record; of an unknown one, its name and no bounds."""
    return quantities().get((chapter, name)) or Quantity(name.replace("_", " "), KINDS["number"])


def quantities() -> Mapping[tuple[str, str], Quantity]:
    """All of them by chapter and record.

    Raises:
        UserError: a kind that does not exist.
    """
    path = paths.claims_file().with_name("quantities.yml")
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> dict[tuple[str, str], Quantity]:
    found = {}
    for chapter, kinds in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        for kind, names in kinds.items():
            if kind not in KINDS:
                raise UserError(
                    f"{path.name} has no kind {kind!r} of quantity: {near_misses(kind, KINDS)}"
                )
            for name, words in names.items():
                found[chapter, name] = Quantity(words, KINDS[kind])
    return found


def written(numbers: Sequence[float], kind: Kind) -> list[str]:
    """Numbers that stand side by side, each with as many decimals: three figures of the largest."""
    numbers = [100 * number if kind.percent else number for number in numbers]
    largest = max(map(abs, numbers), default=0.0)
    if all(float(number).is_integer() for number in numbers):
        decimals = 0
    elif kind.percent or kind.whole:
        decimals = 2 if largest < 1 else 1 if largest < 100 or kind.percent else 0
    else:
        decimals = min(max(2 - math.floor(math.log10(largest)), 0), MOST_DECIMALS)
    sign = "%" if kind.percent else ""
    # Adding zero takes the sign off a zero; a true minus is as wide as a plus.
    return [f"{round(n, decimals) + 0.0:,.{decimals}f}{sign}".replace("-", "−") for n in numbers]


def bounded(found: Record, chapter: str) -> Record:
    """The record with its interval cut where the quantity cannot lie."""
    kind = quantity(chapter, found.name).kind
    if found.low is None or found.high is None:
        return found
    low, high = max(found.low, kind.minimum), min(found.high, kind.maximum)
    return found._replace(low=low, high=high)


def threshold(number: float, kind: Kind) -> str:
    """A number of a criterion, exactly as it was fixed."""
    text = f"{100 * number:.6g}%" if kind.percent else f"{number:,.10g}"
    return text.replace("-", "−")


def value_text(found: Record, chapter: str = "") -> str:
    """`words with a feature of their own: 43 [31, 55] (5 dictionaries)`."""
    words = quantity(chapter, found.name).words
    # What the words say already, the unit need not say again.
    found = found._replace(unit="") if found.unit and found.unit in words else found
    return f"{words}: {measured(found, chapter, whole=True)}"


def measured(found: Record, chapter: str = "", whole: bool = False) -> str:
    """`43 words [31, 55]`.

    Args:
        whole: `43 words [31, 55] (5 dictionaries)`, and up to three values are shown themselves in
            place of the interval.
    """
    kind, found = quantity(chapter, found.name).kind, bounded(found, chapter)
    if found.value is None:
        return NO_VALUE
    if isinstance(found.value, str | list):
        return str(found.value)
    if found.low is None or found.high is None:
        (text,) = written([found.value], kind)
        return text + _unit(found.unit, text)
    points = [one for one in found.values or () if one is not None]
    few = whole and 1 < len(points) <= FEW
    shown = points if few else [found.low, found.high]
    text, *others = written([found.value, *shown], kind)
    varies = len({text, *others}) > 1
    where = f"{found.n or ''} {plural(found.over or '', found.n)}".strip() if whole else ""
    if varies and not few:
        where = f" [{', '.join(others)}]" + (f" ({where})" if where else "")
    else:
        where = ": ".join(filter(None, [where, ", ".join(others) if varies else ""]))
        where = f" ({where})" if where else ""
    return text + _unit(found.unit, text) + where


def plural(words: str, number: int | None) -> str:
    """`dictionaries`, and of one `dictionary`."""
    if number != 1:
        return words
    return words[:-3] + "y" if words.endswith("ies") else words.removesuffix("s")


def _unit(unit: str, text: str) -> str:
    return f" {plural(unit, 1 if text == '1' else None)}" if unit else ""
