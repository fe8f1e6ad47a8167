"""Two groups of similarities: one that chance explains, and one above it.

Cosines crowd together near 1, so groups are fitted on Fisher's scale z = atanh(cosine), half the
logit of (1 + cosine) / 2, on which .9, .99 and .999 lie as far apart as they are in kind.

With thousands of values a dip test rejects one mode for any bump, and a kernel as wide as the upper
group asks for flattens a narrow lower one. But the lower group is known: features that found
nothing lie where random directions would. So that part is given, and only the other one is fitted.
"""

from __future__ import annotations

from typing import NamedTuple

import diptest
import numpy as np
from jaxtyping import Float
from scipy import stats
from scipy.ndimage import gaussian_filter1d

from lib.core.errors import UserError

HIGHEST = 0.9999
"""Cosines above it count as this much: z has no end."""
ROUNDS = 200
"""Of the mixture's fit; it has settled long before."""
LEAST_SHARE = 0.02
"""What must lie on each side of a histogram's valley, or it is a ripple in a tail."""
# What makes two groups; the same numbers stand in the claim's criterion.
HIGH_MODE, MODE_SHARE, APART, VALLEY = 0.9, 0.1, 2.0, 0.5


class Groups(NamedTuple):
    """A group at chance and a group above it."""

    chance_share: float
    """Share of the values that belong to the group at chance."""
    upper_share: float
    upper_mode: float
    """The cosine in the middle of the upper group."""
    groups_apart: float
    """Ashman's D of the two on the z scale (Ashman et al. 1994): above 2, they stand apart."""
    dip: float
    """Hartigan's dip: how far the values are from any unimodal distribution, 0 to 0.25."""


def two_groups(cosines: Float[np.ndarray, " n"], by_chance: Float[np.ndarray, " m"]) -> Groups:
    """A mixture of the law of chance, which is given, and a normal above it, which is fitted.

    Expectation and maximisation (Dempster et al. 1977) on the z scale; the law of chance is the
    normal with the mean and the spread of `by_chance`.

    Args:
        by_chance: what as many random directions have with as many others.
    Raises:
        UserError: fewer than 20 values, or some that are no numbers.
    """
    _check(cosines)
    z, chance = (np.arctanh(np.clip(x, -HIGHEST, HIGHEST)) for x in (cosines, by_chance))
    z = z.astype(float)
    low, width = float(chance.mean()), max(float(chance.std()), 1e-3)
    middle, spread, share = float(max(np.quantile(z, 0.9), low + width)), 1.0, 0.5
    given = stats.norm.pdf(z, low, width)
    for _ in range(ROUNDS):
        fitted = stats.norm.pdf(z, middle, spread)
        upper = share * fitted / np.maximum(share * fitted + (1 - share) * given, 1e-300)
        share = float(upper.mean())
        weight = max(float(upper.sum()), 1e-9)
        middle = max(float(upper @ z) / weight, low)
        spread = max(float(np.sqrt(upper @ (z - middle) ** 2 / weight)), width)
    apart = np.sqrt(2) * (middle - low) / np.hypot(spread, width)
    return Groups(1 - share, share, float(np.tanh(middle)), float(apart), float(diptest.dipstat(z)))


def is_two_groups(groups: Groups) -> bool:
    """Whether the upper middle lies above .9, each group holds a tenth, and they stand apart."""
    shares = min(groups.chance_share, groups.upper_share)
    return groups.upper_mode >= HIGH_MODE and shares >= MODE_SHARE and groups.groups_apart > APART


def low_peak(cosines: Float[np.ndarray, " n"], below: float) -> float:
    """The cosine at which the values below a level are densest; NaN for fewer than 20 of them."""
    cosines = np.asarray(cosines, dtype=float)
    low = cosines[cosines < below]
    if len(low) < 20:
        return float("nan")
    counts, edges = np.histogram(np.clip(low, 0, 1), 100, (0, 1))
    smooth = gaussian_filter1d(counts.astype(float), 2.0)
    return float((edges[:-1] + edges[1:])[smooth.argmax()] / 2)


class HistogramModes(NamedTuple):
    """The modes of a plain histogram of cosines, as one sees it; all are low where there is one."""

    low_mode: float
    """Middle of the fullest cell below the valley."""
    high_mode: float
    valley: float
    """The emptiest cell's count over that of the lower of the two peaks; 1 without a valley."""
    low_share: float
    high_share: float


def histogram_modes(cosines: Float[np.ndarray, " n"], cells: int = 25) -> HistogramModes:
    """The modes of a histogram of cosines over 0 to 1.

    It squeezes what lies near 1 together: a second opinion, with the noise of its counts.

    Raises:
        UserError: as `two_groups`.
    """
    _check(cosines)
    counts, edges = np.histogram(np.clip(cosines, 0, 1), cells, (0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    left = np.maximum.accumulate(counts)
    right = np.maximum.accumulate(counts[::-1])[::-1]
    below = np.cumsum(counts) / len(cosines)
    inside = (below >= LEAST_SHARE) & (below <= 1 - LEAST_SHARE)
    depth = np.where(inside, counts / np.maximum(np.minimum(left, right), 1), 1.0)
    bottom = int(depth.argmin())
    if depth[bottom] >= 1:
        peak = float(middles[counts.argmax()])
        return HistogramModes(peak, peak, 1.0, 1.0, 0.0)
    low = middles[: bottom + 1][counts[: bottom + 1].argmax()]
    high = middles[bottom:][counts[bottom:].argmax()]
    share = float((cosines < middles[bottom]).mean())
    return HistogramModes(float(low), float(high), float(depth[bottom]), share, 1 - share)


def is_bimodal(modes: HistogramModes) -> bool:
    """Whether one mode lies above .9, each holds a tenth, and the valley is half a peak deep."""
    shares = min(modes.low_share, modes.high_share)
    return modes.high_mode >= HIGH_MODE and shares >= MODE_SHARE and modes.valley < VALLEY


def _check(cosines: Float[np.ndarray, " n"]) -> None:
    if len(cosines) < 20 or not np.isfinite(cosines).all():
        raise UserError(
            f"modes are looked for in at least 20 cosines, all of them numbers; got "
            f"{len(cosines)}: compare larger dictionaries, or keep more of their features."
        )
