"""What several runs say together: their records pooled into one, with an interval over the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lib.analysis.statistics import mean_interval, share_interval
from lib.evidence.quantities import bounded
from lib.evidence.records import Number, Record, record


def record_mean(
    name: str,
    values: ArrayLike,
    unit: str = "",
    minimum: float = -np.inf,
    maximum: float = np.inf,
    over: str = "dictionaries",
) -> None:
    """Records the mean of independent repetitions with Student's t interval, and the values.

    Args:
        values: one for each repetition.
        minimum, maximum: what the values cannot lie beyond, see `mean_interval`.
        over: what the repetitions are.
    """
    mean, low, high, n = mean_interval(values, minimum, maximum)
    record(name, mean, unit, low, high, n, over, np.ravel(values))


def pooled(
    runs: Sequence[Mapping[str, Record]], over: str = "runs", chapter: str = ""
) -> dict[str, Record]:
    """The records that all runs have, each as one: the mean over runs with Student's t interval.

    A run's value is a mean over its own dictionaries, so the spread between runs holds theirs too,
    and the interval is that of a nested design: exact where each run has as many dictionaries, and
    from three runs on no wider than one that pools the variances. What all runs agree on (such as a
    model that they share) keeps the interval that one run gives it. Rates of repetitions that each
    come out as yes or no get Wilson's interval over all of them, as over fewer where runs differ.
    A single run's records stay as they are. No interval goes beyond what its quantity can be.

    Args:
        runs: one mapping of names to records for each run.
        over: what the runs stand for in words, e.g. "models".
        chapter: whose records they are.
    """
    first, *others = runs
    names = [name for name in first if all(name in run for run in others)]
    together = {name: _one([run[name] for run in runs], over) for name in names}
    return {name: bounded(one, chapter) for name, one in together.items()}


def _one(found: Sequence[Record], over: str) -> Record:
    first, values = found[0], [one.value for one in found]
    if len(found) == 1:
        return first
    outcomes = _outcomes(found)
    if outcomes is not None:
        return _rate(first, outcomes)
    if all(value == values[0] for value in values):
        return first
    if lost := sum(value is None for value in values):
        reason = next(one.reason for one in found if one.value is None)
        return Record(first.name, None, first.unit, reason=f"{lost} of {len(found)} runs: {reason}")
    if not all(isinstance(value, Number) for value in values):
        return Record(first.name, None, first.unit, reason="not the same in all runs")
    mean, low, high, n = mean_interval(values)
    return Record(first.name, mean, first.unit, low, high, n, over, values=values)


def _outcomes(found: Sequence[Record]) -> list[list[float]] | None:
    """The yes and no of each run's repetitions, if all of them are that."""
    several = [one.values for one in found]
    if all(values and set(values) <= {0, 1} for values in several):
        return several
    return None


def _rate(first: Record, outcomes: list[list[float]]) -> Record:
    """Wilson's interval for as many repetitions as the runs' own spread lets them count for."""
    every = np.concatenate(outcomes)
    share, n = float(every.mean()), len(every)
    effect = 1.0
    if len({len(one) for one in outcomes}) == 1 and 0 < share < 1:
        between = np.var([np.mean(one) for one in outcomes], ddof=1) * len(outcomes[0])
        effect = max(1.0, float(between) / (share * (1 - share)))
    counted = max(1, round(n / effect))
    low, high = share_interval(round(share * counted), counted)[1:3]
    # The share itself is exact; rounding what counts may leave it a little outside.
    low, high = min(low, share), max(high, share)
    return Record(first.name, share, first.unit, low, high, n, first.over)
