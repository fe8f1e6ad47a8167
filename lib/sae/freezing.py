"""Freezing and perturbing features: some stay as they are, others are moved and train on.

Where two dictionaries agree on some features, these may be done and the rest stuck: one can freeze
the first and perturb the second.
"""

from __future__ import annotations

import torch
from jaxtyping import Bool
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.sae.base import SparseAutoencoder
from lib.sae.initialisation import random_rows
from lib.sae.optimisation import StepMetrics


class Freeze:
    """A callback for `fit`: puts some features back to where they were, after every step.

    Encoder column, encoder bias and decoder row stay bit for bit; b_dec belongs to no feature and
    trains on.

    Args:
        sae: its features are remembered as they are now.
        which: those to keep.
    """

    def __init__(self, sae: SparseAutoencoder, which: Bool[Tensor, " F"]) -> None:
        _check(sae, which)
        self.which = which.nonzero().squeeze(1).to(sae.W_dec.device)
        self.rows = sae.W_dec.detach()[self.which].clone()
        self.readers = sae.W_enc.detach()[:, self.which].clone()
        self.biases = sae.b_enc.detach()[self.which].clone()

    @torch.no_grad()
    def __call__(self, step: int, sae: SparseAutoencoder, metrics: StepMetrics) -> None:
        """Called by `fit` when a step is done."""
        sae.W_dec[self.which] = self.rows
        sae.W_enc[:, self.which] = self.readers
        sae.b_enc[self.which] = self.biases


class FreezeDecoder:
    """A callback for `fit`: the decoder stays as it is, and the encoder learns to use it.

    With random rows it is the control of Korznikov et al. 2026: what can be said of such features
    needs no learnt direction.

    Args:
        sae: its decoder is remembered as it is now.
    """

    def __init__(self, sae: SparseAutoencoder) -> None:
        self.rows = sae.W_dec.detach().clone()

    @torch.no_grad()
    def __call__(self, step: int, sae: SparseAutoencoder, metrics: StepMetrics) -> None:
        """Called by `fit` when a step is done."""
        sae.W_dec[:] = self.rows


@torch.no_grad()
def perturb(
    sae: SparseAutoencoder, which: Bool[Tensor, " F"], *, strength: float = 1.0, seed: int = 0
) -> None:
    """Adds to the direction of some features a random one of length `strength`, in place.

    A perturbed feature starts anew: its decoder row is brought back to norm 1, its encoder becomes
    that row and its encoder bias zero, so that one that had fallen silent can be active again.

    Args:
        which: the features to perturb.
        strength: 1 turns a direction by 45 degrees on average; infinity forgets it.
    Raises:
        UserError: a mask of another length, or a strength that is not positive.
    """
    _check(sae, which)
    if not strength > 0:
        raise UserError(f"a perturbation has a strength above 0; got {strength}.")
    generator = torch.Generator().manual_seed(seed)
    chosen = which.nonzero().squeeze(1).to(sae.W_dec.device)
    noise = nn.functional.normalize(random_rows(len(chosen), sae.width, generator), dim=1)
    share = 1.0 / strength  # of the old direction, to one of the new: stays finite for infinity
    rows = nn.functional.normalize(share * sae.W_dec[chosen] + noise.to(sae.W_dec), dim=1)
    sae.W_dec[chosen] = rows
    sae.W_enc[:, chosen] = rows.t()
    sae.b_enc[chosen] = 0.0


def _check(sae: SparseAutoencoder, which: Bool[Tensor, " F"]) -> None:
    if len(which) != sae.features:
        raise UserError(
            f"a choice among features has one entry for each of the {sae.features}; got "
            f"{len(which)}."
        )
