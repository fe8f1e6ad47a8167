"""The project's own checks, and keeping house."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lib.core import paths
from lib.core.errors import UserError


def test() -> int:
    """Lint, unit tests, and every chapter at the ci profile; 6 minutes at most on 2 cores."""
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
    """What CI adds to the tests: browser tests and slow tests."""
    return _all_of([("browser and slow tests", ["-m", "pytest", "-m", "browser or slow"])])


def bench(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> int:
    """Times training steps beside other libraries; about 6 minutes on 2 cores, best left alone."""
    return _patiently("-m", "benchmarks", *(arguments or ()))


def lab() -> int:
    """JupyterLab on the chapters, with this interpreter as its kernel."""
    return _patiently(*lab_command(paths.root() / "chapters"))


def _patiently(*arguments: str) -> int:
    """In a process whose threads wait as those of a run do, and that finds the benchmarks."""
    importable = filter(None, [str(paths.root()), os.environ.get("PYTHONPATH")])
    own = {"OMP_WAIT_POLICY": "PASSIVE", **os.environ, "PYTHONPATH": os.pathsep.join(importable)}
    return subprocess.call([sys.executable, *arguments], env=own)


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


def clean(
    runs_too: Annotated[bool, typer.Option("--runs", help="Also what the runs wrote.")] = False,
    cache_too: Annotated[bool, typer.Option("--cache", help="Also what was trained.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Removes the built pages; with --runs and --cache also runs and trained models."""
    folders = [paths.build_folder()]
    folders += [paths.runs_folder()] if runs_too else []
    folders += [paths.cache_folder()] if cache_too else []
    folders = [folder for folder in folders if folder.exists()]
    if not folders:
        print("There is nothing to remove.")
        return
    for folder in folders:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"removes {folder} ({size / 1e6:,.0f} MB)")
    if (runs_too or cache_too) and not yes:
        if not sys.stdin.isatty():
            raise UserError("Nothing was removed: add --yes to remove runs or trained models.")
        if input("Remove this? [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing was removed.")
            return
    for folder in folders:
        shutil.rmtree(folder)
