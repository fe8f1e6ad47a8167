"""Ensembles of dictionaries as artifacts, with their codes at some vectors step by step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import torch
from jaxtyping import Float
from scipy import sparse
from torch import Tensor

import lib.sae.ensemble
from lib.book.artifacts import artifact
from lib.book.making import CHECKPOINT, drop_checkpoints, load_or_make_again
from lib.book.making_ensembles import _fingerprint
from lib.core.checkpoints import write_atomically
from lib.sae.autoencoders import load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.ensemble import fit_ensemble
from lib.sae.store import Activations
from lib.sae.training import FitSettings, History, StepMetrics

ROWS_AT_ONCE = 4096


class TracedEnsemble(NamedTuple):
    """Dictionaries that were trained together, and what they said on the way."""

    saes: list[SparseAutoencoder]
    histories: list[History]
    steps: list[int]
    """Steps after which the probe was encoded; 0 is the start."""
    codes: list[list[sparse.csr_array]]
    """[members][steps]: codes [N, F] of the probe."""


def traced_ensemble(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    fitting: FitSettings,
    probe: Float[Tensor, "N D"],
    *,
    data: str,
    device: torch.device,
    precision: str,
    steps: Sequence[int],
    label: str = "dictionaries",
) -> TracedEnsemble:
    """Dictionaries trained together, or the same ones from before, with the codes of some vectors.

    Their settings and initial weights, the probe and the steps are part of the key.

    Args:
        probe: the vectors that are encoded after each of `steps`.
        data: names the activations and what was filtered from them.
    """
    for sae in saes:
        sae.to(device)
    steps = sorted({step for step in steps if 0 <= step <= fitting.steps})
    settings = {
        "dictionaries": [sae.config() for sae in saes],
        "start": _fingerprint([p for sae in saes for p in sae.parameters()]),
        "probe": _fingerprint([probe]),
        "fitting": asdict(fitting),
        "steps": steps,
    }

    def build(folder: Path) -> None:
        trace = partial(_trace, folder, set(steps), probe.to(device))
        for member, sae in enumerate(saes):
            trace(member, 0, sae)
        histories = fit_ensemble(
            saes, activations, fitting, device=device, precision=precision,
            callbacks=[[partial(trace, member)] for member in range(len(saes))],
            checkpoint=folder / CHECKPOINT, label=label,
        )  # fmt: skip
        for member, sae in enumerate(saes):
            save_sae(sae, folder / f"member-{member:03d}")
        text = json.dumps([history._asdict() for history in histories])
        write_atomically(folder / "history.json", text)
        drop_checkpoints(folder)

    def load(folder: Path) -> TracedEnsemble:
        histories = [History(**h) for h in json.loads((folder / "history.json").read_text())]
        numbers = range(len(saes))
        members = [load_sae(folder / f"member-{m:03d}", device) for m in numbers]
        codes = [[_read(_path(folder, m, step)) for step in steps] for m in numbers]
        return TracedEnsemble(members, histories, steps, codes)

    return load_or_make_again(
        lambda: artifact(
            "traced-ensemble",
            producer=lib.sae.ensemble,
            settings=settings,
            data=data,
            seed=fitting.seed,
            build=build,
            device=device,
            precision=precision,
        ),
        load,
    )


@torch.no_grad()
def codes_of(sae: SparseAutoencoder, x: Float[Tensor, "N D"]) -> sparse.csr_array:
    """The codes of some vectors, [N, F]."""
    pieces = [sae.encode(rows).cpu().numpy() for rows in x.to(sae.W_dec).split(ROWS_AT_ONCE)]
    return sparse.vstack([sparse.csr_array(piece) for piece in pieces], format="csr")


def _trace(
    folder: Path, steps: set[int], probe: Float[Tensor, "N D"], member: int, step: int,
    sae: SparseAutoencoder, metrics: StepMetrics | None = None,
) -> None:  # fmt: skip
    """Writes one member's codes after one step; a killed run finds those before its checkpoint."""
    if step in steps:
        buffer = BytesIO()
        sparse.save_npz(buffer, codes_of(sae, probe))
        write_atomically(_path(folder, member, step), buffer.getvalue())


def _path(folder: Path, member: int, step: int) -> Path:
    return folder / f"codes-{member:03d}-{step}.npz"


def _read(path: Path) -> sparse.csr_array:
    return sparse.csr_array(sparse.load_npz(path))
