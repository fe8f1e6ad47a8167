"""Figures about two dictionaries: maps over size and coefficient, histograms of similarity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
from lib.display.toy_plots import COLOURS, band
from lib.evidence.figures import INK

FATES = {"dead": GREY, "rare": ORANGE, "alive": BLUE}


def size_maps(
    panels: Mapping[str, np.ndarray],
    sizes: Sequence[Sequence[str]],
    coefficients: Sequence[str],
    limits: tuple[float, float] | None = None,
    xlabel: str = "L1 coefficient",
) -> Figure:
    """One coloured table a panel: coefficient to the right, dictionary size downwards.

    Args:
        panels: title -> [sizes, coefficients]; NaN is left empty.
        sizes: for each panel, what its rows are called.
        limits: of the colours; None: each panel has its own, so that its shape shows.
    """
    rows = max(len(names) for names in sizes)
    figure, found = axes(1.0 + 0.34 * rows, len(panels))
    for panel, (title, values), names in zip(found, panels.items(), sizes, strict=True):
        low, high = limits or (np.nanmin(values), max(np.nanmax(values), np.nanmin(values) + 1e-9))
        numbered_cells(panel, values, (low, high))
        panel.set_xticks(np.arange(len(coefficients)) + 0.5, coefficients, fontsize=7)
        panel.set_yticks(np.arange(len(names)) + 0.5, names, fontsize=7)
        panel.set_ylim(len(names), 0)
        panel.set_title(title, fontsize=8, color=INK)
        panel.set_xlabel(xlabel, fontsize=8)
    found[0].set_ylabel("features → next larger", fontsize=8)
    return figure


def fate_histograms(
    panels: Mapping[str, Mapping[str, np.ndarray]], xlabel: str, reference: tuple[str, float]
) -> Figure:
    """A panel a dictionary: how many of its features have which similarity, stacked by fate.

    Args:
        panels: title -> fate ("dead", "rare", "alive") -> values.
    """
    figure, found = axes(3.0, len(panels), xlabel=xlabel)
    bins = np.linspace(0, 1, 51)
    for panel, (title, groups) in zip(found, panels.items(), strict=True):
        panel.hist(
            list(groups.values()), bins, stacked=True, label=list(groups),
            color=[FATES[fate] for fate in groups],
        )  # fmt: skip
        panel.set_title(title, fontsize=9, color=INK)
        reference_line(panel, reference[1], reference[0], vertical=True, style=":")
        panel.set_xlim(0, 1.01)
    found[0].set_ylabel("features")
    legend(found[-1])
    return figure


def outlines(
    groups: Mapping[str, np.ndarray],
    xlabel: str,
    bins: np.ndarray,
    references: Mapping[str, float] | None = None,
    height: float = 3.2,
) -> Figure:
    """Histograms as outlines over each other, each of area one; the first one is filled."""
    figure, (panel,) = axes(height, xlabel=xlabel, ylabel="share of each group")
    for number, ((label, values), colour) in enumerate(zip(groups.items(), COLOURS, strict=False)):
        counts, _ = np.histogram(np.clip(values, bins[0], bins[-1]), bins)
        shares = counts / max(1, len(values))
        panel.stairs(shares, bins, color=colour, linewidth=1.5, label=label)
        if not number:
            panel.stairs(shares, bins, fill=True, color=colour, alpha=0.25)
    for (label, value), style in zip((references or {}).items(), ("--", ":", "-."), strict=False):
        reference_line(panel, value, label, vertical=True, style=style)
    legend(panel)
    return figure


def by_size(
    sizes: Sequence[int], panels: Mapping[str, Mapping[str, np.ndarray]], logarithmic: bool = False
) -> Figure:
    """A panel a quantity against dictionary size; mean and range over dictionaries.

    Args:
        panels: y label -> label -> [dictionaries, sizes].
        logarithmic: whether the last panel's axis is.
    """
    figure, found = axes(3.0, len(panels), xlabel="features")
    for panel, (ylabel, curves) in zip(found, panels.items(), strict=True):
        for (label, values), colour in zip(curves.items(), COLOURS, strict=False):
            band(panel, sizes, values, colour, label)
        panel.set_xscale("log", base=2)
        panel.set_xticks(list(sizes), [f"{size:,}" for size in sizes], fontsize=7)
        panel.minorticks_off()
        panel.set_ylabel(ylabel)
        legend(panel)
    if logarithmic:
        found[-1].set_yscale("symlog", base=2, linthresh=8)
    return figure


def in_time(
    steps: Sequence[int],
    panels: Mapping[str, Mapping[str, np.ndarray]],
    marks: Sequence[int] = (),
) -> Figure:
    """A panel a quantity against training steps; mean and range over dictionaries.

    Args:
        panels: y label -> label -> [dictionaries, steps].
        marks: steps at which a line is drawn.
    """
    figure, found = axes(3.0, len(panels), xlabel="training step")
    for panel, (ylabel, curves) in zip(found, panels.items(), strict=True):
        for (label, values), colour in zip(curves.items(), COLOURS, strict=False):
            band(panel, steps, values, colour, label)
        for mark in marks:
            panel.axvline(mark, color=GREY, linewidth=0.8, linestyle=":")
        panel.set_ylabel(ylabel)
        panel.set_ylim(bottom=0)
        legend(panel)
    return figure


def by_level(
    levels: Sequence[float],
    curves: Mapping[str, np.ndarray],
    at: float,
    reference: tuple[str, float],
) -> Figure:
    """Features found again against the cosine from which they count, with a mark at one level.

    Args:
        curves: label -> [dictionaries, levels]; mean and range are drawn.
        at: one of the levels; what each curve has there stands beside its name.
    """
    figure, (panel,) = axes(3.4, xlabel="cosine from which a feature is found again")
    place = list(levels).index(at)
    panel.axvline(at, color=GREY, linewidth=1)
    for (label, values), colour in zip(curves.items(), COLOURS, strict=False):
        mean = values[:, place].mean()
        band(panel, levels, values, colour, f"{label}: {mean:.0f}")
        panel.plot([at], [mean], "o", color=colour, markersize=5)
    reference_line(panel, reference[1], reference[0], style=":")
    panel.set_ylabel("different features")
    panel.set_ylim(bottom=0)
    legend(panel)
    return figure


def spans(rows: Mapping[str, tuple[float, float, float]], xlabel: str) -> Figure:
    """A row a group: its mean as a dot and its interval as a line.

    Args:
        rows: label -> mean, low, high.
    """
    figure, (panel,) = axes(0.7 + 0.28 * len(rows), xlabel=xlabel)
    for row, ((mean, low, high), colour) in enumerate(zip(rows.values(), _cycle(), strict=False)):
        panel.hlines(row, low, high, color=colour, linewidth=2)
        panel.plot([mean], [row], "o", color=colour, markersize=5)
    panel.set_yticks(range(len(rows)), list(rows), fontsize=8)
    panel.set_ylim(len(rows) - 0.5, -0.5)
    _zero(panel)
    return figure


def _cycle() -> tuple[str, ...]:
    return (BLUE, ORANGE, GREEN, *COLOURS[3:])


def _zero(panel: Axes) -> None:
    panel.axvline(0, color=GREY, linewidth=0.8, linestyle=":")
