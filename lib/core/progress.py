"""Progress lines with the time left: one plain line now and then.

Moving bars freeze in saved notebooks, so a line is printed at most every few seconds, to standard
error, which the published page leaves out. Each line is also appended to the file that the
environment variable LITTLE_DICTIONARIES_PROGRESS names: the runner reads it from there.
"""

from __future__ import annotations

import os
import sys
import time

PROGRESS_FILE_VARIABLE = "LITTLE_DICTIONARIES_PROGRESS"


def duration(seconds: float) -> str:
    """A time span in words, e.g. `42 s`, `3 min 05 s`, `1 h 02 min`."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def announce(line: str) -> None:
    """Prints one line of progress, for the reader and for the runner."""
    print(line, file=sys.stderr, flush=True)
    if path := os.environ.get(PROGRESS_FILE_VARIABLE):
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


class Progress:
    """Counts steps of one phase and announces the share done and the time left.

    >>> progress = Progress("language model", total=1000, done=200)  # resumed at step 200
    >>> progress.update(210, note="loss 1.23")
    """

    def __init__(self, label: str, total: int, done: int = 0, every_seconds: float = 5.0):
        self.label, self.total, self.first, self.every = label, total, done, every_seconds
        self.started = self.last = time.monotonic()
        if done:
            announce(f"{label}: going on from step {done:,} of {total:,}")

    def update(self, done: int, note: str = "") -> None:
        """Call after every step; `done` counts all steps, also those before a resume."""
        now = time.monotonic()
        finished = done >= self.total
        if now - self.last < self.every and not finished:
            return
        self.last = now
        elapsed = now - self.started
        rate = (done - self.first) / elapsed if elapsed > 0 else 0.0
        note = f", {note}" if note else ""
        if finished:
            announce(f"{self.label}: {self.total:,} steps in {duration(elapsed)}{note}")
        else:
            left = duration((self.total - done) / rate) if rate else "?"
            share = done / self.total
            announce(f"{self.label}: {done:,} / {self.total:,} ({share:.0%}), {left} left{note}")
