"""Which device and which number format to use, by what the machine really has."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch

from lib.core.errors import UserError

PRECISIONS = ("auto", "fp32", "bf16", "fp16")
# bf16 has to win clearly before it is chosen, so that timing noise never flips the choice.
BF16_SPEEDUP_WANTED = 1.5


def resolve_device(name: str = "auto") -> torch.device:
    """`auto` takes CUDA, then Apple's MPS, then the CPU; any other name must exist here.

    Raises:
        UserError: the named device is unknown or absent.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        if torch.backends.mps.is_available():
            return torch.device("mps")
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


def device_kind(device: torch.device) -> str:
    """A name for run keys: two devices of one kind compute the same numbers."""
    if device.type == "cuda":
        return f"cuda-{torch.cuda.get_device_name(device).replace(' ', '-')}"
    return device.type


@cache
def _bf16_pays_on_cpu() -> bool:
    """Times one matrix product in both formats: some CPUs emulate bf16 and are slower with it."""

    def seconds(dtype: torch.dtype) -> float:
        a, b = (torch.ones(512, 512, dtype=dtype) for _ in range(2))
        a @ b
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            a @ b
            best = min(best, time.perf_counter() - start)
        return best

    return seconds(torch.float32) > BF16_SPEEDUP_WANTED * seconds(torch.bfloat16)


def resolve_precision(requested: str, device: torch.device) -> str:
    """`auto` becomes the fastest format that the device has in hardware: bf16, fp16 or fp32.

    A T4 answers `torch.cuda.is_bf16_supported()` with yes because it emulates bf16; the compute
    capability tells the truth.

    Raises:
        UserError: an unknown format.
    """
    if requested not in PRECISIONS:
        raise UserError(f"precision must be one of {', '.join(PRECISIONS)}; got {requested!r}.")
    if requested != "auto":
        return requested
    if device.type == "cuda":
        return "bf16" if torch.cuda.get_device_capability(device)[0] >= 8 else "fp16"
    if device.type == "cpu":
        return "bf16" if _bf16_pays_on_cpu() else "fp32"
    return "fp32"


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """Runs matrix products in `precision` ("fp32", "bf16", "fp16"); weights stay float32."""
    dtypes = {"bf16": torch.bfloat16, "fp16": torch.float16}
    if precision not in dtypes:
        return nullcontext()
    # The cast cache would keep stale weights where a graph lives longer than one step.
    return torch.autocast(device.type, dtype=dtypes[precision], cache_enabled=False)
