"""Input normalisation: activations of a common size for training, the scale folded in after.

Sites differ in size by orders of magnitude; a learning rate and an L1 coefficient mean the same on
all of them only after scaling. A scale that is a power of two is exact in every number format.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from lib.activations.store import Activations, to_float32
from lib.core.errors import UserError
from lib.sae.base import SparseAutoencoder


def unit_scale(sample: Float[Tensor, "N D"]) -> float:
    """The power of two that brings the mean square of centred entries nearest to 1.

    Raises:
        UserError: a sample that does not vary, or is not made of numbers.
    """
    size = (sample - sample.mean(0)).double().square().mean().sqrt().item()
    if not 0 < size < math.inf:
        raise UserError(
            f"inputs are scaled by how much they vary, and this sample varies by {size}; harvest "
            "other activations, or train without a scale."
        )
    return 2.0 ** -round(math.log2(size))


class ScaledActivations(Activations):
    """Another store's vectors, times `scale`: one number, or one for each dimension."""

    def __init__(self, activations: Activations, scale: float | Sequence[float]) -> None:
        self.inner, self.scale = activations, scale
        self.width = activations.width
        self.train_count = activations.train_count
        self.held_out_count = activations.held_out_count
        self.block_rows, self.pool_rows = activations.block_rows, activations.pool_rows
        self.metadata = activations.metadata | {"scale": scale}

    def _identity(self) -> Sequence[Any]:
        return self.inner.key, self.scale

    def read(self, side: str, start: int, stop: int) -> Shaped[np.ndarray, "N D"]:
        return to_float32(self.inner.read(side, start, stop)) * np.asarray(self.scale, np.float32)

    def place(self, row: int) -> str:
        return self.inner.place(row)


@torch.no_grad()
def fold_scale(sae: SparseAutoencoder, scale: float) -> None:
    """Makes a dictionary that was trained on `scale * x` read x itself, in place.

    ReLU and the choice of the k largest do not care about scale, so that dividing both biases is
    all: codes and reconstructions become those of the scaled input divided by `scale`.
    """
    sae.b_enc.div_(scale)
    sae.b_dec.div_(scale)
