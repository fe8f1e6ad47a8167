"""Chapter 4 finds what is planted and nothing where nothing is: its own cells, on made data."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import sparse

from lib.evidence import load, run_context
from lib.studies.splitting.hyphens import CLASSES, COMPOUNDS
from lib.studies.splitting.settings import Settings
from lib.studies.splitting.split_rule import HyphenFeature

HYPHENS, ELSEWHERE, FEATURES = 300, 200, 40
SEEDS = load(Settings, {"profile": "night", "source": "bundled"}).dictionaries
"""At the profile that decides; what is judged are dictionaries."""
DECIDING = [CLASSES.index(name) for name in COMPOUNDS]


def chapter(**names) -> dict:
    found = begin_chapter("04")
    run_cells("04", ["imports", "imports-of-the-book", "record-rate"], found)
    found.update(
        settings=found["settings"].model_copy(update={"permutations": 20}), deciding=DECIDING,
        **names,
    )  # fmt: skip
    return found


def verdicts(names: dict, cells: list[str], *claims: str, profile: str = "night") -> list[str]:
    run_cells("04", cells, names)
    return [verdict_of(claim, profile).verdict for claim in claims]


def labels_of(half: int) -> np.ndarray:
    return np.random.default_rng(half).permutation(np.arange(HYPHENS) % len(CLASSES))


def codes_of(kind: str, seed: int) -> sparse.csr_array:
    """Codes at the hyphens of both halves, and at as many places elsewhere.

    Split by class, one feature for all, noise, or directions that tell the classes apart and are
    as active everywhere.
    """
    rng = np.random.default_rng(seed)
    labels = np.concatenate([labels_of(0), labels_of(1)])
    codes = rng.random((len(labels), FEATURES)) * (rng.random((len(labels), FEATURES)) < 0.05)
    strength = 1 + rng.random(len(labels))
    if kind in ("split", "everywhere"):
        codes[:, : len(CLASSES)] = (labels[:, None] == np.arange(len(CLASSES))) * strength[:, None]
    if kind == "narrow":
        codes[:, 3] = strength
    if kind == "shuffled":
        codes[:, : len(CLASSES)] = np.eye(len(CLASSES))[rng.permutation(labels)]
    elsewhere = rng.random((2 * ELSEWHERE, FEATURES)) * 0.02
    elsewhere[:, : len(CLASSES)] = kind == "everywhere"
    return sparse.csr_array(np.concatenate([codes, elsewhere]))


NAMES = (
    "plain", "warm", "edited", "random_rows", "filtered", "warm_filtered", "warm_filtered_edited",
    "warm_filtered_reset", "narrow_filtered", "hyphens_only",
)  # fmt: skip


def runs(**kinds: str) -> dict:
    """The namespace after training, where each setting's dictionaries are of a kind."""
    trained = {
        name: ([], [], [[codes_of("noise", seed), codes_of(kinds.get(name, "narrow"), seed)]
                        for seed in range(SEEDS)])
        for name in NAMES
    }  # fmt: skip
    hyphens = [
        SimpleNamespace(positions=np.arange(HYPHENS), labels=labels_of(half)) for half in (0, 1)
    ]
    return chapter(
        trained=trained,
        hyphens=hyphens,
        hyphen=7,
        lm=SimpleNamespace(halves=[np.repeat([7, 0], [HYPHENS, 20 * HYPHENS])] * 2),
        beside=[(None, np.ones(ELSEWHERE))] * 2,
        at_hyphens=[sparse.csr_array(np.ones((HYPHENS, 1)))] * 2,
        old=0,
        narrows=list(range(SEEDS)),
        probe=SimpleNamespace(to=lambda device: None),
        codes_of=lambda sae, x: codes_of("narrow", sae),
    )


JUDGE = ["judge", "rates", "exact-test", "exact-tests", "chance"]


def in_reach(names: dict, classes: int = 5, count: float = 0.97) -> dict:
    """Records what the cell of the ceilings would."""
    names["record"]("classes_in_reach", classes)
    names["record"]("ceiling_count", count)
    return names


SPLITTING = ("split.filtered", "split.unfiltered", "split.loss-edit", "split.narrow-filtered")


def test_a_filter_that_splits_is_told_from_one_that_does_not() -> None:
    names = in_reach(runs(filtered="split", warm_filtered="split", hyphens_only="split"))
    assert verdicts(names, JUDGE, *SPLITTING, "split.table") == ["replicated"] * 5
    # Random rows do as well: the filter's choice is worth nothing.
    names = in_reach(runs(filtered="split", random_rows="split", hyphens_only="split"))
    assert verdicts(names, JUDGE, "split.filtered") == ["partly"]


def some(kind: str, count: int) -> list:
    """Dictionaries of which `count` are of a kind and the others narrow."""
    kinds = [kind] * count + ["narrow"] * (SEEDS - count)
    return [[codes_of("noise", seed), codes_of(k, seed)] for seed, k in enumerate(kinds)]


@pytest.mark.parametrize(
    ("filtered", "random_rows", "expected"),
    [
        (5, 0, "replicated"),
        (4, 0, "replicated"),
        (5, 3, "partly"),  # a difference that chance makes
        (3, 0, "partly"),  # not seed after seed
        (2, 0, "not replicated"),
    ],
)
def test_shares_of_dictionaries_are_compared_exactly(filtered, random_rows, expected) -> None:
    names = in_reach(runs(hyphens_only="split"))
    for name, count in (("filtered", filtered), ("random_rows", random_rows)):
        names["trained"][name] = ([], [], some("split", count))
    assert verdicts(names, JUDGE, "split.filtered") == [expected]


def test_five_against_none_or_one_is_enough() -> None:
    names = runs()
    run_cells("04", JUDGE, names)
    more_often = names["more_often"]
    assert more_often([True] * 4 + [False], [False] * 5) < 0.025
    assert more_often([True] * 5, [True] + [False] * 4) < 0.025
    assert more_often([True] * 3, [False] * 3) > 0.01
    assert more_often([True] * 2, [True] * 2) == more_often([False] * 2, [False] * 2) == 1


@pytest.mark.parametrize("kind", ["narrow", "shuffled", "noise", "everywhere"])
def test_where_nothing_splits_nothing_is_claimed(kind: str) -> None:
    """A narrow dictionary passed off as wide, shuffled classes, noise, directions at random."""
    names = in_reach(runs(**dict.fromkeys(NAMES, kind)))
    found = verdicts(names, JUDGE, *SPLITTING, "split.table")
    # What splits nowhere says nothing of a setting that should not.
    assert found == ["not replicated"] + ["cannot tell here"] * 3 + ["not replicated"]
    assert verdicts(names, ["target-records"], "split.target") == ["not replicated"]


def test_out_of_reach_nothing_can_be_told() -> None:
    """Neither failure nor success: a line that knows the labels finds a single class."""
    for kind in ("narrow", "split"):
        names = in_reach(runs(**dict.fromkeys(NAMES, kind)), classes=1, count=0.84)
        found = verdicts(names, JUDGE, *SPLITTING, "split.table")
        assert set(found) == {"cannot tell here"}
        assert verdicts(names, ["target-records"], "split.target") == ["cannot tell here"]
    assert verdicts(names, [], *SPLITTING, profile="cpu") == ["needs a larger run"] * 4


@pytest.mark.parametrize(
    ("setting", "claim", "few", "some_more"),
    [("plain", "split.unfiltered", 1, 3), ("narrow_filtered", "split.narrow-filtered", 0, 1)],
)
def test_a_setting_that_splits_is_not_said_to_fail(setting, claim, few, some_more) -> None:
    """Even where hyphens alone split nothing: the setting itself shows that the rule says yes."""
    assert verdicts(in_reach(runs(**{setting: "split"})), JUDGE, claim) == ["not replicated"]
    for count, expected in ((few, "replicated"), (some_more, "partly")):
        names = in_reach(runs(hyphens_only="split"))
        names["trained"][setting] = ([], [], some("split", count))
        assert verdicts(names, JUDGE, claim) == [expected]


def test_what_the_narrow_feature_does_not_cover_cannot_split() -> None:
    """However well the wide dictionaries tell the classes apart."""
    names = in_reach(runs(**dict.fromkeys(NAMES, "split")))
    only = (labels_of(1) == DECIDING[0]).astype(float)
    names["at_hyphens"] = [sparse.csr_array(np.ones((HYPHENS, 1))), sparse.csr_array(only[:, None])]
    found = verdicts(names, JUDGE, *SPLITTING, "split.table")
    assert set(found) == {"cannot tell here"}


def test_a_rule_that_untrained_dictionaries_meet_decides_nothing() -> None:
    names = in_reach(runs(**dict.fromkeys(NAMES, "split")))
    for of_setting in names["trained"].values():
        for seed, by_look in enumerate(of_setting[2]):
            by_look[0] = codes_of("split", seed)
    found = verdicts(names, [*JUDGE, "target-records"], *SPLITTING, "split.table", "split.target")
    assert set(found) == {"cannot tell here"}


def test_the_ceiling_is_that_of_the_vectors_at_hyphens() -> None:
    rng = np.random.default_rng(0)
    for told, reach in ((DECIDING, 5), (DECIDING[1:2], 1), ([], 0)):
        vectors = []
        for half in (0, 1):
            at = rng.normal(size=(HYPHENS, 12))
            for label in told:
                at[labels_of(half) == label, label] += 6
            vectors.append(SimpleNamespace(vectors=torch.from_numpy(at)))
        names = chapter(
            readings=vectors,
            hyphens=[SimpleNamespace(labels=labels_of(half)) for half in (0, 1)],
        )
        run_cells("04", ["ceiling"], names)
        found = run_context.current().records
        assert found["classes_in_reach"].value == reach
        assert (found["ceiling_count"].value >= 0.9) == (DECIDING[0] in told)


def test_shuffled_labels_pass_for_no_setting() -> None:
    names = runs(**dict.fromkeys(NAMES, "split"))
    run_cells("04", JUDGE, names)
    assert all(rate.mean == 1 for rate in names["rates"].values())
    assert not any(split.split for split in names["by_chance"])
    assert not any(split.split for split in names["as_wide"])
    assert not any(split.split for split in names["random_wide"])


def test_a_loss_edit_that_splits_by_itself_is_seen() -> None:
    names = in_reach(runs(edited="split", hyphens_only="split"))
    assert verdicts(names, JUDGE, "split.loss-edit") == ["not replicated"]
    names = in_reach(runs(hyphens_only="split"))
    assert verdicts(names, JUDGE, "split.loss-edit") == ["replicated"]


def test_a_feature_for_counts_must_be_one() -> None:
    names = in_reach(runs(plain="split", random_rows="split"))
    assert verdicts(names, [*JUDGE, "target-records"], "split.target") == ["replicated"]


def loss_histories(time: float, start: float, seed: int) -> SimpleNamespace:
    steps = np.arange(1, 101)
    jitter = 1 + 0.02 * np.random.default_rng(seed).standard_normal()
    total = 1 + (start - 1) * np.exp(-steps / (time * jitter))
    return SimpleNamespace(steps=steps.tolist(), total=total.tolist())


@pytest.mark.parametrize(
    ("time", "narrow_steps", "expected"),
    [
        (8.0, 10, "replicated"),
        (8.0, 220, "partly"),  # faster, but the narrow dictionary has to be paid for
        (25.0, 10, "not replicated"),  # a warm start that is none
        (60.0, 10, "not replicated"),
    ],
)
def test_a_warm_start_must_be_faster(time: float, narrow_steps: int, expected: str) -> None:
    names = chapter(
        trained={
            "plain": ([], [loss_histories(24, 10, s) for s in range(SEEDS)], []),
            "warm": ([], [loss_histories(time, 10, s + 9) for s in range(SEEDS)], []),
        },
        narrow_size=20,
        wide_size=80,
    )
    names["settings"] = names["settings"].model_copy(
        update={"narrow_steps": narrow_steps, "wide_steps": 60}
    )
    assert verdicts(names, ["warm-curves", "warm-records"], "split.warm") == [expected]


def led_by(old: bool) -> sparse.csr_array:
    codes = np.zeros((2 * HYPHENS, FEATURES))
    codes[:, 3], codes[:, 9] = (2.0, 1.0) if old else (1.0, 2.0)
    return sparse.csr_array(codes)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(True, False, "replicated"), (True, True, "not replicated"), (False, False, "not replicated")],
)
def test_a_lead_must_be_lost_to_count_as_replaced(first, last, expected) -> None:
    by_look = [led_by(first), led_by(first), led_by(last)]
    starts = ("warm_filtered", "warm_filtered_edited", "warm_filtered_reset")
    names = chapter(
        trained={name: ([], [], [by_look] * SEEDS) for name in starts},
        watched=list(starts), last_half=slice(HYPHENS, 2 * HYPHENS), old=3,
    )  # fmt: skip
    names["settings"] = SimpleNamespace(close_looks=[0, 3, 100])
    assert verdicts(names, ["lead-records"], "split.replacement") == [expected]


@pytest.mark.parametrize(
    ("early", "expected"), [("split", "replicated"), ("narrow", "not replicated")]
)
def test_an_early_split_is_looked_for_early(early: str, expected: str) -> None:
    names = in_reach(runs(warm_filtered="split"))
    run_cells("04", JUDGE, names)
    for name in ("warm_filtered", "filtered"):
        for seed, found in enumerate(names["trained"][name][2]):
            found.insert(1, codes_of(early, seed))
    names["watched"] = []
    cells = ["warm-filtered-records"]
    assert verdicts(names, cells, "split.warm-filtered") == [expected]


@pytest.mark.parametrize(
    ("purity", "rivals", "expected"),
    [(0.8, 1, "replicated"), (0.8, 3, "partly"), (0.3, 0, "partly"), (0.02, 0, "not replicated")],
)
def test_a_hyphen_feature_must_be_one_and_single(purity, rivals, expected) -> None:
    rng = np.random.default_rng(0)
    make = lambda p, r: [
        HyphenFeature(3, p + 0.01 * rng.standard_normal(), 0.9, r) for _ in range(SEEDS)
    ]
    names = chapter(found=make(purity, rivals), by_chance=make(0.02, 0))
    assert verdicts(names, ["narrow-records"], "split.narrow") == [expected]


@pytest.mark.parametrize("kind", ["split", "narrow", "shuffled", "noise"])
def test_only_features_of_a_class_mark_one(kind: str) -> None:
    names = runs()
    run_cells("04", ["marks"], names)
    half = codes_of(kind, 3)[HYPHENS : 2 * HYPHENS]
    marked, auc = names["marks"](half)
    own = {CLASSES.index(name): name for name in COMPOUNDS}
    expected = own if kind == "split" else {}
    assert marked == [expected.get(feature, "no class") for feature in range(FEATURES)]
    assert ((auc >= 0) & (auc <= 1)).all()
