#!/usr/bin/env bash
# eai-sparsify 1.3.3: two of the three losses of a SparseCoder never reach its encoder.
#
# A good guess: AuxK revives dead latents because its gradient reaches their encoder rows, as in the paper
# that introduced it (Gao et al. 2024), and Multi-TopK trains the same encoder at 4k.
# Seen: `encode` runs one autograd Function that returns the top values, their indices and all
# pre-activations, and gives a gradient for the top values alone. AuxK and Multi-TopK pick from the
# pre-activations, so only the decoder learns from them. A dead latent's encoder row can then be
# moved by nothing but a first lucky place among the top k.
# Output seen (gradient's summed size):
#   fvu            encoder  1.0359  decoder  1.8148
#   auxk_loss      encoder  0.0000  decoder  4.4047
#   multi_topk_fvu encoder  0.0000  decoder  9.5427
# What to do with it: read dead latents of such a dictionary as an effect of training, not of the data.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 eai-sparsify==1.3.3
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from sparsify import SparseCoder, SparseCoderConfig

torch.manual_seed(0)
coder = SparseCoder(16, SparseCoderConfig(num_latents=64, k=4, multi_topk=True), device="cpu")
x = torch.randn(256, 16)
dead = torch.zeros(64, dtype=torch.bool)
dead[:32] = True

sizes = {}
for name in ("fvu", "auxk_loss", "multi_topk_fvu"):
    coder.zero_grad()
    getattr(coder(x, dead_mask=dead), name).backward()
    encoder = float(coder.encoder.weight.grad.abs().sum())
    decoder = float(coder.W_dec.grad.abs().sum())
    sizes[name] = (encoder, decoder)
    print(f"{name:14} encoder {encoder:7.4f}  decoder {decoder:7.4f}")

as_described = sizes["fvu"][0] > 0 and all(
    encoder == 0 and decoder > 0 for encoder, decoder in (sizes["auxk_loss"], sizes["multi_topk_fvu"])
)
sys.exit(0 if as_described else 1)
PYTHON
