"""Pages from the records of `benchmarks/`: JSON in, Markdown out. Every number is the record's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from lib.core.errors import UserError
from lib.pages import rendering

RECORDED = Path("benchmarks") / "recorded.json"
NOTHING = (
    "*No run is recorded yet: `python -m lib bench --record` makes one and writes "
    "`benchmarks/recorded.json`, which this page shows.*"
)
TAKEN_BACK = {
    "ours-default-adam": "torch's default Adam; ours makes one fused pass over the parameters",
    "ours-whole-batch": "the codes of the whole batch at once; ours stay in the cache, "
    "some rows at a time",
}
"""Our step with one thing taken back: what stands in its place."""

Spread = Mapping[str, float]
"""`median`, `low` and `high` over rounds."""


def benchmarks_page(root: Path) -> str:
    """All generated sections, or a sentence where nothing was recorded.

    Raises:
        UserError: the record is damaged or of another form.
    """
    path = root / RECORDED
    if not path.is_file():
        return NOTHING
    try:
        return _page(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, IndexError, jinja2.TemplateError) as error:
        raise UserError(
            f"{path} is no record of the benchmarks ({error!r}); make it again with "
            "python -m lib bench --record."
        ) from error


def comparison(root: Path, name: str) -> str:
    """A comparison with other libraries, from `benchmarks/<name>.json`, or a sentence without one.

    Raises:
        UserError: the record is damaged or of another form.
    """
    path = root / RECORDED.parent / f"{name}.json"
    if not path.is_file():
        return f"*Nothing is recorded yet: `python -m benchmarks.{name}` does it.*"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return rendering.render(f"{name}.md", **record)
    except (ValueError, TypeError, jinja2.TemplateError) as error:
        raise UserError(
            f"{path} is no record that this page can show ({error!r}); make it again with "
            f"python -m benchmarks.{name}."
        ) from error


def _page(record: Mapping[str, Any]) -> str:
    timed = {row["name"]: row for row in record["tasks"][0]["contenders"] if "seconds" in row}
    differences = record["effect"]["difference"].items()
    return rendering.render(
        "benchmarks.md",
        **record,
        timed=timed,
        ours=timed.get("ours"),
        taken_back=TAKEN_BACK,
        apart=[kind for kind, found in differences if not found["low"] <= 0 <= found["high"]],
        milliseconds=_milliseconds,
        ms=lambda row: f"{1e3 * row['seconds']['median']:.0f}",
        times=_times,
        took=lambda spread: f"{spread['median']:.2f} s",
        ratio=_ratio,
        numbers=_numbers,
    )


def _milliseconds(seconds: Spread) -> str:
    middle, low, high = (1e3 * seconds[name] for name in ("median", "low", "high"))
    digits = 0 if middle >= 100 else 1
    return f"{middle:,.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"


def _times(row: Mapping[str, Any], other: Mapping[str, Any], digits: int) -> str:
    """How many times as long one contender's step takes as another's."""
    return f"{row['seconds']['median'] / other['seconds']['median']:.{digits}f}"


def _ratio(value: Mapping[str, Any]) -> str:
    return f"{value['median']:.2f} [{value['low']:.2f}, {value['high']:.2f}]"


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.4f}" for value in values)
