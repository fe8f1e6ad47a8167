"""A process for one contender, so that its memory is its own; it does as it is told on stdin.

One JSON object a line in, one out. What libraries print goes to standard error.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
from typing import Any


def peak_mib() -> float:
    """The most memory that this process has held, in MiB."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="utf-8") as file:
        # Not `ru_maxrss`: on Linux that begins with what the parent held.
        for line in file:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 2**10
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


class Worker:
    """Holds one contender between two commands."""

    def load(self, order: dict[str, Any]) -> dict[str, Any]:
        """Makes the contender; answers with the loss of its first step, taken on the way."""
        import torch
        from safetensors.torch import load_file

        if order["contender"] in _own():
            kind, precision = _own()[order["contender"]]
        else:
            from benchmarks.peer_contenders import PEERS

            kind, precision = PEERS[order["contender"]]
        tensors = load_file(order["problem"])
        device = order["device"]
        self.synchronise = torch.cuda.synchronize if device.startswith("cuda") else lambda: None
        self.contender = kind(order["task"], tensors, device, precision)
        del tensors
        self.imported = peak_mib()
        start = time.perf_counter()
        loss = self.contender.step()
        self.synchronise()
        return {
            "loss": None if loss is None else float(loss),
            "precision": precision,
            "first_seconds": time.perf_counter() - start,
        }

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Takes steps and answers with the seconds of each, by the clock and of the processor."""
        seconds, processor = [], []
        for _ in range(order["steps"]):
            start, used = time.perf_counter(), time.process_time()
            self.contender.step()
            self.synchronise()
            seconds.append(time.perf_counter() - start)
            processor.append(time.process_time() - used)
        return {"seconds": seconds, "processor": processor}

    def memory(self, order: dict[str, Any]) -> dict[str, Any]:
        """The process's peak, and what it was before the first step."""
        import torch

        if self.contender.device.type == "cuda":
            return {"peak_mib": torch.cuda.max_memory_allocated() / 2**20, "before_mib": 0.0}
        return {"peak_mib": peak_mib(), "before_mib": self.imported}

    def profile(self, order: dict[str, Any]) -> dict[str, Any]:
        """Where a step's time goes: torch's operations by their share, the largest first."""
        from torch.profiler import ProfilerActivity, profile

        activities = [ProfilerActivity.CPU]
        if self.contender.device.type == "cuda":
            activities.append(ProfilerActivity.CUDA)
        with profile(activities=activities) as found:
            for _ in range(order["steps"]):
                self.contender.step()
            self.synchronise()
        return {"profile": largest_operations(found, order["rows"])}


def largest_operations(found: Any, count: int) -> list[dict[str, Any]]:
    """torch's operations by their share of the profiled time, the largest first."""
    rows = sorted(found.key_averages(), key=lambda row: -row.self_cpu_time_total)
    total = sum(row.self_cpu_time_total for row in rows) or 1
    return [
        {"operation": row.key.removeprefix("aten::"), "share": row.self_cpu_time_total / total}
        for row in rows[:count]
    ]


def _own() -> dict[str, Any]:
    from benchmarks.contenders import OWN

    return OWN


def main() -> None:
    """Answers orders until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # Before the first order, so that several workers import at once.
    for module in sys.argv[1:]:
        with contextlib.suppress(Exception):  # said when it is needed
            importlib.import_module(module)
    worker = Worker()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = getattr(worker, order["do"])(order)
        except Exception as error:  # whatever a library raises becomes a line of the table
            first = (str(error).splitlines() or [""])[0]
            answer = {"error": f"{type(error).__name__}: {first}"[:300]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
