"""Chapters on a machine like Colab's: what is missing is fetched, what is there stays, and a run
that was cut off goes on from what it kept on the drive."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import colab_like
import nbformat
import pytest
from nbclient.exceptions import DeadKernelError

from lib.cli import repository
from lib.evidence import records
from lib.evidence.verdicts import claims
from lib.runs.notebooks import chapter_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CHAPTERS = chapter_files()
VERSIONS = """
import importlib.metadata, json
print(json.dumps({d.name: d.version for d in importlib.metadata.distributions()}))
"""
MISSING = {"diptest", "gguf", "jaxtyping"}
# fp16 is what a T4 multiplies in; here the CPU does.
AS_ON_A_T4 = {"profile": "ci", "precision": "fp16"}
OTHER_PYTHON = "LITTLE_DICTIONARIES_COLAB_PYTHON"
"""Names an interpreter to be used instead: one with Colab's own versions."""


@pytest.fixture(scope="module")
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., colab_like.Colab]:
    """Makes machines, all of which share the installed packages."""
    folder = tmp_path_factory.mktemp("colab")
    where = repository.repository(colab_like.ROOT)
    given = os.environ.get(OTHER_PYTHON)
    python = Path(given) if given else colab_like.colab_python(folder / "python")
    colab_like.add_stand_in(python)
    colab_like.make_wheels(["jaxtyping", "diptest", "gguf", "setuptools"], folder / "wheels")
    address = colab_like.repository_of_today(folder / "repository", where.branch)
    machine = colab_like.machine_environment(where.url, folder / "wheels", address)

    def make(name: str, **more: str) -> colab_like.Colab:
        return colab_like.Colab(python, folder / name, {**machine, **more})

    return make


@pytest.fixture(scope="module")
def versions_before(new_machine: Callable[..., colab_like.Colab]) -> dict[str, str]:
    """What is installed before any set-up cell ran."""
    return new_machine("before").ask(VERSIONS)


def test_set_up_adds_what_is_missing_and_leaves_the_rest_alone(
    new_machine: Callable[..., colab_like.Colab], versions_before: dict[str, str]
) -> None:
    assert not MISSING & set(versions_before) or os.environ.get(OTHER_PYTHON)
    assert not {"papermill", "little-dictionaries"} & set(versions_before)
    machine = new_machine("set-up")
    notebook = nbformat.read(CHAPTERS["00"], as_version=4)
    names = [cell["id"] for cell in notebook["cells"]]
    notebook["cells"] = notebook["cells"][: names.index("load-settings") + 1]
    machine.run(notebook)
    after = machine.ask(VERSIONS)
    assert versions_before.items() <= after.items()
    assert set(after) >= MISSING | {"little-dictionaries"}
    assert os.listdir(machine.content) == [
        repository.repository(colab_like.ROOT).slug.split("/")[1]
    ]


@pytest.mark.usefixtures("versions_before")
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_from_top_to_bottom(
    chapter: str, new_machine: Callable[..., colab_like.Colab]
) -> None:
    notebook = nbformat.read(CHAPTERS[chapter], as_version=4)
    run = new_machine(f"chapter-{chapter}").run(colab_like.with_values(notebook, **AS_ON_A_T4))
    found = records.read_outputs(run)
    for entry in claims(chapter).values():
        assert set(entry.show) <= set(found.records)
    assert found.settings["environment"]["precision"] == "fp16"
    shown = [o for cell in run["cells"] for o in cell.get("outputs", ()) if "data" in o]
    widgets = [o for o in shown if "application/vnd.jupyter.widget-view+json" in o["data"]]
    assert widgets or not {"slider", "play", "browser"} & called(notebook)


def called(notebook: Any) -> set[str]:
    """First words of the notebook's cells and lines."""
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return set(re.findall(r"^(\w+)\(", "\n".join(cells), re.MULTILINE))


# Fifteen seconds between two checkpoints, and five between two lines of progress, are soon over.
FAST_CLOCK = """
import time
from types import SimpleNamespace
import lib.core.progress, lib.model.training, lib.sae.training
fast = SimpleNamespace(monotonic=lambda: 300 * time.monotonic())
for module in (lib.core.progress, lib.model.training, lib.sae.training):
    module.time = fast
"""


def opening_of_chapter_01(drive: Path | None) -> Any:
    """Its cells up to the numbers of the language model and the dictionaries."""
    notebook = nbformat.read(CHAPTERS["01"], as_version=4)
    names = [cell["id"] for cell in notebook["cells"]]
    del notebook["cells"][names.index("record-fit") + 1 :]
    clock = nbformat.v4.new_code_cell(FAST_CLOCK, id="clock")
    notebook["cells"].insert(names.index("colab-setup") + 1, clock)
    if drive:
        notebook["cells"].insert(0, nbformat.v4.new_code_cell(keep_in(drive), id="keep"))
    values = {"profile": "ci", "lm_steps": 400, "sae_steps": 400, "dictionaries": 2}
    return colab_like.with_values(notebook, **values)


def keep_in(drive: Path) -> str:
    """The cell that the page "How to run it" tells to write, for another folder."""
    page = (colab_like.ROOT / "book" / "how_to_run.md").read_text(encoding="utf-8")
    (cell,) = (part for part in re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    named = "/content/drive/MyDrive/little-dictionaries"
    assert named in cell
    return cell.replace(named, str(drive))


def cut_off(machine: colab_like.Colab, notebook: Any, sign: str, drive: Path) -> None:
    """Runs the notebook, and kills its kernel as soon as `sign` is on the drive."""
    client = machine.client(notebook)

    def kill() -> None:
        end = time.monotonic() + 120
        while not list(drive.glob(sign)) and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(client.km.provisioner.pid, signal.SIGKILL)

    watch = threading.Thread(target=kill)
    watch.start()
    with pytest.raises(DeadKernelError):
        client.execute(env=machine.environment)
    watch.join()


@pytest.mark.usefixtures("versions_before")
def test_a_run_that_was_cut_off_goes_on_from_the_drive(
    new_machine: Callable[..., colab_like.Colab], tmp_path: Path
) -> None:
    whole = new_machine("whole").run(opening_of_chapter_01(None))
    drive = tmp_path / "MyDrive" / "little dictionaries"
    notebook = opening_of_chapter_01(drive)
    for name, made in (("first", "language-model"), ("second", "dictionary")):
        sign = f"artifacts/{made}-*.partial/checkpoint.pt"
        cut_off(new_machine(name, STAND_IN_DRIVE=str(drive.parent)), notebook, sign, drive)
    last = new_machine("last", STAND_IN_DRIVE=str(drive.parent)).run(notebook)
    said = {cell["id"]: colab_like.text_of(cell) for cell in last["cells"] if "outputs" in cell}
    assert "mounted at /content/drive" in said["keep"]
    assert "language model: reused" in said["build-model"]
    assert "going on from step" in said["fit-all"]
    assert re.search(r"\d+ / 400 \(\d+%\), \d+ .* left", said["fit-all"])
    assert list(drive.glob("artifacts/dictionary-*/member-000/sae.safetensors"))
    assert not list(drive.glob("artifacts/activations-*"))
    assert records.read_outputs(last).records == records.read_outputs(whole).records
