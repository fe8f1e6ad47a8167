"""One curve for all? Whether a feature has a twin, against how often it fired in training.

A feature's twin is a feature of another dictionary with a cosine of 0.9 or more. The curve is
logistic in the logarithm of the firings and rises to a top that may be below one:

    P(twin) = top / (1 + exp(-slope (ln(1 + firings) - middle)))

A cell holds the features of one dictionary at one time of its training. If one curve does nearly as
well as a curve for each cell, then size and time matter only through the firings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy import optimize, special

TWIN = 0.9
"""The cosine from which two features count as twins."""
OFTEN = 10_000
"""Firings from which a feature has been seen often."""
BINS_PER_UNIT = 8
"""Firings are counted together where their logarithms agree to an eighth."""


class Cell(NamedTuple):
    """The features of one dictionary at one time."""

    firings: Float[np.ndarray, " F"]
    """How often each was active in training until then."""
    twin: Bool[np.ndarray, " F"]
    """Whether it has a twin."""


class Curve(NamedTuple):
    """A fitted curve."""

    top: float
    slope: float
    middle: float
    deviance: float
    """Minus twice the log-likelihood."""

    @property
    def half(self) -> float:
        """Firings at which half of the top is reached."""
        return float(np.expm1(self.middle))

    def at(self, firings: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
        """The chance of a twin."""
        return self.top * special.expit(self.slope * (np.log1p(firings) - self.middle))


def pool(cells: Sequence[Cell]) -> Cell:
    """Several cells as one."""
    return Cell(*(np.concatenate(part) for part in zip(*cells, strict=True)))


def fit_curve(cell: Cell) -> Curve:
    """The curve of the largest likelihood; the slope is not negative."""
    n, seen, found = _bins(cell)
    if found.sum() in (0, seen.sum()):  # no curve to fit: all alike
        return Curve(float(found.sum() > 0), 0.0, 0.0, 0.0)

    def loss(parameters: Float[np.ndarray, " 3"]) -> tuple[float, Float[np.ndarray, " 3"]]:
        top, slope, middle = special.expit(parameters[0]), np.exp(parameters[1]), parameters[2]
        away = slope * (n - middle)
        rise = special.expit(away)
        p = np.clip(top * rise, 1e-12, 1 - 1e-12)
        deviance = -2 * (found * np.log(p) + (seen - found) * np.log1p(-p)).sum()
        by_p = -2 * (found / p - (seen - found) / (1 - p))
        by_rise = by_p * top * rise * (1 - rise)
        gradient = (by_p * top * (1 - top) * rise, by_rise * away, -by_rise * slope)
        return deviance, np.array([part.sum() for part in gradient])

    middles = np.quantile(np.repeat(n, seen.astype(int)), (0.5, 0.9))
    bounds = [(-10, 10), (-8, 4), (-1, 25)]
    starts = [(1.0, slope, middle) for slope in (-3.0, 0.5) for middle in middles]
    tries = [
        optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
        for start in starts
    ]
    best = min(tries, key=lambda one: one.fun)
    top, slope, middle = best.x
    return Curve(float(special.expit(top)), float(np.exp(slope)), float(middle), float(best.fun))


def explained(cells: Sequence[Cell]) -> float:
    """What one curve explains, as a share of what a curve for each cell does.

    The deviance that is explained is counted from that of one chance for all features. 0 where the
    one curve does no better than that, 1 where it loses nothing; NaN where there is nothing to
    explain.
    """
    together = pool(cells)
    share = together.twin.mean()
    count = len(together.twin)
    none = 2 * count * float(special.entr(share) + special.entr(1 - share))
    each = sum(fit_curve(cell).deviance for cell in cells)
    if none - each < 1e-9 * count:
        return float("nan")
    return (none - fit_curve(together).deviance) / (none - each)


def shuffled(cells: Sequence[Cell], seed: int) -> list[Cell]:
    """The control: each cell's firings, in another order."""
    rng = np.random.default_rng(seed)
    return [Cell(rng.permutation(cell.firings), cell.twin) for cell in cells]


def shares(
    cell: Cell, edges: Float[np.ndarray, " bins_and_1"], least: int = 10
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """For a figure: middles of bins of firings with `least` features, and the share with a twin."""
    where = np.digitize(cell.firings, edges) - 1
    kept = [b for b in range(len(edges) - 1) if (where == b).sum() >= least]
    middles = np.sqrt(edges[:-1] * edges[1:])
    return middles[kept], np.array([cell.twin[where == b].mean() for b in kept])


def often_twins(cell: Cell, often: float = OFTEN) -> float:
    """Share with a twin of the features that fired `often` or more; NaN for none."""
    chosen = cell.twin[cell.firings >= often]
    return float(chosen.mean()) if len(chosen) else float("nan")


def _bins(
    cell: Cell,
) -> tuple[Float[np.ndarray, " b"], Float[np.ndarray, " b"], Float[np.ndarray, " b"]]:
    """ln(1 + firings), features and twins in each bin that has any."""
    logs = np.log1p(np.asarray(cell.firings, dtype=float))
    _, which = np.unique(np.round(logs * BINS_PER_UNIT), return_inverse=True)
    seen = np.bincount(which).astype(float)
    found = np.bincount(which, weights=cell.twin.astype(float))
    return np.bincount(which, weights=logs) / seen, seen, found
