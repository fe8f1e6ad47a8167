"""Training dictionaries: it learns, it resumes bit for bit, it stops with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae import ensemble, training
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.ensemble import Ensemble
from lib.sae.initialisation import initialise
from lib.sae.metrics import evaluate_sae
from lib.sae.optimisation import (
    learning_rate,
    project_gradient,
    resample,
    reset_adam,
)
from lib.sae.training import FitSettings, fit

D, F = 16, 48
CPU = torch.device("cpu")
SETTINGS = FitSettings(steps=40, batch=64, warmup=5, log_every=7, dead_after=500)


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small gain nothing from a second thread, and lose much on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def toy(rows: int = 4000, seed: int = 12_345) -> TensorActivations:
    """Sparse sums of 24 directions around a point that is not zero.

    The seed is none that a dictionary has: with the same one, both would draw the same directions.
    """
    g = torch.Generator().manual_seed(seed)
    truth = torch.nn.functional.normalize(torch.randn(24, D, generator=g), dim=1)
    codes = (torch.rand(rows, 24, generator=g) < 0.1) * (0.5 + torch.rand(rows, 24, generator=g))
    x = codes @ truth + 0.5
    return TensorActivations(x[500:], x[:500], {"truth": truth.tolist()})


def make(kind: str = "topk", **options) -> SparseAutoencoder:
    if kind == "topk":
        return TopK(D, F, 4, **({"auxiliary_k": 8} | options))
    return L1(D, F, 0.05, **options)


def run(sae: SparseAutoencoder, settings: FitSettings = SETTINGS, data=None, **options):
    return fit(sae, data or toy(), settings, device=CPU, precision="fp32", **options)


def weights(sae: SparseAutoencoder) -> list[torch.Tensor]:
    return [p.detach().clone() for p in sae.parameters()]


def same(a: SparseAutoencoder, b: SparseAutoencoder) -> bool:
    return all(torch.equal(p, q) for p, q in zip(weights(a), weights(b), strict=True))


@pytest.mark.parametrize(("kind", "steps"), [("topk", 500), ("l1", 1500)])
def test_it_learns_the_directions_of_toy_data(kind: str, steps: int) -> None:
    data, sae = toy(20_000), make("topk") if kind == "topk" else L1(D, F, 0.4)
    initialise(sae, data.sample(4000))
    before = evaluate_sae(sae, data)
    truth = torch.tensor(data.metadata["truth"])
    assert (sae.W_dec.detach() @ truth.t()).amax(0).mean() < 0.7, "it starts somewhere else"
    history = run(sae, FitSettings(steps=steps, batch=256, learning_rate=3e-3), data)
    after = evaluate_sae(sae, data)
    assert after.explained_variance > 0.85 > before.explained_variance
    cosines = torch.nn.functional.normalize(sae.W_dec.detach(), dim=1) @ truth.t()
    assert cosines.amax(0).mean() > 0.9
    assert history.total[-1] < history.total[0]
    assert history.tokens == steps * 256


@pytest.mark.parametrize("kind", ["topk", "l1"])
def test_the_same_seed_gives_the_same_dictionary(kind: str) -> None:
    one, two, other = make(kind), make(kind), make(kind)
    run(one), run(two)
    run(other, FitSettings(steps=40, batch=64, warmup=5, seed=1))
    assert same(one, two)
    assert not same(one, other)


@pytest.mark.parametrize("kind", ["topk", "l1"])
@pytest.mark.parametrize("stop", [1, 13, 39])
def test_a_killed_training_ends_as_if_it_had_not_been(kind: str, stop: int, tmp_path: Path) -> None:
    settings = FitSettings(
        steps=40, batch=64, warmup=5, log_every=7, dead_after=500, resample_every=10,
        checkpoint_seconds=0.0,
    )  # fmt: skip
    whole = make(kind)
    history = run(whole, settings)

    def kill(step: int, *_: object) -> None:
        if step == stop + 1:
            raise KeyboardInterrupt

    checkpoint = tmp_path / "checkpoint"
    torch.manual_seed(1)
    with pytest.raises(KeyboardInterrupt):
        run(make(kind), settings, callbacks=[kill], checkpoint=checkpoint)
    torch.manual_seed(2)
    resumed = make(kind)
    again = run(resumed, settings, checkpoint=checkpoint)
    assert same(whole, resumed)
    assert again[:-1] == history[:-1]


def test_a_finished_training_is_not_repeated(tmp_path: Path) -> None:
    sae = make()
    history = run(sae, checkpoint=tmp_path / "c")
    steps: list[int] = []
    again = make()
    repeated = run(
        again, checkpoint=tmp_path / "c", callbacks=[lambda step, *_: steps.append(step)]
    )
    assert not steps
    assert same(sae, again)
    assert repeated[:-1] == history[:-1]


def test_a_damaged_checkpoint_costs_one_interval(tmp_path: Path) -> None:
    settings = FitSettings(steps=40, batch=64, warmup=5, checkpoint_seconds=0.0)
    whole, resumed = make(), make()
    run(whole, settings, checkpoint=tmp_path / "c")
    content = (tmp_path / "c").read_bytes()
    (tmp_path / "c").write_bytes(content[: len(content) // 2])
    steps: list[int] = []
    with pytest.warns(UserWarning, match="damaged"):
        run(resumed, settings, checkpoint=tmp_path / "c",
            callbacks=[lambda step, *_: steps.append(step)])  # fmt: skip
    assert steps == [40]
    assert same(whole, resumed)


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    run(make(), checkpoint=tmp_path / "c")
    with pytest.raises(UserError, match="other settings"):
        run(make(), FitSettings(steps=41, batch=64), checkpoint=tmp_path / "c")
    with pytest.raises(UserError, match="other settings"):
        run(make("l1"), checkpoint=tmp_path / "c")


def test_the_decoder_keeps_norm_one_in_each_row() -> None:
    """Along the other axis the columns would have norm 1, and the rows anything."""
    sae = make()
    run(sae)
    torch.testing.assert_close(sae.W_dec.norm(dim=1), torch.ones(F))
    free = make(unit_decoder=False)
    run(free)
    assert (free.W_dec.norm(dim=1) - 1).abs().max() > 1e-3


def test_the_projected_gradient_has_no_part_along_the_row() -> None:
    sae = make("l1")
    sae.loss(toy().sample(64)).total.backward()
    project_gradient(sae.W_dec)
    along = (sae.W_dec.grad * sae.W_dec).sum(1)
    torch.testing.assert_close(along, torch.zeros(F), atol=1e-6, rtol=0)
    assert sae.W_dec.grad.abs().max() > 1e-3


def test_the_optimiser_is_plain_adam() -> None:
    """One step by hand; an optimiser of one's own tends to lose the count of steps."""
    sae, reference = make("l1", unit_decoder=False), make("l1", unit_decoder=False)
    optimiser = Ensemble([sae], SETTINGS, CPU, "fp32")
    adam = torch.optim.Adam(reference.parameters(), fused=False, foreach=False)
    for number in range(12):
        x = next(toy().batches(64, 0, number))
        optimiser.step(x, number)
        adam.param_groups[0]["lr"] = learning_rate(SETTINGS, number)
        adam.zero_grad()
        reference.loss(x).total.backward()
        adam.step()
    for a, b in zip(weights(sae), weights(reference), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def test_learning_rate_rises_stays_and_falls_to_zero() -> None:
    settings = FitSettings(steps=100, warmup=9, decay_share=0.2, learning_rate=1.0)
    rates = [learning_rate(settings, step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9:81] == [1.0] * 72
    assert rates[90] == pytest.approx(0.5)
    assert rates[-1] == pytest.approx(0.05)
    flat = FitSettings(steps=10, warmup=0, decay_share=0.0, learning_rate=1.0)
    assert [learning_rate(flat, step) for step in range(10)] == [1.0] * 10


def test_callbacks_see_every_step_and_the_history_their_means() -> None:
    seen: list[tuple[int, float, int]] = []

    def look(step: int, sae: SparseAutoencoder, metrics: training.StepMetrics) -> None:
        assert not metrics.loss.total.requires_grad
        assert metrics.fired.shape == metrics.dead.shape == (F,)
        seen.append((step, float(metrics.loss.total), int(metrics.fired.sum())))

    history = run(make(), callbacks=[look])
    assert [step for step, *_ in seen] == list(range(1, 41))
    assert history.steps == [7, 14, 21, 28, 35, 40]
    assert history.total[1] == pytest.approx(sum(loss for _, loss, _ in seen[7:14]) / 7)
    assert history.l0[-1] == pytest.approx(sum(fired for *_, fired in seen[35:]) / 5 / 64)


def test_a_feature_is_dead_when_it_was_silent_long_enough() -> None:
    sae = make()
    with torch.no_grad():
        sae.b_enc[3] = -100.0
    dead: list[bool] = []
    run(sae, callbacks=[lambda step, sae, metrics: dead.append(bool(metrics.dead[3]))])
    # 64 rows a step: 500 silent rows are reached by the eighth step, so the ninth knows.
    assert dead[:10] == [False] * 8 + [True] * 2


def test_resampling_moves_dead_features_and_forgets_their_moments() -> None:
    sae, x = make("l1"), toy().sample(512)
    optimiser = Ensemble([sae], SETTINGS, CPU, "fp32")
    for number in range(3):
        optimiser.step(x, number)
    before = weights(sae)
    dead = torch.zeros(F, dtype=torch.bool)
    dead[[1, 5]] = True
    assert resample(sae, x, dead, seed=0).tolist() == [1, 5]
    for parameter in optimiser.weights[:3]:
        reset_adam(optimiser.adam, parameter, (0, dead))
    after = dict(zip(("W_dec", "W_enc", "b_enc", "b_dec"), weights(sae), strict=True))
    assert torch.equal(after["W_dec"][~dead], before[0][~dead])
    assert torch.equal(after["W_enc"][:, ~dead], before[1][:, ~dead])
    directions = torch.nn.functional.normalize(x - sae.b_dec.detach(), dim=1)
    torch.testing.assert_close((after["W_dec"][dead] @ directions.t()).amax(1), torch.ones(2))
    living = before[1][:, ~dead].norm(dim=0).mean()
    torch.testing.assert_close(after["W_enc"][:, dead].norm(dim=0), 0.2 * living.expand(2))
    for moment in ("exp_avg", "exp_avg_sq"):
        states = [optimiser.adam.state[p][moment][0] for p in optimiser.weights[:3]]
        assert not any(state[dead].any() for state in states)
        assert states[2][~dead].any()


def test_resampling_happens_on_its_steps_and_not_in_the_tail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[int] = []
    real = ensemble.resample
    monkeypatch.setattr(
        ensemble, "resample", lambda *a, seed: calls.append(seed) or real(*a, seed=seed)
    )
    run(make(), FitSettings(steps=40, batch=64, resample_every=10, decay_share=0.25))
    assert calls == [10, 20]


def poisoned(rows: int) -> TensorActivations:
    data = toy()
    data.read("train", 0, data.train_count)[rows] = float("nan")
    return data


def test_nan_in_a_batch_stops_with_step_and_place_and_keeps_the_checkpoint(
    tmp_path: Path,
) -> None:
    data = poisoned(1234)
    step = next(s for s in range(54) if 1234 in data.batch_rows(64, 0, s))
    assert step > 0
    settings = FitSettings(steps=54, batch=64, checkpoint_seconds=0.0)
    with pytest.raises(UserError, match=rf"step {step} .*row 1234 .*last good checkpoint"):
        run(make(), settings, data, checkpoint=tmp_path / "c")
    clean = make()
    run(clean, settings, checkpoint=tmp_path / "c")
    assert all(p.isfinite().all() for p in weights(clean))


def test_divergence_is_told_apart_from_bad_data() -> None:
    with pytest.raises(UserError, match="diverged"):
        run(make("l1", unit_decoder=False), FitSettings(steps=40, batch=64, learning_rate=1e30))


def test_constant_and_zero_inputs() -> None:
    for value in (0.0, 3.0):
        data = TensorActivations(torch.full((200, D), value), torch.full((20, D), value))
        for kind in ("topk", "l1"):
            sae = make(kind)
            initialise(sae, data.sample(100))
            run(sae, FitSettings(steps=5, batch=50, resample_every=2, dead_after=50), data)
            metrics = evaluate_sae(sae, data)
            assert metrics.mse < 1e-6
            assert metrics.fvu != metrics.fvu, "there is no variance to explain"


def test_widths_and_batches_must_fit() -> None:
    with pytest.raises(UserError, match="width 16 cannot learn from activations of width 3"):
        run(make(), data=TensorActivations(torch.zeros(100, 3), torch.zeros(9, 3)))
    with pytest.raises(UserError, match="3500 training rows"):
        run(make(), FitSettings(steps=1, batch=4000))


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"learning_rate": 0.0}, {"betas": (0.9, 1.0)}, {"decay_share": 1.5}]
)
def test_impossible_settings(wrong: dict) -> None:
    with pytest.raises(UserError, match=next(iter(wrong))):
        FitSettings(**({"steps": 1} | wrong))


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
@pytest.mark.parametrize("kind", ["topk", "l1"])
def test_lower_precision_learns_as_well(kind: str, precision: str) -> None:
    results = []
    for chosen in ("fp32", precision):
        data, sae = toy(), make(kind)
        initialise(sae, data.sample(3000))
        settings = FitSettings(steps=200, batch=128, learning_rate=3e-3)
        fit(sae, data, settings, device=CPU, precision=chosen)
        assert sae.W_dec.dtype == torch.float32
        results.append(evaluate_sae(sae, data).fvu)
    assert results[1] < 1.1 * results[0] + 0.01
