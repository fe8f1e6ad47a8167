"""Atomic writes and checkpoints: files that are whole or absent, states that survive a kill."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import io
import os
import secrets
import time
import warnings
from pathlib import Path
from typing import Any

import torch

from lib.core.errors import UserError, disk_full_message

DIGEST_BYTES = hashlib.sha256().digest_size
# A file that is still being written changes all the time; one this old has lost its process.
LEFTOVER_SECONDS = 600


def write_atomically(path: Path, content: bytes | str) -> None:
    """Writes `path` so that a reader, or a kill, sees the old content or the new, never a part.

    The file gets the permissions that the umask gives to any new file. A killed process leaves
    `.<name>.<digits>.tmp` behind, which nothing reads and the next writing of `path` clears away.

    Raises:
        UserError: the disk is full.
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(path)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            with open(temporary, "xb") as file:
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


def _clear_leftovers(path: Path) -> None:
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
                leftover.unlink()


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
