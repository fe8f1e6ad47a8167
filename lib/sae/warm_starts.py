"""Warm starts from an old dictionary: a feature ablated, or its decoder row reset.

A wide dictionary that `lib.sae.initialisation.tile` starts holds several copies of each feature of
the narrow one; copy number 0 of feature f is its own feature f.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lib.core.errors import UserError
from lib.sae.base import SparseAutoencoder
from lib.sae.initialisation import random_rows

ABLATED_BIAS = -1e9
"""A bias below every pre-activation: the code is zero, and so is every gradient."""


class AblatedFeature(NamedTuple):
    """An ablated feature, and the bias that it had before."""

    feature: int
    bias: float


def copies(wide: int, narrow: int, feature: int) -> Int[Tensor, " copies"]:
    """The features of a tiled dictionary that are copies of a feature of the narrow one."""
    return torch.arange(feature, wide, narrow)


@torch.no_grad()
def ablate(sae: SparseAutoencoder, feature: int) -> AblatedFeature:
    """Ablates a feature: its activation is zero in all that follows, in place, until `restore`.

    So the loss is that of a dictionary without it; no gradient reaches its weights, which keep what
    they were.

    Raises:
        UserError: no such feature.
    """
    if not 0 <= feature < sae.features:
        raise UserError(f"the dictionary has features 0 to {sae.features - 1}; got {feature}.")
    before = AblatedFeature(feature, float(sae.b_enc[feature]))
    sae.b_enc[feature] = ABLATED_BIAS
    return before


@torch.no_grad()
def restore(sae: SparseAutoencoder, before: AblatedFeature) -> None:
    """Undoes `ablate`, in place."""
    sae.b_enc[before.feature] = before.bias


@torch.no_grad()
def reset_rows(sae: SparseAutoencoder, features: Int[Tensor, " n"], seed: int) -> None:
    """Gives some features new decoder rows, random and of norm 1, in place; encoders stay."""
    generator = torch.Generator().manual_seed(seed)
    rows: Float[Tensor, "n D"] = random_rows(len(features), sae.width, generator)
    sae.W_dec[features.to(sae.W_dec.device)] = torch.nn.functional.normalize(rows).to(sae.W_dec)
