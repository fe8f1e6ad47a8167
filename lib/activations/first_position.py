"""The first position of a window: in some models its activations are outliers.

It sees nothing but itself, and models put there what heads attend to that have nothing to say
(attention sinks, Xiao et al. 2023, arXiv:2309.17453). A scale, an explained variance or a count of
dead features is then decided by one vector in each window, and depends on the context's length.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Integer

from lib.core.device import Machine
from lib.model.language_model import LanguageModel

OUTLIER = 4.0
"""A first position counts as an outlier whose norm is above this many times that of the others."""
WINDOWS = 64


@torch.no_grad()
def first_position_ratio(
    model: LanguageModel, tokens: Integer[np.ndarray, " N"], site: str, machine: Machine
) -> float:
    """The median norm at the first position of a window over the median norm at all later ones.

    Args:
        tokens: at least one context of the model; its first 64 windows are read.
    """
    context = model.config.context
    count = max(1, min(WINDOWS, len(tokens) // context))
    windows = torch.from_numpy(tokens[: count * context].astype(np.int64)).view(count, -1)
    with machine.autocast():
        found = model(windows.to(machine.device), read=(site,), stop_at=site).activations[site]
    norms = torch.linalg.vector_norm(found.float(), dim=-1)
    return float(norms[:, 0].median() / norms[:, 1:].median().clamp(min=1e-30))


def positions_to_skip(ratio: float, wanted: int | None = None) -> int:
    """How many positions at the start of a window are left out: what is wanted, or, where nothing
    is, one where the first is an outlier and none elsewhere."""
    return wanted if wanted is not None else int(ratio > OUTLIER)
