"""Weight files: state dicts, read without executing anything in them."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import cache_folder


def read_tensors(path: Path) -> Any:
    """What a file of weights holds: safetensors, or a pickle of which torch's restricted reader
    accepts tensors and plain containers only.

    Raises:
        UserError: a file that is missing or damaged, or a pickle with anything else in it.
    """
    path = Path(path)
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"expected a file of weights, but there is no file {path}.") from None
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path} is truncated or damaged ({error}); fetch it again.") from error
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"{path} is no plain state dict and was not read ({reason}): a file may hold tensors "
            "only, because anything else in a pickle could run code. Save the state dict as "
            "safetensors."
        ) from error


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Tensors by name; a pickle is converted to safetensors in `.cache` once and read from there.

    Raises:
        UserError: as `read_tensors`; a file that holds something other than tensors by name.
    """
    path = Path(path)
    if path.suffix == ".safetensors":
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
