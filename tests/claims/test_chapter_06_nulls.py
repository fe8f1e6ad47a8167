"""Chapter 6 finds what is planted and nothing where nothing is: its own cells, on made data."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import special

from lib.studies.beyond.firings import Cell
from lib.studies.beyond.nested import Family

SEEDS, SIZES, STEPS = 3, (300, 600), [100, 500, 3_000]
"""As many dictionaries as at the profile that decides."""
BATCH = 256


def chapter(**names) -> dict:
    return begin_chapter("06", seeds=SEEDS) | names


def verdicts(names: dict, cells: list[str], *claims: str, profile: str = "night") -> list[str]:
    run_cells("06", cells, names)
    return [verdict_of(claim, profile).verdict for claim in claims]


# --- 1. Twins ----------------------------------------------------------------------------------


def planted_cells(truth: str, seed: int, top: float) -> list[list[Cell]]:
    """Cells [sizes][steps] of one dictionary; its twins follow firings, frequency, time or none."""
    rng = np.random.default_rng(seed)
    found = []
    for size in SIZES:
        rate = np.exp(rng.normal(-6.0, 1.5, size)).clip(max=0.5)
        luck = rng.random(size)
        row = []
        for step in STEPS:
            firings = rng.poisson(rate * BATCH * step).astype(float)
            level = {
                "firings": np.log1p(firings) - np.log(1_000),
                "frequency": np.log(rate) + 5.5,
                "time": np.full(size, np.log(step / 700)),
                "nothing": np.full(size, -1.0),
            }[truth]
            row.append(Cell(firings, luck < top * special.expit(2.5 * level)))
        found.append(row)
    return found


def twins_chapter(truth: str, top: float = 1.0, toy_top: float = 1.0) -> dict:
    cells = {
        source: {
            kind: [
                planted_cells(
                    "firings" if source else truth,
                    100 * i + 10 * j + s,
                    toy_top if source == "_toy" else top,
                )
                for s in range(SEEDS)
            ]
            for j, kind in enumerate(("l1", "topk"))
        }
        for i, source in enumerate(("", "_untrained", "_toy"))
    }
    runs = dict.fromkeys(cells, SimpleNamespace(steps=STEPS))
    names = chapter(cells=cells, runs=runs)
    names.update(KINDS={"l1": "L1", "topk": "TopK"}, seeds=range(SEEDS))
    return names


TWINS = ["one-curve", "one-curve-records", "twins-records"]


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        ("firings", "replicated"),
        ("frequency", "not replicated"),
        ("time", "not replicated"),
        ("nothing", "not replicated"),
    ],
)
def test_one_curve_is_found_where_firings_decide_and_only_there(truth, expected) -> None:
    assert verdicts(twins_chapter(truth), TWINS, "beyond.one-curve") == [expected]


def test_without_twins_there_is_no_curve_to_see() -> None:
    names = twins_chapter("firings", top=0.01)
    assert verdicts(names, TWINS, "beyond.one-curve") == ["cannot tell here"]


@pytest.mark.parametrize(
    ("top", "toy_top", "expected"),
    [
        (0.6, 1.0, "replicated"),  # a plateau below that of the toy
        (1.0, 1.0, "not replicated"),  # time cures all
        (0.6, 0.6, "cannot tell here"),  # the toy's truth is not found either
    ],
)
def test_what_time_does_not_cure_is_told_from_what_it_does(top, toy_top, expected) -> None:
    names = twins_chapter("firings", top, toy_top)
    assert verdicts(names, TWINS, "beyond.not-cured") == [expected]


# --- 2. Steering -------------------------------------------------------------------------------

FEATURES, WORDS = 300, 8


def steering(source: str, seed: int = 0, control: float = 0.5) -> dict:
    """Effects that follow one of the measures, with noise; or none."""
    rng = np.random.default_rng(seed)
    measures = {
        name: rng.standard_normal((FEATURES, WORDS))
        for name in ("reading", "excess", "writing", "pointing")
    }
    noise = rng.standard_normal((FEATURES, WORDS))
    effect = 0.1 * (measures[source] + noise if source else noise)
    names = chapter(measures=measures, effects={"norm": effect, "kl": effect})
    names["control"] = control + 0.1 * rng.standard_normal(WORDS)
    return names


@pytest.mark.parametrize(
    ("source", "control", "expected"),
    [
        ("writing", 0.5, "replicated"),
        ("reading", 0.5, "not replicated"),
        ("", 0.5, "not replicated"),
        ("writing", 0.0, "cannot tell here"),
    ],
)
def test_effects_that_follow_writing_are_told_from_others(source, control, expected) -> None:
    names = steering(source, control=control)
    assert verdicts(names, ["writing-records"], "beyond.writing") == [expected]


def stable_chapter(gain: float, by_frequency: float = 0.0, share: float = 0.4) -> dict:
    """Stable features fire more often; power follows stability, or frequency alone."""
    names = steering("")
    rng = np.random.default_rng(5)
    stable = rng.random(FEATURES) < share
    firings = np.exp(rng.normal(6.0 + 1.0 * stable, 1.0)).round() + 1
    power = gain * stable + by_frequency * np.log(firings)
    for how in names["effects"]:
        names["effects"][how] = names["effects"][how] + power[:, None]
    return names | {"stable": [stable], "firings": [firings]}


STABLE = ["writing-records", "stable-pairs"]


@pytest.mark.parametrize(
    ("gain", "by_frequency", "share", "expected"),
    [
        (0.3, 0.0, 0.4, "replicated"),
        (0.0, 0.0, 0.4, "not replicated"),
        (-0.3, 0.0, 0.4, "not replicated"),
        (0.0, 0.1, 0.4, "not replicated"),  # frequency alone: pairs take it away
        (0.3, 0.0, 0.01, "cannot tell here"),
    ],
)
def test_stable_features_are_compared_at_equal_frequency(
    gain, by_frequency, share, expected
) -> None:
    names = stable_chapter(gain, by_frequency, share)
    assert verdicts(names, STABLE, "beyond.stable") == [expected]


# --- 3. Splitting ------------------------------------------------------------------------------

ARMS = ("all", "filtered", "random_rows", "marks_only", "warm", "nested")


def families(parts: dict[str, int], absorbed: dict[str, float]) -> dict[str, list[Family]]:
    rng = np.random.default_rng(0)
    found = {}
    for arm in ARMS:
        n = parts.get(arm, 1)
        gone = absorbed.get(arm, 0.05) if n else np.nan
        found[arm] = [
            Family(0, 0.9 - 0.01 * rng.random(), [1] * n, n, gone + 0.01 * rng.random(), 0.05)
            for _ in range(SEEDS)
        ]
    return found


@pytest.mark.parametrize(
    ("parts", "purity", "expected"),
    [
        ({"filtered": 4, "random_rows": 1}, 0.9, "replicated"),
        ({"filtered": 2, "random_rows": 2}, 0.9, "not replicated"),
        ({"filtered": 1, "random_rows": 1, "marks_only": 4}, 0.9, "partly"),
        ({"filtered": 4, "random_rows": 1}, 0.2, "cannot tell here"),
    ],
)
def test_the_filter_is_held_against_as_many_random_rows(parts, purity, expected) -> None:
    names = chapter(families=families(parts, {}))
    run_cells("06", ["splitting-records"], names)
    names["record"]("parent_purity", purity)
    assert verdict_of("beyond.filter", "night").verdict == expected


@pytest.mark.parametrize(
    ("parts", "absorbed", "expected"),
    [
        ({}, {"all": 0.6, "nested": 0.05}, "replicated"),
        ({}, {"all": 0.05, "nested": 0.05}, "not replicated"),
        ({}, {"all": 0.6, "nested": 0.6}, "not replicated"),
        ({"all": 0}, {"nested": 0.05}, "cannot tell here"),
        ({"nested": 0}, {"all": 0.6}, "cannot tell here"),
    ],
)
def test_absorption_is_found_where_the_parent_falls_silent(parts, absorbed, expected) -> None:
    names = chapter(families=families(parts, absorbed))
    found = verdicts(names, ["splitting-records"], "beyond.absorption")
    assert found == [expected]


# --- 4. Hubs -----------------------------------------------------------------------------------

NEURONS = 64


def hub_rows(share: float, seed: int) -> torch.Tensor:
    """Random directions, of which a share has neuron 7 as its strongest."""
    rows = torch.randn(600, NEURONS, generator=torch.Generator().manual_seed(seed))
    rows[: int(share * len(rows)), 7] = 8.0
    return rows


def hubs_chapter(**share_of: float) -> dict:
    names = run_cells("06", ["hub-ratio"], chapter())
    fired = torch.ones(600)
    names["hubs"] = {
        f"hub_{kind}{source}{ending}": [
            names["hub_ratio"](hub_rows(share_of[f"m{source}{ending}"], 10 * s + j), fired)
            for s in range(SEEDS)
        ]
        for j, kind in enumerate(("l1", "topk"))
        for source in ("", "_untrained")
        for ending in ("", "_divided")
    }
    return names


HUBS = ("beyond.hub-size", "beyond.hub-learnt")


@pytest.mark.parametrize(
    ("before", "after", "untrained", "expected"),
    [
        (0.3, 0.0, 0.0, ["replicated", "replicated"]),  # a matter of units, and learnt
        (0.3, 0.3, 0.3, ["not replicated", "not replicated"]),  # neither
        (0.3, 0.1, 0.0, ["partly", "replicated"]),  # smaller and still there
        (0.0, 0.0, 0.0, ["cannot tell here", "cannot tell here"]),  # no hub
    ],
)
def test_hubs_of_units_and_learnt_ones_are_told_apart(before, after, untrained, expected) -> None:
    names = hubs_chapter(
        m=before, m_divided=after, m_untrained=untrained, m_untrained_divided=after
    )
    assert verdicts(names, ["hub-records"], *HUBS) == expected
