"""Files that are either whole or absent, and training states that survive a kill."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch

from lib.core.errors import UserError, disk_full_message

DIGEST_BYTES = hashlib.sha256().digest_size


def write_atomically(path: Path, content: bytes | str) -> None:
    """Writes `path` so that a reader, or a kill, sees the old content or the new, never a part.

    Raises:
        UserError: the disk is full.
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(disk_full_message(path)) from error
        raise


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Saves tensors, numbers, strings, lists and dicts atomically, with a checksum at the end.

    The state before stays beside it as `<name>.previous`, so that a damaged file costs one
    checkpoint interval and no more.
    """
    buffer = io.BytesIO()
    torch.save(state, buffer)
    payload = buffer.getvalue()
    path = Path(path)
    if path.exists():
        os.replace(path, _previous(path))
    write_atomically(path, payload + hashlib.sha256(payload).digest())


def load_state(path: Path) -> dict[str, Any] | None:
    """The newest whole state at `path`, or None where there is none; never unpickles code.

    A damaged file is reported with a warning and the state before it is used.
    """
    path = Path(path)
    for candidate in (path, _previous(path)):
        if not candidate.exists():
            continue
        data = candidate.read_bytes()
        payload, digest = data[:-DIGEST_BYTES], data[-DIGEST_BYTES:]
        if hashlib.sha256(payload).digest() == digest:
            return torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
        warnings.warn(
            f"The checkpoint {candidate} is damaged (its checksum does not match) and was left "
            "out; going on from the one before it.",
            stacklevel=2,
        )
    return None


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".previous")


def rng_state() -> dict[str, Any]:
    """The state of torch's generators, to be stored in a checkpoint."""
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state


def restore_rng_state(state: dict[str, Any]) -> None:
    """Puts back what `rng_state` returned."""
    torch.set_rng_state(state["cpu"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
