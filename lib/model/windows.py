"""Windows of tokens: random ones to train on, all of them to evaluate on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Int, Int64, Integer
from torch import Tensor

from lib.core.errors import UserError


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
