"""How far the runs of one command are: what is through, what runs where, and for how long still.

In a terminal that is a table which is drawn again every second; elsewhere lines, now and then.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lib.core.progress import duration
from lib.runs import run_folders
from lib.runs.plan import RunSpec, whole_seconds
from lib.runs.processes import IN_FULL

LINES_SECONDS, DRAW_SECONDS = 20.0, 1.0

Tell = Callable[[str], None]


class Outcome(NamedTuple):
    """How one run ended."""

    plan: RunSpec
    status: str
    """done, reused, prose, failed, lost (its process was ended by something else), timeout,
    user-error."""
    message: str
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether the run's folder is there and up to date."""
        return self.status in ("done", "reused", "prose")


@dataclass
class RunningJob:
    """A run that waits or is under way, on whichever engine."""

    plan: RunSpec
    work: Path = Path()
    """The folder of its log."""
    attempt: int = 1
    handle: Any = None
    """What the engine knows it by."""
    where: str = ""
    """The process that does it, and on which machine or GPU; "" while it waits for one."""
    started: float = field(default_factory=time.monotonic)
    log_offset: int = 0
    """Bytes of the log that have been shown."""
    last: str = ""
    """The log's newest line."""

    def seen_at(self, where: str) -> None:
        """Its time counts from when it is first seen anywhere."""
        if where and not self.where:
            self.where, self.started = where, time.monotonic()

    def should_retry(self, status: str) -> bool:
        """Whether a run that ended so is tried once more: one that hung or was lost, not one that
        failed, because it would fail again."""
        return status in ("lost", "timeout") and self.attempt == 1


class ProgressTable:
    """Where an engine says what it does.

    Args:
        plans: all runs of the command that have something to do.
        slots: how many of them run at the same time.
        tell: prints one line.
        table: whether there is more to show than the lines of a single run.
        console: where a table would be drawn.
    """

    def __init__(
        self,
        plans: Sequence[RunSpec],
        slots: int,
        tell: Tell,
        table: bool,
        console: Console | None = None,
    ):
        self.tell, self.slots, self.table = tell, max(1, slots), table
        self.several = len(plans) > 1
        console = console or Console()
        drawn = table and console.is_terminal and not console.is_dumb_terminal
        self.live = Live(console=console, auto_refresh=False, transient=True) if drawn else None
        self._shown_at = -LINES_SECONDS
        self._earlier: dict[tuple[str, str, str], float] = {}

    def __enter__(self) -> ProgressTable:
        if self.live:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def tail(self, one: RunningJob) -> None:
        """Shows the new whole lines of a run's log; in a table, the newest one."""
        try:
            with (one.work / run_folders.LOG).open("rb") as file:
                file.seek(one.log_offset)
                new = file.read()
        except OSError:
            return
        whole = new[: new.rfind(b"\n") + 1]
        one.log_offset += len(whole)
        before = f"[{one.plan.label}] " if self.several else ""
        for line in whole.decode("utf-8", "replace").splitlines():
            if line == IN_FULL:
                break
            if line.strip():
                one.last = line.strip()
                if not self.live:
                    self.tell(f"  {before}{line}")

    def show(
        self,
        jobs: Sequence[RunningJob],
        outcomes: Sequence[Outcome],
        now: bool = False,
    ) -> None:
        """Shows the table if it is time, or `now`."""
        clock = time.monotonic()
        pause = DRAW_SECONDS if self.live else LINES_SECONDS
        if not self.table or (clock - self._shown_at < pause and not now):
            return
        self._shown_at = clock
        running = [one for one in jobs if one.where]
        headline = self.headline(running, [one for one in jobs if not one.where], outcomes)
        rows = [
            (one.plan.label, one.where, duration(clock - one.started), one.last) for one in running
        ]
        if self.live:
            self.live.update(_drawn(headline, rows), refresh=True)
            return
        self.tell(headline)
        for label, where, elapsed, _ in rows:
            self.tell(f"  {label:<14} {where:<22} {elapsed}")

    def headline(
        self,
        running: Sequence[RunningJob],
        waiting: Sequence[RunningJob],
        outcomes: Sequence[Outcome],
    ) -> str:
        """`3 of 10 runs through, 1 of them failed; 2 running, 5 waiting; about 4 min 10 s left`."""
        total = len(running) + len(waiting) + len(outcomes)
        failed = sum(not outcome.good for outcome in outcomes)
        parts = [f"{len(outcomes)} of {total} runs through"]
        parts[0] += f", {failed} of them failed" if failed else ""
        if running or waiting:
            parts.append(f"{len(running)} running, {len(waiting)} waiting")
            clock = time.monotonic()
            left = [self.whole(one.plan, outcomes) - clock + one.started for one in running]
            to_come = [self.whole(one.plan, outcomes) for one in waiting]
            parts.append(f"about {duration(time_left(left, to_come, self.slots))} left")
        return "; ".join(parts)

    def whole(self, plan: RunSpec, outcomes: Sequence[Outcome] = ()) -> float:
        """Seconds that a run takes: as those with its settings took that are through, or those of
        its chapter; else as an earlier or a kept run, or by the profile's budget."""
        done = [one for one in outcomes if one.status == "done"]
        kin = [one for one in done if one.plan.chapter == plan.chapter]
        like = [one for one in kin if one.plan.key == plan.key] or kin
        if like:
            return sum(one.seconds for one in like) / len(like)
        kind = (plan.chapter, plan.settings.profile, plan.source["label"])
        if kind not in self._earlier:
            self._earlier[kind], _ = whole_seconds(plan)
        return self._earlier[kind]


def total(plans: Sequence[RunSpec], jobs: int | None) -> str:
    """`60 runs, 2 of them done already: about 3 h 20 min, 2 at a time.`

    `jobs` is None where nobody knows beforehand how many run at a time, as on a cluster.
    """
    left = [plan for plan in plans if plan.state() != "nothing"]
    done = len(plans) - len(left)
    text = "1 run" if len(plans) == 1 else f"{len(plans)} runs"
    text += f", {done} of them done already" if done else ""
    if not left:
        return f"{text}."
    whole = ProgressTable(left, jobs or 1, print, table=False).whole
    each = [whole(plan) for plan in left]
    if jobs is None:
        return f"{text}: about {duration(sum(each))} in all, shared out where there is room."
    return f"{text}: about {duration(time_left([], each, jobs))}, {jobs} at a time."


def tally(outcomes: Sequence[Outcome]) -> str:
    """`60 runs: 57 done, 2 done already, 1 failed.`"""
    words = {"reused": "done already", "prose": "done already", "user-error": "failed"}
    words |= {"timeout": "failed", "lost": "failed"}
    counts = Counter(words.get(one.status, one.status) for one in outcomes)
    return f"{len(outcomes)} runs: {', '.join(f'{n} {word}' for word, n in counts.items())}."


def time_left(running: Sequence[float], waiting: Sequence[float], slots: int) -> float:
    """Seconds until the last run ends, if each that waits takes the first slot that gets free."""
    ends = [max(0.0, left) for left in running]
    ends += [0.0] * (slots - len(ends))
    heapq.heapify(ends)
    for seconds in waiting:
        heapq.heapreplace(ends, ends[0] + seconds)
    return max(ends, default=0.0)


def _drawn(headline: str, rows: Sequence[tuple[str, str, str, str]]) -> Table:
    table = Table(title=Text(headline), title_justify="left", expand=True)
    for column in ("run", "where", "for"):
        table.add_column(column, no_wrap=True)
    table.add_column("says", no_wrap=True, ratio=1)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
