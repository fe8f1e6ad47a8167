"""From a run's notebook to a page: today's prose around the run's outputs, and how it was run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell

from lib.core.errors import UserError
from lib.core.progress import duration
from lib.display import explorer
from lib.evidence.run_context import KIND
from lib.pages import figures, folding, rendering
from lib.runs import notebooks
from lib.runs.keep import WIDGET
from lib.runs.run_folders import Run

# A cell that papermill marks like this stands in a run that failed: it is never published.
FAILED = "papermill-error-cell-tag"
RECORD_CELL, NOTE_CELL = "how-this-page-was-run", "parameters-of-this-page"

# For other programs: cards have a page of their own, and a page has no widgets.
UNSHOWN = {explorer.MIME, WIDGET}

PUBLIC_SOURCES = ("bundled", "hub")

Rows = Iterable[tuple[str, str]]

# In a sentence a hyphen before digits is a minus; code, formulas and addresses stay as they are.
_SET = re.compile(r"(`[^`]*`|\$[^$]*\$|\]\([^)]*\)|<[^>]*>|https?://\S+)")
_NOTHING = re.compile(r"(?<![\w.)\]/-])-(0(?:\.0+)?)(?![\d.]*\d)")
_MINUS = re.compile(r"(?<![\w.)\]/-])-(?=\d)")


def publish(
    executed: nbformat.NotebookNode,
    source: nbformat.NotebookNode,
    *,
    name: str,
    facts: Rows,
    settings: Mapping[str, Any],
    injected: Mapping[str, Any] | None = None,
    explorers: Mapping[str, str] | None = None,
    recorded: bool = False,
    texts: Mapping[str, str] = {},
) -> nbformat.NotebookNode:
    """The notebook of a page: today's prose around the outputs of a run, and how it was run.

    Args:
        executed: a run's notebook; changed in place.
        source: the chapter as it is now, whose prose is taken, so that a corrected sentence needs
            no new run.
        name: how the notebook is called in messages.
        facts: (what, value) pairs of the execution record, in order.
        settings: the resolved settings of the run.
        injected: the parameters given for this run, to be shown below the defaults.
        explorers: name of the cards -> their page in the explorer.
        recorded: whether the run is a kept one, whose code may be older than the source's.
        texts: the name of a text that runs carry -> how a sentence calls it.

    Raises:
        UserError: the run is of other code than the source, or it failed on the way.
    """
    _refuse_failed(executed, name)
    renewed = notebooks.with_current_text(executed, source, recorded) or executed
    cells = []
    for cell in renewed["cells"]:
        if notebooks.INJECTED in notebooks.tags(cell):
            continue
        cells.append(published_cell(cell, texts) if cell["cell_type"] == "code" else cell)
        beside = {"tags": [tag for tag in notebooks.tags(cell) if tag == folding.FOLDED]}
        if notebooks.PARAMETERS in notebooks.tags(cell) and injected:
            given = {key: repr(value) for key, value in injected.items()}
            text = rendering.render("note.html", injected=given)
            cells.append(new_markdown_cell(text, id=NOTE_CELL, metadata=beside))
        for name in explorer.names_in(cell):
            if page := (explorers or {}).get(name):
                which = f"“{name.replace('_', ' ')}”" if len(explorers) > 1 else ""
                text = rendering.render("note.html", page=page, which=which)
                cells.append(new_markdown_cell(text, id=f"all-{name}"[:64], metadata=beside))
    shown = [(key, _plain(value)) for key, value in settings.items()]
    record = rendering.render("execution_record.html", facts=facts, settings=shown)
    folds = {"tags": [folding.FOLDED]}
    cells.append(new_markdown_cell(record, id=RECORD_CELL, metadata=folds))
    page = nbformat.v4.new_notebook(cells=list(folding.folded(cells)))
    page["metadata"]["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    page["metadata"]["language_info"] = {"name": "python"}
    return page


def published_cell(cell: Mapping[str, Any], texts: Mapping[str, str] = {}) -> nbformat.NotebookNode:
    """A code cell without progress lines, time stamps and widget state; texts by their names."""
    page_cell = nbformat.from_dict({**cell, "source": notebooks.untitled(cell["source"])})
    page_cell["outputs"] = [
        output
        for output in cell.get("outputs", [])
        if not (output["output_type"] == "stream" and output.get("name") == "stderr")
        and not UNSHOWN & set(output.get("data", ()))
    ]
    for output in page_cell["outputs"]:
        if output.get("metadata", {}).get(KIND, {}).get("kind") == "figure":
            output["data"]["text/html"] = figures.lighter("".join(output["data"]["text/html"]))
        if said := output.get("data", {}).get("text/markdown"):
            said = typeset("".join(said))
            for label, text in texts.items():
                said = said.replace(f"**{label}**".replace("_", r"\_"), f"**{text}**")
            output["data"]["text/markdown"] = said
    kept = {"tags", "mystnb", "render"}
    page_cell["metadata"] = nbformat.from_dict(
        {key: value for key, value in cell["metadata"].items() if key in kept}
    )
    if notebooks.PARAMETERS in notebooks.tags(cell):
        page_cell["metadata"]["tags"] = [*notebooks.tags(cell), notebooks.HIDDEN]
    page_cell = folding.without_display_code(page_cell)
    if notebooks.HIDDEN in notebooks.tags(page_cell):
        name = cell["id"].replace("-", " ")
        prompts = {"code_prompt_show": f"Code: {name}", "code_prompt_hide": f"Code: {name}"}
        page_cell["metadata"]["mystnb"] = {**cell["metadata"].get("mystnb", {}), **prompts}
    return page_cell


def typeset(sentence: str) -> str:
    """A sentence with a minus for the hyphen before a number, and none before nothing."""
    parts = _SET.split(sentence)
    for i in range(0, len(parts), 2):
        parts[i] = _MINUS.sub("−", _NOTHING.sub(r"\1", parts[i]))
    return "".join(parts)


def _plain(value: Any) -> str:
    """A setting's value as a reader would say it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value)) or "(none)"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items()) or "(none)"
    return "none" if value is None else str(value)


def _refuse_failed(executed: Mapping[str, Any], name: str) -> None:
    for cell in executed["cells"]:
        failed = FAILED in notebooks.tags(cell) or any(
            output["output_type"] == "error" for output in cell.get("outputs", [])
        )
        if failed:
            raise UserError(
                f"The run of {name} stopped at an error (cell {cell.get('id', '?')!r}) and is not "
                "published; run the chapter again."
            )


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


def origin(run: Run, known: Mapping[str, str] = {}) -> str:
    """Where a page's numbers come from: "TinyStories, profile cpu, seed 0, ...".

    Args:
        known: the name of a text that runs carry -> how a sentence calls it.
    """
    meta, here = run.meta, run.environment
    source = meta["source"]
    parts = [known.get(source, source), f"profile {meta['profile']}", f"seed {meta['seed']}"]
    parts += [f"{here['device']}, {duration(here['seconds'])}"]
    if made := commit(meta):
        parts.append(f"commit {made}")
    return ", ".join(parts)


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
    made = environment.get("artifacts", ())
    kept = isinstance(made, int)  # a recorded run holds the numbers only
    reused = environment.get("reused", 0) if kept else sum(m["event"] == "reused" for m in made)
    return f" ({reused} trained parts were there already)" if reused else ""
