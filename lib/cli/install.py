"""Makes `.venv` and installs everything into it; does nothing when nothing changed.

Only the standard library is used, because this runs before anything is installed, and nothing
newer than Python 3.7 can parse, so that an old interpreter gets a sentence and not a traceback.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST_PYTHON = (3, 11)
# Asked for alone and exactly: a place that keeps a CPU build of this version answers with it.
TORCH = "torch==2.13.0"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
STAMPED = (*REQUIREMENTS, "constraints.txt", "pyproject.toml")
CUDA_GIGABYTES = 2.6
EXIT_USER_ERROR = 2


class InstallError(Exception):
    """One sentence for the reader; printed without a traceback."""


def project_root() -> Path:
    """The folder that holds `lib`, `book` and `chapters`."""
    return Path(__file__).resolve().parents[2]


def venv_python(root: Path) -> Path:
    """Where the interpreter of the project's environment stands, whether it exists or not."""
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return root.joinpath(".venv", *inside)


def stamp(root: Path) -> str:
    """Changes when a requirement changes or the folder moves (an environment holds its path)."""
    digest = hashlib.sha256(str(root).encode("utf-8", "surrogateescape") + TORCH.encode())
    for name in STAMPED:
        digest.update(hashlib.sha256((root / name).read_bytes()).digest())
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Whether the environment is whole: its stamp is today's and its interpreter runs."""
    stamp_file = _stamp_file(root)
    return (
        stamp_file.is_file()
        and stamp_file.read_text(encoding="utf-8").strip() == stamp(root)
        and _version(venv_python(root)) is not None
    )


def install(root: Path) -> None:
    """Makes the environment and installs into it, whatever is there already.

    Raises:
        InstallError: Python is too old, the environment cannot be made, or pip failed.
    """
    _stamp_file(root).unlink(missing_ok=True)
    _make_environment(root)
    if _would_fetch_cuda(root):
        say(cuda_advice())
    say(f"install 2/3: {TORCH} (200 MB for the CPU build)")
    pip(root, "install", "-c", "constraints.txt", TORCH)
    say("install 3/3: about 160 packages, 1.9 GB on disk: a minute or two, more on a slow network")
    files = [part for name in REQUIREMENTS for part in ("-r", name)]
    pip(root, "install", "-c", "constraints.txt", *files, "-e", ".")
    _stamp_file(root).write_text(stamp(root) + "\n", encoding="utf-8")
    say("install: done; the next command finds everything in place")


def has_nvidia_gpu() -> bool:
    """Whether an NVIDIA driver is there; asks no Python package."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def cuda_packages(report: dict) -> list[str]:
    """The packages in pip's report that only a machine with an NVIDIA GPU can use."""
    names = [item["metadata"]["name"].lower() for item in report.get("install", [])]
    return sorted(name for name in names if name.startswith(("nvidia-", "cuda-", "triton")))


def cuda_advice() -> str:
    """What to read before gigabytes arrive that this machine cannot use."""
    return (
        f"This machine has no NVIDIA GPU, but pip is about to fetch about {CUDA_GIGABYTES} GB of "
        "CUDA packages with torch.\nThe CPU build is a tenth of that. To get it, stop here "
        "(Ctrl-C), choose Linux, Pip and CPU in the selector on\npytorch.org, and give the address "
        "that it shows to the same command:\n\n    PIP_EXTRA_INDEX_URL=<that address> make book\n"
    )


def pip(root: Path, *arguments: str) -> None:
    """Runs pip of the environment in `root`; its output goes to `.venv/install.log`.

    Raises:
        InstallError: pip failed; the last lines of its output are in the sentence.
    """
    log = root / ".venv" / "install.log"
    command = [str(venv_python(root)), "-m", "pip", *arguments]
    with open(log, "a", encoding="utf-8") as file:
        start = file.tell()
        # A new process group would survive Ctrl-C, so pip stays in ours.
        code = subprocess.run(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        ).returncode
    if code:
        with open(log, encoding="utf-8", errors="replace") as file:
            file.seek(start)
            last = [line.rstrip() for line in file if line.strip()][-12:]
        raise InstallError(
            "pip could not install everything; it said last:\n\n    "
            + "\n    ".join(last)
            + f"\n\nThe whole log is {log}. When the reason is mended (no network, a full disk, a "
            "proxy), run the same command again: what is there already stays."
        )


def say(text: str) -> None:
    """One line of progress, at once even where the output is a file."""
    print(text, file=sys.stderr, flush=True)


def _make_environment(root: Path) -> None:
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise InstallError(too_old(platform.python_version()))
    python = venv_python(root)
    version = _version(python)
    if version is not None and version >= OLDEST_PYTHON and _runs(python, "-m", "pip", "--version"):
        say(f"install 1/3: .venv is there (Python {version[0]}.{version[1]})")
        return
    say(f"install 1/3: making .venv with Python {platform.python_version()}")
    command = [sys.executable, "-m", "venv", "--clear", str(root / ".venv")]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise InstallError(
            f"The environment {root / '.venv'} could not be made with {sys.executable}:\n\n"
            f"{done.stdout.strip()}\n\nOn Debian and Ubuntu the package python3-venv is missing "
            "more often than not."
        )


def too_old(version: str) -> str:
    """The sentence for an interpreter that cannot run the book."""
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return (
        f"Python {wanted} or newer is needed and this is Python {version}; install one and name "
        "it, for example: make book PYTHON=python3.12, or: python3.12 -m lib book."
    )


def _would_fetch_cuda(root: Path) -> bool:
    """Asks pip what it would fetch for torch: only where the answer can matter."""
    if platform.system() != "Linux" or has_nvidia_gpu():
        return False
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [str(venv_python(root)), "-m", "pip", "install", "--quiet", "--dry-run"]
        command += ["--report", str(report), "-c", "constraints.txt", TORCH]
        done = subprocess.run(
            command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if done.returncode or not report.exists():
            return False  # the install itself will say what is wrong
        return bool(cuda_packages(json.loads(report.read_text(encoding="utf-8"))))


def _version(python: Path) -> tuple[int, int] | None:
    """The version of an interpreter found by running it, or None if it does not run."""
    try:
        done = subprocess.run(
            [str(python), "-c", "import sys; print(*sys.version_info[:2])"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        major, minor = done.stdout.split()
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _runs(python: Path, *arguments: str) -> bool:
    done = subprocess.run(
        [str(python), *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode == 0


def _stamp_file(root: Path) -> Path:
    return root / ".venv" / "installed.txt"


def main(argv: list[str] | None = None) -> int:
    """`python -m lib install`: exit code 0, or 2 after a sentence on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m lib install", description="Makes .venv and installs everything into it."
    )
    parser.add_argument("--quiet", action="store_true", help="no word when nothing is to be done")
    parser.add_argument("--again", action="store_true", help="run pip even if nothing changed")
    options = parser.parse_args(argv)
    root = project_root()
    try:
        if sys.version_info[:2] < OLDEST_PYTHON and not is_current(root):
            raise InstallError(too_old(platform.python_version()))
        if is_current(root) and not options.again:
            if not options.quiet:
                say("install: everything is in place in .venv")
            return 0
        install(root)
    except InstallError as error:
        say(str(error))
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        say("\ninstall: stopped; the same command goes on from here")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
