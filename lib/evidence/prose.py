"""Sentences about measured numbers: `say` fills them from the records, so that they cannot lie."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from lib.core.errors import UserError
from lib.evidence import run_context
from lib.evidence.conditions import OPERATIONS
from lib.evidence.quantities import NO_VALUE
from lib.evidence.records import Record
from lib.evidence.verdicts import VERDICTS, running_verdict
from lib.settings.decoding import near_misses

CONFIRMS = ("confirms", "partly confirms", "does not confirm", "cannot yet settle")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~])")
NOTHING = re.compile(r"-0(\.0*)?%?")
"""What rounds to zero, which has no sign."""
_PARTS = (*Record._fields, "interval")


def say(template: str) -> None:
    """Shows Markdown in which recorded values and verdicts are filled in.

    ==============================  ==========================================================
    `{loss}`, `{loss:.2f}`          the value of record `loss`, as `format` writes it
    `{loss.low:.2f}`                one part of it: low, high, n, over, unit
    `{loss.interval:.2f}`           `1.23 [1.20, 1.26]`, or the value alone without an interval
    `{settings.width:,}`            a setting of this run
    `{verdict:words.lm-loss}`       replicated, partly, not replicated, cannot tell here, ...
    `{verdict:ID|A|B|C|D}`          A where replicated, B where partly, C where not, else D
    `{confirms:words.lm-loss}`      confirms, partly confirms, does not confirm, cannot yet settle
    `{when:loss < 1.5|yes|no}`      `yes` or `no` by a record against a number or a record's bound
    ==============================  ==========================================================

    Values are escaped; a brace of the text is written twice.

    Raises:
        UserError: an unknown record, setting, claim or form, with near misses.
    """
    run_context.emit(
        {"text/markdown": fill(template, markdown=True), "text/plain": fill(template)}, {}
    )


def fill(template: str, markdown: bool = False) -> str:
    """The template with its values; they are escaped for Markdown if `markdown`."""
    try:
        return _Filler(markdown).format(template)
    except (ValueError, IndexError) as error:
        raise UserError(f"The text {_start(template)} cannot be filled in: {error}.") from None


class _Filler(string.Formatter):
    def __init__(self, markdown: bool):
        self.markdown = markdown

    def get_field(self, field_name: str, args: Sequence, kwargs: Mapping) -> tuple[Any, str]:
        if field_name in ("verdict", "confirms", "when"):
            return _Form(field_name), field_name
        name, _, part = field_name.partition(".")
        if name == "settings":
            return _setting(part), field_name
        found = find(name)
        if part and part not in _PARTS:
            raise UserError(f"A record has no part {part!r}: {near_misses(part, _PARTS)}")
        if part == "interval":
            return found, field_name
        return getattr(found, part or "value"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, _Form):
            return value.fill(format_spec)
        if isinstance(value, Record):
            return with_interval(value, format_spec)
        return self._escape(NO_VALUE if value is None else _format(value, format_spec))

    def _escape(self, text: str) -> str:
        if not self.markdown:
            return text
        # In one line: a value's own line breaks must not end a quotation or begin a list.
        return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


class _Form(str):
    """`verdict`, `confirms` or `when`: what follows the colon is their argument, not a format."""

    def fill(self, argument: str) -> str:
        first, *choices = argument.split("|")
        if self == "when":
            if len(choices) != 2:
                raise UserError(
                    "`when` is written {when:record < value|if true|if false}; "
                    f"got {{when:{argument}}}."
                )
            return choices[0] if _compare(first) else choices[1]
        verdict = running_verdict(first.strip()).verdict
        if self == "verdict" and not choices:
            return verdict
        choices = choices or list(CONFIRMS)
        if len(choices) != len(CONFIRMS):
            raise UserError(
                f"{{{self}:{argument}}} must offer four wordings: replicated, partly, "
                "not replicated, and undecided."
            )
        position = VERDICTS.index(verdict)
        return choices[min(position, len(CONFIRMS) - 1)]


def find(name: str) -> Record:
    """A record of this run by name."""
    records = run_context.current().records
    if name not in records:
        raise UserError(f"There is no record {name!r} so far: {near_misses(name, records)}")
    return records[name]


def with_interval(written: Record, format_spec: str = "") -> str:
    """`1.23 [1.20, 1.26]`; the value alone where the interval is written as the value is."""
    if written.value is None:
        return NO_VALUE
    text = _format(written.value, format_spec)
    if written.low is None or written.high is None:
        return text
    ends = [_format(end, format_spec) for end in (written.low, written.high)]
    return text if set(ends) == {text} else f"{text} [{', '.join(ends)}]"


def _format(value: Any, format_spec: str) -> str:
    if isinstance(value, list):
        return ", ".join(_format(item, format_spec) for item in value)
    text = NO_VALUE if value is None else format(value, format_spec)
    return text.removeprefix("-") if NOTHING.fullmatch(text) else text


def _setting(name: str) -> Any:
    settings = run_context.current().settings
    known = list(type(settings).model_fields) if settings else []
    if name not in known:
        raise UserError(f"There is no setting {name!r}: {near_misses(name, known)}")
    return getattr(settings, name)


def _compare(expression: str) -> bool:
    for sign, compare in OPERATIONS.items():
        left, found, right = expression.partition(sign)
        if found:
            a, b = _operand(left), _operand(right)
            return a is not None and b is not None and compare(a, b)
    raise UserError(f"`when` compares by <, <=, > or >=; got {expression!r}.")


def _operand(text: str) -> float | int | None:
    text = text.strip()
    try:
        return float(text.replace(",", ""))
    except ValueError:
        name, _, part = text.partition(".")
        if part not in ("", "value", "low", "high", "n"):
            raise UserError(f"`when` compares values, low and high ends; got {text!r}.") from None
        return getattr(find(name), part or "value")


def _start(text: str) -> str:
    return repr(text if len(text) <= 50 else text[:47] + "...")
