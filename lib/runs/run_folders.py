"""Folders of runs: what a finished one holds, and how it is found.

A run is whole or absent: it is made in `seed<k>.partial` and gets its name in one step, with the
marker `done.json` written before that, last of all files.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.evidence.records import Record
from lib.runs.speed import seconds_here

MARKER, RECORDS, SETTINGS, ENVIRONMENT = (
    "done.json",
    "records.json",
    "settings.json",
    "environment.json",
)
NOTEBOOK, LOG, FIGURES, EXPLORER = "run.ipynb", "log.txt", "figures", "explorer"
FORMAT = 1


class Run(NamedTuple):
    """A finished or recorded run, or an executed notebook, as tables and verdicts need it."""

    folder: Path
    meta: dict[str, Any]
    """chapter, profile, source, real, seed, key, code, commit, dirty, finished, overrides,
    criteria (claim -> hash), verdicts (claim -> verdict, explain)."""
    records: dict[str, Record]
    settings: dict[str, Any]
    environment: dict[str, Any]
    origin: str
    """`runs`, `results` or `notebook`."""


def library_versions() -> dict[str, str]:
    """The versions that are part of a run key."""
    return {name: version(name) for name in ("torch", "numpy")}


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises:
        UserError: the file is missing or damaged.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path} cannot be read ({type(error).__name__}); delete the run's folder and run the "
            "chapter again."
        ) from None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """A JSON object, whole or not at all; a number in it that is not finite is an error."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    write_atomically(path, text + "\n")


def read_marker(folder: Path) -> dict[str, Any] | None:
    """The marker of a finished run; None for a run that is not there or not whole."""
    try:
        return json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def read_run(folder: Path, origin: str = "runs") -> Run:
    """A run from its folder.

    Raises:
        UserError: a file is missing or damaged.
    """
    meta = read_json(folder / RECORDS)
    records = {entry["name"]: Record(**entry) for entry in meta.pop("records")}
    return Run(
        folder,
        meta,
        records,
        read_json(folder / SETTINGS),
        read_json(folder / ENVIRONMENT),
        origin,
    )


def find(under: Path | None = None) -> Iterator[Path]:
    """Folders of finished runs in `runs/` or under a folder, oldest name first."""
    for marker in sorted((under or paths.runs_folder()).rglob(MARKER)):
        if not marker.parent.name.endswith((".partial", ".previous")):
            yield marker.parent


def recorded_runs(under: Path | None = None) -> Iterator[Path]:
    """Folders of recorded runs in `results/`."""
    for records in sorted((under or paths.results_folder()).rglob(RECORDS)):
        yield records.parent


def seconds_of_earlier(chapter: str, profile: str, label: str) -> float | None:
    """Seconds of the newest run of this kind; of another text if there is none of this one."""
    runs = paths.runs_folder() / chapter
    for pattern in (f"{profile}-{label}", f"{profile}-*"):
        markers = [
            found
            for marker in runs.glob(f"{pattern}/*/seed*/{MARKER}")
            if (found := read_marker(marker.parent)) is not None
        ]
        if markers:
            return max(markers, key=lambda marker: marker["finished"])["seconds"]
    return None


def seconds_of_recorded(chapter: str, profile: str) -> tuple[float, bool] | None:
    """Seconds of the longest recorded run of this kind (others may have found a trained model), and
    whether that is by what this machine was measured to do."""
    found = []
    for folder in recorded_runs(paths.results_folder() / chapter):
        if folder.parent.name.startswith(f"{profile}-"):
            environment = read_json(folder / ENVIRONMENT)
            here = seconds_here(environment)
            found.append((here or environment["seconds"], here is not None))
    return max(found, default=None)


def partial(folder: Path) -> Path:
    """Where a run is made; what a failed one leaves stays there, with its log."""
    return folder.with_name(folder.name + ".partial")


def recover(folder: Path) -> None:
    """Undoes a replacement that was cut off between its two steps."""
    previous = folder.with_name(folder.name + ".previous")
    if not folder.exists() and read_marker(previous) is not None:
        previous.rename(folder)


def put_in_place(partial: Path, folder: Path) -> None:
    """Gives a finished run its name; the run that had it is whole until then."""
    previous = folder.with_name(folder.name + ".previous")
    shutil.rmtree(previous, ignore_errors=True)
    if folder.exists():
        folder.rename(previous)
    partial.rename(folder)
    shutil.rmtree(previous, ignore_errors=True)


def git_state() -> dict[str, Any]:
    """{"commit": ..., "dirty": ...} of the project; None where there is no repository or no git."""

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=paths.root(),
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    commit = git("rev-parse", "HEAD")
    changes = git("status", "--porcelain", "--", "lib", "chapters", "book") if commit else None
    return {"commit": commit, "dirty": None if changes is None else bool(changes)}
