"""Runs chapters: each in a process of its own, several at once, resumable, with live progress."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.runs import notebooks, run_folders
from lib.runs.engines import Engine, LocalEngine, specification
from lib.runs.plan import RunSpec
from lib.runs.progress_table import Outcome, ProgressTable, RunningJob, Tell
from lib.runs.ray_engine import RayEngine
from lib.settings.decoding import near_misses

LOCAL = "local"
ENGINES = {LOCAL: LocalEngine, "ray": RayEngine}
POLL_SECONDS = 0.2


def execute(
    plans: Sequence[RunSpec],
    *,
    jobs: int = 1,
    force: bool = False,
    engine: str = LOCAL,
    tell: Tell = print,
    cell_timeout: float | None = None,
) -> list[Outcome]:
    """Brings every plan's folder up to date and says how each ended.

    A run that is whole and unchanged is not repeated; if only its prose changed, the prose in its
    notebook is renewed. A run that hangs, or whose process is ended by something else, is tried a
    second time; one that fails is not, and the others go on.

    Args:
        cell_timeout: seconds after which a cell is taken for one that hangs; by default many times
            what the profile's budget gives the whole run.

    Raises:
        UserError: an unknown engine; or as the engine's.
        KeyboardInterrupt: after all processes that were started have ended.
    """
    if engine not in ENGINES:
        raise UserError(f"There is no engine {engine!r}: {near_misses(engine, ENGINES)}")
    _tidy_up()
    finished: dict[Path, Outcome] = {}
    waiting = []
    for plan in plans:
        if plan.state() == "nothing" and not force:
            status = "prose" if renew_prose(plan) else "reused"
            finished[plan.folder] = Outcome(plan, status, "")
        else:
            waiting.append(plan)
    if waiting:
        table = len(waiting) > 1 or engine != LOCAL
        with ProgressTable(waiting, jobs, tell, table) as progress:
            chosen = ENGINES[engine](jobs, tell)
            outcomes = carry_out(waiting, chosen, progress, force, cell_timeout)
        for outcome in outcomes:
            if outcome.good:
                renew_prose(outcome.plan)
            finished[outcome.plan.folder] = outcome
    return [finished[plan.folder] for plan in plans]


def carry_out(
    plans: Sequence[RunSpec],
    engine: Engine,
    progress: ProgressTable,
    force: bool = False,
    cell_timeout: float | None = None,
) -> list[Outcome]:
    """Hands the runs to an engine, as many at a time as it has room for, and waits for all."""
    waiting = [RunningJob(plan) for plan in plans]
    running: list[RunningJob] = []
    outcomes: list[Outcome] = []
    try:
        with engine:
            while waiting or running:
                while waiting and (engine.room is None or len(running) < engine.room):
                    running.append(_start(waiting.pop(0), engine, force, cell_timeout))
                time.sleep(POLL_SECONDS)
                through = len(outcomes)
                for job in list(running):
                    job.seen_at(engine.where(job.handle))
                    ended = engine.poll(job.handle)
                    progress.tail(job)
                    if ended is None:
                        continue
                    running.remove(job)
                    outcome = Outcome(job.plan, *ended, time.monotonic() - job.started)
                    if again := _file(job, outcome, outcomes, progress):
                        waiting.insert(0, again)
                progress.slots = engine.room or max(1, sum(bool(job.where) for job in running))
                progress.show([*running, *waiting], outcomes, now=len(outcomes) > through)
    finally:
        for job in running:
            shutil.rmtree(job.work, ignore_errors=True)
    return outcomes


def _start(job: RunningJob, engine: Engine, force: bool, cell_timeout: float | None) -> RunningJob:
    shelf = paths.cache_folder() / "work"
    shelf.mkdir(parents=True, exist_ok=True)
    job.work = Path(tempfile.mkdtemp(dir=shelf, prefix=f"{job.plan.chapter}-"))
    job.handle = engine.start(job.plan, specification(job.plan, job.work, force, cell_timeout))
    return job


def _file(
    job: RunningJob, outcome: Outcome, outcomes: list[Outcome], progress: ProgressTable
) -> RunningJob | None:
    """Files the outcome of a run that is over, and its log; or returns it for another attempt."""
    partial = run_folders.partial(job.plan.folder)
    if partial.is_dir():
        with contextlib.suppress(OSError):
            shutil.copyfile(job.work / run_folders.LOG, partial / run_folders.LOG)
    shutil.rmtree(job.work, ignore_errors=True)
    if job.should_retry(outcome.status):
        progress.tell(f"{job.plan.title}: {outcome.message}; trying once more")
        return RunningJob(job.plan, attempt=job.attempt + 1)
    if not outcome.good and progress.several:
        progress.tell(describe_failure(outcome))
    outcomes.append(outcome)
    return None


def describe_failure(outcome: Outcome) -> str:
    """One sentence about a run that did not end well, with the place of its log."""
    title = f"{outcome.plan.title[0].upper()}{outcome.plan.title[1:]}"
    if outcome.status == "user-error":
        return f"{title}: {outcome.message}"
    log = run_folders.partial(outcome.plan.folder) / run_folders.LOG
    if log.is_relative_to(paths.root()):
        log = log.relative_to(paths.root())
    return f"{title}: {outcome.message}. The log is {log}."


def renew_prose(plan: RunSpec) -> bool:
    """Puts today's Markdown and comments into the run's notebook; whether anything changed."""
    path = plan.folder / run_folders.NOTEBOOK
    renewed = notebooks.with_current_text(notebooks.read(path), notebooks.read(plan.notebook))
    if renewed is None:
        return False
    write_atomically(path, nbformat.writes(renewed) + "\n")
    return True


def _tidy_up() -> None:
    """Removes the working files of runners that were killed a day ago or earlier."""
    yesterday = time.time() - 24 * 3600
    for folder in (paths.cache_folder() / "work").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < yesterday:
                shutil.rmtree(folder, ignore_errors=True)
