"""Bimodality of similarities: a dip test, a mixture of two, and the valley between.

Cosines crowd together near 1, so everything here is done on Fisher's scale z = atanh(cosine), half
the logit of (1 + cosine) / 2, on which .9, .99 and .999 lie as far apart as they are in kind.

With thousands of values a dip test rejects one mode for any bump, so its p-value settles nothing by
itself. What counts is how deep the valley is and how much lies on either side of it.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import diptest
import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter1d

from lib.analysis.statistics import LEVEL, Interval
from lib.core.errors import UserError

HIGHEST = 0.9999
"""Cosines above it count as this much: z has no end."""
CELLS = 1024
"""Of the grid on which the density is estimated."""
LEAST_SHARE = 0.02
"""What must lie on each side of a valley, or it is a ripple in a tail."""
# What makes two modes; the same numbers stand in the claim's criterion.
HIGH_MODE, MODE_SHARE, VALLEY = 0.9, 0.1, 0.5


class Modes(NamedTuple):
    """Two groups of cosines. With a single mode there is no valley: it is 1, all are low."""

    low_mode: float
    """The cosine at which values below the valley are densest."""
    high_mode: float
    """And above it; the low one again where there is no valley."""
    antimode: float
    """The cosine at the bottom of the valley; NaN where there is none."""
    valley: float
    """Density there over that of the lower of the two peaks, on the z scale."""
    low_share: float
    """Share of the values below the valley."""
    high_share: float
    """Share above it."""
    separation: float
    """Ashman's D of a mixture of two normals in z: above 2, they stand apart."""
    dip: float
    """Hartigan's dip: how far the values are from any unimodal distribution, 0 to 0.25."""
    p_value: float
    """Of the dip, against a uniform distribution."""


def find_modes(cosines: Float[np.ndarray, " n"], seed: int = 0) -> Modes:
    """The modes of some cosines; the deepest valley counts where there are several.

    Args:
        seed: of the mixture's start.
    Raises:
        UserError: fewer than 20 values, or some that are no numbers.
    """
    _check(cosines)
    z = np.arctanh(np.clip(cosines, -HIGHEST, HIGHEST)).astype(float)
    dip, p_value = diptest.diptest(z)
    return Modes(*_valley(z), _separation(z, seed), float(dip), float(p_value))


class HistogramModes(NamedTuple):
    """The same by a plain histogram of cosines, as one sees it; see `Modes`."""

    low_mode: float
    """Middle of the fullest cell below the valley."""
    high_mode: float
    valley: float
    """The emptiest cell's count over that of the lower of the two peaks; 1 without a valley."""
    low_share: float
    high_share: float


def histogram_modes(cosines: Float[np.ndarray, " n"], cells: int = 25) -> HistogramModes:
    """The modes of a histogram of cosines over 0 to 1.

    It keeps a narrow mode that a kernel as wide as the other mode asks for would flatten, and it
    squeezes what lies near 1 together: a second opinion, with the noise of its counts.

    Raises:
        UserError: as `find_modes`.
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


def is_bimodal(modes: Modes | HistogramModes) -> bool:
    """Whether one mode lies above .9, each holds a tenth, and the valley is half a peak deep."""
    shares = min(modes.low_share, modes.high_share)
    return modes.high_mode >= HIGH_MODE and shares >= MODE_SHARE and modes.valley < VALLEY


def bootstrap_modes(
    cosines: Float[np.ndarray, " n"], seed: int = 0, resamples: int = 500
) -> dict[str, Interval]:
    """Where the modes lie and what they hold, with percentile intervals over the values.

    The valley is looked for anew in every resample.

    Returns:
        an interval for each of the first six fields of `Modes`.
    """
    _check(cosines)
    z = np.arctanh(np.clip(cosines, -HIGHEST, HIGHEST)).astype(float)
    rng = np.random.default_rng(seed)
    drawn = np.array([_valley(rng.choice(z, len(z))) for _ in range(resamples)])
    tails = 50 * (1 - LEVEL), 50 * (1 + LEVEL)
    with warnings.catch_warnings():  # a valley may be missing in every resample
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanpercentile(drawn, tails, axis=0)
    return {
        name: Interval(value, float(a), float(b), len(z))
        for name, value, a, b in zip(Modes._fields, _valley(z), low, high, strict=False)
    }


def density(z: Float[np.ndarray, " n"]) -> tuple[np.ndarray, np.ndarray]:
    """A Gaussian kernel estimate on a grid: places and densities.

    The width is Silverman's, with the spread within the best two groups: that of all values
    together would fill any valley between two groups, because it counts their distance.
    """
    width = max(0.9 * _spread_within(z) * len(z) ** -0.2, 1e-3)
    edges = np.linspace(z.min() - 4 * width, z.max() + 4 * width, CELLS + 1)
    counts, _ = np.histogram(z, edges)
    step = edges[1] - edges[0]
    smooth = gaussian_filter1d(counts / (len(z) * step), width / step, mode="constant")
    return (edges[:-1] + edges[1:]) / 2, smooth


def _spread_within(z: Float[np.ndarray, " n"]) -> float:
    """Standard deviation within two groups, cut where that is smallest (Otsu 1979)."""
    z = np.sort(z) - z.mean()
    sizes = np.arange(1, len(z))
    sums, total = np.cumsum(z)[:-1], z.sum()
    between = sums**2 / sizes + (total - sums) ** 2 / (len(z) - sizes)
    return float(np.sqrt(max(0.0, (z @ z - between.max()) / len(z))))


def _valley(z: Float[np.ndarray, " n"]) -> tuple[float, float, float, float, float, float]:
    """The first six fields of `Modes`."""
    places, height = density(z)
    peak = float(np.tanh(places[height.argmax()]))
    left, right = np.maximum.accumulate(height), np.maximum.accumulate(height[::-1])[::-1]
    below = np.searchsorted(np.sort(z), places) / len(z)
    inside = (below >= LEAST_SHARE) & (below <= 1 - LEAST_SHARE)
    depth = np.where(inside, height / np.maximum(np.minimum(left, right), 1e-12), 1.0)
    bottom = int(depth.argmin())
    if depth[bottom] >= 1:
        return peak, peak, float("nan"), 1.0, 1.0, 0.0
    # A valley that is empty has a wide floor: its middle.
    floor = np.flatnonzero(depth <= depth[bottom] + 1e-9)
    middle = int(floor[len(floor) // 2])
    low = places[: middle + 1][height[: middle + 1].argmax()]
    high = places[middle:][height[middle:].argmax()]
    share = float((z < places[middle]).mean())
    return (
        float(np.tanh(low)),
        float(np.tanh(high)),
        float(np.tanh(places[middle])),
        float(depth[bottom]),
        share,
        1 - share,
    )


def _separation(z: Float[np.ndarray, " n"], seed: int) -> float:
    from sklearn.mixture import GaussianMixture  # half a second to import

    fitted = GaussianMixture(2, n_init=2, random_state=seed, reg_covar=1e-5).fit(z[:, None])
    means, variances = fitted.means_.ravel(), fitted.covariances_.ravel()
    return float(np.sqrt(2) * abs(means[0] - means[1]) / np.sqrt(variances.sum()))


def _check(cosines: Float[np.ndarray, " n"]) -> None:
    if len(cosines) < 20 or not np.isfinite(cosines).all():
        raise UserError(
            f"modes are looked for in at least 20 cosines, all of them numbers; got "
            f"{len(cosines)}: compare larger dictionaries, or keep more of their features."
        )
