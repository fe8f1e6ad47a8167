"""The same numbers in other libraries: explained variance, L0, dead features, loss recovered.

`python -m benchmarks.same_numbers --extra FOLDER` writes `same_numbers.json` for the book's page.
FOLDER holds sae-bench, whose own requirements are not needed for this:
`pip install --no-deps --target FOLDER sae-bench==0.6.0 tabulate`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from benchmarks import peers
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import root
from lib.sae.autoencoders import TopK
from lib.sae.metrics import evaluate_sae
from lib.sae.splicing import Splice

RECORDED = Path("benchmarks") / "same_numbers.json"
LOSSES = ("without_sae", "with_sae", "with_ablation")
SEQUENCES, LENGTH, D, F, K = 8, 64, 16, 64, 4


def cases() -> dict[str, dict[str, Tensor]]:
    """Vectors [8, 64, 16] made of few directions, and a TopK dictionary near these directions; then
    the same with one thing changed, which the numbers should follow or not mind."""
    g = torch.Generator().manual_seed(0)
    rows = torch.nn.functional.normalize(torch.randn(F, D, generator=g), dim=1)
    shape = (SEQUENCES, LENGTH, F)
    strength = (torch.rand(shape, generator=g) < 4 / F) * (0.5 + torch.rand(shape, generator=g))
    level = torch.randn(SEQUENCES, 1, D, generator=g)  # so that sequences differ in their means
    x = strength @ rows + 0.3 * level + 0.1 * torch.randn(SEQUENCES, LENGTH, D, generator=g)
    b_dec = x.mean((0, 1))
    b_enc = torch.full((F,), -0.1)
    b_enc[:8] = -10.0  # eight features that never fire
    plain = {"x": x, "W_enc": rows.t().contiguous(), "b_enc": b_enc, "W_dec": rows, "b_dec": b_dec}
    error = 0.5 * torch.ones(D)
    found = {
        "plain": plain,
        "constant error": plain | {"b_dec": b_dec + error, "b_enc": b_enc + error @ plain["W_enc"]},
        "few active": plain | {"b_enc": b_enc - 0.8},
        "far from zero": plain | {"x": x + 30, "b_dec": b_dec + 30},
        "bfloat16": {name: value.bfloat16() for name, value in plain.items()},
    }
    for name, scale in (("units of 1/1,000", 1e3), ("units of 1,000", 1e-3), ("tiny units", 1e-6)):
        scaled = {key: scale * plain[key] for key in ("x", "b_enc", "b_dec")}
        found[name] = plain | scaled
    return found


@torch.no_grad()
def ours(case: dict[str, Tensor], batches: int) -> dict[str, Any]:
    """What this book's own evaluation says."""
    sae = TopK(D, F, K).to(case["x"].dtype)
    sae.load_state_dict({name: value for name, value in case.items() if name != "x"})
    found = evaluate_sae(sae, [piece.flatten(0, 1) for piece in case["x"].chunk(batches)])
    return {"explained": found.explained_variance, "l0": found.l0, "dead": found.dead}


def measured(python: Path, extra: Path) -> dict[str, Any]:
    """Every case in every library."""
    made = cases()
    with tempfile.TemporaryDirectory() as folder:
        flat = {f"{case}.{name}": value.clone() for case, named in made.items()
                for name, value in named.items()}  # fmt: skip
        save_file(flat, Path(folder) / "cases.safetensors")
        program = Path(__file__).with_name("peer_numbers.py")
        subprocess.run([str(python), str(program), folder], check=True,
                       env=os.environ | {"PYTHONPATH": str(extra)})  # fmt: skip
        record = json.loads((Path(folder) / "peers.json").read_text(encoding="utf-8"))
    for case, named in made.items():
        for batches in (1, SEQUENCES):
            row = {"case": case, "batches": batches, "library": "this book"}
            record["rows"].append(row | ours(named, batches))
    order = list(made)
    record["rows"].sort(key=lambda row: order.index(row["case"]))
    for kinds in record["losses"].values():
        # Where nothing matters the others have no losses to tell, and all three are the same.
        losses = [kinds["sae-lens"].get(f"ce_loss_{name}", 1.0) for name in LOSSES]
        kinds["this book"] = {"ce_loss_score": Splice(*losses, 0.0, 0.0, 0.0, 0.0, 1).recovered}
    return json.loads(json.dumps(record), parse_constant=lambda name: name)


def main() -> None:
    """Measures and records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, help="an interpreter that has the other libraries")
    parser.add_argument("--extra", type=Path, required=True, help="the folder with sae-bench")
    options = parser.parse_args()
    python = options.python or peers.interpreter("sae-lens")
    if python is None:
        raise UserError("the other libraries are missing: python -m lib bench --install")
    record = measured(python, options.extra)
    write_atomically(root() / RECORDED, json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
