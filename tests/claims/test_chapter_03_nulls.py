"""Chapter 3 finds what is planted and nothing where nothing is: its own cells, on made data."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import sparse

from lib.activations.first_position import FirstPosition
from lib.analysis.neurons import random_directions
from lib.analysis.scoring import Scores
from lib.evidence import load, run_context
from lib.sae.splicing import Splice
from lib.studies.census.settings import Settings

CPU = load(Settings, {"profile": "cpu", "source": "bundled"})
SEEDS, WIDTH, F = CPU.dict_seeds, CPU.mlp_width, CPU.features
TOKENS = 4000


def chapter(**names) -> dict:
    found = begin_chapter("03", draws=2000)
    run_cells("03", ["imports-of-the-book"], found)
    found.update(names)
    return found


def verdict_after(names: dict, cells: list[str], claim: str, profile: str = "cpu") -> str:
    run_cells("03", cells, names)
    return verdict_of(claim, profile).verdict


def splices(losses: list[float], zero: float, mean: float) -> list[Splice]:
    return [Splice(2.0, loss, zero, mean, 0.1, 1.0, 0.8, 1000) for loss in losses]


SUBJECT = {
    "corpus": SimpleNamespace(source=SimpleNamespace(label="made")),
    "lm": SimpleNamespace(parameter_count=lambda: 7),
    "store": SimpleNamespace(width=WIDTH),
    "first_place": FirstPosition(ratio=1.0, scale=1.0),
    "skip_first": 0,
}


@pytest.mark.parametrize(
    ("spliced", "mixed", "expected"),
    [
        ([2.3, 2.31, 2.29], [4.5, 4.6, 4.4], "replicated"),
        ([3.2, 3.21, 3.19], [4.5, 4.6, 4.4], "partly"),
        ([4.0, 4.1, 3.9], [4.5, 4.6, 4.4], "not replicated"),
        ([2.3, 2.31, 2.29], [2.3, 2.31, 2.29], "not replicated"),  # any rows would do
    ],
)
def test_a_reconstruction_must_save_what_removal_costs(spliced, mixed, expected) -> None:
    ours, wrong = splices(spliced, 4.3, 3.5), splices(mixed, 4.3, 3.5)
    names = chapter(ours=ours, mixed=wrong, spliced=[*ours, *wrong, ours[0]], **SUBJECT)
    assert verdict_after(names, ["recovered-records"], "census.recovered") == expected


@pytest.mark.parametrize(
    ("active", "recovered", "expected"),
    [
        (30, 0.8, "replicated"),
        (100, 0.8, "partly"),
        (F // 2, 0.8, "not replicated"),  # half of all features: codes at random
        (30, 0.0, "not replicated"),
    ],
)
def test_a_number_of_features_counts_beside_what_it_recovers(active, recovered, expected) -> None:
    ours = splices([4.3 - recovered * 2.3 + e for e in (0, 0.01, -0.01)], 4.3, 3.5)
    rng = np.random.default_rng(0)
    codes = [sparse.csr_array((rng.random((300, F)) < active / F).astype(float)) for _ in ours]
    names = chapter(
        ours=ours, mixed=ours, spliced=[*ours, ours[0]], codes=codes, topk_codes=codes[0],
        tokens=np.zeros(300), tokenizer=SimpleNamespace(encode=lambda text: [0]), separator="\n\n",
        l1=[SimpleNamespace(features=F)] * 3, l0_by_position=lambda *_: np.ones(8), **SUBJECT,
    )  # fmt: skip
    cells = ["recovered-records", "l0-records"]
    assert verdict_after(names, cells, "census.l0") == expected


def densities(kind: str, seed: int) -> np.ndarray:
    """Densities with a mean of 22 active features, as dictionaries of this size have it.

    Planted: two that are nearly always on, and many around a fifth of the mean.
    """
    rng = np.random.default_rng(seed)
    if kind == "shuffled":
        return np.full(F, 22 / F)
    if kind == "alike":
        return 22 / F * rng.uniform(0.6, 1.4, F)
    found = 10 ** rng.normal(-2.6, 0.5, F)
    found[:2] = 0.9, 0.7
    found[2:40] = 0.4  # the rest of the mean
    return np.append(found[2:], 0.004)[:F] if kind == "none always" else found


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("planted", "replicated"),
        ("none always", "partly"),
        ("shuffled", "not replicated"),
        ("alike", "not replicated"),
    ],
)
def test_shuffled_codes_are_all_equally_frequent(kind, expected) -> None:
    found = [densities(kind, seed) for seed in range(SEEDS)]
    names = chapter(codes=[], random_codes=[])
    run_cells("03", ["densities"], names)
    names.update(density=found, random_density=found)
    assert 0.005 < np.mean(found) < 0.03
    assert verdict_after(names, ["frequency-records"], "census.frequency") == expected


def ranked_codes(kind: str, seed: int) -> sparse.csr_array:
    """Codes whose features are frequent by one law among the first sixteenth, by one behind it."""
    rng, ranks = np.random.default_rng(seed), np.arange(1, F + 1)
    power, exponential = 0.5 * ranks**-0.9, 0.5 * np.exp(-ranks / 200)
    cut = F // 16
    tail = power[cut] * np.exp(-(ranks - cut) / 300)
    between = 0.5 * ranks**-0.36 * np.exp(-(ranks - 1) / 50)
    p = {
        "power": power,
        "exponential": exponential,
        "both": np.where(ranks <= cut, power, tail),
        "neither": np.where(ranks <= cut, between, between[cut] * np.exp(-(ranks - cut) / 300)),
        "few": np.where(ranks <= cut, power, tail) / 100,
        "the other way": np.where(
            ranks <= cut, exponential, exponential[cut] * (cut / ranks) ** 1.1
        ),
    }[kind]
    return sparse.csr_array((rng.random((TOKENS, F)) < p[rng.permutation(F)]).astype(float))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("both", "replicated"),
        ("power", "not replicated"),
        ("exponential", "not replicated"),
        ("the other way", "not replicated"),
        ("neither", "partly"),  # among the frequent, as much of the one as of the other
        ("few", "cannot tell here"),  # too few firings, whatever their law
    ],
)
def test_each_law_must_hold_where_it_is_claimed(kind, expected) -> None:
    assert judged_ranks(kind) == expected


def judged_ranks(kind: str) -> str:
    codes = [ranked_codes(kind, seed) for seed in range(SEEDS)]
    names = chapter(codes=codes, tokens=np.zeros(TOKENS), starts=np.arange(0, TOKENS, 100))
    cells = ["rank-laws", "compare-laws", "rank-law-records"]
    return verdict_after(names, cells, "census.rank-law")


def decoder(seed: int, hub: int = 0, peaked: int = 0) -> torch.Tensor:
    """Random directions; `hub` of them with a tenth of their power on neuron 5, `peaked` nearly a
    single neuron."""
    rows = random_directions(torch.ones(WIDTH), F, seed).float()
    rng = np.random.default_rng(seed)
    rows[:hub, 5] = 0
    rows[:hub] = torch.nn.functional.normalize(rows[:hub], dim=1) * 0.9**0.5
    rows[:hub, 5] = 0.1**0.5
    rows[hub : hub + peaked] *= 0.15
    rows[np.arange(hub, hub + peaked), rng.integers(0, WIDTH, peaked)] = 1.0
    return torch.nn.functional.normalize(rows, dim=1)


@pytest.mark.parametrize(
    ("concentrated", "expected"),
    [
        ("frequent", "replicated"),
        ("a few sparse too", "partly"),
        ("sparse", "not replicated"),
        ("none", "not replicated"),
    ],
)
def test_only_frequent_features_may_be_concentrated(concentrated: str, expected: str) -> None:
    """A tenth of the features is frequent; densities are those of a dictionary of this size."""
    peaked = 0 if concentrated == "none" else F // 20
    often, seldom = 22 / F * 4, 22 / F / 5
    density = []
    for _ in range(SEEDS):
        found = np.full(F, often if concentrated == "sparse" else seldom)
        found[: F // 10] = seldom if concentrated == "sparse" else often
        if concentrated == "a few sparse too":
            found[: F // 40] = seldom
        density.append(found)
    names = chapter(
        density=density, l1=[as_sae(decoder(seed, peaked=peaked)) for seed in range(SEEDS)],
        store=SimpleNamespace(sample=lambda rows: torch.randn(rows, WIDTH)),
    )  # fmt: skip
    cells = ["random-cloud", "concentrated", "power-records"]
    assert verdict_after(names, cells, "census.power") == expected


@pytest.mark.parametrize(
    ("peaked", "cloud", "expected"),
    [
        (40, 0, "replicated"),
        (0, 0, "not replicated"),
        (40, 40, "not replicated"),
    ],
)
def test_random_directions_have_no_heavy_tail(peaked, cloud, expected) -> None:
    sharp = lambda seed, n: decoder(seed, peaked=n)
    names = chapter(
        alive=[sharp(seed, peaked) for seed in range(SEEDS)],
        clouds=[sharp(seed + 9, cloud) for seed in range(SEEDS)],
        store=SimpleNamespace(width=WIDTH),
    )
    assert verdict_after(names, ["kurtosis-records"], "census.kurtosis") == expected


def as_sae(rows: torch.Tensor) -> SimpleNamespace:
    return SimpleNamespace(W_dec=rows, features=len(rows))


def judged_hub(own, random, profile: str = "cpu", deviation=None) -> str:
    alive = [own(seed) for seed in range(SEEDS)]
    ones = [np.ones(F)] * SEEDS
    names = chapter(
        alive=alive, random_l1=[as_sae(random(seed + 50)) for seed in range(2)],
        random_density=ones[:2], topk=as_sae(own(90)),
        topk_codes=sparse.csr_array(np.ones((2, F))),
        often=[torch.arange(F) % 2 == 0] * SEEDS,
        deviation=written_by(alive[0]) if deviation is None else deviation,
    )  # fmt: skip
    names["living"] = lambda sae, dense: sae.W_dec[torch.from_numpy(dense > 0)]
    names["density_of"] = lambda found: np.ones(F)
    cells = ["chance", "hubs", "all-hubs", "hub-records", "hub-of-hub-records"]
    return verdict_after(names, cells, "census.hub", profile)


def written_by(rows: torch.Tensor) -> torch.Tensor:
    """The deviation of the activations that a dictionary's features write, 22 at a time."""
    generator = torch.Generator().manual_seed(0)
    codes = torch.rand(3000, F, generator=generator)
    return ((codes * (torch.rand(3000, F, generator=generator) < 22 / F)) @ rows).std(0)


PLANTED = 60
"""As many of the features as 237 are of 6,144."""


def test_a_planted_hub_is_found_and_random_decoders_have_none() -> None:
    planted, nothing = (lambda seed: decoder(seed, hub=PLANTED)), decoder
    assert judged_hub(planted, nothing) == "replicated"
    larger = lambda seed: decoder(seed, hub=2 * PLANTED)
    assert judged_hub(planted, larger) == "partly"  # random weights do as well
    assert judged_hub(nothing, nothing) == "not replicated"
    assert judged_hub(planted, nothing, "paper") == "partly"  # neuron 5 is not neuron 703


def test_a_large_neuron_is_no_hub() -> None:
    scale = torch.ones(WIDTH)
    scale[5] = 3.0
    large = lambda seed: random_directions(scale, F, seed).float()
    assert judged_hub(large, decoder) == "partly"  # its scale explains it


def test_a_neuron_that_hardly_varies_is_no_hub() -> None:
    """In its own units every direction has much of it."""
    scale = torch.ones(WIDTH)
    scale[5] = 0.2
    assert judged_hub(decoder, decoder, deviation=scale) == "not replicated"


def test_dictionaries_must_elect_the_same_neuron() -> None:
    def elsewhere(seed: int) -> torch.Tensor:
        return decoder(seed, hub=PLANTED).roll(seed, dims=1)

    assert judged_hub(elsewhere, decoder, deviation=torch.ones(WIDTH)) == "partly"


@pytest.mark.parametrize(("hub", "small"), [(PLANTED, True), (0, False)])
def test_a_hub_that_is_no_matter_of_variance_is_there_among_neurons_that_vary_alike(
    hub: int, small: bool
) -> None:
    names = chapter(
        whitened=[as_sae(decoder(seed, hub=hub)) for seed in range(2)], hub=5,
        varied_alike=torch.ones(3, WIDTH), device="cpu", codes_of=lambda sae, x: None,
        living=lambda sae, spoken: sae.W_dec, density_of=lambda codes: None,
        say=lambda text: None,
    )  # fmt: skip
    run_cells("03", ["chance", "whitened-records"], names)
    found = run_context.current().records
    assert (found["hub_p_value_whitened"].value < 0.001) == small
    assert (found["hub_whitened_same"].value == 1) == small


WORDS = ["Once", " upon", " a", " dog", ".", " Tom", " was", " play", "ing", "!", " The", " moral",
         " is", ":", " share", "\n\n", " and"]  # fmt: skip
STORY = np.array(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 6, 7, 8, 16, 2, 3, 4, 10, 11, 12, 13, 14, 4, 15]
)


def labelled(kind: str, seed: int) -> sparse.csr_array:
    from lib.studies.census.labels import position_kinds

    rng = np.random.default_rng(seed)
    tokens, starts = np.tile(STORY, 60), np.arange(60) * len(STORY)
    flags = np.stack(list(position_kinds(tokens, WORDS, starts).values()))
    columns = [flags[i % 5] * (1 + rng.random(len(tokens))) for i in range(40)]
    columns += [(rng.random(len(tokens)) < 0.2) * rng.random(len(tokens)) for _ in range(80)]
    dense = np.column_stack(columns)
    if kind == "shuffled":
        dense = dense[rng.permutation(len(tokens))]
    return sparse.csr_array(dense)


@pytest.mark.parametrize(
    ("own", "random", "drawn", "expected"),
    [
        ("planted", "shuffled", "shuffled", "replicated"),
        ("planted", "planted", "shuffled", "partly"),
        ("planted", "shuffled", "planted", "partly"),  # any direction has themes
        ("shuffled", "shuffled", "shuffled", "not replicated"),
    ],
)
def test_labels_need_examples_that_share_something(own, random, drawn, expected) -> None:
    names = chapter(
        tokens=np.tile(STORY, 60), strings=WORDS, starts=np.arange(60) * len(STORY),
        fitting=np.repeat(np.arange(60) % 2 == 0, len(STORY)),
        codes=[labelled(own, seed) for seed in range(SEEDS)],
        random_codes=[labelled(random, seed + 20) for seed in range(2)],
        drawn_codes=[labelled(drawn, seed + 40) for seed in range(SEEDS)],
    )  # fmt: skip
    cells = ["labels", "label-records", "label-counts"]
    assert verdict_after(names, cells, "census.labels", "t4") == expected


def judged_meaning(kind: str, hub_p_value: float = 0.0002) -> str:
    rng = np.random.default_rng(4)
    l1, scores, density, counts = [], [], [], []
    for seed in range(SEEDS):
        rows = decoder(seed, hub=PLANTED)
        power = (rows[:, 5] ** 2).numpy()
        dense = 10 ** rng.uniform(-3, -1, F)
        score = rng.random(F)
        if kind == "falls":
            score = 1 - np.argsort(np.argsort(power)) / F + 0.5 * rng.random(F)
        if kind == "by frequency":
            dense = 10 ** (-3 + 2 * np.argsort(np.argsort(power)) / F)
            score = -np.log(dense) + 0.5 * rng.random(F)
        nothing = np.full(F, np.nan)
        l1.append(as_sae(rows))
        density.append(dense)
        scores.append(
            Scores(score, nothing, nothing, nothing, np.zeros(F, int), np.zeros((F, 8), int))
        )
        counts.append((np.bincount(power.argsort() % WIDTH, minlength=WIDTH), None, None))
    names = chapter(l1=l1, scores=scores, density=density, found_hubs=counts, hub=5)
    names["record"]("hub_p_value", hub_p_value)
    cells = ["score-against-power", "meaning-records", "meaning-controls"]
    return verdict_after(names, cells, "census.power-vs-meaning")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("falls", "replicated"), ("by frequency", "partly"), ("random", "not replicated")],
)
def test_scores_must_fall_with_power_and_not_only_with_frequency(kind, expected) -> None:
    assert judged_meaning(kind) == expected


def test_without_a_hub_nothing_is_said_of_its_power() -> None:
    assert judged_meaning("falls", hub_p_value=0.2) == "cannot tell here"


def themes(share: float, seed: int) -> SimpleNamespace:
    rng = np.random.default_rng(seed)
    score = np.where(rng.random(1000) < share, 0.8, 0.1)
    return SimpleNamespace(score=np.where(rng.random(1000) < 0.1, np.nan, score))


@pytest.mark.parametrize(
    ("wrong", "permuted", "seen", "means"),
    [
        (0.3, 0.1, "replicated", "replicated"),
        (0.3, 0.3, "replicated", "not replicated"),  # any order of the neurons does
        (0.03, 0.03, "partly", "not replicated"),
        (0.0, 0.0, "not replicated", "cannot tell here"),
    ],
)
def test_what_the_wrong_layer_shows_and_what_it_means(wrong, permuted, seen, means) -> None:
    levels = {
        "right": 0.5, "shuffled": 0.0, "wrong": wrong, "permuted": permuted, "random": permuted
    }  # fmt: skip
    found = {
        name: [themes(level, 10 * i + seed) for seed in range(SEEDS)]
        for i, (name, level) in enumerate(levels.items())
    }
    names = chapter(themes=found)
    assert verdict_after(names, ["wrong-layer-records"], "census.wrong-layer") == seen
    assert verdict_of("census.wrong-directions", "cpu").verdict == means


def test_a_reading_is_cut_down_to_the_density_of_another() -> None:
    names = chapter()
    run_cells("03", ["as-dense"], names)
    rng = np.random.default_rng(0)
    full = rng.random((200, 9)) * (rng.random((200, 9)) < np.linspace(0.1, 0.9, 9))
    like = sparse.csr_array(rng.random((200, 9)) < 0.3)
    found = names["as_dense"](sparse.csr_array(full), like).toarray()
    for mine, own, wanted in zip(full.T, found.T, (like > 0).sum(axis=0), strict=True):
        strongest = np.sort(mine[mine > 0])[::-1][:wanted]
        np.testing.assert_array_equal(np.sort(own[own > 0])[::-1], strongest)
        assert (own[own > 0] == mine[own > 0]).all()


def test_the_readers_of_the_wrong_layer_keep_what_they_should() -> None:
    from lib.sae.autoencoders import L1

    names = chapter()
    run_cells("03", ["in-another-order", "random-reader", "mixed-up"], names)
    sae = L1(32, 80, 0.1, seed=1)
    sae.b_enc.data.normal_()
    sae.b_dec.data.normal_()
    x = torch.randn(50, 32)
    permuted = names["in_another_order"](sae, 3)
    order = torch.randperm(32, generator=torch.Generator().manual_seed(3))
    torch.testing.assert_close(permuted.encode(x[:, order]), sae.encode(x))
    drawn = names["random_reader"](sae, 3)
    torch.testing.assert_close(drawn.W_enc.norm(dim=0), sae.W_enc.norm(dim=0))
    assert (drawn.b_enc == sae.b_enc).all()
    assert not torch.allclose(drawn.encode(x), sae.encode(x))
    mixed = names["mixed_up"](sae, 3)
    torch.testing.assert_close(mixed.encode(x), sae.encode(x))
    torch.testing.assert_close(mixed.W_dec.sum(0), sae.W_dec.sum(0))
    assert not torch.allclose(mixed(x), sae(x))
