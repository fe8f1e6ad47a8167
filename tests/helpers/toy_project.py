"""A project of one tiny chapter in a folder of its own, for tests of runs, records and pages."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lib import evidence
from lib.studies.registry import schema

SETTINGS = """
from typing import Any, ClassVar, NamedTuple

from pydantic import Field, model_validator

from lib.settings.base import ChapterSettings


class ToySource(NamedTuple):
    label: str
    real: bool
    bundled: bool
    fingerprint: str


class Settings(ChapterSettings):
    chapter: ClassVar[str] = "90"

    size: int = Field(gt=0)
    sizes: tuple[int, ...] = ()
    rate: float = Field(gt=0)
    switch: bool = False

    @model_validator(mode="after")
    def _fits(self):
        if self.size == 13:
            raise ValueError("size must not be 13")
        return self

    def data_source(self) -> Any:
        real = self.source != "bundled"
        label = self.source.rsplit("/", 1)[-1] if real else "storyworld"
        return ToySource(label, real, not real, "toy " + label)
"""

PROFILES = """
all: {rate: 0.5}
ci: {size: 1}
cpu: {size: 2}
night: {size: 2}
t4: {size: 3}
paper: {size: 4}
"""

CLAIMS = """
toy.grows:
  chapter: "90"
  statement: The toy grows.
  document: by a lot
  scale: cpu
  show: [growth]
  criterion:
    replicated:
      - {record: growth, bound: low, op: ">", value: {record: control, bound: high, times: 2}}
    partly:
      - {record: growth, bound: mean, op: ">", value: 0}
toy.later:
  chapter: "91"
  statement: Something else.
  document: "2"
  scale: paper
  criterion: pending
"""

PARAMETERS = """\
profile = "cpu"
seed = 0
source = None
device = "auto"
precision = "auto"
size = None
sizes = None
rate = None
switch = None"""

CELLS = {
    "measure": """\
record("growth", 10.0 * settings.size + settings.seed, low=9.0, high=90.0, n=5, over="runs")
record("control", 1.0, low=0.5, high=2.0, n=5, over="runs")
record("sizes_seen", list(settings.sizes))""",
    "show": 'say("It grew by {growth:.0f}.")\nclaims_table()',
}


def load(chapter: str, names: dict[str, Any]) -> Any:
    """Settings from the names of a notebook, as its second cell takes them."""
    return evidence.load(schema(chapter), names)


def make_project(folder: Path, cells: dict[str, str] | None = None) -> Path:
    """Writes chapter 90 with its settings and claims; returns the folder."""
    (folder / "chapters").mkdir(parents=True)
    (folder / "book").mkdir()
    (folder / "book" / "claims.yml").write_text(CLAIMS, encoding="utf-8")
    (folder / "toy_study").mkdir()
    (folder / "toy_study" / "settings.py").write_text(SETTINGS, encoding="utf-8")
    (folder / "toy_study" / "profiles.yml").write_text(PROFILES, encoding="utf-8")
    write_chapter(folder, cells or CELLS)
    return folder


def activate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes the project and lets this process work in it."""
    make_project(folder)
    activate_again(folder, monkeypatch)
    return folder


def activate_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets this process work in a project that was made before."""
    from lib.core import paths
    from lib.evidence import run_context
    from lib.runs import scorecard
    from lib.studies import registry

    monkeypatch.setenv(paths.HOME_VARIABLE, str(folder))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setitem(registry.STUDIES, "90", "toy_study")
    # Another test's chapter 90 lived in another folder.
    sys.modules.pop("toy_study", None)
    sys.modules.pop("toy_study.settings", None)
    scorecard.current_code.cache_clear()
    run_context.begin()


def write_chapter(folder: Path, cells: dict[str, str], prose: str = "Some words.") -> Path:
    """Writes the notebook of chapter 90; `cells` maps ids to code."""
    setup = f"import sys\nsys.path.insert(0, {str(folder)!r})"
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# A toy chapter", id="title"),
            new_code_cell(setup, id="setup"),
            new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
            new_code_cell(
                "from lib.evidence import *\nfrom toy_study.settings import Settings\n"
                "settings = load(Settings, globals())",
                id="load",
            ),
            new_markdown_cell(prose, id="prose"),
            *(new_code_cell(source, id=name) for name, source in cells.items()),
        ]
    )
    notebook["metadata"]["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    path = folder / "chapters" / "90_toy.ipynb"
    nbformat.write(notebook, path)
    return path


def read_records(run: Path) -> dict:
    """`records.json` of a run, with the records by name."""
    meta = json.loads((run / "records.json").read_text(encoding="utf-8"))
    meta["records"] = {entry["name"]: entry for entry in meta["records"]}
    return meta


def command(folder: Path, *arguments: str) -> list[str]:
    """`python -m lib ARGUMENTS` for the toy project, as a process of its own."""
    script = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from lib.studies import registry; registry.STUDIES['90'] = 'toy_study'\n"
        "from lib.cli.commands import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    return [sys.executable, "-c", script, *arguments]
