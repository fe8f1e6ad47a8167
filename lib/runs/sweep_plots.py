"""A recorded number over a parameter: mean and interval over runs, from whatever runs there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

from lib.analysis.statistics import mean_interval
from lib.core.errors import UserError
from lib.core.progress import announce
from lib.display import plots
from lib.evidence.svg import png
from lib.runs.plan import in_words
from lib.runs.run_folders import Run
from lib.settings import PROFILES
from lib.settings.decoding import near_misses

RUN_FACTS = ("profile", "source")
SPAN = 8
"""From this ratio of the largest to the smallest value on, the axis is logarithmic."""
MARKS = ("o", "s", "^", "D", "v", "P")


def write(found: Sequence[Run], names: Sequence[str], parameter: str, folder: Path) -> list[Path]:
    """For each number and chapter `<chapter>_<number>_over_<parameter>` as .svg, .png and .csv.

    Raises:
        UserError: as `curves`.
    """
    written = []
    for name in names:
        for chapter, some in curves(found, name, parameter).groupby("chapter", sort=False):
            path = folder / f"{chapter}_{name}_over_{parameter}.svg"
            figure = draw(some, name, parameter)
            figure.patch.set_alpha(1)
            figure.savefig(path, facecolor="white", metadata={"Date": None})
            path.with_suffix(".png").write_bytes(png(figure))
            texts = some[parameter].map(lambda one: one if _is_number(one) else json.dumps(one))
            some.assign(**{parameter: texts}).to_csv(path.with_suffix(".csv"), index=False)
            written += [path, path.with_suffix(".png"), path.with_suffix(".csv")]
    return written


def curves(found: Sequence[Run], name: str, parameter: str) -> pd.DataFrame:
    """The number over the parameter: a curve for each chapter, profile, text and other settings.

    Runs of older code than the newest of a curve are left out, and so are runs without a value.

    Returns:
        A row for each point: chapter; "runs of" (profile, text, and what else differs from the
        profile, which "with" has in full) names its curve; the parameter's value; mean, low, high,
        runs, unit. A single run has no interval.

    Raises:
        UserError: no run has recorded the number, or none that has knows the parameter; it is no
            number; or there is only one value of the parameter.
    """
    some = _with_number(found, name)
    known = {setting for run in some for setting in (*run.settings, *RUN_FACTS)} - {"seed"}
    if parameter not in known:
        also = " The interval is over seeds." if parameter == "seed" else ""
        raise UserError(
            f"No run that recorded {name!r} has a parameter {parameter!r}: "
            f"{near_misses(parameter, known)}{also}"
        )
    groups: dict[tuple[str, ...], list[Run]] = defaultdict(list)
    for run in some:
        if parameter in (*run.settings, *RUN_FACTS):
            groups[_others(run, parameter)].append(run)
    columns = ["chapter", "runs of", "with", parameter, "mean", "low", "high", "runs", "unit"]
    rows = [row for key in sorted(groups) for row in _curve(key, groups[key], name, parameter)]
    made = pd.DataFrame(rows, columns=columns, dtype=object)
    made = made.astype({"mean": float, "low": float, "high": float, "runs": int})
    several = set(map(json.dumps, made[parameter]))
    if len(several) < 2:
        raise UserError(
            f"All runs that recorded {name!r} have {parameter}={''.join(several)}; run others "
            f"first, with python -m lib run CHAPTER --sweep {parameter}=VALUE,VALUE."
        )
    return made


def _with_number(found: Sequence[Run], name: str) -> list[Run]:
    having = [run for run in found if name in run.records]
    if not having:
        known = {other for run in found for other in run.records}
        raise UserError(f"No run has recorded {name!r}: {near_misses(name, known)}")
    values = [run.records[name].value for run in having]
    if any(isinstance(value, list | str) for value in values):
        raise UserError(f"{name!r} is a list or a text, and only a single number can be drawn.")
    some = [run for run, value in zip(having, values, strict=True) if value is not None]
    if not some:
        raise UserError(f"{name!r} has no value in any run: {having[0].records[name].reason}.")
    if len(some) < len(having):
        announce(f"{name}: {len(having) - len(some)} runs have no value and are left out")
    return some


def _others(run: Run, parameter: str) -> tuple[str, ...]:
    """What runs of one curve have in common: chapter, label, and the other settings as JSON."""
    overrides = {key: value for key, value in run.meta["overrides"].items() if key != parameter}
    profile = "" if parameter == "profile" else run.meta["profile"]
    source = "" if parameter == "source" else f"on {run.meta['source']}"
    label = " ".join(filter(None, [profile, source, overrides and f"with {in_words(overrides)}"]))
    return run.meta["chapter"], label, json.dumps(overrides, sort_keys=True)


def _curve(
    key: tuple[str, ...], group: Sequence[Run], name: str, parameter: str
) -> Iterator[tuple[Any, ...]]:
    """The rows of one curve, by the parameter's value."""
    newest = max(group, key=lambda run: run.meta["finished"])
    same = [run for run in group if run.meta["code"] == newest.meta["code"]]
    if older := len(group) - len(same):
        announce(f"{name} in chapter {key[0]} {key[1]}: {older} runs of other code are left out")
    at: dict[str, list[Run]] = defaultdict(list)
    for run in sorted(same, key=lambda run: _order(_value(run, parameter))):
        at[json.dumps(_value(run, parameter))].append(run)
    for runs in at.values():
        # Of runs that differ in device, precision or versions, the newest kind counts.
        last = max(runs, key=lambda run: run.meta["finished"])
        alike = [run for run in runs if run.meta["key"] == last.meta["key"]]
        mean, *ends, n = mean_interval([float(run.records[name].value) for run in alike])
        low, high = ends if n > 1 else (None, None)
        unit = newest.records[name].unit
        yield (*key, _value(last, parameter), mean, low, high, n, unit)


def _value(run: Run, parameter: str) -> Any:
    return run.meta[parameter] if parameter in RUN_FACTS else run.settings[parameter]


def _order(value: Any) -> tuple:
    if _is_number(value):
        return (0, value, "")
    return (1, PROFILES.index(value) if value in PROFILES else 0, json.dumps(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def draw(some: pd.DataFrame, name: str, parameter: str) -> Figure:
    """Dots, joined where the values are numbers, and bars for the intervals over several runs."""
    unit = f" ({some['unit'].iloc[0]})" if some["unit"].iloc[0] else ""
    figure, (panel,) = plots.axes(xlabel=parameter, ylabel=f"{name}{unit}")
    positions = _positions(panel, sorted(some[parameter], key=_order))
    numeric = all(map(_is_number, some[parameter]))
    colours = (plots.BLUE, plots.ORANGE, plots.GREEN, plots.GREY)
    curves = some.groupby(["runs of", "with"], sort=False)
    for row, ((label, _), curve) in enumerate(curves):
        # Where places have no order, nothing joins them, and curves stand side by side.
        aside = 0 if numeric else 0.1 * (row - (len(curves) - 1) / 2)
        x = np.array([positions[json.dumps(value)] for value in curve[parameter]]) + aside
        colour, mark = colours[row % len(colours)], MARKS[row % len(MARKS)]
        least, most = curve["runs"].min(), curve["runs"].max()
        counts = f"{least}–{most}" if least < most else str(most)
        label = f"{label}; {counts} run{'s' if most > 1 else ''} a point"
        line = "-" if numeric else "none"
        panel.plot(
            x, curve["mean"], linestyle=line, color=colour, marker=mark, markersize=4, label=label
        )
        several = curve[curve["runs"] > 1]
        at = x[curve["runs"] > 1]
        panel.vlines(at, several["low"], several["high"], color=colour, linewidth=2)
    plots.legend(panel)
    title = panel.get_legend().get_title()
    title.set(text="mean, and 95% interval over runs", fontsize=plots.LEGEND, color=plots.INK)
    return figure


def _positions(panel: Axes, values: Sequence[Any]) -> dict[str, float]:
    """Where each value stands on the axis: numbers by size, the rest side by side."""
    texts = list(dict.fromkeys(json.dumps(value) for value in values))
    if not all(map(_is_number, values)):
        labels = [json.loads(text) for text in texts]
        shown = [one if isinstance(one, str) else json.dumps(one) for one in labels]
        panel.set_xticks(range(len(texts)), shown)
        panel.set_xlim(-0.5, len(texts) - 0.5)
        return {text: float(place) for place, text in enumerate(texts)}
    if min(values) > 0 and max(values) / min(values) >= SPAN:
        panel.set_xscale("log")
        panel.xaxis.set_major_locator(FixedLocator([json.loads(text) for text in texts]))
        panel.xaxis.set_major_formatter(ScalarFormatter())
        panel.xaxis.set_minor_locator(NullLocator())
    return {text: float(json.loads(text)) for text in texts}
