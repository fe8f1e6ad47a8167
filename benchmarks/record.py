"""One run of the benchmarks as data: machine, times, ratios, and which goals they reach."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import time
from collections.abc import Callable
from typing import Any

import torch

from benchmarks import house, peers
from benchmarks.measure import LABELS, measure, peer_of, ratios, spread
from benchmarks.tasks import FULL, tiny
from lib.analysis.statistics import mean_interval
from lib.core.device import device_kind, instructions, processor, product_speedup
from lib.core.paths import root
from lib.core.progress import duration

MIB_A_GIB = 1024


def run(say: Callable[[str], None], *, small: bool = False, device: str = "cpu") -> dict[str, Any]:
    """Everything, one after the other; about five minutes on two cores."""
    began = time.monotonic()
    sizes = house.TINY if small else house.Sizes()
    tasks = [tiny(task) for task in FULL[:2]] if small else FULL
    record: dict[str, Any] = {"machine": machine(device), "small": small, "load": [_load()]}
    # An emulated format is slower than fp32, by far: its rows would take hours.
    emulated = product_speedup(torch.device(device), "bf16") < 1
    formats = ("fp32",) if emulated else ("fp32", "bf16")
    record["tasks"] = [measure(task, say, device=device, formats=formats) for task in tasks]
    say("ensembles, harvest, language model")
    record["ensembles"] = house.ensembles(sizes)
    record["harvest"] = [house.harvesting(sizes, p) for p in formats]
    record["language_model"] = [house.language_model(sizes, p) for p in formats]
    say("what bf16 does to the result")
    record["effect"] = None if emulated else with_interval(house.effect_of_precision(sizes))
    record["load"].append(_load())
    record["seconds"] = round(time.monotonic() - began)
    for task in record["tasks"]:
        summarise(task)
    record["goals"] = goals(record)
    say(f"all of it took {duration(record['seconds'])}")
    return record


def machine(device: str) -> dict[str, Any]:
    """What the numbers belong to; no names, no paths."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root()), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    return {
        "processor": processor(),
        "device": device_kind(torch.device(device)),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "threads": torch.get_num_threads(),
        "system": f"{platform.system()} {platform.machine()}",
        "instructions": instructions(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "peers": peers.installed(),
        "commit": git("rev-parse", "--short=10", "HEAD") or "unknown",
        "changed_since_commit": bool(git("status", "--porcelain", "--", "lib", "benchmarks/*.py")),
        "date": datetime.date.today().isoformat(),
    }


def _load() -> float | None:
    """Processes that wanted a core in the last minute; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def summarise(task: dict[str, Any]) -> None:
    """Adds the spread of each contender's times to its row."""
    for row in task["contenders"]:
        if row.get("rounds"):
            row["seconds"] = spread(row["rounds"])


def timed(task: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The contenders of a task that have times, by name."""
    return {r["name"]: r for r in task["contenders"] if "seconds" in r and "missing" not in r}


def best_peer(task: dict[str, Any]) -> dict[str, Any] | None:
    """The fastest of the libraries, by median; None where none is installed."""
    rows = [row for name, row in timed(task).items() if peer_of(name)]
    return min(rows, key=lambda row: row["seconds"]["median"]) if rows else None


def goals(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Each goal with what was measured; `reached` goes by the median."""
    found: list[dict[str, Any]] = []

    def add(what: str, value: dict[str, float], wanted: float, *, at_most: bool = False) -> None:
        middle = value["median"]
        reached = middle <= wanted if at_most else middle >= wanted
        found.append(
            {"what": what, **value, "wanted": wanted, "at_most": at_most, "reached": reached}
        )

    for task in record["tasks"]:
        rows, peer = timed(task), best_peer(task)
        ours, low = rows["ours"], rows.get("ours-bf16")
        title = task["title"]
        if peer is not None:
            by = f"as fast as {LABELS[peer['name']]}"
            add(f"{title}: times {by}, fp32", ratios(peer["rounds"], ours["rounds"]), 1.8)
            if task["kind"] == "topk" and low is not None:
                add(f"{title}: times {by} in fp32, ours in bf16",
                    ratios(peer["rounds"], low["rounds"]), 2.5)  # fmt: skip
        if task["kind"] == "topk":
            floor = ratios(ours["rounds"], rows["floor"]["rounds"])
            add(f"{title}: times the floor's time, fp32", floor, 1.12, at_most=True)
            for row in filter(None, (ours, low)):
                gib = row["peak_mib"] / MIB_A_GIB
                what = f"{title}: peak memory in GiB, {row['precision']}"
                add(what, {"median": gib, "low": gib, "high": gib}, 1.0, at_most=True)
    for ensemble in record["ensembles"]:
        add(f"{ensemble['title']}: times as fast as one by one", ensemble["ratio"], 4.0)
    for harvest in record["harvest"]:
        what = f"harvest of {harvest['title']}: times the bare forward pass"
        add(what, harvest["ratio"], 1.2, at_most=True)
    for model in record["language_model"]:
        add(f"language model, {model['title']}: share of the product peak", model["share"], 0.5)
    return found


def with_interval(effect: dict[str, Any]) -> dict[str, Any]:
    """Adds, for each kind, bf16 minus fp32 with its 95% interval over seeds."""
    effect["difference"] = {}
    for kind, values in effect["explained_variance"].items():
        difference = [b - a for a, b in zip(values["fp32"], values["bf16"], strict=True)]
        middle, low, high, _ = mean_interval(difference)
        effect["difference"][kind] = {"mean": middle, "low": low, "high": high}
    return effect


def table(record: dict[str, Any]) -> str:
    """What a terminal shows."""
    lines = []
    for task in record["tasks"]:
        lines += ["", f"{task['title']} (one training step)"]
        for row in task["contenders"]:
            if "missing" in row:
                lines.append(f"  {row['label']:<26} {row['missing']}")
                continue
            s = row["seconds"]
            lines.append(
                f"  {row['label']:<26} {1e3 * s['median']:8.1f} ms  "
                f"[{1e3 * s['low']:.1f}, {1e3 * s['high']:.1f}]  peak {row['peak_mib']:6.0f} MiB"
            )
    lines += ["", "Goals"]
    for goal in record["goals"]:
        limit = "<=" if goal["at_most"] else ">="
        sign = "reached    " if goal["reached"] else "not reached"
        lines.append(
            f"  {sign}  {goal['what']}: {goal['median']:.2f} [{goal['low']:.2f}, "
            f"{goal['high']:.2f}], wanted {limit} {goal['wanted']:g}"
        )
    return "\n".join(lines)
