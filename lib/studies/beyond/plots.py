"""Figures of chapter 6: twins against firings, and effects against what features read and write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from lib.display.plots import BLUE, COLOURS, GREY, MARKERS, axes, legend
from lib.evidence.figures import INK
from lib.studies.beyond.firings import Cell, Curve, shares

EDGES = np.geomspace(1, 1e6, 25)
"""Bins of firings in the figures."""
FINE = np.geomspace(EDGES[0], EDGES[-1], 300)
"""Where their curves are drawn."""


def twin_curves(
    panels: Mapping[str, Mapping[str, Sequence[Cell]]], curves: Mapping[str, Curve]
) -> Figure:
    """A panel a kind: share of features with a twin against firings; a dot is a bin of one cell.

    Args:
        panels: title -> label of a size -> its cells, early ones first (drawn fainter).
        curves: title -> the one curve of that panel.
    """
    figure, found = axes(3.2, len(panels), xlabel="firings seen in training")
    for panel, (title, sizes) in zip(found, panels.items(), strict=True):
        for (label, cells), colour, marker in zip(sizes.items(), COLOURS, MARKERS, strict=False):
            for order, cell in enumerate(cells, 1):
                last = order == len(cells)
                panel.plot(
                    *shares(cell, EDGES), marker, color=colour, markersize=4,
                    alpha=0.15 + 0.7 * order / len(cells), label=label if last else None,
                    linestyle="none",
                )  # fmt: skip
        panel.plot(FINE, curves[title].at(FINE), color=INK, linewidth=1.4, label="one curve")
        _scales(panel)
        panel.set_title(title, fontsize=9, color=INK)
    found[0].set_ylabel("features with a twin")
    legend(found[0])
    return figure


def sources(curves: Mapping[str, Mapping[str, tuple[Cell, Curve]]]) -> Figure:
    """The curves of several sources in one panel, with the shares that they were fitted to.

    Args:
        curves: source, which has a colour -> kind, which has a line and a mark -> all features of
            these dictionaries, and their curve.
    """
    figure, (panel,) = axes(3.4, xlabel="firings seen in training", ylabel="features with a twin")
    for (source, kinds), colour in zip(curves.items(), COLOURS, strict=False):
        rows = zip(kinds.items(), MARKERS, ("-", "--"), strict=False)
        for (kind, (cell, curve)), marker, line in rows:
            panel.plot(*shares(cell, EDGES), marker, color=colour, markersize=4, alpha=0.7)
            label = f"{source}, {kind}"
            panel.plot(FINE, curve.at(FINE), line, color=colour, linewidth=1.6, label=label)
    _scales(panel)
    legend(panel)
    return figure


def against_effect(
    measures: Mapping[str, np.ndarray], effect: np.ndarray, own: tuple[str, float], ylabel: str
) -> Figure:
    """A panel a measure: the effect of each feature against it, a dot a feature and word.

    Args:
        measures: name -> values.
        effect: of the same features and words.
        own: name and height of a dashed line.
    """
    figure, found = axes(3.0, len(measures))
    for panel, (name, values) in zip(found, measures.items(), strict=True):
        panel.axhline(0, color=GREY, linewidth=0.8, linestyle=":")
        panel.axhline(own[1], color=GREY, linewidth=1, linestyle="--", label=own[0])
        panel.plot(values, effect, ".", color=BLUE, markersize=3, alpha=0.35)
        panel.set_xlabel(name)
    found[0].set_ylabel(ylabel)
    legend(found[0])
    return figure


def _scales(panel: Axes) -> None:
    """Firings on a logarithmic axis, shares in percent from none to all."""
    panel.set_xscale("log")
    panel.set_ylim(-0.03, 1.03)
    panel.yaxis.set_major_formatter(PercentFormatter(1.0))
