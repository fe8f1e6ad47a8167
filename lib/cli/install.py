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
import sys
from pathlib import Path
from subprocess import PIPE, call, run

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 11)
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
STAMPED = (*REQUIREMENTS, "constraints.txt", "pyproject.toml")
WHEELS = "wheels"
"""The folder in which a teaching kit brings the packages."""
CUDA_ADVICE = """\
This machine has no NVIDIA GPU, but pip is about to fetch about 2.6 GB of CUDA packages with torch.
The CPU build is a tenth of that. To get it, stop here (Ctrl-C), choose Linux, Pip and CPU in the
selector on pytorch.org, and give the address that it shows to the same command:

    PIP_EXTRA_INDEX_URL=<that address> make book
"""


def venv_python(root: Path) -> Path:
    """Where the interpreter of the project's environment stands, whether it exists or not."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(root: Path) -> str:
    """Changes when a requirement changes or the folder moves (an environment holds its path)."""
    parts = [os.fsencode(str(root)), *((root / name).read_bytes() for name in STAMPED)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_current(root: Path) -> bool:
    """Whether the environment is whole: its stamp is today's and its interpreter runs."""
    file = root / ".venv" / "installed.txt"
    return file.is_file() and file.read_text("utf-8") == stamp(root) and _works(root)


def _works(root: Path) -> bool:
    """Whether there is a Python that runs, is new enough, and has pip."""
    python = shutil.which(str(venv_python(root)))
    return bool(python) and not call(
        [python, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"], stdout=PIPE
    )


def has_nvidia_gpu() -> bool:
    """Whether an NVIDIA driver is there; asks no Python package."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def say(text: str) -> None:
    """One line of progress, at once even where the output is a file."""
    print(text, file=sys.stderr, flush=True)


def install(root: Path) -> None:
    """Makes the environment, or takes the one that works, and installs into it.

    Raises:
        ValueError: Python is too old, the environment cannot be made, or pip failed.
    """
    if not _works(root):
        if sys.version_info[:2] < OLDEST_PYTHON:
            raise ValueError(
                f"Python 3.11 or newer is needed and this is Python {platform.python_version()}; "
                "install one and name it, for example: make book PYTHON=python3.12."
            )
        say(f"install 1/2: making .venv with Python {platform.python_version()}")
        if call([sys.executable, "-m", "venv", "--clear", str(root / ".venv")]):
            raise ValueError(f"The environment {root / '.venv'} could not be made: see above.")
    environment = dict(os.environ)
    offline = (root / WHEELS).is_dir()
    if offline:
        # As an address, because pip takes the variable apart at every space of a path.
        links = (root / WHEELS).resolve().as_uri()
        environment.update(PIP_NO_INDEX="1", PIP_FIND_LINKS=links)
        say("install: the packages are taken from the folder wheels; no network is needed")
    log, file = root / ".venv" / "install.log", root / ".venv" / "installed.txt"
    file.write_text("not yet", encoding="utf-8")
    pip = [str(venv_python(root)), "-m", "pip", "install", "-qq", "-c", "constraints.txt"]
    if platform.system() == "Linux" and not has_nvidia_gpu():
        asked = run(
            [*pip, "--dry-run", "--report", "-", "torch"], cwd=root, stdout=PIPE, env=environment
        )
        if any(b'"name": "' + name in asked.stdout for name in (b"nvidia-", b"cuda-", b"triton")):
            say(CUDA_ADVICE)
    say("install 2/2: about 160 packages, 1.9 GB on disk: two minutes, more on a slow network")
    wanted = [*(part for name in REQUIREMENTS for part in ("-r", name)), "-e", "."]
    if call([*pip, "--log", str(log), *wanted], cwd=root, env=environment):
        told = log.read_text("utf-8") if offline else ""
        lacking = re.findall(r"No matching distribution found for (\S+)", told)
        if lacking:
            raise ValueError(
                f"The folder {root / WHEELS} has no file of {lacking[-1]} for "
                f"{platform.system()} and Python {platform.python_version()}: ask for a kit made "
                "for these, or rename the folder where there is a network, and run this again."
            )
        raise ValueError(
            f"pip could not install everything: see above, or the whole log, {log}. When the "
            "reason is mended (no network, a full disk, a proxy), run the same command again: "
            "what is there already stays."
        )
    file.write_text(stamp(root), encoding="utf-8")
    say("install: done; the next command finds everything in place")


def bring_model(root: Path) -> None:
    """Fetches the small language model that chapters 3 and 4 read by default, unless it is here, as
    in a teaching kit; without it, and without a network, the book works all the same."""
    if os.environ.get("SMOLLM2", "").lower() in ("no", "0", "false"):
        say("install: without SmolLM2; chapters 3 and 4 train small models of their own instead")
        return
    if any((root / ".cache" / "models" / "smollm2-135m").glob("*.gguf")):
        say("install: the language model SmolLM2 is here already")
    else:
        say("install: fetching the language model SmolLM2 (93 MB, once); SMOLLM2=no leaves it out")
    if call([str(venv_python(root)), "-m", "lib", "fetch", "smollm2-135m"], cwd=root, stdout=PIPE):
        say("install: going on without it; chapters 3 and 4 train small models of their own")


def main(arguments: list[str]) -> int:
    """`python -m lib install`: exit code 0, or 2 after a sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m lib install", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="no word when nothing is to be done")
    given = parser.parse_args(arguments)
    try:
        if not is_current(ROOT):
            install(ROOT)
            bring_model(ROOT)
        elif not given.quiet:
            say("install: everything is in place in .venv")
    except ValueError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("\ninstall: stopped; the same command goes on from here")
        return 130
    return 0
