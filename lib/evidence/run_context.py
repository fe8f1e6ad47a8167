"""The run that this process is in the middle of: its settings, and what it has recorded so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from lib.core.errors import UserError
from lib.evidence.environment import describe

PREFIX = "application/papermill.record/"
"""Put before a MIME type, it keeps an output from being shown anywhere; myst-nb's glue and
papermill's scrapbook know it."""

KIND = "little_dictionaries"
"""The key in an output's metadata under which the project's own data stands."""

DEVICE_PEAK = f"{KIND}_device_peak"
"""The key beside it, on a GPU: the most bytes that tensors held there so far."""


@dataclass
class RunContext:
    """One chapter's run, from `load` to its last cell."""

    chapter: str | None = None
    settings: Any = None
    """The chapter's `ChapterSettings`."""
    source_label: str | None = None
    records: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    writers: dict[str, object] = field(default_factory=dict)
    """Which cell wrote which name, so that a name is not used twice."""


_current = RunContext()


def current() -> RunContext:
    """The open run; an empty one before `load`."""
    return _current


def begin(chapter: str | None = None, settings: Any = None) -> RunContext:
    """Opens a new book of records and notes settings and machine in the notebook's outputs."""
    global _current
    _current = RunContext(chapter, settings)
    if settings is None:
        return _current
    source = settings.data_source()
    _current.source_label = source.label
    given = settings.model_dump(mode="json")
    if given["source"] not in ("bundled", "hub"):
        given["source"] = source.label  # a folder's place is nobody's business
    content = {
        "kind": "settings",
        "chapter": chapter,
        "source": source.label,
        "real": bool(source.real),
        "settings": given,
        "environment": describe(settings.device, settings.precision),
    }
    emit_hidden("_settings", f"settings of chapter {chapter}", content)
    return _current


@contextmanager
def reading(chapter: str, records: Mapping[str, Any]) -> Iterator[None]:
    """For a while, the records of a finished run are the current ones: for sentences about it."""
    global _current
    before, _current = _current, RunContext(chapter, records=dict(records))
    try:
        yield
    finally:
        _current = before


def emit(data: dict[str, Any], metadata: dict[str, Any]) -> None:
    """One display output of the running cell; nothing outside a notebook."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    if InteractiveShell.initialized():
        display(data, metadata=metadata, raw=True)


def emit_hidden(name: str, text: str, content: dict[str, Any]) -> None:
    """An output that is stored in the notebook under `name` and shown nowhere."""
    metadata = {"scrapbook": {"name": name, "mime_prefix": PREFIX}, KIND: content}
    if torch.cuda.is_initialized():
        metadata[DEVICE_PEAK] = torch.cuda.max_memory_allocated()
    emit({PREFIX + "text/plain": text}, metadata)


def running_cell() -> tuple[object, object] | None:
    """(the running cell, its execution): equal cells on a rerun, unequal executions."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        return None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = (parent.get("metadata") or {}).get("cellId")
    history = shell.user_ns.get("In") or [""]
    return (cell or history[-1], shell.execution_count)


def claim_name(kind: str, name: str) -> None:
    """Refuses a name that another cell, or the same execution, has used for a `kind` already.

    A cell that is run again, as one does in JupyterLab, replaces what it wrote.
    """
    key, here = f"{kind} {name}", running_cell()
    before = _current.writers.get(key)
    if key in _current.writers and (
        before is None or here is None or before[0] != here[0] or before[1] == here[1]
    ):
        raise UserError(
            f"There is a {kind} named {name!r} already; every name is used once in a chapter, "
            "so give this one another name."
        )
    _current.writers[key] = here
