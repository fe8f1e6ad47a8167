"""The process of one run: how it is started and how it is ended, on this machine.

Imports next to nothing, so that an engine's worker is small.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SPECIFICATION, OUTPUT, WHERE = "spec.json", "output.txt", "where.json"
HANGS = -1000
"""The status of a process that was ended because it ran for too long."""


def launch(work: Path, environment: Mapping[str, str], root: Path) -> subprocess.Popen:
    """Starts the run whose specification is in `work`."""
    with (work / OUTPUT).open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "lib.runs.worker", str(work / SPECIFICATION)],
            cwd=root,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the runner alone, which then ends its processes in order.
            start_new_session=True,
        )


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


def carry_out(work: str, environment: dict[str, str], root: str, limit: float) -> int:
    """Does one run from beginning to end in the calling process; what an engine's worker calls.

    The worker's own environment stays where `environment` says nothing, above all the GPUs that it
    was given. When this process is killed, the run ends itself.

    Returns:
        the exit status, or `HANGS` after `limit` seconds.
    """
    where = {"host": socket.gethostname(), "pid": os.getpid()}
    (Path(work) / WHERE).write_text(json.dumps(where), encoding="utf-8")
    process = launch(Path(work), {**os.environ, **environment}, Path(root))
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return HANGS
    finally:
        if process.poll() is None:
            end(process)
