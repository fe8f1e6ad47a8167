"""Training: exact derivatives, windows, schedules, resuming to the bit, sampling."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lib.core.device import autocast
from lib.core.errors import UserError
from lib.model import cross_entropy, layers, training_run
from lib.model.cross_entropy import linear_cross_entropy
from lib.model.evaluation import all_windows, random_windows
from lib.model.sampling import generate
from lib.model.training import TrainingSettings, evaluate, train
from lib.model.training_run import TrainingRun
from lib.model.transformer import Transformer, TransformerConfig

CPU = torch.device("cpu")
CONFIG = TransformerConfig(vocab_size=11, context=8, layers=2, width=16, heads=2, mlp_width=24)
SETTINGS = TrainingSettings(
    steps=12, batch=4, warmup=3, evaluate_every=5, record_every=4, learning_rate=3e-3
)
TOKENS = np.tile(np.arange(11, dtype=np.uint8), 40)  # each token follows from the one before
VALIDATION = TOKENS[:60]


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_()


def assert_same_function(fast, plain, inputs: list[torch.Tensor]) -> None:
    """Equal values and equal gradients for a random direction, in float64."""
    outputs = [f(*inputs) for f in (fast, plain)]
    torch.testing.assert_close(*outputs)
    direction = random(*outputs[0].shape, seed=9)
    gradients = [torch.autograd.grad(y, inputs, direction) for y in outputs]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("length", [1, 7])
def test_attention_is_the_plain_one(length: int) -> None:
    q, k, v = (random(2, 3, length, 4, seed=seed) for seed in range(3))
    assert_same_function(
        lambda q, k, v: layers._attend_whole(q, k, v, 0.3),
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.3),
        [q, k, v],
    )


@pytest.mark.parametrize("chunk", [1, 30, 10**6])
@pytest.mark.parametrize("biased", [True, False])
def test_the_loss_is_the_plain_one(
    monkeypatch: pytest.MonkeyPatch, chunk: int, biased: bool
) -> None:
    monkeypatch.setattr(cross_entropy, "CHUNK_LOGITS", {True: chunk, False: chunk})
    monkeypatch.setattr(cross_entropy, "FEWEST_ROWS", 1)
    targets = torch.tensor([0, 4, 4, 2, 1, 3, 0])
    inputs = [random(7, 6), random(5, 6, seed=1)] + ([random(5, seed=2)] if biased else [])
    assert_same_function(
        lambda h, w, b=None: linear_cross_entropy(h, w, b, targets),
        lambda h, w, b=None: F.cross_entropy(F.linear(h, w, b), targets, reduction="sum"),
        inputs,
    )


def test_the_loss_of_an_impossible_token_is_exact() -> None:
    hidden, weight = torch.tensor([[1000.0]]), torch.tensor([[1.0], [0.0]])
    loss = linear_cross_entropy(hidden, weight, None, torch.tensor([1]))
    assert loss.item() == 1000.0


def plain_loss(model: Transformer, tokens: torch.Tensor) -> torch.Tensor:
    logits = model(tokens[:, :-1]).logits
    return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), reduction="sum")


@pytest.mark.parametrize(
    ("precision", "tolerance"), [("fp32", 1e-5), ("bf16", 0.03), ("fp16", 0.005)]
)
@pytest.mark.parametrize("shape", ["rope", "learned"])
def test_fast_passes_agree_with_float64(precision: str, tolerance: float, shape: str) -> None:
    config = replace(CONFIG, width=32, heads=4)
    if shape == "learned":
        config = replace(
            config, positions="learned", norm="layer", mlp="gelu", biases=True, tied=False
        )
    fast, exact = Transformer(config, seed=0), Transformer(config, seed=0).double()
    tokens = random_windows(TOKENS, 8, 16, seed=0, step=0)
    with autocast(CPU, precision):
        loss = fast.loss(tokens[:, :-1], tokens[:, 1:])
    loss.backward()
    reference = plain_loss(exact, tokens)
    reference.backward()
    assert abs(loss.item() / reference.item() - 1) < tolerance / 3
    for ours, theirs in zip(fast.parameters(), exact.parameters(), strict=True):
        error = (ours.grad.double() - theirs.grad).norm() / theirs.grad.norm()
        assert error < tolerance, error


@given(st.integers(2, 60), st.integers(1, 10), st.integers(1, 4))
def test_every_token_is_predicted_exactly_once(length: int, context: int, batch: int) -> None:
    tokens = np.arange(length, dtype=np.uint16)
    predicted = []
    for inputs, targets in all_windows(tokens, context, batch):
        assert inputs.shape == targets.shape
        assert inputs.shape[1] <= context
        assert torch.equal(inputs + 1, targets)
        predicted += targets.flatten().tolist()
    assert predicted == list(range(1, length))


def test_evaluation_is_the_mean_over_all_tokens() -> None:
    model = Transformer(CONFIG, seed=0)
    tokens = TOKENS[:30]  # 29 predictions: three windows of 8 and one of 5
    total = sum(
        plain_loss(model, torch.from_numpy(tokens[i : i + 9].astype(np.int64))[None]).item()
        for i in range(0, 29, 8)
    )
    evaluation = evaluate(model, tokens, batch=2)
    assert evaluation.tokens == 29
    assert evaluation.nats_per_token == pytest.approx(total / 29, rel=1e-5)
    assert evaluate(model, tokens, batch=32).nats_per_token == pytest.approx(
        evaluation.nats_per_token, rel=1e-6
    )


def test_windows_depend_on_seed_and_step_alone() -> None:
    first = random_windows(TOKENS, 8, 6, seed=1, step=2)
    assert first.shape == (6, 9)
    assert torch.equal(first, random_windows(TOKENS, 8, 6, seed=1, step=2))
    assert not torch.equal(first, random_windows(TOKENS, 8, 6, seed=1, step=3))
    assert not torch.equal(first, random_windows(TOKENS, 8, 6, seed=2, step=2))
    assert torch.equal((first[:, :-1] + 1) % 11, first[:, 1:])


def test_the_last_window_of_the_text_is_drawn_too() -> None:
    tokens = np.arange(10, dtype=np.uint8)
    drawn = random_windows(tokens, 8, 50, seed=0, step=0)
    assert set(drawn[:, 0].tolist()) == {0, 1}


def test_the_learning_rate_rises_linearly_and_falls_by_a_cosine() -> None:
    settings = TrainingSettings(steps=101, batch=1, warmup=10)
    rates = [settings.learning_rate_at(step) for step in range(101)]
    assert rates[0] == pytest.approx(1e-4)
    assert rates[9] == rates[10] == pytest.approx(1e-3)
    assert rates[55] == pytest.approx((1e-3 + 1e-4) / 2)
    assert rates[100] == pytest.approx(1e-4)
    assert np.all(np.diff(rates[10:]) < 0)


def test_decay_is_for_matrices_only() -> None:
    model = Transformer(replace(CONFIG, norm="layer", biases=True), seed=0)
    decayed, spared = training_run.adamw(model, SETTINGS).param_groups
    assert {p.ndim for p in decayed["params"]} == {2}
    assert {p.ndim for p in spared["params"]} == {1}
    assert spared["weight_decay"] == 0
    assert len(decayed["params"]) + len(spared["params"]) == len(list(model.parameters()))


def test_accumulation_is_one_larger_batch() -> None:
    weights = []
    for batch, accumulation in ((8, 1), (2, 4)):
        model = Transformer(CONFIG, seed=0)
        settings = replace(SETTINGS, batch=batch, accumulation=accumulation, steps=3)
        train(model, TOKENS, VALIDATION, settings, seed=0, device=CPU, precision="fp32")
        weights.append(model.embedding.weight.detach())
    torch.testing.assert_close(*weights, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_training_learns_what_follows(precision: str) -> None:
    model = Transformer(CONFIG, seed=0)
    settings = replace(SETTINGS, steps=60, batch=16, learning_rate=2e-2)
    history = train(model, TOKENS, VALIDATION, settings, seed=0, device=CPU, precision=precision)
    assert history.validation[-1][1] < 0.3 < 2 < history.train[0][1]
    assert [step for step, _ in history.train][-1] == 60
    assert [step for step, _ in history.validation] == list(range(5, 61, 5))
    assert history.tokens == 60 * 16 * 8
    assert history.seconds > 0
    assert not model.training
    final = evaluate(model, VALIDATION, precision=precision, batch=16).nats_per_token
    assert final == history.validation[-1][1]


class Killed(Exception):
    """Stands for whatever ends a process."""


def interrupted_then_resumed(monkeypatch, path, config, precision: str, stop: BaseException):
    """Trains, is stopped in the middle of step 8, and goes on in a fresh model."""
    real, calls = TrainingRun.update, []

    def update(run: TrainingRun, tokens: np.ndarray) -> None:
        if run.step == 7 and not calls:
            calls.append(run.step)
            raise stop
        real(run, tokens)

    monkeypatch.setattr(TrainingRun, "update", update)
    options = {"seed": 3, "device": CPU, "precision": precision, "checkpoint": path}
    with pytest.raises(type(stop)):
        train(
            Transformer(config, seed=0),
            TOKENS,
            VALIDATION,
            SETTINGS,
            checkpoint_seconds=1e9 if isinstance(stop, KeyboardInterrupt) else 0,
            **options,
        )
    torch.manual_seed(99)  # another process has other global randomness
    model = Transformer(config)
    return model, train(model, TOKENS, VALIDATION, SETTINGS, **options)


@pytest.mark.parametrize("stop", [Killed(), KeyboardInterrupt()], ids=["kill", "ctrl-c"])
@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_a_resumed_run_equals_an_uninterrupted_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path, precision: str, stop: BaseException
) -> None:
    config = replace(CONFIG, dropout=0.2)
    whole = Transformer(config, seed=0)
    expected = train(whole, TOKENS, VALIDATION, SETTINGS, seed=3, device=CPU, precision=precision)
    path = tmp_path / "a folder" / "model.checkpoint"
    model, history = interrupted_then_resumed(monkeypatch, path, config, precision, stop)
    assert history.train == expected.train
    assert history.validation == expected.validation
    assert history.tokens == expected.tokens
    for (name, ours), theirs in zip(model.named_parameters(), whole.parameters(), strict=True):
        assert torch.equal(ours, theirs), name


def test_a_finished_run_trains_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    options = {"seed": 0, "device": CPU, "precision": "fp32", "checkpoint": tmp_path / "c"}
    first = Transformer(CONFIG, seed=0)
    expected = train(first, TOKENS, VALIDATION, SETTINGS, **options)
    monkeypatch.setattr(TrainingRun, "update", lambda *_: pytest.fail("trained again"))
    again = Transformer(CONFIG, seed=5)
    history = train(again, TOKENS, VALIDATION, SETTINGS, **options)
    assert history[:2] == expected[:2]
    assert torch.equal(again.embedding.weight, first.embedding.weight)


def test_training_leaves_the_callers_randomness_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    model = Transformer(replace(CONFIG, dropout=0.1), seed=0)
    train(model, TOKENS, VALIDATION, SETTINGS, seed=0, device=CPU, precision="fp32")
    assert torch.equal(torch.rand(3), expected)


def test_a_checkpoint_of_another_run_is_refused(tmp_path) -> None:
    options = {"seed": 0, "device": CPU, "precision": "fp32", "checkpoint": tmp_path / "c"}
    train(Transformer(CONFIG, seed=0), TOKENS, VALIDATION, SETTINGS, **options)
    other = replace(SETTINGS, learning_rate=1.0)
    with pytest.raises(UserError, match="differs in learning_rate"):
        train(Transformer(CONFIG, seed=0), TOKENS, VALIDATION, other, **options)
    with pytest.raises(UserError, match="differs in training text"):
        train(Transformer(CONFIG, seed=0), TOKENS[1:], VALIDATION, SETTINGS, **options)


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_state(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    real = Transformer.loss
    calls = []

    def loss(model: Transformer, *arguments: torch.Tensor) -> torch.Tensor:
        calls.append(None)
        value = real(model, *arguments)
        return value * math.nan if model.training and len(calls) >= 7 else value

    monkeypatch.setattr(Transformer, "loss", loss)
    settings = replace(SETTINGS, evaluate_every=100)
    options = {"seed": 0, "device": CPU, "precision": "fp32", "checkpoint": tmp_path / "c"}
    with pytest.raises(UserError, match="at step 7; the checkpoint of step 6 is kept"):
        train(
            Transformer(CONFIG, seed=0),
            TOKENS,
            VALIDATION,
            settings,
            checkpoint_seconds=0,
            **options,
        )
    monkeypatch.setattr(Transformer, "loss", real)
    model = Transformer(CONFIG, seed=0)
    history = train(model, TOKENS, VALIDATION, settings, **options)
    assert history.tokens == SETTINGS.steps * 4 * 8
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_too_little_text_is_one_sentence() -> None:
    model = Transformer(CONFIG, seed=0)
    options = {"seed": 0, "device": CPU}
    with pytest.raises(UserError, match="9 tokens at least, but the corpus has 8"):
        train(model, TOKENS[:8], VALIDATION, SETTINGS, **options)
    with pytest.raises(UserError, match="at least 2 tokens"):
        train(model, TOKENS, VALIDATION[:1], SETTINGS, **options)
    with pytest.raises(UserError, match="at least 2 tokens"):
        evaluate(model, TOKENS[:1])


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(UserError, match="steps must be at least 1"):
        TrainingSettings(steps=0, batch=1)


# Sampling.


@pytest.fixture
def model() -> Transformer:
    return Transformer(replace(CONFIG, context=16), seed=0)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


PROMPTS = torch.tensor([[1, 2, 3], [4, 5, 6]])


def test_samples_begin_with_their_prompt_and_obey_the_seed(model: Transformer) -> None:
    first = generate(model, PROMPTS, 9, generator=seeded())
    assert first.shape == (2, 12)
    assert torch.equal(first[:, :3], PROMPTS)
    assert torch.equal(first, generate(model, PROMPTS, 9, generator=seeded()))
    assert not torch.equal(first, generate(model, PROMPTS, 9, generator=seeded(1)))
    assert model.training  # as it was before


def test_the_cache_changes_no_sample_and_the_context_may_end(model: Transformer) -> None:
    shift = {"blocks.0.resid_mid": lambda x: x + 0.5}
    for edit in (None, shift):
        options = {"temperature": 0.7, "edit": edit}
        plain = generate(model, PROMPTS, 30, generator=seeded(), cached=False, **options)
        assert torch.equal(generate(model, PROMPTS, 30, generator=seeded(), **options), plain)
    assert plain.shape == (2, 33)


def test_top_k_samples_only_the_likeliest(model: Transformer) -> None:
    prompts = torch.ones(300, 1, dtype=torch.long)
    drawn = generate(model, prompts, 1, top_k=3, temperature=5.0, generator=seeded())[:, 1]
    best = model.eval()(prompts[:1]).logits[0, -1].topk(3).indices
    assert set(drawn.tolist()) == set(best.tolist())
    everything = generate(model, prompts, 1, top_k=99, temperature=5.0, generator=seeded())
    assert len(everything[:, 1].unique()) > 3


def test_temperature_zero_takes_the_likeliest(model: Transformer) -> None:
    greedy = generate(model, PROMPTS, 4, temperature=0, generator=seeded())
    assert torch.equal(greedy, generate(model, PROMPTS, 4, top_k=1, generator=seeded(5)))


def test_samples_follow_the_models_distribution(model: Transformer) -> None:
    prompts = torch.full((4000, 1), 3)
    drawn = generate(model, prompts, 1, generator=seeded())[:, 1]
    expected = model.eval()(prompts[:1]).logits[0, -1].softmax(-1)
    measured = torch.bincount(drawn, minlength=11) / 4000
    assert (measured - expected).abs().max() < 0.03


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"temperature": -1.0}, "temperature must be"), ({"top_k": 0}, "top_k must be")],
)
def test_impossible_sampling_is_refused(model: Transformer, options: dict, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        generate(model, PROMPTS, 1, generator=seeded(), **options)
    with pytest.raises(UserError, match="at least one token"):
        generate(model, PROMPTS[:, :0], 1, generator=seeded())
