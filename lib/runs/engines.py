"""Engines: what carries out the runs of a command, and the one for this machine's processes."""

from __future__ import annotations

import os
import subprocess
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import torch

from lib.core import paths
from lib.core.device import resolve_device
from lib.runs.plan import RunSpec
from lib.runs.processes import end, launch, result
from lib.runs.progress_table import Tell
from lib.settings import PROFILE_SECONDS

GPUS = "CUDA_VISIBLE_DEVICES"
SHORTEST_LIMIT = 600.0
"""Seconds: a slow or busy machine must not look like one that hangs."""
CELL_FACTOR = 10
"""A cell may take so many times what the profile's budget gives the whole run."""


class Engine(AbstractContextManager):
    """Starts runs and says what came of them; at the end of its `with` it ends those left."""

    room: int | None
    """How many runs there are at a time; None where only the engine knows."""

    @abstractmethod
    def start(self, plan: RunSpec, spec: Mapping[str, Any]) -> Any:
        """Starts a run, see `specification`; returns what the engine knows it by."""

    @abstractmethod
    def where(self, handle: Any) -> str:
        """Where a run is under way; "" while it waits for a place."""

    @abstractmethod
    def poll(self, handle: Any) -> tuple[str, str] | None:
        """Status and message of a run that is over, as `Outcome` has them; None before."""


class _Local(NamedTuple):
    process: subprocess.Popen
    work: Path
    gpu: str
    """The one that it was dealt; "" where there is nothing to deal."""


class LocalEngine(Engine):
    """Up to `jobs` processes at once; GPUs are dealt out one by one.

    Not a pool of processes: where one of those is killed, all others of its pool are ended too.
    """

    def __init__(self, jobs: int, tell: Tell):
        self.room = max(1, jobs)
        self.running: list[_Local] = []

    def __exit__(self, *_: object) -> None:
        for one in self.running:
            end(one.process)

    def start(self, plan: RunSpec, spec: Mapping[str, Any]) -> _Local:
        """Starts a process, with the GPU that the fewest others have."""
        surroundings, gpu = environment(self.room or 1), ""
        device = resolve_device(plan.settings.device)
        if device.type == "cuda" and device.index is None and torch.cuda.device_count() > 1:
            visible = os.environ.get(GPUS) or ",".join(map(str, range(torch.cuda.device_count())))
            taken = [one.gpu for one in self.running]
            gpu = surroundings[GPUS] = min(visible.split(","), key=taken.count)
        self.running.append(_Local(launch(spec, surroundings), spec["work"], gpu))
        return self.running[-1]

    def where(self, handle: _Local) -> str:
        """`process 123, GPU 1`."""
        return f"process {handle.process.pid}" + (f", GPU {handle.gpu}" if handle.gpu else "")

    def poll(self, handle: _Local) -> tuple[str, str] | None:
        """What came of it, once its process is gone."""
        if handle.process.poll() is None:
            return None
        self.running.remove(handle)
        return result(handle.process, handle.work)


def specification(
    plan: RunSpec, work: Path, force: bool, cell_timeout: float | None
) -> dict[str, Any]:
    """What `worker.run` needs to know, as plain values."""
    limit = max(SHORTEST_LIMIT, CELL_FACTOR * PROFILE_SECONDS[plan.settings.profile])
    return {
        **plan._asdict(),
        "settings": plan.settings.model_dump(mode="json"),
        "root": paths.root(),
        "work": work,
        "force": force,
        "cell_timeout": cell_timeout or limit,
    }


def environment(jobs: int) -> dict[str, str]:
    """The same `lib` as here; with several jobs, a share of the cores."""
    importable = [str(paths.package_folder().parent), os.environ.get("PYTHONPATH")]
    found = {
        **os.environ,
        paths.HOME_VARIABLE: str(paths.root()),
        "PYTHONPATH": os.pathsep.join(filter(None, importable)),
    }
    # A thread that waits by spinning takes the core that another program needs, and then both wait:
    # on a busy machine that made training four times slower.
    found.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if jobs > 1:
        found.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // jobs)))
    return found
