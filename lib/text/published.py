"""Tokenizers that were published with a model."""

from __future__ import annotations

import hashlib
from pathlib import Path

import tokenizers as hf

from lib.core.errors import UserError
from lib.core.hub_files import Repository
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

    def check_fits(self, rows: int, path: Path) -> None:
        """Raises UserError unless the tokenizer of `path` can belong to an embedding of so many
        rows; ids need not be without gaps."""
        largest = max(self._tokenizer.get_vocab().values())
        if not (1 - PADDING) * rows <= largest + 1 <= rows:
            raise UserError(
                f"{path} does not fit the model: its 'vocab' ends at the id {largest}, and the "
                f"embedding has {rows} rows; take the tokenizer that was published with the model."
            )


def load_tokenizer(repository: Repository) -> tuple[PublishedTokenizer, list[Path]]:
    """The tokenizer of a repository, and the files that it was read from.

    Raises:
        UserError: there is none, or its file is damaged.
    """
    if whole := repository.first_of((TOKENIZER,)):
        paths = [whole]
    else:
        pair = (VOCABULARY, MERGES)
        paths = [repository.require_file((name,), instead_of=TOKENIZER) for name in pair]
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
    return PublishedTokenizer(raw, f"published{raw.get_vocab_size()}-{digest}"), paths


def _byte_level(vocabulary: Path, merges: Path) -> hf.Tokenizer:
    """GPT-2's tokenizer from its two files."""
    raw = hf.Tokenizer(hf.models.BPE.from_file(str(vocabulary), str(merges)))
    raw.pre_tokenizer = hf.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = hf.decoders.ByteLevel()
    raw.add_special_tokens([text for text in END_OF_TEXT if raw.token_to_id(text) is not None])
    return raw
