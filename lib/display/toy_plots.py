"""Figures about known directions: plots over size and sparsity, and recovery in time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

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
from lib.evidence.figures import INK

COLOURS = (BLUE, ORANGE, GREEN, "#9467bd", "#c44e7b", "#7f6b2f", "#2aa8b8", GREY, "#d0a415")
STARTS = {
    "kaiming": BLUE,
    "orthogonal": "#2aa8b8",
    "data": ORANGE,
    "mixed": "#d0a415",
    "rare": "#c44e7b",
    "pca": "#7f6b2f",
    "ica": "#9467bd",
    "kmeans": GREY,
    "unexplained": GREEN,
}
"""Ways to start a dictionary: each has one colour in all figures."""


def colours_of(labels: Iterable[str]) -> list[str]:
    """The colour of each label: that of the start with whose name it begins, else the next."""
    starts = [STARTS.get(re.split(r"\W", label, maxsplit=1)[0]) for label in labels]
    return [start or COLOURS[i % len(COLOURS)] for i, start in enumerate(starts)]


def maps(
    panels: Mapping[str, np.ndarray],
    sizes: Sequence[Sequence[int]],
    coefficients: Sequence[float],
    limits: tuple[float, float] = (0.0, 1.0),
) -> Figure:
    """One coloured table a panel: L1 coefficient upwards, dictionary size to the right.

    Args:
        panels: title -> [coefficients, sizes].
        sizes: for each panel, what its columns are called.
    """
    figure, found = axes(0.9 + 0.45 * len(coefficients), len(panels))
    for panel, (title, values), names in zip(found, panels.items(), sizes, strict=True):
        numbered_cells(panel, values, limits)
        panel.set_xticks(np.arange(len(names)) + 0.5, [str(name) for name in names], fontsize=7)
        panel.set_yticks([])
        panel.set_title(title, fontsize=8, color=INK)
        panel.set_xlabel("features", fontsize=8)
    ticks = np.arange(len(coefficients)) + 0.5
    found[0].set_yticks(ticks, [f"{c:g}" for c in coefficients], fontsize=7)
    found[0].set_ylabel("L1 coefficient", fontsize=8)
    return figure


def band(panel: Axes, x: Sequence[float], curves: np.ndarray, colour: str, label: str) -> None:
    """The mean of several curves, and the range from the lowest to the highest of them."""
    panel.plot(x, curves.mean(axis=0), color=colour, linewidth=1.4, label=label)
    panel.fill_between(
        x, curves.min(axis=0), curves.max(axis=0), color=colour, alpha=0.18, linewidth=0
    )


def curves_in_time(
    steps: Sequence[int],
    curves: Mapping[str, np.ndarray],
    ylabel: str,
    references: Mapping[str, float] | None = None,
    height: float = 3.6,
) -> Figure:
    """Something against training steps: for each label the mean and range over dictionaries."""
    figure, (panel,) = axes(height, xlabel="training step", ylabel=ylabel)
    for (label, values), colour in zip(curves.items(), colours_of(curves), strict=True):
        band(panel, steps, values, colour, label)
    for label, value in (references or {}).items():
        reference_line(panel, value, label)
    legend(panel)
    return figure


def curves_one_by_one(
    steps: Sequence[int],
    curves: Mapping[str, np.ndarray],
    ylabel: str,
    beside: str,
    columns: int = 3,
) -> Figure:
    """A panel for each label: its mean and range, over the means of all others in grey.

    Args:
        beside: the label whose mean is drawn in every panel, dashed, to compare with.
    """
    rows = -(-len(curves) // columns)
    figure, panels = axes(0.5 + 1.6 * rows, columns, rows)
    colours = dict(zip(curves, colours_of(curves), strict=True))
    for position, (panel, (label, values)) in enumerate(zip(panels, curves.items(), strict=False)):
        for other, found in curves.items():
            if other not in (label, beside):
                panel.plot(steps, found.mean(axis=0), color=GREY, linewidth=0.6, alpha=0.5)
        if label != beside:
            mean = curves[beside].mean(axis=0)
            panel.plot(steps, mean, "--", color=colours[beside], linewidth=1.2)
        band(panel, steps, values, colours[label], label)
        panel.set_title(label, color=INK)
        panel.set_xlim(0, max(steps))
        panel.set_ylim(min(found.min() for found in curves.values()) - 0.02, 1.01)
        if position % columns:
            panel.set_yticklabels([])
        if position < len(curves) - columns:
            panel.set_xticklabels([])
    for panel in panels[len(curves) :]:
        panel.set_visible(False)
    figure.supxlabel("training step", color=INK, fontsize="medium")
    figure.supylabel(ylabel, color=INK, fontsize="medium")
    return figure


def steps_to_levels(levels: Mapping[str, Mapping[str, Sequence[float]]], last: int) -> Figure:
    """For each level a panel: the step at which each dictionary reached it, a row a scheme."""
    schemes = list(next(iter(levels.values())))
    figure, panels = axes(0.9 + 0.26 * len(schemes), len(levels), xlabel="step")
    for panel, (title, found) in zip(panels, levels.items(), strict=True):
        colours = colours_of(found)
        for row, (values, colour) in enumerate(zip(found.values(), colours, strict=True)):
            shown = np.asarray(values, dtype=float)
            never = np.isnan(shown)
            panel.plot(shown[~never], np.full((~never).sum(), row), "o", color=colour, alpha=0.6)
            panel.plot(
                np.full(never.sum(), 1.05 * last), np.full(never.sum(), row), "x", color=colour
            )
        panel.set_title(title, fontsize=9, color=INK)
        panel.set_yticks(range(len(schemes)), schemes if panel is panels[0] else [], fontsize=8)
        panel.set_ylim(len(schemes) - 0.5, -0.5)
        panel.set_xlim(0, 1.1 * last)
        panel.tick_params(axis="x", labelsize=7)
    return figure


def found_by_rank(groups: Mapping[str, np.ndarray], last: int) -> Figure:
    """Step at which each true feature is first found, against its frequency rank.

    Args:
        groups: label -> [dictionaries, features]; infinity where a feature was never found.
    """
    figure, (panel,) = axes(
        3.4, xlabel="true feature, from the most to the least frequent", ylabel="step when found"
    )
    for (label, when), colour in zip(groups.items(), colours_of(groups), strict=True):
        shown = np.minimum(when, 1.06 * last)
        for row in shown:
            panel.plot(row, ".", color=colour, alpha=0.25, markersize=4)
        panel.plot(np.median(shown, axis=0), color=colour, linewidth=1.6, label=label)
    reference_line(panel, last, "end of training; above it: never found")
    legend(panel)
    return figure


def dots(groups: Mapping[str, Sequence[float]], xlabel: str, colour: str | None = None) -> Figure:
    """One dot a dictionary, a row for each group, with the mean as a bar; in one colour or many."""
    figure, (panel,) = axes(0.6 + 0.3 * len(groups), xlabel=xlabel)
    colours = [colour] * len(groups) if colour else COLOURS
    for row, (values, colour) in enumerate(zip(groups.values(), colours, strict=False)):
        panel.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.6, markersize=5)
        panel.plot([np.mean(values)], [row], "|", color=colour, markersize=14, markeredgewidth=2)
    panel.set_yticks(range(len(groups)), list(groups), fontsize=8)
    panel.set_ylim(len(groups) - 0.5, -0.5)
    counted = all(float(value).is_integer() for values in groups.values() for value in values)
    panel.xaxis.get_major_locator().set_params(integer=counted)
    return figure


def counts_by_size(
    sizes: Sequence[int], counts: Mapping[str, np.ndarray], reference: tuple[str, float] | None
) -> Figure:
    """Number of shared features against dictionary size, mean and range over dictionaries."""
    figure, (panel,) = axes(
        3.4, xlabel="features of the smaller dictionary", ylabel="of these found again"
    )
    for (label, values), colour in zip(counts.items(), COLOURS, strict=False):
        band(panel, sizes, values, colour, label)
    panel.plot(sizes, sizes, color=GREY, linestyle=":", linewidth=1, label="all of them")
    panel.set_xscale("log", base=2)
    panel.set_xticks(list(sizes), [f"{size:,}" for size in sizes])
    panel.set_yscale("symlog", base=2, linthresh=4)
    ticks = [0, 4, *(2**power for power in range(4, int(np.log2(max(sizes))) + 1, 2))]
    panel.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    panel.set_ylim(0, 1.3 * max(sizes))
    if reference:
        reference_line(panel, reference[1], reference[0])
    legend(panel)
    return figure
