"""Weight files: state dicts, read without executing anything in them."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import cache_folder

INDEX = ".index.json"
"""How the name of a list of shards ends: `model.safetensors.index.json`."""


def read_tensors(path: Path) -> Any:
    """What a file of weights holds: safetensors, the index of a file in shards, or a pickle of
    which torch's restricted reader accepts tensors and plain containers only.

    Raises:
        UserError: a file that is missing or damaged, or a pickle with anything else in it.
    """
    path = Path(path)
    try:
        if path.name.endswith(INDEX):
            shards = shards_of(path)
            found = {name: t for shard in shards for name, t in read_tensors(shard).items()}
            return _all_of(path, found)
        if path.suffix == ".safetensors":
            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"expected a file of weights, but there is no file {path}.") from None
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path} is truncated or damaged ({error}); fetch it again.") from error
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise UserError(
            f"{path} is no plain state dict and was not read{_unsafe(error)}: a file may hold "
            "tensors only, because anything else in a pickle could run code. Save the state dict "
            "as safetensors."
        ) from error


def shards_of(index: Path) -> list[Path]:
    """The files that an index of shards lists, each once; all lie beside it.

    Raises:
        UserError: an index that is damaged, or that lists anything but files beside it.
    """
    listed = _weight_map(index).values()
    wrong = [name for name in listed if not re.fullmatch(r"[\w.-]+\.safetensors", str(name))]
    if wrong or not listed:
        raise UserError(
            f"{index} lists {wrong[0] if wrong else 'no file'!r}, where shards are .safetensors "
            "files beside it; fetch it again."
        )
    return [index.parent / name for name in sorted(set(listed))]


def files_of(path: Path) -> list[Path]:
    """A file of weights; for an index of shards, these as well."""
    return [path, *shards_of(path)] if path.name.endswith(INDEX) else [path]


def _weight_map(index: Path) -> dict[str, str]:
    try:
        return dict(json.loads(index.read_text(encoding="utf-8"))["weight_map"])
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{index} is no index of shards ({error!r}); fetch it again.") from error


def _all_of(index: Path, found: dict[str, Tensor]) -> dict[str, Tensor]:
    if differing := sorted(_weight_map(index).keys() ^ found.keys()):
        raise UserError(
            f"the shards beside {index} do not hold what it lists: {differing[0]!r} stands in one "
            "of the two only; fetch all files again."
        )
    return found


def _unsafe(error: Exception) -> str:
    """What torch's restricted reader objected to, without its advice to read it all the same."""
    named = re.search(r"GLOBAL ([\w.]+)", str(error))
    return f" (it holds {named[1]})" if named else ""


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Tensors by name; a pickle is converted to safetensors in `.cache` once and read from there.

    Raises:
        UserError: as `read_tensors`; a file that holds something other than tensors by name.
    """
    path = Path(path)
    if path.suffix == ".safetensors" or path.name.endswith(INDEX):
        return read_tensors(path)
    converted = cache_folder() / "pretrained" / f"{sha256(path)[:32]}.safetensors"
    if converted.exists():
        try:
            return read_tensors(converted)
        except UserError:
            converted.unlink()
    tensors = _plain_state_dict(path, read_tensors(path))
    # Tied tensors share memory, which the format does not have.
    write_atomically(converted, save({name: t.clone() for name, t in tensors.items()}))
    return tensors


def sha256(path: Path) -> str:
    """The checksum of a file's bytes, in hexadecimal digits.

    Raises:
        UserError: there is no such file.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"expected a file of weights, but there is no file {path}.") from None


def _plain_state_dict(path: Path, found: Any) -> dict[str, Tensor]:
    if not isinstance(found, dict):
        raise UserError(
            f"{path} holds a {type(found).__name__} and no state dict; expected tensors by name."
        )
    for name, value in found.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise UserError(
                f"{path} is no state dict: under {name!r} it holds a {type(value).__name__}, and "
                "expected is a tensor; save the model's own state dict."
            )
    return {name: value.detach().contiguous() for name, value in found.items()}
