"""Chapter 1's second half finds what is planted and nothing where nothing is: its own cells."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import sparse

from lib.evidence import run_context
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.autoencoders import TopK
from lib.studies.words.mid_word import mid_word, places
from lib.studies.words.selectivity import find_words

# Words that differ in their first letter only: at most positions the last three tell nothing.
KIN = [letter + "attingers" for letter in "bcdfghklmnpr"]
STORY_WORDS = [*KIN, "the", "a", "old"]
MID_CELLS = ["mid-confirm", "mid-count", "letters-null", "letters-count"]


def as_bytes(text: str, length: int | None = None) -> np.ndarray:
    return np.frombuffer(text.ljust(length or len(text)).encode(), dtype=np.uint8)


def story(seed: int, words: int = 2000) -> np.ndarray:
    drawn = np.random.default_rng(seed).choice(STORY_WORDS, words)
    return as_bytes(" " + " ".join(drawn) + ".")


def columns(n: int, places_of: list[np.ndarray]) -> sparse.csr_array:
    rows = np.concatenate(places_of)
    feature = np.repeat(np.arange(len(places_of)), [len(p) for p in places_of])
    return sparse.csr_array((np.full(len(rows), 2.0), (rows, feature)), shape=(n, len(places_of)))


def nothing(text: np.ndarray, seed: int) -> sparse.csr_array:
    rng = np.random.default_rng(seed)
    return sparse.random_array((len(text), 30), density=0.05, rng=rng, format="csr") * 3


def whole_words(text: np.ndarray, seed: int) -> sparse.csr_array:
    """A feature for each of the words, active on all letters inside it."""
    mid = mid_word(find_words(text))
    own = [mid.positions[mid.labels == mid.vocabulary.index(word)] for word in KIN]
    return sparse.hstack([nothing(text, seed), columns(len(text), own)], format="csr")


def letters_only(text: np.ndarray, seed: int) -> sparse.csr_array:
    """A feature for the letters "bat", "cat", ...: selective for one word, and blind beyond."""
    joined = text.tobytes()
    mid = mid_word(find_words(text))
    own = [
        np.array([p for p in mid.positions if joined[p - 2 : p + 1].decode() == word[:3]])
        for word in KIN
    ]
    return sparse.hstack([nothing(text, seed), columns(len(text), own)], format="csr")


def prepared(trained, untrained=nothing, **parameters) -> dict:
    names = begin_chapter("01", dictionaries=5, **parameters)
    texts = {"choosing": story(1), "confirming": story(2)}
    words = {part: find_words(text) for part, text in texts.items()}
    both = lambda make, seed: tuple(make(text, seed) for text in texts.values())
    names.update(
        texts=texts,
        words=words,
        codes=[both(trained, seed) for seed in range(5)],
        control_codes=[both(untrained, seed) for seed in range(5, 7)],
    )
    return run_cells("01", ["record-mean"], names)


def judged_middle(trained, untrained=nothing) -> tuple[str, dict]:
    names = prepared(trained, untrained)
    names["permuted_words"] = names["words"]
    run_cells("01", MID_CELLS, names)
    return verdict_of("words.mid-selective", "cpu").verdict, names


def test_planted_words_are_found_inside_words():
    verdict, names = judged_middle(whole_words)
    assert verdict == "replicated"
    assert {word for found in names["mid_found"] for word in found.words} == set(KIN)


def test_letters_pass_the_rule_and_not_the_null():
    assert judged_middle(letters_only)[0] == "partly"


@pytest.mark.parametrize(("trained", "untrained"), [(nothing, nothing), (whole_words, whole_words)])
def test_random_codes_and_an_equal_control_show_nothing(trained, untrained):
    assert judged_middle(trained, untrained)[0] == "not replicated"


@pytest.mark.parametrize(
    ("trained", "expected"),
    [(whole_words, "replicated"), (letters_only, "not replicated"), (nothing, "not replicated")],
)
def test_one_feature_is_mostly_one_word_by_more_than_its_letters(trained, expected):
    _, names = judged_middle(trained)
    names["ranking"] = {"battingers": 1.0}
    run_cells("01", ["mid-example-records", "mid-example-count"], names)
    assert verdict_of("words.mid-example", "night").verdict == expected


def test_the_feature_is_chosen_by_what_letters_leave_open():
    """One that knows only letters has as large a share; the one for the word is taken."""
    both = lambda text, seed: sparse.hstack(
        [letters_only(text, seed)[:, 30:], whole_words(text, seed)[:, 30:]], format="csr"
    )
    _, names = judged_middle(both)
    names["ranking"] = {"battingers": 1.0}
    run_cells("01", ["mid-example-records", "mid-example-count"], names)
    assert run_context.current().records["mid_example_excess"].low > 0.5


def planted_places(text: np.ndarray, seed: int) -> sparse.csr_array:
    """Ten features inside words, six at their edges, three on blanks, one on everything."""
    place = places(text, find_words(text))
    where = [np.flatnonzero(place == kind) for kind in [0] * 10 + [1] * 6 + [2] * 3]
    return columns(len(text), [*where, np.arange(len(text))])


def shuffled(text: np.ndarray, seed: int) -> sparse.csr_array:
    codes = planted_places(text, seed)
    return codes[np.random.default_rng(seed).permutation(len(text))]


@pytest.mark.parametrize(
    ("trained", "expected"), [(planted_places, "replicated"), (shuffled, "not replicated")]
)
def test_places_in_a_word(trained, expected):
    # Of equal thirds inside, at the edge and outside, no place has more than half by chance.
    names = begin_chapter("01", dictionaries=5)
    text = as_bytes(" " + "abcd. " * 2000)
    assert np.bincount(places(text, find_words(text))).max() < 0.5 * len(text)
    names.update(
        texts={"choosing": text},
        words={"choosing": find_words(text)},
        codes=[(trained(text, seed),) for seed in range(5)],
        control_codes=[(shuffled(text, seed),) for seed in (8, 9)],
    )
    run_cells("01", ["record-mean", "position-mix"], names)
    assert verdict_of("words.position-mix", "cpu").verdict == expected


@pytest.mark.parametrize(
    ("model", "expected"),
    [("the old cat sat ", "replicated"), ("the xld qat szt ", "not replicated")],
)
def test_spelling_is_held_against_a_copying_machine(model, expected):
    names = begin_chapter("01")
    copied = "the old cat szt qqt "
    names.update(
        train_text=type("Text", (), {"tokens": as_bytes("the old cat sat on " * 3)}),
        written={
            kind: np.stack([as_bytes(text, 40)] * 20)
            for kind, text in {
                "model": model, "copied": copied, "validation": "the old cat ",
            }.items()
        },
    )  # fmt: skip
    run_cells("01", ["spelling-shares"], names)
    assert verdict_of("words.spelling", "cpu").verdict == expected


def tiny_model(context: int) -> Transformer:
    config = TransformerConfig(
        vocab_size=256, context=context, layers=2, width=16, heads=2, mlp_width=24,
        positions="rope", norm="rms", mlp="swiglu", tied=True, biases=False,
    )  # fmt: skip
    return Transformer(config, seed=0).eval().requires_grad_(False)


def test_steering_and_erasing_run_on_an_untrained_model():
    """Planted features, a model that knows nothing of them: whatever they do, controls do too."""
    _, names = judged_middle(whole_words)
    features = names["codes"][0][0].shape[1]
    lm = tiny_model(names["settings"].context)
    names.update(
        lm=lm,
        config=lm.config,
        site="blocks.1.resid_mid",
        saes=[TopK(16, features, 3, seed=seed) for seed in range(5)],
        target="battingers",
        typical=3.0,
        found=[SimpleNamespace(features=np.arange(0), words=[])] * 5,
        rng=np.random.default_rng(0),
        settings=names["settings"].model_copy(update={"width": 16, "features": features}),
    )
    run_cells(
        "01",
        ["alike-in-density", "steering-groups", "steering-directions", "steering-means",
         "steering-pointing", "detection"],
        names,
    )  # fmt: skip
    sizes = {name: len(pairs) for name, pairs in names["groups"].items()}
    assert sizes["its own features"] == 2
    assert sizes["another word’s"] == 40
    assert names["toward"].detach().norm() == pytest.approx(1.0, abs=1e-5)
    run_cells(
        "01", ["erasure-features", "erase", "insert", "erasure-run", "erasure-records"], names
    )
    written = run_context.current().records
    for name in ("erase_own", "erase_next", "insert_next"):
        assert np.isfinite(written[name].value)
        assert np.isfinite(written[f"{name}_control"].value)
    assert written["erase_others"].value is None, "planted features are active in no other word"
