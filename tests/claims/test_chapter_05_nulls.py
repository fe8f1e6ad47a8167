"""Chapter 5 finds what is planted and nothing where nothing is: its own cells, on made data."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import sparse

from lib.activations.toy_data import ToyActivations, ToySettings
from lib.analysis.similarity import mcs
from lib.sae.initialisation import directions

LOOKS = list(range(0, 1001, 50))
SEEDS = 5


def chapter(**names) -> dict:
    found = begin_chapter("05")
    run_cells("05", ["imports-of-the-book"], found)
    found.update(looks=LOOKS, levels={0.9: "90", 0.95: "95", 0.99: "99"}, **names)
    return found


def verdict_after(names: dict, cells: list[str], claim: str, profile: str = "cpu") -> str:
    run_cells("05", cells, names)
    return verdict_of(claim, profile).verdict


# As at `cpu`: 64 features in 32 dimensions, dictionaries of 128.
TOY = ToyActivations(ToySettings(32, 64, 2.5, 0.95), held_out=64)


def cosines(make) -> np.ndarray:
    """[seeds, 1, features]: how near dictionaries, each made from a seed, come to the truth."""
    return np.stack([mcs(TOY.truth, make(seed)).numpy()[None] for seed in range(SEEDS)])


def random_rows(seed: int) -> torch.Tensor:
    return directions("kaiming", TOY.sample(200), 128, torch.Generator().manual_seed(seed))


def near_truth(seed: int) -> torch.Tensor:
    noise = torch.randn(64, 32, generator=torch.Generator().manual_seed(seed))
    return torch.cat([TOY.truth + 0.02 * noise, random_rows(seed)])


@pytest.mark.parametrize(
    ("trained", "control", "expected"),
    [
        (near_truth, random_rows, "replicated"),
        (random_rows, random_rows, "not replicated"),
        (near_truth, near_truth, "not replicated"),  # found where nothing is: the measure is void
    ],
)
def test_random_directions_are_no_recovery(trained, control, expected) -> None:
    names = chapter(cosine={"kaiming": cosines(trained)}, control={"kaiming": cosines(control)})
    assert verdict_after(names, ["toy-recovery"], "init.toy-recovery") == expected


def rising(start: float, time: float, seed: int, end: float = 0.999) -> np.ndarray:
    """A curve that rises from `start` towards `end`, with some noise of its own."""
    jitter = 1 + 0.01 * np.random.default_rng(seed).standard_normal()
    return end - (end - start) * np.exp(-np.array(LOOKS) / (time * jitter))


def judged_head_start(data: float, random: float) -> str:
    rng = np.random.default_rng(3)
    starts = {"data": data, "kaiming": random}
    curves = {
        scheme: np.stack([rising(start + 0.01 * rng.standard_normal(), 100, s) for s in range(5)])
        for scheme, start in starts.items()
    }
    return verdict_after(chapter(curves=curves), ["head-start-records"], "init.head-start")


@pytest.mark.parametrize(
    ("data", "expected"), [(0.65, "replicated"), (0.4, "partly"), (0.3, "not replicated")]
)
def test_equal_starts_have_no_head_start(data, expected) -> None:
    assert judged_head_start(data, 0.3) == expected


@pytest.mark.parametrize(
    ("time", "end", "expected"),
    [
        (100, 0.999, "replicated"),
        (118, 0.999, "partly"),
        (200, 0.999, "not replicated"),
        (50, 0.999, "not replicated"),
        (100, 0.94, "not replicated"),  # never gets there
        (100, 0.985, "replicated"),  # to .95, and nobody to .99
    ],
)
def test_the_same_finish_is_told_from_another(time, end, expected) -> None:
    last = 0.985 if end == 0.985 else 0.999
    curves = {
        "kaiming": np.stack([rising(0.3, 100, seed, last) for seed in range(SEEDS)]),
        "data": np.stack([rising(0.3, time, seed + 9, end) for seed in range(SEEDS)]),
    }
    names = chapter(curves=curves)
    assert verdict_after(names, ["finish-records"], "init.same-finish") == expected


def test_nobody_who_arrives_leaves_nothing_to_compare() -> None:
    curves = {s: np.stack([rising(0.3, 100, seed, 0.9) for seed in range(SEEDS)])
              for s in ("kaiming", "data")}  # fmt: skip
    found = verdict_after(chapter(curves=curves), ["finish-records"], "init.same-finish", "night")
    assert found == "cannot tell here"


def recovery(sooner: float, seed: int, held: float = 0.0) -> np.ndarray:
    """[looks, features]: commoner features are found first; `sooner` steps saved on the commonest,
    none on the rarest; of the commoner half a share is held from the start."""
    rng = np.random.default_rng(seed)
    rank = np.arange(64) / 64
    when = 300 + 500 * rank + 60 * rng.random(64) - sooner * (1 - rank)
    when[:32][rng.random(32) < held] = 0
    return np.where(np.array(LOOKS)[:, None] >= when[None], 0.95, 0.4)


@pytest.mark.parametrize(
    ("sooner", "held", "shuffle", "expected"),
    [
        (250, 0.0, False, "replicated"),
        (-250, 0.9, False, "partly"),  # held at once, and yet the others lose more
        (250, 0.0, True, "not replicated"),
        (0, 0.0, False, "not replicated"),  # in order, but no more than from a random start
        (-250, 0.0, False, "not replicated"),
    ],
)
def test_shuffled_ranks_put_nothing_first(sooner, held, shuffle, expected) -> None:
    found = {
        "data": np.stack([recovery(sooner, seed, held) for seed in range(SEEDS)]),
        "kaiming": np.stack([recovery(0, 90 + seed) for seed in range(SEEDS)]),
    }
    if held:  # what is held saves much: the rest must lose more still
        found["data"][:, :, 16:32] = 0.4
        found["kaiming"][:, :, 32:] = 0.4
        found["data"][:, :, :16] = np.where(np.array(LOOKS)[:, None] >= 0, 0.95, 0.4)
        found["kaiming"][:, :, :16] = 0.95
    if shuffle:
        order = np.random.default_rng(1).permutation(64)
        found = {scheme: values[:, :, order] for scheme, values in found.items()}
    names = chapter(cosine=found, SCHEMES=("kaiming", "data"), frequency=np.ones(64))
    cells = ["common-first-records", "head-start-by-rank"]
    assert verdict_after(names, cells, "init.common-first") == expected


PLOT = np.array([[0.1, 0.4, 0.2], [0.6, 0.5, 0.3], [0.8, 0.7, 0.1]])


def plots(shift: float, shuffle: bool = False, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    plot = rng.permutation(PLOT.ravel()).reshape(3, 3) if shuffle else PLOT
    return np.stack([plot + shift + 0.01 * rng.standard_normal((3, 3)) for _ in range(3)])


def judged_plots(late, random_maps, early=None, random_early=None) -> tuple[str, str]:
    early = plots(0.6, seed=5) if early is None else early
    random_early = plots(0.5, seed=7) if random_early is None else random_early
    toy = plots(0, seed=4)
    names = chapter(
        toy_similarity=toy,
        late=late,
        random_maps=random_maps,
        early=early,
        random_early=random_early,
    )
    like = verdict_after(names, ["likeness-records"], "init.lm-like-toy")
    return like, verdict_of("init.undertrained", "cpu").verdict


def test_a_plot_like_the_toys_is_told_from_others() -> None:
    near, far = plots(0.02, seed=1), plots(-0.4, seed=2)
    assert judged_plots(near, far)[0] == "replicated"
    assert judged_plots(near, plots(0.02, seed=3))[0] != "replicated"  # random weights do as well
    assert judged_plots(plots(0, shuffle=True, seed=8), near)[0] == "not replicated"


def test_more_training_must_bring_the_plots_together() -> None:
    near, far = plots(0.02, seed=1), plots(-0.4, seed=2)
    assert judged_plots(near, far)[1] == "replicated"
    assert judged_plots(near, far, early=plots(0.02, seed=6))[1] == "not replicated"
    assert judged_plots(plots(0.4, seed=1), far)[1] == "partly"
    # Models with random weights come as much nearer: it is what any dictionary does.
    assert judged_plots(near, near, random_early=plots(0.6, seed=9))[1] == "not replicated"


STRINGS = [f" word{i}" for i in range(20)] + [".", " Mr", " Mrs", " Dr"]
PERIOD, FIRST_TITLE = 20, 21


def text(seed: int, length: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, PERIOD + 1, length).astype(np.uint8)
    where = np.arange(10, length - 10, 37)
    tokens[where], tokens[where + 1] = rng.integers(FIRST_TITLE, 24, len(where)), PERIOD
    return tokens


def codes_of(tokens: np.ndarray, kind: str, seed: int) -> sparse.csr_array:
    """A feature for every token and one for periods after titles; shuffled or random instead."""
    rng = np.random.default_rng(seed)
    dense = (tokens[:, None] == np.arange(24)[None]) * (1 + rng.random((len(tokens), 24)))
    title = (tokens == PERIOD) & (np.roll(tokens, 1) >= FIRST_TITLE)
    dense = np.column_stack([dense, title * 2.0])
    if kind == "shuffled":
        dense = dense[rng.permutation(len(tokens))]
    if kind == "random":
        dense = rng.random(dense.shape) * (rng.random(dense.shape) < 0.05)
    return sparse.csr_array(dense)


def reading(trained: str, control: str) -> dict:
    texts = [text(1), text(2)]
    pairs = lambda kind: [tuple(codes_of(t, kind, seed) for t in texts) for seed in range(3)]
    return chapter(
        texts=texts,
        codes=pairs(trained),
        random_codes=pairs(control),
        kinds=len(STRINGS),
        strings=STRINGS,
        tokenizer=SimpleNamespace(decode=lambda ids: STRINGS[ids[0]], vocab_size=len(STRINGS)),
    )


@pytest.mark.parametrize(
    ("trained", "control", "expected"),
    [
        ("planted", "random", "replicated"),
        ("planted", "planted", "partly"),
        ("shuffled", "random", "not replicated"),
        ("random", "random", "not replicated"),
    ],
)
def test_a_title_feature_must_be_one(trained, control, expected) -> None:
    names = reading(trained, control)
    cells = ["title-periods", "title-records"]
    found = verdict_after(names, cells, "init.mr-mrs", "night")
    if expected == "partly":  # as good with random weights: no finding
        assert found != "replicated"
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("count", "toy", "trained", "expected"),
    [
        (700, 128, "planted", "replicated"),
        (90, 128, "planted", "not replicated"),
        (
            700,
            40,
            "planted",
            "cannot tell here",
        ),  # the method does not even count the toy's features
        (700, 128, "shuffled", "not replicated"),
    ],
)
def test_a_count_needs_a_method_that_counts(count, toy, trained, expected) -> None:
    names = reading(trained, "random")
    spread = np.array([[-2.0], [0.0], [2.0]])
    names["settings"] = names["settings"].model_copy(update={"toy_features": 128})
    names["at"] = {
        "model, at the end": count + spread,
        "model, early": count / 2 + spread,
        "random weights": 50 + spread,
        "toy": toy + spread,
    }
    cells = ["count-records", "nameable-records"]
    assert verdict_after(names, cells, "init.count", "t4") == expected


@pytest.mark.parametrize("kind", ["planted", "shuffled", "random"])
def test_a_card_has_a_name_where_the_rule_finds_one(kind: str) -> None:
    names = reading(kind, "random")
    run_cells("05", ["nameable-records"], names)
    names.update(
        stories=[SimpleNamespace(starts=np.array([0, 500]))] * 2,
        train_text=SimpleNamespace(tokens=names["texts"][0]),
        token_strings=lambda tokenizer: STRINGS,
    )
    run_cells("05", ["choose-cards"], names)
    pair = names["codes"][0]
    found, purest = names["names_of"](pair)
    judged = np.asarray((pair[0] > 0).sum(axis=0)).ravel() >= 10
    assert np.array_equal((found != "")[judged], names["nameable"](pair))
    assert not (found != "")[~judged].any()
    assert (purest[found != ""] >= 0.5).all()
    if kind == "planted":
        assert found[PERIOD] == "“.”"
        assert found[3] == "“word3”"


def test_similarity_of_random_dictionaries_is_no_more_than_chance() -> None:
    """The plot over sizes, from the chapter's own cell: zero for directions at random."""
    names = chapter()
    run_cells("05", ["map-functions"], names)
    g = torch.Generator().manual_seed(0)
    rows = [
        torch.randn(ratio * 200, 16, generator=g)
        for _ in range(2 * 2)
        for ratio in names["settings"].ratios
    ]
    found = names["similarity_maps"](rows)
    assert found.shape == (2, 2, 2)
    np.testing.assert_allclose(found, 0, atol=0.05)
    twins = [rows[0], torch.cat([rows[0], rows[1]]), torch.cat([rows[0], rows[1], rows[2]])] * 4
    assert names["similarity_maps"](twins).min() > 0.2
