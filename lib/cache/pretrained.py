"""Published models and dictionaries for the chapters: from the hub, or from a folder.

A name is one of the tables below, `owner/name@revision` on the hub, or a folder that holds the
files of such a repository.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import torch

from lib.cache import keys
from lib.core.errors import UserError
from lib.core.hub_files import Repository, hub_repository, local_repository
from lib.core.progress import announce
from lib.core.weights import sha256
from lib.model.pretrained import PretrainedModel, load_pretrained
from lib.sae.base import SparseAutoencoder
from lib.sae.interchange import load_public

WEIGHT_SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")


class Published(NamedTuple):
    """A repository on the hub that a study used."""

    repository: str
    revision: str | None
    """The commit that is read; None where it is not known to the book and has to be given."""
    tokenizer: tuple[str, str] | None = None
    """Repository and commit of the tokenizer, where it stands in one of its own."""


# Commits as other public projects pin them. The commit of TinyStories-2Layers-33M and those of the
# dictionaries could not be looked up when this was written, and a made-up one would be worse than
# none: whoever uses them says which.
MODELS = {
    "tinystories-2l-33m": Published("roneneldan/TinyStories-2Layers-33M", None),
    "gelu-1l": Published(
        "NeelNanda/GELU_1L512W_C4_Code",
        "bddc0e332f0ae84279e6a6a45d91b314899e1603",
        tokenizer=(
            "NeelNanda/gpt-neox-tokenizer-digits",
            "0f6671571a20be9756b9991d978047c03b75e749",
        ),
    ),
}
# Lovis Heindrich's and Lucia Quirke's dictionaries of blocks.1.mlp_act of tinystories-2l-33m.
DICTIONARIES = {
    "tinystories-2l-33m-268": Published("lovish/SAE-tiny-stories-2L-33M-L1-268", None),
}


class PublicDictionary(NamedTuple):
    """A published dictionary."""

    sae: SparseAutoencoder
    key: str
    """Names these very weights."""
    provenance: dict[str, Any]


def pretrained_model(
    name: str, *, data: str, device: torch.device | str, context: int | None = None
) -> PretrainedModel:
    """A published model from the hub or from a folder; its key also names the text.

    Args:
        name: of `MODELS`, `owner/name@revision`, or a folder.
        data: fingerprint of the text that it will read, `Source.fingerprint`.
        context: the longest sequence to read; None for the model's own.
    Raises:
        UserError: no such place, a file that is missing, damaged or for another model, no network.
    """
    known, repository = MODELS.get(name.partition("@")[0]), published_repository(name, MODELS)
    elsewhere = known and known.tokenizer and repository.revision
    found = load_pretrained(
        repository,
        tokenizer_from=hub_repository(*known.tokenizer) if elsewhere else None,
        context=context,
        device=device,
    )
    announce(
        f"{repository.name}: {found.model.parameter_count():,} parameters, "
        f"{found.tokenizer.vocab_size:,} tokens"
    )
    return found._replace(key=f"pretrained-{keys.digest(found.key, data)}")


def public_dictionary(
    name: str,
    *,
    device: torch.device | str,
    file: str | None = None,
    width: int | None = None,
) -> PublicDictionary:
    """A published dictionary with the keys W_enc, b_enc, W_dec, b_dec; its sizes are the file's.

    Args:
        name: of `DICTIONARIES`, `owner/name@revision`, a folder, or a file of weights.
        file: which file of weights, where there are several.
        width: of the site where it will be used, `model.site_width(site)`.
    Raises:
        UserError: no such place, no file or several of them, a file that is no such dictionary,
            another width, no network.
    """
    path, repository = _dictionary_file(name, file)
    sae = load_public(path, device=device)
    if width is not None and sae.width != width:
        raise UserError(
            f"{path}: W_dec has rows of {sae.width} numbers, and the site where it is to be used "
            f"has {width}; choose the site or the model that the dictionary was trained on."
        )
    checksum = sha256(path)
    announce(
        f"{repository.name}: a dictionary of {sae.features:,} features on {sae.width} dimensions"
    )
    return PublicDictionary(
        sae,
        f"public-{hashlib.sha256(checksum.encode()).hexdigest()[:16]}",
        {
            "name": repository.label,
            "revision": repository.revision,
            "sha256": {path.name: checksum},
        },
    )


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


def _dictionary_file(name: str, file: str | None) -> tuple[Path, Repository]:
    path = Path(name).expanduser()
    if path.is_file():
        return path, local_repository(path.parent)
    repository = published_repository(name, DICTIONARIES)
    if file is not None:
        return repository.require_file((file,)), repository
    found = [other for other in repository.files() if other.endswith(WEIGHT_SUFFIXES)]
    # The same weights in two formats: the one that cannot hold code.
    found = [other for other in found if other.endswith(".safetensors")] or found
    if len(found) != 1:
        raise UserError(
            f"{repository.name} has {len(found) or 'no'} files of weights"
            f"{': ' + ', '.join(found) if found else ''}; say which one with `file`."
        )
    return repository.require_file(found), repository
