"""Claims and verdicts: the table is whole, and planted nulls do not come out replicated."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
import toy_project
from toy_project import load

from lib.core.errors import UserError
from lib.evidence import claim_cards as cards
from lib.evidence import run_context
from lib.evidence.quantities import quantities
from lib.evidence.records import Record, make, record
from lib.evidence.verdicts import Claim, claims, judge

CLAIMS = claims()
DECIDED = {key: claim for key, claim in CLAIMS.items() if not claim.pending}
CONTROLLED = [
    key
    for key, claim in DECIDED.items()
    if any(not isinstance(c.value, float | int) for c in claim.criterion.replicated)
]
"""Claims whose criterion compares with a control."""


def simple(**changes: object) -> Claim:
    entry = {
        "chapter": "90",
        "statement": "s",
        "document": "d",
        "scale": "cpu",
        "criterion": {
            "replicated": [
                {"record": "a", "bound": "low", "op": ">", "value": 10},
                {
                    "record": "a",
                    "bound": "low",
                    "op": ">",
                    "value": {"record": "b", "bound": "high", "times": 5},
                },
                {"record": "a", "bound": "mean", "op": ">=", "value": 100, "from": "paper"},
            ],
            "partly": [{"record": "a", "bound": "low", "op": ">", "value": 0}],
        },
    }
    return Claim(**(entry | changes))


def records(a: tuple, b: tuple = (1, 0, 2)) -> dict[str, Record]:
    return {
        name: Record(name, value, low=low, high=high, n=5, over="dictionaries")
        for name, (value, low, high) in {"a": a, "b": b}.items()
    }


def test_all_claims_of_the_studies_are_there() -> None:
    assert len(CLAIMS) == 59
    chapters = Counter(claim.chapter for claim in CLAIMS.values())
    assert chapters == {"01": 11, "02": 11, "03": 11, "04": 10, "05": 8, "06": 8}
    families = {key.partition(".")[0]: claim.chapter for key, claim in CLAIMS.items()}
    of_studies = {"words": "01", "mmcs": "02", "census": "03", "split": "04", "init": "05"}
    assert families == of_studies | {"beyond": "06"}
    assert all(claim.statement.endswith(".") and claim.document for claim in CLAIMS.values())


@pytest.mark.parametrize(
    ("a", "b", "profile", "verdict"),
    [
        ((20, 15, 25), (1, 0, 2), "cpu", "replicated"),
        ((20, 15, 25), (1, 0, 2), "t4", "replicated"),
        ((20, 15, 25), (1, 0, 2), "paper", "partly"),
        ((200, 150, 250), (1, 0, 2), "paper", "replicated"),
        ((20, 15, 25), (4, 3, 4), "cpu", "partly"),
        ((20, -1, 25), (1, 0, 2), "cpu", "not replicated"),
        ((20, 15, 25), (1, 0, 2), "ci", "needs a larger run"),
        ((None, None, None), (1, 0, 2), "cpu", "not replicated"),
        ((20, 15, 25), (None, None, None), "cpu", "partly"),
    ],
)
def test_verdicts(a: tuple, b: tuple, profile: str, verdict: str) -> None:
    result = judge("toy", simple(), records(a, b), profile)
    assert result.verdict == verdict
    assert result.explain


def test_the_explanation_names_the_bound_that_failed() -> None:
    explain = judge("toy", simple(), records((20, 15, 25), (4, 3, 4)), "cpu").explain
    assert "a (low end) = 15, not > 5 × b (high end) = 20" in explain


def test_a_single_repetition_never_passes_a_bound() -> None:
    alone = {
        "a": make("a", 20.0, low=0.0, high=math.inf, n=1, over="dictionaries"),
        "b": records((1, 1, 1))["b"],
    }
    assert judge("toy", simple(), alone, "cpu").verdict == "not replicated"


def test_a_missing_record_or_bound_is_an_error() -> None:
    with pytest.raises(UserError, match="judged by b"):
        judge("toy", simple(), {"a": records((20, 15, 25))["a"]}, "cpu")
    bare = records((20, None, None))
    with pytest.raises(UserError, match="has no interval"):
        judge("toy", simple(), bare, "cpu")


def test_pending_claims_stay_pending() -> None:
    assert judge("toy", simple(criterion="pending"), {}, "paper").verdict == "pending"


def gate(**changes: object) -> dict[str, object]:
    given = {"record": "c", "bound": "low", "op": ">", "value": 0, "kind": "control"}
    return given | {"otherwise": "Even the probe finds nothing."} | changes


@pytest.mark.parametrize(
    ("low", "profile", "given", "verdict"),
    [
        (1, "cpu", {}, "replicated"),
        (-1, "cpu", {}, "cannot tell here"),
        (-1, "ci", {}, "needs a larger run"),
        (-1, "cpu", {"from": "paper"}, "replicated"),
        (1, "cpu", {"kind": "ceiling", "value": 2}, "cannot tell here"),
        (None, "cpu", {}, "cannot tell here"),
    ],
)
def test_a_closed_gate_says_so_before_any_criterion(
    low: float | None, profile: str, given: dict, verdict: str
) -> None:
    planted = records((20, 15, 25)) | {"c": Record("c", low, low=low, high=low, n=5, over="x")}
    result = judge("toy", simple(gate=[gate(**given)]), planted, profile)
    assert result.verdict == verdict
    if verdict == "cannot tell here":
        came = "no value" if low is None else low
        assert result.explain.startswith("Even the probe finds nothing. c (low end) = " + str(came))


def test_a_gate_is_judged_by_a_record_of_its_own() -> None:
    with pytest.raises(UserError, match="judged by c"):
        judge("toy", simple(gate=[gate()]), records((20, 15, 25)), "cpu")


def test_the_hash_follows_the_criterion_and_not_the_words() -> None:
    first = simple().criterion_hash()
    assert simple(statement="other").criterion_hash() == first
    assert simple(gate="The number itself is the claim.").criterion_hash() == first
    assert simple(scale="t4").criterion_hash() != first
    gated = simple(gate=[gate()]).criterion_hash()
    assert gated != first
    assert simple(gate=[gate(otherwise="In other words.")]).criterion_hash() == gated
    assert simple(gate=[gate(value=1)]).criterion_hash() != gated


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('op: ">"', 'op: "!="', "toy.grows.*malformed"),
        ("scale: cpu", "scale: big", "toy.grows.*scale"),
        ("show: [growth]", "shows: [growth]", "shows"),
        ("toy.grows:", "toy.grows: [", "no valid YAML"),
        ("toy.grows:", 'controls: {"90": [probe]}\ntoy.grows:', "'toy.grows' has no gate"),
        (
            "toy.grows:",
            'controls: {"90": [probe]}\ntoy.grows:\n  gate: The number itself is the claim.',
            "'probe' is a control of chapter 90, but no claim",
        ),
    ],
)
def test_a_malformed_claim_is_named(
    old: str, new: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = toy_project.activate(tmp_path / "a project", monkeypatch)
    path = folder / "book" / "claims.yml"
    path.write_text(toy_project.CLAIMS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=words):
        claims()


def null_records(claim: Claim, value: float, spread: float) -> dict[str, Record]:
    """Every record that a claim reads, with one and the same value: nothing beats its control."""
    names = claim.judged_by()
    low, high = value - spread, value + spread
    return {name: Record(name, value, low=low, high=high, n=5, over="x") for name in names}


@pytest.mark.parametrize("key", CONTROLLED)
@pytest.mark.parametrize("profile", ["cpu", "night", "t4", "paper"])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, 40.0, 1000.0])
def test_what_equals_its_control_is_not_replicated(key: str, profile: str, value: float) -> None:
    """Whatever the level: shuffled, random and trained all measure the same."""
    result = judge(key, DECIDED[key], null_records(DECIDED[key], value, 0.1), profile)
    assert result.verdict != "replicated"


# Classes are in reach and covered, and some setting splits the feature; untrained ones do not.
SPLITS = {
    "classes_in_reach": (5, None, None),
    "classes_covered": (5, None, None),
    "random_rate": (0.0, None, None),
    "best_rate": (1.0, None, None),
}
NULLS = {
    # A reconstruction that is no better than zeros, at just the right number of features.
    "census.l0": {"l0": (30.0, 28.0, 32.0), "recovered": (0.0, -0.05, 0.05)},
    # Codes shuffled over features: all are equally frequent.
    "census.frequency": {
        "features_always": (0.0, 0.0, 0.0),
        "share_always": (0.0, 0.0, 0.0),
        "share_rare": (0.0, 0.0, 0.0),
    },
    # One exponential over all ranks: no power law among the frequent.
    "census.rank-law": {
        "law_head": (-0.02, -0.03, -0.01),
        "law_head_if_power": (0.02, 0.01, 0.03),
        "law_tail": (0.05, 0.04, 0.06),
    },
    # A word that turns no likelier under its own features than under others; a model that can.
    "words.steering": {
        "steering_features": (6.0, 6.0, 6.0),
        "mean_difference_effect": (0.9, 0.8, 1.0),
        "steering_best_norm": (0.2, 0.1, 0.3),
        "steering_excess_norm": (-0.3, -0.4, -0.2),
        "steering_excess_kl": (-0.3, -0.4, -0.2),
        "steering_mean_norm": (0.0, -0.1, 0.1),
        "steering_more_norm": (0.0, -0.1, 0.1),
    },
    # A feature that has all it has from letters.
    "words.mid-example": {
        "mid_example_share": (0.9, 0.85, 0.95),
        "mid_example_excess": (0.0, -0.02, 0.02),
        "mid_example_gini": (0.95, 0.9, 1.0),
    },
    # Codes that are shuffled over features: all are active equally often.
    "words.density": {
        "density_share_rare": (0.0, 0.0, 0.01),
        "density_median_over_mean": (1.0, 0.98, 1.02),
        "density_share_dead": (0.0, 0.0, 0.01),
    },
    # All text, the loss edit and a narrow dictionary split the feature every time.
    "split.unfiltered": SPLITS | {"plain_rate": (1.0, 0.57, 1.0)},
    "split.loss-edit": SPLITS | {"edited_rate": (1.0, 0.57, 1.0), "warm_rate": (0.0, 0.0, 0.43)},
    "split.narrow-filtered": SPLITS | {"narrow_filtered_rate": (1.0, 0.57, 1.0)},
    # An early split that a dictionary without filter and start has as often.
    "split.warm-filtered": SPLITS
    | {
        "warm_filtered_rate_early": (0.4, 0.12, 0.77),
        "warm_filtered_early_p_value": (0.6, None, None),
        "plain_rate": (0.4, 0.12, 0.77),
    },
    # Every setting splits as often as any other.
    "split.table": SPLITS
    | {
        "table_p_value": (1.0, None, None),
        "edited_rate": (1.0, 0.57, 1.0),
        "filtered_rate": (1.0, 0.57, 1.0),
        "warm_filtered_rate": (1.0, 0.57, 1.0),
        "narrow_filtered_rate": (1.0, 0.57, 1.0),
    },
    # A warm start that is as slow as a random one, and an old feature that stays.
    "split.warm": {"warm_ratio": (1.0, 0.9, 1.1), "warm_ratio_charged": (1.2, 1.1, 1.3)},
    "split.replacement": {"lead_first": (0.9, 0.8, 1.0), "lead_last": (0.9, 0.8, 1.0)},
    # Random dictionaries: after chance is taken off, nothing is left to fall or to rise.
    "mmcs.heatmap": {
        "mmcs_small": (0.24, 0.23, 0.25),
        "mmcs_fall": (0.0, -0.01, 0.01),
        "mmcs_fall_alive": (0.0, -0.01, 0.01),
        "map_fall": (0.0, -0.01, 0.01),
    },
    # Features without a twin that still resemble the larger dictionary's.
    "mmcs.random-peak": {
        "chance_share": (0.3, 0.28, 0.32),
        "peak_gap": (0.3, 0.28, 0.32),
        "peak_gap_alive": (0.3, 0.28, 0.32),
    },
    # One group, where two can be seen.
    "mmcs.bimodal": {
        "chance_share": (0.01, 0.0, 0.02),
        "upper_share": (0.99, 0.98, 1.0),
        "upper_mode": (0.97, 0.96, 0.98),
        "groups_apart": (4.0, 3.9, 4.1),
        "controls_two_groups": (0.0, None, None),
        "planted_two_groups": (1.0, None, None),
        "twin_share_small": (0.9, 0.88, 0.92),
        "twin_share_large": (0.9, 0.88, 0.92),
        "twins_more": (900.0, 880.0, 920.0),
    },
    # What grows in the trained model grows as much where nothing was learnt.
    "mmcs.undertrained": {
        "mmcs_gain": (0.02, 0.01, 0.03),
        "mmcs_growth": (0.03, 0.02, 0.04),
        "twins_growth": (0.5, 0.4, 0.6),
        "twins_gained_beyond": (0.0, -9.0, 9.0),
    },
    # Profiles that do not move, whether the loss is divided or not.
    "mmcs.diagonal": {
        "slope_divided": (0.0, -0.1, 0.1),
        "slope_undivided": (0.0, -0.1, 0.1),
    },
    # A similarity that rises by the same amount at every size.
    "mmcs.plateau": {
        "rise_early": (0.05, 0.04, 0.06),
        "rise_late": (0.06, 0.05, 0.07),
        "twins_rise_early": (0.5, 0.4, 0.6),
        "twins_rise_late": (0.5, 0.4, 0.6),
    },
    # The neuron basis: one effective neuron each.
    "mmcs.not-sparse": {
        "effective_ratio_twins_plain": (0.012, 0.01, 0.02),
        "effective_ratio_others_plain": (0.012, 0.01, 0.02),
    },
    # Two equal starts: no difference at step 0, none in the order of recovery.
    "init.head-start": {"head_start": (0.0, -0.01, 0.01)},
    "init.common-first": {
        "saved_difference": (0.0, -20.0, 20.0),
        "at_once_common": (0.1, 0.0, 0.2),
        "at_once_rare": (0.1, 0.0, 0.2),
    },
    # A start that needs twice the steps.
    "init.same-finish": {
        "finish_ratio_95": (2.0, 1.9, 2.1),
        "finish_ratio_99": (2.0, 1.9, 2.1),
        "finish_p_95": (0.001, None, None),
        "finish_reached_95": (1.0, None, None),
    },
    # Effects that follow reading as much as writing.
    "beyond.writing": {
        "difference_effect": (0.5, 0.4, 0.6),
        "writing_more_norm": (0.0, -0.1, 0.1),
        "writing_more_kl": (0.0, -0.1, 0.1),
        "writing_rank_kl": (0.2, 0.1, 0.3),
    },
    # Stable features steer as others of their frequency do.
    "beyond.stable": {
        "difference_effect": (0.5, 0.4, 0.6),
        "stable_pairs": (100.0, None, None),
        "stable_more_norm": (0.0, -0.1, 0.1),
        "stable_more_kl": (0.0, -0.1, 0.1),
    },
    # As near to the toy early as late, where models with random weights stay as they are.
    "init.undertrained": {
        "undertrained_beyond": (0.0, -0.05, 0.05),
        "lm_toy_distance": (0.4, 0.38, 0.42),
        "lm_toy_distance_early": (0.4, 0.38, 0.42),
    },
}


@pytest.mark.parametrize("key", NULLS)
def test_nulls_of_single_measures_are_not_replicated(key: str) -> None:
    planted = {
        name: Record(name, value, low=low, high=high, n=5, over="dictionaries")
        for name, (value, low, high) in NULLS[key].items()
    }
    assert judge(key, CLAIMS[key], planted, "paper").verdict == "not replicated"


def test_every_decided_claim_has_a_null() -> None:
    for key in DECIDED:
        assert key in CONTROLLED or key in NULLS, f"{key} needs a planted null in this file"


def test_the_scorecard_of_a_chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy_project.activate(tmp_path / "a project", monkeypatch)
    shown = []
    monkeypatch.setattr(run_context, "emit", lambda data, metadata: shown.append(data))
    with pytest.raises(UserError, match="load"):
        cards.claims_table()
    load("90", {"profile": "cpu"})
    record("growth", 10.0, "<cm>", low=9.0, high=11.0, n=3, over="dictionaries")
    record("control", 1.0, low=0.5, high=2.0, n=3, over="dictionaries")
    cards.claims_table()
    table = shown[-1]["text/html"]
    assert "cpu run on storyworld" in table
    assert "growth: 10 &lt;cm&gt; [9, 11] (3 dictionaries)" in table
    assert "toy.grows" in table
    assert "toy.later" not in table
    assert cards.verdict("toy.grows").verdict == "replicated"


SAID = {"record": "a", "bound": "low", "op": ">=", "value": 0.125, "says": "At least {value} do"}


def test_words_say_their_number_and_decide_nothing() -> None:
    said = simple(criterion={"replicated": [SAID]})
    bare = simple(criterion={"replicated": [{k: v for k, v in SAID.items() if k != "says"}]})
    assert said.criterion_hash() == bare.criterion_hash()
    assert said.criterion.replicated[0].sentence("90") == "At least 0.125 do"
    (part,) = judge("toy", said, records((0.25, 0.2, 0.3)), "cpu").parts
    assert (part.holds, part.says, part.came) == (True, "At least 0.125 do", "0.250 [0.200, 0.300]")
    for says in ("At least an eighth do", "More than {plus} do"):
        silent = simple(criterion={"replicated": [SAID | {"says": says}]})
        with pytest.raises(UserError, match=r"must name its number|lacks"):
            silent.criterion.replicated[0].sentence("90")


def test_what_the_weaker_form_shares_is_said_once() -> None:
    shared = {k: v for k, v in SAID.items() if k != "says"}
    claim = simple(criterion={"replicated": [SAID], "partly": [shared]})
    assert claim.criterion.unsaid() == []
    other = simple(criterion={"replicated": [SAID], "partly": [shared | {"value": 0.1}]})
    assert other.criterion.unsaid() == ["a"]


@pytest.mark.parametrize("key", DECIDED)
def test_every_part_is_said_and_every_record_has_a_name(key: str) -> None:
    claim = DECIDED[key]
    assert claim.criterion.unsaid() == []
    for condition in (*claim.criterion.replicated, *claim.criterion.partly):
        assert condition.sentence(claim.chapter)
    assert [n for n in claim.records() if (claim.chapter, n) not in quantities()] == []
