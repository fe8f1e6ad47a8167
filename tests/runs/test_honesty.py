"""On a clone of the book: nothing runs without need, and a run that is killed ends the same."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PHASES = ("language-model", "activations", "dictionary")
RUN = ("run", "01", "--profile", "ci")

pytestmark = pytest.mark.slow


class Clone:
    """A copy of the book whose commands start in another directory, with an empty home."""

    def __init__(self, folder: Path, of: Path = ROOT):
        self.folder = folder / "a clone"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        for name in ("lib", "book", "chapters"):
            shutil.copytree(
                of / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        self.environment = {
            **os.environ,
            "HOME": str(folder / "no home"),
            "PYTHONPATH": str(self.folder),
            "HF_HUB_OFFLINE": "1",
        }

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "lib", *arguments],
            cwd=self.elsewhere,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def do(self, *arguments: str) -> str:
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=280)
        assert process.returncode == 0, said
        return said

    def runs(self) -> dict[str, list]:
        """Key -> records of each finished run."""
        found = {}
        for path in sorted(self.folder.glob("runs/01/*/*/seed0/records.json")):
            found[path.parent.parent.name] = json.loads(path.read_text())["records"]
        return found

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone in which chapter 1 was run once."""
    made = Clone(tmp_path_factory.mktemp("honest"))
    made.do(*RUN)
    return made


def built(said: str) -> set[str]:
    """What was trained, by the lines that the run printed."""
    return {name for name in PHASES if f"{name.replace('-', ' ')}: built" in said}


def test_the_second_time_nothing_runs(clone: Clone) -> None:
    assert "was done already" in clone.do(*RUN)
    assert not (clone.folder.parent / "no home").exists()


def test_prose_runs_nothing(clone: Clone) -> None:
    (chapter,) = clone.folder.glob("chapters/01_*.ipynb")
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    (cell, *_) = [c for c in notebook["cells"] if c["cell_type"] == "markdown"]
    cell["source"] = [*cell["source"], "\n\nA new sentence."]
    chapter.write_text(json.dumps(notebook), encoding="utf-8")
    assert "only the prose is new" in clone.do(*RUN)


def test_an_edit_in_the_dictionaries_room_trains_dictionaries_only(clone: Clone) -> None:
    path = clone.folder / "lib" / "sae" / "training.py"
    path.write_text(path.read_text(encoding="utf-8") + "\nA_NEW_CONSTANT = 1\n", encoding="utf-8")
    said = clone.do(*RUN)
    assert built(said) == {"dictionary"}
    first, second = clone.runs().values()
    assert first == second


@pytest.mark.timeout(900)
def test_killed_in_each_phase_it_ends_with_the_same_records(clone: Clone, tmp_path: Path) -> None:
    other = Clone(tmp_path, of=clone.folder)
    shelf = other.folder / ".cache" / "artifacts"
    # The number format is measured once for a machine; a measurement may come out otherwise.
    other.folder.joinpath(".cache").mkdir()
    shutil.copy(clone.folder / ".cache" / "machine.json", other.folder / ".cache")
    for phase in PHASES:
        process = other.start(*RUN)
        deadline = time.monotonic() + 200
        while not list(shelf.glob(f"{phase}-*.partial")):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.5)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        _, alive = psutil.wait_procs(family, timeout=20)
        assert not alive
        assert not other.runs()
    other.do(*RUN)
    (records,) = other.runs().values()
    assert records in clone.runs().values()
