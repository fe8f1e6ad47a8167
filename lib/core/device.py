"""Device and precision: where products run and in which format, by what the machine has."""

from __future__ import annotations

import contextlib
import json
import math
import platform
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import torch
from filelock import FileLock
from torch import Tensor

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import cache_folder
from lib.core.progress import announce

PRECISIONS = ("auto", "fp32", "bf16", "fp16")
DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}
# Between hardware that has a format and emulation, far from both: noise does not flip the choice.
SPEEDUP_WANTED = 1.5
PROBES = 6
# On MPS a product of transposed factors, even copied ones, depends on what memory was used before
# (pytorch#193487, seen in 2.7 to 2.13); up to 2.8 `linear` is wrong as well (pytorch#162730).
MPS_WRONG_UP_TO = (2, 13)


@dataclass(frozen=True)
class Machine:
    """Where numbers are made and in which format: what decides how they are rounded.

    It unpacks into the two arguments of the functions that take them apart: `f(x, **machine)`.
    """

    device: torch.device
    precision: str
    """"fp32", "bf16" or "fp16"; no longer "auto"."""

    @classmethod
    def of(cls, device: str = "auto", precision: str = "auto") -> Machine:
        """What these names stand for here; see `resolve_device` and `resolve_precision`."""
        found = resolve_device(device)
        return cls(found, resolve_precision(precision, found))

    @property
    def kind(self) -> str:
        """For keys; see `device_kind`."""
        return device_kind(self.device)

    def autocast(self) -> AbstractContextManager:
        """Runs matrix products in this precision."""
        return autocast(self.device, self.precision)

    def keys(self) -> Iterator[str]:
        return (field.name for field in fields(self))

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def resolve_device(name: str = "auto") -> torch.device:
    """`auto` takes CUDA, then Apple's MPS where its products can be trusted, then the CPU; any
    other name must exist here.

    Raises:
        UserError: the named device is unknown or absent.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        if torch.backends.mps.is_available():
            if _release(torch.__version__) > MPS_WRONG_UP_TO:
                return torch.device("mps")
            announce(
                f"device: the CPU, because matrix products on MPS can be wrong in torch "
                f"{torch.__version__} without a word; newer than "
                f"{'.'.join(map(str, MPS_WRONG_UP_TO))}, or 'mps' by name, takes it"
            )
        return torch.device("cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise UserError(
            f"device {name!r} cannot be used on this machine ({str(error).splitlines()[0]}); "
            "give 'auto', 'cpu', 'cuda' or 'cuda:0'."
        ) from error
    return device


def _release(version: str) -> tuple[int, int]:
    """The first two numbers of a version."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def device_kind(device: torch.device) -> str:
    """A name for run keys: two devices of one kind compute the same numbers."""
    if device.type == "cuda":
        return f"cuda-{torch.cuda.get_device_name(device).replace(' ', '-')}"
    return device.type


def resolve_precision(requested: str, device: torch.device) -> str:
    """`auto` becomes the number format in which this machine multiplies fastest.

    What the hardware has is asked first: bf16 from compute capability 8 on and on CPUs, fp16 on
    older GPUs such as a T4 (which answers `torch.cuda.is_bf16_supported()` with yes because it
    emulates bf16). Then it is measured whether products gain by it; where they do not, as on most
    CPUs, it is fp32. The answer is part of keys, so it is measured once for a machine and kept in
    `.cache/machine.json`.

    Raises:
        UserError: an unknown format.
    """
    if requested not in PRECISIONS:
        raise UserError(f"precision must be one of {', '.join(PRECISIONS)}; got {requested!r}.")
    return requested if requested != "auto" else _fastest(device)


@cache
def _fastest(device: torch.device) -> str:
    """`_measure`, or what it found on this machine before."""
    path = cache_folder() / "machine.json"
    name = f"{processor()} {device_kind(device)} torch {torch.__version__}"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes that measure at once must not go on with different answers.
    with FileLock(path.with_suffix(".lock")):
        try:
            known = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            known = {}
        if known.get(name) not in PRECISIONS[1:]:
            known[name] = _measure(device)
            write_atomically(path, json.dumps(known, indent=1))
    return known[name]


def _measure(device: torch.device) -> str:
    candidate = _candidate(device)
    if candidate is None or product_speedup(device, candidate) < SPEEDUP_WANTED:
        return "fp32"
    return candidate


def _candidate(device: torch.device) -> str | None:
    """The low format that the device may have in hardware."""
    if device.type == "cuda":
        return "bf16" if torch.cuda.get_device_capability(device)[0] >= 8 else "fp16"
    return "bf16" if device.type == "cpu" else None


def product_speedup(device: torch.device, precision: str) -> float:
    """The speed of a matrix product over that in fp32: best of several, in turn, so that
    whatever else the machine does slows both."""
    size = 512 if device.type == "cpu" else 2048
    best = {}
    factors = {
        dtype: torch.ones(size, size, dtype=dtype, device=device)
        for dtype in (torch.float32, DTYPES[precision])
    }
    for _ in range(PROBES):
        for dtype, factor in factors.items():
            start = time.perf_counter()
            # A number asked for makes a GPU finish.
            (factor @ factor)[0, 0].item()
            best[dtype] = min(best.get(dtype, math.inf), time.perf_counter() - start)
    return best[torch.float32] / best[DTYPES[precision]]


def processor() -> str:
    """The processor's name, as the system gives it."""
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """Runs matrix products in `precision` ("fp32", "bf16", "fp16"); weights stay float32."""
    if precision not in DTYPES:
        return nullcontext()
    # The cast cache would keep stale weights where a graph lives longer than one step.
    return torch.autocast(device.type, dtype=DTYPES[precision], cache_enabled=False)


def product_dtype(x: Tensor) -> torch.dtype:
    """The format that matrix products of `x` run in: autocast's where it is on."""
    device = x.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else x.dtype
