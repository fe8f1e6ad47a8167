"""Content keys: short names of data, equal for equal data in every process and on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch

KEY_LENGTH = 16


@runtime_checkable
class Keyed(Protocol):
    """A thing that knows what it is: another text, filter, scale or weight has another key."""

    @property
    def key(self) -> str: ...


def content_key(*parts: Any) -> str:
    """A digest over arrays, tensors and plain values, in their order.

    An array or a tensor counts with its type, its shape and every bit; all else as JSON.

    Raises:
        TypeError: a value that is neither and has no stable text.
    """
    found = hashlib.sha256()
    for part in parts:
        if isinstance(part, torch.Tensor):
            flat = part.detach().cpu().contiguous().reshape(-1)
            head, content = f"{part.dtype} {tuple(part.shape)}", flat.view(torch.uint8).numpy()
        elif isinstance(part, np.ndarray):
            head, content = f"{part.dtype} {part.shape}", np.ascontiguousarray(part)
        else:
            content = json.dumps(part, sort_keys=True, ensure_ascii=False).encode("utf-8")
            head = f"json {len(content)}"
        found.update(head.encode("utf-8") + b"\0")
        found.update(content)
    return found.hexdigest()[:KEY_LENGTH]
