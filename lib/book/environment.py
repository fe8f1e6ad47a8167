"""What a run ran on: versions, device, cores; no paths, host or user names."""

from __future__ import annotations

import contextlib
import json
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from lib.book import project
from lib.core.checkpoints import write_atomically
from lib.core.device import device_kind, resolve_device, resolve_precision

PACKAGES = (
    "torch",
    "numpy",
    "scipy",
    "pandas",
    "tokenizers",
    "datasets",
    "matplotlib",
    "pydantic",
    "papermill",
    "jupyter-book",
)


def package_versions() -> dict[str, str]:
    """Versions of the packages that numbers and pages depend on."""
    found = {}
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def processor() -> str:
    """The processor's name, as the system gives it."""
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@cache
def steady_precision(requested: str, device: torch.device) -> str:
    """`auto` decided once for a machine: it is a measurement, and a key must not waver."""
    if requested != "auto":
        return requested
    path = project.cache_folder() / "machine.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    name = f"{processor()} {device_kind(device)} torch {torch.__version__}"
    if name not in known:
        known[name] = resolve_precision("auto", device)
        write_atomically(path, json.dumps(known, indent=1))
    return known[name]


def describe(device: str = "auto", precision: str = "auto") -> dict[str, Any]:
    """One flat dict for `environment.json` and for the page's record of its run."""
    place = resolve_device(device)
    facts = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "device": device_kind(place),
        "precision": resolve_precision(precision, place),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "threads": torch.get_num_threads(),
        "versions": package_versions(),
    }
    if place.type == "cuda":
        facts["device_memory_gib"] = round(
            torch.cuda.get_device_properties(place).total_memory / 2**30, 1
        )
    return facts
