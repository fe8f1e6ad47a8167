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
"""What numbers and pages depend on."""


def describe(device: str, precision: str) -> dict[str, Any]:
    """One flat dict for `environment.json` and for the page's record of its run."""
    where, versions = resolve_device(device), {}
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            versions[name] = version(name)
    facts = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "device": device_kind(where),
        "precision": resolve_precision(precision, where),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "threads": torch.get_num_threads(),
        "versions": versions,
    }
    if where.type == "cuda":
        facts["device_memory_gib"] = round(
            torch.cuda.get_device_properties(where).total_memory / 2**30, 1
        )
    return facts
