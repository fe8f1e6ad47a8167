"""What a run says about itself at the foot of its page; nothing private: no path, no user name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib.core.progress import duration
from lib.runs.run_folders import Run

PUBLIC_SOURCES = ("bundled", "hub")


def facts(run: Run) -> list[tuple[str, str]]:
    """The rows of the execution record, in order."""
    meta, here = run.meta, run.environment
    origin = "real text" if meta.get("real") else "made for this book"
    precision = here["precision"]
    if "threads" in here:
        precision += f", {here['threads']} thread" + "s" * (here["threads"] != 1)
    memory, on_device = here.get("peak_memory_gib"), here.get("peak_device_memory_gib")
    rows = [
        ("Profile", meta["profile"]),
        ("Text", f"{meta['source']} ({origin})"),
        ("Seed", str(meta["seed"])),
        ("Device", f"{here['device']} ({here['processor']}, {here['cores']} cores)"),
        ("Precision", precision),
        ("Duration", f"{duration(here['seconds'])}{_reused(here)}"),
        ("Peak memory", f"{memory} GiB" if memory else ""),
        ("Peak memory on the GPU", f"{on_device} GiB" if on_device else ""),
        ("Finished", str(meta["finished"]).replace("T", " ")),
        ("Commit", commit(meta)),
        ("System", f"{here['system']}, Python {here['python']}"),
        ("Versions", ", ".join(f"{name} {number}" for name, number in here["versions"].items())),
    ]
    return [(what, value) for what, value in rows if value]


def commit(meta: Mapping[str, Any]) -> str:
    """The short commit, and whether there were changes beside it."""
    if not meta.get("commit"):
        return ""
    return meta["commit"][:10] + (", with uncommitted changes" if meta.get("dirty") else "")


def settings(run: Run) -> dict[str, Any]:
    """All resolved settings; a folder of text goes by its name, because its path is private."""
    return _with_public_source(run.settings, run)


def injected(run: Run, notebook: Mapping[str, Any]) -> dict[str, Any]:
    """What the run was given by hand, with the same care for the path of the text."""
    given = notebook.get("metadata", {}).get("papermill", {}).get("parameters", {})
    given = {name: value for name, value in given.items() if value is not None}
    return _with_public_source(given, run)


def _with_public_source(values: Mapping[str, Any], run: Run) -> dict[str, Any]:
    source = values.get("source")
    if source is None or source in PUBLIC_SOURCES:
        return dict(values)
    return {**values, "source": run.meta["source"]}


def _reused(environment: Mapping[str, Any]) -> str:
    """A duration means little without what was there already."""
    reused = sum(made["event"] == "reused" for made in environment.get("artifacts", ()))
    return f" ({reused} trained parts were there already)" if reused else ""
