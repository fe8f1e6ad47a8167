"""Takes times in turn: every round, each contender makes some steps, in an order that rotates.

Whatever else the machine does meets all of them, and ratios are taken round by round.
"""

from __future__ import annotations

import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.contenders import OWN
from benchmarks.tasks import Task, write_problem
from lib.core.paths import root

# Each contender runs for at least this long in a round, so that short steps are many.
SECONDS_A_TURN = 0.25
MOST_STEPS = 25
FEWEST_ROUNDS, MOST_ROUNDS = 3, 20
TIMEOUT = 180
# How far a first loss may lie from the float64 one, relative to it.
TOLERANCE = {"fp32": 1e-4, "bf16": 0.02}
LABELS = {
    "ours": "this book",
    "ours-bf16": "this book, bf16",
    "sae-lens": "sae-lens",
    "sae-lens-sparse": "sae-lens, sparse codes",
    "dictionary-learning": "dictionary-learning",
    "eai-sparsify": "eai-sparsify",
    "plain": "plain autograd",
    "floor": "floor",
    "floor-bf16": "floor, bf16",
    "ours-whole-batch": "with the whole batch's codes in memory",
    "ours-default-adam": "with torch's default Adam",
}
MODULES = {
    None: "lib.sae.training",
    "sae-lens": "sae_lens.training.sae_trainer",
    "dictionary-learning": "dictionary_learning.trainers.standard",
    "eai-sparsify": "sparsify",
}


def peer_of(contender: str) -> str | None:
    """The library that a contender belongs to; None for those that need none."""
    return None if contender in OWN else contender.removesuffix("-sparse")


class Process:
    """A worker, spoken to one order at a time."""

    def __init__(self, python: Path, module: str, log: Any) -> None:
        environment = {**os.environ, "PYTHONPATH": str(root()), "TOKENIZERS_PARALLELISM": "false"}
        self.child = subprocess.Popen(
            [str(python), "-m", "benchmarks.worker", module], cwd=root(), env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.child.stdout:
            self.lines.put(line)
        self.lines.put("")

    def ask(self, **order: Any) -> dict[str, Any]:
        """An order and its answer; a process that died or hangs answers with an error."""
        try:
            self.child.stdin.write(json.dumps(order) + "\n")
            self.child.stdin.flush()
            line = self.lines.get(timeout=TIMEOUT)
        except (OSError, queue.Empty) as error:
            self.child.kill()
            return {"error": f"no answer ({type(error).__name__})"}
        if not line:
            return {"error": f"the process ended with exit code {self.child.wait()}"}
        return json.loads(line)

    def close(self) -> None:
        """Ends the process."""
        self.child.kill()
        self.child.wait()


def measure(
    task: Task,
    say: Callable[[str], None],
    *,
    device: str = "cpu",
    profile: bool = True,
    formats: Sequence[str] = ("fp32", "bf16"),
) -> dict[str, Any]:
    """One task by all its contenders: times, memory, whether the answer was right, a profile.

    Args:
        formats: those that the machine has; what runs in another is not timed.
    """
    say(f"{task.title}")
    processes: dict[str, Process] = {}
    rows = {name: {"name": name, "label": LABELS[name]} for name in task.contenders}
    with tempfile.TemporaryDirectory() as folder, open(Path(folder) / "log", "w") as log:
        problem = Path(folder) / "problem.safetensors"
        right = write_problem(task, problem)
        try:
            for name in task.contenders:
                if name.endswith("-bf16") and "bf16" not in formats:
                    rows[name]["missing"] = "not measured on this kind: bf16 would be emulated"
                    continue
                peer = peer_of(name)
                python = Path(sys.executable) if peer is None else peers.interpreter(peer)
                if python is None:
                    rows[name]["missing"] = f"{peer} is not installed"
                    continue
                processes[name] = Process(python, MODULES[peer], log)
            for name, process in list(processes.items()):
                answer = process.ask(
                    do="load", contender=name, task=task.as_json(), problem=str(problem),
                    device=device,
                )  # fmt: skip
                rows[name] |= _judge(answer, right)
                if "missing" in rows[name]:
                    processes.pop(name).close()
                    say(f"  {LABELS[name]}: {rows[name]['missing']}")
            _rounds(task, processes, rows, say)
            for name, process in processes.items():
                rows[name] |= process.ask(do="memory")
            if profile and "ours" in processes:
                for name in [n for n in ("ours", "ours-bf16") if n in processes]:
                    rows[name] |= processes[name].ask(do="profile", steps=2, rows=6)
        finally:
            for process in processes.values():
                process.close()
    return {**task.as_json(), "title": task.title, "loss": right, "contenders": list(rows.values())}


def _judge(answer: dict[str, Any], right: float) -> dict[str, Any]:
    """A contender that does not compute the same loss is not timed."""
    if "error" in answer:
        return {"missing": f"did not run: {answer['error'][:120]}"}
    loss = answer["loss"]
    if loss is not None and not abs(loss / right - 1) <= TOLERANCE[answer["precision"]]:
        return {"missing": f"not timed: its first loss is {loss:.6g} where {right:.6g} is right"}
    return answer


def _rounds(
    task: Task,
    processes: dict[str, Process],
    rows: dict[str, dict[str, Any]],
    say: Callable[[str], None],
) -> None:
    """Fills in `rounds`: for each contender the seconds a step in each round."""
    steps = {}
    for name in processes:
        # The first step warmed up; later ones take less, so a turn may be shorter than wanted.
        seconds = max(rows[name]["first_seconds"], 1e-6)
        steps[name] = max(1, min(MOST_STEPS, round(SECONDS_A_TURN / seconds)))
        rows[name]["rounds"], rows[name]["processor"] = [], []
    began, number = time.monotonic(), 0
    for names in turns(processes, task.seconds):
        number += 1
        for name in names:
            answer = processes[name].ask(do="run", steps=steps[name])
            if "error" in answer:
                rows[name]["missing"] = f"did not run: {answer['error']}"
                processes.pop(name).close()
                continue
            rows[name]["rounds"].append(statistics.median(answer["seconds"]))
            rows[name]["processor"].append(statistics.median(answer["processor"]))
    say(f"  {number} rounds in {time.monotonic() - began:.0f} s")


def turns(
    contenders: Mapping[str, Any], seconds: float, fewest: int = FEWEST_ROUNDS
) -> Iterator[list[str]]:
    """Round by round, who is still there, in an order that rotates, until the time is used up."""
    began, number = time.monotonic(), 0
    while number < MOST_ROUNDS:
        started = time.monotonic()
        names = list(contenders)
        yield names[number % len(names) :] + names[: number % len(names)]
        number += 1
        left = seconds - (time.monotonic() - began)
        if number >= fewest and left < time.monotonic() - started:
            break


def spread(values: list[float]) -> dict[str, float]:
    """The median of some values with the smallest and the largest."""
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def ratios(above: list[float], below: list[float]) -> dict[str, float]:
    """`above / below` round by round."""
    return spread([a / b for a, b in zip(above, below, strict=True)])


def in_turn(
    contenders: dict[str, Callable[[], None]], seconds: float, fewest: int = FEWEST_ROUNDS
) -> dict[str, list[float]]:
    """Seconds of each call in each round, in this process: for what needs no peer."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for call in contenders.values():
        call()
    for names in turns(contenders, seconds, fewest):
        for name in names:
            start = time.perf_counter()
            contenders[name]()
            found[name].append(time.perf_counter() - start)
    return found
