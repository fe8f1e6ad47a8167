"""What the recorded runs are said to show: gates were open, and criteria older than the runs."""

from __future__ import annotations

import operator
import subprocess
from collections.abc import Mapping

import pytest
import yaml

from lib.core import paths
from lib.evidence.conditions import Condition
from lib.evidence.pooling import pooled
from lib.evidence.records import Record
from lib.evidence.verdicts import CONTROLS, DECIDING, Claim, claims
from lib.runs import collect
from lib.runs.run_folders import Run
from lib.runs.scorecard import Entry, scorecard
from lib.settings.base import PROFILES

COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@pytest.fixture(scope="module")
def kept() -> list[Run]:
    return [run for run in collect.gather([paths.results_folder()]) if not run.meta["overrides"]]


@pytest.fixture(scope="module")
def card(kept: list[Run]) -> dict[str, list[Entry]]:
    return scorecard(kept)


def runs_of(entry: Entry, kept: list[Run]) -> list[Run]:
    place = (claims()[entry.claim].chapter, entry.profile, entry.source)
    found = [run for run in kept if run.meta["seed"] in entry.seeds]
    return [r for r in found if (r.meta["chapter"], r.meta["profile"], r.meta["source"]) == place]


def is_open(gate: Condition, records: Mapping[str, Record]) -> bool:
    """Compared here by itself, and not by what judges."""
    ours, value = records[gate.record].bound(gate.bound), gate.value
    if not isinstance(value, int | float):
        other = records[value.record].bound(value.bound)
        value = None if other is None else value.times * other + value.plus
    return None not in (ours, value) and COMPARE[gate.op](ours, value)


def test_no_claim_is_decided_behind_a_closed_gate(
    card: dict[str, list[Entry]], kept: list[Run]
) -> None:
    seen = 0
    for key, entries in card.items():
        gates = claims()[key].gates
        for entry in (one for one in entries if gates and one.verdict in DECIDING):
            together = pooled([run.records for run in runs_of(entry, kept)])
            closed = [gate.record for gate in gates if not is_open(gate, together)]
            assert not closed, f"{key}, {entry.place}: {entry.verdict}, but {closed}"
            seen += 1
    assert seen, "some kept run decides a claim that has a gate"


def test_a_claim_that_needs_a_larger_run_names_a_larger_profile(
    card: dict[str, list[Entry]],
) -> None:
    for key, entries in card.items():
        for entry in entries:
            if entry.verdict == "needs a larger run":
                assert PROFILES.index(entry.profile) < PROFILES.index(claims()[key].scale)


def test_what_decides_is_older_than_the_runs_that_it_decides(card: dict[str, list[Entry]]) -> None:
    """A run stores the hash of each criterion that it was judged by; what came later is told."""
    later = {
        (key, entry.place)
        for key, entries in card.items()
        for entry in entries
        if entry.verdict in DECIDING and entry.criterion_changed
    }
    assert not later


def at_commit(commit: str) -> dict[str, object] | None:
    """book/claims.yml as it was; None where this clone does not reach back so far."""
    command = ["git", "-C", str(paths.root()), "show", f"{commit}:book/claims.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return yaml.safe_load(done.stdout) if done.returncode == 0 else None


def test_the_commit_of_a_run_held_the_criteria_that_it_stores(kept: list[Run]) -> None:
    looked = 0
    for run in kept:
        table = at_commit(run.meta["commit"]) if run.meta["commit"] else None
        for key, stored in run.meta["criteria"].items() if table else ():
            if key != CONTROLS and key in table:
                assert Claim(**table[key]).criterion_hash() == stored, (run.folder, key)
                looked += 1
    if not looked:
        pytest.skip("the history of the kept runs is not in this clone")


@pytest.mark.parametrize("key", [key for key, claim in claims().items() if claim.before])
def test_a_replaced_criterion_says_what_it_was(key: str) -> None:
    claim = claims()[key]
    for old in claim.before:
        assert old.criterion.records()
        assert len(old.reason.split()) >= 8
