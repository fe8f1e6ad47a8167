#!/usr/bin/env bash
# sae-bench 0.6.0: `explained_variance` changes with the units of the activations, and passes 1.
#
# A good guess: a share of variance has no unit, so that multiplying activations (and the dictionary with
# them) by a constant leaves it. Seen: the total variance is taken as E|x|^2 minus the square of the mean
# squared entry, (E x_i^2)^2, where E|x|^2 - |E x|^2 is meant. The second term is of fourth power in x: for
# small vectors it vanishes, and variance is counted from zero in place of the mean; for large ones, or
# ones far from zero, it outgrows the first, and the number comes out near 1 or above.
# SAELens 6.54.0, from which the function comes, has mended its own, but falls over at the other end: with a
# whole variance below 1e-10 it answers 1 for any dictionary whose error is as small, and 0 otherwise.
# Output seen (one dictionary that explains 0.50 of the variance in any unit):
#   unit   sae-bench   sae-lens
#   1e+02     1.0008     0.5000
#   1e+00     0.4697     0.5000
#   1e-02     0.5036     0.5000
#   1e-06     0.5036     1.0000
# What to do with it: bring activations to unit variance before reporting either number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 sae-lens==6.54.0
# Its own requirements ask for a numpy and a datasets of before those of sae-lens; the function needs none.
"$folder/venv/bin/pip" install -q --no-deps sae-bench==0.6.0 tabulate
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from types import SimpleNamespace

import torch
from sae_bench.evals.core.main import get_sparsity_and_variance_metrics
from sae_lens.evals import ExplainedVarianceCalculator

torch.manual_seed(0)
vectors = torch.randn(4, 256, 16, dtype=torch.float64) + 0.1
# An error of half the variance, on average zero.
error = torch.randn_like(vectors)
error -= error.mean((0, 1))
centred = vectors - vectors.mean((0, 1))
error *= (0.5 * centred.square().sum() / error.square().sum()).sqrt()


def sae_bench(x, x_hat):
    config = SimpleNamespace(hook_name="site", hook_head_index=None, hook_layer=0, d_sae=16)
    sae = SimpleNamespace(cfg=config, device="cpu", encode=lambda x: x, decode=lambda codes: x_hat)
    store = SimpleNamespace(get_batch_tokens=lambda rows: torch.zeros(x.shape[:2], dtype=torch.long))
    model = SimpleNamespace(run_with_cache=lambda tokens, **_: (None, {"site": x}))
    found, _ = get_sparsity_and_variance_metrics(
        sae, model, store, n_batches=1, compute_l2_norms=False, compute_sparsity_metrics=False,
        compute_variance_metrics=True, compute_featurewise_density_statistics=True,
        eval_batch_size_prompts=4, model_kwargs={},
    )
    return found["explained_variance"]


def sae_lens(x, x_hat):
    stream = ExplainedVarianceCalculator()
    stream.add_batch(x_hat.flatten(0, 1), x.flatten(0, 1))
    return stream.compute()


seen = {}
print("unit   sae-bench   sae-lens")
for unit in (1e2, 1.0, 1e-2, 1e-6):
    x, x_hat = unit * vectors, unit * (vectors - error)
    seen[unit] = sae_bench(x, x_hat), sae_lens(x, x_hat)
    print(f"{unit:.0e}  {seen[unit][0]:9.4f}  {seen[unit][1]:9.4f}")

as_described = (
    seen[1e2][0] > 1
    and abs(seen[1.0][0] - seen[1e-2][0]) > 0.02
    and all(abs(seen[unit][1] - 0.5) < 1e-3 for unit in (1e2, 1.0, 1e-2))
    and seen[1e-6][1] == 1.0
)
sys.exit(0 if as_described else 1)
PYTHON
