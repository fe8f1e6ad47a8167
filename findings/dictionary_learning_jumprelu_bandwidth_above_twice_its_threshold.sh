#!/usr/bin/env bash
# dictionary-learning 0.1.0 beside sae-lens 6.54.0: what the sparsity penalty tells the thresholds of a
# JumpReLU dictionary grows 600 times when the bandwidth passes twice the threshold.
#
# A good guess: the bandwidth of the straight-through estimate only smooths. It averages the density of the
# pre-activations around the threshold over a wider or a narrower window, so that the gradient of L0 stays
# about where it is, and both libraries, which follow the same paper, agree. sae-lens does what is expected.
# Seen: dictionary-learning takes the step of the codes that the threshold has already cut, not of the
# pre-activations. A latent just below its threshold is at 0 by then, outside of the window: half of the
# density is missing at any threshold. Once half the bandwidth exceeds the threshold, that 0 is inside, and
# every silent latent of every vector pushes its threshold up, however far below it is. Thresholds start
# at .001 and the bandwidth's default is .001, so .0021 is enough, or thresholds that sink below .0005.
# Output seen (change of L0 with the threshold, summed over 64 latents; "counted" needs no estimate):
#   threshold bandwidth   L0   counted  sae-lens  dictionary-learning
#       0.001    0.0010 32.0     -25.2     -23.9                -13.2
#       0.001    0.0019 32.0     -25.2     -25.3                -13.1
#       0.001    0.0021 32.0     -25.2     -25.5             -15237.0
#       0.001    0.0100 32.0     -25.2     -25.9              -3209.5
#       0.500    0.0100 19.8     -22.6     -23.5                -11.6
#       0.500    0.1000 19.8     -22.6     -22.6                -11.2
# What to do with it: a sparsity coefficient of one library is not one for the other, and in this one a
# search over bandwidths meets a cliff: stay below twice the smallest threshold.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 sae-lens==6.54.0 dictionary-learning==0.1.0
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from dictionary_learning.trainers.jumprelu import JumpReluTrainer
from sae_lens import JumpReLUTrainingSAE, JumpReLUTrainingSAEConfig
from sae_lens.saes.sae import TrainStepInput

torch.manual_seed(0)
x = torch.randn(4096, 16, dtype=torch.float64)
directions = torch.nn.functional.normalize(torch.randn(64, 16, dtype=torch.float64), dim=1)
pre = x @ directions.T


def counted(threshold, half=0.02):
    """What L0 loses when the threshold grows, from the pre-activations themselves."""
    return -float(((pre - threshold).abs() < half).double().sum(1).mean()) / (2 * half)


def sae_lens(threshold, bandwidth):
    sae = JumpReLUTrainingSAE(JumpReLUTrainingSAEConfig(
        d_in=16, d_sae=64, dtype="float64", jumprelu_init_threshold=threshold, jumprelu_bandwidth=bandwidth,
    ))
    sae.W_enc.data = directions.T.clone()
    given = TrainStepInput(
        sae_in=x, coefficients={"l0": 1.0}, dead_neuron_mask=None, n_training_steps=0, is_logging_step=False,
    )
    sae.training_forward_pass(given).losses["l0_loss"].backward()
    return float(sae.threshold.grad.sum())


def dictionary_learning(threshold, bandwidth):
    trainer = JumpReluTrainer(
        steps=2000, activation_dim=16, dict_size=64, layer=0, lm_name="none", bandwidth=bandwidth,
        sparsity_warmup_steps=None, target_l0=1.0,
    )
    ae = trainer.ae.double()
    ae.W_enc.data = directions.T.clone()
    ae.threshold.data.fill_(threshold)
    found = []
    for trainer.sparsity_coefficient in (1.0, 0.0):
        ae.zero_grad()
        trainer.loss(x, step=0).backward()
        found.append(float(ae.threshold.grad.sum()))
    # Its penalty is (L0 / target - 1)^2, and the target is 1.
    l0 = float((ae.encode(x) > 0).double().sum(1).mean())
    return l0, (found[0] - found[1]) / (2 * (l0 - 1))


seen = {}
print("threshold bandwidth   L0   counted  sae-lens  dictionary-learning")
for case in ((1e-3, 1e-3), (1e-3, 1.9e-3), (1e-3, 2.1e-3), (1e-3, 1e-2), (0.5, 1e-2), (0.5, 1e-1)):
    l0, learned = dictionary_learning(*case)
    true, lens = counted(case[0]), sae_lens(*case)
    seen[case] = learned / true, lens / true
    print(f"{case[0]:9.3f} {case[1]:9.4f} {l0:4.1f} {true:9.1f} {lens:9.1f} {learned:20.1f}")

below = [case for case in seen if case[1] < 2 * case[0]]
above = [case for case in seen if case[1] > 2 * case[0]]
as_described = (
    all(0.8 < lens < 1.25 for _, lens in seen.values())
    and all(0.4 < seen[case][0] < 0.6 for case in below)
    and all(seen[case][0] > 50 for case in above)
)
sys.exit(0 if as_described else 1)
PYTHON
