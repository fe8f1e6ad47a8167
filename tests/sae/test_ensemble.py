"""Ensembles: each member ends as if it had been trained alone."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae import ensemble
from lib.sae.autoencoders import L1, TopK, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.ensemble import Ensemble, make_ensembles
from lib.sae.initialisation import initialise
from lib.sae.optimisation import FitSettings
from lib.sae.training import fit, fit_ensemble

D = 12
CPU = torch.device("cpu")
SETTINGS = FitSettings(
    steps=60, batch=64, warmup=5, log_every=7, dead_after=300, resample_every=25, clip=2.0
)


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small gain nothing from a second thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def toy() -> TensorActivations:
    g = torch.Generator().manual_seed(0)
    truth = torch.nn.functional.normalize(torch.randn(20, D, generator=g), dim=1)
    codes = (torch.rand(2000, 20, generator=g) < 0.15) * torch.rand(2000, 20, generator=g)
    x = codes @ truth + 0.5
    return TensorActivations(x[200:], x[:200])


def mix() -> list[SparseAutoencoder]:
    """Both kinds, two sizes, several k, coefficients and seeds, in mixed order."""
    saes: list[SparseAutoencoder] = [
        TopK(D, 24, 2, auxiliary_k=6, seed=0),
        L1(D, 24, 0.02, seed=1),
        TopK(D, 24, 5, auxiliary_k=6, seed=2),
        L1(D, 40, 0.02, seed=3),
        TopK(D, 24, 2, auxiliary_k=6, seed=4),
        L1(D, 24, 0.1, seed=5),
        TopK(D, 30, 3, pre_bias=False, seed=6),
        TopK(D, 30, 4, pre_bias=False, seed=7),
        L1(D, 16, 0.1, unit_decoder=False, seed=8),
        L1(D, 16, 0.05, unit_decoder=False, seed=9),
    ]
    sample = toy().sample(1000)
    for number, sae in enumerate(saes):
        initialise(sae, sample, seed=number)
        with torch.no_grad():
            sae.b_enc[:3] = -2.0  # some that are dead from the start
    return [sae.double() for sae in saes]


def train(saes: list[SparseAutoencoder], settings: FitSettings = SETTINGS, **options):
    return fit_ensemble(saes, toy(), settings, device=CPU, precision="fp32", **options)


def test_members_end_as_if_trained_alone() -> None:
    together, alone = mix(), mix()
    histories = train(together)
    assert sum(len(ids) > 1 for _, ids in make_ensembles(mix(), SETTINGS, CPU, "fp32")) == 4
    for number, sae in enumerate(alone):
        history = fit(sae, toy(), SETTINGS, device=CPU, precision="fp32")
        for ours, single in zip(together[number].parameters(), sae.parameters(), strict=True):
            torch.testing.assert_close(ours, single, rtol=1e-7, atol=1e-9)
        assert histories[number].steps == history.steps
        assert histories[number].dead == history.dead
        assert histories[number].total == pytest.approx(history.total, rel=1e-7)
        assert histories[number].auxiliary == pytest.approx(history.auxiliary, rel=1e-7)
        assert histories[number].l0 == pytest.approx(history.l0)
    assert any(max(h.dead) > 0 for h in histories), "dead features took part"
    assert any(max(h.auxiliary) > 0 for h in histories)


def sizes_mixed() -> list[SparseAutoencoder]:
    """Sizes that all differ, both kinds, started in several ways."""
    saes: list[SparseAutoencoder] = [
        TopK(D, 30, 5, auxiliary_k=6, seed=0),
        L1(D, 40, 0.02, seed=1),
        TopK(D, 7, 7, auxiliary_k=6, seed=2),
        L1(D, 1, 0.02, seed=3),
        TopK(D, 24, 1, auxiliary_k=6, seed=4),
        L1(D, 24, 0.1, seed=5),
    ]
    sample = toy().sample(1000)
    for number, sae in enumerate(saes):
        initialise(sae, sample, scheme=("kaiming", "orthogonal", "data")[number % 3], seed=number)
        with torch.no_grad():
            sae.b_enc[1:4] = -2.0
    return [sae.double() for sae in saes]


def test_members_of_any_size_end_as_if_trained_alone() -> None:
    """Padding changes no weight, no loss, no count, and is seen by no callback."""
    together, alone, widths = sizes_mixed(), sizes_mixed(), []
    parts = make_ensembles(sizes_mixed(), SETTINGS, CPU, "fp32")
    assert sorted(map(len, (numbers for _, numbers in parts))) == [3, 3]

    def look(step: int, sae: SparseAutoencoder, metrics) -> None:
        widths.append((sae.features, *metrics.fired.shape, *metrics.dead.shape))

    histories = train(together, callbacks=[[look]] * 6)
    assert set(widths) == {(sae.features,) * 3 for sae in alone}
    for number, sae in enumerate(alone):
        history = fit(sae, toy(), SETTINGS, device=CPU, precision="fp32")
        assert together[number].W_dec.shape == sae.W_dec.shape
        for ours, single in zip(together[number].parameters(), sae.parameters(), strict=True):
            torch.testing.assert_close(ours, single, rtol=1e-7, atol=1e-9)
            assert ours.stride() == single.stride()
        for name in ("steps", "dead", "l0", "total", "reconstruction", "sparsity", "auxiliary"):
            expected = pytest.approx(getattr(history, name), rel=1e-7, abs=1e-12)
            assert getattr(histories[number], name) == expected, name
    assert any(max(h.dead) > 0 for h in histories)
    assert any(max(h.auxiliary) > 0 for h in histories)


def test_padding_never_learns() -> None:
    saes = [TopK(D, f, 3, auxiliary_k=6, seed=f).double() for f in (9, 24)]
    stack = Ensemble(saes, SETTINGS, CPU, "fp32")
    for number in range(40):
        metrics = stack.step(next(toy().batches(64, 0, number)).double(), number)
    for parameter in (stack.weights.rows, stack.weights.b_enc, stack.weights.W_dec):
        assert not parameter[0, 9:].any()
    assert not metrics.fired[0, 9:].any()
    assert not metrics.dead[0, 9:].any()


def test_sizes_that_lie_far_apart_are_not_padded() -> None:
    saes: list[SparseAutoencoder] = [L1(D, f, 0.1) for f in (16, 900, 20, 16, 950)]
    parts = make_ensembles(saes, SETTINGS, CPU, "fp32")
    assert sorted(sorted(numbers) for _, numbers in parts) == [[0, 2, 3], [1, 4]]
    settings = FitSettings(steps=1, batch=4096)
    assert len(make_ensembles(saes, settings, CPU, "fp32")) == 3


def test_members_that_are_too_large_are_trained_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ensemble, "CPU_CODES", 0)
    assert all(len(ids) == 1 for _, ids in make_ensembles(mix(), SETTINGS, CPU, "fp32"))
    together, alone = mix(), mix()
    train(together)
    for ours, single in zip(together, alone, strict=True):
        fit(single, toy(), SETTINGS, device=CPU, precision="fp32")
        assert all(map(torch.equal, ours.parameters(), single.parameters()))


def test_a_killed_ensemble_goes_on_from_one_checkpoint(tmp_path: Path) -> None:
    whole, resumed = mix(), mix()
    histories = train(whole)

    def kill(step: int, *_: object) -> None:
        if step == 31:
            raise KeyboardInterrupt

    settings = FitSettings(**(SETTINGS.__dict__ | {"checkpoint_seconds": 0.0}))
    calls = [[kill] if number == 5 else [] for number in range(len(whole))]
    with pytest.raises(KeyboardInterrupt):
        train(mix(), settings, callbacks=calls, checkpoint=tmp_path / "c")
    again = train(resumed, settings, checkpoint=tmp_path / "c")
    for ours, theirs in zip(resumed, whole, strict=True):
        assert all(map(torch.equal, ours.parameters(), theirs.parameters()))
    assert [h[:-1] for h in again] == [h[:-1] for h in histories]


def test_callbacks_see_their_member_as_it_is() -> None:
    saes, seen = mix(), []

    def look(step: int, sae: SparseAutoencoder, metrics) -> None:
        if step == SETTINGS.steps:
            assert sae is saes[4]
            assert metrics.fired.shape == (24,)
            seen.append((sae.W_dec.detach().clone(), float(metrics.loss.total)))

    train(saes, callbacks=[[look] if number == 4 else [] for number in range(len(saes))])
    assert torch.equal(seen[0][0], saes[4].W_dec)


def test_members_are_free_afterwards(tmp_path: Path) -> None:
    saes = mix()
    train(saes)
    before = copy.deepcopy(saes[2].W_dec)
    with torch.no_grad():
        saes[0].W_dec.zero_()
    assert torch.equal(saes[2].W_dec, before)
    for number, sae in enumerate(saes):
        assert sae.W_dec.untyped_storage().nbytes() == sae.W_dec.numel() * 8
        save_sae(sae, tmp_path / str(number))


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_lower_precision_in_a_stack(precision: str) -> None:
    exact, low = [[L1(D, 24, 0.05, seed=s) for s in (0, 1)] for _ in range(2)]
    settings = FitSettings(steps=150, batch=64, learning_rate=3e-3)
    one = train(exact, settings)
    two = fit_ensemble(low, toy(), settings, device=CPU, precision=precision)
    for a, b in zip(one, two, strict=True):
        assert b.total[-1] == pytest.approx(a.total[-1], rel=0.05)


def test_an_ensemble_has_members_that_differ() -> None:
    sae = TopK(D, 24, 2)
    for saes in ([], [sae, sae]):
        with pytest.raises(UserError, match="each given once"):
            train(saes)
    with pytest.raises(UserError, match="width 5"):
        train([TopK(D, 24, 2), TopK(5, 24, 2)])
