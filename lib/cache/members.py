"""The dictionaries of an ensemble in an artifact's folder: what names them, their training, their
files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lib.activations.store import Activations
from lib.cache.cached import CHECKPOINT, drop_checkpoints
from lib.core.checkpoints import write_atomically
from lib.sae.autoencoders import load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.training import Callback, FitSettings, History, fit_ensemble

HISTORIES = "history.json"


def fingerprint(tensors: Sequence[Tensor]) -> str:
    """Changes with any bit of any of the tensors."""
    found = hashlib.sha256()
    for tensor in tensors:
        found.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()


def naming(saes: Sequence[SparseAutoencoder], fitting: FitSettings) -> dict[str, Any]:
    """What tells dictionaries from others before they are trained: settings and first weights."""
    return {
        "dictionaries": [sae.config() for sae in saes],
        "start": fingerprint([p for sae in saes for p in sae.parameters()]),
        "fitting": asdict(fitting),
    }


def fit_members(
    folder: Path,
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    fitting: FitSettings,
    *,
    callbacks: Sequence[Sequence[Callback]],
    device: torch.device,
    precision: str,
    label: str,
) -> None:
    """Trains the dictionaries together, from a checkpoint in `folder` if there is one.

    Leaves them and their histories there and the checkpoint no more; see `fit_ensemble`.
    """
    histories = fit_ensemble(
        saes, activations, fitting, device=device, precision=precision, callbacks=callbacks,
        checkpoint=folder / CHECKPOINT, label=label,
    )  # fmt: skip
    for number, sae in enumerate(saes):
        save_sae(sae, _path(folder, number))
    text = json.dumps([history._asdict() for history in histories])
    write_atomically(folder / HISTORIES, text)
    drop_checkpoints(folder)


def load_members(folder: Path, count: int, device: torch.device) -> list[SparseAutoencoder]:
    """The dictionaries that `fit_members` left, in their order."""
    return [load_sae(_path(folder, number), device) for number in range(count)]


def load_histories(folder: Path) -> list[History]:
    """A history for each of them."""
    return [History(**history) for history in json.loads((folder / HISTORIES).read_text())]


def _path(folder: Path, number: int) -> Path:
    return folder / f"member-{number:03d}"
