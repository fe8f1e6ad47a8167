#!/usr/bin/env bash
# dictionary-learning 0.1.0: a BatchTopK dictionary saved within its first 1,001 steps fires almost as
# a plain ReLU dictionary when it is read again, and nothing in the file or in the output says so.
#
# A good guess: the k in the file decides how many latents fire. Seen: `encode` uses a threshold unless
# told otherwise; the buffer holds -1 until step 1,001 (`threshold_start_step=1000`), and every positive
# pre-activation is larger than that. A quick trial run, or a checkpoint from early training, has
# several times k active latents, while the training log shows exactly k.
# Output seen (k 4, 64 latents):
#   after step   50: threshold -1.0000, L0 31.7 as read, 4.0 in training
#   after step 1000: threshold -1.0000, L0 15.8 as read, 4.0 in training
#   after step 1001: threshold  0.1886, L0  4.6 as read, 4.0 in training
# What to do with it: look at the threshold before comparing early checkpoints; below zero means "not set".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 dictionary-learning==0.1.0
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from dictionary_learning.trainers.batch_top_k import BatchTopKTrainer

K, BATCH = 4, 256
torch.manual_seed(0)
truth = torch.nn.functional.normalize(torch.randn(32, 16), dim=1)


def vectors():
    return ((torch.rand(BATCH, 32) < 0.1) * torch.rand(BATCH, 32)) @ truth


trainer = BatchTopKTrainer(
    steps=2000, activation_dim=16, dict_size=64, k=K, layer=0, lm_name="none", device="cpu", seed=0,
    decay_start=1500,
)
seen = {}
for step in range(1002):
    trainer.update(step, vectors())
    if step in (50, 1000, 1001):
        x = vectors()
        read = float((trainer.ae.encode(x) > 0).float().sum(1).mean())
        trained = float((trainer.ae.encode(x, use_threshold=False) > 0).float().sum(1).mean())
        threshold = float(trainer.ae.threshold)
        seen[step] = (threshold, read, trained)
        print(f"after step {step:4}: threshold {threshold:7.4f}, L0 {read:4.1f} as read, "
              f"{trained:.1f} in training")

as_described = (
    all(seen[step][0] == -1 and seen[step][1] > 2 * K for step in (50, 1000))
    and seen[1001][0] > 0
    and seen[1001][1] < 1.5 * K
)
sys.exit(0 if as_described else 1)
PYTHON
