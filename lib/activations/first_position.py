"""The first position of a window: in some models its activations are outliers.

It sees nothing but itself, and models put there what heads attend to that have nothing to say
(attention sinks, Xiao et al. 2023, arXiv:2309.17453). A scale, an explained variance or a count of
dead features is then decided by one vector in each window, and depends on the context's length.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Integer

from lib.core.device import Machine
from lib.model.language_model import LanguageModel

OUTLIER = 4.0
"""A first position counts as an outlier whose norm is above this many times that of the others."""
WINDOWS = 64


class FirstPosition(NamedTuple):
    """How the first position of a window compares with the later ones at a site."""

    ratio: float
    """Its median norm over theirs."""
    scale: float
    """The root mean square norm of all positions over that of the later ones: what a scale that
    is made from it would be off by."""

    def skip(self, wanted: int | None = None) -> int:
        """How many positions at the start of a window are left out: what is wanted, or, where
        nothing is, one where the first is an outlier and none elsewhere."""
        return wanted if wanted is not None else int(self.ratio > OUTLIER)


@torch.no_grad()
def first_position(
    model: LanguageModel, tokens: Integer[np.ndarray, " N"], site: str, machine: Machine
) -> FirstPosition:
    """Reads the first 64 windows of a text, which has at least one."""
    context = model.config.context
    count = max(1, min(WINDOWS, len(tokens) // context))
    windows = torch.from_numpy(tokens[: count * context].astype(np.int64)).view(count, -1)
    with machine.autocast():
        found = model(windows.to(machine.device), read=(site,), stop_at=site).activations[site]
    norms = torch.linalg.vector_norm(found.float(), dim=-1)
    first, later = norms[:, 0], norms[:, 1:]
    size = later.square().mean().sqrt().clamp(min=1e-30)
    return FirstPosition(
        float(first.median() / later.median().clamp(min=1e-30)),
        float(norms.square().mean().sqrt() / size),
    )
