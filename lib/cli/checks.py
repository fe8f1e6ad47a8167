"""The project's own checks, and keeping house."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lib.core import paths
from lib.core.errors import UserError

PATIENT_THREADS = {"OMP_WAIT_POLICY": "PASSIVE"}
"""As in a run: threads that wait leave their core to others."""


def test() -> int:
    """Lint, then unit tests and every chapter at `ci`; 0 if all went well."""
    chapters = map(str, sorted((paths.root() / "chapters").glob("*.ipynb")))
    return _all_of(
        [
            ("lint", ["-m", "ruff", "check", "."]),
            ("layout", ["-m", "ruff", "format", "--check", "."]),
            ("notebooks without outputs", ["-m", "nbstripout", "--verify", "--keep-id", *chapters]),
            ("rooms", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
            ("tests, some minutes", ["-m", "pytest", "-m", "not browser and not slow"]),
        ]
    )


def check() -> int:
    """Browser tests and slow tests."""
    return _all_of([("browser and slow tests", ["-m", "pytest", "-m", "browser or slow"])])


def bench(*arguments: str) -> int:
    """The benchmarks, in a process of their own, whose threads wait as those of a run do."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.call(command, cwd=paths.root(), env=PATIENT_THREADS | os.environ)


def lab() -> int:
    """JupyterLab on the chapters, with this interpreter as its kernel."""
    command = [sys.executable, *lab_command(paths.root() / "chapters")]
    return subprocess.call(command, cwd=paths.root(), env=PATIENT_THREADS | os.environ)


def lab_command(folder: Path) -> list[str]:
    """What starts JupyterLab on a folder, without a question about news and without looking for a
    newer version of itself, which would need a network."""
    silent = ["--LabApp.news_url=None"]
    silent += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    return ["-m", "jupyterlab", str(folder), *silent]


def _all_of(steps: Sequence[tuple[str, Sequence[str]]]) -> int:
    failed = []
    for name, arguments in steps:
        print(f"== {name}", flush=True)
        if subprocess.call([sys.executable, *arguments], cwd=paths.root()):
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def clean(runs_too: bool, cache_too: bool, yes: bool) -> None:
    """Removes the built pages, and what else is named, after saying what goes.

    Raises:
        UserError: there is no one to ask, and `yes` was not given.
    """
    folders = [paths.build_folder()]
    folders += [paths.runs_folder()] if runs_too else []
    folders += [paths.cache_folder()] if cache_too else []
    folders = [folder for folder in folders if folder.exists()]
    if not folders:
        print("There is nothing to remove.")
        return
    for folder in folders:
        print(f"removes {folder} ({_size(folder) / 1e6:,.0f} MB)")
    if (runs_too or cache_too) and not yes:
        if not sys.stdin.isatty():
            raise UserError("Nothing was removed: add --yes to remove runs or trained models.")
        if input("Remove this? [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing was removed.")
            return
    for folder in folders:
        shutil.rmtree(folder)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
