"""Many runs of one command: which, how they are shown meanwhile, and numbers over a parameter."""

from __future__ import annotations

import io
import json
import pickle
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
import toy_project
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from lib.analysis.statistics import mean_interval
from lib.cli.commands import main
from lib.core.errors import UserError
from lib.evidence.records import Record
from lib.runs import (
    collect,
    engines,
    notebooks,
    plan,
    processes,
    progress_table,
    run_folders,
    runner,
)
from lib.runs import (
    sweep_plots as plots_over,
)
from lib.runs.progress_table import Outcome, ProgressTable, RunningJob, time_left
from lib.runs.run_folders import Run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return toy_project.activate(tmp_path / "a project", monkeypatch)


def plans(seeds: list[int], grid: tuple[dict[str, str], ...] = ({},)) -> list[plan.RunSpec]:
    return plan.plan_runs(notebooks.find_chapters(["90"]), {"profile": "ci"}, seeds, grid)


# --- which runs ----------------------------------------------------------------------------------


def test_a_sweep_is_every_combination() -> None:
    grid = plan.parse_sweeps(["k=8,16", "sizes=[1,2],[3]", "rate= 0.5"])
    assert grid == [
        {"k": k, "sizes": sizes, "rate": "0.5"} for k in ("8", "16") for sizes in ("[1,2]", "[3]")
    ]
    assert plan.parse_sweeps([]) == [{}]


@given(st.lists(st.lists(st.integers() | st.lists(st.integers()), min_size=1), max_size=3))
def test_what_a_sweep_is_given_comes_back(columns: list[list[Any]]) -> None:
    texts = [f"p{i}=" + ", ".join(map(json.dumps, column)) for i, column in enumerate(columns)]
    grid = plan.parse_sweeps(texts)
    assert len(grid) == pd.Series([len(column) for column in columns], dtype=int).prod()
    for i, column in enumerate(columns):
        assert {point[f"p{i}"] for point in grid} == set(map(json.dumps, column))


def test_the_plans_of_a_sweep(project: Path) -> None:
    """One folder for each point and seed; a point that is the profile's own is the plain run."""
    made = plans([0, 1], tuple(plan.parse_sweeps(["size=1,2, 2"])))
    assert len({one.folder for one in made}) == len(made) == 4
    assert [one.folder for one in made[:2]] == [one.folder for one in plans([0, 1])]
    assert [one.label for one in made] == [
        "90 seed 0",
        "90 seed 1",
        "90 size=2 seed 0",
        "90 size=2 seed 1",
    ]
    assert made[2].title == "chapter 90 at ci on storyworld with size=2, seed 0"
    long = plans([0], ({"sizes": str(list(range(40)))},))
    assert len(long[0].label) < 60


# --- what is shown meanwhile ---------------------------------------------------------------------


def test_the_table_says_what_is_left(project: Path) -> None:
    """By the profile's budget at first, then by what the finished runs took."""
    one, two, three = plans([0, 1, 2])
    said: list[str] = []
    shown = ProgressTable([one, two, three], 1, said.append, table=True)
    running = RunningJob(one, project, where="here:7", started=time.monotonic() - 10)
    waiting = RunningJob(two, project)
    shown.show([running, waiting], [])
    assert said[0] == "0 of 2 runs through; 1 running, 1 waiting; about 50 s left"
    assert said[1].split() == ["90", "seed", "0", "here:7", "10", "s"]
    shown.show([running, waiting], [])
    assert len(said) == 2, "now and then, not all the time"
    done = Outcome(three, "done", "", 100.0)
    shown.show([running, waiting], [done], now=True)
    assert said[2] == "1 of 3 runs through; 1 running, 1 waiting; about 3 min 10 s left"
    failed = Outcome(two, "failed", "it stopped", 1.0)
    shown.show([], [done, failed], now=True)
    assert said[-1] == "2 of 2 runs through, 1 of them failed"
    assert progress_table.tally([done, failed]) == "2 runs: 1 done, 1 failed."


def test_runs_of_other_sizes_do_not_tell_how_long_one_takes(project: Path) -> None:
    (small,), (large, larger) = plans([0]), plans([0, 1], ({"size": "9"},))
    outcomes = [Outcome(small, "done", "", 1.0), Outcome(large, "done", "", 50.0)]
    shown = ProgressTable([larger], 1, print, table=True)
    assert shown.whole(larger, outcomes) == 50
    assert shown.whole(larger, outcomes[:1]) == 1, "better than the profile's budget"


@given(
    st.lists(st.floats(0, 1e4), max_size=4), st.lists(st.floats(0, 1e4), max_size=9),
    st.integers(1, 5),
)  # fmt: skip
def test_time_left_is_between_the_bounds(
    running: list[float], waiting: list[float], places: int
) -> None:
    left = time_left(running, waiting, places)
    everything = [*running, *waiting]
    used = max(places, len(running))
    assert left <= sum(everything) + 1e-6
    assert left >= max(everything, default=0) - 1e-6
    assert left >= sum(everything) / used - 1e-6
    assert left <= sum(everything) / used + max(everything, default=0) + 1e-6


def test_in_a_terminal_the_table_is_drawn_and_lines_go_above(project: Path) -> None:
    (one, two), screen = plans([0, 1]), io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, height=20, _environ={})
    work = project / "work"
    work.mkdir()
    (work / run_folders.LOG).write_text("step 1 [red]\nhalf a li")
    running = RunningJob(one, work, where="process 7")
    with ProgressTable([one, two], 2, print, table=True, console=console) as shown:
        shown.tail(running)
        shown.show([running, RunningJob(two)], [])
    text = screen.getvalue()
    assert "0 of 2 runs through; 1 running, 1 waiting" in text
    assert "step 1 [red]" in text, "what a run says is no markup"
    assert "half a li" not in text


# --- numbers over a parameter --------------------------------------------------------------------


def a_run(value: Any, seed: int = 0, **changes: Any) -> Run:
    """A finished run of chapter 90 that recorded `growth`."""
    settings = {"profile": "ci", "seed": seed, "source": "bundled", "size": 1, "kind": "a"}
    own = {name: changes.pop(name) for name in ("size", "kind", "sizes") if name in changes}
    meta = {
        "chapter": "90", "profile": "ci", "source": "storyworld", "key": json.dumps(own),
        "seed": seed, "code": "new", "finished": f"2026-01-0{seed + 1}", "overrides": own,
    } | changes  # fmt: skip
    written = [Record("growth", value, "cm", reason=None if value is not None else "not finite")]
    written += [Record("word", "little"), Record("curve", [1, 2])]
    settings |= own | {name: meta[name] for name in ("profile",)}
    return Run(Path(), meta, {one.name: one for one in written}, settings, {}, "runs")


def test_mean_and_interval_over_the_seeds_of_each_value() -> None:
    values = {8: [1.0, 2.0, 4.0], 16: [3.0], 2: [0.5, 0.7]}
    found = [a_run(v, i, size=size) for size, some in values.items() for i, v in enumerate(some)]
    table = plots_over.curves(found, "growth", "size")
    names = table[["chapter", "runs of", "unit"]].drop_duplicates().to_numpy().tolist()
    assert names == [["90", "ci on storyworld", "cm"]]
    assert table["size"].tolist() == [2, 8, 16]
    for point in table[table["runs"] > 1].to_dict("records"):
        told = (point["mean"], point["low"], point["high"], point["runs"])
        assert told == mean_interval(values[point["size"]])
    assert table["mean"].iloc[2] == 3.0
    assert list(table["runs"]) == [2, 3, 1]
    assert table["low"].isna().tolist() == [False, False, True], "one run has no interval"


def test_curves_never_mix_what_differs_otherwise() -> None:
    """Profile, text and other settings make curves of their own, and so does older code."""
    found = [a_run(float(size), size=size) for size in (1, 2)]
    found += [a_run(5.0, size=1, profile="cpu"), a_run(6.0, size=1, source="tales")]
    found += [a_run(7.0, size=1, kind="b"), a_run(99.0, 1, size=2, code="old", finished="2025")]
    made = dict(list(plots_over.curves(found, "growth", "size").groupby("runs of")))
    assert set(made) == {
        "ci on storyworld", "cpu on storyworld", "ci on tales", "ci on storyworld with kind=b"
    }  # fmt: skip
    assert made["ci on storyworld"]["mean"].tolist() == [1.0, 2.0]
    over_text = plots_over.curves(found[:1] + found[3:4], "growth", "source")
    assert over_text["source"].tolist() == ["storyworld", "tales"]
    over_size = plots_over.curves([found[2], found[0]], "growth", "profile")
    assert over_size["profile"].tolist() == ["ci", "cpu"], "by size, not by name"


def test_the_axis_fits_the_values() -> None:
    def scale(values: list[Any], name: str) -> str:
        found = [a_run(1.0, **{name: value}) for value in values]
        figure = plots_over.draw(plots_over.curves(found, "growth", name), "growth", name)
        return figure.axes[0].get_xscale()

    assert scale([8, 16, 1024], "size") == "log"
    assert scale([8, 9, 10], "size") == "linear"
    assert scale([0, 1000], "size") == "linear"
    assert scale(["b", "a", [1, 2]], "kind") == "linear"


@pytest.mark.parametrize(
    ("name", "parameter", "words"),
    [
        ("growht", "size", "No run has recorded 'growht': did you mean 'growth'"),
        ("growth", "siz", "no parameter|has a parameter 'siz': did you mean 'size'"),
        ("growth", "seed", "The interval is over seeds"),
        ("growth", "kind", 'have kind="a"; run others first.*--sweep kind='),
        ("word", "size", "a list or a text"),
        ("curve", "size", "a list or a text"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(name: str, parameter: str, words: str) -> None:
    found = [a_run(float(size), size=size) for size in (1, 2)]
    with pytest.raises(UserError, match=words):
        plots_over.curves(found, name, parameter)
    with pytest.raises(UserError, match="has no value in any run: not finite"):
        plots_over.curves([a_run(None)], "growth", "size")


def test_settings_stand_beside_every_number() -> None:
    table = collect.tidy([a_run(1.0, size=8, sizes=[1, 2]), a_run(2.0, 1)])
    assert table[table.name == "growth"]["size"].tolist() == [8, 1]
    assert table["sizes"].dropna().unique().tolist() == ["[1, 2]"]


def test_a_sweep_from_the_command_line_to_a_figure(
    project: Path, capfd: pytest.CaptureFixture
) -> None:
    """Two values, of which one run fails: the others go on, and what is there is drawn."""
    bad = 'if settings.size == 3:\n    raise ValueError("three")'
    toy_project.write_chapter(project, {"bad": bad, **toy_project.CELLS})
    arguments = ["run", "90", "--profile", "ci", "--sweep", "size=3,4,1", "--jobs", "3"]
    assert main(arguments) == 1
    said = capfd.readouterr()
    assert "2 of 3 runs through, 1 of them failed" in said.out or "3 of 3 runs" in said.out
    assert (
        "Chapter 90 at ci on storyworld with size=3, seed 0: it stopped in cell 'bad'" in said.err
    )
    assert said.out.rstrip().endswith("3 runs: 1 failed, 2 done.")
    assert len(list(run_folders.find())) == 2
    assert main(["collect", "--plot", "growth", "--over", "size", "--to", "tables"]) == 0
    said = capfd.readouterr()
    assert "tables/90_growth_over_size.svg" in said.out
    assert "<svg" in Path("tables/90_growth_over_size.svg").read_text()
    assert Path("tables/90_growth_over_size.png").read_bytes()[:4] == b"\x89PNG"
    table = pd.read_csv("tables/90_growth_over_size.csv")
    assert dict(zip(table["size"], table["mean"], strict=True)) == {1: 10.0, 4: 40.0}
    assert {"size", "rate", "sizes"} <= set(pd.read_csv("tables/records.csv").columns)


# --- GPUs ----------------------------------------------------------------------------------------


class OnPaper(subprocess.Popen):
    """A run's process that takes a number of looks, and that may be lost."""

    _child_created = False

    def __init__(self, gpu: str | None, looks: int, lost: bool, busy: list):
        self.pid, self.gpu, self.looks, self.busy = 1, gpu, looks, busy
        self.returncode = -9 if lost else 0
        self.stdout = io.BytesIO(b"" if lost else pickle.dumps(("done", "")))
        busy.append(gpu)

    def poll(self) -> int | None:
        self.looks -= 1
        if self.looks > 0:
            return None
        if self.looks == 0:
            self.busy.remove(self.gpu)
        return self.returncode


@pytest.mark.parametrize("visible", [None, "3,5"])
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_gpu_has_two_runs_while_another_has_none(
    jobs: int, visible: str | None, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stand-in GPUs, runs of unequal length, some of which are lost at first."""
    if visible:
        monkeypatch.setenv(engines.GPUS, visible)
    else:
        monkeypatch.delenv(engines.GPUS, raising=False)
    monkeypatch.setattr(engines, "resolve_device", lambda name: torch.device("cuda"))
    monkeypatch.setattr(engines.torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(runner, "POLL_SECONDS", 0)
    busy: list[str | None] = []
    dealt: list[tuple[str, ...]] = []
    lengths = random.Random(jobs)

    def launch(spec: dict[str, Any], environment: dict[str, str]) -> OnPaper:
        (spec["work"] / processes.OUTPUT).touch()
        gpu = environment.get(engines.GPUS)
        lost = lengths.random() < 0.3
        made = OnPaper(gpu, lengths.randint(1, 6), lost, busy)
        dealt.append(tuple(busy))
        return made

    monkeypatch.setattr(engines, "launch", launch)
    made = plans(list(range(12)))
    shown = ProgressTable(made, jobs, lambda line: None, table=False)
    outcomes = runner.carry_out(made, engines.LocalEngine(jobs, print), shown)
    assert {one.plan.folder for one in outcomes} == {one.folder for one in made}
    names = (visible or "0,1").split(",")
    for *before, gpu in dealt:
        assert len(before) < jobs
        assert gpu in names, "one that it may use"
        assert before.count(gpu) == min(before.count(name) for name in names)
    assert len(dealt) > 12, "a lost run was tried once more"
