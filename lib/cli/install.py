"""Makes `.venv` and installs everything into it; does nothing when nothing changed.

Only the standard library is used, because this runs before anything is installed, and nothing
newer than Python 3.7 can parse, so that an old interpreter gets a sentence and not a traceback.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL, STDOUT

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 11)
# Asked for alone and exactly: a place that keeps a CPU build of this version answers with it.
TORCH = "torch==2.13.0"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
STAMPED = (*REQUIREMENTS, "constraints.txt", "pyproject.toml")
CUDA_PACKAGE = re.compile(r'"name": "(nvidia-|cuda-|triton)')
CUDA_ADVICE = """\
This machine has no NVIDIA GPU, but pip is about to fetch about 2.6 GB of CUDA packages with torch.
The CPU build is a tenth of that. To get it, stop here (Ctrl-C), choose Linux, Pip and CPU in the
selector on pytorch.org, and give the address that it shows to the same command:

    PIP_EXTRA_INDEX_URL=<that address> make book
"""
TOO_OLD = (
    "Python 3.11 or newer is needed and this is Python {}; install one and name it, for example: "
    "make book PYTHON=python3.12, or: python3.12 -m lib book."
)


class InstallError(Exception):
    """One sentence for the reader; printed without a traceback."""


def venv_python(root: Path) -> Path:
    """Where the interpreter of the project's environment stands, whether it exists or not."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(root: Path) -> str:
    """Changes when a requirement changes or the folder moves (an environment holds its path)."""
    parts = [os.fsencode(str(root)), TORCH.encode()]
    parts += [(root / name).read_bytes() for name in STAMPED]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_current(root: Path) -> bool:
    """Whether the environment is whole: its stamp is today's and its interpreter runs."""
    file = root / ".venv" / "installed.txt"
    return file.is_file() and file.read_text("utf-8").strip() == stamp(root) and _works(root)


def install(root: Path) -> None:
    """Makes the environment, or takes the one that works, and installs into it.

    Raises:
        InstallError: Python is too old, the environment cannot be made, or pip failed.
    """
    if _works(root):
        say("install 1/3: .venv is there")
    else:
        _make_environment(root)
    stamp_file = root / ".venv" / "installed.txt"
    stamp_file.write_text("not yet\n", encoding="utf-8")
    if _would_fetch_cuda(root):
        say(CUDA_ADVICE)
    say(f"install 2/3: {TORCH} (200 MB for the CPU build)")
    pip(root, TORCH)
    say("install 3/3: about 160 packages, 1.9 GB on disk: a minute or two, more on a slow network")
    pip(root, *(part for name in REQUIREMENTS for part in ("-r", name)), "-e", ".")
    stamp_file.write_text(stamp(root) + "\n", encoding="utf-8")
    say("install: done; the next command finds everything in place")


def pip(root: Path, *wanted: str) -> None:
    """Installs into the environment; what pip says goes to `.venv/install.log`.

    Raises:
        InstallError: pip failed; the last lines of its output are in the sentence.
    """
    log = root / ".venv" / "install.log"
    with open(log, "ab") as file:
        start = file.tell()
        # A new process group would survive Ctrl-C, so pip stays in ours.
        failed = subprocess.call(
            _pip_install(root, *wanted), cwd=root, stdin=DEVNULL, stdout=file, stderr=STDOUT
        )
    if failed:
        said = log.read_bytes()[start:].decode("utf-8", "replace")
        last = [line.rstrip() for line in said.splitlines() if line.strip()][-12:]
        raise InstallError(
            "pip could not install everything; it said last:\n\n    "
            + "\n    ".join(last)
            + f"\n\nThe whole log is {log}. When the reason is mended (no network, a full disk, a "
            "proxy), run the same command again: what is there already stays."
        )


def has_nvidia_gpu() -> bool:
    """Whether an NVIDIA driver is there; asks no Python package."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def say(text: str) -> None:
    """One line of progress, at once even where the output is a file."""
    print(text, file=sys.stderr, flush=True)


def _pip_install(root: Path, *wanted: str) -> list[str]:
    return [str(venv_python(root)), "-m", "pip", "install", "-c", "constraints.txt", *wanted]


def _works(root: Path) -> bool:
    """Whether there is an environment with a Python that runs, is new enough, and has pip."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    command = [str(venv_python(root)), "-c", check]
    try:
        return subprocess.run(command, stdin=DEVNULL, capture_output=True).returncode == 0
    except OSError:
        return False


def _make_environment(root: Path) -> None:
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise InstallError(TOO_OLD.format(platform.python_version()))
    say(f"install 1/3: making .venv with Python {platform.python_version()}")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(root / ".venv")]):
        raise InstallError(
            f"The environment {root / '.venv'} could not be made with {sys.executable} (see "
            "above); on Debian and Ubuntu the package python3-venv is often missing."
        )


def _would_fetch_cuda(root: Path) -> bool:
    """Asks pip what it would fetch for torch, where no NVIDIA GPU could use it."""
    if platform.system() != "Linux" or has_nvidia_gpu():
        return False
    command = _pip_install(root, "--quiet", "--dry-run", "--report", "-", TORCH)
    # If pip fails here, the install itself will say what is wrong.
    done = subprocess.run(command, cwd=root, stdin=DEVNULL, capture_output=True)
    return bool(CUDA_PACKAGE.search(done.stdout.decode("utf-8", "replace")))


def main(argv: list[str] | None = None) -> int:
    """`python -m lib install`: exit code 0, or 2 after a sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m lib install", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="no word when nothing is to be done")
    parser.add_argument("--again", action="store_true", help="run pip even if nothing changed")
    given = parser.parse_args(argv)
    try:
        if given.again or not is_current(ROOT):
            install(ROOT)
        elif not given.quiet:
            say("install: everything is in place in .venv")
    except InstallError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("\ninstall: stopped; the same command goes on from here")
        return 130
    return 0
