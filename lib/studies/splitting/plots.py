"""Figures of the chapter on splitting: classes of hyphens, rates, losses, who leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from lib.analysis.statistics import Interval
from lib.display.plots import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    axes,
    legend,
    numbered_cells,
    reference_line,
)
from lib.display.toy_plots import band
from lib.evidence.figures import INK

COLOURS = (BLUE, ORANGE, GREEN, "#9467bd", GREY)


def class_counts(names: Sequence[str], counts: Mapping[str, Sequence[int]]) -> Figure:
    """How many contexts each class has, in each part of the text."""
    figure, (panel,) = axes(0.8 + 0.27 * len(names), xlabel="hyphens")
    height = 0.8 / len(counts)
    rows = np.arange(len(names))
    for number, (label, found) in enumerate(counts.items()):
        panel.barh(
            rows + (number + 0.5) * height - 0.4, found, height, color=COLOURS[number], label=label
        )
    panel.set_yticks(rows, names)
    panel.invert_yaxis()
    legend(panel)
    return figure


def rates(found: Mapping[str, Interval], document: Mapping[str, float]) -> Figure:
    """Share of dictionaries in which the feature has split, a row a setting, with intervals.

    Args:
        document: where the document tells of runs of a setting, its share of successes.
    """
    rows = np.arange(len(found))
    figure, (panel,) = axes(0.9 + 0.32 * len(found), xlabel="share of dictionaries that split it")
    for row, interval in zip(rows, found.values(), strict=True):
        panel.plot([interval.low, interval.high], [row, row], color=BLUE, linewidth=2)
    panel.plot([i.mean for i in found.values()], rows, "o", color=BLUE, label="here, 95% interval")
    places = [(document[name], row) for row, name in enumerate(found) if name in document]
    if places:
        panel.plot(
            *np.transpose(places), "D", color=ORANGE, markerfacecolor="none", markersize=9,
            label="the document",
        )  # fmt: skip
    panel.set_yticks(rows, list(found))
    panel.set_xlim(-0.04, 1.04)
    panel.set_ylim(len(found) - 0.5, -0.5)
    legend(panel)
    return figure


def filter_levels(
    levels: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    bars: Mapping[str, Sequence[float]],
    at: float,
) -> Figure:
    """What a filter keeps against its threshold, and at one threshold of which class.

    Args:
        curves: label -> share at each level.
        bars: class -> share at each level; NaN: it has no context.
        at: one of the levels.
    """
    figure, (left, right) = axes(3.2, 2)
    place = list(levels).index(at)
    for (label, shares), colour in zip(curves.items(), COLOURS, strict=False):
        left.plot(levels, shares, color=colour, linewidth=1.4, label=label)
        left.plot([at], [shares[place]], "o", color=colour)
    left.axvline(at, color=GREY, linewidth=1)
    left.set(xlabel="threshold, as a share of the top", ylabel="share", ylim=(-0.03, 1.03))
    legend(left)
    heights = [shares[place] for shares in bars.values()]
    right.barh(range(len(bars)), np.nan_to_num(heights), 0.6, color=COLOURS[2])
    for row, height in enumerate(heights):
        right.annotate(
            f"{height:.0%}" if np.isfinite(height) else "none in the text",
            (np.nan_to_num(height), row), (3, 0), textcoords="offset points", va="center",
            fontsize=8, color=INK,
        )  # fmt: skip
    right.set_yticks(range(len(bars)), list(bars), fontsize=8)
    right.set(xlabel=f"hyphens above {at:.2f} of the top", xlim=(0, 1.15))
    right.invert_yaxis()
    return figure


def table_of(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], limits: tuple[float, float]
) -> Figure:
    """A coloured table of numbers; NaN is left empty."""
    figure, (panel,) = axes(0.6 + 0.3 * len(rows))
    numbered_cells(panel, values, limits, fontsize=8)
    panel.set_xticks(np.arange(len(columns)) + 0.5, columns, fontsize=8)
    panel.set_yticks(np.arange(len(rows)) + 0.5, rows, fontsize=8)
    panel.xaxis.tick_top()
    panel.spines[["left", "bottom"]].set_visible(False)
    panel.tick_params(length=0)
    panel.invert_yaxis()
    return figure


def losses(steps: Sequence[int], curves: Mapping[str, np.ndarray]) -> Figure:
    """Training loss against step, both on log axes; a curve is the mean of [dictionaries, steps]
    with the range of all."""
    figure, (panel,) = axes(xlabel="training step", ylabel="loss")
    for (label, values), colour in zip(curves.items(), COLOURS, strict=False):
        band(panel, steps, values, colour, label)
    panel.set_xscale("log")
    panel.set_yscale("log")
    legend(panel)
    return figure


def over_steps(
    steps: Sequence[int],
    curves: Mapping[str, np.ndarray],
    ylabel: str,
    reference: tuple[str, float] | None = None,
) -> Figure:
    """[dictionaries, steps] of several settings; the start stands left of the first step."""
    figure, (panel,) = axes(xlabel="training step", ylabel=ylabel)
    for (label, values), colour in zip(curves.items(), COLOURS, strict=False):
        band(panel, np.maximum(steps, 0.5), values, colour, label)
    panel.set_xscale("log")
    panel.annotate(
        "start", (0.5, 0), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
        fontsize=8, color=INK,
    )  # fmt: skip
    if reference:
        reference_line(panel, reference[1], reference[0])
    legend(panel)
    return figure
