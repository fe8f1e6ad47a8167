"""The teaching kit: no solution in it for students, the same code for all, usable elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
import toy_project
import yaml

from lib.cli.commands import main
from lib.core.errors import UserError
from lib.model.published.shelf import shelf
from lib.runs import collect, notebooks
from lib.runs.run_folders import Run
from lib.teaching import editions, exercises, kit, plans, slides
from lib.text.folders import source_files

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = notebooks.chapter_files()


@pytest.fixture(params=CHAPTERS)
def number(request: pytest.FixtureRequest) -> str:
    return request.param


def secrets(unit: exercises.Unit) -> list[str]:
    """Sentences that only teachers have."""
    texts = [card.solution for card in unit.cards] + [one.answer for one in unit.questions]
    return [text.strip() for text in texts]


def text_of(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell["source"] for cell in notebook["cells"])


def test_no_solution_reaches_students(number: str) -> None:
    chapter, unit = notebooks.read(CHAPTERS[number]), exercises.unit(number)
    text = text_of(editions.edition(chapter, number, unit))
    assert len(secrets(unit)) > 8
    assert not [told for told in secrets(unit) if told in text]
    assert "Solution</summary>" not in text
    assert "Hint</summary>" in text
    shown = text_of(editions.edition(chapter, number, unit, solved=True))
    assert all(told in shown for told in secrets(unit))


@pytest.mark.parametrize("solved", [False, True])
def test_an_edition_is_the_same_chapter(number: str, solved: bool) -> None:
    """Every other cell stays, every exercise is there, and the code is the same to every key."""
    chapter, unit = notebooks.read(CHAPTERS[number]), exercises.unit(number)
    made = editions.edition(chapter, number, unit, solved)
    nbformat.validate(made)
    ids = [cell["id"] for cell in made["cells"]]
    assert len(ids) == len(set(ids))
    kept = [cell for cell in made["cells"] if cell in chapter["cells"]]
    assert kept == [cell for cell in chapter["cells"] if cell["id"] != editions.CELL]
    assert notebooks.code_of(made) == notebooks.code_of(chapter)
    text = text_of(made)
    for card in unit.cards:
        assert f"exercise-{card.name}-answer" in ids
        assert card.title in text
    for card in (card for card in unit.cards if card.options):
        shown = [cell["id"] for cell in kept if f'"{card.figure}"' in cell["source"]]
        assert ids.index(f"exercise-{card.name}") < ids.index(shown[0]), "guess, then look"
    outline = editions.outline(chapter)
    assert outline.learn.endswith(".")
    assert outline.claim
    assert outline.title in chapter["cells"][0]["source"]


def test_other_parameters_are_written_into_the_cell(number: str) -> None:
    chapter = notebooks.read(CHAPTERS[number])
    made = editions.with_parameters(chapter, device="cpu", precision="fp32")
    changed = [
        (old["source"].splitlines(), new["source"].splitlines())
        for old, new in zip(chapter["cells"], made["cells"], strict=True)
        if old != new
    ]
    ((old, new),) = changed
    assert set(new) - set(old) == {'device = "cpu"', 'precision = "fp32"'}
    assert notebooks.code_of(made) == notebooks.code_of(chapter)


# --- plans and slides ----------------------------------------------------------------------------


UNITS = {number: exercises.unit(number) for number in CHAPTERS}
CARDS = {f"{number}.{card.name}": card for number, unit in UNITS.items() for card in unit.cards}
DECKS = {number: plans.deck(number, unit) for number, unit in UNITS.items()}


@pytest.mark.parametrize("session", plans.read().sessions, ids=lambda one: one.title)
def test_a_lesson_has_time_for_what_is_in_it(session: plans.Session) -> None:
    """Also to open a notebook, and for each slide; what to leave out when late is always told."""
    for part in session.parts:
        assert plans.needed(part, CARDS, DECKS) <= part.minutes, part.do
    working = [part for part in session.parts if "notebook" in part.do]
    assert all(part.early and part.late for part in working), "pairs are not equally fast"
    assert sum(bool(part.late) for part in session.parts) >= 2


@pytest.mark.parametrize(
    ("do", "minutes"),
    [
        ("In pairs, notebook 00: [[00.keep-largest]], then [[00.mmcs]]", 5 + 10 + 15),
        ("Notebook 02, and in this notebook [[02.alone]] or [[02.divide]]", 5 + 20),
        ("By hand: [[00.chance]]", 5),
        ("Slides 00, with all guesses", 10 + 3 * 2),
        ("Slides 00, with the guess [[00.chance]]", 10 + 2),
        ("Slides 01, words found", 0),
    ],
)
def test_what_a_part_takes(do: str, minutes: int) -> None:
    assert plans.needed(plans.Part(minutes=1, do=do), CARDS, DECKS) == minutes


@pytest.mark.parametrize(
    ("do", "told"),
    [
        ("[[90.twice]] in a notebook", "a part has 5 minutes and takes at least 10"),
        ("[[90.thrice]]", r"names the exercise '90\.thrice', which does not exist"),
        ("Slides 91, with all guesses", "names the slides '91', which do not exist"),
    ],
)
def test_a_part_that_cannot_be_held_is_refused(project: Path, do: str, told: str) -> None:
    text = PLANS.replace("[[90.twice]]", do)
    (project / "book" / "teaching" / "plans.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        plans.page({"90": exercises.unit("90")}, [])


def test_the_plan_has_every_answer_and_closes_its_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "seconds", lambda *_: 0.1)
    text = plans.page(UNITS, [])
    for line in text.splitlines():
        assert line.count("“") == line.count("”"), line
    assert "[[" not in text
    for unit in UNITS.values():
        assert all(one.looks in text and one.really in text for one in unit.misread)
        assert all(one.answer.strip() in text for one in unit.questions)


def test_a_lesson_that_does_not_add_up_is_refused() -> None:
    part = {"minutes": 5, "do": "Talk."}
    with pytest.raises(ValueError, match="takes 10 minutes and plans 5"):
        plans.Session(title="Short", minutes=10, needs="", parts=(part,))


class Slides(HTMLParser):
    """Counts slides and notes, and gathers what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.slides, self.notes, self.loads, self.untold = 0, 0, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.slides += tag == "section"
        self.notes += tag == "aside"
        self.loads += [given[key] for key in ("src", "href") if key in given]
        self.untold += [given["src"]] if tag == "img" and not given.get("alt") else []


RECORDED = [
    run for run in collect.gather([ROOT / "results"]) if (run.folder / "run.ipynb").is_file()
]


@pytest.mark.parametrize("run", RECORDED, ids=lambda run: run.meta["chapter"])
def test_slides_show_the_recorded_run_and_load_nothing_from_elsewhere(
    run: Run, tmp_path: Path
) -> None:
    number = run.meta["chapter"]
    path = slides.write(number, exercises.unit(number), run, tmp_path / "slides", ROOT)
    slides.copy_reveal(path.parent)
    deck = Slides()
    deck.feed(path.read_text(encoding="utf-8"))
    assert 12 <= deck.slides <= 15
    assert deck.notes == deck.slides, "each has notes for the speaker"
    assert not deck.untold
    for name in deck.loads:
        there = (path.parent / name).exists()
        assert there or name == "../pages/_static/mathjax/tex-chtml.js", name


def test_a_slide_without_its_figure_is_refused(tmp_path: Path) -> None:
    run = next(run for run in RECORDED if run.meta["chapter"] == "00")
    unit = exercises.unit("00").model_copy(update={"figures": ("fooled", "nowhere")})
    with pytest.raises(UserError, match=r"has no picture nowhere, which book/teaching/00\.yml"):
        slides.write("00", unit, run, tmp_path, ROOT)


# --- the kit -------------------------------------------------------------------------------------


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


UNIT = {
    "cards": [
        {
            "name": "twice", "title": "Twice", "kind": "write", "difficulty": 1, "minutes": 5,
            "task": "Double it.", "gives": "double", "start": "def double(x):\n    ...",
            "hints": ["Add it to itself.", "Or multiply."], "answer": "double = lambda x: 2 * x",
            "solution": "Multiply it by two, and look again.",
            "check": "def check(double):\n    return None if double(4) == 8 else 'That is not 8.'",
        }
    ]
}  # fmt: skip
PLANS = """
sessions:
  - title: A lesson
    minutes: 5
    needs: Nothing.
    parts: [{minutes: 5, do: "[[90.twice]]", early: "[[90.twice]]"}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = toy_project.activate(tmp_path / "a project", monkeypatch)
    write_chapter(folder, toy_project.CELLS)
    (folder / "book" / "workshop.md").write_text("# Kit\n", encoding="utf-8")
    (folder / "book" / "teaching").mkdir()
    (folder / "book" / "teaching" / "90.yml").write_text(yaml.safe_dump(UNIT), encoding="utf-8")
    (folder / "book" / "teaching" / "plans.yml").write_text(PLANS, encoding="utf-8")

    def no_pages(into: Path) -> list[Path]:
        (into / kit.PAGES).mkdir(parents=True)
        return []

    monkeypatch.setattr(kit, "recorded_pages", no_pages)
    return folder


def write_chapter(folder: Path, cells: dict[str, str]) -> None:
    path = toy_project.write_chapter(folder, cells)
    notebook = notebooks.read(path)
    notebook["cells"].append(nbformat.v4.new_markdown_cell("## Exercises", id="exercises"))
    notebook["cells"][0]["source"] += "\n\n**You will learn** how a toy\ngrows.\n\nMore."
    nbformat.write(notebook, path)


def test_the_kit(project: Path, capfd: pytest.CaptureFixture) -> None:
    before = files(project.parent)
    assert main(["workshop"]) == 0
    made = project / "_build" / "workshop"
    assert "plan.md" in capfd.readouterr().out
    new = {name for name in files(project.parent) - before if "/_build/" not in name}
    assert not new, "nothing is written elsewhere"
    assert {"README.md", "plan.md", "students.zip", "teachers/90_toy.ipynb"} <= files(made)
    assert {"students/README.md", "students/chapters/90_toy.ipynb"} <= files(made)
    assert {"students/lib/__main__.py", "students/book/claims.yml"} <= files(made)
    assert "Multiply it by two" in (made / "teachers" / "90_toy.ipynb").read_text()
    for path in (made / "students").rglob("*"):
        assert not path.is_file() or b"Multiply it by two" not in path.read_bytes()
        assert not path.is_file() or b"double = lambda" not in path.read_bytes()
    text = (made / "plan.md").read_text()
    assert "| 0–5 | *Twice* (90.twice, 5 minutes) | *Twice* (90.twice, 5 minutes) |  |" in text
    assert "| not recorded | not recorded | not recorded |" in text
    assert main(["workshop"]) == 0, "a second time, too"
    assert main(["workshop", "--wheels", "amiga"]) == 2
    assert "--wheels takes here, windows, macos" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("hint: Wheels are required for `docopt` because building from source is", "docopt"),
        ("hint: Wheels are available for `triton` (v3.2.0) on the following", "triton"),
        ("cause: Because there is no version of numpy==99 and you require", "numpy==99"),
        ("ERROR: No matching distribution found for torch==2.6", "torch==2.6"),
    ],
)
def test_a_package_without_a_wheel_is_named(
    said: str, named: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the words of uv 0.13 and of pip 23."""
    (project / "constraints.txt").touch()
    failed = subprocess.CompletedProcess([], 1, stderr=f"error: first\n{said}\n")
    monkeypatch.setattr(kit.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(UserError, match=f"no file of {named} was found for windows and Python 3"):
        kit.make(wheels=["windows"])
    failed.stderr = "error: Failed to fetch"
    with pytest.raises(UserError, match="could not all be fetched"):
        kit.make(wheels=["windows"])


CHECK = "from lib.core import paths; from lib.teaching import check; print(paths.root()); "
CHECK += "print(check('90.twice', lambda x: 2 * x), check('90.twice', lambda x: x))"


def test_the_zip_stands_alone(project: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere it is the students' folder, hidden files too, and uses its own `lib`."""
    model = Path(".cache") / shelf()["smollm2-135m"].path.relative_to(kit.paths.cache_folder())
    (project / model).parent.mkdir(parents=True)
    (project / model).write_bytes(b"a model")
    assert main(["workshop"]) == 0
    made = project / "_build" / "workshop"
    room = tmp_path / "another room"
    shutil.unpack_archive(made / "students.zip", room)
    assert str(model) in files(room / "students")
    assert files(room / "students") == files(made / "students")
    environment = {name: text for name, text in os.environ.items() if not name.startswith("LITTLE")}
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=room / "students", env=environment,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [str(room / "students"), "Right. Not yet. That is not 8."]


TEXT = "name: Fables\n  origin: anon\n  raw: 1 kB\n  get: ask\n  licence: "
TEXTS = f"fables:\n  {TEXT}CC0\n  pass_on: By nobody, under CC0.\npages:\n  {TEXT}each its own\n"


def test_texts_go_along_with_their_licence_where_it_lets_them(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    (project / "book" / "texts.yml").write_text(TEXTS, encoding="utf-8")
    folder = tmp_path / "fables"
    for path in (folder / "old" / "fox.txt", folder / "own notes.md", tmp_path / "pages.jsonl"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A fox saw grapes.", encoding="utf-8")
    assert main(["workshop", "--texts", str(folder)]) == 0
    students = project / "_build" / "workshop" / "students"
    there = students / "texts" / "fables"
    assert files(there) == {"old/fox.txt", "ORIGIN.md"}
    assert source_files(there) == [there / "old" / "fox.txt"], "a chapter reads nothing else"
    assert "By nobody, under CC0." in (there / "ORIGIN.md").read_text()
    assert 'source = "../texts/fables"  # Fables' in (students / "README.md").read_text()
    for name, told in {"pages.jsonl": "each its own", "fox.txt": "not known there"}.items():
        given = next(tmp_path.rglob(name))
        assert main(["workshop", "--texts", f"{folder},{given}"]) == 2
        said = capfd.readouterr().err
        assert "takes files or folders with the names of fables, which" in said
        assert f"{told})." in said
    assert main(["workshop", "--texts", "nowhere"]) == 2
    assert "there is no folder or file" in capfd.readouterr().err


def test_without_recorded_runs_there_is_no_kit(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever pages lie there: they may be of a smoke test."""
    monkeypatch.undo()
    monkeypatch.setattr(kit.paths, "results_folder", lambda: tmp_path)
    monkeypatch.setattr(kit.build, "build", lambda *_, **__: pytest.fail("pages were built"))
    with pytest.raises(UserError, match=r"it shows recorded runs only. No recorded run of chapter"):
        kit.make()


def test_what_was_trained_goes_along(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's artifacts, and no others; the notebooks ask for the same number format."""
    cell = (
        "from lib.cache import keys\nfrom lib.cache.artifacts import artifact\n"
        'made = artifact("toy", producer=keys, settings={}, seed=settings.seed,\n'
        '    build=lambda folder: (folder / "weights").write_text("w"))'
    )
    write_chapter(project, {"make": cell, **toy_project.CELLS})
    assert main(["run", "90", "--profile", "ci", "--seeds", "7"]) == 0
    assert main(["workshop", "--warm", "90", "--profile", "ci"]) == 0
    made = project / "_build" / "workshop"
    here = {path.name for path in (project / ".cache" / "artifacts").glob("toy-*")}
    (there,) = (made / "students" / ".cache" / "artifacts").iterdir()
    assert len(here) == 2
    assert there.name in here
    assert (there / "weights").read_text() == "w"
    assert json.loads((there / "artifact.json").read_text())["seed"] == 0
    for folder in ("teachers", "students/chapters"):
        text = (made / folder / "90_toy.ipynb").read_text()
        assert 'precision = \\"fp32\\"' in text
        assert 'profile = \\"ci\\"' in text
    # With a chapter that fails there is no kit, and the old one stays.
    write_chapter(project, {"bad": "1 / 0", **toy_project.CELLS})
    with pytest.raises(UserError, match=r"No kit was made.*ZeroDivisionError"):
        kit.make(["90"], "ci")
    assert there.is_dir()


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_kit_runs_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the kit's own `lib`: students' notebooks as they are, and with the solutions pasted in."""
    made = tmp_path / "made"
    monkeypatch.setattr(kit.paths, "build_folder", lambda: made)
    kit.make()
    assert (made / "workshop" / "pages" / "index.html").is_file()
    assert len(list((made / "workshop" / "slides").glob("*.html"))) == len(CHAPTERS)
    room = tmp_path / "a room" / "kit"
    room.parent.mkdir()
    (made / "workshop").rename(room)
    before = files(room)
    home = {"PYTHONPATH": str(room / "students"), "HOME": str(tmp_path / "no home")}
    environment = {**os.environ, **home}
    environment.pop("LITTLE_DICTIONARIES_HOME", None)
    chosen = ["run", "00", "--profile", "ci", "--device", "cpu"]
    done = subprocess.run(
        [sys.executable, "-m", "lib", *chosen],
        cwd=room / "students", env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "runs/00/ci-toy" in done.stdout
    for number in ("00", "05"):
        teachers, students = (
            notebooks.read(next((room / part).glob(f"{number}_*.ipynb")))
            for part in ("teachers", "students/chapters")
        )
        answers = {cell["id"]: cell["source"] for cell in teachers["cells"]}
        for cell in students["cells"]:
            if cell["id"].endswith("-answer"):
                cell["source"] = answers[cell["id"]]
        pasted = tmp_path / f"{number}.ipynb"
        nbformat.write(students, pasted)
        out = tmp_path / f"{number}_out.ipynb"
        papermill = [sys.executable, "-m", "papermill", str(pasted), str(out), "-k", "python3"]
        papermill += ["-p", "profile", "ci", "-p", "device", "cpu"]
        subprocess.run(
            papermill, cwd=room / "students" / "chapters", env=environment, check=True,
            capture_output=True,
        )  # fmt: skip
        cells = [one for one in notebooks.read(out)["cells"] if one["id"].endswith("-answer")]
        assert len(cells) == len(exercises.unit(number).cards)
        for cell in cells:
            shown = cell["outputs"][-1]["data"]["text/plain"]
            assert shown.startswith("Right."), f"{cell['id']}: {shown}"
    new = files(room) - before
    assert {name.split("/")[1] for name in new if "__pycache__" not in name} <= {"runs", ".cache"}
