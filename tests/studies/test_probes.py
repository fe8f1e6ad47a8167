"""A text is read once and rightly; what a feature does to a prediction is measured, not assumed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse

from lib.activations.store import TensorActivations
from lib.analysis.codes import codes_of, encode_text, site_activations
from lib.cache.ensembles import trained_ensemble
from lib.core.device import Machine
from lib.core.paths import HOME_VARIABLE
from lib.model.config import TransformerConfig
from lib.model.transformer import Transformer
from lib.sae.autoencoders import L1
from lib.sae.initialisation import initialise
from lib.sae.training import FitSettings
from lib.sae.warm_starts import ablate
from lib.studies.splitting import probes
from lib.studies.splitting.probes import (
    classes_before,
    read_text,
    token_positions,
    without_feature,
)

CPU = Machine(torch.device("cpu"), "fp32")
SITE = "blocks.0.mlp_out"
MODEL = Transformer(
    TransformerConfig(30, 16, 1, 8, 2, 16, positions="learned", norm="layer", mlp="gelu"), seed=0
).eval()
TEXT = np.random.default_rng(0).integers(0, 30, 300).astype(np.uint16)


def dictionary(seed: int = 0, features: int = 12) -> L1:
    sae = L1(8, features, 0.01, seed=seed)
    sample = torch.cat(list(site_activations(MODEL, TEXT, SITE, **CPU)))
    initialise(sae, sample, seed=seed)
    return sae


def test_one_reading_gives_what_two_would() -> None:
    positions = np.array([0, 3, 50, 51, 299])
    saes = [dictionary(0), dictionary(1)]
    found = read_text(MODEL, saes, TEXT, SITE, positions, scale=1.0, **CPU)
    expected = torch.cat(list(site_activations(MODEL, TEXT, SITE, **CPU)))
    torch.testing.assert_close(found.vectors, expected[positions])
    for codes, other in zip(found.codes, encode_text(MODEL, saes, TEXT, SITE, **CPU), strict=True):
        np.testing.assert_allclose(codes.toarray(), other.toarray(), atol=1e-6)
    part = read_text(MODEL, saes, TEXT, SITE, positions, scale=1.0, code_tokens=45, **CPU)
    torch.testing.assert_close(part.vectors, found.vectors)
    np.testing.assert_array_equal(part.codes[1].toarray(), found.codes[1].toarray()[:45])
    doubled = read_text(MODEL, [], TEXT, SITE, positions, scale=2.0, **CPU)
    torch.testing.assert_close(doubled.vectors, 2 * found.vectors)


@pytest.mark.parametrize("positions", [[], [3], [3, 140], [299]])
@pytest.mark.parametrize("code_tokens", [1, 140, 300])
def test_what_nobody_asks_for_is_not_read(monkeypatch, positions, code_tokens) -> None:
    long = np.tile(TEXT, 40)
    read = []

    def counting(*arguments, **options):
        for piece in site_activations(*arguments, **options):
            read.append(len(piece))
            yield piece

    monkeypatch.setattr(probes, "site_activations", counting)
    options = {"scale": 1.0, "code_tokens": code_tokens, **CPU}
    positions = np.array(positions, dtype=int)
    found = read_text(MODEL, [dictionary()], long, SITE, positions, **options)
    assert sum(read) < len(long) / 2
    every = np.append(positions, len(long) - 1)
    whole = read_text(MODEL, [dictionary()], long, SITE, every, **options)
    assert torch.equal(found.vectors, whole.vectors[:-1])
    np.testing.assert_array_equal(found.codes[0].toarray(), whole.codes[0].toarray())


def windows(count: int = 20, length: int = 8) -> torch.Tensor:
    return torch.from_numpy(TEXT[np.arange(count)[:, None] + np.arange(length)].astype(np.int64))


def test_taking_out_a_silent_feature_moves_nothing() -> None:
    sae = dictionary()
    ablate(sae, 4)
    moved = without_feature(MODEL, sae, [4, 7], windows(), SITE, scale=1.0)
    assert moved.shape == (2, 20)
    np.testing.assert_allclose(moved[0], 0, atol=1e-6)
    assert moved[1].max() > 1e-6


def test_the_effect_is_that_of_an_edit_at_the_last_token() -> None:
    sae, scale, batch = dictionary(), 4.0, windows()
    moved = without_feature(MODEL, sae, [7], batch, SITE, scale=scale)[0]
    assert moved.max() > 1e-3
    with torch.no_grad():
        output = MODEL(batch, read=(SITE,))
        clean = output.logits[:, -1].log_softmax(-1)
        x = output.activations[SITE]
        without = x.clone()
        without[:, -1] -= sae.encode(scale * x[:, -1])[:, 7:8] * sae.W_dec[7] / scale
        other = MODEL(batch, edit={SITE: lambda _: without}).logits[:, -1].log_softmax(-1)
    expected = (clean.exp() * (clean - other)).sum(-1)
    np.testing.assert_allclose(moved, expected.numpy(), atol=1e-6)


def test_a_random_direction_takes_out_as_much_elsewhere() -> None:
    asked = (MODEL, dictionary(), [7, 11], windows(), SITE)
    one, other = (without_feature(*asked, scale=1.0, seed=seed) for seed in (1, 2))
    assert not np.allclose(one, other)
    np.testing.assert_array_equal(one, without_feature(*asked, scale=1.0, seed=1))


def test_classes_by_the_token_before_are_those_of_the_first_text() -> None:
    first = np.array([1, 9, 1, 9, 2, 9, 1, 9, 3, 9], dtype=np.uint16)
    second = np.array([3, 9, 2, 9, 7, 9], dtype=np.uint16)
    where = [token_positions(text, 9, 10) for text in (first, second)]
    assert where[1].tolist() == [1, 3, 5]
    labels = classes_before([first, second], where, 2)
    assert labels[0].tolist() == [0, 0, 1, 0, 2]
    assert labels[1].tolist() == [2, 1, 2]
    assert token_positions(np.array([9, 9, 9]), 9, 1).tolist() == [1]


@pytest.fixture
def project_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))


def test_a_trace_sees_start_and_end_and_a_silenced_feature(project_cache) -> None:
    x = torch.randn(400, 8, generator=torch.Generator().manual_seed(1))
    activations, probe = TensorActivations(x, x[:20]), x[:30]
    saes = [dictionary(0), dictionary(1)]
    ablated = [None, ablate(saes[1], 3)]
    start = [codes_of(sae, probe) for sae in saes]
    made = trained_ensemble(
        saes, activations, FitSettings(steps=6, batch=32, warmup=0), CPU,
        probe=probe, steps=[0, 2, 6, 99], ablated=ablated,
    )  # fmt: skip
    assert made.steps == [0, 2, 6]
    np.testing.assert_allclose(made.codes[0][0].toarray(), start[0].toarray(), atol=1e-6)
    last = codes_of(made.saes[0], probe)
    np.testing.assert_allclose(made.codes[0][-1].toarray(), last.toarray(), atol=1e-6)
    # It took no part, and the probe was encoded with it all the same.
    assert codes_of(made.saes[1], probe)[:, [3]].nnz == 0
    assert all(codes[:, [3]].nnz > 0 for codes in made.codes[1])
    assert isinstance(made.codes[0][0], sparse.csr_array)
