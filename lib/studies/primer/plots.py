"""Figures of the primer: arrows in the plane, how far a reading is off, tables of cosines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lib.display.plots import BLUE, GREY, LEGEND, ORANGE, axes, legend
from lib.evidence.figures import INK

COLOURS = (BLUE, ORANGE, "#1d9a6c", "#9467bd")

DOTS = 300
"""So many vectors show where they lie; each weighs 60 bytes on a page, in every panel."""


class Plane(NamedTuple):
    """What one panel shows."""

    points: np.ndarray
    """[N, 2] vectors, as dots."""
    true: np.ndarray
    """[n, 2] the directions that made them, as broad grey arrows."""
    learned: np.ndarray = np.empty((0, 2))
    """[F, 2] what a dictionary found, as thin arrows."""
    silent: np.ndarray = np.zeros(0, dtype=bool)
    """[F] features that are never active, dashed; empty: none is known to be."""


def planes(panels: Mapping[str, Plane]) -> Figure:
    """Vectors of the plane with true and learned directions, a panel for each title."""
    figure, found = axes(0.35 + 6.2 / len(panels), len(panels))
    for panel, (title, plane) in zip(found, panels.items(), strict=True):
        for row in plane.true:
            _arrow(panel, 1.25 * row, color=GREY, linewidth=7, alpha=0.3)
        panel.plot(
            *plane.points[:DOTS].T, "o", color=BLUE, alpha=0.5, markersize=2, markeredgewidth=0
        )
        silent = plane.silent if len(plane.silent) else np.zeros(len(plane.learned), dtype=bool)
        for row, never in zip(plane.learned, silent, strict=True):
            _arrow(panel, 1.25 * row, color=ORANGE, linewidth=1.4, linestyle=":" if never else "-")
        panel.set_title(title, fontsize=9, color=INK)
        panel.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal", xticks=[], yticks=[])
        panel.spines[:].set_visible(False)
    handles = [panel.plot([], [], color=GREY, linewidth=7, alpha=0.3, label="true")[0]]
    if any(len(plane.learned) for plane in panels.values()):
        handles += panel.plot([], [], color=ORANGE, linewidth=1.4, label="learned")
    if any(plane.silent.any() for plane in panels.values()):
        handles += panel.plot([], [], color=ORANGE, linestyle=":", label="learned, never active")
    figure.legend(
        handles=handles, loc="outside lower center", ncols=3, frameon=False, labelcolor=INK,
        fontsize=LEGEND,
    )  # fmt: skip
    return figure


def _arrow(panel: Axes, tip: np.ndarray, **style) -> None:
    panel.plot([0, tip[0]], [0, tip[1]], solid_capstyle="round", **style)


def reading_errors(
    active: Sequence[float], found: Mapping[int, Sequence[float]], expected: Mapping[int, Sequence]
) -> Figure:
    """Error of reading features off a vector, against how many are active; a line for each width.

    Args:
        found: width -> measured error for each number of active features.
        expected: the same by theory.
    """
    figure, (panel,) = axes(
        3.0, xlabel="features active at once, on average", ylabel="typical error of a reading"
    )
    for (width, errors), colour in zip(found.items(), COLOURS, strict=False):
        panel.plot(active, errors, "o", color=colour, markersize=5, label=f"{width} dimensions")
        panel.plot(active, expected[width], color=colour, linewidth=1)
    panel.set_xscale("log", base=2)
    panel.set_xticks(list(active), [f"{count:g}" for count in active])
    panel.set_ylim(0)
    legend(panel)
    return figure


def cosine_tables(panels: Mapping[str, np.ndarray]) -> Figure:
    """Cosines of true directions (rows) with learned ones (columns), a shaded square for each."""
    figure, found = axes(2.6, len(panels), xlabel="learned", ylabel="true")
    for panel, (title, cosines) in zip(found, panels.items(), strict=True):
        shown = panel.imshow(cosines, cmap="viridis", vmin=0, vmax=1, aspect="auto")
        panel.set_title(title, fontsize=9, color=INK)
        panel.set(xticks=[], yticks=[])
    bar = figure.colorbar(shown, ax=found, shrink=0.9)
    bar.set_label("cosine", color=INK, fontsize=8)
    bar.ax.tick_params(colors=INK, labelsize=7)
    return figure
