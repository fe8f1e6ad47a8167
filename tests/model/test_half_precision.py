"""Training in fp16 as on a T4: a step that overflows is skipped, the scale falls, and a checkpoint
holds it. The products run in fp16 for real, on the CPU."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from lib.activations.store import TensorActivations
from lib.core.checkpoints import load_state
from lib.model.training import TrainingSettings, train
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.ensemble import Ensemble
from lib.sae.optimisation import FitSettings
from lib.sae.training import fit

CPU = torch.device("cpu")
CONFIG = TransformerConfig(vocab_size=11, context=8, layers=2, width=16, heads=2, mlp_width=24)
TOKENS = np.tile(np.arange(11, dtype=np.uint8), 40)  # each token follows from the one before
TRAINING = TrainingSettings(steps=60, batch=16, warmup=3, learning_rate=2e-2, evaluate_every=60)
# Of scales that are powers of two, some thousands of times the largest that fp16 can hold.
FAR_TOO_LARGE = 2.0**40
MAKE = {"topk": lambda: TopK(16, 48, 4, auxiliary_k=8), "l1": lambda: L1(16, 48, 0.05)}


@pytest.fixture
def large_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scalers start where gradients overflow."""
    large = partial(torch.amp.GradScaler, init_scale=FAR_TOO_LARGE)
    monkeypatch.setattr(torch.amp, "GradScaler", large)


def language_model(steps: int, path: Path | None = None) -> tuple[Transformer, list[float]]:
    model = Transformer(CONFIG, seed=0)
    settings = replace(TRAINING, steps=steps, record_every=1)
    history = train(
        model, TOKENS, TOKENS[:60], settings, seed=0, device=CPU, precision="fp16",
        checkpoint=path, checkpoint_seconds=0,
    )  # fmt: skip
    return model, [loss for _, loss in history.train]


@pytest.mark.usefixtures("large_scale")
def test_a_language_model_skips_steps_that_overflow_and_learns(tmp_path: Path) -> None:
    start = Transformer(CONFIG, seed=0).state_dict()
    model, _ = language_model(1, tmp_path / "one")
    assert all(torch.equal(start[name], value) for name, value in model.state_dict().items())
    assert load_state(tmp_path / "one")["scaler"]["scale"] == FAR_TOO_LARGE / 2
    model, losses = language_model(80, tmp_path / "all")
    assert losses[0] > 2
    assert losses[-1] < 0.3
    scale = load_state(tmp_path / "all")["scaler"]["scale"]
    assert scale < FAR_TOO_LARGE / 2**8
    assert all(bool(value.isfinite().all()) for value in model.state_dict().values())


@pytest.mark.parametrize("kind", MAKE)
def test_a_dictionary_skips_steps_that_overflow(kind: str) -> None:
    sae = MAKE[kind]()
    settings = FitSettings(steps=40, batch=64, warmup=2)
    optimiser = Ensemble([sae], settings, CPU, "fp16")
    optimiser.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127)
    x = 100 * torch.randn(64, 16, generator=torch.Generator().manual_seed(1))
    start = [parameter.detach().clone() for parameter in sae.parameters()]
    for number in range(40):
        metrics = optimiser.step(x, number)
        now = optimiser.scaler.get_scale()
        if number == 0:
            assert now == 2.0**126
            for before, after in zip(start, sae.parameters(), strict=True):
                torch.testing.assert_close(after, before)
    assert now < 2.0**125
    assert not torch.equal(start[0], sae.W_dec)
    assert bool(metrics.loss.total.isfinite())


@pytest.mark.parametrize("kind", MAKE)
def test_a_dictionary_goes_on_from_its_scale(kind: str, tmp_path: Path) -> None:
    x = torch.randn(500, 16, generator=torch.Generator().manual_seed(1))
    data = TensorActivations(x[100:], x[:100])
    settings = FitSettings(steps=20, batch=64, checkpoint_seconds=0.0)

    def fitted(stop_at: int | None = None) -> SparseAutoencoder:
        def stop(step: int, *_: object) -> None:
            if step == stop_at:
                raise KeyboardInterrupt

        sae = MAKE[kind]()
        path = tmp_path / "c" if stop_at or (tmp_path / "c").exists() else None
        fit(sae, data, settings, device=CPU, precision="fp16", callbacks=[stop], checkpoint=path)
        return sae

    whole = fitted()
    with pytest.raises(KeyboardInterrupt):
        fitted(stop_at=12)
    state = load_state(tmp_path / "c")["parts"][0]["optimiser"]["scaler"]
    assert state["scale"] == 2.0**16
    assert state["_growth_tracker"] == 11
    for one, other in zip(whole.parameters(), fitted().parameters(), strict=True):
        assert torch.equal(one, other)
