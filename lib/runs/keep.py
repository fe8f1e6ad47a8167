"""`keep`: what is worth keeping of a run goes to `results/`, under version control."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from lib.cache.artifacts import DESCRIPTION
from lib.core import paths
from lib.core.errors import UserError
from lib.core.progress import announce
from lib.display import explorer
from lib.evidence.run_context import KIND
from lib.model.published import kept
from lib.model.training import TrainingHistory
from lib.model.transformer import load_model
from lib.runs import notebooks, run_folders
from lib.runs.speed import measured
from lib.text.tokenizers import BPETokenizer, ByteTokenizer

LARGEST_FIGURE = 200_000
WIDGET = "application/vnd.jupyter.widget-view+json"
PRIVATE = ("source", "model", "dictionaries")
"""Settings that name places of the reader's own."""
_ROOT = r"(?:file:|~[^\s/\\]*|[A-Za-z]:)?[/\\]+(?!\s)"
_WHOLE = re.compile(_ROOT + r".*?([^/\\\n]+)[/\\]*")
_WITHIN = re.compile(rf"(?<![\w:/]){_ROOT}(?:[^\s'\"/\\]+[/\\])+([^\s'\"/\\]*)")


def record_run(name: str) -> Path:
    """Copies records, settings, environment, figures, cards and the page of a run, and the language
    model that it trained, if that is small; returns where.

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
    settings, private = dict(run.settings), _private_paths(run.settings)
    if settings.get("source") not in ("bundled", "hub"):
        settings["source"] = meta["source"]
    records["figures"] = _copy_figures(records["figures"], folder, new)
    made = run.environment.get("artifacts", ())
    reused = sum(one["event"] == "reused" for one in made)
    environment = {**run.environment, "artifacts": len(made), "reused": reused}
    environment |= measured(run.environment)
    for file, content in (
        (run_folders.RECORDS, records),
        (run_folders.SETTINGS, settings),
        (run_folders.ENVIRONMENT, environment),
    ):
        run_folders.write_json(new / file, without_paths(content, private))
    page = outputs_only(notebooks.read(folder / run_folders.NOTEBOOK))
    page = nbformat.from_dict(_with_texts(page, lambda text: _renamed(text, private)))
    nbformat.write(page, new / run_folders.NOTEBOOK)
    if (folder / run_folders.EXPLORER).is_dir():
        shutil.copytree(folder / run_folders.EXPLORER, new / run_folders.EXPLORER)
    _keep_model(run, new / kept.FOLDER)
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
    return target


def _keep_model(run: run_folders.Run, target: Path) -> None:
    """Puts the language model that the run trained, or found trained, into `target`."""
    names = (one["artifact"] for one in run.environment.get("artifacts", ()))
    made = next((name for name in names if name.startswith("language-model-")), None)
    folder = paths.persistent_folder() / "artifacts" / (made or "")
    if made is None:
        return
    if not (folder / DESCRIPTION).is_file():
        announce(f"the run's language model is no longer in {folder.parent}: it is not kept")
        return
    model, path = load_model(folder), folder / kept.TOKENIZER
    tokenizer = BPETokenizer.load(path) if path.exists() else ByteTokenizer()
    if tokenizer.vocab_size != model.config.vocab_size:
        announce(f"the run's language model has no tokenizer in {folder}: it is not kept")
        return
    how = run_folders.read_json(folder / DESCRIPTION)
    history = TrainingHistory(**run_folders.read_json(folder / kept.HISTORY))
    written = kept.save_kept(
        target,
        model,
        tokenizer,
        history,
        {
            **{key: run.meta[key] for key in ("chapter", "profile", "source", "commit", "dirty")},
            "text": how["inputs"][0],
            "training": how["settings"]["training"],
            **{key: how[key] for key in ("seed", "device", "precision", "versions", "seconds")},
            "loss": history.validation[-1][1],
        },
    )
    if not written:
        announce(f"the run's language model takes over {kept.LARGEST // 10**6} MB: it is not kept")


def outputs_only(executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the outputs that a page shows; changed in place.

    What goes: each figure's second form, the data of cards (they are kept beside it), widgets,
    progress, and all that could hold a path of the machine.
    """
    executed["metadata"] = {}
    cells = [cell for cell in executed["cells"] if notebooks.INJECTED not in notebooks.tags(cell)]
    for cell in cells:
        cell["metadata"] = {"tags": notebooks.tags(cell)}
        if cell["cell_type"] == "code":
            cell["outputs"] = [slim for one in cell["outputs"] if (slim := _slim(one))]
            cell["execution_count"] = None
    executed["cells"] = cells
    return executed


def _slim(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    if output["output_type"] == "stream":
        return output if output["name"] == "stdout" else None
    data = output.get("data", {})
    if output.get("metadata", {}).get(KIND, {}).get("kind") == "settings":
        return None
    if explorer.MIME in data:
        name = json.loads("".join(data[explorer.MIME]))["name"]
        output["data"] = {explorer.MIME: json.dumps({"name": name})}
    elif "text/html" in data:
        output["data"] = {"text/html": data["text/html"]}
        output["metadata"].pop("image/png", None)
    return None if WIDGET in data else output


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


def without_paths(value: Any, private: Mapping[str, str] | None = None) -> Any:
    """The same data with every absolute path cut down to its last part.

    Where a text is nothing but a path, spaces belong to it; within a sentence they end it.

    Args:
        private: places that are known, and what is left of each wherever it stands.
    """

    def cut(text: str) -> str:
        whole = _WHOLE.fullmatch(text := _renamed(text, private or {}))
        return whole[1] if whole else _WITHIN.sub(r"\1", text)

    return _with_texts(value, cut)


def _with_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_texts(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_texts(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _renamed(text: str, private: Mapping[str, str]) -> str:
    for place, name in private.items():
        text = text.replace(place, name)
    return text


def _private_paths(settings: Mapping[str, Any]) -> dict[str, str]:
    """The folders and files that a run's settings name, longest first, and the name of each.

    `owner/name@commit` and `kept:...` are no places of the reader's own.
    """
    values = [settings.get(name) for name in PRIVATE]
    names = [each for value in values for each in (value if isinstance(value, list) else [value])]
    places = [
        each for each in names
        if isinstance(each, str) and re.search(r"[/\\]", each)
        and ("@" not in each or re.match(_ROOT, each)) and not each.startswith(kept.PREFIX)
    ]  # fmt: skip
    return {
        place: re.split(r"[/\\]+", place.rstrip("/\\"))[-1]
        for place in sorted(places, key=len, reverse=True)
    }
