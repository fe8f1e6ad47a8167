"""Texts, models, activations and dictionaries know what they are: their keys tell them apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.activations.store import ActivationStore, TensorActivations, shard_bytes
from lib.activations.toy_data import ToyActivations, ToySettings
from lib.core.identity import content_key
from lib.model.config import TransformerConfig
from lib.model.transformer import Transformer
from lib.sae.autoencoders import L1, TopK, load_sae, save_sae
from lib.sae.filtering import FilteredActivations
from lib.sae.scaling import ScaledActivations, fold_scale
from lib.text.corpora import Corpus, Source
from lib.text.tokenizers import TokenStream

ROWS = torch.arange(60.0).reshape(20, 3)
HELD_OUT = ROWS[:4] + 0.5


def vectors() -> TensorActivations:
    return TensorActivations(ROWS, HELD_OUT)


def kept(*rows: int) -> FilteredActivations:
    return FilteredActivations(vectors(), np.array(rows))


def in_larger_blocks() -> TensorActivations:
    found = vectors()
    found.block_rows *= 2
    return found


ALL_DIFFERENT = {
    "vectors": vectors,
    "in another order": lambda: TensorActivations(ROWS.flip(0), HELD_OUT),
    "other held-out rows": lambda: TensorActivations(ROWS, HELD_OUT + 1),
    "sides exchanged": lambda: TensorActivations(HELD_OUT, ROWS),
    "of another shape": lambda: TensorActivations(ROWS.reshape(30, 2), HELD_OUT.reshape(6, 2)),
    "shuffled otherwise": in_larger_blocks,
    "some rows": lambda: kept(1, 2, 5),
    "one row more": lambda: kept(1, 2, 5, 6),
    "another row": lambda: kept(1, 2, 6),
    "all rows, through a filter": lambda: kept(*range(20)),
    "scaled": lambda: ScaledActivations(vectors(), 2.0),
    "scaled by another number": lambda: ScaledActivations(vectors(), 4.0),
    "each dimension scaled": lambda: ScaledActivations(vectors(), [2.0, 2.0, 2.0]),
    "scaled twice": lambda: ScaledActivations(ScaledActivations(vectors(), 2.0), 2.0),
    "a filter, scaled": lambda: ScaledActivations(kept(1, 2, 5), 2.0),
    "scaled, a filter": lambda: FilteredActivations(
        ScaledActivations(vectors(), 2.0), np.array([1, 2, 5])
    ),
    "the same filter of another parent": lambda: FilteredActivations(
        TensorActivations(ROWS + 1, HELD_OUT), np.array([1, 2, 5])
    ),
    "toy": lambda: ToyActivations(ToySettings(8, 12, 2.0, 0.9), held_out=10),
    "toy, another seed": lambda: ToyActivations(ToySettings(8, 12, 2.0, 0.9, seed=1), held_out=10),
    "toy, Gaussian": lambda: ToyActivations(
        ToySettings(8, 12, 2.0, 0.9), held_out=10, gaussian=True
    ),
    "toy, more held out": lambda: ToyActivations(ToySettings(8, 12, 2.0, 0.9), held_out=11),
}


def test_whatever_is_done_to_activations_gives_another_key() -> None:
    keys = {name: make().key for name, make in ALL_DIFFERENT.items()}
    assert len(set(keys.values())) == len(keys), keys
    assert keys == {name: make().key for name, make in ALL_DIFFERENT.items()}


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_keys_of_scaled_activations_are_equal_exactly_when_their_scales_are(one, two) -> None:
    keys = [ScaledActivations(vectors(), scale).key for scale in (one, two)]
    assert (keys[0] == keys[1]) == (one == two)


@given(st.integers(0, 19), st.integers(0, 2))
def test_any_number_that_changes_in_memory_changes_the_key(row: int, column: int) -> None:
    rows = ROWS.clone()
    activations = TensorActivations(rows, HELD_OUT)
    before = activations.key
    rows[row, column] += 1
    assert activations.key != before


def test_stored_activations_are_named_by_their_checksums_or_by_what_made_them(
    tmp_path: Path,
) -> None:
    def stored(name: str, rows: torch.Tensor, **options: str) -> str:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "0.bin").write_bytes(shard_bytes(rows, "float32"))
        (folder / "1.bin").write_bytes(shard_bytes(HELD_OUT, "float32"))
        (folder / "index.json").write_text(
            '{"width": 3, "dtype": "float32", "metadata": {}, '
            '"train": [["0.bin", 20]], "held_out": [["1.bin", 4]]}'
        )
        return ActivationStore(folder, **options).key

    assert stored("one", ROWS) == stored("two", ROWS)
    assert stored("one", ROWS) != stored("one", ROWS + 1)
    assert stored("one", ROWS, made_from="x") == stored("two", ROWS + 1, made_from="x")
    assert stored("one", ROWS, made_from="x") != stored("one", ROWS, made_from="y")


def test_a_text_is_named_by_its_documents_and_tokens() -> None:
    source = Source("a text", True, False, "fingerprint")
    corpora = [
        Corpus(["a", "b"], ["c"], source),
        Corpus(["b", "a"], ["c"], source),
        Corpus(["a"], ["b", "c"], source),
        Corpus(["ab"], ["c"], source),
    ]
    assert len({corpus.key for corpus in corpora}) == 4
    tokens, starts = np.arange(9, dtype=np.uint16), np.array([0, 4])
    streams = [TokenStream(tokens, starts), TokenStream(tokens, starts + 1)]
    streams += [TokenStream(tokens[::-1], starts), TokenStream(tokens[:8], starts)]
    assert len({stream.key for stream in streams}) == 4


def test_models_and_dictionaries_are_named_by_settings_and_weights(tmp_path: Path) -> None:
    config = TransformerConfig(vocab_size=20, width=8, layers=1, heads=2, mlp_width=8, context=4)
    assert Transformer(config, seed=1).key == Transformer(config, seed=1).key
    assert Transformer(config, seed=1).key != Transformer(config, seed=2).key
    sae = L1(4, 6, 0.1, seed=0)
    others = [L1(4, 6, 0.2, seed=0), L1(4, 6, 0.1, seed=1), TopK(4, 6, 2, seed=0)]
    assert len({sae.key, *(other.key for other in others)}) == 4
    save_sae(sae, tmp_path)
    assert load_sae(tmp_path, torch.device("cpu")).key == sae.key
    before = sae.key
    with torch.no_grad():
        sae.b_dec[0] = 1.0
    changed = sae.key
    fold_scale(sae, 2.0)
    assert len({before, changed, sae.key}) == 3


def test_equal_things_have_equal_keys_in_every_process() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_keys_of_things as t; "
        "print({name: make().key for name, make in t.ALL_DIFFERENT.items()})"
    )
    here = {name: make().key for name, make in ALL_DIFFERENT.items()}
    said = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent)],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"}, cwd=Path(__file__).parents[2],
    ).stdout  # fmt: skip
    assert said.strip() == str(here)


def test_parts_do_not_run_into_each_other() -> None:
    one, two = np.array([1, 2]), np.array([3])
    assert content_key("ab", "c") != content_key("a", "bc")
    assert content_key(one, two) != content_key(np.array([1, 2, 3]))
    assert content_key(one.astype(np.int32)) != content_key(one)
    with pytest.raises(TypeError):
        content_key(object())
