#!/usr/bin/env bash
# eai-sparsify 1.3.3 written, sae-lens 6.54.0 read (`load_from_disk` with its `sparsify_disk_loader`): the
# reader for these folders reads none of them right.
#
# A good guess: a converter named after the writer gives the writer's dictionary.
# Seen: the file holds `W_dec` as latents x width, which is what sae-lens wants, and the reader transposes it.
# With more latents than dimensions that is an error; with as many, the load passes and directions are mixed
# up. Who turns `W_dec` in the file beforehand has a dictionary that loads, and is wrong again: `b_dec` is not
# subtracted before encoding when `normalize_decoder` is set (the default), and sparsify always does.
# Output seen:
#   unexplained variance                         64 latents     16 latents (as many as dimensions)
#   sparsify itself                                  0.2707         0.3990
#   as read                                   size mismatch         4.4898
#   W_dec turned                                     5.1781         3.3434
#   W_dec turned, apply_b_dec_to_input=True          0.2707         0.3990
# What to do with it: give the reader a copy with `W_dec` turned, and apply_b_dec_to_input as an override.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 sae-lens==6.54.0 eai-sparsify==1.3.3
# Not needed here, and one that was built for another torch keeps transformers from importing.
"$folder/venv/bin/pip" uninstall -q -y torchvision || true
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import torch
from sae_lens import SAE
from sae_lens.loading.pretrained_sae_loaders import sparsify_disk_loader
from safetensors.torch import load_file, save_file
from sparsify import SparseCoder, SparseCoderConfig

torch.manual_seed(0)
truth = torch.nn.functional.normalize(torch.randn(32, 16), dim=1)
offset = torch.randn(16)


def vectors():
    return ((torch.rand(256, 32) < 0.1) * torch.rand(256, 32)) @ truth + offset


def unexplained(x, x_hat):
    return float((x_hat - x).square().sum() / (x - x.mean(0)).square().sum())


def trained(latents):
    coder = SparseCoder(16, SparseCoderConfig(num_latents=latents, k=4))
    coder.b_dec.data = vectors().mean(0)
    optimiser = torch.optim.Adam(coder.parameters(), 1e-3)
    for _ in range(150):
        coder.set_decoder_norm_to_unit_norm()
        optimiser.zero_grad()
        coder(vectors()).fvu.backward()
        optimiser.step()
    return coder


def as_read(folder, **overrides):
    try:
        return SAE.load_from_disk(
            folder, converter=lambda path, device, cfg_overrides=None: sparsify_disk_loader(
                path, device, {"dtype": "float32", **overrides}
            ),
        )
    except RuntimeError as error:
        return str(error).strip().splitlines()[-1].strip()


seen = {}
x = vectors()
with torch.no_grad():
    print("unexplained variance")
    for latents in (64, 16):
        with torch.enable_grad():
            coder = trained(latents)
        folder = Path(sys.argv[1]) / f"{latents}" / "layers.0"
        coder.save_to_disk(folder)
        seen[latents, "own"] = unexplained(x, coder(x).sae_out)
        read = as_read(folder)
        seen[latents, "read"] = read if isinstance(read, str) else unexplained(x, read(x))
        weights = load_file(folder / "sae.safetensors")
        weights["W_dec"] = weights["W_dec"].T.contiguous()
        save_file(weights, folder / "sae.safetensors")
        seen[latents, "turned"] = unexplained(x, as_read(folder)(x))
        seen[latents, "both"] = unexplained(x, as_read(folder, apply_b_dec_to_input=True)(x))
        for name in ("own", "read", "turned", "both"):
            value = seen[latents, name]
            print(f"  {latents} latents, {name:7}", value if isinstance(value, str) else f"{value:.4f}")

as_described = (
    "size mismatch" in str(seen[64, "read"])
    and seen[16, "read"] > 2 * seen[16, "own"]
    and all(seen[n, "turned"] > 2 * seen[n, "own"] for n in (64, 16))
    and all(abs(seen[n, "both"] - seen[n, "own"]) < 1e-3 for n in (64, 16))
)
sys.exit(0 if as_described else 1)
PYTHON
