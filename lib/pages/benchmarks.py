"""The benchmarks page: one recorded run in, Markdown out. Every number comes from the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lib.core.errors import UserError

RECORDED = Path("benchmarks") / "recorded.json"
NOTHING = (
    "*No run is recorded yet: `python -m lib bench --record` makes one and writes "
    "`benchmarks/recorded.json`, which this page shows.*"
)

Record = Mapping[str, Any]


def benchmarks_page(root: Path) -> str:
    """All generated sections, or a sentence where nothing was recorded.

    Raises:
        UserError: the record is damaged or of another form.
    """
    path = root / RECORDED
    if not path.is_file():
        return NOTHING
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        parts = (_machine, _goals, _steps, _differences, _rest, _profiles, _effect)
        return "\n\n".join(part(record) for part in parts)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UserError(
            f"{path} is no record of the benchmarks ({error!r}); make it again with "
            "python -m lib bench --record."
        ) from error


def _machine(record: Record) -> str:
    machine = record["machine"]
    peers = ", ".join(f"{name} {version}" for name, version in machine["peers"].items())
    changed = ", with changes that were not committed" if machine["changed_since_commit"] else ""
    before, after = record["load"]
    load = "" if before is None else f" The load average was {before:g} before and {after:g} after."
    return (
        f"## One recorded run\n\n"
        f"Recorded on {machine['date']} in {record['seconds'] / 60:.1f} minutes: "
        f"{machine['processor']}, {machine['cores']} cores, {machine['threads']} threads, "
        f"{machine['instructions']}, device {machine['device']}; {machine['system']}, Python "
        f"{machine['python']}, torch {machine['torch']}; code of commit `{machine['commit']}`"
        f"{changed}. Compared with {peers or 'no other library: none was installed'}.{load} "
        "Other machines have other times; ratios travel better."
    )


def _goals(record: Record) -> str:
    goals = record["goals"]
    reached = sum(goal["reached"] for goal in goals)
    rows = (
        (
            goal["what"],
            _ratio(goal),
            f"{'at most' if goal['at_most'] else 'at least'} {goal['wanted']:g}",
            "reached" if goal["reached"] else "**not reached**",
        )
        for goal in goals
    )
    return (
        "## Goals\n\n"
        f"The goals were set beforehand. {reached} of {len(goals)} are reached by "
        "the median over rounds; brackets hold the smallest and the largest round.\n\n"
        + table(("what", "measured", "goal", ""), rows)
    )


def _steps(record: Record) -> str:
    parts = [
        "## One training step\n\n"
        "Forward, backward, optimiser and the decoder's norms, from the same weights on the same "
        "vectors. A contender whose first loss is not that of a dense calculation in float64 is "
        "not timed. Memory is the peak of the whole process, imports included."
    ]
    for task in record["tasks"]:
        rows = [
            (
                row["label"],
                *(
                    (row["missing"], "", "")
                    if "missing" in row
                    else (
                        _milliseconds(row["seconds"]),
                        f"{row['peak_mib']:,.0f}",
                        f"{row['before_mib']:,.0f}",
                    )
                ),
            )
            for row in task["contenders"]
            if not row["name"].startswith("ours-") or row["name"] == "ours-bf16"
        ]
        head = ("", "milliseconds", "peak MiB", "before the first step")
        parts.append(f"### {task['title']}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def _differences(record: Record) -> str:
    """What made the difference, where it was measured: our step with one thing taken back."""
    task = record["tasks"][0]
    rows = {row["name"]: row for row in task["contenders"] if "seconds" in row}
    if "ours" not in rows:
        return ""
    ours = rows["ours"]["seconds"]["median"]
    lines = [
        "## What made the difference",
        f"At {task['title']} a step takes {1e3 * ours:.0f} ms.",
    ]
    if "plain" in rows:
        plain = rows["plain"]["seconds"]["median"]
        lines.append(
            f"Autograd on the plain definition takes {1e3 * plain:.0f} ms, "
            f"{plain / ours:.1f} times as long: it multiplies all codes six times, while only the "
            "search for the largest needs all of them. Everything after the search is a sum of "
            "k rows for each vector, the gradients of both matrices included."
        )
    if "floor" in rows:
        floor = rows["floor"]["seconds"]["median"]
        lines.append(
            f"The one product that is left, with torch's own search, takes {1e3 * floor:.0f} ms: "
            f"the whole step is {ours / floor:.2f} times that."
        )
    taken = [(name, row) for name, row in rows.items() if name in _TAKEN_BACK]
    if taken:
        lines.append("With one thing taken back at a time the step takes:")
        table_rows = (
            (
                _TAKEN_BACK[name],
                f"{1e3 * row['seconds']['median']:.0f}",
                f"{row['seconds']['median'] / ours:.2f}",
                f"{row['peak_mib'] - rows['ours']['peak_mib']:+,.0f}",
            )
            for name, row in taken
        )
        lines.append(table(("instead", "milliseconds", "times ours", "MiB more"), table_rows))
    if "ours-bf16" in rows:
        low = rows["ours-bf16"]["seconds"]["median"]
        lines.append(
            f"In bf16 the step takes {1e3 * low:.0f} ms, {ours / low:.2f} times as fast as in "
            "fp32: the search runs in bf16, the chosen codes are computed again in fp32."
        )
    return "\n\n".join(lines)


_TAKEN_BACK = {
    "ours-default-adam": "torch's default Adam; ours makes one fused pass over the parameters",
    "ours-whole-batch": "the codes of the whole batch at once; ours stay in the cache, "
    "some rows at a time",
}


def _rest(record: Record) -> str:
    ensembles = (_seconds_and_ratio(one, "separate", "together") for one in record["ensembles"])
    harvests = (
        _seconds_and_ratio(one, "bare", "harvest", "with_logits") for one in record["harvest"]
    )
    models = (
        (
            one["title"],
            f"{1e3 * one['step']['median']:.0f}",
            f"{one['gflops']['median']:,.0f}",
            f"{one['peak_gflops']['median']:,.0f}",
            _ratio(one["share"]),
        )
        for one in record["language_model"]
    )
    harvest_head = ("", "forward passes to the site", "harvest", "passes with logits", "ratio")
    return "\n\n".join(
        [
            "## Ensembles, harvest, language model",
            "Many small dictionaries of one input, one by one and together:",
            table(("", "one by one", "together", "times as fast"), ensembles),
            "Harvesting stops the model at the site and writes shards with checksums:",
            table(harvest_head, harvests),
            "Training steps of the language model, in operations that its matrices and its causal "
            "attention need, beside one large matrix product:",
            table(("", "milliseconds", "GFLOP/s", "product", "share"), models),
        ]
    )


def _profiles(record: Record) -> str:
    """Where the time goes, for every step of ours: what a missed goal has to be read with."""
    rows = [
        (f"{task['title']}, {row['precision']}", _operations(row["profile"]))
        for task in record["tasks"]
        for row in task["contenders"]
        if row.get("profile")
    ]
    rows += [
        (f"language model, {one['title']}", _operations(one["profile"]))
        for one in record["language_model"]
    ]
    missed = sum(not goal["reached"] for goal in record["goals"])
    said = (
        f"{missed} of the goals above {'is' if missed == 1 else 'are'} not reached"
        if missed
        else "All goals above are reached"
    ) + "; what our steps spend their time on:"
    head = ("step", "share of its time, by torch's operations")
    return f"## Where the time goes\n\n{said}\n\n{table(head, rows)}"


def _effect(record: Record) -> str:
    effect = record["effect"]
    rows = [
        (
            kind,
            _list(values["fp32"]),
            _list(values["bf16"]),
            "{mean:+.5f} [{low:+.5f}, {high:+.5f}]".format(**effect["difference"][kind]),
        )
        for kind, values in effect["explained_variance"].items()
    ]
    apart = [
        kind
        for kind, found in effect["difference"].items()
        if not found["low"] <= 0 <= found["high"]
    ]
    said = (
        f"The interval leaves out 0 for {' and '.join(apart)}: bf16 changes the result there, by "
        "the amount in the table."
        if apart
        else "Both intervals hold 0: with so few seeds no effect of bf16 can be told from none."
    )
    head = ("", "explained variance, fp32", "bf16", "difference, 95% interval")
    return (
        "## What bf16 does to the result\n\n"
        f"The same dictionaries ({effect['title']}, toy vectors), trained in both formats with "
        f"{effect['seeds']} seeds and judged on held-out vectors. {said} On this machine a matrix "
        f"product is {effect['product_speedup']:.1f} times as fast in bf16.\n\n{table(head, rows)}"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines
    )


def _milliseconds(seconds: Mapping[str, float]) -> str:
    middle, low, high = (1e3 * seconds[name] for name in ("median", "low", "high"))
    digits = 0 if middle >= 100 else 1
    return f"{middle:,.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"


def _seconds_and_ratio(one: Mapping[str, Any], *measured: str) -> list[str]:
    seconds = [f"{one[name]['median']:.2f} s" for name in measured]
    return [one["title"], *seconds, _ratio(one["ratio"])]


def _ratio(value: Mapping[str, Any]) -> str:
    return f"{value['median']:.2f} [{value['low']:.2f}, {value['high']:.2f}]"


def _operations(profile: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"`{row['operation']}` {row['share']:.0%}" for row in profile)


def _list(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.4f}" for value in values)
