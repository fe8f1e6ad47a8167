"""Runs: validated before they start, whole or absent, never repeated without need."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
import toy_project

from lib.cli.commands import main
from lib.core.device import processor
from lib.core.errors import UserError
from lib.runs import engines, notebooks, plan, processes, run_folders, speed


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return toy_project.activate(tmp_path / "a {project}", monkeypatch)


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the test when a run is started."""

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(processes.subprocess, "Popen", refuse)


def the_plan(**parameters: object) -> plan.RunSpec:
    seed = parameters.pop("seed", 0)
    found = plan.plan_runs(notebooks.find_chapters(["90"]), {"profile": "ci"} | parameters, [seed])
    return found[0]


def finish(one: plan.RunSpec, notebook: Path) -> None:
    """What a run leaves, without running."""
    one.folder.mkdir(parents=True)
    nbformat.write(notebooks.read(notebook), one.folder / run_folders.NOTEBOOK)
    marker = {"key": one.key, "presentation": one.presentation, "seconds": 7.0, "finished": "2026"}
    (one.folder / run_folders.MARKER).write_text(json.dumps(marker))


def test_a_folder_among_the_settings_counts_by_what_it_holds(tmp_path: Path) -> None:
    """A published model that is replaced must not pass for the one that a run was made with."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(b"weights")
    one, other = (plan._by_contents([str(tmp_path / name)]) for name in ("one", "other"))
    assert one == other != [str(tmp_path / "one")]
    (tmp_path / "one" / "model.safetensors").write_bytes(b"others!")
    assert plan._by_contents([str(tmp_path / "one")]) != other
    for value in (3, None, "own", "relu", "/no/such/folder", ["a", 1]):
        assert plan._by_contents(value) == value


# --- one whole run -----------------------------------------------------------------------------


def test_a_run_from_the_command_line(
    project: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs, does not run again, draws again; an empty home changes nothing."""
    monkeypatch.setenv("HOME", str(project / "no home"))
    arguments = ["run", "90", "--profile", "ci", "-p", "sizes=[1, 2]"]
    assert main(arguments) == 0
    out = capfd.readouterr().out
    assert "chapter 90 at ci on storyworld with sizes=[1,2], seed 0: up to 30 s" in out
    (folder,) = run_folders.find()
    assert str(folder.relative_to(project) / "run.ipynb") in out
    assert re.fullmatch(
        r"runs/90/ci-storyworld/[0-9a-f]{16}/seed0", str(folder.relative_to(project))
    )
    names = {path.name for path in folder.iterdir()}
    assert names >= {"run.ipynb", "records.json", "settings.json", "environment.json", "log.txt"}
    meta = toy_project.read_records(folder)
    assert meta["records"]["growth"]["value"] == 10.0
    assert meta["records"]["sizes_seen"]["value"] == [1, 2]
    assert meta["overrides"] == {"sizes": [1, 2]}
    assert meta["verdicts"]["toy.grows"]["verdict"] == "needs a larger run"
    assert "Record(" not in (folder / "run.ipynb").read_text()
    environment = json.loads((folder / "environment.json").read_text())
    assert {"device", "precision", "threads", "versions", "seconds", "commit"} <= set(environment)
    assert not (project / "no home").exists()
    assert not list((project / ".cache" / "work").glob("90-*"))

    assert main(["keep", "90"]) == 0
    assert main(["collect"]) == 0
    said = capfd.readouterr().out
    assert "growth" in said
    assert (project / "results" / "90" / f"ci-storyworld-{meta['key'][:8]}" / "seed0").is_dir()

    monkeypatch.setattr(engines, "launch", lambda *_: pytest.fail("ran again"))
    assert main(arguments) == 0
    assert "was done already" in capfd.readouterr().out
    toy_project.write_chapter(project, toy_project.CELLS, prose="Other words.")
    assert main(arguments) == 0
    assert "only the prose is new" in capfd.readouterr().out
    assert "Other words." in (folder / "run.ipynb").read_text()
    monkeypatch.undo()

    # A criterion that is changed when the numbers are known stays marked as such.
    toy_project.activate_again(project, monkeypatch)
    path = project / "book" / "claims.yml"
    path.write_text(path.read_text().replace("times: 2", "times: 3"))
    assert main(arguments) == 0
    again = toy_project.read_records(folder)
    assert again["records"] == meta["records"]
    assert again["criteria"] == meta["criteria"]
    assert "3 × control" in again["verdicts"]["toy.grows"]["explain"]


def test_one_bad_run_of_two(project: Path, capfd: pytest.CaptureFixture) -> None:
    bad = (
        "from lib.core.errors import UserError\nfrom lib.core.progress import announce\n"
        'announce("the cell is reached")\n'
        'if settings.seed == 1:\n    raise UserError("Mend this.")'
    )
    toy_project.write_chapter(project, {"bad": bad, **toy_project.CELLS})
    assert main(["run", "90", "--profile", "ci", "--seeds", "0-1", "--jobs", "2"]) == 2
    said = capfd.readouterr()
    assert "[90 seed 0] the cell is reached" in said.out
    assert said.err.strip().endswith("seed 1: Mend this.")
    assert "Traceback" not in said.out + said.err
    assert [folder.name for folder in run_folders.find()] == ["seed0"]


KILLS_ITSELF = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "it stopped in cell 'bad': ZeroDivisionError: division by zero. The log is"),
        (KILLS_ITSELF, "process died"),
        ("import time\nwhile True: time.sleep(0.1)", "a cell ran for more than 3 s"),
        ('spelt = ["growth", "control"]', "judged by control, growth"),
        ('raise OSError(28, "No space left on device")', "The disk is full"),
    ],
)
def test_how_runs_fail(cell: str, words: str, project: Path, capfd: pytest.CaptureFixture) -> None:
    cells = {"bad": cell} | ({} if "spelt" in cell else toy_project.CELLS)
    toy_project.write_chapter(project, cells)
    # Only the cell that never ends may be stopped for its time, also on a busy machine.
    limit = "3" if "3 s" in words else "100"
    assert main(["run", "90", "--profile", "ci", "--timeout", limit]) in (1, 2)
    said = capfd.readouterr()
    assert words in said.err
    assert "Traceback" not in said.out + said.err
    assert ("trying once more" in said.out) == ("3 s" in words or cell == KILLS_ITSELF)
    assert not list(run_folders.find())


@pytest.mark.skipif(os.name == "nt", reason="there is no program `false`")
def test_a_process_that_never_starts_is_a_failure_in_a_sentence(
    project: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes.sys, "executable", shutil.which("false"))
    assert main(["run", "90", "--profile", "ci"]) == 1
    assert "seed 0: the run's process ended early: exit status 1" in capfd.readouterr().err


@pytest.mark.slow
def test_plain_papermill(project: Path, capfd: pytest.CaptureFixture) -> None:
    """The notebook validates its parameters itself, and `collect` reads what it wrote."""
    script = Path(sys.executable).parent / "papermill"
    # papermill takes braces in a path for parameters, so it gets a path without.
    notebook = Path("90_toy.ipynb")
    notebook.write_bytes((project / "chapters" / "90_toy.ipynb").read_bytes())
    command = [str(script), str(notebook), "out.ipynb"]
    bad = subprocess.run([*command, "-p", "siz", "3"], capture_output=True, text=True)
    assert bad.returncode == 1
    assert "'siz' is no parameter of chapter 90: did you mean 'size'" in bad.stderr
    subprocess.run([*command, "-p", "sizes", "[1, 2]", "-p", "seed", "2"], check=True)
    assert main(["collect", "out.ipynb", "--to", "tables"]) == 0
    table = (project.parent / "tables" / "records.csv").read_text()
    assert "sizes_seen,1.0,2.0" in table


SLOW_CELL = """\
import time
from lib.cache import keys
from lib.cache.artifacts import artifact
def build(folder):
    done = folder / "checkpoint"
    start = int(done.read_text()) if done.exists() else 0
    for step in range(start, 60):
        done.write_text(str(step + 1))
        time.sleep(0.05)
folder = artifact("toy", producer=keys, settings={}, seed=0, build=build)
record("steps", int((folder / "checkpoint").read_text()))"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, "kernel", "worker"])
def test_a_stopped_run_goes_on(how: signal.Signals | str, project: Path) -> None:
    toy_project.write_chapter(project, {"slow": SLOW_CELL, **toy_project.CELLS})
    command = toy_project.command(project, "run", "90", "--profile", "ci")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    checkpoints = project / ".cache" / "artifacts"
    deadline = time.monotonic() + 60
    while not list(checkpoints.glob("toy-*.partial/checkpoint")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) == 2
    if isinstance(how, str):
        os.kill(family[-1 if how == "kernel" else 0].pid, signal.SIGKILL)
    else:
        process.send_signal(how)
    said, error = process.communicate(timeout=60)
    assert "Traceback" not in error
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
    if how in ("kernel", "worker"):  # tried once more, from the last checkpoint
        assert (process.returncode, error) == (0, "")
        assert said.count("trying once more") == 1
        assert "toy: built" in said
        (folder,) = run_folders.find()
        assert toy_project.read_records(folder)["records"]["steps"]["value"] == 60
        return
    assert process.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130}[how]
    if how == signal.SIGINT:
        assert error == "\nStopped; the same command goes on from here.\n"
    assert not list(run_folders.find())
    again = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "toy: built" in again.stdout
    (folder,) = run_folders.find()
    assert toy_project.read_records(folder)["records"]["steps"]["value"] == 60


# --- before anything starts ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "91"], "no chapter '91': did you mean '90'"),
        (["run", "90", "size=3"], "given as -p size=3"),
        (["run", "90", "--profile", "cpuu"], "did you mean 'cpu'"),
        (["run", "90", "-p", "siz=3"], "did you mean 'size'"),
        (["run", "90", "-p", "size=many"], "size must be a valid integer"),
        (["run", "90", "-p", "size"], "expects name=value"),
        (["run", "90", "-p", "seed=3"], "--seeds"),
        (["run", "90", "-p", "size=1", "-p", "size=2"], "twice"),
        (["run", "90", "--source", "hubb"], "Did you mean 'hub'"),
        (["run", "90", "--sweep", "siz=1,2"], "did you mean 'size'"),
        (["run", "90", "--sweep", "size=1,many"], "size must be a valid integer"),
        (["run", "90", "--sweep", "size=1,13"], "size must not be 13"),
        (["run", "90", "--sweep", "size=1,,2"], "--sweep expects size=value,value"),
        (["run", "90", "--sweep", "size"], "--sweep expects name=value"),
        (["run", "90", "--sweep", "seed=1,2"], "write --seeds '1,2'"),
        (["run", "90", "--sweep", "size=1", "--sweep", "size=2"], "twice"),
        (["run", "90", "-p", "size=1", "--sweep", "size=2,3"], "both give 'size'"),
        (["run", "90", "--seeds", "4-0"], "count upwards"),
        (["run", "90", "--seeds", "x"], "0-4"),
        (["run", "90", "--seed", "x"], "0-4"),
        (["run", "90", "--engine", "loca"], "did you mean 'local'"),
        (["run", "90", "--device", "cuda:77"], "cuda:77"),
        (["run", "90", "--jobs", "0"], "--jobs"),
        (["rum", "90"], "rum"),
        (["keep", "90"], "no finished run of chapter 90"),
        (["collect"], "no runs yet"),
        (["collect", "nowhere"], "does not exist"),
        (["collect", "--plot", "growth"], "belong together"),
        (["clean", "--cache"], "--yes"),
    ],
)
def test_wrong_uses_get_a_sentence(
    arguments: list[str],
    words: str,
    project: Path,
    no_process: None,
    capfd: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (project / ".cache").mkdir(exist_ok=True)
    assert main(arguments) == 2
    assert words in capfd.readouterr().err


def test_dry_run_starts_nothing(
    project: Path, no_process: None, capfd: pytest.CaptureFixture
) -> None:
    finish(the_plan(), project / "chapters" / "90_toy.ipynb")
    assert main(["run", "all", "--profile", "ci", "--seeds", "0,2-3", "--dry-run"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(", ")[2] for line in lines[:-1:2]] == [
        "seed 0: nothing to do",
        "seed 2: about 7 s, by an earlier run",
        "seed 3: about 7 s, by an earlier run",
    ]
    assert lines[-1] == "3 runs, 1 of them done already: about 14 s, 1 at a time."


def test_a_first_run_is_expected_to_take_what_kept_ones_took(
    project: Path, no_process: None, capfd: pytest.CaptureFixture
) -> None:
    for place, seconds in (("cpu-stories/seed0", 90.0), ("cpu-stories/seed1", 60.0)):
        folder = project / "results" / "90" / place
        folder.mkdir(parents=True)
        (folder / "records.json").write_text("{}")
        (folder / "environment.json").write_text(json.dumps({"seconds": seconds}))
    said = {"cpu": "about 1 min 30 s, by a run that is kept", "ci": "up to 30 s"}
    for profile, words in said.items():
        assert main(["run", "all", "--profile", profile, "--dry-run"]) == 0
        assert words in capfd.readouterr().out


def test_a_kept_run_is_scaled_by_what_both_machines_do(
    project: Path, no_process: None, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six minutes by the clock were 100 s of one thread; this machine is half as fast with two."""
    monkeypatch.setattr(speed, "product_gflops", lambda threads: 50.0)
    folder = project / "results" / "90" / "cpu-stories" / "seed0"
    folder.mkdir(parents=True)
    (folder / "records.json").write_text("{}")
    facts = {"seconds": 360.0, "processor_seconds": 100.0, "threads": 1, "product_gflops": 100.0}
    (folder / "environment.json").write_text(json.dumps(facts))
    assert main(["run", "90", "--dry-run"]) == 0
    said = capfd.readouterr().out
    assert "about 3 min 20 s" in said
    assert "by the speed of this machine" in said


def test_the_speed_of_products_is_in_operations_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = itertools.count()
    monkeypatch.setattr(speed.time, "perf_counter", lambda: float(next(seconds)))
    here = {"device": "cpu", "processor": processor(), "threads": 1}
    speed.product_gflops.cache_clear()
    assert speed.measured(here) == {"product_gflops": round(2 * speed.SIZE**3 / 1e9, 1)}
    speed.product_gflops.cache_clear()
    assert speed.measured({"device": "cuda"}) == {}
    assert speed.measured(here | {"processor": "another"}) == {}


def test_the_parameters_cell_must_be_the_schema(project: Path) -> None:
    path = project / "chapters" / "90_toy.ipynb"
    path.write_text(path.read_text().replace("rate = None", "ratio = None"))
    with pytest.raises(
        UserError, match="ratio stand only in the notebook and rate only in the set"
    ):
        the_plan()


def test_a_claim_on_a_record_that_no_cell_writes_stops_before_the_run(project: Path) -> None:
    path = project / "book" / "claims.yml"
    path.write_text(path.read_text().replace("record: control", "record: contrl"))
    with pytest.raises(UserError, match="reads 'contrl', which no cell"):
        the_plan()


def test_a_damaged_notebook_gets_a_sentence(project: Path) -> None:
    (project / "chapters" / "90_toy.ipynb").write_text("{")
    with pytest.raises(UserError, match="cannot be read"):
        the_plan()


# --- keys ----------------------------------------------------------------------------------------


def test_keys_follow_what_makes_the_numbers(project: Path) -> None:
    first = the_plan()
    assert the_plan(seed=1).key == first.key
    assert the_plan(size=1).key == first.key
    assert the_plan(size=5).key != first.key
    assert the_plan(precision="fp32").key != the_plan(precision="bf16").key
    assert the_plan(source=str(project)).key != first.key
    cells = dict(toy_project.CELLS)
    toy_project.write_chapter(project, cells | {"measure": cells["measure"] + "\n# a remark"})
    assert the_plan()[6:9] == first[6:9]
    toy_project.write_chapter(project, cells | {"show": cells["show"].replace("It", "Now it")})
    assert (the_plan().key, the_plan().presentation == first.presentation) == (first.key, False)
    toy_project.write_chapter(project, cells | {"measure": cells["measure"].replace("90", "91")})
    assert the_plan().key != first.key


def test_a_remark_beside_a_magic_is_no_part_of_the_key(project: Path) -> None:
    cells = dict(toy_project.CELLS)
    keys = []
    for setup in ("%pip list", "# A remark.\n    %pip list", "%pip list -v"):
        toy_project.write_chapter(project, {"magic": f"if False:\n    {setup}"} | cells)
        keys.append(the_plan().key)
    assert keys[0] == keys[1] != keys[2]


def test_states(project: Path) -> None:
    first = the_plan()
    assert first.state() == "run"
    finish(first, project / "chapters" / "90_toy.ipynb")
    assert first.state() == "nothing"
    assert first._replace(presentation="other").state() == "draw"
    (first.folder / run_folders.MARKER).write_text("{")
    assert first.state() == "run"


def test_what_only_shows_is_told_from_what_measures() -> None:
    makes, shows = notebooks.split('x = 1\nsay("a")\nfigure("b", f(x), alt="", caption="")')
    assert makes == notebooks.split("x = 1")[0]
    assert "say" in shows
    assert notebooks.split('y = say("a")')[1] == ""
    # A choice between sentences shows; one that works something out, or sets a name, does not.
    assert notebooks.split('if few:\n    say("a")\nelse:\n    say("b")')[0] == ""
    assert notebooks.split('if f(few):\n    say("a")')[1] == ""
    assert notebooks.split('if few:\n    say("a")\n    x = 1')[1] == ""


def test_prose_and_comments_are_renewed_and_outputs_stay(project: Path) -> None:
    source = notebooks.read(project / "chapters" / "90_toy.ipynb")
    executed = nbformat.reads(nbformat.writes(source), as_version=4)
    injected = nbformat.v4.new_code_cell("seed = 1", metadata={"tags": ["injected-parameters"]})
    executed["cells"].insert(3, injected)
    executed["cells"][-1]["outputs"] = [nbformat.v4.new_output("stream", text="hello")]
    assert notebooks.with_current_text(executed, source) is None
    source["cells"][-1]["source"] += "  # why"
    source["cells"].append(nbformat.v4.new_markdown_cell("An end.", id="end"))
    renewed = notebooks.with_current_text(executed, source)
    assert [cell["id"] for cell in renewed["cells"]][3] == injected["id"]
    assert renewed["cells"][-1]["source"] == "An end."
    assert renewed["cells"][-2]["source"].endswith("# why")
    assert renewed["cells"][-2]["outputs"]
    source["cells"][-2]["source"] += "\nmore()"
    with pytest.raises(UserError, match="other code"):
        notebooks.with_current_text(executed, source)


def test_a_replacement_that_was_cut_off_is_undone(project: Path) -> None:
    one = the_plan()
    finish(one, project / "chapters" / "90_toy.ipynb")
    previous = one.folder.with_name(one.folder.name + ".previous")
    one.folder.rename(previous)
    assert list(run_folders.find()) == []
    run_folders.recover(one.folder)
    assert list(run_folders.find()) == [one.folder]
