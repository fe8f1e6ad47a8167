"""The teaching kit: no solution in it for students, the same code for all, usable elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import toy_project

from lib.cli import editions, workshop
from lib.cli.commands import main
from lib.core.errors import UserError
from lib.runs import notebooks

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return notebooks.read(request.param)


def solutions(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """The lines of all solutions, found by their last word and not by the editions' pattern."""
    for cell in notebook["cells"]:
        inside = False
        for line in cell["source"].splitlines():
            inside = inside or "<summary>Solution" in line
            if inside and len(line) > 20 and "<summary>" not in line:
                yield line
            inside = inside and "</details>" not in line


def test_no_solution_reaches_students(chapter: nbformat.NotebookNode) -> None:
    told = list(solutions(chapter))
    made = editions.for_students(chapter)
    text = "\n".join(cell["source"] for cell in made["cells"])
    assert told, "a chapter has exercises with solutions"
    assert not [line for line in told if line in text]
    assert "Solution</summary>" not in text
    assert "details>" not in text


def test_the_students_edition_is_the_same_chapter(chapter: nbformat.NotebookNode) -> None:
    """Every other cell stays, every exercise is there, and the code is the same to every key."""
    made = editions.for_students(chapter)
    nbformat.validate(made)
    ids = [cell["id"] for cell in made["cells"]]
    assert len(ids) == len(set(ids))
    kept = [cell for cell in made["cells"] if cell in chapter["cells"]]
    assert len(kept) == len(chapter["cells"]) - 1
    assert notebooks.code_of(made) == notebooks.code_of(chapter)
    answers = [cell for cell in made["cells"] if cell["id"].endswith("-answer")]
    outline = editions.outline(chapter)
    assert len(answers) == len(outline.exercises) > 1
    text = "\n".join(cell["source"] for cell in made["cells"])
    assert all(heading in text for heading in outline.exercises)
    assert outline.learn.endswith(".")
    assert outline.title in chapter["cells"][0]["source"]


def test_each_exercise_has_one_solution(chapter: nbformat.NotebookNode) -> None:
    """Otherwise a solution is written in a way that the editions do not know."""
    text = "\n".join(cell["source"] for cell in chapter["cells"])
    assert len(editions.SOLUTION.findall(text)) == text.count("<details>")
    assert len(editions.SOLUTION.findall(text)) == len(editions.outline(chapter).exercises)


def test_other_parameters_are_written_into_the_cell(chapter: nbformat.NotebookNode) -> None:
    made = editions.with_parameters(chapter, device="cpu", precision="fp32")
    changed = [
        (old["source"].splitlines(), new["source"].splitlines())
        for old, new in zip(chapter["cells"], made["cells"], strict=True)
        if old != new
    ]
    ((old, new),) = changed
    assert set(new) - set(old) == {'device = "cpu"', 'precision = "fp32"'}
    assert notebooks.code_of(made) == notebooks.code_of(chapter)


# --- the kit -------------------------------------------------------------------------------------


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


EXERCISES = """## Exercises

**1. Twice.** Double it.

<details><summary>Solution</summary>

Multiply it by two, and look again.

</details>

**2. Half.** Halve it."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = toy_project.activate(tmp_path / "a project", monkeypatch)
    path = toy_project.write_chapter(folder, toy_project.CELLS)
    notebook = notebooks.read(path)
    notebook["cells"].append(nbformat.v4.new_markdown_cell(EXERCISES, id="exercises"))
    notebook["cells"][0]["source"] += "\n\n**You will learn** how a toy\ngrows.\n\nMore."
    nbformat.write(notebook, path)
    (folder / "book" / "workshop.md").write_text("# Kit\n", encoding="utf-8")
    return folder


def test_the_kit(project: Path, capfd: pytest.CaptureFixture) -> None:
    before = files(project.parent)
    (project / "_build" / "html").mkdir(parents=True)
    (project / "_build" / "html" / "index.html").write_text("<p>Hello</p>")
    assert main(["workshop", "--studies", "90"]) == 0
    kit = project / "_build" / "workshop"
    assert "plan.md" in capfd.readouterr().out
    new = {name for name in files(project.parent) - before if "/_build/" not in name}
    assert not new, "nothing is written elsewhere"
    assert {"README.md", "plan.md", "students.zip", "teachers/90_toy.ipynb"} <= files(kit)
    assert {"pages/index.html", "students/chapters/90_toy.ipynb"} <= files(kit)
    assert {"students/lib/__main__.py", "students/book/claims.yml"} <= files(kit)
    assert "Multiply it by two" in (kit / "teachers" / "90_toy.ipynb").read_text()
    for path in (kit / "students").rglob("*"):
        assert not path.is_file() or b"Multiply it by two" not in path.read_bytes()
    text = (kit / "plan.md").read_text()
    assert "how a toy grows." in text
    assert "exercise 1, *Twice*" in text
    assert "| not recorded | not recorded |" in text
    assert "| 0–10 |" in text
    assert "| 85–90 |" in text
    assert main(["workshop", "--studies", "90"]) == 0, "a second time, too"
    assert main(["workshop", "--studies", "91"]) == 2
    assert "did you mean '90'" in capfd.readouterr().err


def test_what_was_trained_goes_along(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's artifacts, and no others; the notebooks ask for the same number format."""
    cell = (
        "from lib.cache import keys\nfrom lib.cache.artifacts import artifact\n"
        'made = artifact("toy", producer=keys, settings={}, seed=settings.seed,\n'
        '    build=lambda folder: (folder / "weights").write_text("w"))'
    )
    toy_project.write_chapter(project, {"make": cell, **toy_project.CELLS})
    assert main(["run", "90", "--profile", "ci", "--seeds", "7"]) == 0
    assert main(["workshop", "--studies", "90", "--warm", "90", "--profile", "ci"]) == 0
    kit = project / "_build" / "workshop"
    here = {path.name for path in (project / ".cache" / "artifacts").glob("toy-*")}
    (there,) = (kit / "students" / ".cache" / "artifacts").iterdir()
    assert len(here) == 2
    assert there.name in here
    assert (there / "weights").read_text() == "w"
    assert json.loads((there / "artifact.json").read_text())["seed"] == 0
    for folder in ("teachers", "students/chapters"):
        text = (kit / folder / "90_toy.ipynb").read_text()
        assert 'precision = \\"fp32\\"' in text
        assert 'profile = \\"ci\\"' in text
    # With a chapter that fails there is no kit, and the old one stays.
    toy_project.write_chapter(project, {"bad": "1 / 0", **toy_project.CELLS})
    with pytest.raises(UserError, match=r"No kit was made.*ZeroDivisionError"):
        workshop.make(["90"], ["90"], "ci")
    assert there.is_dir()


@pytest.mark.slow
def test_a_kit_runs_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The students' copy of the primer by the kit's own `lib`; the teachers' by plain papermill."""
    made = tmp_path / "made"
    monkeypatch.setattr(workshop.paths, "build_folder", lambda: made)
    workshop.make(["01", "05"])
    kit = tmp_path / "a room" / "kit"
    kit.parent.mkdir()
    (made / "workshop").rename(kit)
    before = files(kit)
    home = {"PYTHONPATH": str(kit / "students"), "HOME": str(tmp_path / "no home")}
    environment = {**os.environ, **home}
    environment.pop("LITTLE_DICTIONARIES_HOME", None)
    command = [sys.executable, "-m", "lib", "run", "00", "--profile", "ci", "--device", "cpu"]
    done = subprocess.run(
        command, cwd=kit / "students", env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "runs/00/ci-toy" in done.stdout
    teachers = kit / "teachers" / "00_primer.ipynb"
    papermill = [sys.executable, "-m", "papermill", str(teachers), str(tmp_path / "out.ipynb")]
    papermill += ["-p", "profile", "ci", "-p", "device", "cpu", "-k", "python3"]
    environment["HOME"] = str(tmp_path / "papermill's home")
    subprocess.run(papermill, cwd=tmp_path, env=environment, check=True, capture_output=True)
    new = files(kit) - before
    assert {name.split("/")[1] for name in new if "__pycache__" not in name} <= {"runs", ".cache"}
    assert {path.name for path in tmp_path.iterdir()} <= {
        "a room", "made", "out.ipynb", "papermill's home"
    }  # fmt: skip
