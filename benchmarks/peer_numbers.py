"""Metrics of other libraries on one dictionary; runs in the interpreter of the peers.

    python benchmarks/peer_numbers.py FOLDER

FOLDER holds `cases.safetensors` (for each case `x` [N, T, D], N sequences of T vectors, and the
four tensors of a TopK dictionary) and gets `peers.json`. Each library's own evaluation is called;
where it wants a language model, the smallest thing that it accepts stands in its place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from safetensors.torch import load_file

K = 4
Weights = dict[str, torch.Tensor]


class Source:
    """In the place of a model and its store: tokens are numbers of sequences."""

    def __init__(self, x: torch.Tensor) -> None:
        self.x, self.read = x, 0

    def get_batch_tokens(self, rows: int) -> torch.Tensor:
        self.read += rows
        return torch.arange(self.read - rows, self.read)[:, None].expand(-1, self.x.shape[1])

    def run_with_cache(self, tokens: torch.Tensor, **_: Any) -> tuple[None, dict[str, Any]]:
        return None, {"site": self.x[tokens[:, 0]]}


def of_saelens(evaluate: Callable, x: torch.Tensor, w: Weights, batches: int) -> dict[str, Any]:
    """SAELens, or sae-bench, whose evaluation began as SAELens's."""
    from sae_lens.training.activation_scaler import ActivationScaler

    sae, source = saelens_topk(w), Source(x)
    features = sae.cfg.d_sae
    scaler: tuple = (ActivationScaler(),)
    if "sae_bench" in evaluate.__module__:
        config = SimpleNamespace(hook_name="site", hook_head_index=None, hook_layer=0,
                                 d_sae=features)  # fmt: skip
        sae = SimpleNamespace(cfg=config, device="cpu", encode=sae.encode, decode=sae.decode)
        scaler = ()
    found, by_feature = evaluate(
        sae, source, source, *scaler, n_batches=batches, compute_l2_norms=False,
        compute_sparsity_metrics=True, compute_variance_metrics=True,
        compute_featurewise_density_statistics=True, eval_batch_size_prompts=len(x) // batches,
        model_kwargs={},
    )  # fmt: skip
    densities = by_feature["feature_density"]
    dead = sum(density == 0 for density in densities)
    return {"explained": found["explained_variance"], "l0": found["l0"], "dead": dead}


def saelens(x: torch.Tensor, w: Weights, batches: int) -> dict[str, Any]:
    from sae_lens.evals import get_sparsity_and_variance_metrics

    return of_saelens(get_sparsity_and_variance_metrics, x, w, batches)


def sae_bench(x: torch.Tensor, w: Weights, batches: int) -> dict[str, Any]:
    from sae_bench.evals.core.main import get_sparsity_and_variance_metrics

    return of_saelens(get_sparsity_and_variance_metrics, x, w, batches)


def saelens_topk(w: Weights) -> Any:
    import sae_lens as sl

    features, width = w["W_dec"].shape
    config = sl.TopKSAEConfig(
        d_in=width, d_sae=features, k=K, dtype=str(w["W_dec"].dtype).removeprefix("torch."),
        metadata=sl.saes.sae.SAEMetadata(hook_name="site"),
    )  # fmt: skip
    sae = sl.TopKSAE(config)
    sae.load_state_dict(w)
    return sae


def dictionary_learning(
    x: torch.Tensor, w: Weights, batches: int, flat: bool = True
) -> dict[str, Any]:
    from dictionary_learning.evaluation import evaluate
    from dictionary_learning.trainers.top_k import AutoEncoderTopK

    features, width = w["W_dec"].shape
    sae = AutoEncoderTopK(width, features, K).to(x.dtype)
    for name, value in (("encoder.weight", w["W_enc"].T), ("encoder.bias", w["b_enc"]),
                        ("decoder.weight", w["W_dec"].T), ("b_dec", w["b_dec"])):  # fmt: skip
        sae.get_parameter(name).copy_(value)
    pieces = (piece.flatten(0, 1) if flat else piece for piece in x.chunk(batches))
    found = evaluate(sae, pieces, n_batches=batches)
    dead = round(features * (1 - found["frac_alive"]))
    return {"explained": found["frac_variance_explained"], "l0": found["l0"], "dead": dead}


def sparsify(x: torch.Tensor, w: Weights, batches: int) -> dict[str, Any]:
    """It has no evaluation: what its trainer counts and averages."""
    from sparsify import SparseCoder, SparseCoderConfig

    features, width = w["W_dec"].shape
    coder = SparseCoder(width, SparseCoderConfig(num_latents=features, k=K), dtype=x.dtype)
    for name, value in (("encoder.weight", w["W_enc"].T), ("encoder.bias", w["b_enc"]),
                        ("W_dec", w["W_dec"]), ("b_dec", w["b_dec"])):  # fmt: skip
        coder.get_parameter(name).copy_(value)
    found = [coder(piece.flatten(0, 1)) for piece in x.chunk(batches)]
    fired = torch.cat([one.latent_indices.flatten() for one in found]).unique()
    fvu = sum(float(one.fvu) for one in found) / batches
    return {"explained": 1 - fvu, "l0": None, "dead": features - len(fired)}


def losses(useful: bool) -> dict[str, Any]:
    """Loss recovered in SAELens and sae-bench, on a transformer of one layer with random weights,
    and on one whose logits are all zero, so that no site matters."""
    import sae_lens as sl
    from sae_bench.evals.core import main as bench
    from sae_lens import evals
    from sae_lens.training.activation_scaler import ActivationScaler
    from transformer_lens import HookedTransformer, HookedTransformerConfig

    torch.manual_seed(0)
    model = HookedTransformer(HookedTransformerConfig(
        n_layers=1, d_model=16, n_ctx=32, d_head=8, n_heads=2, d_vocab=30, act_fn="relu", seed=0,
        device="cpu",
    ))  # fmt: skip
    if not useful:
        model.unembed.W_U.zero_()
    site = "blocks.0.hook_resid_post"
    metadata = sl.saes.sae.SAEMetadata(hook_name=site, model_name="none")
    sae = sl.TopKSAE(sl.TopKSAEConfig(d_in=16, d_sae=64, k=K, metadata=metadata))
    tokens = torch.randint(30, (8, 32), generator=torch.Generator().manual_seed(1))
    store = SimpleNamespace(get_batch_tokens=lambda rows: tokens)
    options = {"compute_kl": False, "compute_ce_loss": True, "n_batches": 1,
               "eval_batch_size_prompts": 8}  # fmt: skip
    config = SimpleNamespace(hook_name=site, hook_head_index=None, hook_layer=0)
    other = SimpleNamespace(cfg=config, device="cpu", encode=sae.encode, decode=sae.decode)
    store.normalize_activations = "none"
    calls = {
        "sae-lens": lambda: evals.get_downstream_reconstruction_metrics(
            sae, model, store, ActivationScaler(), **options
        ),
        "sae-bench": lambda: bench.get_downstream_reconstruction_metrics(
            other, model, store, **options
        ),
    }
    found = {}
    for name, call in calls.items():
        try:
            found[name] = call()
        except ZeroDivisionError as error:
            found[name] = {"ce_loss_score": type(error).__name__}
    return found


@torch.no_grad()
def main(folder: Path) -> None:
    tensors = load_file(folder / "cases.safetensors")
    cases: dict[str, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        case, _, name = key.partition(".")
        cases.setdefault(case, {})[name] = value
    rows = []
    for case, named in cases.items():
        w = {name: value for name, value in named.items() if name != "x"}
        for batches in (1, len(named["x"])):
            for name, evaluate in (("sae-lens", saelens), ("sae-bench", sae_bench),
                                   ("dictionary-learning", dictionary_learning),
                                   ("eai-sparsify", sparsify)):  # fmt: skip
                rows.append({"case": case, "batches": batches, "library": name,
                             **evaluate(named["x"], w, batches)})  # fmt: skip
    plain = cases["plain"]
    w = {name: value for name, value in plain.items() if name != "x"}
    sequences = dictionary_learning(plain["x"], w, len(plain["x"]), flat=False)
    recovered = {str(useful).lower(): losses(useful) for useful in (True, False)}
    names = ("sae-lens", "sae-bench", "dictionary-learning", "eai-sparsify")
    (folder / "peers.json").write_text(json.dumps({
        "versions": {name: version(name) for name in names}, "rows": rows,
        "sequences": sequences, "losses": recovered,
    }))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
