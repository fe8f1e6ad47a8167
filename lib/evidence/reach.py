"""Whether a criterion can be met at all: some measurement must open its gate and pass it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import linprog

from lib.core.errors import UserError
from lib.evidence.conditions import Condition, Reference, condition_text, records_of
from lib.evidence.quantities import Kind, quantity
from lib.evidence.verdicts import Claim
from lib.settings.base import PROFILES

BOUNDS = ("low", "mean", "high")
SLACK = 1e-9
"""A strict comparison must be met by more than rounding."""


def can_be_met(conditions: Sequence[Condition], bounds: Callable[[str], Kind]) -> bool:
    """Whether intervals exist that meet all conditions at once; by linear programming.

    Each record has three unknowns, low <= mean <= high. Strict comparisons share one more unknown,
    by how much they are met, which is made as large as it can be.

    Args:
        bounds: record -> what it cannot lie beyond.
    """
    names = sorted(records_of(conditions))
    column = {(name, b): 3 * i + j for i, name in enumerate(names) for j, b in enumerate(BOUNDS)}
    rows, limits = [], []

    def at_most(limit: float, *terms: tuple[int, float]) -> None:
        row = np.zeros(3 * len(names) + 1)
        for place, factor in terms:
            row[place] += factor
        rows.append(row)
        limits.append(limit)

    for name in names:
        for smaller, larger in (("low", "mean"), ("mean", "high")):
            at_most(0.0, (column[name, smaller], 1.0), (column[name, larger], -1.0))
    for one in conditions:
        sign = 1.0 if one.op.startswith("<") else -1.0
        terms, limit = [(column[one.record, one.bound], sign)], 0.0
        if isinstance(one.value, Reference):
            terms.append((column[one.value.record, one.value.bound], -sign * one.value.times))
            limit = sign * one.value.plus
        else:
            limit = sign * one.value
        if not one.op.endswith("="):
            terms.append((-1, 1.0))
        at_most(limit, *terms)
    kinds = [bounds(name) for name in names for _ in BOUNDS]
    edges = [*((kind.minimum, kind.maximum) for kind in kinds), (0.0, 1.0)]
    wanted = np.zeros(3 * len(names) + 1)
    wanted[-1] = -1.0
    found = linprog(wanted, np.array(rows), np.array(limits), bounds=edges)
    return bool(found.status == 0 and found.x[-1] > SLACK)


def decisive(claim: Claim, profile: str) -> list[Condition]:
    """All that must hold at a profile for the claim to be replicated: gate and criterion."""
    conditions = [] if claim.pending else [*claim.gates, *claim.criterion.replicated]
    return [one for one in conditions if one.applies(profile)]


def refuse_unreachable(key: str, claim: Claim) -> None:
    """Makes sure that the claim can be told at each profile that decides it.

    Raises:
        UserError: names the claim, the profile and what cannot hold together.
    """
    seen: set[tuple[Condition, ...]] = set()
    for profile in PROFILES[PROFILES.index(claim.scale) :]:
        asked = decisive(claim, profile)
        if not asked or tuple(asked) in seen:
            continue
        seen.add(tuple(asked))
        if not can_be_met(asked, lambda name: quantity(claim.chapter, name).kind):
            together = "; ".join(condition_text(one) for one in asked)
            raise UserError(
                f"No measurement can meet the criterion of {key!r} at profile {profile}: "
                f"{together} cannot hold together for what book/quantities.yml says of these "
                "records; correct the one or the other."
            )
