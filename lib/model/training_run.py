"""Training run state: weights, optimiser, step and history, and what moves them on."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Integer
from torch import Tensor

from lib.core.device import autocast
from lib.core.errors import UserError
from lib.model.evaluation import evaluate, random_windows
from lib.model.transformer import Transformer


@dataclass(frozen=True)
class TrainingSettings:
    """How a language model is trained. Raises UserError for impossible values."""

    steps: int
    """Updates of the weights."""
    batch: int
    """Windows in one forward pass."""
    accumulation: int = 1
    """Forward passes in one update; accumulation 4 x batch 32 reads what 1 x 128 would."""
    learning_rate: float = 1e-3
    """The highest, after warm-up."""
    final_learning_rate: float = 1e-4
    """Reached by a cosine at the last step."""
    warmup: int = 100
    """Steps of linear rise."""
    betas: tuple[float, float] = (0.9, 0.95)
    """Of AdamW."""
    weight_decay: float = 0.1
    """On matrices only; norms and biases are left alone."""
    clip: float = 1.0
    """Largest norm of the whole gradient."""
    evaluate_every: int = 500
    """Steps between evaluations on the whole validation split; the last step is always followed
    by one."""
    record_every: int = 10
    """Steps whose mean training loss makes one point of the history."""

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "accumulation", "evaluate_every", "record_every"):
            if getattr(self, name) < 1:
                raise UserError(f"{name} must be at least 1; got {getattr(self, name)}.")

    def learning_rate_at(self, step: int) -> float:
        """The learning rate of one step, counted from 0."""
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        done = (step - self.warmup) / max(1, self.steps - 1 - self.warmup)
        share = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return self.final_learning_rate + share * (self.learning_rate - self.final_learning_rate)


class TrainingHistory(NamedTuple):
    """What happened during a training run."""

    train: list[tuple[int, float]]
    """Steps done, and the mean loss in nats a token since the point before."""
    validation: list[tuple[int, float]]
    """Steps done, and the loss on the whole validation split."""
    seconds: float
    """Time in training and evaluation, over all sittings."""
    tokens: int
    """Tokens predicted in training."""


class TrainingRun:
    """A model in training. Between two calls of its methods the run is whole: `state` then holds
    all that is needed to go on to the same end."""

    def __init__(
        self,
        model: Transformer,
        settings: TrainingSettings,
        seed: int,
        device: torch.device,
        precision: str,
        identity: dict[str, Any],
    ):
        self.model, self.settings, self.seed = model, settings, seed
        self.device, self.precision, self.identity = device, precision, identity
        self.optimizer = adamw(model, settings)
        self.scaler = torch.amp.GradScaler(device.type, enabled=precision == "fp16")
        self.step = 0
        self.losses: list[Tensor] = []  # since the last point of the history
        self.train: list[tuple[int, float]] = []
        self.validation: list[tuple[int, float]] = []
        self.whole = True
        """False while weights and optimiser are being changed."""
        self._seconds, self._since = 0.0, time.monotonic()

    def update(self, tokens: Integer[np.ndarray, " N"]) -> None:
        """One step: loss, gradient, clipping, AdamW."""
        settings, model = self.settings, self.model
        count, context = settings.batch * settings.accumulation, model.config.context
        windows = random_windows(tokens, context, count, self.seed, self.step).to(self.device)
        if model.config.dropout:
            torch.manual_seed((self.seed << 32) + self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = settings.learning_rate_at(self.step)
        self.optimizer.zero_grad()
        total = torch.zeros((), device=self.device)
        for part in windows.split(settings.batch):
            with autocast(self.device, self.precision):
                loss = model.loss(part[:, :-1], part[:, 1:]) / (count * context)
            self.scaler.scale(loss).backward()
            total += loss.detach()
        self.whole = False
        self.scaler.unscale_(self.optimizer)
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        # A gradient that is not finite has spoilt the weights, although this loss was still a
        # number; the scaler skips such steps.
        self.losses.append(total if self.scaler.is_enabled() else total + 0 * norm)
        self.step += 1
        self.whole = True

    def finished(self) -> bool:
        """Whether all steps, and all that follows from them, are done."""
        done = self.step >= self.settings.steps
        return done and not self.record_due() and not self.validation_due()

    def record_due(self) -> bool:
        """Whether the losses since the last point of the history make the next one."""
        return bool(self.losses) and self._at(self.settings.record_every)

    def validation_due(self) -> bool:
        """Whether the validation loss at this step is still missing."""
        measured = bool(self.validation) and self.validation[-1][0] == self.step
        return not measured and self._at(self.settings.evaluate_every)

    def _at(self, every: int) -> bool:
        return self.step > 0 and (self.step % every == 0 or self.step == self.settings.steps)

    def record(self) -> None:
        """Adds the mean of the losses since the last point to the history."""
        values = self._loss_values()
        self.train, self.losses = [*self.train, (self.step, math.fsum(values) / len(values))], []

    def validate(self, tokens: Integer[np.ndarray, " N"]) -> None:
        """Adds the loss on the whole validation split to the history."""
        loss = evaluate(
            self.model,
            tokens,
            device=self.device,
            precision=self.precision,
            batch=self.settings.batch,
        ).nats_per_token
        self.validation = [*self.validation, (self.step, loss)]

    def check_losses(self, checkpoint: Path | None, saved_step: int) -> None:
        """Stops a run that has diverged, before its state replaces a good one.

        Raises:
            UserError: a loss since the last point of the history is not a number.
        """
        for loss, step in zip(
            self._loss_values(), range(self.step - len(self.losses) + 1, self.step + 1), strict=True
        ):
            if not math.isfinite(loss):
                kept = f"; the checkpoint of step {saved_step:,} is kept" if checkpoint else ""
                raise UserError(
                    f"the training loss is no longer a number at step {step:,}{kept}: choose a "
                    f"learning rate below {self.settings.learning_rate:g}, or another precision "
                    f"than {self.precision}."
                )

    def _loss_values(self) -> list[float]:
        return torch.stack(self.losses).tolist() if self.losses else []

    @property
    def seconds(self) -> float:
        """Time since the run began, over all sittings."""
        return self._seconds + time.monotonic() - self._since

    def note(self) -> str:
        """A word for the progress line."""
        if not self.train:
            return ""
        note = f"loss {self.train[-1][1]:.3f}"
        return note + (f", validation {self.validation[-1][1]:.3f}" if self.validation else "")

    def history(self) -> TrainingHistory:
        """What has happened so far."""
        windows = self.step * self.settings.batch * self.settings.accumulation
        tokens = windows * self.model.config.context
        return TrainingHistory(self.train, self.validation, self.seconds, tokens)

    def state(self) -> dict[str, Any]:
        """All that is needed to go on; the identity says whose it is."""
        return {
            "identity": self.identity,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "step": self.step,
            "losses": self._loss_values(),
            "train": self.train,
            "validation": self.validation,
            "seconds": self.seconds,
        }

    def restore(self, state: dict[str, Any], path: Path) -> None:
        """Goes on from a `state`.

        Raises:
            UserError: the state belongs to a run with other settings, text or seed.
        """
        theirs = state.get("identity")
        if not isinstance(theirs, dict):
            raise UserError(
                f"{path} is not a checkpoint of a language model; delete it or give another path."
            )
        if differing := [name for name in self.identity if theirs.get(name) != self.identity[name]]:
            raise UserError(
                f"the checkpoint {path} belongs to another run (it differs in "
                f"{', '.join(differing)}); delete it or give another path."
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])
        self.step = state["step"]
        self.losses = list(torch.tensor(state["losses"], device=self.device).unbind())
        self.train = [(step, loss) for step, loss in state["train"]]
        self.validation = [(step, loss) for step, loss in state["validation"]]
        self._seconds, self._since = state["seconds"], time.monotonic()


def adamw(model: Transformer, settings: TrainingSettings) -> torch.optim.AdamW:
    """AdamW in one fused pass over memory; norms and biases are not drawn towards zero."""
    parameters = list(model.parameters())
    groups = [
        {
            "params": [p for p in parameters if p.ndim >= 2],
            "weight_decay": settings.weight_decay,
        },
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    fused = model.device.type in ("cpu", "cuda")
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=settings.betas, fused=fused)
