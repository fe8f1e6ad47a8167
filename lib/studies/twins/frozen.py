"""Dictionaries that train on with some of their features frozen, as artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from jaxtyping import Bool
from torch import Tensor

import lib.sae.freezing
import lib.sae.training
from lib.activations.store import Activations
from lib.cache.artifacts import artifact
from lib.cache.cached import load_or_make_again
from lib.cache.members import fingerprint, fit_members, load_members, naming
from lib.sae.base import SparseAutoencoder
from lib.sae.freezing import Freeze
from lib.sae.training import FitSettings


def continued_ensemble(
    saes: Sequence[SparseAutoencoder],
    frozen: Sequence[Bool[Tensor, " F"]],
    activations: Activations,
    fitting: FitSettings,
    *,
    data: str,
    device: torch.device,
    precision: str,
    label: str = "dictionaries",
) -> list[SparseAutoencoder]:
    """Dictionaries trained on from where they are, or those that were before.

    Args:
        frozen: for each dictionary the features that must not move.
        data: names the activations: the folder of a store.
    """
    for sae in saes:
        sae.to(device)
    settings = {**naming(saes, fitting), "frozen": fingerprint(list(frozen))}

    def build(folder: Path) -> None:
        fit_members(
            folder, saes, activations, fitting, device=device, precision=precision, label=label,
            callbacks=[[Freeze(sae, keep)] for sae, keep in zip(saes, frozen, strict=True)],
        )  # fmt: skip

    return load_or_make_again(
        lambda: artifact(
            "continued-ensemble",
            producer=[lib.sae.training, lib.sae.freezing],
            settings=settings,
            data=data,
            seed=fitting.seed,
            build=build,
            device=device,
            precision=precision,
        ),
        lambda folder: load_members(folder, len(saes), device),
    )
