"""Features in the neuron basis: power shares, kurtosis, and neurons that many features share.

The power of a direction on a neuron is its squared entry; shares are of the row's total power, so
that the length of a row and the sign of an entry never matter. A feature's primary neuron is the
one with the largest share (Nanda 2023, on the neurons of a small model's features).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import special, stats
from torch import Tensor

from lib.core.errors import UserError

# Points at which the law of the largest entry is summed up: errors far below sampling's.
GRID = 1500


class PowerShares(NamedTuple):
    """How much of each direction's power lies on its strongest neurons."""

    top_1: Float[Tensor, " N"]
    """Share of the strongest neuron."""
    next_9: Float[Tensor, " N"]
    """Share of the nine after it; fewer where there are fewer neurons."""
    primary: Int[Tensor, " N"]
    """The strongest neuron; the first of several equal ones."""

    @property
    def top_10(self) -> Float[Tensor, " N"]:
        """Share of the ten strongest."""
        return self.top_1 + self.next_9


@torch.no_grad()
def power_shares(directions: Float[Tensor, "N D"]) -> PowerShares:
    """Power on the strongest neuron and on the next nine, in float64.

    Raises:
        UserError: no neurons, or a direction of zeros, which points nowhere.
    """
    power = _shares(directions, 2)
    strongest = power.topk(min(10, power.shape[1]), dim=1).values
    return PowerShares(strongest[:, 0], strongest[:, 1:].sum(1), power.argmax(1))


@torch.no_grad()
def power_on(directions: Float[Tensor, "N D"], neuron: int) -> Float[Tensor, " N"]:
    """The share of each direction's power on one neuron."""
    return _shares(directions, 2)[:, neuron]


@torch.no_grad()
def effective_neurons(directions: Float[Tensor, "N D"]) -> Float[Tensor, " N"]:
    """1 / sum p^2 with p = |x| / sum |x|: D for an even direction, 1 for a single neuron.

    Random directions have about 2 D / pi, less a little (81.8 for D = 128).

    Raises:
        UserError: no neurons, or a direction of zeros.
    """
    return 1 / _shares(directions, 1).square().sum(1)


@torch.no_grad()
def kurtosis(directions: Float[Tensor, "N D"]) -> Float[np.ndarray, " N"]:
    """*Excess* kurtosis of each direction's entries: 0 for a normal distribution, where the plain
    fourth standardised moment has 3. Scipy's, without its correction for small samples.
    """
    return stats.kurtosis(directions.double().cpu().numpy(), axis=1)


def largest_kurtosis(neurons: int) -> float:
    """The excess kurtosis of a direction along one neuron, which no other exceeds: about D."""
    return neurons - 5 + 1 / (neurons - 1)


def primary_counts(
    directions: Float[Tensor, "N D"], keep: Bool[Tensor, " N"] | None = None
) -> Int[np.ndarray, " D"]:
    """For how many directions each neuron is the primary one.

    Args:
        keep: directions that count, such as the features that are ever active; None: all.
    """
    rows = directions if keep is None else directions[keep]
    primary = power_shares(rows).primary.cpu().numpy()
    return np.bincount(primary, minlength=directions.shape[1])


@torch.no_grad()
def neuron_scale(directions: Float[Tensor, "N D"]) -> Float[Tensor, " D"]:
    """Root mean square entry of each neuron over the directions: its column's norm / sqrt N."""
    return directions.double().square().mean(0).sqrt()


def random_directions(scale: Float[Tensor, " D"], rows: int, seed: int) -> Float[Tensor, "rows D"]:
    """Unit directions at random whose neurons keep their scale: normal entries, then row norms.

    What they show, a decoder shows for having neurons of unequal size and nothing else.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(rows, len(scale), generator=generator, dtype=torch.float64)
    return torch.nn.functional.normalize(drawn * scale.cpu().double(), dim=1)


def primary_chances(scale: Float[Tensor, " D"]) -> Float[np.ndarray, " D"]:
    """The chance of each neuron to be primary for one of `random_directions`.

    Entries are independent and normal with deviation s_j, so neuron j is the largest with
    probability integral of f_j(x) prod_{i != j} F_i(x) dx over the half-normal laws; its row's
    norm does not matter. Summed on a grid between quantiles of the largest entry.

    Raises:
        UserError: a scale that is negative or no number, or zero for all neurons.
    """
    s = scale.double().cpu().numpy()
    if not np.isfinite(s).all() or (s < 0).any() or not s.any():
        raise UserError(
            "chances need one finite, non-negative scale for each neuron, and one above zero; got "
            f"{s.tolist()[:8]}."
        )
    alive = s > 0
    s = s[alive]
    # The largest of D entries lies between these but for one case in 10^12.
    x = np.linspace(0, s.max() * np.sqrt(2) * special.erfinv(1 - 1e-13), GRID + 1)[1:]
    log_all = np.zeros_like(x)
    for one in s:
        log_all += np.log(special.erf(x / (one * np.sqrt(2))))
    chances = np.zeros(len(alive))
    chances[alive] = [
        np.exp(stats.halfnorm.logpdf(x, scale=one) + log_all
               - np.log(special.erf(x / (one * np.sqrt(2))))).sum()
        for one in s
    ]  # fmt: skip
    return chances / chances.sum()


class Hub(NamedTuple):
    """The neuron that is primary for most directions, beside what chance would give."""

    neuron: int
    """The first of several equal ones."""
    count: int
    """Directions whose primary neuron it is."""
    expected: float
    """Mean of the largest count among as many random directions."""
    high: float
    """99.9% point of it."""
    p_value: float
    """(1 + draws with at least this count) / (1 + draws): never zero."""


def find_hub(
    counts: Int[np.ndarray, " D"],
    chances: Float[np.ndarray, " D"],
    *,
    draws: int = 10_000,
    seed: int = 0,
) -> Hub:
    """The hub among counts of primary neurons, and how large a hub chance makes.

    Under the null each of the directions falls on neuron j with chance `chances[j]`, so the counts
    are multinomial and whole decoders need not be drawn.

    Args:
        chances: of `primary_chances`, or equal ones for directions without a preferred neuron.
    Raises:
        UserError: nothing was counted, or chances for another number of neurons.
    """
    if not counts.sum() or len(counts) != len(chances):
        raise UserError(
            "a hub is found among counts of at least one direction, with a chance for each neuron; "
            f"got {int(counts.sum())} directions, {len(counts)} neurons and {len(chances)} chances."
        )
    rng = np.random.default_rng(seed)
    largest = np.concatenate(
        [
            rng.multinomial(counts.sum(), chances, size=min(500, draws - start)).max(axis=1)
            for start in range(0, draws, 500)
        ]
    )
    count = int(counts.max())
    p_value = (1 + int((largest >= count).sum())) / (1 + draws)
    high = float(np.quantile(largest, 0.999))
    return Hub(int(counts.argmax()), count, float(largest.mean()), high, p_value)


def _shares(directions: Float[Tensor, "N D"], power: int) -> Float[Tensor, "N D"]:
    """|x|^power over its sum, each row by itself, in float64."""
    sizes = directions.double().abs() ** power
    total = sizes.sum(1, keepdim=True)
    if not directions.shape[1] or not (total > 0).all():
        raise UserError(
            "directions must have neurons and at least one entry that is not zero; leave out rows "
            "of zeros first."
        )
    return sizes / total
