"""What a run ran on: versions, device, cores; no paths, host or user names."""

from __future__ import annotations

import contextlib
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from lib.core.device import device_kind, processor, resolve_device, resolve_precision

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
