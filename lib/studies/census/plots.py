"""Figures of chapter 3: losses, frequencies and their laws, directions and neurons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from lib.display.plots import BLUE, GREEN, GREY, ORANGE, axes, legend, reference_line
from lib.evidence.figures import INK
from lib.studies.census.rank_laws import Law

PURPLE = "#9467bd"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, GREY)


def density_histograms(
    groups: Mapping[str, np.ndarray], tokens: int, marks: Mapping[str, float]
) -> Figure:
    """How often features are active, on a log axis; the silent ones stand at the left edge.

    Args:
        groups: label -> densities of all features of its dictionaries.
        marks: label -> density of a vertical line.
    """
    figure, (panel,) = axes(
        xlabel=f"share of {tokens:,} tokens on which a feature is active",
        ylabel="share of features",
    )
    silent_at, bins = 0.3 / tokens, np.geomspace(0.5 / tokens, 1.0, 40)
    for (label, density), colour in zip(groups.items(), COLOURS, strict=False):
        weights = np.full(len(density), 1 / len(density))
        alive = density > 0
        panel.hist(
            density[alive], bins, weights=weights[alive], color=colour, alpha=0.5, label=label
        )
        panel.plot([silent_at], [1 - alive.mean()], "o", color=colour, markersize=6)
        panel.vlines(silent_at, 0, 1 - alive.mean(), color=colour, linewidth=2)
    panel.set_xscale("log")
    for (label, value), style in zip(marks.items(), ("--", ":", "-."), strict=False):
        reference_line(panel, value, label, vertical=True, style=style)
    panel.annotate(
        "silent", (silent_at, 0), (4, 4), textcoords="offset points", fontsize=8, color=INK
    )
    legend(panel)
    return figure


def rank_plot(
    frequency: np.ndarray, fits: Sequence[tuple[int, float, Mapping[str, Law]]]
) -> Figure:
    """Frequency against rank twice, log-log and log-linear, with laws fitted to stretches of it.

    Args:
        frequency: by rank.
        fits: for each stretch its first rank, the share of all firings in it times their number
            for each token, and the laws.
    """
    figure, panels = axes(3.4, 2, xlabel="rank")
    ranks = np.arange(1, len(frequency) + 1)
    styles = {"power law": ("--", ORANGE), "exponential": ("-", GREEN), "log-normal": (":", PURPLE)}
    for panel in panels:
        panel.plot(ranks, frequency, ".", color=BLUE, markersize=3, alpha=0.6, label="features")
        for number, (first, total, laws) in enumerate(fits):
            at = np.arange(first, first + len(next(iter(laws.values())).log_chance))
            for name, law in laws.items():
                line, colour = styles[name]
                label = None if number else name
                chance = total * np.exp(law.log_chance)
                panel.plot(at, chance, line, color=colour, linewidth=1.5, label=label)
        for first, _, _ in fits[1:]:
            reference_line(panel, first, None, vertical=True)
        panel.set_yscale("log")
    panels[0].set_xscale("log")
    panels[0].set_ylabel("share of tokens on which it is active")
    legend(panels[0])
    return figure


def power_scatter(
    groups: Mapping[str, tuple[np.ndarray, np.ndarray]],
    lines: Mapping[str, float] | None = None,
) -> Figure:
    """Share of the strongest neuron against that of the next nine; a cloud for each group."""
    figure, (panel,) = axes(
        4.0, xlabel="share of power on the strongest neuron", ylabel="share on the next nine"
    )
    styles = ((GREY, ".", 3, 0.35), (GREEN, "o", 3, 0.5), (ORANGE, "^", 4, 0.6))
    for (label, (top, rest)), (colour, marker, size, alpha) in zip(
        groups.items(), styles, strict=False
    ):
        panel.plot(top, rest, marker, color=colour, markersize=size, alpha=alpha, label=label)
    for label, total in (lines or {}).items():
        panel.plot([0, total], [total, 0], "--", color=GREY, linewidth=1, label=label)
    panel.set(xlim=(0, 1), ylim=(0, None))
    legend(panel)
    return figure


def kurtosis_histogram(groups: Mapping[str, np.ndarray], largest: float) -> Figure:
    """Excess kurtosis of directions on a symmetric-log axis, against the largest possible."""
    figure, (panel,) = axes(xlabel="excess kurtosis of a direction", ylabel="share of directions")
    bins = np.concatenate([np.linspace(-2, 1, 7), np.geomspace(1.2, largest * 1.05, 40)])
    for (label, values), colour in zip(groups.items(), COLOURS, strict=False):
        counts, _ = np.histogram(values, bins)
        panel.stairs(counts / len(values), bins, color=colour, linewidth=1.5, label=label)
    panel.set_xscale("symlog", linthresh=1)
    panel.set_yscale("log")
    reference_line(panel, largest, "a single neuron", vertical=True)
    legend(panel)
    return figure


def counts_by_rank(
    groups: Mapping[str, Sequence[np.ndarray]], chance: Mapping[str, float]
) -> Figure:
    """Features for which a neuron is the primary one, neurons in falling order, a line each.

    Args:
        groups: label -> for each dictionary the counts of its neurons.
        chance: label -> the largest count that chance reaches, as a horizontal line.
    """
    figure, (panel,) = axes(
        3.4, xlabel="neuron, by its number of features", ylabel="features it is primary for"
    )
    for (label, counts), colour in zip(groups.items(), COLOURS, strict=False):
        for number, one in enumerate(counts):
            ranks = np.arange(1, len(one) + 1)
            named = None if number else label
            panel.plot(ranks, np.sort(one)[::-1], color=colour, linewidth=1.3, label=named)
    for (label, value), style in zip(chance.items(), ("--", ":"), strict=False):
        reference_line(panel, value, label, style=style)
    panel.set_xscale("log")
    panel.set_yscale("symlog", linthresh=1)
    panel.set_ylim(bottom=0)
    legend(panel)
    return figure


def scores_against_power(
    power: np.ndarray, score: np.ndarray, mine: np.ndarray, neuron: int
) -> Figure:
    """Interpretability score of each feature against its share of power on one neuron.

    Args:
        mine: whether the neuron is the feature's primary one.
    """
    figure, (panel,) = axes(
        3.4, xlabel=f"share of power on neuron {neuron}", ylabel="interpretability score"
    )
    for which, colour, marker, label in (
        (~mine, BLUE, ".", "another neuron is primary"),
        (mine, ORANGE, "^", f"neuron {neuron} is primary"),
    ):
        panel.plot(
            power[which], score[which], marker, color=colour, alpha=0.5, markersize=4, label=label
        )
    # Medians of equal-sized groups show what the cloud hides.
    order = np.array_split(np.argsort(power, kind="stable"), 10)
    middle = [(np.median(power[part]), np.median(score[part])) for part in order if len(part)]
    panel.plot(*np.transpose(middle), color=INK, linewidth=1.6, label="medians of tenths")
    panel.set_xscale("log")
    panel.set_xlim(left=max(1e-6, float(np.quantile(power, 0.02))))
    legend(panel)
    return figure


def cumulative_scores(groups: Mapping[str, np.ndarray], threshold: float) -> Figure:
    """Share of all features whose score is at least so high, a line for each group.

    Args:
        groups: label -> scores of all features; what was not judged is NaN and never counts.
    """
    figure, (panel,) = axes(
        3.4, xlabel="interpretability score", ylabel="share of features with at least it"
    )
    at = np.linspace(0, 1, 101)
    for (label, values), colour in zip(groups.items(), COLOURS, strict=False):
        known = np.nan_to_num(np.asarray(values), nan=-np.inf)
        panel.plot(at, [(known >= a).mean() for a in at], color=colour, linewidth=1.6, label=label)
    reference_line(panel, threshold, "counts as a theme", vertical=True)
    panel.set_ylim(bottom=0)
    legend(panel)
    return figure
