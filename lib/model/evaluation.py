"""The loss of a language model on a whole text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Integer

from lib.core.device import autocast, resolve_precision
from lib.core.errors import UserError
from lib.model.transformer import Transformer
from lib.model.windows import all_windows


class Evaluation(NamedTuple):
    """The loss on a text."""

    nats_per_token: float
    """Mean negative log-probability."""
    tokens: int
    """How many tokens were predicted."""


@torch.no_grad()
def evaluate(
    model: Transformer,
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
