"""Language model training: one loop, resumable to the bit."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Integer

from lib.core.checkpoints import load_state, save_state
from lib.core.device import resolve_precision
from lib.core.progress import Progress
from lib.model.evaluation import Evaluation, check_length, check_predictable, evaluate
from lib.model.training_run import TrainingHistory, TrainingRun, TrainingSettings
from lib.model.transformer import Transformer

__all__ = ["Evaluation", "TrainingHistory", "TrainingSettings", "evaluate", "train"]


def train(
    model: Transformer,
    train_tokens: Integer[np.ndarray, " N"],
    validation_tokens: Integer[np.ndarray, " M"],
    settings: TrainingSettings,
    *,
    seed: int,
    device: torch.device,
    precision: str = "auto",
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 15,
    label: str = "language model",
) -> TrainingHistory:
    """Trains `model` in place, and leaves it in evaluation mode on `device`.

    With `checkpoint`, the state is saved there every `checkpoint_seconds`, at the end, and on
    Ctrl-C; a later call with the same arguments goes on from it and ends with the same weights, to
    the bit, as a run that was never interrupted: everything random (windows, dropout) depends on
    the seed and the step alone.

    Args:
        model: with its initial weights.
        train_tokens: one stream, from which random windows are drawn.
        validation_tokens: one stream, evaluated as a whole.
        settings: steps, batch, learning rates.
        seed: of windows and dropout.
        device: where to train.
        precision: `auto`, `fp32`, `bf16` or `fp16`, the format of matrix products.
        checkpoint: a file; None keeps nothing.
        checkpoint_seconds: time between savings.
        label: what the progress lines call the run.

    Raises:
        UserError: a corpus shorter than one context, a loss that is not a number, a checkpoint of
            another run, a full disk.
    """
    check_length(train_tokens, model.config.context)
    check_predictable(validation_tokens)
    precision = resolve_precision(precision, device)
    identity = _identity(model, train_tokens, validation_tokens, settings, seed, device, precision)
    run = TrainingRun(model.to(device), settings, seed, device, precision, identity)
    if checkpoint is not None and (state := load_state(checkpoint)) is not None:
        run.restore(state, checkpoint)
    if run.finished():
        model.eval()
        return run.history()
    progress = Progress(label, settings.steps, done=run.step)
    saved_step = run.step
    save_at = time.monotonic() + checkpoint_seconds

    def save() -> None:
        nonlocal saved_step, save_at
        run.check_losses(checkpoint, saved_step)
        began = time.monotonic()
        if checkpoint is not None:
            save_state(checkpoint, run.state())
        saved_step, took = run.step, time.monotonic() - began
        # Where saving takes seconds it is done less often, so that it costs 5% at most.
        save_at = time.monotonic() + max(checkpoint_seconds, 20 * took * (checkpoint_seconds > 0))

    try:
        with _own_randomness(device):
            model.train()
            while not run.finished():
                if run.record_due():
                    run.check_losses(checkpoint, saved_step)
                    run.record()
                elif run.validation_due():
                    run.validate(validation_tokens)
                else:
                    run.update(train_tokens)
                    progress.update(run.step, run.note())
                if time.monotonic() >= save_at:
                    save()
    except KeyboardInterrupt:
        if run.whole:
            save()
        raise
    save()
    model.eval()
    return run.history()


@contextmanager
def _own_randomness(device: torch.device) -> Iterator[None]:
    """Seeding dropout must not disturb what the caller draws from torch's global generators."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        yield


def _identity(
    model: Transformer,
    train_tokens: Integer[np.ndarray, " N"],
    validation_tokens: Integer[np.ndarray, " M"],
    settings: TrainingSettings,
    seed: int,
    device: torch.device,
    precision: str,
) -> dict[str, Any]:
    """What a checkpoint must agree in with the run that goes on from it."""
    return {
        **asdict(model.config),
        **asdict(settings),
        "seed": seed,
        "device": device.type,
        "precision": precision,
        "training text": zlib.crc32(np.ascontiguousarray(train_tokens)),
        "validation text": zlib.crc32(np.ascontiguousarray(validation_tokens)),
    }
