"""Dictionaries that are watched while they train: directions, and how often each feature fired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from safetensors.torch import load_file
from safetensors.torch import save as dump_tensors
from torch import Tensor

import lib.sae.training
import lib.studies.beyond.nested
from lib.activations.store import Activations
from lib.cache.artifacts import cached
from lib.core.checkpoints import write_atomically
from lib.core.device import Machine
from lib.sae.autoencoders import load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.optimisation import FitSettings, StepMetrics
from lib.sae.training import fit_ensemble

SEEN = "seen.safetensors"


class Watched(NamedTuple):
    """Dictionaries that were trained together, and what was seen of them on the way."""

    saes: list[SparseAutoencoder]
    steps: list[int]
    """Steps after which they were looked at, rising; the last is the end."""
    directions: list[Float[Tensor, "steps F D"]]
    """For each dictionary the decoder's rows at these steps."""
    firings: list[Int[Tensor, "steps F"]]
    """And on how many training vectors each feature had been above zero until then."""


class _Watch:
    """Counts every member's firings, and notes them with the directions at some steps."""

    def __init__(self, saes: Sequence[SparseAutoencoder], steps: Sequence[int]) -> None:
        self.steps = set(steps)
        self.fired = [torch.zeros_like(sae.b_enc, dtype=torch.int64) for sae in saes]
        self.seen: list[list[tuple[Tensor, Tensor]]] = [[] for _ in saes]

    def __call__(
        self, member: int, step: int, sae: SparseAutoencoder, metrics: StepMetrics
    ) -> None:
        self.fired[member] += metrics.fired
        if step in self.steps:
            rows = sae.W_dec.detach().float().cpu().clone()
            self.seen[member].append((rows, self.fired[member].cpu().clone()))


def watched_ensemble(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    fitting: FitSettings,
    machine: Machine,
    *,
    steps: Sequence[int] = (),
    label: str = "dictionaries",
) -> Watched:
    """Dictionaries trained together and watched, or the same ones from before.

    They go on from the weights that they have. Firings are counted exactly, batch by batch, so
    that a training that is killed begins anew.

    Args:
        steps: after which they are looked at; the end is always one of them.
    """
    for sae in saes:
        sae.to(machine.device)
    steps = sorted({*(step for step in steps if 0 < step < fitting.steps), fitting.steps})
    members = range(len(saes))

    def build(folder: Path) -> None:
        watch = _Watch(saes, steps)
        callbacks = [[partial(watch, member)] for member in members]
        fit_ensemble(saes, activations, fitting, callbacks=callbacks, label=label, **machine)
        seen = {}
        for member, looks in enumerate(watch.seen):
            rows, fired = zip(*looks, strict=True)
            seen |= {f"rows-{member}": torch.stack(rows), f"fired-{member}": torch.stack(fired)}
            save_sae(saes[member], folder / f"member-{member:03d}")
        write_atomically(folder / SEEN, dump_tensors(seen))

    def load(folder: Path) -> Watched:
        seen = load_file(folder / SEEN)
        found = [load_sae(folder / f"member-{m:03d}", machine.device) for m in members]
        rows, fired = ([seen[f"{name}-{m}"] for m in members] for name in ("rows", "fired"))
        return Watched(found, steps, rows, fired)

    return cached(
        "watched",
        producer=[lib.sae.training, lib.studies.beyond.nested, _Watch, watched_ensemble],
        settings={
            "dictionaries": [sae.config() for sae in saes],
            "start": [sae.key for sae in saes],
            "fitting": asdict(fitting),
            "steps": steps,
        },
        inputs=[activations],
        seed=fitting.seed,
        machine=machine,
        build=build,
        load=load,
    )
