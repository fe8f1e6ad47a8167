"""Runs on Ray: the same folders as from the local engine, also where a worker is killed."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import os
import pickle
import signal
import sys
import threading
import types
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
import toy_project

from lib.cli.commands import main
from lib.runs import notebooks, plan, processes, ray_engine, run_folders, runner
from lib.runs.progress_table import ProgressTable

SLEEPS = {"wait": "import time\ntime.sleep(3)", **toy_project.CELLS}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(ray_engine.ADDRESS, raising=False)
    return toy_project.activate(tmp_path / "a project", monkeypatch)


def plans(seeds: list[int]) -> list[plan.RunSpec]:
    return plan.plan_runs(notebooks.find_chapters(["90"]), {"profile": "ci"}, seeds)


class Killer(threading.Thread):
    """Kills the Ray worker of the first run whose notebook is under way, and looks on meanwhile
    where every process of Ray speaks to."""

    def __init__(self, project: Path):
        super().__init__(daemon=True)
        self.work, self.killed, self.orphans = project / ".cache" / "work", 0, []
        self.strangers: set[str] = set()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            self._look()
            for where in self.work.glob("*/" + processes.WHERE) if not self.killed else ():
                pid = int(where.read_text().rpartition(":")[2] or 0)
                kernels = [p for p in family(pid) if "ipykernel_launcher" in " ".join(p.cmdline())]
                if kernels:
                    self.orphans = family(pid)[1:]
                    os.kill(pid, signal.SIGKILL)
                    self.killed = pid
                    break

    def _look(self) -> None:
        for process in family(os.getpid()):
            try:
                connections = process.net_connections("inet")
            except psutil.Error:
                continue
            for end in (end for c in connections for end in (c.laddr, c.raddr) if end):
                address = ipaddress.ip_address(end.ip.removeprefix("::ffff:"))
                if not address.is_loopback:
                    self.strangers.add(f"{process.name()} {end}")


def family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


# Ray reads the environment when it is imported, which the engine does: here it is only looked for.
@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="needs requirements-ray.txt")
@pytest.mark.slow
def test_a_killed_worker_costs_one_more_try(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "no home"))
    toy_project.write_chapter(project, SLEEPS)
    for name in ("RAY_USAGE_STATS_ENABLED", "RAY_AUTH_TOKEN", *ray_engine.ALONE):
        monkeypatch.delenv(name, raising=False)
    killer = Killer(project)
    killer.start()
    arguments = ["run", "90", "--profile", "ci", "--seeds", "0-2", "--engine", "ray"]
    code = main([*arguments, "--jobs", "2"])
    killer.over.set()
    killer.join()
    said = capfd.readouterr()
    assert code == 0, said.out + said.err
    assert killer.killed
    assert said.out.count("trying once more") == 1
    assert "its worker was lost" in said.out
    assert "3 of 3 runs through" in said.out
    assert "min" in said.out or " s left" in said.out
    assert "3 runs: 3 done." in said.out
    assert killer.strangers == set(), "nothing leaves loopback"
    gone, alive = psutil.wait_procs(killer.orphans, timeout=10)
    assert not alive, "the killed worker's notebook has ended itself"
    assert gone
    assert not (tmp_path / "no home").exists()
    assert not list((project / ".cache" / "work").glob("90-*"))
    folders = list(run_folders.find())
    assert [folder.name for folder in folders] == ["seed0", "seed1", "seed2"]
    for seed, folder in enumerate(folders):
        meta = toy_project.read_records(folder)
        assert meta["records"]["growth"]["value"] == 10.0 + seed
    assert not [p for p in family(os.getpid()) if "ray" in p.name()], "Ray is gone"

    # What is there is not run again, by whichever engine: Ray does not even start.
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(arguments) == 0
    assert capfd.readouterr().out.count("was done already") == 3


def test_without_ray_a_sentence_says_how_to_get_it(
    project: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", *ray_engine.ALONE):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # so that they are put back
    assert main(["run", "90", "--profile", "ci", "--engine", "ray"]) == 2
    assert "requirements-ray.txt" in capfd.readouterr().err


def test_a_run_gets_its_place_and_no_secret(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    carried = ray_engine._carried(2)
    assert "secret" not in carried.values()
    assert carried["HF_HUB_OFFLINE"] == "1"
    assert carried["LITTLE_DICTIONARIES_HOME"] == str(project)
    assert not [name for name in carried if "CUDA" in name], "which GPU is Ray's to say"


class Lost(Exception):
    """What Ray raises for a task whose worker is gone."""


class ThreadedRay:
    """Ray's calls, carried out by threads; the first result that is asked for is lost."""

    exceptions = types.SimpleNamespace(RayError=Lost)

    def __init__(self) -> None:
        self.pool, self.lost = ThreadPoolExecutor(2), 1

    def remote(self, max_retries: int) -> Callable:
        def submit(function: Callable) -> types.SimpleNamespace:
            handed_in = lambda *arguments: self.pool.submit(function, *arguments)
            return types.SimpleNamespace(
                options=lambda **_: types.SimpleNamespace(remote=handed_in)
            )

        return submit

    def wait(self, references: list[Future], timeout: float) -> tuple[list, list]:
        done = [one for one in references if one.done()]
        return done, [one for one in references if not one.done()]

    def get(self, reference: Future) -> tuple[str, str]:
        if self.lost:
            self.lost -= 1
            raise Lost("The worker died. More words.")
        return reference.result()


@pytest.mark.parametrize("address", ["", "cluster:6379"])
def test_runs_are_handed_in_and_a_lost_one_again(
    address: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_worker(spec: dict[str, Any], environment: dict[str, str]) -> tuple[str, str]:
        spec = pickle.loads(pickle.dumps(spec))  # as on its way to another machine
        (spec["work"] / processes.WHERE).write_text("there:7")
        return "done", str(spec["settings"]["seed"])

    if address:
        monkeypatch.setenv(ray_engine.ADDRESS, address)
    monkeypatch.setattr(ray_engine, "_import_ray", ThreadedRay)
    monkeypatch.setattr(ray_engine, "_cluster", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(ray_engine, "carry_out", on_a_worker)
    monkeypatch.setattr(runner, "POLL_SECONDS", 0.01)
    said: list[str] = []
    made = plans([0, 1, 2])
    shown = ProgressTable(made, 2, said.append, table=False)
    engine = ray_engine.RayEngine(2, said.append)
    assert engine.room == (None if address else 2)
    outcomes = runner.carry_out(made, engine, shown)
    assert sorted((one.status, one.message) for one in outcomes) == [
        ("done", "0"),
        ("done", "1"),
        ("done", "2"),
    ]
    assert [
        line for line in said if "its worker was lost (The worker died); trying once more" in line
    ]
    assert engine.tasks == []
    assert not list((project / ".cache" / "work").glob("90-*"))


class FakeRay:
    """Says how many GPUs there are."""

    def __init__(self, gpus: int):
        self.gpus = gpus

    def cluster_resources(self) -> dict[str, float]:
        return {"GPU": self.gpus} if self.gpus else {}


@pytest.mark.parametrize(("jobs", "gpus", "share"), [(1, 1, 1), (2, 1, 0.5), (2, 4, 1)])
def test_gpus_are_shared_out(
    jobs: int, gpus: int, share: float, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = plans([0])
    assert ray_engine._resources(FakeRay(gpus), one, jobs) == {"num_cpus": 1}
    cuda = ray_engine.torch.device("cuda")
    monkeypatch.setattr(ray_engine, "resolve_device", lambda name: cuda)
    assert ray_engine._resources(FakeRay(gpus), one, jobs)["num_gpus"] == share
    with pytest.raises(ray_engine.UserError, match="the Ray cluster has none"):
        ray_engine._resources(FakeRay(0), one, jobs)
    monkeypatch.setenv(ray_engine.ADDRESS, "auto")
    assert ray_engine._resources(FakeRay(gpus), one, jobs)["num_gpus"] == 1
