"""The figures of the chapters: data in, a matplotlib Figure out.

Colours are chosen to stand out on white and on near-black; everything drawn in `INK` takes the
colour of the page's own text when `lib.evidence.figures.figure` publishes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from lib.analysis.statistics import Interval
from lib.evidence.figures import INK

BLUE, ORANGE, GREEN, GREY = "#2f81c4", "#cf6a12", "#1d9a6c", "#858c94"
PURPLE = "#9467bd"
COLOURS = (BLUE, ORANGE, GREY, GREEN, PURPLE)
MARKERS = ("o", "s", "D", "^", "v")
# Inside a coloured cell the page's own text colour may not stand out.
DARK, LIGHT = "#111111", "#f4f4f4"
WIDTH = 6.4  # inches, the width of a page's text column
LEGEND, LETTER = 8, 4.8  # points: the size of every legend, and how wide a letter is in it


def axes(
    height: float = 3.0, columns: int = 1, rows: int = 1, **labels: str
) -> tuple[Figure, list[Axes]]:
    """An empty figure of the book: no frame but two spines, transparent ground; row by row."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).ravel())
    for panel in panels:
        panel.patch.set_alpha(0)
        panel.spines[["top", "right"]].set_visible(False)
        panel.spines[["left", "bottom"]].set_color(INK)
        panel.tick_params(colors=INK, which="both")
        panel.xaxis.label.set_color(INK)
        panel.yaxis.label.set_color(INK)
        panel.title.set_color(INK)
        panel.set(**labels)
    figure.patch.set_alpha(0)
    return figure, panels


def legend(panel: Axes) -> None:
    """A legend above its panel and never on the data, in as many columns as fit there."""
    longest = max(map(len, panel.get_legend_handles_labels()[1]), default=0)
    if not longest:
        return
    room = 72 * WIDTH / panel.get_gridspec().ncols - 50
    columns = max(1, int(room / (34 + LETTER * longest)))
    above = 2.2 if panel.get_title() else 0.3  # in heights of a letter
    panel.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1.0), borderaxespad=above, ncols=columns,
        fontsize=LEGEND, frameon=False, labelcolor=INK,
    )  # fmt: skip


def reference_line(
    panel: Axes, value: float, label: str, vertical: bool = False, style: str = "--"
) -> None:
    """A dashed line for a number that the figure is to be compared with."""
    draw = panel.axvline if vertical else panel.axhline
    draw(value, color=GREY, linestyle=style, linewidth=1, label=label)


def numbered_cells(
    panel: Axes, values: np.ndarray, limits: tuple[float, float], fontsize: float = 7
) -> None:
    """A coloured table, [rows, columns], with each number in its cell; NaN is left empty."""
    low, high = limits
    panel.pcolormesh(np.ma.masked_invalid(values), cmap="viridis", vmin=low, vmax=high)
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            panel.text(
                column + 0.5, row + 0.5, f"{value:.2f}", ha="center", va="center",
                fontsize=fontsize, color=DARK if (value - low) / (high - low) > 0.6 else LIGHT,
            )  # fmt: skip


def loss_curves(
    train: Sequence[tuple[int, float]],
    validation: Sequence[tuple[int, float]],
    references: Mapping[str, float],
) -> Figure:
    """Loss (nats per character) against training step, with reference losses as dashed lines."""
    figure, (panel,) = axes(xlabel="training step", ylabel="loss (nats / character)")
    panel.plot(*np.transpose(train), color=BLUE, linewidth=0.8, alpha=0.7, label="training batch")
    panel.plot(
        *np.transpose(validation), color=ORANGE, marker="o", markersize=4, label="validation text"
    )
    for (label, value), style in zip(references.items(), ("--", ":", "-."), strict=False):
        reference_line(panel, value, label, style=style)
    # The first steps fall from 5.5: without a limit they would flatten all that follows.
    panel.set_ylim(0, min(4.0, panel.get_ylim()[1]))
    legend(panel)
    return figure


def density_histogram(
    densities: Mapping[str, np.ndarray], mean: float, rare_below: float, tokens: int
) -> Figure:
    """How often features fire, on a log axis; silent features stand in a bar of their own."""
    figure, (panel,) = axes(
        xlabel=f"share of {tokens:,} characters on which a feature is active",
        ylabel="share of features",
    )
    silent_at = 0.3 / tokens
    bins = np.geomspace(0.5 / tokens, 1.0, 40)
    for (label, density), colour in zip(densities.items(), (BLUE, ORANGE), strict=False):
        weights = np.full(len(density), 1 / len(density))
        alive = density > 0
        panel.hist(
            density[alive], bins, weights=weights[alive], color=colour, alpha=0.55, label=label
        )
        share = 1 - alive.mean()
        panel.plot([silent_at], [share], "o", color=colour, markersize=6)
        panel.vlines(silent_at, 0, share, color=colour, linewidth=2)
    panel.set_xscale("log")
    panel.annotate(
        "silent", (silent_at, 0), (4, 4), textcoords="offset points", fontsize=8, color=INK
    )
    reference_line(panel, mean, "mean, fixed at k / F", vertical=True)
    panel.axvline(rare_below, color=GREY, linestyle=":", label="rare below half the mean")
    legend(panel)
    return figure


def share_histogram(
    shares: Mapping[str, np.ndarray], xlabel: str, threshold: tuple[str, float]
) -> Figure:
    """How many features have which share, such as purity, for groups; name and place of a line."""
    figure, (panel,) = axes(xlabel=xlabel, ylabel="features")
    bins = np.linspace(0, 1, 41)
    colours = (BLUE, ORANGE, GREY)
    for (label, values), colour in zip(shares.items(), colours, strict=False):
        counts, _ = np.histogram(values, bins)
        panel.stairs(counts, bins, color=colour, linewidth=1.6, label=label)
        if colour == BLUE:
            panel.stairs(counts, bins, fill=True, color=colour, alpha=0.25)
    panel.set_yscale("symlog", linthresh=1)
    panel.set_ylim(bottom=0)
    reference_line(panel, threshold[1], threshold[0], vertical=True)
    legend(panel)
    return figure


def counts_with_intervals(
    groups: Mapping[str, Sequence[float]], xlabel: str, reference: tuple[str, float] | None = None
) -> Figure:
    """Each repetition as a dot, a row for each group, with the mean as a bar."""
    figure, (panel,) = axes(height=0.6 + 0.55 * len(groups), xlabel=xlabel)
    colours = (BLUE, ORANGE, GREY, GREEN)
    for row, (values, colour) in enumerate(zip(groups.values(), colours, strict=False)):
        panel.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.7)
        panel.plot([np.mean(values)], [row], "|", color=colour, markersize=22, markeredgewidth=2)
    panel.set_yticks(range(len(groups)), list(groups))
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.set_ylim(len(groups) - 0.5, -0.5)
    if reference:
        reference_line(panel, reference[1], reference[0], vertical=True)
        legend(panel)
    return figure


def chosen_and_confirmed(
    labels: Sequence[str], chosen: Sequence[float], confirmed: Sequence[float], threshold: float
) -> Figure:
    """A row for each feature: a value where it was chosen (ring) and where it was tested (dot)."""
    rows = np.arange(len(labels))
    figure, (panel,) = axes(height=0.9 + 0.22 * len(labels), xlabel="purity")
    panel.hlines(rows, chosen, confirmed, color=GREY, linewidth=1)
    panel.plot(chosen, rows, "o", markerfacecolor="none", color=ORANGE, label="where chosen")
    panel.plot(confirmed, rows, "o", color=BLUE, label="on other text")
    panel.set_yticks(rows, labels)
    panel.set_xlim(min(0.5, *chosen, *confirmed) - 0.02, 1.02)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    reference_line(panel, threshold, "selective from here", vertical=True)
    legend(panel)
    return figure


def interval_rows(
    rows: Mapping[str, Mapping[str, Interval]],
    xlabel: str,
    reference: tuple[str, float] | None = None,
    percent: bool = False,
) -> Figure:
    """A row for each label; in it, for each group, a mean with its interval.

    Args:
        rows: label of the row -> name of the group -> its interval.
        reference: name and place of a vertical dashed line.
    """
    groups = list(dict.fromkeys(name for row in rows.values() for name in row))
    most = max(len(row) for row in rows.values())
    figure, (panel,) = axes(height=1.1 + len(rows) * (0.2 + 0.12 * most), xlabel=xlabel)
    for order, group in enumerate(groups):
        at = [
            i + 0.7 * ((list(row).index(group) + 0.5) / len(row) - 0.5)
            for i, row in enumerate(rows.values())
            if group in row
        ]
        found = [row[group] for row in rows.values() if group in row]
        mean = np.array([one.mean for one in found])
        # A bound that is infinite, of a single repetition, has no end to draw.
        spread = [[one.mean - one.low, one.high - one.mean] for one in found]
        error = np.where(np.isfinite(spread), spread, 0.0).T
        colour, marker = COLOURS[order % 5], MARKERS[order % 5]
        panel.errorbar(
            mean, at, xerr=error.reshape(2, -1), fmt=marker, color=colour, label=group,
            markersize=5, elinewidth=1.6,
        )  # fmt: skip
    panel.set_yticks(range(len(rows)), list(rows))
    panel.set_ylim(len(rows) - 0.4, -0.6)
    if percent:
        panel.xaxis.set_major_formatter(PercentFormatter(1.0))
    if reference:
        reference_line(panel, reference[1], reference[0], vertical=True)
    legend(panel)
    return figure


def bars(values: Mapping[str, float], xlabel: str) -> Figure:
    """A horizontal bar with its number for each label."""
    figure, (panel,) = axes(height=0.8 + 0.24 * max(1, len(values)), xlabel=xlabel)
    drawn = panel.barh(range(len(values)), list(values.values()), color=BLUE, alpha=0.8)
    panel.bar_label(drawn, fmt="%.3g", padding=3, color=INK, fontsize=8)
    panel.set_yticks(range(len(values)), list(values))
    panel.set_ylim(len(values) - 0.4, -0.6)
    panel.margins(x=0.1)
    return figure
