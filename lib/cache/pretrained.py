"""Published dictionaries for the chapters: from the hub, or from a folder.

A name is one of the table below, `owner/name@revision` on the hub, or a folder that holds the
files of such a repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lib.core.errors import UserError
from lib.core.hub_files import Repository, hub_repository, local_repository
from lib.core.progress import announce
from lib.core.weights import files_of, sha256
from lib.sae.base import SparseAutoencoder
from lib.sae.interchange import Loaded, read_dictionary


class Published(NamedTuple):
    """A repository on the hub that a study used."""

    repository: str
    revision: str | None
    """The commit that is read; None where it is not known to the book and has to be given."""


# The commit of these dictionaries could not be looked up when this was written, and a made-up one
# would be worse than none: whoever uses them says which.
# Lovis Heindrich's and Lucia Quirke's dictionaries of blocks.1.mlp_act of tinystories-2l-33m.
DICTIONARIES = {
    "tinystories-2l-33m-268": Published("lovish/SAE-tiny-stories-2L-33M-L1-268", None),
}


class PublicDictionary(NamedTuple):
    """A published dictionary."""

    sae: SparseAutoencoder
    key: str
    """Names these very weights, and how they are read."""
    provenance: dict[str, Any]
    loaded: Loaded

    def describe(self, sample: Tensor | None = None) -> str:
        """What was read, and what a reader of its numbers should know; see `Loaded.notes`."""
        notes = "".join(f" {note[0].upper()}{note[1:]}" for note in self.loaded.notes(sample))
        return f"{self.provenance['name']}, read as {self.loaded.kind}.{notes}"


def public_dictionary(
    name: str,
    *,
    device: torch.device | str,
    width: int | None = None,
) -> PublicDictionary:
    """A published dictionary, read by its own config; see `lib.sae.interchange`.

    Args:
        name: of `DICTIONARIES`, `owner/name@revision`, both also with `:path/inside`, a folder, or
            a file in one.
        width: of the site where it will be used, `model.site_width(site)`.
    Raises:
        UserError: no such place, no dictionary or several of them, one of a kind that is not read
            here, another width, no network.
    """
    path, inside = Path(name).expanduser(), ""
    if path.is_file():
        repository, inside = local_repository(path.parent), path.name
    else:
        if "@" in (place := name.partition(":")[0]):
            inside = name.removeprefix(place)[1:]
        repository = published_repository(place if inside else name, DICTIONARIES)
    found = read_dictionary(repository, inside, device=device)
    sae = found.sae
    if width is not None and sae.width != width:
        raise UserError(
            f"{found.path}: W_dec has rows of {sae.width} numbers, and the site where it is to be "
            f"used has {width}; choose the site or the model that the dictionary was trained on."
        )
    announce(
        f"{repository.name}: a dictionary of {sae.features:,} features on {sae.width} dimensions"
    )
    made = PublicDictionary(
        sae,
        f"public-{sae.key}",
        {
            "name": repository.label,
            "revision": repository.revision,
            "inside": inside,
            "kind": found.kind,
            "origin": dict(found.origin),
            "sha256": {path.name: sha256(path) for path in files_of(found.path)},
        },
        found,
    )
    announce(made.describe())
    return made


def published_repository(name: str, known: dict[str, Published]) -> Repository:
    """The folder or repository that a name stands for.

    Raises:
        UserError: it is none of the three, or a repository without a revision.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return local_repository(folder)
    short, _, revision = name.partition("@")
    entry = known.get(short, Published(short, None))
    if not (short in known or "/" in short) or folder.is_absolute():
        raise UserError(
            f"{name!r} is no folder and no published model or dictionary that the book knows; give "
            f"{', '.join(known)}, or owner/name@revision, or a folder."
        )
    if not (revision := revision or entry.revision or ""):
        raise UserError(
            f"{entry.repository} needs a revision, so that the numbers stay what they are: give "
            f"{short}@ and the commit that the hub shows under Files and versions, or {short}@main "
            "for today's, which is then named."
        )
    return hub_repository(entry.repository, revision)
