"""Things that cost time and are made once: models, activations, dictionaries.

An artifact's folder carries a key over everything that its content depends on, so that a second
seed or a changed figure never trains a language model again, and a changed line of training code
never uses an old one.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from lib.cache.keys import closure, code_hash
from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.device import Machine
from lib.core.errors import UserError
from lib.core.fingerprints import canonical, digest, normalise
from lib.core.identity import Keyed
from lib.core.progress import announce, duration

DESCRIPTION = "artifact.json"
LOG_VARIABLE = "LITTLE_DICTIONARIES_ARTIFACTS"
"""Names a file to which one JSON line is appended for every artifact that is built or reused."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")

Producer = ModuleType | Callable
Made = TypeVar("Made")


def artifact(
    name: str,
    *,
    producer: Producer | Sequence[Producer],
    settings: Any,
    inputs: Sequence[Keyed] = (),
    seed: int,
    build: Callable[[Path], None],
    machine: Machine | None = None,
    local_only: bool = False,
) -> Path:
    """The folder of an artifact; it is built first if there is none with this key.

    `build(folder)` fills a folder that outlives a kill: what it leaves there (checkpoints) is there
    again when the same artifact is asked for the next time. The folder gets its final name in one
    step when `build` returns; two processes never build the same artifact twice.

    Args:
        name: e.g. "language-model"; lower-case letters, digits and dashes.
        producer: the functions or modules of `lib` that make it; their code, and the code that they
            import, is part of the key. A function of the notebook counts by its own source.
        settings: all that the outcome depends on (a dict, a dataclass, a settings object).
        inputs: the things that it is made from (texts, a model, activations), each with its key.
        seed: the seed of this artifact, not of the run, unless it depends on that.
        build: called with the folder to fill.
        machine: where the numbers differ by it.
        local_only: gigabytes that are quickly made again: they never leave this machine.

    Returns:
        `.cache/artifacts/<name>-<key>/`, complete; under `paths.persistent_folder` if it may leave.
    """
    if not _NAME.match(name):
        raise UserError(
            "The name of an artifact is made of lower-case letters, digits and dashes; "
            f"got {name!r}."
        )
    parts = {
        "name": name,
        "settings": settings,
        "inputs": [one.key for one in inputs],
        "seed": seed,
        "code": producer_hash(producer),
        "device": machine.kind if machine else None,
        "precision": machine.precision if machine else None,
        "versions": {package: version(package) for package in ("torch", "numpy")},
    }
    shelf = (paths.cache_folder() if local_only else paths.persistent_folder()) / "artifacts"
    folder = shelf / f"{name}-{digest(parts)}"
    if _whole(folder):
        return _reused(folder, name)
    partial = folder.with_name(folder.name + ".partial")
    # Here and not beside the artifact: a mounted drive may know no locks, and what stands in for
    # them would outlive a machine that is gone.
    locks = paths.cache_folder() / "artifacts" / ".locks"
    locks.mkdir(parents=True, exist_ok=True)
    with waiting_lock(locks / f"{folder.name}.lock", name.replace("-", " ")):
        if _whole(folder):
            return _reused(folder, name)
        partial.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        build(partial)
        seconds = time.monotonic() - started
        description = {**json.loads(canonical(parts)), "seconds": round(seconds, 2)}
        write_atomically(partial / DESCRIPTION, json.dumps(description, indent=1))
        if folder.exists():  # left over without its description: not whole
            shutil.rmtree(folder)
        os.replace(partial, folder)
    announce(f"{name.replace('-', ' ')}: built in {duration(seconds)}")
    _log(folder.name, "built", seconds)
    return folder


def cached(name: str, *, load: Callable[[Path], Made], **made_by: Any) -> Made:
    """What `load` reads from an artifact, which is built first if there is none.

    One that was damaged since it was built is built again, once.

    Args:
        load: called with the folder; it raises where a file is missing or damaged.
        made_by: as `artifact` takes it.
    """
    folder = artifact(name, **made_by)
    try:
        return load(folder)
    except (UserError, OSError, ValueError, TypeError) as error:
        announce(f"{folder.name} cannot be read and is made again: {error}")
        shutil.rmtree(folder)
        return load(artifact(name, **made_by))


def producer_hash(producer: Producer | Sequence[Producer]) -> str:
    """Changes when the producers' code, or the code of `lib` that they import, does."""
    producers = producer if isinstance(producer, list | tuple) else [producer]
    modules, own = [], []
    for one in producers:
        name = one.__name__ if inspect.ismodule(one) else one.__module__
        if name == "lib" or name.startswith("lib."):
            modules.append(name)
            continue
        try:
            source = inspect.getsource(one)
        except (OSError, TypeError):
            raise UserError(
                f"The producer {getattr(one, '__name__', one)!r} of an artifact has no source to "
                "be keyed by: give a function or module of `lib`, or one written in a cell."
            ) from None
        own.append(normalise(inspect.cleandoc(source)))
        # What a cell's function calls is only known by the modules that its names come from.
        used = inspect.getclosurevars(one) if inspect.isfunction(one) else None
        for value in (*used.globals.values(), *used.nonlocals.values()) if used else ():
            origin = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", "")
            if str(origin).startswith("lib."):
                modules.append(origin)
    return digest(code_hash(closure(modules)), own)


def _whole(folder: Path) -> bool:
    return (folder / DESCRIPTION).is_file()


def _reused(folder: Path, name: str) -> Path:
    announce(f"{name.replace('-', ' ')}: reused")
    _log(folder.name, "reused", 0.0)
    return folder


def waiting_lock(path: Path, name: str) -> AbstractContextManager:
    """Takes a lock, after saying so if another process has it; a killed process has none."""
    lock = FileLock(path)
    try:
        return lock.acquire(timeout=0.2)
    except Timeout:
        announce(f"{name}: another run is making it; waiting for that")
        return lock.acquire()


def _log(folder: str, event: str, seconds: float) -> None:
    if path := os.environ.get(LOG_VARIABLE):
        line: Mapping[str, Any] = {"artifact": folder, "event": event, "seconds": round(seconds, 2)}
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
