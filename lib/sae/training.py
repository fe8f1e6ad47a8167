"""SAE training: `fit` and `fit_ensemble`, one loop with checkpoints, a history and time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from lib.activations.store import Activations
from lib.core.checkpoints import load_state, restore_rng_state, rng_state, save_state
from lib.core.errors import UserError
from lib.core.progress import Progress
from lib.sae.base import SparseAutoencoder
from lib.sae.ensemble import Ensemble, make_ensembles
from lib.sae.optimisation import FitSettings, StepMetrics, steps_between_looks

__all__ = ["Callback", "FitSettings", "History", "StepMetrics", "fit", "fit_ensemble"]

Callback = Callable[[int, SparseAutoencoder, StepMetrics], None]


class History(NamedTuple):
    """Training curves; entry i is the mean over the steps up to `steps[i]`."""

    steps: list[int]
    """Steps finished at each entry."""
    total: list[float]
    """The loss that was minimised."""
    reconstruction: list[float]
    """Squared error, sum over D, mean over rows."""
    sparsity: list[float]
    """Sum of codes, mean over rows."""
    auxiliary: list[float]
    """The auxiliary loss, before its coefficient."""
    l0: list[float]
    """Features above zero in a row."""
    dead: list[int]
    """Dead features at the entry's last step."""
    tokens: int
    """Rows trained on."""
    seconds: float
    """Time spent, that of killed runs up to their last checkpoint included."""


class Recorder:
    """Sums up steps between two entries of the history, on the device, for some dictionaries."""

    def __init__(self, every: int, members: int) -> None:
        self.every = every
        names = History._fields[:-2]
        self.entries: list[dict[str, list]] = [{n: [] for n in names} for _ in range(members)]
        self.sums: Tensor | None = None
        self.count = 0

    def add(self, step: int, rows: int, metrics: StepMetrics, last: bool) -> None:
        """Counts the step that ended; `step` counts from 1."""
        values = torch.stack([*metrics.loss, metrics.fired.sum(-1) / rows]).double()
        self.sums = values if self.sums is None else self.sums + values
        self.count += 1
        if step % self.every == 0 or last:
            means = (self.sums / self.count).t().tolist()
            dead = metrics.dead.sum(-1).tolist()
            for entries, mean, silent in zip(self.entries, means, dead, strict=True):
                for name, value in zip(entries, [step, *mean, silent], strict=True):
                    entries[name].append(value)
            self.sums, self.count = None, 0

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {"entries": self.entries, "sums": self.sums, "count": self.count}

    def load_state_dict(self, state: dict[str, Any], device: torch.device) -> None:
        """Goes back to a state that `state_dict` gave."""
        self.entries, self.count = state["entries"], state["count"]
        self.sums = None if state["sums"] is None else state["sums"].to(device)


class Group(NamedTuple):
    """Dictionaries that train as one, with their histories and callbacks."""

    ensemble: Ensemble
    member_ids: list[int]
    recorder: Recorder
    callbacks: list[Sequence[Callback]]

    def step(self, x: Float[Tensor, "B D"], step: int, last: bool) -> Tensor:
        """Trains on a batch; returns whether every loss is a number."""
        metrics = self.ensemble.step(x, step)
        self.recorder.add(step + 1, len(x), metrics, last)
        for place, (sae, calls) in enumerate(zip(self.ensemble.saes, self.callbacks, strict=True)):
            for call in calls:
                call(step + 1, sae, self.ensemble.member(metrics, place))
        return metrics.loss.total.isfinite().all()


def fit(
    sae: SparseAutoencoder,
    activations: Activations,
    settings: FitSettings,
    *,
    device: torch.device,
    precision: str,
    callbacks: Sequence[Callback] = (),
    checkpoint: Path | None = None,
    label: str = "dictionary",
) -> History:
    """Trains `sae` in place on the shuffled training rows of `activations`.

    Args:
        sae: moved to `device`.
        precision: "fp32", "bf16" or "fp16", see `lib.core.device.resolve_precision`.
        callbacks: each called as `callback(steps done, sae, metrics)` after every step; what a
            callback collects is its own affair and is not in the checkpoint.
        checkpoint: a file that a killed run goes on from, bit for bit as if it had not been
            killed; it stays behind when training ends, so that a second call returns at once.
        label: names the progress line.
    Raises:
        UserError: widths that differ, a batch larger than the data, a checkpoint of another
            training, NaN or infinity in a batch or in the loss, a full disk.

    Example:
        >>> from lib.activations.store import TensorActivations
        >>> from lib.sae.autoencoders import TopK
        >>> from lib.sae.metrics import evaluate_sae
        >>> vectors = torch.randn(1_100, 4) @ torch.randn(4, 16)
        >>> data = TensorActivations(vectors[:1_000], vectors[1_000:])
        >>> sae, settings = TopK(16, 32, k=4), FitSettings(steps=200, batch=100, learning_rate=1e-2)
        >>> before = evaluate_sae(sae, data).explained_variance
        >>> history = fit(sae, data, settings, device=torch.device("cpu"), precision="fp32")
        >>> evaluate_sae(sae, data).explained_variance > before
        True
    """
    return fit_all(
        [sae], activations, settings, device=device, precision=precision,
        callbacks=[callbacks], checkpoint=checkpoint, label=label,
    )[0]  # fmt: skip


def fit_all(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    settings: FitSettings,
    *,
    device: torch.device,
    precision: str,
    callbacks: Sequence[Sequence[Callback]],
    checkpoint: Path | None,
    label: str,
) -> list[History]:
    """`fit` for several dictionaries on one stream of batches; see `lib.sae.training`."""
    for sae in saes:
        if sae.width != activations.width:
            raise UserError(
                f"a dictionary of width {sae.width} cannot learn from activations of width "
                f"{activations.width}: make it {activations.width} wide."
            )
    groups = [
        Group(
            ensemble,
            member_ids,
            Recorder(settings.log_every, len(member_ids)),
            [callbacks[one] for one in member_ids],
        )
        for ensemble, member_ids in make_ensembles(saes, settings, device, precision)
    ]
    identity = {
        "layout": 2,  # of what a checkpoint holds
        "saes": [sae.config() for sae in saes],
        "settings": settings.resume_identity(),
    }
    done, spent = _resume(checkpoint, identity, groups, device)
    progress = Progress(label, settings.steps, done)
    looks = steps_between_looks(device)
    finite = torch.ones((), dtype=torch.bool, device=device)
    started = saved = time.monotonic()
    batches = _batches(activations, settings, done)
    try:
        for step, x in zip(range(done, settings.steps), batches, strict=False):
            x = x.to(device, saes[0].W_dec.dtype, non_blocking=True)
            last = step + 1 == settings.steps
            for group in groups:
                finite = finite & group.step(x, step, last)
            save = time.monotonic() - saved >= settings.checkpoint_seconds or last
            # Before anything is saved, so that a checkpoint never holds NaN.
            if (step % looks == 0 or save) and not bool(finite):
                raise UserError(_explain(activations, settings, step, looks, checkpoint))
            if save and checkpoint is not None:
                _save(checkpoint, identity, step + 1, spent + time.monotonic() - started, groups)
                saved = time.monotonic()
            progress.update(step + 1, _note(groups))
    finally:
        batches.close()
        for group in groups:
            group.ensemble.unstack()
    seconds = spent + time.monotonic() - started
    histories = {
        number: History(**entries, tokens=settings.steps * settings.batch, seconds=seconds)
        for group in groups
        for number, entries in zip(group.member_ids, group.recorder.entries, strict=True)
    }
    return [histories[number] for number in range(len(saes))]


def _batches(
    activations: Activations, settings: FitSettings, done: int
) -> Iterator[Float[Tensor, "B D"]]:
    """A generator whose close() ends the reading thread; none is started when nothing is left."""
    if done < settings.steps:
        yield from activations.batches(settings.batch, settings.seed, done)


def _note(groups: Sequence[Group]) -> str:
    """The last entry of the history where there is one dictionary."""
    entries = groups[0].recorder.entries
    if len(groups) > 1 or len(entries) > 1 or not entries[0]["steps"]:
        return ""
    error, active = entries[0]["reconstruction"][-1], entries[0]["l0"][-1]
    return f"squared error {error:.4g}, {active:.3g} active"


def _explain(
    activations: Activations, settings: FitSettings, step: int, looks: int, checkpoint: Path | None
) -> str:
    """Why the loss is no number: a batch that holds none, or a training that diverged."""
    kept = f"; the last good checkpoint is {checkpoint}" if checkpoint else ""
    for number in range(max(0, step - looks + 1), step + 1):
        rows = activations.batch_rows(settings.batch, settings.seed, number)
        x = next(activations.batches(settings.batch, settings.seed, number))
        wrong = (~x.isfinite().all(1)).nonzero().flatten().tolist()
        if wrong:
            places = sorted({activations.place(int(rows[row])) for row in wrong})
            return (
                f"the batch of step {number} holds NaN or infinity, from {', '.join(places[:3])}"
                f"{kept}; delete that file and harvest again."
            )
    return (
        f"the loss became NaN or infinite by step {step} although the batch holds numbers: "
        f"the training diverged{kept}; choose a smaller learning rate or precision fp32."
    )


def _resume(
    checkpoint: Path | None, identity: dict[str, Any], groups: Sequence[Group], device: torch.device
) -> tuple[int, float]:
    """Loads a checkpoint where there is one; returns steps done and seconds spent."""
    state = load_state(checkpoint) if checkpoint is not None else None
    if state is None:
        return 0, 0.0
    if state["identity"] != identity:
        raise UserError(
            f"{checkpoint} belongs to a training with other settings; delete it to start anew, "
            "or give the settings that it was made with."
        )
    for group, values in zip(groups, state["parts"], strict=True):
        group.ensemble.load_state_dict(values["optimiser"])
        group.recorder.load_state_dict(values["recorder"], device)
    restore_rng_state(state["rng"])
    return state["done"], state["seconds"]


def _save(
    checkpoint: Path, identity: dict[str, Any], done: int, seconds: float, groups: Sequence[Group]
) -> None:
    state = {
        "identity": identity,
        "done": done,
        "seconds": seconds,
        "rng": rng_state(),
        "parts": [
            {"optimiser": group.ensemble.state_dict(), "recorder": group.recorder.state_dict()}
            for group in groups
        ],
    }
    save_state(checkpoint, state)


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

    Each batch is read once and shown to all. Small dictionaries of one kind train together where
    that is faster, padded to one size where they are of several, equal up to the rounding of sums
    in another order; the others one after the other, equal bit for bit.

    Args:
        saes: any mix of kind, size, k, coefficient and seed; all of one width.
        callbacks: for each dictionary, what `fit` takes; None: nothing.
        checkpoint: one file for all of them, see `fit`.
    Returns:
        a history for each dictionary; `seconds` is the time of all together.
    Raises:
        UserError: as `fit`, and an empty list or one dictionary given twice.

    Example:
        >>> from lib.activations.store import TensorActivations
        >>> from lib.sae.autoencoders import L1
        >>> data = TensorActivations(torch.randn(1_000, 16), torch.randn(100, 16))
        >>> saes = [L1(16, 32, coefficient=c, seed=seed) for c in (0.1, 0.3) for seed in (0, 1)]
        >>> settings = FitSettings(steps=20, batch=100)
        >>> len(fit_ensemble(saes, data, settings, device=torch.device("cpu"), precision="fp32"))
        4
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
