"""Models that have learnt nothing, of three kinds: the controls for what a trained one shows.

Which null is fair is not settled (Heap et al. 2025 use several): a fresh start differs from a
trained model in the size of its weights too, and tokens stay apart in any embedding. So the kinds
go from the one that knows least to the one that is hardest to beat.
"""

from __future__ import annotations

import re

import torch

from lib.core.identity import content_key
from lib.model.language_model import LanguageModel

KINDS = ("fresh", "norms kept", "embeddings kept")
"""As initialised; weights drawn anew with the mean and spread of each trained matrix; the same, but
with the trained embeddings of tokens and positions."""
EMBEDDINGS = re.compile(r"embed|positions|\bwte|\bwpe|lm_head")


def random_weights(model: LanguageModel, kind: str, seed: int) -> LanguageModel:
    """A model of the same sizes that has learnt nothing, on the same device.

    Args:
        model: the trained one.
        kind: one of `KINDS`.
        seed: of the weights.
    """
    drawn = model.untrained(seed)
    if kind == KINDS[0]:
        return drawn
    generator = torch.Generator().manual_seed(seed)
    trained = dict(model.named_parameters())
    with torch.no_grad():
        for name, parameter in drawn.named_parameters():
            own = trained[name].detach().float().cpu()
            if kind == KINDS[2] and EMBEDDINGS.search(name):
                parameter.copy_(own)
            elif own.ndim > 1:
                noise = torch.randn(own.shape, generator=generator)
                parameter.copy_(own.mean() + own.std() * noise)
            else:  # gains and biases in another order
                parameter.copy_(own[torch.randperm(len(own), generator=generator)])
    return drawn.renamed(content_key(kind, drawn.key, model.key))


def untrained_models(model: LanguageModel, number: int, seed: int) -> list[LanguageModel]:
    """So many models without anything learnt, of each of `KINDS` in turn; seeds from `seed` on."""
    return [random_weights(model, KINDS[i % len(KINDS)], seed + i) for i in range(number)]
