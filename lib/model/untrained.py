"""Models that have learnt nothing, or next to nothing, as a control for a trained one."""

from __future__ import annotations

import torch

from lib.model.transformer import Transformer

KEPT = ("nothing", "norms", "embeddings")
"""What a control keeps of the trained model; each of them keeps what those before it do."""


@torch.no_grad()
def untrained_model(trained: Transformer, seed: int, kept: str = "nothing") -> Transformer:
    """A model of the same architecture with random weights, on the same device.

    Weights as training begins with are smaller than trained ones, so that a difference may be one
    of size. Heap and others (2025, arXiv:2501.17727) keep the sizes, and the embeddings too.

    Args:
        seed: of the random weights.
        kept: "nothing"; "norms", the gains of all norms and the length of every matrix; or
            "embeddings", these and what stands for a token.
    """
    model = Transformer(trained.config, seed)
    if kept != "nothing":
        trained_weights = dict(trained.named_parameters())
        for name, weight in model.named_parameters():
            own = trained_weights[name].to(weight)
            whole = weight.ndim < 2 or (kept == "embeddings" and name == "embedding.weight")
            weight.copy_(own if whole else weight * own.norm() / weight.norm())
    return model.to(trained.device).eval()
