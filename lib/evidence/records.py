"""Numbers that leave a chapter: `record` writes them, `read_outputs` finds them in a notebook."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lib.core.errors import UserError
from lib.evidence import run_context

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
MOST_ELEMENTS = 10_000
BOUNDS = ("mean", "low", "high")

Number = float | int | bool
Value = Number | str | list | None


class Record(NamedTuple):
    """One measured quantity, as `records.json` holds it."""

    name: str
    value: Value
    """A finite number, a short text, a small (nested) list, or None: see `reason`."""
    unit: str = ""
    low: float | int | None = None
    """Lower end of the 95% interval."""
    high: float | int | None = None
    n: int | None = None
    """How many items the interval is over."""
    over: str | None = None
    """What those items are: dictionaries, runs, words, samples."""
    reason: str | None = None
    """Why there is no value, where there is none."""
    values: list[float | int | None] | None = None
    """The value of each of the n items, where they are kept."""

    def bound(self, which: str) -> Value:
        """`mean` (the value itself), `low` or `high`."""
        return self.value if which == "mean" else getattr(self, which)


def record(
    name: str,
    value: Any,
    unit: str = "",
    low: Any = None,
    high: Any = None,
    n: int | None = None,
    over: str | None = None,
    values: Iterable[Any] | None = None,
) -> None:
    """Writes one number down, with its interval, where the runner and the pages find it.

    Nothing is shown: `say` shows it. A number that is not finite is stored as "no value" with the
    reason, so that no criterion can take it for a pass.

    Args:
        name: lower-case letters, digits and underscores; used once in a chapter.
        value: a number, a text, or a list or array of at most 10,000 numbers.
        unit: e.g. "nats/character"; "" for shares and counts.
        low, high: the 95% interval; both or neither.
        n: how many items the interval is over.
        over: what these items are, e.g. "dictionaries" or "runs".
        values: the value of each item.

    Raises:
        UserError: a name used twice or ill-formed, half an interval, an interval over nothing.
    """
    written = make(name, value, unit, low, high, n, over, values)
    run_context.claim_name("record", name)
    run_context.current().records[name] = written
    run_context.emit_hidden(name, _plain(written), {"kind": "record", **written._asdict()})


def make(
    name: str,
    value: Any,
    unit: str = "",
    low: Any = None,
    high: Any = None,
    n: int | None = None,
    over: str | None = None,
    values: Iterable[Any] | None = None,
) -> Record:
    """A checked `Record`, not written anywhere."""
    if not isinstance(name, str) or not NAME.match(name):
        raise UserError(
            "The name of a record is made of lower-case letters, digits and underscores and begins "
            f"with a letter; got {name!r}."
        )
    value, reason = _plain_value(name, value)
    (low, low_reason), (high, high_reason) = (_plain_value(name, end) for end in (low, high))
    if low_reason or high_reason:
        # A single repetition has no spread: the value stays, and no criterion can read a bound.
        low = high = None
        reason = reason or f"the interval is {low_reason or high_reason}"
    if (low is None) != (high is None):
        raise UserError(
            f"Record {name!r} has half an interval: give both low and high, or neither."
        )
    if low is not None:
        if not over:
            raise UserError(
                f"Record {name!r} has an interval but does not say what it is over: "
                'give over="dictionaries", over="runs", over="words" or the like.'
            )
        if low > high:
            raise UserError(f"Record {name!r} has low {low} above high {high}: swap them.")
    items = None if values is None else _plain_value(name, [float(one) for one in values])[0]
    return Record(name, value, unit, low, high, None if n is None else int(n), over, reason, items)


def _plain_value(name: str, value: Any) -> tuple[Value, str | None]:
    """Plain Python for torch and numpy values; (None, reason) for what is not finite."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value, None
    if isinstance(value, float):
        if math.isnan(value):
            return None, "not a number"
        return (None, "infinite") if math.isinf(value) else (value, None)
    if isinstance(value, list | tuple):
        flat = list(_flatten(value))
        if len(flat) > MOST_ELEMENTS:
            raise UserError(
                f"Record {name!r} has {len(flat):,} elements; at most {MOST_ELEMENTS:,} are kept, "
                "so record a summary of it."
            )
        plain = [_plain_value(name, item) for item in value]
        reasons = [reason for _, reason in plain if reason]
        return [item for item, _ in plain], (
            f"{len(reasons)} elements: {reasons[0]}" if reasons else None
        )
    raise UserError(
        f"Record {name!r} must be a number, a text or a small list of them; "
        f"got {type(value).__name__}."
    )


def _flatten(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flatten(item)
    else:
        yield value


def _plain(written: Record) -> str:
    """What `{glue:text}` shows and formats: the bare value."""
    if written.value is None:
        return repr(f"no value ({written.reason or 'none given'})")
    return repr(written.value)


class NotebookEvidence(NamedTuple):
    """Everything that an executed notebook says about its run."""

    settings: dict[str, Any] | None
    """chapter, source, settings, environment, as `load` noted them."""
    records: dict[str, Record]
    figures: dict[str, dict[str, Any]]
    """name -> alt, caption, and the outputs `text/html` and `image/png`."""


def read_outputs(notebook: Mapping[str, Any]) -> NotebookEvidence:
    """Settings, records and figures of an executed notebook, whoever executed it.

    Raises:
        UserError: two outputs of one kind share a name.
    """
    settings: dict[str, Any] | None = None
    records: dict[str, Record] = {}
    figures: dict[str, dict[str, Any]] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            content = output.get("metadata", {}).get(run_context.KIND)
            if not content:
                continue
            content = dict(content)
            kind = content.pop("kind")
            if kind == "settings":
                settings = content
                continue
            found = records if kind == "record" else figures
            if content["name"] in found:
                raise UserError(
                    f"The notebook has two {kind}s named {content['name']!r}; every name is used "
                    "once in a chapter, so give one of them another name."
                )
            if kind == "record":
                records[content["name"]] = Record(**content)
            else:
                figures[content["name"]] = {**content, "data": output["data"]}
    return NotebookEvidence(settings, records, figures)
