"""Models with random weights: what each kind keeps of the trained one, and what it does not."""

from __future__ import annotations

import pytest
import torch

from lib.model.config import TransformerConfig
from lib.model.random_weights import KINDS, random_weights, untrained_models
from lib.model.transformer import Transformer

CONFIG = TransformerConfig(
    vocab_size=300, context=16, layers=2, width=32, heads=2, mlp_width=64,
    positions="learned", norm="layer", mlp="gelu", tied=True, biases=True,
)  # fmt: skip


@pytest.fixture
def trained() -> Transformer:
    """Weights three times as large as at the start, and gains and biases of their own."""
    model = Transformer(CONFIG, seed=0)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3).add_(0.1 * torch.randn(parameter.shape, generator=generator))
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_keeps_what_it_says(trained: Transformer, kind: str) -> None:
    drawn = random_weights(trained, kind, seed=5)
    again = random_weights(trained, kind, seed=5)
    own = dict(trained.named_parameters())
    for name, parameter in drawn.named_parameters():
        assert torch.equal(parameter, dict(again.named_parameters())[name])
        same = torch.equal(parameter, own[name])
        assert same == (kind == "embeddings kept" and name.startswith(("embed", "posit")))
        if parameter.ndim > 1:
            ratio = parameter.norm() / own[name].norm()
            assert (abs(ratio - 1) < 0.1) == (kind != "fresh")
        elif kind != "fresh":
            assert torch.equal(parameter.sort().values, own[name].sort().values)


def test_several_are_of_all_kinds_and_differ(trained: Transformer) -> None:
    models = untrained_models(trained, 4, seed=7)
    assert len({model.key for model in models}) == 4
    embeddings = [torch.equal(m.embedding.weight, trained.embedding.weight) for m in models]
    assert embeddings == [False, False, True, False]
