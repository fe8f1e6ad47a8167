#!/usr/bin/env bash
# sae-lens 6.54.0: a BatchTopK dictionary that trained for less than some hundred steps is exported as a
# JumpReLU dictionary with several times its L0, up to ten times.
#
# A good guess: the exported threshold is what separates the k largest from the rest at that moment.
# Seen: it is a moving average with rate .01 that starts at 0 and is not corrected for that start, so
# after n steps it stands at about 1 - .99^n of its value: 1% after one step, 40% after 50. The training
# object itself has exactly k all the time, because it uses no threshold.
# Output seen (k 4, 64 latents):
#   after    1 steps: threshold 0.0000, L0 34.0 exported, 4.0 in training
#   after   50 steps: threshold 0.0092, L0 41.5 exported, 4.0 in training
#   after  200 steps: threshold 0.1386, L0 10.6 exported, 4.0 in training
#   after 1000 steps: threshold 0.2065, L0  3.9 exported, 4.0 in training
# The library of the sibling note (dictionary-learning) has the same symptom from another cause: there
# the threshold is -1 until step 1,001 and right at once afterwards.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 sae-lens==6.54.0
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import torch
from sae_lens import SAE, BatchTopKTrainingSAE, BatchTopKTrainingSAEConfig
from sae_lens.saes.sae import TrainStepInput

K, BATCH = 4, 256
torch.manual_seed(0)
truth = torch.nn.functional.normalize(torch.randn(32, 16), dim=1)


def vectors():
    return ((torch.rand(BATCH, 32) < 0.1) * torch.rand(BATCH, 32)) @ truth


sae = BatchTopKTrainingSAE(BatchTopKTrainingSAEConfig(d_in=16, d_sae=64, k=K))
optimiser = torch.optim.Adam(sae.parameters(), 1e-3)
seen, done = {}, 0
for steps in (1, 50, 200, 1000):
    for step in range(done, steps):
        given = TrainStepInput(
            sae_in=vectors(), coefficients={}, dead_neuron_mask=None, n_training_steps=step,
            is_logging_step=False,
        )
        optimiser.zero_grad()
        sae.training_forward_pass(given).loss.backward()
        optimiser.step()
    done = steps
    path = f"{sys.argv[1]}/after-{steps}"
    sae.save_inference_model(path)
    exported = SAE.load_from_disk(path)
    x = vectors()
    counts = [float((one.encode(x) > 0).float().sum(1).mean()) for one in (exported, sae)]
    seen[steps] = counts
    print(f"after {steps:4} steps: threshold {float(exported.threshold[0]):.4f}, "
          f"L0 {counts[0]:4.1f} exported, {counts[1]:.1f} in training")

as_described = (
    all(seen[steps][0] > 2 * K for steps in (1, 50, 200))
    and seen[1000][0] < 1.5 * K
    and all(abs(trained - K) < 0.1 for _, trained in seen.values())
)
sys.exit(0 if as_described else 1)
PYTHON
