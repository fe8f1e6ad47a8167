"""Chapter 1 finds what is planted and nothing where nothing is: its own cells, on made data."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of
from scipy import sparse

from lib.model.evaluation import Evaluation
from lib.sae.autoencoders import TopK
from lib.sae.metrics import evaluate_sae
from lib.studies.words.selectivity import Words, find_words

LEXICON = [
    "the",
    "little",
    "dog",
    "saw",
    "a",
    "big",
    "cat",
    "near",
    "old",
    "trees",
    "and",
    "then",
    "went",
    "home",
    "with",
    "some",
    "bread",
    "while",
    "many",
    "birds",
    "sang",
    "over",
    "green",
    "hills",
    "because",
    "every",
    "child",
    "knows",
    "that",
    "kind",
    "words",
    "open",
    "closed",
    "doors",
    "before",
    "summer",
    "rain",
    "brings",
    "yellow",
    "flowers",
    "under",
    "bright",
    "stars",
]


def story(seed: int, length: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(seed)
    text = " ".join(rng.choice(LEXICON, length)) + "."
    return np.frombuffer((" " + text).encode(), dtype=np.uint8)


def random_codes(n: int, features: int, rng: np.random.Generator) -> sparse.csr_array:
    return sparse.random_array((n, features), density=0.03, rng=rng, format="csr") * 3


def codes_with_words(text: np.ndarray, words: Words, seed: int) -> sparse.csr_array:
    """64 features at random, and one more for the last letters of each word of the lexicon."""
    rng = np.random.default_rng(seed)
    own = sparse.lil_array((len(text), len(LEXICON)))
    for column, word in enumerate(LEXICON):
        own[words.ends[words.labels == words.vocabulary.index(word)], column] = 2.0
    return sparse.hstack([random_codes(len(text), 64, rng), own], format="csr")


def judged_words(trained, untrained) -> str:
    """The verdict on end-selective features, from the chapter's cells and these codes."""
    names = begin_chapter("01", dictionaries=5)
    texts = {"choosing": story(1), "confirming": story(2)}
    words = {part: find_words(text) for part, text in texts.items()}
    both = lambda make, seed: tuple(
        make(texts[part], words[part], seed) for part in ("choosing", "confirming")
    )
    names.update(
        texts=texts,
        words=words,
        codes=[both(trained, seed) for seed in range(5)],
        control_codes=[both(untrained, seed) for seed in range(5, 7)],
        record_mean=run_cells("01", ["record-mean"], names)["record_mean"],
    )
    run_cells("01", ["confirm-words", "permuted-words", "count-words"], names)
    return verdict_of("words.end-selective", "cpu").verdict


def nothing(text: np.ndarray, words: Words, seed: int) -> sparse.csr_array:
    return random_codes(len(text), 64 + len(LEXICON), np.random.default_rng(seed))


def shuffled(text: np.ndarray, words: Words, seed: int) -> sparse.csr_array:
    """The planted codes, with the positions shuffled: each feature as frequent as before."""
    codes = codes_with_words(text, words, seed)
    return codes[np.random.default_rng(seed).permutation(len(text))]


def test_planted_words_are_found():
    assert judged_words(codes_with_words, nothing) == "replicated"


@pytest.mark.parametrize("trained", [nothing, shuffled])
def test_shuffled_and_random_codes_have_no_words(trained):
    assert judged_words(trained, nothing) == "not replicated"


def test_words_that_an_untrained_model_has_too_are_no_finding():
    assert judged_words(codes_with_words, codes_with_words) != "replicated"


def metrics_of(density: np.ndarray) -> SimpleNamespace:
    return SimpleNamespace(density=torch.from_numpy(density), tokens=100_000)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        # As the study has it: a few features common, most rare, some silent.
        (lambda rng: np.sort(rng.pareto(0.6, 1000))[::-1] * (rng.random(1000) > 0.1), "replicated"),
        # Codes shuffled over features: all are active equally often.
        (lambda rng: rng.poisson(100, 1000).astype(float), "not replicated"),
    ],
)
def test_density_is_judged_by_its_shape(make, expected):
    names = begin_chapter("01", dictionaries=5, features=1000, k=4)
    run_cells("01", ["record-mean"], names)
    drawn = [make(np.random.default_rng(seed)) for seed in range(5)]
    names["metrics"] = [metrics_of(d / d.sum() * 4) for d in drawn]
    run_cells("01", ["density-records"], names)
    verdict = verdict_of("words.density", "cpu").verdict
    assert verdict == expected if expected == "replicated" else verdict != "replicated"


class Vectors:
    """Held-out vectors in memory."""

    def __init__(self, rows: torch.Tensor):
        self.rows = rows

    def held_out(self, batch: int):
        return iter(self.rows.split(batch))


@pytest.mark.parametrize(("truth", "expected"), [(True, "replicated"), (False, "not replicated")])
def test_a_random_decoder_does_not_fit(truth, expected):
    """Vectors made of k directions: the dictionary that has them fits, a random one does not."""
    names = begin_chapter("01", dictionaries=2)
    saes, rows = [], []
    for seed in range(2):
        sae = TopK(64, 32, 2, seed=seed)
        with torch.no_grad():
            basis = torch.linalg.qr(torch.randn(64, 64, generator=torch.manual_seed(seed)))[0]
            sae.W_dec.copy_(basis[:32])
            sae.W_enc.copy_(sae.W_dec.T)
        codes = torch.zeros(500, 32).scatter_(
            1, torch.rand(500, 32).topk(2).indices, 1 + torch.rand(500, 2)
        )
        rows.append(codes @ sae.W_dec.detach())
        saes.append(sae if truth else TopK(64, 32, 2, seed=seed + 10))
    names.update(
        saes=saes[:1] * 2,
        control_saes=saes[:1],
        stores={"trained": Vectors(rows[0]), "untrained": Vectors(rows[0])},
        evaluate_sae=evaluate_sae,
    )
    run_cells("01", ["record-mean", "sae-metrics", "record-fit"], names)
    verdict = verdict_of("words.sae-fit", "paper").verdict
    assert verdict == expected


@pytest.mark.parametrize(
    ("loss", "expected"), [(0.58, "replicated"), (np.log(256), "not replicated")]
)
def test_an_untrained_model_has_learnt_nothing(loss, expected):
    names = begin_chapter("01")
    history = SimpleNamespace(train=[(1, loss)], tokens=1)
    names.update(
        lm=SimpleNamespace(parameter_count=lambda: 1),
        history=history,
        evaluate=lambda *_, **__: Evaluation(float(loss), 1000),
        ngram_loss=lambda *_, **__: 1.0,
        train_text=SimpleNamespace(tokens=None),
        validation_text=SimpleNamespace(tokens=None),
    )
    run_cells("01", ["evaluate-model", "ngram"], names)
    assert verdict_of("words.lm-loss", "paper").verdict == expected


def test_a_card_has_the_word_that_its_feature_was_confirmed_for():
    names = begin_chapter("01", features=64 + len(LEXICON))
    texts = {"choosing": story(1), "confirming": story(2)}
    words = {part: find_words(text) for part, text in texts.items()}
    names.update(
        texts=texts,
        words=words,
        codes=[tuple(codes_with_words(texts[part], words[part], 0) for part in texts)],
        control_codes=[],
    )
    run_cells("01", ["confirm-words", "mid-confirm", "choose-cards"], names)
    found, named = names["found"][0], names["names"]
    assert len(found.features) > 30
    for feature, word in zip(found.features, found.words, strict=True):
        assert named[feature] == f"“{word}”, at its end"
    others = np.setdiff1d(np.flatnonzero(named != ""), found.features)
    assert set(others) <= set(names["mid_found"][0].features)
    shown = named[names["shown"]] != ""  # those with a name come first
    assert (np.diff(shown.astype(int)) <= 0).all()
