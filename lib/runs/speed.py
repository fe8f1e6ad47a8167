"""How long a run will take on this machine, from one that is kept with the book."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import torch

from lib.core.device import DTYPES, processor, resolve_device, resolve_precision

SIZE, TIMES = 1024, 5


@lru_cache(maxsize=8)
def product_gflops(threads: int) -> float:
    """What matrix products run at here, in GFLOP/s, in the format that `auto` would take: the best
    of several, because whatever else the machine does slows the others."""
    dtype = DTYPES.get(resolve_precision("auto", resolve_device("cpu")), torch.float32)
    factor = torch.ones(SIZE, SIZE, dtype=dtype)
    best, before = math.inf, torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        for _ in range(TIMES):
            start = time.perf_counter()
            factor @ factor
            best = min(best, time.perf_counter() - start)
    finally:
        torch.set_num_threads(before)
    return 2 * SIZE**3 / best / 1e9


def measured(environment: Mapping[str, Any]) -> dict[str, float]:
    """What `keep` adds to the environment of a run that was made on this kind of processor."""
    if environment.get("device") != "cpu" or environment.get("processor") != processor():
        return {}
    return {"product_gflops": round(product_gflops(environment["threads"]), 1)}


def seconds_here(environment: Mapping[str, Any]) -> float | None:
    """Seconds that a kept run would take here, if products are what takes the time; None where its
    environment does not say enough."""
    if not {"product_gflops", "processor_seconds"} <= environment.keys():
        return None
    quiet = environment["processor_seconds"] / environment["threads"]
    return quiet * environment["product_gflops"] / product_gflops(torch.get_num_threads())
