"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lib.evidence.claim_cards import SIGNS
from lib.runs.scorecard import Entry


def show(numbers: pd.DataFrame, card: Mapping[str, Sequence[Entry]]) -> None:
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
