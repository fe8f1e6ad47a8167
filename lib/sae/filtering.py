"""Filtered activations: the rows that a feature picks out, or as many others, to train on.

A filter of *rows* keeps whole windows of text in which the feature exceeds a threshold somewhere; a
filter of *tokens* keeps only the vectors on which it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped

from lib.activations.store import Activations, to_float32
from lib.core.errors import UserError
from lib.core.identity import content_key
from lib.sae.base import SparseAutoencoder

ROWS_AT_ONCE = 2**16


class FilteredActivations(Activations):
    """Some training rows of another store, in their order; the held-out rows are all kept.

    Args:
        kept: numbers of the training rows, rising.
    Raises:
        UserError: nothing is kept, or the numbers do not rise.
    """

    def __init__(self, activations: Activations, kept: Int[np.ndarray, " N"]) -> None:
        if not len(kept) or (np.diff(kept) <= 0).any():
            raise UserError(
                f"a filter must keep rows in their order and at least one; got {len(kept)} rows: "
                "choose a lower threshold or harvest more vectors."
            )
        self.inner, self.kept = activations, np.asarray(kept, dtype=np.int64)
        self.width = activations.width
        self.train_count, self.held_out_count = len(kept), activations.held_out_count
        self.block_rows, self.pool_rows = activations.block_rows, activations.pool_rows
        self.metadata = activations.metadata | {"kept": content_key(self.kept)}

    def _identity(self) -> Sequence[Any]:
        return self.inner.key, self.kept

    def read(self, side: str, start: int, stop: int) -> Shaped[np.ndarray, "N D"]:
        if side != "train":
            return self.inner.read(side, start, stop)
        rows = self.kept[start:stop]
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
        pieces = [self.inner.read(side, int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]
        return np.concatenate(pieces) if pieces else self.inner.read(side, 0, 0)

    def place(self, row: int) -> str:
        return self.inner.place(int(self.kept[row]))


@torch.no_grad()
def feature_activations(
    sae: SparseAutoencoder, feature: int, activations: Activations
) -> Float[np.ndarray, " N"]:
    """What one feature says on every training row, in order: `sae.encode(x)[:, feature]`.

    That equality holds for dictionaries that keep every positive code, such as L1.
    """
    centre = sae.centre()
    reader, bias = sae.W_enc[:, feature], sae.b_enc[feature]
    found = []
    for start in range(0, activations.train_count, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, activations.train_count)
        x = torch.from_numpy(to_float32(activations.read("train", start, stop))).to(reader)
        x = x if centre is None else x - centre
        found.append((x @ reader + bias).relu().cpu().numpy())
    return np.concatenate(found)


def windows_with(chosen: Bool[np.ndarray, " N"], context: int) -> Bool[np.ndarray, " windows"]:
    """Which windows of `context` rows hold a chosen one; the last window may be short."""
    return np.logical_or.reduceat(chosen, np.arange(0, len(chosen), context))


def rows_of(
    windows: Bool[np.ndarray, " windows"], context: int, rows: int
) -> Int[np.ndarray, " N"]:
    """The rows of the marked windows, of `rows` rows in all."""
    return np.flatnonzero(np.repeat(windows, context)[:rows])


def as_many_at_random(
    windows: Bool[np.ndarray, " windows"], seed: int
) -> Bool[np.ndarray, " windows"]:
    """As many windows as are marked, drawn without looking."""
    drawn = np.zeros_like(windows)
    order = np.random.default_rng(seed).permutation(len(windows))
    drawn[order[: int(windows.sum())]] = True
    return drawn


class Cost(NamedTuple):
    """What filtering costs and what training costs, in floating-point operations a kept token."""

    reading: float
    """The model's forward pass and the narrow feature on the tokens that are thrown away."""
    training: float
    """Forward, backward and optimiser of the wide dictionary."""


def filtering_cost(kept_share: float, model_parameters: int, width: int, features: int) -> Cost:
    """Costs of a filter that keeps some share of the tokens, by counting products.

    A forward pass costs two operations for each parameter of the model below the site and one
    token, the old feature 2 D, a dense training step 12 D F. Kept tokens have to be read in any
    case, so that only the others are charged.
    """
    thrown_away = (1 - kept_share) / kept_share
    return Cost(thrown_away * (2 * model_parameters + 2 * width), 12.0 * width * features)
