"""Tokenizers: every text survives the round trip, and a stream knows its documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core.errors import UserError
from lib.text.tokenizers import (
    BPETokenizer,
    ByteTokenizer,
    Tokenizer,
    encode_documents,
    smallest_dtype,
)

STORIES = [f"Once upon a time, {name} had a red ball. She was happy." for name in ("Lily", "Mia")]


@pytest.fixture(scope="module")
def bpe() -> BPETokenizer:
    return BPETokenizer.train(STORIES * 20, 300)


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=50, deadline=None)
def test_every_text_survives_the_round_trip(bpe: BPETokenizer, text: str) -> None:
    for tokenizer in (ByteTokenizer(), bpe):
        ids = tokenizer.encode(text)
        assert tokenizer.decode(ids) == text
        assert ids.dtype == smallest_dtype(tokenizer.vocab_size)
        assert all(ids < tokenizer.vocab_size)


def test_both_are_tokenizers_with_their_own_names(bpe: BPETokenizer) -> None:
    assert isinstance(ByteTokenizer(), Tokenizer)
    assert isinstance(bpe, Tokenizer)
    assert ByteTokenizer().name != bpe.name
    assert 256 < bpe.vocab_size <= 300  # fewer than asked for where the text has no more pairs


def test_bpe_is_shorter_than_bytes_on_its_own_text(bpe: BPETokenizer) -> None:
    assert len(bpe.encode(STORIES[0])) < len(ByteTokenizer().encode(STORIES[0])) / 2


@pytest.mark.parametrize(("size", "dtype"), [(256, np.uint8), (257, np.uint16), (65537, np.uint32)])
def test_ids_take_the_smallest_type(size: int, dtype: type) -> None:
    assert smallest_dtype(size) is dtype


def test_a_cut_character_decodes_without_an_error(bpe: BPETokenizer) -> None:
    for tokenizer in (ByteTokenizer(), bpe):
        assert "\ufffd" in tokenizer.decode(tokenizer.encode("é")[:1])


def test_training_twice_gives_the_same_tokenizer(bpe: BPETokenizer) -> None:
    again = BPETokenizer.train(STORIES * 20, 300)
    assert again.encode(STORIES[1]).tolist() == bpe.encode(STORIES[1]).tolist()


def test_a_saved_tokenizer_loads_equal(bpe: BPETokenizer, tmp_path) -> None:
    bpe.save(tmp_path / "with a space" / "tokenizer.json")
    loaded = BPETokenizer.load(tmp_path / "with a space" / "tokenizer.json")
    assert loaded.encode(STORIES[0]).tolist() == bpe.encode(STORIES[0]).tolist()
    assert loaded.vocab_size == bpe.vocab_size


def test_a_missing_or_truncated_tokenizer_is_one_sentence(bpe: BPETokenizer, tmp_path) -> None:
    path = tmp_path / "tokenizer.json"
    with pytest.raises(UserError, match="no such file"):
        BPETokenizer.load(path)
    bpe.save(path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UserError, match="not a whole"):
        BPETokenizer.load(path)


def test_a_vocabulary_without_all_bytes_is_refused() -> None:
    with pytest.raises(UserError, match="at least 256"):
        BPETokenizer.train(STORIES, 100)


def test_a_stream_holds_each_document_and_its_separator(bpe: BPETokenizer) -> None:
    documents = ["one", "", "three three", *STORIES * 700]
    for tokenizer in (ByteTokenizer(), bpe):
        stream = encode_documents(tokenizer, iter(documents))
        ends = [*stream.starts[1:], len(stream.tokens)]
        pieces = [
            tokenizer.decode(stream.tokens[a:b])
            for a, b in zip(stream.starts[:10], ends[:10], strict=True)
        ]
        assert pieces == [document + "\n\n" for document in documents[:10]]
        assert len(stream.starts) == len(documents)
        assert tokenizer.decode(stream.tokens) == "".join(d + "\n\n" for d in documents)


def test_no_documents_make_an_empty_stream() -> None:
    stream = encode_documents(ByteTokenizer(), [])
    assert len(stream.tokens) == len(stream.starts) == 0
    assert stream.tokens.dtype == np.uint8
