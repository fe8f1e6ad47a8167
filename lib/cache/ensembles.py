"""Trained dictionaries, made once and kept, with what was observed while they were trained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from safetensors.torch import load_file
from safetensors.torch import save as dump_tensors
from scipy import sparse
from torch import Tensor

import lib.analysis.codes
import lib.analysis.similarity
import lib.sae.freezing
import lib.sae.training
from lib.activations.store import Activations
from lib.analysis.codes import codes_of
from lib.analysis.similarity import nearest
from lib.cache.artifacts import Producer, cached
from lib.cache.cached import CHECKPOINT, drop_checkpoints
from lib.core.checkpoints import write_atomically
from lib.core.device import Machine
from lib.core.identity import content_key
from lib.sae.autoencoders import load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.freezing import Freeze, FreezeDecoder
from lib.sae.training import FitSettings, History, StepMetrics, fit_ensemble
from lib.sae.warm_starts import AblatedFeature, ablate, restore

HISTORIES = "history.json"


class TrainedEnsemble(NamedTuple):
    """Dictionaries that were trained together, and what was observed on the way."""

    saes: list[SparseAutoencoder]
    histories: list[History]
    steps: list[int]
    """Steps after which the dictionaries were observed; 0 is the start."""
    cosine: list[Float[Tensor, "steps N"]]
    """For each dictionary and step, the maximum cosine of each true direction with it."""
    partner: list[Int[Tensor, "steps N"]]
    """And the feature that has it."""
    directions: list[Float[Tensor, "steps F D"]]
    """The decoder's rows, where neither a truth nor a probe was given."""
    codes: list[list[sparse.csr_array]]
    """[dictionaries][steps]: codes [N, F] of the probe, where one was given."""


def trained_ensemble(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    fitting: FitSettings,
    machine: Machine,
    *,
    steps: Sequence[int] = (),
    truth: Float[Tensor, "N D"] | None = None,
    probe: Float[Tensor, "N D"] | None = None,
    frozen: Sequence[Bool[Tensor, " F"]] | None = None,
    frozen_decoders: bool = False,
    ablated: Sequence[AblatedFeature | None] | None = None,
    label: str = "dictionaries",
) -> TrainedEnsemble:
    """Dictionaries trained together, or the same ones from before; see `fit_ensemble`.

    They go on from the weights that they have. Those, their settings, the activations and all that
    is observed are part of the key.

    Args:
        steps: after which the dictionaries are observed.
        truth: directions that they are compared with then.
        probe: vectors that they encode then.
        frozen: for each dictionary the features that must not move.
        frozen_decoders: whether every decoder stays as it is.
        ablated: for each dictionary what `ablate` gave, or None. Its feature takes no part in
            training, but the probe is encoded with it.
    """
    for sae in saes:
        sae.to(machine.device)
    steps = sorted({step for step in steps if 0 <= step <= fitting.steps})
    ablated = ablated or [None] * len(saes)
    watched = {"truth": truth, "probe": probe}
    settings = {
        "dictionaries": [sae.config() for sae in saes],
        "start": [sae.key for sae in saes],
        "fitting": asdict(fitting),
        "steps": steps,
        **{name: None if x is None else content_key(x) for name, x in watched.items()},
        "frozen": [content_key(which) for which in frozen or ()],
        **({"frozen_decoders": True} if frozen_decoders else {}),
        "silenced": [list(before) if before else None for before in ablated],
    }
    producers: list[Producer] = [lib.sae.training, lib.analysis.similarity]
    producers += [lib.sae.freezing] if frozen or frozen_decoders else []
    producers += [lib.analysis.codes] if probe is not None else []

    def build(folder: Path) -> None:
        observer = _Observer(folder, saes, steps, truth, probe, ablated)
        callbacks: list[list] = [[partial(observer, member)] for member in range(len(saes))]
        for sae, which, own in zip(saes, frozen or (), callbacks, strict=bool(frozen)):
            own.insert(0, Freeze(sae, which))
        for sae, own in zip(saes, callbacks, strict=True):
            if frozen_decoders:
                own.insert(0, FreezeDecoder(sae))
        for member, sae in enumerate(saes):
            observer(member, 0, sae)
        histories = fit_ensemble(
            saes, activations, fitting, callbacks=callbacks, checkpoint=folder / CHECKPOINT,
            label=label, **machine,
        )  # fmt: skip
        for member, sae in enumerate(saes):
            save_sae(sae, _member(folder, member))
        text = json.dumps([history._asdict() for history in histories])
        write_atomically(folder / HISTORIES, text)
        drop_checkpoints(folder)

    def load(folder: Path) -> TrainedEnsemble:
        members = range(len(saes))
        histories = [History(**one) for one in json.loads((folder / HISTORIES).read_text())]
        seen = [] if probe is not None else [load_file(_seen(folder, step)) for step in steps]
        column = lambda name: [
            torch.stack([at[f"{name}-{member}"] for at in seen])
            for member in members
            if seen and f"{name}-{member}" in seen[0]
        ]
        return TrainedEnsemble(
            [load_sae(_member(folder, member), machine.device) for member in members],
            histories,
            steps,
            *(column(name) for name in ("cosine", "partner", "directions")),
            [[_read_codes(folder, member, step) for step in steps] for member in members]
            if probe is not None
            else [],
        )

    return cached(
        "dictionary" if len(saes) == 1 else "ensemble",
        producer=producers,
        settings=settings,
        inputs=[activations],
        seed=fitting.seed,
        machine=machine,
        build=build,
        load=load,
    )


class _Observer:
    """Observes every member after some steps; files for each step.

    So what a killed run saw up to its checkpoint is there when it goes on.
    """

    def __init__(
        self,
        folder: Path,
        saes: Sequence[SparseAutoencoder],
        steps: Sequence[int],
        truth: Tensor | None,
        probe: Tensor | None,
        ablated: Sequence[AblatedFeature | None],
    ) -> None:
        self.folder, self.members, self.steps = folder, len(saes), set(steps)
        self.truth, self.ablated = truth, ablated
        self.probe = None if probe is None else probe.to(saes[0].W_dec.device)
        self.seen: dict[int, dict[str, Tensor]] = {}
        """By step, until all members have been observed."""

    def __call__(
        self, member: int, step: int, sae: SparseAutoencoder, metrics: StepMetrics | None = None
    ) -> None:
        if step not in self.steps:
            return
        if self.probe is not None:
            self._write_codes(member, step, sae, self.probe)
            return
        rows = sae.W_dec.detach()
        found = self.seen.setdefault(step, {})
        if self.truth is None:
            found[f"directions-{member}"] = rows.float().cpu().clone()
        else:
            cosine, partner = nearest(self.truth.to(rows), rows)
            found[f"cosine-{member}"] = cosine.float().cpu()
            found[f"partner-{member}"] = partner.cpu()
        if len({name.rpartition("-")[2] for name in found}) == self.members:
            write_atomically(_seen(self.folder, step), dump_tensors(self.seen.pop(step)))

    def _write_codes(self, member: int, step: int, sae: SparseAutoencoder, probe: Tensor) -> None:
        before = self.ablated[member]
        if before is not None:
            restore(sae, before)
        buffer = BytesIO()
        sparse.save_npz(buffer, codes_of(sae, probe), compressed=False)
        if before is not None:
            ablate(sae, before.feature)
        write_atomically(_codes(self.folder, member, step), buffer.getvalue())


def _member(folder: Path, member: int) -> Path:
    return folder / f"member-{member:03d}"


def _seen(folder: Path, step: int) -> Path:
    return folder / f"seen-{step}.safetensors"


def _codes(folder: Path, member: int, step: int) -> Path:
    return folder / f"codes-{member:03d}-{step}.npz"


def _read_codes(folder: Path, member: int, step: int) -> sparse.csr_array:
    return sparse.csr_array(sparse.load_npz(_codes(folder, member, step)))
