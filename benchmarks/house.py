"""What only this book has: ensembles, harvesting, its language model, and what bf16 costs."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from benchmarks.measure import in_turn, ratios, spread
from benchmarks.worker import largest_operations
from lib.activations.harvest import harvest
from lib.activations.store import TensorActivations
from lib.core.device import product_speedup
from lib.model.training_run import TrainingRun, TrainingSettings
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.initialisation import initialise
from lib.sae.metrics import evaluate_sae
from lib.sae.optimisation import FitSettings
from lib.sae.training import fit, fit_ensemble
from lib.text.tokenizers import TokenStream

CPU = torch.device("cpu")


class Sizes(NamedTuple):
    """How large the measurements of this module are."""

    members: int = 16
    toy_width: int = 32
    toy_features: int = 64
    toy_batch: int = 256
    toy_steps: int = 100
    model: TransformerConfig = TransformerConfig(
        vocab_size=256, context=128, layers=4, width=256, heads=4, mlp_width=688
    )
    windows: int = 32
    harvested: int = 16_384
    effect_width: int = 64
    effect_features: int = 512
    effect_steps: int = 600
    seeds: int = 3
    seconds: float = 8.0


TINY = Sizes(
    toy_steps=5, model=TransformerConfig(
        vocab_size=256, context=16, layers=1, width=16, heads=2, mlp_width=16
    ),
    windows=4, harvested=256, effect_width=8, effect_features=32, effect_steps=20, seconds=0.1,
)  # fmt: skip


@contextlib.contextmanager
def quietly():
    """Without progress lines."""
    with contextlib.redirect_stderr(io.StringIO()):
        yield


def toy_vectors(width: int, rows: int = 20_000, seed: int = 12_345) -> TensorActivations:
    """Sparse sums of twice as many directions as dimensions, a tenth held out.

    The seed is none that a dictionary has: with the same one, both would draw the same directions.
    """
    g = torch.Generator().manual_seed(seed)
    truth = torch.nn.functional.normalize(torch.randn(2 * width, width, generator=g), dim=1)
    codes = torch.rand(rows, 2 * width, generator=g)
    x = (codes * (torch.rand(codes.shape, generator=g) < 4 / width)) @ truth
    return TensorActivations(x[rows // 10 :], x[: rows // 10])


def ensembles(sizes: Sizes) -> list[dict[str, Any]]:
    """Toy dictionaries trained together, against as many separate calls of `fit`."""
    data = toy_vectors(sizes.toy_width)
    settings = FitSettings(steps=sizes.toy_steps, batch=sizes.toy_batch, warmup=5)
    kinds: dict[str, Callable[[int], SparseAutoencoder]] = {
        "L1": lambda i: L1(sizes.toy_width, sizes.toy_features, 0.02 * (i + 1), seed=i),
        "TopK": lambda i: TopK(sizes.toy_width, sizes.toy_features, 1 + i % 8, seed=i),
    }
    found = []
    for kind, make in kinds.items():

        def members(make: Callable[[int], SparseAutoencoder] = make) -> list[SparseAutoencoder]:
            return [make(i) for i in range(sizes.members)]

        def together(members=members) -> None:
            fit_ensemble(members(), data, settings, device=CPU, precision="fp32")

        def separate(members=members) -> None:
            for sae in members():
                fit(sae, data, settings, device=CPU, precision="fp32")

        with quietly():
            times = in_turn({"together": together, "separate": separate}, sizes.seconds)
        found.append(
            {
                "kind": kind,
                "title": f"{sizes.members} {kind} dictionaries {sizes.toy_width} → "
                f"{sizes.toy_features}, batch {sizes.toy_batch}, {sizes.toy_steps} steps",
                "together": spread(times["together"]),
                "separate": spread(times["separate"]),
                "ratio": ratios(times["separate"], times["together"]),
            }
        )
    return found


def text(count: int) -> TokenStream:
    """Tokens without sense, in documents of a thousand: a matrix product does not mind."""
    tokens = np.random.default_rng(0).integers(0, 256, count).astype(np.uint8)
    return TokenStream(tokens, np.arange(0, count, 1000))


def harvesting(sizes: Sizes, precision: str) -> dict[str, Any]:
    """`harvest` to disk, against the forward passes that it cannot do without."""
    model = Transformer(sizes.model, seed=0).eval()
    site = f"blocks.{sizes.model.layers - 1}.resid_mid"
    context = sizes.model.context
    stream = text(2 * sizes.harvested + 4000)
    windows = torch.from_numpy(stream.tokens[: sizes.harvested].astype(np.int64)).view(-1, context)

    def passes(**until: Any) -> None:
        enabled = precision == "bf16"
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            for chunk in windows.split(sizes.windows):
                model(chunk, **until)

    def harvested() -> None:
        with tempfile.TemporaryDirectory() as folder:
            harvest(
                model, stream, site, Path(folder) / "store", vectors=sizes.harvested,
                context=context, device=CPU, precision=precision, batch=sizes.windows,
            )  # fmt: skip

    with quietly():
        bare = partial(passes, read=(site,), stop_at=site)
        times = in_turn({"harvest": harvested, "bare": bare, "logits": passes}, sizes.seconds)
    return {
        "title": f"{sizes.harvested:,} vectors of width {sizes.model.width}, {precision}",
        "harvest": spread(times["harvest"]),
        "bare": spread(times["bare"]),
        "with_logits": spread(times["logits"]),
        "ratio": ratios(times["harvest"], times["bare"]),
    }


def step_operations(config: TransformerConfig, windows: int) -> float:
    """Multiplications and additions of one training step: three passes over every weight matrix
    for each token, and the two products of attention, which are causal: half of them counts."""
    weights = config.layers * (
        4 * config.width**2 + (3 if config.mlp == "swiglu" else 2) * config.width * config.mlp_width
    )
    weights += config.vocab_size * config.width
    attention = config.layers * 2 * config.context * config.width / 2
    return 3 * 2 * (weights + attention) * windows * config.context


def language_model(sizes: Sizes, precision: str) -> dict[str, Any]:
    """Training steps of the language model, as a share of what matrix products reach here."""
    settings = TrainingSettings(steps=10**6, batch=sizes.windows)
    model = Transformer(sizes.model, seed=0).train()
    run = TrainingRun(model, settings, 0, CPU, precision, {})
    tokens = text(50_000).tokens
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    size = 2048 if sizes.seconds > 1 else 64
    a, b = (torch.randn(size, size, dtype=dtype) for _ in range(2))

    def product() -> Tensor:
        return a @ b

    with quietly():
        times = in_turn({"step": lambda: run.update(tokens), "product": product}, sizes.seconds / 2)
    operations = step_operations(sizes.model, sizes.windows)
    peak = [2 * size**3 / seconds / 1e9 for seconds in times["product"]]
    reached = [operations / seconds / 1e9 for seconds in times["step"]]
    return {
        "title": f"{sizes.model.layers} layers, width {sizes.model.width}, "
        f"{sizes.windows} x {sizes.model.context} tokens, {precision}",
        "step": spread(times["step"]),
        "gflops": spread(reached),
        "peak_gflops": spread(peak),
        "share": ratios(reached, peak),
        "profile": profile_of(lambda: run.update(tokens)),
    }


def profile_of(call: Callable[[], None]) -> list[dict[str, Any]]:
    """torch's operations by their share of a call's time, the largest first."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU]) as found:
        call()
    return largest_operations(found, 6)


def effect_of_precision(sizes: Sizes) -> dict[str, Any]:
    """The same dictionaries in fp32 and in bf16: explained variance on held-out vectors."""
    data = toy_vectors(sizes.effect_width)
    settings = FitSettings(steps=sizes.effect_steps, batch=512, warmup=20)
    found: dict[str, dict[str, list[float]]] = {}
    kinds: dict[str, Callable[[int], SparseAutoencoder]] = {
        "TopK": lambda s: TopK(sizes.effect_width, sizes.effect_features, 8, seed=s),
        "L1": lambda s: L1(sizes.effect_width, sizes.effect_features, 0.05, seed=s),
    }
    for kind, make in kinds.items():
        found[kind] = {"fp32": [], "bf16": []}
        for seed in range(sizes.seeds):
            for precision, values in found[kind].items():
                sae = make(seed)
                initialise(sae, data.sample(4000), seed=seed)
                with quietly():
                    fit(sae, data, settings, device=CPU, precision=precision)
                values.append(evaluate_sae(sae, data).explained_variance)
    return {
        "title": f"{sizes.effect_width} → {sizes.effect_features:,}, {sizes.effect_steps} steps",
        "seeds": sizes.seeds,
        "explained_variance": found,
        "product_speedup": product_speedup(CPU, "bf16"),
    }
