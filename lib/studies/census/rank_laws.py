"""Rank-frequency laws: power law, exponential or log-normal, compared by likelihood.

A firing falls on the feature of rank r with probability p(r) proportional to exp(-theta s(r)). The
three laws differ in s alone and have one parameter each:

    power law     s = ln r      frequency = C r^-theta           straight on log-log axes
    exponential   s = r         frequency = C e^(-theta r)       straight on log-linear axes
    log-normal    s = -z(r)     the logarithms of the frequencies are normal; z(r) is the normal
                                quantile that belongs to rank r of F

Ranks are taken from one text and counts from another: sorted counts of one text fall by themselves
(Piantadosi 2014). Two laws are compared by Vuong's test (1989), with stretches of text as its
units, since firings of one stretch are not independent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Num
from scipy import optimize, sparse, special, stats

from lib.analysis.statistics import LEVEL
from lib.core.errors import UserError

Statistic = Callable[[np.ndarray, int], np.ndarray]

LAWS: dict[str, Statistic] = {
    "power law": lambda ranks, features: np.log(ranks),
    "exponential": lambda ranks, features: ranks / features,
    "log-normal": lambda ranks, features: stats.norm.ppf((ranks - 0.5) / features),
}
"""s(r) of each law, up to a factor, for ranks 1 .. F of F features."""


class Law(NamedTuple):
    """A law fitted to a stretch of ranks."""

    name: str
    theta: float
    """In units of the statistic: for the power law its exponent."""
    log_chance: Float[np.ndarray, " R"]
    """ln p of each of the ranks, which sum to one over the stretch."""
    per_firing: float
    """Mean log-likelihood of a firing, in nats."""


def fit_law(
    name: str, counts: Num[np.ndarray, " R"], *, first_rank: int = 1, features: int | None = None
) -> Law:
    """The maximum-likelihood fit of one law to counts of consecutive ranks.

    The likelihood has a single maximum, where the statistic's mean under the law is the observed
    one.

    Args:
        counts: firings of the features of rank `first_rank`, `first_rank + 1`, ...
        features: F, how many ranks there are in all; None: the last of these.
    Raises:
        UserError: an unknown law, fewer than three ranks, or counts that are all on one rank.
    """
    counts = np.asarray(counts, dtype=float)
    last = first_rank + len(counts) - 1
    features = features or last
    if name not in LAWS or len(counts) < 3 or (counts > 0).sum() < 2 or last > features:
        raise UserError(
            f"a law ({', '.join(LAWS)}) is fitted to counts on at least three ranks, two of them "
            f"above zero; got {name!r} and {len(counts)} ranks up to {last} of {features}."
        )
    s = LAWS[name](np.arange(first_rank, last + 1, dtype=float), features)
    # In units of its spread the parameter is of order one, whatever the law and the stretch.
    scaled = (s - s.mean()) / s.std()
    observed = counts @ scaled / counts.sum()
    loss = lambda t: t * observed + special.logsumexp(-t * scaled)
    theta = float(optimize.minimize_scalar(loss, bracket=(0.0, 1.0), tol=1e-10).x)
    log_chance = -theta * scaled - special.logsumexp(-theta * scaled)
    return Law(name, theta / float(s.std()), log_chance, float(-loss(theta)))


class Comparison(NamedTuple):
    """How much better one law predicts firings than another."""

    per_firing: float
    """Mean log-likelihood ratio, in nats for each firing: above zero where the first is better."""
    low: float
    """Lower end of its 95% interval over stretches of text."""
    high: float
    z: float
    """Vuong's statistic."""
    p_value: float
    """Two-sided."""


def compare_laws(first: Law, second: Law, blocks: Num[np.ndarray, "U R"]) -> Comparison:
    """Vuong's test of two fitted laws, with U stretches of text as its units.

    Args:
        blocks: firings in each stretch on each of the ranks that both laws were fitted to.
    Raises:
        UserError: laws of other ranks, or fewer than two stretches.
    """
    ranks = len(first.log_chance)
    if not ranks == len(second.log_chance) == blocks.shape[1] or len(blocks) < 2:
        raise UserError(
            "laws are compared on the ranks that both were fitted to, in at least two stretches; "
            f"got {ranks} and {len(second.log_chance)} ranks, and blocks {blocks.shape}."
        )
    gain = blocks @ (first.log_chance - second.log_chance)
    firings = blocks.sum() / len(blocks)
    error = stats.sem(gain)
    z = gain.mean() / error if error > 0 else 0.0
    half = stats.t.ppf(0.5 + LEVEL / 2, len(blocks) - 1) * error / firings
    mean = gain.mean() / firings
    p_value = 2 * stats.norm.sf(abs(z))
    return Comparison(*map(float, (mean, mean - half, mean + half, z, p_value)))


class RankCurve(NamedTuple):
    """Frequencies by rank, where the rank comes from one text and the frequency from another."""

    blocks: Int[np.ndarray, "U R"]
    """Firings in each stretch of the second text, by rank in the first."""
    positions: int
    """Positions of the second text."""

    @property
    def frequency(self) -> Float[np.ndarray, " R"]:
        """Share of the second text's positions on which the feature of each rank is active."""
        return self.blocks.sum(0) / self.positions


def rank_curve(
    codes: sparse.csr_array, ranking: Bool[np.ndarray, " N"], stretches: int
) -> RankCurve:
    """Features in the order of how often they are active at `ranking`, counted everywhere else.

    Features that are silent at `ranking` have no rank and are left out.
    """
    known = np.asarray((codes[ranking] > 0).sum(axis=0)).ravel()
    order = np.argsort(-known, kind="stable")[: int((known > 0).sum())]
    return RankCurve(block_counts(codes[~ranking], stretches)[:, order], int((~ranking).sum()))


def block_counts(codes: sparse.csr_array, blocks: int) -> Int[np.ndarray, "U F"]:
    """On how many positions of each of U stretches of text every feature is active.

    Stretches are equal up to one position.
    """
    which = np.arange(codes.shape[0]) * blocks // max(1, codes.shape[0])
    starts = np.searchsorted(which, np.arange(blocks))
    active = codes.copy()
    active.data = (codes.data > 0).astype(np.int64)
    ends = np.append(starts[1:], codes.shape[0])
    rows = [active[a:b].sum(axis=0) for a, b in zip(starts, ends, strict=True)]
    return np.asarray(rows, dtype=np.int64).reshape(blocks, codes.shape[1])
