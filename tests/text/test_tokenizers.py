"""Tokenizers: every text survives the round trip, and a stream knows its documents."""

from __future__ import annotations

from itertools import pairwise

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
    readable,
    smallest_dtype,
    token_strings,
    whole_characters,
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


CUT = "once the café said “hi” to 日本 and 🙂 twice, naïve � or not"


@pytest.mark.parametrize("kind", ["bytes", "bpe", "published"])
def test_token_strings_lose_no_byte_and_join_to_the_text(kind: str) -> None:
    if kind == "bytes":
        tokenizer = ByteTokenizer()
    else:
        tokenizer = BPETokenizer.train(["once upon a time “” " * 30], 300)
        if kind == "published":
            tokenizer._tokenizer.add_special_tokens(["<|ende·of·text|>"])
            tokenizer = BPETokenizer(tokenizer._tokenizer)
    text = CUT + ("<|ende·of·text|>" if kind == "published" else "")
    strings = token_strings(tokenizer)
    assert len(strings) == tokenizer.vocab_size
    pieces = [strings[token] for token in tokenizer.encode(text).tolist()]
    joined = whole_characters(pieces)
    assert len(joined) == len(pieces)
    assert "".join(joined) == text
    assert "".join(pieces).encode("utf-8", "surrogateescape") == text.encode()
    for piece in pieces:
        readable(piece).encode("utf-8")  # it can be written down
        assert ("�" in readable(piece)) <= ("�" in piece)
    assert readable(strings[tokenizer.encode("é")[0]]).startswith("\\xc3")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.integers(0, 40)))
def test_whole_characters_are_the_text_however_it_is_cut(text: str, cuts: list[int]) -> None:
    raw = text.encode("utf-8", "replace")
    places = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    pieces = [raw[a:b].decode("utf-8", "surrogateescape") for a, b in pairwise(places)]
    assert "".join(whole_characters(pieces)) == raw.decode()
