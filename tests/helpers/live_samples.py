"""What moves in chapters 1, 2 and 4, on planted data as large as in a run at cpu: the chapters' own
cells and plots, so that a move does what it does there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from chapter_cells import begin_chapter, run_cells
from matplotlib.figure import Figure
from scipy import sparse

from lib.analysis.steering import Prompts, Steered
from lib.studies.splitting import plots as plots_splits

LEVELS = [number / 20 for number in range(4, 20)]


class Slider(NamedTuple):
    """What `lib.display.widgets.play` is called with."""

    draw: Callable[[Any], Any]
    values: Sequence[Any]
    at: Any
    label: str


def steering() -> dict[str, Any]:
    """The names of chapter 1 once its texts are written; `asked` has an entry for each writing."""
    names = begin_chapter("01")
    random = np.random.default_rng(0)
    texts = lambda *shape: random.choice(list(b" little dog."), (*shape, 24)).astype(np.uint8)
    groups = ("its own features", "random features", "difference of means")
    rows = {name: torch.ones(6, 8) for name in groups}
    chances = Steered(np.full((6, 200), -2.0), np.zeros((6, 200)))
    written, asked = texts(15, 3), []
    names.update(
        doses=np.array([0.1, 0.2, 0.4, 0.6]),
        few=rows,
        shown={name: of_group[:1] for name, of_group in rows.items()},
        own=[(0, 1)],
        first=2,
        curves={name: [chances] * 4 for name in groups},
        plain=chances,
        chance=lambda log_p: float(np.exp(log_p).mean()),
        shifted=lambda row, dose: row,
        steer=lambda *_, **__: asked.append(1) or written,
        lm=None,
        site="",
        prompts=Prompts(torch.from_numpy(texts(200).astype(np.int64)), texts(200)),
        target="little",
    )
    return run_cells("01", ["written"], names) | {"written": written, "asked": asked}


def steering_dial() -> Slider:
    """Chapter 1's texts at a dose."""
    names = steering()
    return Slider(names["written_at"], names["levels"], 0.4, "dose")


def twin_finder(positions: int = 40, small: int = 4) -> Slider:
    """Chapter 2's twins; the larger dictionary holds the small one's features, in reverse, and
    features from the third on are active nowhere.

    Args:
        positions: of the text; a multiple of 40.
        small: features of the small dictionary; the large one has twice as many.
    """
    names = begin_chapter("02")
    codes = np.zeros((positions, small))
    for start in range(0, positions, 40):
        codes[start + np.array([5, 15, 25]), 0], codes[[start + 7, start + 30], 1] = 1.0, 1.0
    names.update(
        rows=[{small: torch.eye(small), 2 * small: torch.eye(2 * small)[:, :small].flip(0)}],
        small=small,
        large=2 * small,
        small_codes=sparse.csr_array(codes),
        columns=sparse.csc_array(np.pad(codes, ((0, 0), (0, small)))[:, ::-1]),
        documents=np.arange(positions) // 10,
        tokens=np.arange(positions) % 40,
        strings=[f" <{i}>" for i in range(40)],
    )
    run_cells("02", ["twin-finder"], names)
    return Slider(names["side_by_side"], names["findable"], names["findable"][0], "feature")


def filter_levels(value: float) -> Figure:
    """Chapter 4's figure of the filter at a threshold; one class has no hyphens."""
    shares = np.linspace(1, 0, len(LEVELS)).tolist()
    bars = dict.fromkeys("abcd", shares) | {"e": [float("nan")] * len(LEVELS)}
    return plots_splits.filter_levels(LEVELS, dict.fromkeys("abcd", shares), bars, value)


def hyphen_filter() -> Slider:
    """Chapter 4's slider."""
    return Slider(filter_levels, LEVELS, LEVELS[8], "threshold")
