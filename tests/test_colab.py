"""Chapters on a machine like Colab's: what is missing is fetched, what is there stays, and a run
that was cut off goes on from what it kept on the drive."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import colab_like
import nbformat
import pytest

from lib.book import records, repository
from lib.book.notebooks import chapter_files
from lib.book.verdicts import claims

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CHAPTERS = chapter_files()
VERSIONS = """
import importlib.metadata, json
print(json.dumps({d.name: d.version for d in importlib.metadata.distributions()}))
"""
MISSING = {"diptest", "jaxtyping"}
OTHER_PYTHON = "LITTLE_DICTIONARIES_COLAB_PYTHON"
"""Names an interpreter to be used instead: one with Colab's own versions."""


@pytest.fixture(scope="module")
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., colab_like.Colab]:
    """Makes machines, all of which share the installed packages."""
    folder = tmp_path_factory.mktemp("colab")
    where = repository.repository(colab_like.ROOT)
    given = os.environ.get(OTHER_PYTHON)
    python = Path(given) if given else colab_like.colab_python(folder / "python")
    colab_like.make_wheels(["jaxtyping", "diptest"], folder / "wheels")
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
    assert set(after) >= MISSING
    assert os.listdir(machine.content) == [
        repository.repository(colab_like.ROOT).slug.split("/")[1]
    ]


@pytest.mark.usefixtures("versions_before")
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_from_top_to_bottom(
    chapter: str, new_machine: Callable[..., colab_like.Colab]
) -> None:
    notebook = nbformat.read(CHAPTERS[chapter], as_version=4)
    run = new_machine(f"chapter-{chapter}").run(colab_like.with_values(notebook, profile="ci"))
    found = records.read_outputs(run)
    for entry in claims(chapter).values():
        assert set(entry.show) <= set(found.records)
    assert found.settings["settings"]["profile"] == "ci"
    shown = [o for cell in run["cells"] for o in cell.get("outputs", ()) if "data" in o]
    widgets = [o for o in shown if "application/vnd.jupyter.widget-view+json" in o["data"]]
    assert widgets or not {"slider", "play", "browser"} & called(notebook)


def called(notebook: Any) -> set[str]:
    """First words of the notebook's cells and lines."""
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return set(re.findall(r"^(\w+)\(", "\n".join(cells), re.MULTILINE))
