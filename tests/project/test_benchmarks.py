"""The benchmarks: wrong answers are not timed, numbers on the page are those of the record."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from benchmarks import dictionaries, measure, peers, record, same_numbers, tasks
from lib.core.device import product_speedup
from lib.core.errors import UserError
from lib.core.paths import root
from lib.pages.benchmarks import NOTHING, benchmarks_page, comparison
from lib.sae.autoencoders import L1, TopK


def row(name: str, rounds: list[float], peak: float = 500.0) -> dict:
    return {
        "name": name, "label": measure.LABELS[name], "loss": 1.0,
        "precision": "bf16" if name.endswith("bf16") else "fp32",
        "rounds": rounds, "peak_mib": peak, "before_mib": 300.0,
        "profile": [{"operation": "mm", "share": 0.75}],
    }  # fmt: skip


def a_record() -> dict:
    task = tasks.FULL[0].as_json() | {"title": tasks.FULL[0].title, "loss": 1.0}
    rows = [
        row("ours", [0.5, 0.6, 0.7], 900.0),
        row("ours-bf16", [0.2, 0.3, 0.4], 1100.0),
        row("eai-sparsify", [1.0, 0.9, 1.4]),
        row("plain", [3.0, 3.0, 3.0]),
        row("floor", [0.5, 0.5, 0.5]),
        row("ours-default-adam", [0.55, 0.66, 0.77]),
        {"name": "sae-lens", "label": "sae-lens", "missing": "sae-lens is not installed"},
    ]
    spread = measure.spread
    found = {
        "machine": record.machine("cpu"), "small": False, "load": [0.1, 0.2], "seconds": 120,
        "tasks": [task | {"contenders": rows}],
        "ensembles": [{"kind": "L1", "title": "16 of them", "together": spread([1.0]),
                       "separate": spread([5.0]), "ratio": spread([5.0])}],
        "harvest": [{"title": "vectors", "harvest": spread([1.3]), "bare": spread([1.0]),
                     "with_logits": spread([2.0]), "ratio": spread([1.3])}],
        "language_model": [{"title": "a model", "step": spread([0.1]), "gflops": spread([50.0]),
                            "peak_gflops": spread([80.0]), "share": spread([0.625]),
                            "profile": [{"operation": "bmm", "share": 0.5}]}],
        "effect": record.with_interval({
            "title": "8 → 32", "seeds": 3, "product_speedup": 3.5,
            "explained_variance": {"TopK": {"fp32": [0.9, 0.91, 0.92], "bf16": [0.8, 0.81, 0.82]}},
        }),
    }  # fmt: skip
    record.summarise(found["tasks"][0])
    return found | {"goals": record.goals(found)}


def page_of(found: dict, folder: Path) -> str:
    (folder / "benchmarks").mkdir(exist_ok=True)
    (folder / "benchmarks" / "recorded.json").write_text(json.dumps(found))
    return benchmarks_page(folder)


def test_goals_are_judged_by_the_measured_numbers() -> None:
    goals = {goal["what"].rsplit(": ")[-1]: goal for goal in a_record()["goals"][:5]}
    assert goals["times as fast as eai-sparsify, fp32"]["median"] == pytest.approx(2.0)
    assert goals["times as fast as eai-sparsify, fp32"]["low"] == pytest.approx(1.5)
    assert goals["times the floor's time, fp32"]["median"] == pytest.approx(1.2)
    reached = {name: goal["reached"] for name, goal in goals.items()}
    assert reached == {
        "times as fast as eai-sparsify, fp32": True,
        "times as fast as eai-sparsify in fp32, ours in bf16": True,
        "times the floor's time, fp32": False,
        "peak memory in GiB, fp32": True,
        "peak memory in GiB, bf16": False,
    }
    slow = a_record()
    slow["tasks"][0]["contenders"][0]["rounds"] = [2.0, 2.0, 2.0]
    record.summarise(slow["tasks"][0])
    assert [goal["reached"] for goal in record.goals(slow)[:3]] == [False, True, False]


def test_a_machine_that_would_emulate_bf16_is_not_asked_to(tmp_path: Path) -> None:
    found = a_record()
    rows = {one["name"]: one for one in found["tasks"][0]["contenders"]}
    low = rows["ours-bf16"]
    low.clear()
    low |= {"name": "ours-bf16", "label": "this book, bf16", "missing": "not measured on this kind"}
    found["effect"], found["goals"] = None, record.goals(found)
    assert not [goal["what"] for goal in found["goals"][:3] if "bf16" in goal["what"]]
    page = page_of(found, tmp_path)
    assert "| this book, bf16 | not measured on this kind |" in page
    assert "would emulate bf16" in page
    started: list[str] = []
    task = tasks.tiny(tasks.FULL[0])
    task = dataclasses.replace(task, contenders=("floor", "floor-bf16"))
    timed = measure.measure(task, started.append, formats=("fp32",))["contenders"]
    assert [("missing" in one, "rounds" in one) for one in timed] == [(False, True), (True, False)]


def test_without_peers_there_is_no_ratio_to_one() -> None:
    found = a_record()
    found["tasks"][0]["contenders"] = [
        one for one in found["tasks"][0]["contenders"] if one["name"] != "eai-sparsify"
    ]
    assert not [goal for goal in record.goals(found) if "as fast as eai" in goal["what"]]
    assert "sae-lens is not installed" in record.table(found)


def test_the_page_shows_the_record(tmp_path: Path) -> None:
    page = page_of(a_record(), tmp_path)
    for said in (
        "| sae-lens | sae-lens is not installed |",
        "2.00 [1.50, 2.00] | at least 1.8 | reached |",
        "times the bare forward pass | 1.30 [1.30, 1.30] | at most 1.2 | **not reached** |",
        "the whole step is 1.20 times that",
        "The interval leaves out 0 for TopK",
        "| 600 [500, 700]".replace(" [", " ["),
        "`mm` 75%",
    ):
        assert said in page, said
    same = copy.deepcopy(a_record())
    same["effect"]["explained_variance"]["TopK"]["bf16"] = [0.91, 0.9, 0.92]
    same["effect"] = record.with_interval(same["effect"])
    assert "hold 0" in page_of(same, tmp_path)


def test_without_a_record_the_page_says_so_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    assert benchmarks_page(tmp_path) == NOTHING
    for content in ({}, [], {"machine": 1}):
        with pytest.raises(UserError, match=r"recorded\.json is no record"):
            page_of(content, tmp_path)


def test_the_committed_record_makes_a_page() -> None:
    page = benchmarks_page(root())
    assert "# " in page or page == NOTHING


def test_a_contender_with_another_answer_is_not_timed() -> None:
    right = {"loss": 2.0, "precision": "fp32"}
    assert "missing" not in measure._judge(right, 2.0)
    assert "first loss is 2.1" in measure._judge(right | {"loss": 2.1}, 2.0)["missing"]
    assert "nan" in measure._judge(right | {"loss": float("nan")}, 2.0)["missing"]
    assert "did not run" in measure._judge({"error": "KeyError"}, 2.0)["missing"]
    assert "missing" not in measure._judge(right | {"loss": None}, 2.0), "the floor has no loss"


@pytest.mark.parametrize("task", tasks.FULL[:2], ids=lambda task: task.kind)
def test_the_reference_is_the_loss(task: tasks.Task, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    task = tasks.tiny(task)
    right = tasks.write_problem(task, tmp_path / "p.safetensors")
    tensors = load_file(tmp_path / "p.safetensors")
    sae = (
        TopK(task.width, task.features, task.k)
        if task.kind == "topk"
        else L1(task.width, task.features, task.coefficient)
    )
    sae.load_state_dict({name: tensors[name] for name in ("W_enc", "b_enc", "W_dec", "b_dec")})
    assert sae.loss(tensors["x0"]).total.item() == pytest.approx(right, rel=1e-5)
    torch.testing.assert_close(tensors["W_dec"].norm(dim=1), torch.ones(task.features))


def test_contenders_take_turns() -> None:
    order: list[str] = []
    calls = {name: lambda n=name: order.append(n) for name in "abc"}
    found = measure.in_turn(calls, seconds=0.0)
    assert [len(times) for times in found.values()] == [3, 3, 3]
    assert "".join(order) == "abc" + "abcbcacab"


def test_every_peer_of_the_tasks_is_pinned_in_the_optional_extra() -> None:
    named = {measure.peer_of(name) for task in tasks.FULL for name in task.contenders} - {None}
    assert named == set(peers.pinned())
    assert all(name in measure.LABELS for task in tasks.FULL for name in task.contenders)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_whole_runs_at_tiny_sizes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lib", "bench", "--small", "--to", str(tmp_path / "b.json")]
    done = subprocess.run(
        command, cwd=root(), env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads((tmp_path / "b.json").read_text())
    emulated = product_speedup(torch.device("cpu"), "bf16") < 1
    for task in found["tasks"]:
        for one in task["contenders"]:
            peer = measure.peer_of(one["name"])
            if one["name"].endswith("-bf16") and emulated:
                assert "emulated" in one["missing"]
            elif peer is None or peers.interpreter(peer):
                assert "seconds" in one, one
            else:
                assert one["missing"] == f"{peer} is not installed"
    assert "## Goals" in page_of(found, tmp_path)
    refused = subprocess.run(
        [sys.executable, "-m", "lib", "bench", "--small", "--record"],
        cwd=root(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "not recorded" in refused.stderr


def test_numbers_of_this_book_beside_the_others_are_those_that_it_gives_now() -> None:
    found = json.loads((root() / same_numbers.RECORDED).read_text(encoding="utf-8"))
    cases = same_numbers.cases()
    assert list(dict.fromkeys(row["case"] for row in found["rows"])) == list(cases)
    for row in found["rows"]:
        if row["library"] == "this book":
            now = same_numbers.ours(cases[row["case"]], row["batches"])
            assert now == pytest.approx({name: row[name] for name in now}, rel=1e-5)


def test_what_the_page_says_of_the_others_is_what_was_measured() -> None:
    """Each sentence below "How to read it" in `book/same_numbers.md` that is about a number."""
    found = json.loads((root() / same_numbers.RECORDED).read_text(encoding="utf-8"))
    lens, bench, learning, sparsify, ours = (
        "sae-lens", "sae-bench", "dictionary-learning", "eai-sparsify", "this book"
    )  # fmt: skip
    row = {(r["library"], r["case"], r["batches"]): r for r in found["rows"]}
    explained = {place: one["explained"] for place, one in row.items()}
    near = lambda value: pytest.approx(value, abs=1e-3)
    units = ["plain", "units of 1/1,000", "units of 1,000"]
    for case in [*units, "constant error", "few active", "far from zero"]:
        one = explained[ours, case, 1]
        assert [explained[lens, case, n] for n in (1, 8)] == [near(one)] * 2, "they add up"
        assert explained[ours, case, 8] == near(one)
        assert explained[sparsify, case, 1] == near(one)
        assert explained[sparsify, case, 8] < one - 0.1, "a mean of its own for each batch"
    for batches in (1, 8):
        same = [explained[learning, case, batches] for case in ("plain", "constant error")]
        assert same[0] == near(same[1]), "the variance of an error does not see its mean"
        assert explained[ours, "constant error", batches] < 0
        changed = [explained[bench, case, batches] for case in (*units, "far from zero")]
        assert len({round(value, 2) for value in changed}) > 2, "changes with the units"
        assert max(changed) > 1
        assert explained[lens, "tiny units", batches] == 1.0
        assert explained[ours, "tiny units", batches] == near(explained[ours, "plain", batches])
    assert explained[learning, "plain", 1] != near(explained[learning, "plain", 8])
    assert {one["l0"] for one in found["rows"] if one["library"] == sparsify} == {None}
    for place, one in row.items():
        told = [one["l0"], row[ours, *place[1:]]["l0"]]
        assert told[0] is None or told[0] == pytest.approx(told[1])
        assert told[1] == (
            pytest.approx(4) if place[1] != "few active" else pytest.approx(2.79, abs=0.01)
        )
    assert {one["dead"] for one in found["rows"]} == {8}
    assert found["losses"]["false"][lens]["ce_loss_score"] == "ZeroDivisionError"
    assert found["losses"]["false"][bench]["ce_loss_score"] == "ZeroDivisionError"
    assert found["losses"]["false"][ours]["ce_loss_score"] == "NaN", "undefined, and said to be"


def test_dictionaries_are_recorded_as_the_kept_ones_are_read(tmp_path: Path) -> None:
    found = json.loads((root() / dictionaries.RECORDED).read_text(encoding="utf-8"))
    dictionaries.unpack(root() / dictionaries.KEPT, tmp_path)
    told = ("name", "kind", "ours", "l0", "notes")
    now = [{name: row[name] for name in told} for row in dictionaries.compare(tmp_path)]
    assert now == [{name: row[name] for name in told} for row in found["rows"]]


@pytest.mark.parametrize("name", ["dictionaries", "same_numbers"])
def test_pages_of_comparisons_show_their_records(name: str, tmp_path: Path) -> None:
    page = comparison(root(), name)
    found = json.loads((root() / "benchmarks" / f"{name}.json").read_text(encoding="utf-8"))
    assert all(f"| {row.get('name', row.get('case'))} |" in page for row in found["rows"])
    assert all(f"{peer} {version}" in page for peer, version in found["versions"].items())
    assert f"python -m benchmarks.{name}" in comparison(tmp_path, name), "nothing is recorded"
    (tmp_path / "benchmarks").mkdir()
    for content in ("{", "[]", "{}", '{"rows": 3}'):
        (tmp_path / "benchmarks" / f"{name}.json").write_text(content)
        with pytest.raises(UserError, match="no record that this page can show"):
            comparison(tmp_path, name)
