"""Many dictionaries of one input, trained on one stream of batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from lib.core.errors import UserError
from lib.sae.base import SparseAutoencoder
from lib.sae.optimisation import FitSettings
from lib.sae.store import Activations
from lib.sae.training import Callback, History, fit_all


def fit_ensemble(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    settings: FitSettings,
    *,
    device: torch.device,
    precision: str,
    callbacks: Sequence[Sequence[Callback]] | None = None,
    checkpoint: Path | None = None,
    label: str = "dictionaries",
) -> list[History]:
    """Trains every dictionary in place, as `fit` would have done with each alone.

    Each batch is read once and shown to all. Small dictionaries of one kind train in one stack
    where that is faster, padded to one size where they are of several, equal up to the rounding of
    sums in another order; the others one after the other, equal bit for bit.

    Args:
        saes: any mix of kind, size, k, coefficient and seed; all of one width.
        callbacks: for each dictionary, what `fit` takes; None: nothing.
        checkpoint: one file for all of them, see `fit`.
    Returns:
        a history for each dictionary; `seconds` is the time of all together.
    Raises:
        UserError: as `fit`, and an empty list or one dictionary given twice.
    """
    if not saes or len({id(sae) for sae in saes}) < len(saes):
        raise UserError(
            f"an ensemble trains at least one dictionary, each given once; got {len(saes)} of "
            f"which {len({id(sae) for sae in saes})} differ."
        )
    return fit_all(
        saes, activations, settings, device=device, precision=precision,
        callbacks=callbacks or [()] * len(saes), checkpoint=checkpoint, label=label,
    )  # fmt: skip
