"""Language model of the chapter, its own or a published one, with its text in tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lib.cache.cached import language_model
from lib.cache.shelf import pretrained_model
from lib.core.device import Machine
from lib.model.config import TransformerConfig
from lib.model.language_model import LanguageModel
from lib.model.training import TrainingSettings
from lib.text.corpora import Corpus
from lib.text.tokenizers import (
    BPETokenizer,
    Tokenizer,
    TokenStream,
    encode_documents,
    token_strings,
)

VALIDATION_TOKENS = 50_000
"""Held-out text on which a model that is trained here is measured."""


class TextModel(NamedTuple):
    """The language model of the chapter, its own or a published one, with its text in tokens."""

    model: LanguageModel
    tokenizer: Tokenizer
    strings: list[str]
    """The text of each token id, see `token_strings`."""
    train: TokenStream
    halves: list[np.ndarray]
    """Held-out text, every second document: to choose features on, and to judge them on."""
    starts: list[np.ndarray]
    """Where each document of a half begins."""
    loss: float | None
    """Validation loss of a model that was trained here, nats per token."""


def text_model(
    name: str,
    corpus: Corpus,
    vocabulary: int,
    config: Callable[[int], TransformerConfig],
    training: TrainingSettings,
    machine: Machine,
    *,
    context: int,
    tokens: int,
    seed: int,
) -> TextModel:
    """A model trained on the corpus where `name` is "own", else a published one that reads it.

    Args:
        name: "own", or what `pretrained_model` takes.
        config: the own model's sizes for a vocabulary.
        training: how it is trained.
        tokens: length of each held-out half, at most.
    """
    published = None
    if name == "own":
        tokenizer: Tokenizer = BPETokenizer.train(corpus.train, vocabulary)
        separator = "\n\n"
    else:
        published = pretrained_model(name, device=machine.device, context=context)
        tokenizer, separator = published.tokenizer, published.separator
    train = encode_documents(tokenizer, corpus.train, separator)
    parts = (corpus.validation[::2], corpus.validation[1::2])
    streams = [encode_documents(tokenizer, part, separator) for part in parts]
    halves = [stream.tokens[:tokens] for stream in streams]
    starts = [stream.starts[stream.starts < tokens] for stream in streams]
    strings = token_strings(tokenizer)
    if published is not None:
        model, loss = published.model, None
    else:
        validation = TokenStream(halves[0][:VALIDATION_TOKENS], np.zeros(1, dtype=np.int64))
        sizes = config(tokenizer.vocab_size)
        model, history = language_model(
            sizes, training, train, validation, machine, seed=seed, tokenizer=tokenizer
        )
        loss = history.validation[-1][1]
    return TextModel(model, tokenizer, strings, train, halves, starts, loss)
