"""No step makes a GPU wait: none asks the device for a number, or for how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from lib.sae import ensemble
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.ensemble import Ensemble
from lib.sae.optimisation import FitSettings

LOOKS = 5
WAITING = {
    "_local_scalar_dense", "nonzero", "bincount", "masked_select", "is_nonzero", "equal",
    "unique_dim", "_unique2", "repeat_interleave",
}  # fmt: skip
MAKE = {
    "topk": lambda: [TopK(16, 48, 4, auxiliary_k=8)],
    "topks": lambda: [TopK(16, 48 - k, k, auxiliary_k=8, seed=k) for k in (2, 4, 5)],
    "l1": lambda: [L1(16, 48, 0.05)],
    "l1s": lambda: [L1(16, 48 + seed, 0.05 * (seed + 1), seed=seed) for seed in range(3)],
}
KINDS = pytest.mark.parametrize("kind", MAKE)
PRECISIONS = pytest.mark.parametrize("precision", ["fp32", "bf16"])


class Waits(TorchDispatchMode):
    """Notes every operation after which a GPU's host has to wait for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.overloadpacket.__name__
        indexed = name in ("index", "index_put", "index_put_") and any(
            place is not None and place.dtype == torch.bool for place in args[1]
        )
        if name in WAITING or indexed:
            self.found.append(name)
        return func(*args, **(kwargs or {}))


def batches(device: str = "cpu") -> Iterator[torch.Tensor]:
    g = torch.Generator().manual_seed(0)
    while True:
        yield torch.randn(64, 16, generator=g).to(device)


def trained(saes: list[SparseAutoencoder], precision: str, device: str = "cpu") -> Ensemble:
    with torch.no_grad():
        for sae in saes:
            sae.to(device).b_enc[3:9] = -100.0
    settings = FitSettings(steps=100, batch=64, dead_after=300, clip=1.0)
    return Ensemble(saes, settings, torch.device(device), precision)


@KINDS
@PRECISIONS
def test_a_step_asks_for_no_number(
    kind: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble, "steps_between_looks", lambda device: LOOKS)
    unit, x = trained(MAKE[kind](), precision), batches()
    unit.step(next(x), 0)
    auxiliary = []
    for number in range(1, 20):
        with Waits() as waits:
            metrics = unit.step(next(x), number)
        auxiliary.append(bool((metrics.loss.auxiliary > 0).all()))
        allowed = 1 if number % LOOKS == 0 and kind.startswith("topk") else 0
        assert len(waits.found) <= allowed, (number, waits.found)
    # 64 rows a step: 300 silent rows are reached by the fifth, between two looks.
    assert auxiliary == [number >= 5 and kind.startswith("topk") for number in range(1, 20)]


@pytest.mark.parametrize("kind", ["topk", "topks"])
def test_looking_seldom_changes_no_weight(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features that die between two looks are among those that the look before had found."""
    found = []
    for looks in (1, 7):
        monkeypatch.setattr(ensemble, "steps_between_looks", lambda device, every=looks: every)
        saes = [sae.double() for sae in MAKE[kind]()]
        unit = trained(saes, "fp32")
        for number, x in zip(range(40), batches(), strict=False):
            unit.step(x.double(), number)
        found.append([parameter.detach().clone() for parameter in unit.weights])
    for often, seldom in zip(*found, strict=True):
        torch.testing.assert_close(often, seldom, rtol=1e-9, atol=1e-11)


def test_a_wait_is_noticed() -> None:
    with Waits() as waits:
        x = torch.ones(3)
        bool((x > 0).any()), x.nonzero(), torch.bincount(x.long()), x[x > 0], float(x[0])
    assert len(waits.found) == 5


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@KINDS
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_gpu_does_not_wait(kind: str, precision: str) -> None:
    unit, x = trained(MAKE[kind](), precision, "cuda"), batches("cuda")
    for number in range(26):
        unit.step(next(x), number)
    xs = [next(x) for _ in range(20)]
    torch.cuda.set_sync_debug_mode("error")
    try:
        for number, rows in enumerate(xs, 26):
            unit.step(rows, number)
    finally:
        torch.cuda.set_sync_debug_mode("default")
