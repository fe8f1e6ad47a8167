"""No criterion is out of reach: of any measurement, and of the sizes of its profile."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
import toy_project
from chapter_cells import ROOT

from lib.core.errors import UserError
from lib.evidence.conditions import Condition
from lib.evidence.quantities import KINDS, Kind, quantity
from lib.evidence.reach import can_be_met, decisive, refuse_unreachable
from lib.evidence.verdicts import claims
from lib.pages import build
from lib.runs import plan
from lib.runs.notebooks import chapter_files
from lib.studies.registry import resolve

CLAIMS = {key: claim for key, claim in claims().items() if not claim.pending}


def condition(bound: str, op: str, value: object, record: str = "a") -> Condition:
    return Condition(record=record, bound=bound, op=op, value=value)


def times(factor: float, plus: float = 0.0, bound: str = "mean") -> dict[str, object]:
    return {"record": "b", "bound": bound, "times": factor, "plus": plus}


@pytest.mark.parametrize(
    ("conditions", "kind", "met"),
    [
        ([("low", ">", 0.9)], "fraction", True),
        ([("low", ">", 1)], "fraction", False),
        ([("low", ">=", 1)], "fraction", True),
        ([("low", ">", 1)], "amount", True),
        ([("high", "<", 0)], "count", False),
        ([("low", ">", 5), ("high", "<", 4)], "number", False),  # low is at most high
        ([("high", ">", 5), ("low", "<", 4)], "number", True),
        ([("mean", ">", 5), ("high", "<=", 5)], "number", False),
        # Four fifths by letters alone, and a quarter more than that: no share is so large.
        ([("mean", ">", times(1.25)), ("mean", "<", 0.99)], "fraction", True),
        ([("low", ">", times(1.0, plus=1.0))], "fraction", False),
        ([("low", ">", times(1.0, plus=1.0))], "number", True),
        ([("low", ">", times(1.0)), ("high", "<", times(1.0, bound="low"))], "number", False),
    ],
)
def test_what_can_be_met_is_told_from_what_cannot(
    conditions: list[tuple], kind: str, met: bool
) -> None:
    asked = [condition(*one) for one in conditions]
    assert can_be_met(asked, lambda name: KINDS[kind]) is met


def test_letters_that_give_four_fifths_leave_no_room_for_a_quarter_more() -> None:
    """The case in which a criterion once asked for more than all there is."""
    asked = [condition("low", ">", times(1.25))]
    known = {"a": KINDS["fraction"], "b": Kind(0.8, 0.91)}
    assert not can_be_met(asked, known.__getitem__)
    assert can_be_met(asked, (known | {"b": Kind(0.2, 0.5)}).__getitem__)


@pytest.mark.parametrize("key", CLAIMS)
def test_no_claim_asks_for_more_than_there_can_be(key: str) -> None:
    refuse_unreachable(key, CLAIMS[key])


def exactly(value: float) -> Kind:
    return Kind(value, value)


LIMITS = {
    "01": lambda s: {
        "k_of_width": exactly(s.k / s.width),
        "features_of_width": exactly(s.features / s.width),
        "steering_features": Kind(0, s.steering_features),
        "mid_selective_features": Kind(0, s.features),
        "end_selective_words": Kind(0, s.features),
    },
    "02": lambda s: {
        "dimensions": exactly(s.mlp_width),
        "recovered": Kind(0, s.large),
        "twins_more": Kind(-s.small, s.large),
    },
    "03": lambda s: {"hub_count": Kind(0, s.features)},
    "04": lambda s: {"classes_in_reach": Kind(0, 5), "classes_covered": Kind(0, 5)},
    # Of the largest dictionary but one; hardly ever is every feature found again.
    "05": lambda s: {"lm_feature_count": Kind(0, 0.9 * s.ratios[-2] * s.mlp_width)},
    "06": lambda s: {"stable_pairs": Kind(0, s.seeds * s.steering_features // 2)},
}
"""What a profile's sizes leave of a record."""


@pytest.mark.parametrize("key", CLAIMS)
def test_the_profile_that_decides_is_there_and_large_enough(key: str) -> None:
    claim = CLAIMS[key]
    limits = LIMITS[claim.chapter](resolve(claim.chapter, {"profile": claim.scale}))
    bounds = lambda name: limits.get(name) or quantity(claim.chapter, name).kind
    assert can_be_met(decisive(claim, claim.scale), bounds)


def test_every_claim_is_judged_on_planted_data_by_its_chapters_cells() -> None:
    found: dict[str, set[str]] = {}
    for path in Path(__file__).parent.glob("test_chapter_*.py"):
        texts = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        found.setdefault(path.name[len("test_chapter_") :][:2], set()).update(texts)
    missing = [key for key, claim in CLAIMS.items() if key not in found[claim.chapter]]
    assert missing == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value: 0}", "value: 0}", None),
        ("{record: growth, bound: low", "{record: grwth, bound: low", "no cell of"),
        (
            "    partly:",
            '      - {record: growth, bound: high, op: "<", value: -1}\n'
            '      - {record: growth, bound: low, op: ">", value: 1}\n    partly:',
            "No measurement can meet the criterion of 'toy.grows' at profile cpu",
        ),
    ],
)
def test_claims_that_a_chapter_cannot_settle_stop_the_run_and_the_pages(
    old: str, new: str, words: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = toy_project.activate(tmp_path / "a project", monkeypatch)
    claims_file = folder / "book" / "claims.yml"
    claims_file.write_text(toy_project.CLAIMS.replace(old, new, 1), encoding="utf-8")
    shutil.copy(ROOT / "_toc.yml", folder)
    (folder / "results").mkdir()
    run = lambda: plan.plan_runs(chapter_files(), {"profile": "ci"})
    if words is None:
        run()
        # Only the recorded runs are missing, and that is said after the claims were looked at.
        words = "No recorded run"
    else:
        with pytest.raises(UserError, match=words):
            run()
    with pytest.raises(UserError, match=words):
        build.recorded(folder)
