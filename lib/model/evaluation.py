"""Evaluation of a language model: windows of tokens, and the loss on a whole text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int, Int64, Integer
from torch import Tensor

from lib.core.device import autocast, resolve_precision
from lib.core.errors import UserError
from lib.model.language_model import LanguageModel


def check_length(tokens: Integer[np.ndarray, " N"], context: int) -> None:
    """Raises UserError unless one window, and the token after it, can be drawn."""
    if len(tokens) <= context:
        raise UserError(
            f"training needs more text than one context: {context + 1:,} tokens at least, but the "
            f"corpus has {len(tokens):,}; give more text or choose a smaller context."
        )


def random_windows(
    tokens: Integer[np.ndarray, " N"], context: int, count: int, seed: int, step: int
) -> Int64[Tensor, "count context_plus_1"]:
    """The windows of one training step, each with the token after it.

    The draw depends on `seed` and `step` alone, so that a run which goes on from a checkpoint
    reads what an uninterrupted one would have read.
    """
    generator = np.random.Generator(np.random.PCG64([seed, step]))
    starts = generator.integers(0, len(tokens) - context, size=(count, 1))
    return torch.from_numpy(tokens[starts + np.arange(context + 1)].astype(np.int64))


def all_windows(
    tokens: Integer[np.ndarray, " N"], context: int, batch: int
) -> Iterator[tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]]:
    """Inputs and targets that predict each token but the first exactly once.

    Windows do not overlap; the last, where it is shorter, comes as a batch of its own.
    """
    predicted = len(tokens) - 1
    whole = predicted // context * context
    inputs = torch.from_numpy(tokens[:whole].astype(np.int64)).view(-1, context)
    targets = torch.from_numpy(tokens[1 : whole + 1].astype(np.int64)).view(-1, context)
    if whole:
        yield from zip(inputs.split(batch), targets.split(batch), strict=True)
    if predicted > whole:
        rest = torch.from_numpy(tokens[whole:].astype(np.int64))[None]
        yield rest[:, :-1], rest[:, 1:]


class Evaluation(NamedTuple):
    """The loss on a text."""

    nats_per_token: float
    """Mean negative log-probability."""
    tokens: int
    """How many tokens were predicted."""


@torch.no_grad()
def evaluate(
    model: LanguageModel,
    tokens: Integer[np.ndarray, " N"],
    *,
    device: torch.device | None = None,
    precision: str = "fp32",
    batch: int = 32,
) -> Evaluation:
    """The loss on all of `tokens`: each one but the first is predicted exactly once, in windows of
    the model's context that do not overlap.

    Raises:
        UserError: fewer than two tokens.
    """
    check_predictable(tokens)
    device = device or model.device
    was_training = model.training
    model.eval()
    total = torch.zeros((), dtype=torch.float64)
    with autocast(device, resolve_precision(precision, device)):
        for inputs, targets in all_windows(tokens, model.config.context, batch):
            total += model.loss(inputs.to(device), targets.to(device)).cpu()
    model.train(was_training)
    return Evaluation(total.item() / (len(tokens) - 1), len(tokens) - 1)


def check_predictable(tokens: Integer[np.ndarray, " N"]) -> None:
    """Raises UserError unless there is a token to predict and one to predict it from."""
    if len(tokens) < 2:
        raise UserError(
            f"a loss needs a text of at least 2 tokens; got {len(tokens)}: hold out more text."
        )
