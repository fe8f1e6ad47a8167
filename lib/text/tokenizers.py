"""Text to tokens and back: UTF-8 bytes, or byte-level byte-pair encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import tokenizers as hf
from jaxtyping import Int64, Integer

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.identity import content_key

# Documents encoded in one call: enough for the library's threads, little memory.
ENCODE_BATCH = 1024
# GPT-2's way to write bytes as characters: printable ones as they are, the others from 256 on.
_PRINTABLE = [*range(33, 127), *range(161, 173), *range(174, 256)]
_OTHERS = [byte for byte in range(256) if byte not in _PRINTABLE]
BYTE_OF = {chr(byte): byte for byte in _PRINTABLE}
BYTE_OF |= {chr(256 + number): byte for number, byte in enumerate(_OTHERS)}


@runtime_checkable
class Tokenizer(Protocol):
    """What a corpus needs in order to become numbers, and a sample in order to become text."""

    name: str
    """Safe as part of a file name; two tokenizers that differ have different names."""
    vocab_size: int

    def encode(self, text: str) -> Integer[np.ndarray, " N"]:
        """Token ids in the smallest unsigned integer type that holds the vocabulary."""
        ...

    def decode(self, ids: Sequence[int] | Integer[np.ndarray, " N"]) -> str:
        """The text of some ids; bytes that are no UTF-8, as in a cut character, become U+FFFD."""
        ...


class ByteTokenizer:
    """One token for each byte of the UTF-8 text: nothing to learn, and no text is out of reach."""

    name = "bytes"
    vocab_size = 256

    def encode(self, text: str) -> Integer[np.ndarray, " N"]:
        # A lone surrogate has no UTF-8 form; it can only come from text that was damaged before.
        return np.frombuffer(text.encode("utf-8", errors="replace"), dtype=np.uint8)

    def decode(self, ids: Sequence[int] | Integer[np.ndarray, " N"]) -> str:
        return bytes(np.asarray(ids, dtype=np.uint8)).decode("utf-8", errors="replace")


class BPETokenizer:
    """Byte-level byte-pair encoding, in the form that GPT-2 uses, by the `tokenizers` library.

    Wraps any trained `tokenizers.Tokenizer`, so that a published `tokenizer.json` works as well.
    """

    def __init__(self, tokenizer: hf.Tokenizer, name: str | None = None):
        self._tokenizer = tokenizer
        self.vocab_size = tokenizer.get_vocab_size()
        self.name = name or f"bpe{self.vocab_size}"
        self._dtype = smallest_dtype(self.vocab_size)

    @classmethod
    def train(cls, documents: Iterable[str], vocab_size: int) -> BPETokenizer:
        """Learns merges from `documents`; the same documents give the same tokenizer.

        Raises:
            UserError: a vocabulary smaller than the 256 bytes that it has to contain.
        """
        if vocab_size < 256:
            raise UserError(
                f"a byte-level vocabulary has at least 256 entries, one for each byte; got "
                f"{vocab_size}: choose a larger vocabulary."
            )
        tokenizer = hf.Tokenizer(hf.models.BPE())
        tokenizer.pre_tokenizer = hf.pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = hf.decoders.ByteLevel()
        trainer = hf.trainers.BpeTrainer(
            vocab_size=vocab_size,
            initial_alphabet=sorted(hf.pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        )
        tokenizer.train_from_iterator(documents, trainer)
        return cls(tokenizer)

    def save(self, path: Path) -> None:
        """Writes the library's own JSON format."""
        write_atomically(Path(path), self._tokenizer.to_str())

    @classmethod
    def load(cls, path: Path) -> BPETokenizer:
        """Reads a `tokenizer.json`.

        Raises:
            UserError: the file is missing or is no tokenizer.
        """
        path = Path(path)
        try:
            return cls(hf.Tokenizer.from_str(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise UserError(
                f"expected a tokenizer at {path}, but there is no such file; train one first."
            ) from None
        except Exception as error:  # the library raises bare Exception
            raise UserError(
                f"{path} is not a whole tokenizer.json ({error}); delete it and run again."
            ) from error

    def encode(self, text: str) -> Integer[np.ndarray, " N"]:
        return np.asarray(self._tokenizer.encode(text, add_special_tokens=False).ids, self._dtype)

    def encode_batch(self, texts: list[str]) -> list[Integer[np.ndarray, " N"]]:
        """`encode` of several texts at once, on all cores."""
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [np.asarray(encoding.ids, self._dtype) for encoding in encodings]

    def token_bytes(self) -> list[bytes]:
        """What each token id stands for; nothing for an id that the vocabulary leaves out."""
        ids = range(self.vocab_size)
        if "ByteLevel" not in repr(self._tokenizer.decoder):
            return [self.decode([token]).encode() for token in ids]
        added = self._tokenizer.get_added_tokens_decoder()
        whole = {token: text.content for token, text in added.items()}
        names = [self._tokenizer.id_to_token(token) or "" for token in ids]
        return [
            whole[token].encode()
            if token in whole
            else bytes(BYTE_OF[part] for part in names[token])
            for token in ids
        ]

    def decode(self, ids: Sequence[int] | Integer[np.ndarray, " N"]) -> str:
        return self._tokenizer.decode(np.asarray(ids).tolist(), skip_special_tokens=False)


def token_strings(tokenizer: Tokenizer) -> list[str]:
    """The text of each token id. Where a token cuts a character, its bytes stand as surrogates
    (Python's "surrogateescape"), so that nothing is lost: see `whole_characters` and `readable`."""
    if isinstance(tokenizer, BPETokenizer):
        pieces = tokenizer.token_bytes()
    else:
        pieces = [bytes([byte]) for byte in range(tokenizer.vocab_size)]
    return [piece.decode("utf-8", "surrogateescape") for piece in pieces]


def whole_characters(strings: Iterable[str]) -> list[str]:
    """The texts of successive tokens, joined where they cut a character: it belongs to the token
    that completes it, and those before have no text. Together they are the text."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return [decoder.decode(string.encode("utf-8", "surrogateescape")) for string in strings]


def readable(string: str) -> str:
    r"""A token's text by itself: bytes of a cut character are written as \\xe2."""
    return string.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class TokenStream(NamedTuple):
    """Documents one after the other, as a language model reads them."""

    tokens: Integer[np.ndarray, " N"]
    """All token ids."""
    starts: Int64[np.ndarray, " documents"]
    """Where each document begins; document i is `tokens[starts[i]:starts[i + 1]]`, its separator
    included."""

    @property
    def key(self) -> str:
        """Names these very tokens and documents."""
        return content_key(self.tokens, self.starts)


def smallest_dtype(vocab_size: int) -> type[np.unsignedinteger]:
    """The smallest unsigned integer type that holds the ids of a vocabulary."""
    for dtype in (np.uint8, np.uint16):
        if vocab_size <= np.iinfo(dtype).max + 1:
            return dtype
    return np.uint32


def encode_documents(
    tokenizer: Tokenizer, documents: Iterable[str], separator: str = "\n\n"
) -> TokenStream:
    """Encodes documents into one stream; the separator's text follows each document."""
    pieces: list[np.ndarray] = []
    lengths: list[int] = []
    iterator = iter(documents)
    while batch := [document + separator for document in islice(iterator, ENCODE_BATCH)]:
        if isinstance(tokenizer, BPETokenizer):
            encoded = tokenizer.encode_batch(batch)
        else:
            encoded = [tokenizer.encode(text) for text in batch]
        lengths += [len(ids) for ids in encoded]
        pieces.append(np.concatenate(encoded))
    tokens = np.concatenate(pieces or [np.empty(0, smallest_dtype(tokenizer.vocab_size))])
    starts = np.cumsum([0, *lengths[:-1]], dtype=np.int64)[: len(lengths)]
    return TokenStream(tokens, starts)
