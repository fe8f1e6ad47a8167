"""Figures of chapter 1 beyond its first ones: shares with intervals, letters, doses, effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from lib.analysis.statistics import Interval
from lib.display.plots import COLOURS, GREY, MARKERS, axes, legend, reference_line
from lib.evidence.figures import INK


def share_against_letters(
    groups: Mapping[str, tuple[np.ndarray, np.ndarray]], margin: float
) -> Figure:
    """Each feature's share for its word, against what its last letters alone would give it."""
    figure, (panel,) = axes(
        height=3.6,
        xlabel="share that the last three letters would give",
        ylabel="share of the word",
    )
    for (label, (expected, share)), colour, marker in zip(
        groups.items(), COLOURS, MARKERS, strict=False
    ):
        panel.plot(expected, share, marker, color=colour, alpha=0.55, markersize=4, label=label)
    line = np.array([0.0, 1.0])
    panel.plot(line, line, color=GREY, linewidth=1, label="letters explain all")
    panel.plot(
        line, margin * line, "--", color=GREY, linewidth=1, label=f"{margin:g} times as much"
    )
    panel.set(xlim=(0, 1), ylim=(0, 1.03))
    legend(panel, loc="lower right", fontsize=8)
    return figure


def lines_with_bands(
    panel: Axes, x: Sequence[float], lines: Mapping[str, Sequence[Interval]]
) -> None:
    """One line for each name, with its interval as a band."""
    for (label, found), colour, marker in zip(lines.items(), COLOURS, MARKERS, strict=False):
        panel.plot(x, [one.mean for one in found], marker=marker, color=colour, label=label)
        panel.fill_between(
            x, [one.low for one in found], [one.high for one in found], color=colour, alpha=0.18
        )


def dose_response(
    doses: Sequence[float],
    rates: Mapping[str, Sequence[Interval]],
    real: Mapping[str, Sequence[float]],
    threshold: float,
    word: str,
    written_by_people: float,
) -> Figure:
    """How often a word is written at each dose, beside how much of the writing is still words."""
    figure, (left, right) = axes(height=4.2, columns=2)
    lines_with_bands(left, doses, rates)
    reference_line(left, written_by_people, "the stories themselves")
    left.set(xlabel="dose", ylabel=f"continuations with “{word}”", ylim=(0, None))
    for (label, shares), colour, marker in zip(real.items(), COLOURS, MARKERS, strict=False):
        right.plot(doses, shares, marker=marker, color=colour, label=label)
    reference_line(right, threshold, "judged down to here")
    right.annotate(
        "judged down to here", (0, threshold), (2, -11), textcoords="offset points", color=INK
    )
    lowest = min(min(shares) for shares in real.values())
    right.set(xlabel="dose", ylabel="share of real words", ylim=(min(0.6, lowest - 0.05), 1.02))
    for panel in (left, right):
        panel.yaxis.set_major_formatter(PercentFormatter(1.0))
    handles, labels = left.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside upper center", ncols=2, frameon=False, labelcolor=INK
    )
    return figure


def letters_needed(counts: Mapping[str, Mapping[int, float]]) -> Figure:
    """How many features know more than their last letters, by how many letters are granted."""
    figure, (panel,) = axes(
        xlabel="letters that the null may see", ylabel="features per dictionary"
    )
    for (label, by_letters), colour, marker in zip(counts.items(), COLOURS, MARKERS, strict=False):
        panel.plot(
            list(by_letters), list(by_letters.values()), marker + "-", color=colour, label=label
        )
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.set_ylim(bottom=0)
    legend(panel)
    return figure
