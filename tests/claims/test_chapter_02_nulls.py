"""Chapter 2 finds what is planted and nothing where nothing is: its own cells, on made data."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import sparse

from lib.analysis.scoring import context_views, document_halves
from lib.evidence import run_context
from lib.studies.registry import resolve

# The sizes at which the claims are decided.
NIGHT = resolve("02", {"profile": "night"})
SIZES, SMALL, LARGE, SEEDS = NIGHT.sizes, NIGHT.small, NIGHT.large, NIGHT.seeds
WIDTH = NIGHT.mlp_width
Rows = dict[int, torch.Tensor]


def chapter(**names) -> dict:
    found = begin_chapter("02", profile="night", source="bundled")
    run_cells("02", ["imports-of-the-book", "mmcs-by-hand", "chance"], found)
    site = SimpleNamespace(width=WIDTH)
    seeds = range(SEEDS)
    found.update(site=site, seeds=seeds, small=SMALL, large=LARGE, next_up=2 * LARGE)
    found.update(at={size: i for i, size in enumerate(SIZES)}, n_sizes=len(SIZES))
    return run_cells("02", ["map-functions"], found | names)


def verdict_after(names: dict, cells: list[str], claim: str, profile: str = "night") -> str:
    run_cells("02", cells, names)
    return verdict_of(claim, profile).verdict


def draw(rows: int, seed: int) -> torch.Tensor:
    directions = torch.randn(rows, WIDTH, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(directions, dim=1)


TRUTH = draw(max(SIZES), 77)


def dictionaries(shared: dict[int, int], seed: int, noise: float = 0.02) -> Rows:
    """Of each size, so many features of a common truth and otherwise random directions."""
    made = {}
    for number, size in enumerate(SIZES):
        own = 1000 * seed + 10 * number
        true = TRUTH[: shared[size]] + noise * draw(shared[size], own + 1)
        made[size] = torch.cat([true, draw(size - shared[size], own + 2)])
    return made


def planted(shared: dict[int, int], dead_share: float = 0.0, **options) -> dict:
    """`rows` and `on` as the chapter has them; of the random directions a share is dead."""
    rows = [dictionaries(shared, 1 + seed, **options) for seed in range(SEEDS)]
    on = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        density = {size: torch.full((size,), 0.02) for size in SIZES}
        for size in SIZES:
            silent = rng.random(size) < dead_share
            silent[: shared[size]] = False
            density[size][torch.from_numpy(silent)] = 0.0
        on.append(density)
    return {"rows": rows, "on": on}


NOTHING = dict.fromkeys(SIZES, 0)
EVERYTHING = {size: size for size in SIZES}
TWO_MODES = {64: 60, 128: 115, 256: 200, 512: 300, 1024: 400, 2048: 600, 4096: 700}
MODES = ["modes", "modes-records", "control-modes", "modes-numbers"]
FALL = np.zeros((2, 3, 2)) + np.array([0.6, 0.3])


@pytest.mark.parametrize(
    ("shared", "fall", "groups"),
    [
        (TWO_MODES, "replicated", "replicated"),
        # Where nothing is found twice, making half of it random shows nothing either.
        (NOTHING, "not replicated", "cannot tell here"),
        (EVERYTHING, "partly", "not replicated"),  # it falls, by a hair
    ],
)
def test_a_fall_and_two_groups_are_told_from_none(shared, fall, groups) -> None:
    with_dead = FALL if shared is TWO_MODES else np.zeros((2, 3, 2))
    names = chapter(**planted(shared), with_dead=with_dead)
    assert verdict_after(names, ["size-curves", "size-records"], "mmcs.heatmap") == fall
    assert verdict_after(names, MODES, "mmcs.bimodal") == groups
    run_cells("02", ["histogram-records"], names)
    found = run_context.current().records
    assert found["eye_controls_bimodal"].value == 0
    assert (found["eye_bimodal"].value == 1) == (groups == "replicated")


def test_two_groups_and_more_features_than_dimensions_do_not_exclude_each_other() -> None:
    """One dictionary of the size that the document names meets both."""
    names = chapter(**planted(TWO_MODES), with_dead=FALL, recovered_untrained=[30.0, 34.0])
    names["recovered_gaussian"] = [0.0, 1.0]
    run_cells("02", ["size-curves", "size-records"], names)
    names["recovered"] = names["twins_by_size"][:, names["at"][LARGE]]
    assert verdict_after(names, MODES, "mmcs.bimodal") == "replicated"
    assert verdict_after(names, ["many-records"], "mmcs.more-than-dim") == "replicated"


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ((0.2, 0.4, 0.5, 0.51, 0.5), "replicated"),
        ((0.2, 0.4, 0.6, 0.8, 1.0), "not replicated"),
        ((0.5, 0.5, 0.5, 0.5, 0.5), "not replicated"),
        ((0.2, 0.3, 0.5, 0.4, 0.3), "not replicated"),
    ],
)
def test_a_plateau_must_rise_first_and_then_stay(curve, expected) -> None:
    rng = np.random.default_rng(0)
    similar = np.array(curve) + 0.003 * rng.standard_normal((SEEDS, 5))
    names = chapter(
        **planted(NOTHING),
        similar=similar,
        similar_alive=similar,
        with_dead=np.zeros((2, 3, 2)),
        twins_by_size=50.0 * 2.0 ** np.arange(5) * np.ones((SEEDS, 1)),
    )
    assert verdict_after(names, ["size-records"], "mmcs.plateau") == expected


def test_the_number_alone_may_rise_and_flatten() -> None:
    falling = np.array([0.9, 0.85, 0.8, 0.7, 0.6]) + 0.003 * np.random.default_rng(0).random((3, 5))
    names = chapter(
        **planted(NOTHING),
        similar=falling,
        similar_alive=falling,
        with_dead=np.zeros((2, 3, 2)),
        twins_by_size=np.array([50, 90, 150, 170, 180]) + np.arange(SEEDS)[:, None],
    )
    assert verdict_after(names, ["size-records"], "mmcs.plateau") == "partly"


@pytest.mark.parametrize(("dead_share", "expected"), [(0.6, "replicated"), (0.0, "not replicated")])
def test_unused_features_are_told_from_used_ones(dead_share, expected) -> None:
    names = chapter(**planted(TWO_MODES, dead_share))
    assert verdict_after(names, ["modes", "unused-records"], "mmcs.unused") == expected


def ensemble_of(first: int) -> SimpleNamespace:
    made = [draw(size, first + i) for i, size in enumerate([LARGE, 2 * LARGE] * SEEDS)]
    return SimpleNamespace(saes=[SimpleNamespace(W_dec=rows) for rows in made])


def test_twins_by_firings_are_counted() -> None:
    """Features without a twin were active less often: a hundred times in all."""
    made = planted(TWO_MODES)
    for density in made["on"]:
        density[LARGE][TWO_MODES[LARGE] :] = 100 / (NIGHT.sae_steps * NIGHT.sae_batch)
    names = chapter(**made)
    run_cells("02", ["modes", "firings"], names)
    found = run_context.current().records["twin_share_by_firings"].value
    assert found[1] == 0
    assert found[-1] == 1


@pytest.mark.parametrize(
    ("noise", "expected"),
    [(0.02, "replicated"), (2.0, "not replicated")],
)
def test_a_peak_at_chance_is_told_from_one_above(noise, expected) -> None:
    """Without a twin: random directions, or ones that still resemble the larger dictionary's."""
    own, mixed = TWO_MODES[LARGE], 1600
    made = planted(TWO_MODES if noise < 1 else TWO_MODES | {LARGE: mixed, 2 * LARGE: 2 * LARGE})
    if noise > 1:
        for seed, rows in enumerate(made["rows"]):
            rows[LARGE][own:mixed] = torch.nn.functional.normalize(
                rows[LARGE][own:mixed] + 1.1 * draw(mixed - own, 900 + seed), dim=1
            )
    names = chapter(
        **made,
        covariance=torch.eye(WIDTH).double(),
        blank_made=[ensemble_of(500)],
        gaussian=ensemble_of(600),
    )
    cells = [*MODES, "random-peaks", "random-records"]
    assert verdict_after(names, cells, "mmcs.random-peak") == expected


def test_a_group_that_is_hardly_there_has_no_peak() -> None:
    names = chapter(
        **planted(EVERYTHING),
        covariance=torch.eye(WIDTH).double(),
        blank_made=[ensemble_of(500)],
        gaussian=ensemble_of(600),
    )
    cells = [*MODES, "random-peaks", "random-records"]
    assert verdict_after(names, cells, "mmcs.random-peak") == "cannot tell here"


COEFFICIENTS = (0.05, 0.1, 0.2, 0.4, 0.8)


def maps(slope: float, seed: int, pattern: bool = True) -> np.ndarray:
    """[seeds, coefficients, sizes]: a ridge that moves by `slope` doublings for each size."""
    rng = np.random.default_rng(seed)
    places = np.arange(5.0)[:, None] - 2 - slope * (np.arange(3.0) - 1)
    ridge = np.exp(-(places**2) / 3) if pattern else np.zeros((5, 3))
    return ridge + 0.02 * rng.standard_normal((SEEDS, 5, 3))


@pytest.mark.parametrize(
    ("divided", "plain", "expected"),
    [
        (maps(1, 1), maps(0, 2), "replicated"),
        (maps(0, 1), maps(0, 2), "not replicated"),
        (maps(1, 1), maps(1, 2), "not replicated"),
        (maps(1, 1, False), maps(0, 2, False), "not replicated"),
    ],
)
def test_diagonal_lines_are_told_from_straight_ones(divided, plain, expected) -> None:
    names = chapter(divided_map=divided, with_dead=plain)
    names["settings"] = names["settings"].model_copy(update={"coefficients": COEFFICIENTS})
    assert verdict_after(names, ["diagonal-records"], "mmcs.diagonal") == expected


@pytest.mark.parametrize(
    ("mean", "twins", "blank", "expected"),
    [
        ((0.50, 0.53), (400, 800), (90, 100), "replicated"),
        ((0.50, 0.62), (400, 800), (90, 100), "partly"),  # the mean grows by more than a little
        ((0.50, 0.53), (400, 800), (300, 700), "not replicated"),  # as without anything learnt
        ((0.50, 0.50), (400, 400), (90, 100), "not replicated"),
        ((0.50, 0.53), (400, 410), (90, 100), "not replicated"),  # in proportion to the mean
        ((0.50, 0.45), (400, 800), (90, 100), "not replicated"),
    ],
)
def test_more_training_must_make_more_twins(mean, twins, blank, expected) -> None:
    looks = list(range(0, 101, 10))
    rng = np.random.default_rng(2)
    line = lambda ends: np.interp(np.arange(11), (4, 8), ends)
    names = chapter(
        looks=looks,
        mean_in_time=line(mean) + 0.0005 * rng.standard_normal((SEEDS, 11)),
        twins_in_time=np.round(line(twins) + 2 * rng.standard_normal((SEEDS, 11))),
        blank_twins=np.round(line(blank) + 2 * rng.standard_normal((SEEDS, 11))),
    )
    assert verdict_after(names, ["time-records"], "mmcs.undertrained") == expected


@pytest.mark.parametrize(
    ("trained", "untrained", "gaussian", "expected"),
    [
        (400, 100, 20, "replicated"),
        (400, 400, 20, "partly"),  # a model that has learnt nothing has as many
        (400, 400, 400, "not replicated"),
        (100, 10, 0, "not replicated"),
    ],
)
def test_features_must_outnumber_dimensions_and_controls(
    trained, untrained, gaussian, expected
) -> None:
    around = lambda number: number + np.array([-2.0, 0.0, 2.0])
    names = chapter(
        recovered=around(trained),
        recovered_untrained=around(untrained),
        recovered_gaussian=around(gaussian),
    )
    assert verdict_after(names, ["many-records"], "mmcs.more-than-dim") == expected


@pytest.mark.parametrize("learnt", [TWO_MODES, NOTHING])
def test_at_every_threshold_what_is_shared_is_told_from_chance(learnt) -> None:
    """Of smaller dictionaries, because each threshold counts anew."""
    made, other = planted(learnt), planted(NOTHING)
    few = (256, 512)
    pairs = [(*(r[n] for n in few), *(torch.ones(n) > 0 for n in few)) for r in other["rows"]]
    names = chapter(**made, random_pairs=pairs, gaussian_pairs=pairs)
    names.update(large=few[0], next_up=few[1])
    run_cells("02", ["levels"], names)
    found = names["by_level"]
    at = names["LEVELS"].index(names["TWIN"])
    assert (found["trained model"][:, at] == learnt[few[0]]).all()
    assert (found["untrained model"][:, at] == 0).all()
    fewest, most = found["trained model"].min(0), found["untrained model"].max(0)
    assert (fewest > most).any() == (learnt is TWO_MODES)


@pytest.mark.parametrize(
    ("sparse_ones", "expected"), [(False, "replicated"), (True, "not replicated")]
)
def test_features_along_neurons_are_sparse(sparse_ones, expected) -> None:
    made = planted(TWO_MODES)
    if sparse_ones:
        for rows in made["rows"]:
            rows[LARGE] = torch.eye(WIDTH)[torch.arange(LARGE) % WIDTH]
            rows[2 * LARGE] = draw(2 * LARGE, 3)
            rows[2 * LARGE][:64] = rows[LARGE][:64]
    made["main"] = SimpleNamespace(
        saes=[SimpleNamespace(W_enc=draw(size, 7).T) for size in SIZES * SEEDS]
    )
    made["watched"] = lambda s, size: torch.stack([draw(size, s)] * 3)
    names = chapter(**made, plain_made=SimpleNamespace(saes=[]))
    names["site"].sample = lambda rows: draw(rows, 8)
    # The dictionaries without a pre-bias are the same ones here.
    names["census"] = lambda saes, activations: (
        None, [on[n] for on in made["on"] for n in (LARGE, 2 * LARGE)]
    )  # fmt: skip
    names["of_pair"] = lambda made_, s: (made["rows"][s][LARGE], made["rows"][s][2 * LARGE])
    cells = ["modes", "neurons", "neurons-records"]
    assert verdict_after(names, cells, "mmcs.not-sparse") == expected


KINDS, LENGTH = 60, 6000
TOKENS = np.random.default_rng(0).integers(0, KINDS, LENGTH)
STARTS = np.arange(0, LENGTH, 100)


def codes_of(kind: str, features: int, seed: int) -> sparse.csr_array:
    """Features that belong to one token each, that are noise, or something between."""
    rng = np.random.default_rng(seed)
    noise = rng.random((LENGTH, features)) < 0.02
    detectors = TOKENS[:, None] == np.arange(features)[None] % KINDS
    if kind == "noise":
        on = noise
    elif kind == "half":
        on = (detectors & (rng.random((LENGTH, features)) < 0.15)) | noise
    else:
        on = detectors
    return sparse.csr_array(on * (1 + rng.random((LENGTH, features))))


@pytest.mark.parametrize(
    ("features", "neurons", "frozen", "expected"),
    [
        ("detectors", "noise", "noise", "replicated"),
        ("detectors", "detectors", "noise", "partly"),  # the neurons have themes as well
        ("detectors", "noise", "detectors", "partly"),  # random directions with trained readers too
        ("half", "noise", "noise", "partly"),  # more than chance, but no theme
        ("noise", "noise", "noise", "not replicated"),
    ],
)
def test_themes_are_told_from_noise(features, neurons, frozen, expected) -> None:
    """Of a smaller dictionary, because rules are looked for feature by feature."""
    few = 128
    rows = [{few: draw(few, s), 2 * few: draw(2 * few, 50 + s)} for s in range(SEEDS)]
    for own in rows:
        own[2 * few][:60] = own[few][:60]
    names = chapter(
        rows=rows,
        tokens=TOKENS,
        starts=STARTS,
        strings=[f" t{i}" for i in range(KINDS)],
        codes=[codes_of(features, few, seed) for seed in range(SEEDS)],
        random_codes=[codes_of("noise", few, 9 + seed) for seed in range(2)],
        frozen_codes=[codes_of(frozen, few, 20 + seed) for seed in range(SEEDS)],
        blank_made=[0, 1],
        of_pair=lambda made: (draw(few, 7 + made), draw(2 * few, 50 + made)),
    )
    names.update(large=few, next_up=2 * few)
    assert len(context_views(TOKENS, names["strings"], STARTS)) == 6
    assert 0.4 < document_halves(LENGTH, STARTS).mean() < 0.6
    run_cells("02", ["modes", "score"], names)
    judged = lambda kind: names["scores_of"](codes_of(kind, 60, 3), np.ones(60, dtype=bool))
    bases = dict.fromkeys(("neurons", "random", "PCA", "ICA", "NMF"), judged("noise"))
    names["by_base"] = bases | {"neurons": judged(neurons)}
    names["bases"] = {name: SimpleNamespace(directions=draw(60, 5)) for name in bases}
    assert verdict_after(names, ["score-records"], "mmcs.interpretable") == expected


@pytest.mark.parametrize(
    ("loss", "expected"),
    [(5.13, "replicated"), (6.5, "partly"), (8.0, "not replicated")],
)
def test_a_loss_is_judged_per_byte(loss: float, expected: str) -> None:
    """At 4.46 bytes a token, as in the document; 8 nats is what frequencies alone give."""
    tokens = np.zeros(1000, dtype=np.int64)
    names = chapter(
        evaluate=lambda *a, **k: SimpleNamespace(nats_per_token=loss, tokens=1000),
        lm=SimpleNamespace(parameter_count=lambda: 1),
        corpus=SimpleNamespace(source=SimpleNamespace(label="x"), validation=["a" * 4460]),
        validation_text=SimpleNamespace(tokens=tokens),
        unigram_loss=7.5,
        kinds=50_257,
    )
    assert verdict_after(names, ["say-model"], "mmcs.lm-loss", "paper") == expected


def test_a_small_vocabulary_alone_does_not_pass() -> None:
    """Few kinds of tokens make a low loss per token, and a high one per byte."""
    names = chapter(
        evaluate=lambda *a, **k: SimpleNamespace(nats_per_token=3.5, tokens=1000),
        lm=SimpleNamespace(parameter_count=lambda: 1),
        corpus=SimpleNamespace(source=SimpleNamespace(label="x"), validation=["a" * 1800]),
        validation_text=SimpleNamespace(tokens=np.zeros(1000, dtype=np.int64)),
        unigram_loss=5.0,
        kinds=400,
    )
    assert verdict_after(names, ["say-model"], "mmcs.lm-loss", "paper") == "not replicated"
