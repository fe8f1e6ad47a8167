"""Tokenizers that were published with a model."""

from __future__ import annotations

import hashlib
from pathlib import Path

import tokenizers as hf

from lib.core.errors import UserError
from lib.core.hub_files import Place, demand
from lib.core.weights import sha256
from lib.text.tokenizers import BPETokenizer

TOKENIZER, VOCABULARY, MERGES = "tokenizer.json", "vocab.json", "merges.txt"
# How the studies' tokenizers write the token between documents.
END_OF_TEXT = ("<|endoftext|>", "<|EOS|>")
# Embeddings are padded to a round number of rows, never by more than this share.
PADDING = 0.05


class PublishedTokenizer(BPETokenizer):
    """A tokenizer that was read from files; its name carries their checksum."""

    def token_id(self, text: str) -> int | None:
        """The id of the token that is written so in the vocabulary."""
        return self._tokenizer.token_to_id(text)

    def largest_id(self) -> int:
        """The largest id that can come up; ids need not be without gaps."""
        return max(self._tokenizer.get_vocab().values())


def load_tokenizer(place: Place) -> tuple[PublishedTokenizer, list[Path]]:
    """The tokenizer at a place, and the files that it was read from.

    Raises:
        UserError: there is none, or its file is damaged.
    """
    if (whole := place.find((TOKENIZER,))) is not None:
        paths = [whole]
    else:
        paths = [demand(place, (name,), instead_of=TOKENIZER) for name in (VOCABULARY, MERGES)]
    try:
        raw = hf.Tokenizer.from_file(str(whole)) if whole else _byte_level(*paths)
    except Exception as error:  # the library raises bare Exception
        raise UserError(
            f"{paths[0]} is not a whole tokenizer ({error}); fetch it again."
        ) from error
    # Some files ask for texts to be cut or filled up to a length.
    raw.no_truncation()
    raw.no_padding()
    digest = hashlib.sha256("".join(map(sha256, paths)).encode()).hexdigest()[:8]
    name = f"published{raw.get_vocab_size()}-{digest}"
    return PublishedTokenizer(raw, name), paths


def _byte_level(vocabulary: Path, merges: Path) -> hf.Tokenizer:
    """GPT-2's tokenizer from its two files."""
    model = hf.models.BPE.from_file(str(vocabulary), str(merges))
    raw = hf.Tokenizer(model)
    raw.pre_tokenizer = hf.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = hf.decoders.ByteLevel()
    raw.add_special_tokens([text for text in END_OF_TEXT if raw.token_to_id(text) is not None])
    return raw


def check_tokenizer(tokenizer: PublishedTokenizer, path: Path, rows: int) -> None:
    """Raises UserError unless a tokenizer can belong to an embedding of so many rows."""
    largest = tokenizer.largest_id()
    if largest >= rows:
        raise UserError(
            f"{path} does not fit the model: its 'vocab' goes up to the id {largest}, and the "
            f"embedding has {rows} rows; take the tokenizer that was published with the model."
        )
    if largest + 1 < (1 - PADDING) * rows:
        raise UserError(
            f"{path} does not fit the model: its 'vocab' ends at the id {largest}, and the "
            f"embedding has {rows} rows; take the tokenizer that was published with the model."
        )
