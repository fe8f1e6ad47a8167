"""Engines: what carries out the runs of a command, and the one for this machine's processes.

Another engine gets the same runs and shares the steps below: `worker.run` needs a specification
and a folder, nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.device import resolve_device
from lib.core.errors import disk_full_message
from lib.core.progress import duration
from lib.runs import run_folders
from lib.runs.plan import RunSpec
from lib.runs.processes import OUTPUT, SPECIFICATION, end, launch
from lib.runs.progress_table import Outcome, ProgressTable, RunningJob
from lib.runs.worker import DISK_FULL, ENDED, OUTCOME
from lib.settings import PROFILE_SECONDS

GPUS = "CUDA_VISIBLE_DEVICES"
RAY_ADDRESS = "RAY_ADDRESS"
"""The environment variable that names a cluster."""
POLL_SECONDS = 0.2
SHORTEST_LIMIT = 600.0
"""Seconds: a slow or busy machine must not look like one that hangs."""
CELL_FACTOR, PROCESS_FACTOR = 10, 20
"""A cell and a run may take so many times what the profile's budget gives the whole run."""


class Engine(Protocol):
    """Carries out runs, up to `jobs` of them at once, and says how each ended."""

    def __call__(
        self,
        plans: Sequence[RunSpec],
        jobs: int,
        force: bool,
        board: ProgressTable,
        cell_timeout: float | None,
    ) -> list[Outcome]: ...


@dataclass
class _Process(RunningJob):
    """A run under way on this machine."""

    slot: int = 0
    process: subprocess.Popen = None  # type: ignore[assignment]


def run_locally(
    plans: Sequence[RunSpec],
    jobs: int,
    force: bool,
    board: ProgressTable,
    cell_timeout: float | None,
) -> list[Outcome]:
    """Up to `jobs` processes at once; GPUs are dealt out one by one."""
    waiting = [(plan, 1) for plan in plans]
    running: list[_Process] = []
    outcomes: list[Outcome] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(1, jobs):
                plan, attempt = waiting.pop(0)
                slot = _free_slot([one.slot for one in running], jobs)
                running.append(_start(plan, slot, jobs, force, cell_timeout, attempt))
            time.sleep(POLL_SECONDS)
            through = len(outcomes)
            for one in list(running):
                outcome = _outcome(one, cell_timeout)
                board.tail(one)
                if outcome is None:
                    continue
                running.remove(one)
                if again := finish_or_retry(one, outcome, outcomes, board):
                    waiting.insert(0, (one.plan, again))
            plans_left = [plan for plan, _ in waiting]
            board.show(running, plans_left, outcomes, now=len(outcomes) > through)
    finally:
        for one in running:
            end(one.process)
            shutil.rmtree(one.work, ignore_errors=True)
    return outcomes


def _free_slot(taken: Sequence[int], jobs: int) -> int:
    """A slot whose GPU, by `environment`, has the fewest runs."""
    gpus = max(1, torch.cuda.device_count())
    free = set(range(max(1, jobs))) - set(taken)
    return min(free, key=lambda slot: (sum(one % gpus == slot % gpus for one in taken), slot))


def finish_or_retry(
    one: RunningJob, outcome: Outcome, outcomes: list[Outcome], board: ProgressTable
) -> int:
    """Files the outcome of a run that is over; or says with which attempt it is to go on."""
    save_log(one)
    shutil.rmtree(one.work, ignore_errors=True)
    if one.should_retry(outcome.status):
        board.tell(f"{one.plan.title}: {outcome.message}; trying once more")
        return one.attempt + 1
    if not outcome.good and board.several:
        board.tell(describe_failure(outcome))
    outcomes.append(outcome)
    return 0


def _start(
    plan: RunSpec, slot: int, jobs: int, force: bool, cell_timeout: float | None, attempt: int
) -> _Process:
    work = prepare(plan, force, cell_timeout)
    surroundings = environment(plan, slot, jobs)
    process = launch(work, surroundings, paths.root())
    where = f"process {process.pid}"
    if (gpu := surroundings.get(GPUS)) and resolve_device(plan.settings.device).type == "cuda":
        where += f", GPU {gpu}"
    return _Process(plan, work, attempt, where=where, slot=slot, process=process)


def prepare(plan: RunSpec, force: bool, cell_timeout: float | None) -> Path:
    """A folder to work in, with the run's specification."""
    shelf = paths.cache_folder() / "work"
    shelf.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=shelf, prefix=f"{plan.chapter}-"))
    spec: dict[str, Any] = {
        "chapter": plan.chapter,
        "notebook": str(plan.notebook),
        "root": str(paths.root()),
        "folder": str(plan.folder),
        "settings": plan.settings.model_dump(mode="json"),
        "parameters": plan.parameters,
        "overrides": plan.overrides,
        "source": plan.source,
        "key": plan.key,
        "code": plan.code,
        "presentation": plan.presentation,
        "force": force,
        "cell_timeout": cell_timeout or _limit(plan, CELL_FACTOR),
    }
    write_atomically(work / SPECIFICATION, json.dumps(spec))
    return work


def environment(plan: RunSpec, slot: int, jobs: int) -> dict[str, str]:
    """The same `lib` as here; with several jobs, a share of the cores and a GPU of its own."""
    package = str(paths.package_folder().parent)
    importable = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    found = {
        **os.environ,
        paths.HOME_VARIABLE: str(paths.root()),
        "PYTHONPATH": os.pathsep.join(importable),
    }
    # A thread that waits by spinning takes the core that another program needs, and then both wait:
    # on a busy machine that made training four times slower.
    found.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if jobs > 1:
        threads = max(1, (os.cpu_count() or 1) // jobs)
        found.setdefault("OMP_NUM_THREADS", str(threads))
    device = resolve_device(plan.settings.device)
    if device.type == "cuda" and device.index is None and torch.cuda.device_count() > 1:
        visible = os.environ.get(GPUS)
        names = visible.split(",") if visible else [*map(str, range(torch.cuda.device_count()))]
        found[GPUS] = names[slot % len(names)]
    return found


def _limit(plan: RunSpec, factor: int) -> float:
    return max(SHORTEST_LIMIT, factor * PROFILE_SECONDS[plan.settings.profile])


def save_log(one: RunningJob) -> None:
    """Puts the log beside what is left of a run that did not come to do so itself."""
    partial = _partial(one.plan)
    if partial.is_dir():
        with contextlib.suppress(OSError):
            shutil.copyfile(one.work / run_folders.LOG, partial / run_folders.LOG)


def time_limit(plan: RunSpec, cell_timeout: float | None) -> float:
    """Seconds after which a run is taken for one that hangs."""
    return 2 * cell_timeout + 60 if cell_timeout else _limit(plan, PROCESS_FACTOR)


def _outcome(one: _Process, cell_timeout: float | None) -> Outcome | None:
    """How the process ended; None while it runs within its time."""
    seconds, limit = time.monotonic() - one.started, time_limit(one.plan, cell_timeout)
    if one.process.poll() is None:
        if seconds < limit:
            return None
        end(one.process)
        return Outcome(one.plan, "timeout", f"it ran for more than {duration(limit)}", seconds)
    return ended(one, one.process.returncode)


def ended(one: RunningJob, code: int) -> Outcome:
    """What the run's process, which is gone, left in its folder."""
    seconds = time.monotonic() - one.started
    if code == DISK_FULL:
        message = disk_full_message(one.plan.folder)
        return Outcome(one.plan, "user-error", message, seconds)
    try:
        found = json.loads((one.work / OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = (one.work / OUTPUT).read_text(encoding="utf-8", errors="replace").strip()
        last = said.splitlines()[-1] if said else f"exit status {code}"
        # Below zero: ended by a signal, such as the system's when memory runs out.
        status = "lost" if code < 0 or code == ENDED else "failed"
        return Outcome(one.plan, status, f"the run's process ended early: {last}", seconds)
    return Outcome(one.plan, found["status"], found["message"], seconds)


def describe_failure(outcome: Outcome) -> str:
    """One sentence about a run that did not end well, with the place of its log."""
    partial = _partial(outcome.plan)
    with contextlib.suppress(ValueError):
        partial = partial.relative_to(paths.root())
    title = f"{outcome.plan.title[0].upper()}{outcome.plan.title[1:]}"
    if outcome.status == "user-error":
        return f"{title}: {outcome.message}"
    return f"{title}: {outcome.message}. The log is {partial / run_folders.LOG}."


def _partial(plan: RunSpec) -> Path:
    return plan.folder.with_name(plan.folder.name + ".partial")
