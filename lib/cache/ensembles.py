"""Whole ensembles of dictionaries as artifacts, with what was seen while they were trained."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from safetensors.torch import load_file, save
from torch import Tensor

import lib.analysis.similarity
import lib.sae.training
from lib.activations.store import Activations
from lib.analysis.similarity import nearest
from lib.cache.artifacts import artifact
from lib.cache.cached import load_or_make_again
from lib.cache.members import fingerprint, fit_members, load_histories, load_members, naming
from lib.core.checkpoints import write_atomically
from lib.sae.base import SparseAutoencoder
from lib.sae.training import FitSettings, History, StepMetrics


class TrainedEnsemble(NamedTuple):
    """Dictionaries that were trained together, and what was seen on the way."""

    saes: list[SparseAutoencoder]
    histories: list[History]
    steps: list[int]
    """Steps after which the dictionaries were looked at; 0 is the start."""
    cosine: list[Float[Tensor, "steps N"]]
    """For each dictionary and step, the maximum cosine of each watched direction with it."""
    partner: list[Int[Tensor, "steps N"]]
    """And the feature that has it."""
    directions: list[Float[Tensor, "steps F D"]]
    """The decoder's rows, where no directions were watched."""


def trained_ensemble(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    fitting: FitSettings,
    *,
    data: str,
    device: torch.device,
    precision: str,
    truth: Float[Tensor, "N D"] | None = None,
    steps: Sequence[int] = (),
    label: str = "dictionaries",
) -> TrainedEnsemble:
    """Dictionaries trained together, or the same ones from before; see `fit_ensemble`.

    Their settings and initial weights are part of the key.

    Args:
        data: names the activations: the folder of a store, or the settings of a toy world.
        truth: directions to compare every dictionary with, after each of `steps`; None: the
            decoder's rows themselves are kept.
    """
    for sae in saes:
        sae.to(device)
    steps = sorted({step for step in steps if 0 <= step <= fitting.steps})
    settings = {
        **naming(saes, fitting),
        "truth": None if truth is None else fingerprint([truth]),
        "steps": steps,
    }

    def build(folder: Path) -> None:
        watch = _Watch(folder, len(saes), steps, truth)
        for member, sae in enumerate(saes):
            watch(member, 0, sae)
        fit_members(
            folder, saes, activations, fitting, device=device, precision=precision, label=label,
            callbacks=[[partial(watch, member)] for member in range(len(saes))],
        )  # fmt: skip

    def load(folder: Path) -> TrainedEnsemble:
        seen = [load_file(folder / f"seen-{step}.safetensors") for step in steps]
        column = lambda name: [
            torch.stack([at[f"{name}-{member}"] for at in seen])
            for member in range(len(saes))
            if seen and f"{name}-{member}" in seen[0]
        ]
        members = load_members(folder, len(saes), device)
        kinds = (column(name) for name in ("cosine", "partner", "directions"))
        return TrainedEnsemble(members, load_histories(folder), steps, *kinds)

    return load_or_make_again(
        lambda: artifact(
            "ensemble",
            producer=[lib.sae.training, lib.analysis.similarity],
            settings=settings,
            data=data,
            seed=fitting.seed,
            build=build,
            device=device,
            precision=precision,
        ),
        load,
    )


class _Watch:
    """Looks at every member after some steps; one file a step.

    So what a killed run saw up to its checkpoint is there when it goes on.
    """

    def __init__(
        self, folder: Path, members: int, steps: Sequence[int], truth: Tensor | None
    ) -> None:
        self.folder, self.members, self.steps, self.truth = folder, members, set(steps), truth
        self.seen: dict[int, dict[str, Tensor]] = {}
        """By step, until all members have been looked at."""

    def __call__(
        self, member: int, step: int, sae: SparseAutoencoder, metrics: StepMetrics | None = None
    ) -> None:
        if step not in self.steps:
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
            write_atomically(self.folder / f"seen-{step}.safetensors", save(self.seen.pop(step)))
