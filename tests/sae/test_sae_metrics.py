"""Metrics: nothing for the mean, everything for the truth, and no dependence on batch or scale."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae.autoencoders import L1, TopK
from lib.sae.metrics import MetricsStream, SAEMetrics, evaluate_sae, evaluate_saes

D, F = 5, 12


def data(rows: int = 60, mean: float = 3.0) -> torch.Tensor:
    return torch.randn(rows, D, generator=torch.Generator().manual_seed(0)) + mean


def measure(x: torch.Tensor, x_hat: torch.Tensor, size: int = 7) -> SAEMetrics:
    stream = MetricsStream(F)
    for a, b in zip(x.split(size), x_hat.split(size), strict=True):
        stream.add(a, b, torch.zeros(len(a), F))
    return stream.compute()


@pytest.mark.parametrize("mean", [0.0, 3.0, 1e4])
def test_predicting_the_mean_explains_nothing(mean: float) -> None:
    x = data(mean=mean)
    metrics = measure(x, x.double().mean(0).float().expand(60, D))
    assert metrics.explained_variance == pytest.approx(0.0, abs=1e-5)
    assert metrics.fvu == pytest.approx(1.0, abs=1e-5)


def test_the_truth_explains_everything_and_noise_less_than_nothing() -> None:
    x = data()
    assert measure(x, x).explained_variance == 1.0
    assert measure(x, -x).explained_variance < 0


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.sampled_from([1e-3, 1.0, 1e3]))
def test_neither_batch_size_nor_scale_changes_the_share(size: int, scale: float) -> None:
    x = data()
    x_hat = x + 0.3 * torch.randn(60, D, generator=torch.Generator().manual_seed(1))
    one, other = measure(x, x_hat, 60), measure(x * scale, x_hat * scale, size)
    assert other.fvu == pytest.approx(one.fvu, rel=1e-5)
    assert other.mse == pytest.approx(one.mse * scale**2, rel=1e-5)


def test_the_mean_squared_error_is_summed_over_the_width() -> None:
    x = data()
    metrics = measure(x, x + 2)
    assert metrics.mse == pytest.approx(4 * D, rel=1e-5)


def test_counts_of_codes() -> None:
    stream = MetricsStream(3)
    codes = torch.zeros(2000, 3)
    codes[:500, 0] = 1.0
    codes[7, 1] = 0.2
    for part in codes.split(300):
        stream.add(torch.rand(len(part), D), torch.zeros(len(part), D), part)
    metrics = stream.compute()
    assert metrics.density.tolist() == [0.25, 0.0005, 0.0]
    assert (metrics.dead, metrics.rare, metrics.tokens) == (1, 1, 2000)
    assert metrics.l0 == 501 / 2000


def test_a_dictionary_on_the_held_out_rows() -> None:
    sae, x = TopK(D, F, 3), data(100)
    metrics = evaluate_sae(sae, TensorActivations(data(10), x), batch=32)
    with torch.no_grad():
        error = (x - sae(x)).square().sum(1).mean().item()
    assert metrics.tokens == 100
    assert metrics.mse == pytest.approx(error, rel=1e-5)
    again = evaluate_sae(sae, x.split(9))
    assert again.fvu == pytest.approx(metrics.fvu)
    assert torch.equal(again.density, metrics.density)


def test_nothing_to_measure() -> None:
    with pytest.raises(UserError, match="at least one vector"):
        evaluate_sae(TopK(D, F, 3), [])


@pytest.mark.parametrize("pre_bias", [True, False])
def test_sparse_metrics_are_those_of_dense_codes(pre_bias: bool) -> None:
    sae = TopK(16, 128, 3, pre_bias=pre_bias, seed=1)
    with torch.no_grad():
        sae.b_dec.normal_(generator=torch.manual_seed(0))
        sae.b_enc.sub_(0.5)
    x = torch.randn(300, 16, generator=torch.manual_seed(1))
    dense = MetricsStream(sae.features)
    with torch.no_grad():
        codes = sae.encode(x)
        dense.add(x, sae.decode(codes), codes)
    expected, found = dense.compute(), evaluate_sae(sae, x.split(128))
    assert found.mse == pytest.approx(expected.mse, rel=1e-5)
    assert found.l0 == pytest.approx(expected.l0)
    assert torch.equal(found.density, expected.density)


def test_many_dictionaries_are_judged_in_one_reading() -> None:
    saes = [TopK(D, F, 3), L1(D, 2 * F, 0.1, seed=1), TopK(D, F, 1, seed=2)]
    together = evaluate_saes(saes, (part for part in data(100).split(32)))
    for sae, found in zip(saes, together, strict=True):
        alone = evaluate_sae(sae, data(100).split(32))
        assert found._replace(density=None) == alone._replace(density=None)
        assert torch.equal(found.density, alone.density)
