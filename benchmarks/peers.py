"""The other libraries: an optional extra in an environment of its own, `.cache/peers`.

They bring a hundred packages that the book does not need, so they never enter `.venv`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from lib.core.paths import cache_folder, root

REQUIREMENTS = "requirements-bench.txt"
TORCH = "torch==2.13.0"


def python() -> Path:
    """Where the interpreter of the peers' environment stands, whether it exists or not."""
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return cache_folder().joinpath("peers", *inside)


def pinned() -> dict[str, str]:
    """Each peer's name and the version that the comparison is written for."""
    lines = (root() / REQUIREMENTS).read_text(encoding="utf-8").splitlines()
    pairs = (line.strip().split("==") for line in lines if line and not line.startswith("#"))
    return dict(pairs)


@cache
def installed() -> dict[str, str]:
    """The versions of the peers that can be used."""
    if not python().exists():
        return {}
    program = (
        "import importlib.metadata as m, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try: print(name, m.version(name))\n"
        "    except m.PackageNotFoundError: pass"
    )
    done = subprocess.run(
        [str(python()), "-c", program, *pinned()], capture_output=True, text=True, check=False
    )
    return dict(line.split() for line in done.stdout.splitlines())


def interpreter(peer: str) -> Path | None:
    """The interpreter that can import this peer, or None where it is not installed."""
    return python() if peer in installed() else None


def install() -> int:
    """Makes `.cache/peers` and installs each peer; one that cannot be had is said and left out.

    torch comes first and exactly: it must be the one that the book itself uses.
    """
    if installed() == pinned():
        print("the other libraries are in place")
        return 0
    if not python().exists():
        print(f"making {python().parent.parent}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(python().parent.parent)], check=True)
    pip = [str(python()), "-m", "pip", "install", "--quiet"]
    print(f"{TORCH} (200 MB for the CPU build)", flush=True)
    if subprocess.call([*pip, TORCH]):
        print(f"{TORCH} could not be installed; pip says why above.", file=sys.stderr)
        return 1
    failed = 0
    for name, version in pinned().items():
        print(f"{name} {version}, with everything that it needs", flush=True)
        if subprocess.call([*pip, TORCH, f"{name}=={version}"]):
            print(f"{name} could not be installed and will be missing.", file=sys.stderr)
            failed += 1
    # One peer asks for torchvision, whose usual build wants CUDA and cannot be imported beside
    # torch's CPU build; then transformers cannot either. Nothing here looks at pictures.
    if _fails("import torchvision"):
        subprocess.call([*pip[:3], "uninstall", "--quiet", "--yes", "torchvision"])
    installed.cache_clear()
    print(f"installed: {', '.join(f'{n} {v}' for n, v in installed().items()) or 'nothing'}")
    return int(failed == len(pinned()))


def _fails(program: str) -> bool:
    done = subprocess.run([str(python()), "-c", program], capture_output=True, check=False)
    return done.returncode != 0
