"""`keep`: what is worth keeping of a run goes to `results/`, under version control."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.runs import notebooks, run_folders

LARGEST_FIGURE = 200_000
_ABSOLUTE = re.compile(r"(?<![\w:/])(?:[A-Za-z]:)?[/\\](?:[^\s'\"/\\]+[/\\])+([^\s'\"/\\]*)")


def record_run(name: str) -> Path:
    """Copies records, settings, environment, figures and feature cards of a run; returns where.

    Args:
        name: the folder of a finished run, a file in it, or a chapter, for its newest run.

    Raises:
        UserError: there is no such finished run.
    """
    folder = find_run(name)
    run = run_folders.read_run(folder)
    meta = run.meta
    label = f"{meta['profile']}-{meta['source']}"
    if meta["overrides"]:
        # Other sizes than the profile's are another experiment, with a place of its own.
        label += f"-{meta['key'][:8]}"
    target = paths.results_folder() / meta["chapter"] / label / f"seed{meta['seed']}"
    new = target.with_name(target.name + ".partial")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    records = run_folders.read_json(folder / run_folders.RECORDS)
    settings = dict(run.settings)
    if settings.get("source") not in ("bundled", "hub"):
        settings["source"] = meta["source"]
    records["figures"] = _copy_figures(records["figures"], folder, new)
    environment = {**run.environment, "artifacts": len(run.environment.get("artifacts", ()))}
    for file, content in (
        (run_folders.RECORDS, records),
        (run_folders.SETTINGS, settings),
        (run_folders.ENVIRONMENT, environment),
    ):
        text = json.dumps(without_paths(content), indent=1, ensure_ascii=False, allow_nan=False)
        write_atomically(new / file, text + "\n")
    if (folder / run_folders.EXPLORER).is_dir():
        shutil.copytree(folder / run_folders.EXPLORER, new / run_folders.EXPLORER)
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
    return target


def find_run(name: str) -> Path:
    """The folder of a finished run, by its path or as a chapter's newest.

    Raises:
        UserError: there is none.
    """
    path = Path(name)
    if not path.exists() and (paths.root() / name).exists():
        path = paths.root() / name
    if path.is_file():
        path = path.parent
    if path.is_dir():
        if run_folders.read_marker(path) is None:
            raise UserError(
                f"{name} is not the folder of a finished run; such a folder is called "
                f"runs/<chapter>/<profile>-<source>/<key>/seed<k> and holds {run_folders.MARKER}."
            )
        return path.resolve()
    (chapter,) = notebooks.find_chapters([name])
    finished = [
        (run_folders.read_json(folder / run_folders.MARKER)["finished"], folder)
        for folder in run_folders.find(paths.runs_folder() / chapter)
    ]
    if not finished:
        raise UserError(
            f"There is no finished run of chapter {chapter}: run it first, with "
            f"python -m lib run {chapter}."
        )
    return max(finished)[1]


def _copy_figures(figures: list[dict[str, str]], folder: Path, new: Path) -> list[dict[str, str]]:
    kept = []
    for entry in figures:
        source = folder / run_folders.FIGURES / entry["file"]
        if source.is_file() and source.stat().st_size <= LARGEST_FIGURE:
            (new / run_folders.FIGURES).mkdir(exist_ok=True)
            shutil.copyfile(source, new / run_folders.FIGURES / entry["file"])
            kept.append(entry)
    return kept


def without_paths(value: Any) -> Any:
    """The same data with every absolute path cut down to its last part."""
    if isinstance(value, dict):
        return {key: without_paths(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_paths(item) for item in value]
    if isinstance(value, str):
        return _ABSOLUTE.sub(r"\1", value)
    return value
