"""Dictionaries that other libraries write, read here and compared.

`python -m benchmarks.dictionaries` writes `dictionaries.json` for the book's page, and small copies
for the tests with `--keep`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from benchmarks import peers
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import root
from lib.sae.interchange import load_dictionary

RECORDED = Path("benchmarks") / "dictionaries.json"
KEPT = Path("tests") / "sae" / "dictionaries"
LIBRARIES = ("sae-lens", "dictionary-learning", "eai-sparsify")


def run_peers(*arguments: str, python: Path | None = None) -> None:
    """Runs `peer_dictionaries.py` where the libraries are.

    Raises:
        UserError: they are not installed.
    """
    python = python or peers.interpreter(LIBRARIES[0])
    if python is None:
        raise UserError("the other libraries are missing: python -m lib bench --install")
    program = Path(__file__).with_name("peer_dictionaries.py")
    subprocess.run([str(python), str(program), *arguments], check=True)


@torch.no_grad()
def compare(folder: Path) -> list[dict[str, Any]]:
    """What each dictionary in a folder is read as, and how far codes and outputs are from what
    its own library makes of the same vectors."""
    expected, rows = load_file(folder / "expected.safetensors"), []
    x = expected["x"]
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        found = load_dictionary(path)
        codes = found.sae.encode(x)
        theirs = expected[f"{path.name}.codes"], expected[f"{path.name}.x_hat"]
        apart = [
            (a - b).abs().max().item() for a, b in zip((codes, found.sae(x)), theirs, strict=True)
        ]
        rows.append({
            "name": path.name, "kind": found.kind, "ours": type(found.sae).__name__,
            "l0": [(c > 0).sum(1).float().mean().item() for c in (theirs[0], codes)],
            "codes": apart[0], "x_hat": apart[1], "largest": theirs[0].max().item(),
            "notes": found.notes(),
        })  # fmt: skip
    return rows


def keep(folder: Path, target: Path) -> None:
    """Small copies for the tests: equal files once, under their checksums, and an index."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    index: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/*")):
        content = path.read_bytes()
        name = f"{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
        (target / name).write_bytes(content)
        index.setdefault(path.parent.name, {})[path.name] = name
    shutil.copyfile(folder / "expected.safetensors", target / "expected.safetensors")
    write_atomically(target / "index.json", json.dumps(index, indent=1) + "\n")


def unpack(kept: Path, folder: Path) -> None:
    """The folders that `keep` has made copies of."""
    for name, files in json.loads((kept / "index.json").read_text(encoding="utf-8")).items():
        (folder / name).mkdir(parents=True)
        for file, copy in files.items():
            shutil.copyfile(kept / copy, folder / name / file)
    shutil.copyfile(kept / "expected.safetensors", folder / "expected.safetensors")


def main() -> None:
    """Writes, reads, compares, records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, help="an interpreter that has the other libraries")
    parser.add_argument("--keep", action="store_true", help=f"copies for the tests, in {KEPT}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        run_peers("write", made, python=options.python)
        versions = {name: peers.pinned()[name] for name in LIBRARIES}
        record = {"versions": versions, "rows": compare(Path(made))}
        if options.keep:
            keep(Path(made), root() / KEPT)
    write_atomically(root() / RECORDED, json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
