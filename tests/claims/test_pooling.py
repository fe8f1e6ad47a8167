"""Runs pooled: means over runs, exact for nested dictionaries; rates; what cannot be pooled."""

from __future__ import annotations

import numpy as np
import pytest

from lib.analysis.statistics import mean_interval
from lib.evidence.pooling import pooled
from lib.evidence.records import Record, make


def runs_of(*values: object, **more: object) -> list[dict[str, Record]]:
    return [{"a": make("a", value, **more)} for value in values]


def test_a_single_run_keeps_its_own_interval() -> None:
    (run,) = runs_of(3.0, low=2.0, high=4.0, n=5, over="dictionaries")
    assert pooled([run], "models") == run


def test_the_interval_is_over_the_runs() -> None:
    one = pooled(runs_of(1.0, 2.0, 4.0, low=0.0, high=9.0, over="dictionaries"), "models")["a"]
    assert (one.value, one.low, one.high) == mean_interval([1.0, 2.0, 4.0])[:3]
    assert one.over == "models"


@pytest.mark.parametrize("between", [0.0, 0.5, 2.0])
def test_it_holds_the_truth_in_nineteen_of_twenty_whatever_runs_share(between: float) -> None:
    """Three runs of three dictionaries; runs may have models of their own."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        means = between * rng.standard_normal(3) + rng.standard_normal((3, 3)).mean(0)
        one = pooled(runs_of(*means.tolist()))["a"]
        held += one.low <= 0 <= one.high
    assert 0.92 <= held / 400 <= 0.98


def test_what_all_runs_share_is_not_drawn_anew() -> None:
    shared = runs_of(3.0, 3.0, low=2.0, high=4.0, n=5, over="windows")
    assert pooled(shared)["a"] == shared[0]["a"]


def test_rates_count_every_repetition() -> None:
    never = runs_of(0.0, 0.0, 0.0, low=0.0, high=0.43, n=5, over="dictionaries", values=[0] * 5)
    one = pooled(never)["a"]
    assert (one.value, one.low, one.n, one.over) == (0.0, 0.0, 15, "dictionaries")
    assert one.high == pytest.approx(0.2039, abs=1e-4)  # Wilson's for 0 of 15


def test_runs_that_differ_count_for_fewer() -> None:
    """All or nothing by run: as if each run were one repetition."""
    halves = [
        {"a": make("a", value, low=0.0, high=1.0, n=5, over="dictionaries", values=[value] * 5)}
        for value in (1.0, 0.0, 1.0, 0.0)
    ]
    one = pooled(halves)["a"]
    assert one.value == 0.5
    assert one.high - one.low > 0.6


def test_a_value_that_one_run_lacks_or_that_is_no_number_is_none() -> None:
    assert pooled(runs_of(1.0, float("nan")))["a"].value is None
    assert "1 of 2 runs" in (pooled(runs_of(1.0, float("nan")))["a"].reason or "")
    assert pooled(runs_of("little", "and"))["a"].value is None
    assert pooled(runs_of("little", "little"))["a"].value == "little"
    assert pooled([*runs_of(1.0), {}]) == {}
