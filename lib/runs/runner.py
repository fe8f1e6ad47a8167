"""Runs chapters: each in a process of its own, several at once, resumable, with live progress."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.runs import notebooks, run_folders
from lib.runs.engines import Engine, run_locally
from lib.runs.plan import RunSpec
from lib.runs.progress_table import Outcome, ProgressTable, Tell
from lib.runs.ray_engine import run_on_ray
from lib.settings.decoding import near_misses

LOCAL = "local"
ENGINES: dict[str, Engine] = {LOCAL: run_locally, "ray": run_on_ray}


def execute(
    plans: Sequence[RunSpec],
    *,
    jobs: int = 1,
    force: bool = False,
    engine: str = "local",
    tell: Tell = print,
    cell_timeout: float | None = None,
) -> list[Outcome]:
    """Brings every plan's folder up to date and says how each ended.

    A run that is whole and unchanged is not repeated; if only its prose changed, the prose in its
    notebook is renewed. A run that hangs, or whose process is ended by something else, is tried a
    second time; one that fails is not, and the others go on.

    Raises:
        UserError: an unknown engine.
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
    table = len(waiting) > 1 or engine != LOCAL
    with ProgressTable(waiting, jobs, tell, table) as board:
        outcomes = ENGINES[engine](waiting, jobs, force, board, cell_timeout)
    for outcome in outcomes:
        if outcome.good:
            renew_prose(outcome.plan)
        finished[outcome.plan.folder] = outcome
    return [finished[plan.folder] for plan in plans]


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
