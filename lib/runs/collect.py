"""Run records -> tidy tables with intervals over runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lib.analysis.statistics import mean_interval
from lib.core import paths
from lib.core.errors import UserError
from lib.core.fingerprints import digest
from lib.core.progress import announce
from lib.evidence.claim_cards import SIGNS
from lib.evidence.records import Record, read_outputs
from lib.runs import notebooks, run_folders
from lib.runs.run_folders import Run
from lib.runs.scorecard import Entry
from lib.studies.registry import resolve

RUN_COLUMNS = ["chapter", "profile", "source", "key", "seed", "origin"]


def gather(given: Sequence[Path] = ()) -> list[Run]:
    """Every run under the given files and folders; under `runs/` and `results/` if none is given.

    A run of this project's runner, a kept run, and a notebook that plain papermill or JupyterLab
    executed all count. A kept copy of a run that is there itself counts once.

    Raises:
        UserError: a path that does not exist, or a named notebook without evidence.
    """
    folders = list(given) or [paths.runs_folder(), paths.results_folder()]
    found: dict[tuple, Run] = {}
    for path in folders:
        if not path.exists():
            if given:
                raise UserError(f"There is nothing to collect at {path}: it does not exist.")
            continue
        for run in _runs_at(path):
            names = ("chapter", "profile", "source", "key", "seed")
            found.setdefault(tuple(run.meta[name] for name in names), run)
    return list(found.values())


def _runs_at(given: Path) -> Iterable[Run]:
    if given.is_file():
        yield from_notebook(given)
        return
    for records in sorted(given.rglob(run_folders.RECORDS)):
        folder = records.parent
        if folder.name.endswith((".partial", ".previous")):
            continue
        whole = run_folders.read_marker(folder) is not None
        yield run_folders.read_run(folder, "runs" if whole else "results")
    for path in sorted(given.rglob("*.ipynb")):
        beside = path.with_name(run_folders.RECORDS)
        left_out = ".partial" in str(path) or ".ipynb_checkpoints" in path.parts
        if beside.exists() or left_out:
            continue
        try:
            yield from_notebook(path)
        except UserError as error:
            announce(f"left out: {error}")


def from_notebook(path: Path) -> Run:
    """The run that an executed notebook holds.

    Raises:
        UserError: it cannot be read or was never executed as far as `load`.
    """
    notebook = notebooks.read(path)
    found = read_outputs(notebook)
    if found.settings is None:
        raise UserError(f"{path.name} holds no settings: its cell with load(...) has not been run.")
    chapter, settings = found.settings["chapter"], found.settings["settings"]
    plain = resolve(chapter, {"profile": settings["profile"]}).model_dump(mode="json")
    shared = ("seed", "source", "device", "precision")
    own = {name: value for name, value in settings.items() if name not in shared}
    code = notebooks.code_of(notebook)
    meta = {
        "chapter": chapter,
        "profile": settings["profile"],
        "source": found.settings["source"],
        "real": found.settings["real"],
        "seed": settings["seed"],
        "key": digest(own, found.settings["source"], code.evidence),
        "code": None,
        "commit": None,
        "dirty": None,
        "finished": notebook["metadata"].get("papermill", {}).get("end_time", ""),
        "overrides": {name: value for name, value in own.items() if value != plain.get(name)},
        "criteria": {},
        "verdicts": {},
        "figures": [],
    }
    return Run(path, meta, found.records, settings, found.settings["environment"], "notebook")


def tidy(found: Sequence[Run]) -> pd.DataFrame:
    """One row for each record of each run; lists become one row for each element.

    Columns: chapter, profile, source, key, seed, origin, name, element, value, text, unit, low,
    high, n, over, reason; then every setting of the run, lists as JSON.
    """
    rows, settings = [], {}
    for run in found:
        told = {name: run.meta.get(name, run.origin) for name in RUN_COLUMNS[:-1]}
        told["origin"] = run.origin
        own = {name: _plain(value) for name, value in run.settings.items() if name not in told}
        settings |= dict.fromkeys(own)
        for written in run.records.values():
            rows += [{**told, **row, **own} for row in _rows(written)]
    columns = ["name", "element", "value", "text", "unit", "low", "high", "n", "over", "reason"]
    return pd.DataFrame(rows, columns=[*RUN_COLUMNS, *columns, *settings])


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | tuple | dict) else value


def _rows(written: Record) -> list[dict[str, Any]]:
    shared = {name: getattr(written, name) for name in ("name", "unit", "low", "high", "n", "over")}
    shared["reason"] = written.reason
    values = written.value if isinstance(written.value, list) else [written.value]
    rows = []
    for position, value in enumerate(values):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        rows.append(
            {
                **shared,
                "element": position if isinstance(written.value, list) else None,
                "value": float(value) if is_number or isinstance(value, bool) else None,
                "text": None if is_number or value is None else str(value),
            }
        )
    return rows


def over_runs(found: Sequence[Run]) -> pd.DataFrame:
    """Mean of each number over the seeds of a run, with the interval over runs.

    What a record's own interval is over (dictionaries, words) does not enter: the two are never
    mixed. A single run has no interval.
    """
    table = tidy(found)
    table = table[table["value"].notna() & table["element"].isna()]
    rows = []
    groups = ["chapter", "profile", "source", "key", "name", "unit"]
    for names, group in table.groupby(groups, sort=True):
        interval = mean_interval(group["value"].to_numpy())
        several = interval.n > 1
        rows.append(
            {
                **dict(zip(groups, names, strict=True)),
                "mean": interval.mean,
                "low": interval.low if several else None,
                "high": interval.high if several else None,
                "runs": interval.n,
                "over": "runs" if several else None,
            }
        )
    return pd.DataFrame(rows, columns=[*groups, "mean", "low", "high", "runs", "over"])


def list_plottable(found: Sequence[Run]) -> str:
    """What `--plot` can draw: of each chapter the numbers, and the parameters that differ."""
    table, lines = tidy(found), []
    for chapter, rows in table.groupby("chapter"):
        numbers = rows[rows["value"].notna() & rows["element"].isna()]
        lines.append(f"Chapter {chapter}, --plot one of: {', '.join(numbers['name'].unique())}")
        settings = ["profile", "source", *table.columns[table.columns.get_loc("reason") + 1 :]]
        differ = [name for name in settings if rows[name].nunique() > 1]
        lines.append(f"  --over one of: {', '.join(differ) or 'nothing; its runs have one value'}")
    return "\n".join(lines)


def write_tables(found: Sequence[Run], folder: Path) -> list[Path]:
    """Writes records.csv (one row a record, with the run's settings) and over_runs.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in (("records", tidy(found)), ("over_runs", over_runs(found))):
        path = folder / f"{name}.csv"
        table.to_csv(path, index=False)
        written.append(path)
    return written


def print_tables(numbers: pd.DataFrame, card: Mapping[str, Sequence[Entry]]) -> None:
    """Prints the numbers over runs, then the scorecard of the claims that have an entry."""
    console = Console()
    for (chapter, profile, source, key), rows in numbers.groupby(
        ["chapter", "profile", "source", "key"], sort=True
    ):
        title = f"Chapter {chapter}, {profile} on {source} ({key[:8]}): means over runs"
        table = Table(title=escape(title), title_justify="left")
        for column in ("number", "mean", "95% interval", "unit"):
            justify = "right" if column == "mean" else "left"
            table.add_column(column, justify=justify, overflow="fold")
        for row in rows.to_dict("records"):
            interval = "1 run"
            if row["runs"] > 1:
                interval = f"{row['low']:.4g} to {row['high']:.4g}, {row['runs']} runs"
            cells = (row["name"], f"{row['mean']:.5g}", interval, row["unit"])
            table.add_row(*(escape(str(cell)) for cell in cells))
        console.print(table)
    claims = Table(title="Scorecard", title_justify="left", show_lines=True)
    for column in ("claim", "run", "ours", "verdict", "because"):
        claims.add_column(column, overflow="fold")
    for key, entries in card.items():
        for entry in entries:
            cells = [key, entry.place, entry.ours or "–"]
            cells += [f"{SIGNS[entry.verdict]} {entry.verdict}"]
            cells += ["; ".join([entry.explain.rstrip("."), *entry.notes()])]
            claims.add_row(*(escape(cell) for cell in cells))
    console.print(claims)
    waiting = sum(not entries for entries in card.values())
    if waiting:
        console.print(f"{waiting} claims have no run yet.")
