"""Activations and codes of a running text: every position once, with context before it."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import sparse

from lib.analysis.codes import encode_text, encode_windows, site_activations, to_sparse
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.autoencoders import TopK

CPU = torch.device("cpu")
SITE = "blocks.1.resid_mid"


@pytest.fixture(scope="module")
def model() -> Transformer:
    config = TransformerConfig(vocab_size=256, context=16, layers=2, width=8, heads=2, mlp_width=16)
    return Transformer(config, seed=0)


def text(n: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 256, n).astype(np.uint8)


@pytest.mark.parametrize("n", [1, 7, 16, 17, 24, 25, 100])
def test_every_position_is_read_once_from_a_window_that_saw_enough(model, n):
    tokens = text(n)
    found = torch.cat(list(site_activations(model, tokens, SITE, device=CPU, batch=3)))
    assert found.shape == (n, 8)
    for t in range(n):
        # One of the windows that end at or after t and hold half a context before it, or all.
        candidates = []
        for start in range(max(0, t - 15), max(0, t - 7) + 1):
            window = torch.from_numpy(tokens[start : t + 1].astype(np.int64))[None]
            read = model(window, read=[SITE], stop_at=SITE).activations[SITE]
            candidates.append(read[0, -1])
        assert any(torch.allclose(found[t], c, atol=1e-5) for c in candidates)


def test_batch_size_changes_nothing(model):
    tokens = text(90)
    one, many = (
        torch.cat(list(site_activations(model, tokens, SITE, device=CPU, batch=b))) for b in (1, 64)
    )
    assert torch.allclose(one, many, atol=1e-5)


def test_codes_are_those_of_the_dictionary(model):
    tokens = text(60)
    saes = [TopK(8, 32, 3, seed=seed) for seed in (0, 1)]
    found = encode_text(model, saes, tokens, SITE, device=CPU)
    activations = torch.cat(list(site_activations(model, tokens, SITE, device=CPU)))
    for sae, codes in zip(saes, found, strict=True):
        assert codes.shape == (60, 32)
        expected = sae.encode(activations).detach().numpy()
        np.testing.assert_allclose(codes.toarray(), expected, atol=1e-5)


def test_windows_are_read_one_by_one(model):
    windows = np.stack([text(60)[i : i + 16] for i in range(5)])
    sae = TopK(8, 32, 3, seed=0)
    found = encode_windows(model, sae, windows, SITE, device=CPU, batch=2)
    tokens = torch.from_numpy(windows.astype(np.int64))
    activations = model(tokens, read=[SITE], stop_at=SITE).activations[SITE]
    expected = sae.encode(activations.flatten(0, 1)).detach().numpy()
    np.testing.assert_allclose(found.toarray(), expected, atol=1e-5)


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=9),
        elements=st.sampled_from([0.0, -0.0, 0.5, 2.0]),
    )
)
def test_sparse_codes_are_those_of_scipy(codes: np.ndarray) -> None:
    found, plain = to_sparse(torch.from_numpy(codes)), sparse.csr_array(codes)
    assert found.shape == plain.shape
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(found, name), getattr(plain, name))
        assert getattr(found, name).dtype == getattr(plain, name).dtype
