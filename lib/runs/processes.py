"""The process of one run: how it is started, what came of it, and how it is ended.

Values go in and out by pipe. Imports next to nothing, so that an engine's worker is small.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OUTPUT, WHERE = "output.txt", "where.txt"
IN_FULL = "--- the error in full ---"
"""The line of a run's log from which on it is for the log alone."""
ENDED = 128 + signal.SIGTERM
"""The exit status of a run that was told to end, or whose runner is gone."""


def launch(spec: Mapping[str, Any], environment: Mapping[str, str]) -> subprocess.Popen:
    """Starts the run of a specification, see `engines.specification`."""
    with (Path(spec["work"]) / OUTPUT).open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lib.runs.worker"],
            cwd=spec["root"],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            # Ctrl-C goes to the runner alone, which then ends its processes in order.
            start_new_session=True,
        )
    with contextlib.suppress(BrokenPipeError), process.stdin:
        pickle.dump(dict(spec), process.stdin)
    return process


def result(process: subprocess.Popen, work: Path) -> tuple[str, str]:
    """(status, message) of a process that is over, as `progress_table.Outcome` has them."""
    with contextlib.suppress(EOFError, pickle.UnpicklingError), process.stdout:
        return pickle.load(process.stdout)
    said = (work / OUTPUT).read_text(encoding="utf-8", errors="replace").strip()
    last = said.splitlines()[-1] if said else f"exit status {process.returncode}"
    # Below zero: ended by a signal, such as the system's when memory runs out.
    status = "lost" if process.returncode < 0 or process.returncode == ENDED else "failed"
    return status, f"the run's process ended early: {last}"


def end(process: subprocess.Popen) -> None:
    """Ends a run's process and the kernel under it, and waits until they are gone."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid)
        members = [*family.children(recursive=True), family]
        process.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs(members, timeout=5)
        for member in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(left, timeout=5)
    process.wait()


def carry_out(spec: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[str, str]:
    """Does one run from beginning to end in the calling process; what a Ray worker calls.

    The worker's own environment stays where `environment` says nothing, above all the GPUs that it
    was given. When this process is killed, the run ends itself.
    """
    work = Path(spec["work"])
    (work / WHERE).write_text(f"{socket.gethostname()}:{os.getpid()}", encoding="utf-8")
    process = launch(spec, {**os.environ, **environment})
    try:
        process.wait()
        return result(process, work)
    finally:
        if process.poll() is None:
            end(process)
