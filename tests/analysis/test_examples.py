"""Strongest examples, effects on the next token, and labels by rule."""

import numpy as np
import pytest
import torch
from scipy import sparse

from lib.analysis.examples import document_of, logit_effects, residual_effects, top_examples
from lib.model.config import TransformerConfig
from lib.model.transformer import Transformer
from lib.studies.census.labels import KINDS, label_features, position_kinds

TEXT_PIECES = (
    "Once| upon| a| time| Tom| saw| the| ball|.| He| was| play|ing|!| The| morning| was| the| big|"
    " ball|.| The| moral| is|:| share| a| ball|.|\n\n"
)
TEXT = TEXT_PIECES.split("|")
WORDS = list(dict.fromkeys(TEXT))
ID = {word: number for number, word in enumerate(WORDS)}


STORY = np.array([ID[word] for word in TEXT])
STARTS = np.array([0, len(STORY)])


def kinds() -> dict[str, np.ndarray]:
    return position_kinds(np.tile(STORY, 2), WORDS, STARTS)


def words_of(kind: str) -> list[list[str]]:
    flag = kinds()[kind]
    text = np.tile(STORY, 2)
    return [
        [WORDS[t] for t, on in zip(text[part], flag[part], strict=True) if on]
        for part in (slice(0, len(STORY)), slice(len(STORY), None))
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("opening", ["Once", " upon", " a", " time", " Tom", " saw", " the", " ball", "."]),
        ("moral", [" The", " moral", " is", ":", " share", " a", " ball", "."]),
        ("exclamation", [" He", " was", " play", "ing", "!"]),
        ("-ing verb", [" play", "ing"]),
        ("object", [" ball", " ball"]),
    ],
)
def test_each_kind_marks_its_positions_in_every_document(kind: str, expected: list[str]) -> None:
    assert list(kinds()) == list(KINDS)
    # "morning" and "moral" stand alone behind an article, "ball" behind "big" does not.
    first, second = words_of(kind)
    wanted = [" ball", " morning", " moral", " ball"] if kind == "object" else expected
    assert first == second == wanted


def text(documents: int) -> tuple[np.ndarray, np.ndarray]:
    return np.tile(STORY, documents), np.arange(documents) * len(STORY)


def planted_codes(tokens: np.ndarray, starts: np.ndarray, seed: int = 0) -> sparse.csc_array:
    """A feature for each kind, and one that is active anywhere."""
    rng = np.random.default_rng(seed)
    flags = position_kinds(tokens, WORDS, starts)
    columns = [flag * (1 + rng.random(len(tokens))) for flag in flags.values()]
    columns.append((rng.random(len(tokens)) < 0.3) * rng.random(len(tokens)))
    return sparse.csc_array(np.column_stack(columns))


def test_planted_kinds_are_named_and_shuffled_ones_are_not() -> None:
    tokens, starts = text(60)
    codes = planted_codes(tokens, starts)
    flags = position_kinds(tokens, WORDS, starts)
    choosing = document_of(len(tokens), starts) % 2 == 0
    labels = label_features(codes, range(6), flags, choosing, starts)
    # A feature of the whole opening is no more an opening than what else it is: its own kind wins.
    assert labels.label == [*KINDS, ""]
    assert labels.share[:5].tolist() == [1.0] * 5
    order = np.random.default_rng(1).permutation(len(tokens))
    nothing = sparse.csc_array(sparse.csr_array(codes)[order])
    assert label_features(nothing, range(6), flags, choosing, starts).label == [""] * 6


def test_a_name_must_hold_on_other_documents() -> None:
    tokens, starts = text(60)
    flags = position_kinds(tokens, WORDS, starts)
    choosing = document_of(len(tokens), starts) % 2 == 0
    both = np.where(choosing, flags["moral"], flags["-ing verb"]) * 1.0
    codes = sparse.csc_array(both[:, None])
    assert label_features(codes, [0], flags, choosing, starts).label == [""]
    few = sparse.csc_array((both * (np.arange(len(tokens)) < 200))[:, None])
    assert label_features(few, [0], flags, choosing, starts).label == [""]


def test_examples_are_the_largest_of_each_document() -> None:
    documents = np.repeat([0, 1, 2, 3], 5)
    dense = np.zeros((20, 2))
    dense[[0, 1, 6, 12, 13], 0] = [3, 9, 5, 7, 7]
    (found, none) = top_examples(sparse.csc_array(dense), [0, 1], documents, 2)
    assert found.positions.tolist() == [1, 12]  # of equal ones the first
    assert found.activations.tolist() == [9, 7]
    assert len(none.positions) == 0
    (all_,) = top_examples(sparse.csc_array(dense), [0], documents, 9)
    assert all_.positions.tolist() == [1, 12, 6]


def test_many_candidates_change_nothing() -> None:
    """A column with more entries than are sorted at first, with ties, and all in one document."""
    rng = np.random.default_rng(0)
    dense = np.zeros((3000, 3))
    dense[:, 0] = rng.integers(1, 40, 3000)
    dense[:1000, 1] = 50 + rng.random(1000)  # the strongest thousand are one story
    dense[1000:, 1] = rng.random(2000)
    dense[:, 2] = rng.random(3000)
    documents = np.arange(3000) // 1000
    documents[1000:] = np.arange(2000) // 10 + 1
    for column, found in enumerate(top_examples(sparse.csc_array(dense), range(3), documents, 5)):
        best = [int(np.flatnonzero(documents == d)[dense[documents == d, column].argmax()])
                for d in np.unique(documents)]  # fmt: skip
        expected = sorted(best, key=lambda row: (-dense[row, column], row))[:5]
        assert found.positions.tolist() == expected


def small_model(norm: str) -> Transformer:
    config = TransformerConfig(
        vocab_size=30, context=8, layers=2, width=8, heads=2, mlp_width=16,
        positions="learned", norm=norm, mlp="gelu_new", biases=norm == "layer",
    )  # fmt: skip
    return Transformer(config, seed=1).eval()


@pytest.mark.parametrize("site", ["mlp_act", "resid_post"])
@pytest.mark.parametrize("norm", ["layer", "rms"])
def test_effects_are_those_of_writing_into_the_stream(norm: str, site: str) -> None:
    """A huge activation of a direction leaves nothing else in the stream: scores become its
    effects, up to a factor and a constant."""
    model = small_model(norm)
    with torch.no_grad():
        model.final_norm.weight.uniform_(0.5, 2)
    width = 16 if site == "mlp_act" else 8
    directions = torch.randn(3, width, generator=torch.Generator().manual_seed(0))
    effects = (
        logit_effects(model, 1, directions)
        if site == "mlp_act"
        else residual_effects(model, directions)
    )
    torch.testing.assert_close(effects.mean(1), torch.zeros(3), atol=1e-6, rtol=0)
    tokens = torch.randint(0, 30, (1, 4))
    for direction, effect in zip(directions, effects, strict=True):
        edit = {f"blocks.1.{site}": lambda x, d=direction: x + 1e5 * d}
        with torch.no_grad():
            logits = model(tokens, edit=edit).logits[0, -1]
        centred = logits - logits.mean()
        cosine = torch.nn.functional.cosine_similarity(centred, effect, dim=0)
        assert float(cosine) > 0.999
