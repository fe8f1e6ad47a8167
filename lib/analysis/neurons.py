"""Features in the neuron basis: power shares, kurtosis, and neurons that many features share.

The power of a direction on a neuron is its squared entry; shares are of the row's total power, so
that the length of a row and the sign of an entry never matter. A feature's primary neuron is the
one with the largest share (Nanda 2023, on the neurons of a small model's features).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import stats
from torch import Tensor

from lib.core.errors import UserError


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


@torch.no_grad()
def primary_counts(
    directions: Float[Tensor, "N D"], unit: Float[Tensor, " D"] | None = None
) -> Int[np.ndarray, " D"]:
    """For how many directions each neuron is the primary one.

    A neuron may be primary because it is large, or because the unit makes it so. With a unit, a
    direction counts only where the same neuron is primary in both measures.

    Args:
        unit: what each neuron's entries are measured in as well, such as the deviation of its
            activations. Where it is 0 the neuron never varies and is primary for none.
    """
    primary = power_shares(directions).primary
    if unit is not None:
        unit = unit.to(directions.device, torch.float64)
        scaled = torch.where(unit > 0, directions.double() / unit, 0.0)
        primary = primary[primary == power_shares(scaled).primary]
    return np.bincount(primary.cpu().numpy(), minlength=directions.shape[1])


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
    """(1 + draws that reach these counts) / (1 + draws): never zero."""


def find_hub(
    counts: Int[np.ndarray, " D"], directions: int, *, draws: int = 10_000, seed: int = 0
) -> Hub:
    """The hub among counts of primary neurons, and how large a hub chance makes.

    Under the null, each direction has every neuron as its primary one with the same chance 1 / D,
    so counts are multinomial and whole decoders need not be drawn. That is exact for entries that
    are alike. Where neurons differ in scale, random directions favour the large ones; measured in
    units of that scale they favour none, so that no neuron is primary in both measures with a
    chance above 1 / D, and the p value can only be too large. The scale must come from elsewhere
    than from the directions: the column of a true hub is large because it is one.

    Draws with an equal largest count are ordered by their second largest: a largest count alone
    takes so few values that a p value below 0.05 would be half as frequent as it should.

    Args:
        counts: of `primary_counts`.
        directions: N, those that were looked at.
    Raises:
        UserError: no directions, fewer than were counted, or a single neuron.
    """
    if not 0 < directions >= counts.sum() or len(counts) < 2:
        raise UserError(
            "a hub is found among at least one direction on two neurons or more; got "
            f"{int(counts.sum())} of {directions} directions and {len(counts)} neurons."
        )
    rng = np.random.default_rng(seed)
    chances = np.full(len(counts), 1 / len(counts))
    # In pieces, because 10,000 draws for 4,096 neurons are 330 MB.
    sizes = [min(500, draws - start) for start in range(0, draws, 500)]
    top = [_largest_two(rng.multinomial(directions, chances, size=size)) for size in sizes]
    largest, second = np.concatenate(top).T
    count, runner_up = _largest_two(counts[None])[0]
    reached = (largest > count) | ((largest == count) & (second >= runner_up))
    p_value = (1 + int(reached.sum())) / (1 + draws)
    high = float(np.quantile(largest, 0.999))
    return Hub(int(counts.argmax()), int(count), float(largest.mean()), high, p_value)


def _largest_two(counts: Int[np.ndarray, "draws D"]) -> Int[np.ndarray, "draws 2"]:
    return -np.partition(-counts, (0, 1), axis=1)[:, :2]


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
