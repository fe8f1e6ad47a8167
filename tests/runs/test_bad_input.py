"""What goes in is checked: a clear sentence or the right number, never silence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from lib.activations.store import ActivationStore, TensorActivations, shard_bytes
from lib.core.checkpoints import load_state
from lib.core.errors import UserError
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.initialisation import geometric_median, initialise
from lib.sae.metrics import evaluate_sae
from lib.sae.optimisation import FitSettings
from lib.sae.training import fit, fit_ensemble

D, F, K = 6, 20, 3
CPU = torch.device("cpu")
MAKE: dict[str, Callable[[], SparseAutoencoder]] = {
    "topk": lambda: TopK(D, F, K, auxiliary_k=4),
    "l1": lambda: L1(D, F, 0.1),
}
KINDS = pytest.mark.parametrize("kind", MAKE)


def vectors(rows: int = 300) -> torch.Tensor:
    return torch.randn(rows, D, generator=torch.Generator().manual_seed(0)) + 1


def stored(x: torch.Tensor, folder: Path) -> ActivationStore:
    """A store of three training shards, as a harvest would have left it."""
    folder.mkdir()
    sides: dict[str, list] = {"train": [], "held_out": []}
    pieces = [("train", piece) for piece in x.split(100)] + [("held_out", vectors(9))]
    for number, (side, piece) in enumerate(pieces):
        (folder / f"{side}-{number}.bin").write_bytes(shard_bytes(piece, "float32"))
        sides[side].append((f"{side}-{number}.bin", len(piece)))
    index = {"width": D, "dtype": "float32", "metadata": {}, **sides}
    (folder / "index.json").write_text(json.dumps(index))
    return ActivationStore(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
@KINDS
def test_a_number_that_is_none_stops_with_step_and_shard(
    kind: str, precision: str, value: float, tmp_path: Path
) -> None:
    x = vectors()
    x[137, 2] = value
    store = stored(x, tmp_path / "activations")
    settings = FitSettings(steps=9, batch=32, checkpoint_seconds=0.0)
    step = next(s for s in range(9) if 137 in store.batch_rows(32, 0, s))
    assert step > 0
    checkpoint = tmp_path / "c"
    said = rf"step {step} holds NaN or infinity, from .*train-1\.bin.*last good checkpoint is"
    options = {"device": CPU, "precision": precision, "checkpoint": checkpoint}
    with pytest.raises(UserError, match=said):
        fit(MAKE[kind](), store, settings, **options)
    kept = load_state(checkpoint)
    assert kept["done"] == step
    weights = kept["parts"][0]["optimiser"]["parameters"]
    assert all(bool(value.isfinite().all()) for value in weights)
    # And mended data go on from it.
    fit(MAKE[kind](), TensorActivations(vectors(), vectors(9)), settings, **options)


def test_so_it_does_in_an_ensemble(tmp_path: Path) -> None:
    x = vectors()
    x[137, 2] = float("nan")
    store = stored(x, tmp_path / "activations")
    saes = [MAKE[kind]() for kind in ("topk", "l1", "l1")]
    with pytest.raises(UserError, match=r"holds NaN or infinity, from .*train-1\.bin"):
        fit_ensemble(saes, store, FitSettings(steps=9, batch=32), device=CPU, precision="fp32")


@KINDS
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nothing_is_judged_on_what_is_no_number(kind: str, value: float) -> None:
    x = vectors(50)
    x[7, 1] = value
    with pytest.raises(UserError, match="the vectors that a dictionary is judged on hold NaN"):
        evaluate_sae(MAKE[kind](), [x])
    sae = MAKE[kind]()
    with torch.no_grad():
        sae.b_dec[0] = value
    with pytest.raises(UserError, match="the reconstructions that a dictionary is judged on"):
        evaluate_sae(sae, [vectors(50)])


@KINDS
def test_vectors_of_another_width(kind: str) -> None:
    sae, wrong = MAKE[kind](), torch.zeros(30, D + 1)
    data = TensorActivations(wrong, wrong)
    for use in (
        lambda: sae(wrong),
        lambda: sae.loss(wrong),
        lambda: initialise(sae, wrong),
        lambda: evaluate_sae(sae, data),
        lambda: fit(sae, data, FitSettings(steps=1, batch=3), device=CPU, precision="fp32"),
    ):
        with pytest.raises(UserError, match=f"width {D}.* width {D + 1}"):
            use()


@pytest.mark.parametrize("k", [-1, 0, F + 1, 10**9])
def test_k_beyond_the_features(k: int) -> None:
    with pytest.raises(UserError, match=f"between 1 and all of its {F} features; got k = {k}"):
        TopK(D, F, k)


@KINDS
def test_rows_of_zeros_are_rows_like_others(kind: str) -> None:
    x = vectors()
    x[::3] = 0.0
    data, sae = TensorActivations(x, x[:90]), MAKE[kind]()
    initialise(sae, x, scheme="data", centre="median")
    settings = FitSettings(steps=60, batch=50, resample_every=20, dead_after=100, warmup=2)
    history = fit(sae, data, settings, device=CPU, precision="fp32")
    assert history.total[-1] < history.total[0] * 1.01
    metrics = evaluate_sae(sae, data)
    expected = (x[:90].double() - sae(x[:90]).double()).square().sum(1).mean()
    assert metrics.mse == pytest.approx(expected.item(), rel=1e-5)
    assert metrics.tokens == 90
    spread = (x[:90].double() - x[:90].double().mean(0)).square().sum(1).mean()
    assert metrics.fvu == pytest.approx((expected / spread).item(), rel=1e-5)


@KINDS
@pytest.mark.parametrize("value", [0.0, 3.0])
def test_constant_rows_are_learnt_and_explain_nothing(kind: str, value: float) -> None:
    x = torch.full((200, D), value)
    sae = MAKE[kind]()
    for scheme in ("kaiming", "orthogonal", "data"):
        initialise(sae, x, scheme=scheme, centre="median")
        assert all(bool(p.isfinite().all()) for p in sae.parameters())
    torch.testing.assert_close(geometric_median(x), x[0])
    settings = FitSettings(steps=10, batch=50, resample_every=3, dead_after=50)
    fit(sae, TensorActivations(x, x), settings, device=CPU, precision="fp32")
    metrics = evaluate_sae(sae, [x])
    assert metrics.mse < 1e-6
    assert metrics.explained_variance != metrics.explained_variance, "there is nothing to explain"


@KINDS
def test_a_dictionary_wider_than_the_data(kind: str) -> None:
    """More features than there are vectors, and more than there are dimensions."""
    x = vectors(12)
    sae = TopK(D, 500, 500, auxiliary_k=900) if kind == "topk" else L1(D, 500, 0.01)
    initialise(sae, x, scheme="data")
    torch.testing.assert_close(sae.W_dec.norm(dim=1), torch.ones(500))
    sae_at_start = copy.deepcopy(sae)
    settings = FitSettings(steps=30, batch=12, dead_after=24, resample_every=10, warmup=2)
    history = fit(sae, TensorActivations(x, x), settings, device=CPU, precision="fp32")
    assert history.total[-1] < sae_at_start.loss(x).total
    metrics = evaluate_sae(sae, [x])
    assert metrics.mse == pytest.approx(sae.loss(x).reconstruction.item(), rel=1e-4)
    assert metrics.dead + int((metrics.density > 0).sum()) == 500
