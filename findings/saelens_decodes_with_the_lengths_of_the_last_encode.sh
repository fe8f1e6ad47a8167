#!/usr/bin/env bash
# sae-lens 6.54.0: with `normalize_activations` "layer_norm" or "constant_norm_rescale", what `decode` makes
# of codes depends on which vectors were encoded last.
#
# A good guess: decoding is a function of the codes; whoever keeps the codes of one text, encodes another,
# and decodes the first (patching, steering, a cache of codes) gets the first text back, or an error.
# Seen: `encode` leaves the lengths of its vectors in the object, and the next `decode` takes them out. Codes
# of a batch are given the lengths of another one without a word if the shapes fit. The reconstruction is
# then worse than the mean. A `decode` that follows no `encode` fails, and so seems guarded.
# Output seen (unexplained variance of vectors whose lengths differ as e^N(0, 1)):
#   none                  decoded at once 0.0028, after another encode 0.0028
#   layer_norm            decoded at once 0.0028, after another encode 1.4206
#   constant_norm_rescale decoded at once 0.0025, after another encode 1.3875
# What to do with it: encode the vectors whose lengths are meant right before decoding changed codes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 sae-lens==6.54.0
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from sae_lens import StandardTrainingSAE, StandardTrainingSAEConfig
from sae_lens.saes.sae import TrainStepInput

torch.manual_seed(0)
truth = torch.nn.functional.normalize(torch.randn(32, 16), dim=1)


def vectors(rows=256):
    """Of lengths that differ, as those of words do."""
    codes = (torch.rand(rows, 32) < 0.1) * torch.rand(rows, 32)
    return (codes @ truth + 0.1 * torch.randn(rows, 16)) * torch.exp(torch.randn(rows, 1))


def unexplained(x, x_hat):
    return float((x - x_hat).square().sum() / (x - x.mean(0)).square().sum())


seen = {}
for kind in ("none", "layer_norm", "constant_norm_rescale"):
    torch.manual_seed(1)
    sae = StandardTrainingSAE(StandardTrainingSAEConfig(
        d_in=16, d_sae=64, normalize_activations=kind, l1_coefficient=0.0
    ))
    optimiser = torch.optim.Adam(sae.parameters(), 3e-3)
    for step in range(600):
        given = TrainStepInput(
            sae_in=vectors(), coefficients={"l1": 0.0}, dead_neuron_mask=None, n_training_steps=step,
            is_logging_step=False,
        )
        optimiser.zero_grad()
        sae.training_forward_pass(given).loss.backward()
        optimiser.step()
    with torch.no_grad():
        first, second = vectors(), vectors()
        at_once = unexplained(first, sae.decode(sae.encode(first)))
        codes, _ = sae.encode(first), sae.encode(second)
        later = unexplained(first, sae.decode(codes))
    seen[kind] = at_once, later
    print(f"{kind:21} decoded at once {at_once:.4f}, after another encode {later:.4f}")

as_described = seen["none"][0] == seen["none"][1] and all(
    seen[kind][1] > 5 * seen[kind][0] for kind in ("layer_norm", "constant_norm_rescale")
)
sys.exit(0 if as_described else 1)
PYTHON
