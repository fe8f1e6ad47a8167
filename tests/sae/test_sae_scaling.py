"""Scaling of inputs: it trains as on the scaled vectors and folds away without a trace."""

from __future__ import annotations

import copy

import pytest
import torch

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae.autoencoders import L1, TopK
from lib.sae.scaling import ScaledActivations, fold_scale, unit_scale


def data(size: float = 700.0) -> torch.Tensor:
    return size * (torch.randn(200, 6, generator=torch.Generator().manual_seed(0)) + 3)


@pytest.mark.parametrize("size", [1e-5, 1.0, 700.0])
def test_scaled_vectors_have_unit_size(size: float) -> None:
    scale = unit_scale(data(size))
    assert torch.tensor(scale).log2() % 1 == 0, "a power of two"
    assert 0.7 < (data(size) * scale).std() < 1.5


@pytest.mark.parametrize("kind", ["topk", "l1"])
@pytest.mark.parametrize("pre_bias", [True, False])
def test_folding_preserves_the_output(kind: str, pre_bias: bool) -> None:
    sae = TopK(6, 20, 3, pre_bias=pre_bias) if kind == "topk" else L1(6, 20, 0.1, pre_bias=pre_bias)
    with torch.no_grad():
        sae.b_enc.normal_(0, 0.2), sae.b_dec.normal_(3, 1)
    x, scale = data(), unit_scale(data())
    folded = copy.deepcopy(sae)
    fold_scale(folded, scale)
    assert torch.equal(folded.encode(x), sae.encode(x * scale) / scale)
    assert torch.equal(folded(x), sae(x * scale) / scale)
    assert folded(x).abs().sum() > 0


def test_a_scaled_store_reads_the_same_rows() -> None:
    store = TensorActivations(data(), data()[:9])
    scaled = ScaledActivations(store, 0.5)
    assert torch.equal(next(scaled.batches(50, 3)), next(store.batches(50, 3)) * 0.5)
    assert torch.equal(next(scaled.held_out(9)), next(store.held_out(9)) * 0.5)
    assert scaled.place(4) == store.place(4)
    each = (1 / data().std(0)).tolist()  # every dimension by itself
    alike = ScaledActivations(store, each)
    torch.testing.assert_close(alike.sample(200).std(0), torch.ones(6))
    assert torch.equal(next(alike.held_out(9)), data()[:9] * torch.tensor(each))


def test_vectors_that_do_not_vary_have_no_scale() -> None:
    with pytest.raises(UserError, match=r"varies by 0\.0"):
        unit_scale(torch.ones(5, 3))
