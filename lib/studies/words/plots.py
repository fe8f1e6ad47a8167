"""Figures of chapter 1 beyond its first ones: shares with intervals, letters, doses, effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lib.analysis.statistics import Interval
from lib.display.plots import COLOURS, GREY, LEGEND, MARKERS, axes, legend, reference_line
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
    legend(panel)
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
    effects: Mapping[str, Sequence[Interval]],
    divergence: Mapping[str, Sequence[float]],
    judged: float,
    word: str,
) -> Figure:
    """How much likelier a word is at each dose, beside how far the next letter has moved."""
    figure, (left, right) = axes(height=4.2, columns=2)
    lines_with_bands(left, doses, effects)
    reference_line(left, 0.0, "no effect")
    left.set(xlabel="dose", ylabel=f"log-probability of “{word}”, change (nats)")
    for (label, moved), colour, marker in zip(divergence.items(), COLOURS, MARKERS, strict=False):
        right.plot(doses, moved, marker=marker, color=colour, label=label)
    reference_line(right, judged, "judged here")
    right.set(xlabel="dose", ylabel="divergence of the next letter (nats)", ylim=(0, None))
    handles, labels = left.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside upper center", ncols=2, frameon=False, labelcolor=INK,
        fontsize=LEGEND,
    )  # fmt: skip
    return figure


def counts_by(counts: Mapping[str, Mapping[int, float]], xlabel: str, ylabel: str) -> Figure:
    """A line for each group: a count for each whole number."""
    figure, (panel,) = axes(xlabel=xlabel, ylabel=ylabel)
    for (label, by), colour, marker in zip(counts.items(), COLOURS, MARKERS, strict=False):
        panel.plot(list(by), list(by.values()), marker + "-", color=colour, label=label)
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.set_ylim(bottom=0)
    legend(panel)
    return figure
