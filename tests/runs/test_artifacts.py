"""Artifacts and keys: made once, made again exactly when their content would differ."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import NamedTuple

import pytest
import torch

import lib.model.config
from lib.cache import keys
from lib.cache.artifacts import artifact, cached
from lib.core import paths
from lib.core.device import Machine
from lib.core.errors import UserError

PACKAGE = paths.package_folder()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    return tmp_path


class Text(NamedTuple):
    """What an artifact is made from."""

    key: str


class Workshop:
    """Builds an artifact and counts how often."""

    def __init__(self) -> None:
        self.built = 0

    def make(self, **changes: object) -> Path:
        def build(folder: Path) -> None:
            self.built += 1
            (folder / "weights").write_text(str(self.built))

        arguments = {
            "producer": lib.model.config,
            "settings": {"width": 8, "sizes": (1, 2)},
            "inputs": [Text("text")],
            "seed": 0,
            "build": build,
        }
        return artifact(changes.pop("name", "toy"), **(arguments | changes))


def test_the_same_is_made_once(capfd: pytest.CaptureFixture) -> None:
    shop = Workshop()
    first = shop.make()
    assert shop.make() == first
    assert shop.make(settings={"sizes": [1, 2], "width": 8}) == first
    assert shop.built == 1
    assert (first / "weights").read_text() == "1"
    assert capfd.readouterr().err.splitlines()[-1] == "toy: reused"


@pytest.mark.parametrize(
    "change",
    [
        {"settings": {"width": 9, "sizes": (1, 2)}},
        {"inputs": [Text("other")]},
        {"seed": 1},
        {"producer": keys},
        {"machine": Machine(torch.device("cpu"), "fp32")},
        {"name": "toy-2"},
    ],
)
def test_what_matters_is_in_the_key(change: dict) -> None:
    shop = Workshop()
    assert shop.make() != shop.make(**change)
    assert shop.built == 2


def test_device_and_precision_are_in_the_key() -> None:
    shop, cpu = Workshop(), torch.device("cpu")
    made = [shop.make(machine=Machine(cpu, format)) for format in ("fp32", "bf16")]
    made.append(shop.make(machine=Machine(torch.device("meta"), "fp32")))
    assert len(set(made)) == 3


def test_a_damaged_artifact_is_made_again_with_a_sentence(capfd: pytest.CaptureFixture) -> None:
    built = []

    def build(folder: Path) -> None:
        built.append(folder)
        (folder / "number").write_text("7")

    def load(folder: Path) -> int:
        return int((folder / "number").read_text())

    arguments = {"producer": keys, "settings": {}, "seed": 0, "build": build, "load": load}
    assert cached("toy", **arguments) == 7
    for path in paths.cache_folder().glob("artifacts/toy-*/number"):
        path.write_text("seven")
    assert cached("toy", **arguments) == 7
    assert len(built) == 2
    assert "cannot be read and is made again" in capfd.readouterr().err
    assert cached("toy", **arguments) == 7
    assert len(built) == 2


def test_it_stays_inside_the_project(home: Path) -> None:
    folder = Workshop().make()
    assert folder.is_relative_to(home / ".cache")


def test_it_is_kept_on_a_drive_that_knows_no_locks(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = home / "drive" / "a folder"
    monkeypatch.setenv(paths.KEEP_VARIABLE, str(drive))
    shop = Workshop()
    folder, local = shop.make(), shop.make(name="activations", local_only=True)
    assert folder.is_relative_to(drive)
    assert local.is_relative_to(home / ".cache")
    # Neither locks, nor what is only of this machine.
    there = {path.relative_to(drive).as_posix() for path in drive.rglob("*")}
    inside = {f"artifacts/{folder.name}/{name}" for name in ("weights", "artifact.json")}
    assert there == {"artifacts", f"artifacts/{folder.name}", *inside}
    shutil.rmtree(home / ".cache")  # another machine, the same drive
    assert shop.make() == folder
    assert shop.built == 2


def test_a_drive_that_is_not_there_is_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv(paths.KEEP_VARIABLE, str(home / "file" / "folder"))
    with pytest.raises(UserError, match="is the drive mounted"):
        Workshop().make()


def test_a_failed_build_leaves_its_checkpoints_and_no_artifact() -> None:
    def fails(folder: Path) -> None:
        (folder / "checkpoint").write_text("half")
        raise RuntimeError("killed")

    seen = []

    def resumes(folder: Path) -> None:
        seen.append((folder / "checkpoint").read_text())

    arguments = {"producer": keys, "settings": {}, "seed": 0}
    with pytest.raises(RuntimeError):
        artifact("toy", build=fails, **arguments)
    folder = artifact("toy", build=resumes, **arguments)
    assert seen == ["half"]
    assert not folder.with_name(folder.name + ".partial").exists()


def test_a_folder_without_its_description_is_not_whole() -> None:
    shop = Workshop()
    (shop.make() / "artifact.json").unlink()
    shop.make()
    assert shop.built == 2


def test_ill_formed_names_and_settings_are_refused() -> None:
    with pytest.raises(UserError, match="lower-case"):
        Workshop().make(name="Toy/../x")
    with pytest.raises(TypeError, match="is a path"):
        Workshop().make(settings={"folder": Path("/somewhere")})


SCRIPT = """
import sys, time
from pathlib import Path
from lib.cache import keys
from lib.cache.artifacts import artifact

def build(folder):
    with open(Path(sys.argv[1]) / "builds", "a") as file:
        file.write("x")
    for step in range(int(sys.argv[2])):
        (folder / "checkpoint").write_text(str(step))
        time.sleep(0.1)

print(artifact("toy", producer=keys, settings={}, seed=0, build=build))
"""


def start(home: Path, steps: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(home), str(steps)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PACKAGE.parent,
    )


def test_two_processes_build_it_once(home: Path) -> None:
    processes = [start(home, 5) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert (home / "builds").read_text() == "x"
    assert said[0].splitlines()[-1] == said[1].splitlines()[-1]


def test_kill_leaves_nothing_broken(home: Path) -> None:
    process = start(home, 1000)
    shelf = home / ".cache" / "artifacts"
    deadline = time.monotonic() + 60
    while not list(shelf.glob("toy-*.partial/checkpoint")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert list(shelf.glob("toy-*.partial/checkpoint"))
    again = start(home, 0)
    folder = Path(again.communicate(timeout=60)[0].splitlines()[-1])
    assert (folder / "checkpoint").exists()


# --- the code in a key -------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of `lib`, to be edited."""
    copy = tmp_path / "copy" / "lib"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def code(package: Path, *modules: str) -> str:
    return keys.code_hash(keys.closure(modules, package=package))


def edit(package: Path, file: str, old: str, new: str) -> None:
    path = package / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    # The clock of a file system may be too coarse for two edits in a row.
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns + 1))


def test_an_edit_in_the_dictionaries_room_leaves_the_model_alone(package: Path) -> None:
    model, dictionary = ("lib.model.transformer",), ("lib.sae.autoencoders",)
    before = code(package, *model), code(package, *dictionary)
    with (package / "sae" / "autoencoders.py").open("a", encoding="utf-8") as file:
        file.write("\nNEW_CONSTANT = 3\n")
    assert code(package, *model) == before[0]
    assert code(package, *dictionary) != before[1]


def test_an_edit_in_a_room_before_reaches_the_rooms_after(package: Path) -> None:
    before = code(package, "lib.model.transformer")
    edit(package, "core/device.py", "SPEEDUP_WANTED = 1.5", "SPEEDUP_WANTED = 1.6")
    if "lib.core.device" in keys.closure(["lib.model.transformer"], package=package):
        assert code(package, "lib.model.transformer") != before
    assert code(package, "lib.core.device") != code(PACKAGE, "lib.core.device")


def test_comments_docstrings_and_messages_of_progress_train_nothing(package: Path) -> None:
    before = code(package, "lib.core.device")
    edit(package, "core/device.py", '"""Device and', '# a remark\n"""Or rather device and')
    edit(package, "core/progress.py", "left", "to go")
    assert code(package, "lib.core.device") == before


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x = 1  # why", "x=1", True),
        ('def f():\n    "doc"\n    return 1', "def f():\n    return 1", True),
        ('class A:\n    """Doc."""\n    x = 1', "class A:\n    x = 1", True),
        ("x = 1", "x = 2", False),
        ("x = 1", "x = 1.0", False),
        ("x = True", "x = 1", False),
        ("x = None", "x = ''", False),
        ("def f(): return 1", "def f(): return", False),
        ("f(a)", "f(a=a)", False),
        ("%matplotlib inline", "%matplotlib  inline", False),
    ],
)
def test_normalised_code(one: str, other: str, same: bool) -> None:
    assert (keys.normalise(one) == keys.normalise(other)) is same


def test_imports_are_found_wherever_they_stand() -> None:
    source = textwrap.dedent(
        """
        from . import records
        from ..settings import base
        import lib.core.device as d
        def f():
            from lib.sae import metrics
        """
    )
    found = keys.imports_of(source, "lib.evidence.run_context")
    assert {"lib.evidence.records", "lib.settings.base", "lib.core.device"} <= found
    assert "lib.sae.metrics" in found


def test_the_sizes_of_other_profiles_are_not_code(package: Path) -> None:
    words = package / "studies" / "words"
    (words / "profiles.yml").write_text("cpu: {width: 1}\n")
    (words / "settings.py").write_text("A = 1\n")
    before = code(package, "lib.studies.words.settings")
    (words / "profiles.yml").write_text("cpu: {width: 2}\n")
    assert code(package, "lib.studies.words.settings") == before
    edit(package, "studies/words/settings.py", "A = 1", "A = 2")
    assert code(package, "lib.studies.words.settings") != before
