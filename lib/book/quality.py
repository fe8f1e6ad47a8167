"""`make test` and `make check`: every tool that has a say, in one place."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lib.core.progress import announce, duration

REQUIRE_BROWSER = "LITTLE_DICTIONARIES_REQUIRE_BROWSER"
"""Set to 1, it makes a missing browser a failure and not a skip."""


class Step(NamedTuple):
    """One tool."""

    title: str
    command: list[str]


def test(root: Path) -> int:
    """Lint, then the tests with every chapter at the `ci` profile; the exit code of the worst."""
    announce("test: lint and tests, about 3 minutes on 2 cores")
    return run([*lint_steps(root), tests("not browser and not slow")], root)


def check(root: Path) -> int:
    """What CI adds: pages in a browser, slow tests, a build from a fresh clone."""
    announce("check: browser, slow tests and a build from a fresh clone, about 12 minutes")
    return run([tests("browser or slow", "--timeout=1500", "-rs")], root)


def lint_steps(root: Path) -> list[Step]:
    """Format, lint, import directions, and notebooks without outputs."""
    steps = [
        Step("lint", [tool("ruff"), "check", "."]),
        Step("format", [tool("ruff"), "format", "--check", "."]),
        Step("rooms", [tool("lint-imports")]),
    ]
    if chapters := sorted(map(str, (root / "chapters").glob("*.ipynb"))):
        steps.append(Step("stripped", [tool("nbstripout"), "--keep-id", "--verify", *chapters]))
    return steps


def tests(marks: str, *options: str) -> Step:
    """pytest on the tests with these marks."""
    return Step(f"tests ({marks})", [sys.executable, "-m", "pytest", "-m", marks, *options])


def tool(name: str) -> str:
    """A command of this environment; not of whatever else is on the path."""
    suffix = ".exe" if os.name == "nt" else ""
    return str(Path(sys.executable).with_name(name + suffix))


def run(steps: Sequence[Step], root: Path) -> int:
    """Runs every step, also after a failure; a step that passes in silence says one line."""
    worst = 0
    failed = []
    for step in steps:
        start = time.monotonic()
        tests_run = "pytest" in step.command
        done = subprocess.run(
            step.command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            # Tests show their progress and closing lines; a linter only what it complains about.
            stdout=None if tests_run else subprocess.PIPE,
            stderr=None if tests_run else subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        took = duration(time.monotonic() - start)
        if done.returncode:
            worst = max(worst, abs(done.returncode))
            failed.append(step.title)
            print(done.stdout or "", flush=True)
        announce(f"{step.title}: {'FAILED' if done.returncode else 'passed'} in {took}")
    if failed:
        announce(f"Failed: {', '.join(failed)}.")
    return min(worst, 1)
