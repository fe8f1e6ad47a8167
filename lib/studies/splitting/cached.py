"""What the chapter on splitting makes once: its model, and dictionaries with what they say at some
vectors step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from scipy import sparse
from torch import Tensor

import lib.sae.training
from lib.activations.store import Activations
from lib.analysis.codes import to_sparse
from lib.cache.artifacts import artifact
from lib.cache.cached import language_model, load_or_make_again
from lib.cache.members import fingerprint, fit_members, load_histories, load_members, naming
from lib.cache.pretrained import pretrained_model
from lib.core.checkpoints import write_atomically
from lib.model.training import TrainingSettings
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.base import SparseAutoencoder
from lib.sae.training import FitSettings, History, StepMetrics
from lib.sae.warm_starts import Silenced, restore, silence
from lib.text.corpora import Corpus
from lib.text.tokenizers import BPETokenizer, Tokenizer, TokenStream, encode_documents

ROWS_AT_ONCE = 4096
VALIDATION_TOKENS = 50_000
"""Held-out text on which a model that is trained here is measured."""


class TracedEnsemble(NamedTuple):
    """Dictionaries that were trained together, and what they said on the way."""

    saes: list[SparseAutoencoder]
    histories: list[History]
    steps: list[int]
    """Steps after which the probe was encoded; 0 is the start."""
    codes: list[list[sparse.csr_array]]
    """[members][steps]: codes [N, F] of the probe."""


def traced_ensemble(
    saes: Sequence[SparseAutoencoder],
    activations: Activations,
    fitting: FitSettings,
    probe: Float[Tensor, "N D"],
    *,
    data: str,
    device: torch.device,
    precision: str,
    steps: Sequence[int],
    silenced: Sequence[Silenced | None] | None = None,
    label: str = "dictionaries",
) -> TracedEnsemble:
    """Dictionaries trained together, or the same ones from before, with the codes of some vectors.

    Their settings and initial weights, the probe and the steps are part of the key.

    Args:
        probe: the vectors that are encoded after each of `steps`.
        silenced: for each dictionary what `silence` gave, or None. Its feature takes no part in
            training, but the probe is encoded with it.
        data: names the activations and what was filtered from them.
    """
    for sae in saes:
        sae.to(device)
    steps = sorted({step for step in steps if 0 <= step <= fitting.steps})
    silenced = silenced or [None] * len(saes)
    settings = {
        **naming(saes, fitting),
        "probe": fingerprint([probe]),
        "steps": steps,
        "silenced": [list(before) if before else None for before in silenced],
    }

    def build(folder: Path) -> None:
        trace = partial(_trace, folder, set(steps), probe.to(device), silenced)
        for member, sae in enumerate(saes):
            trace(member, 0, sae)
        fit_members(
            folder, saes, activations, fitting, device=device, precision=precision, label=label,
            callbacks=[[partial(trace, member)] for member in range(len(saes))],
        )  # fmt: skip

    def load(folder: Path) -> TracedEnsemble:
        members = load_members(folder, len(saes), device)
        numbers = range(len(saes))
        codes = [[_read(_path(folder, m, step)) for step in steps] for m in numbers]
        return TracedEnsemble(members, load_histories(folder), steps, codes)

    return load_or_make_again(
        lambda: artifact(
            "traced-ensemble",
            producer=lib.sae.training,
            settings=settings,
            data=data,
            seed=fitting.seed,
            build=build,
            device=device,
            precision=precision,
        ),
        load,
    )


@torch.no_grad()
def codes_of(sae: SparseAutoencoder, x: Float[Tensor, "N D"]) -> sparse.csr_array:
    """The codes of some vectors, [N, F]."""
    pieces = [to_sparse(sae.encode(rows)) for rows in x.to(sae.W_dec).split(ROWS_AT_ONCE)]
    return sparse.vstack(pieces, format="csr")


def _trace(
    folder: Path, steps: set[int], probe: Float[Tensor, "N D"],
    silenced: Sequence[Silenced | None], member: int, step: int, sae: SparseAutoencoder,
    metrics: StepMetrics | None = None,
) -> None:  # fmt: skip
    """Writes one member's codes after one step; a killed run finds those before its checkpoint."""
    if step in steps:
        before = silenced[member]
        if before is not None:
            restore(sae, before)
        buffer = BytesIO()
        sparse.save_npz(buffer, codes_of(sae, probe), compressed=False)
        if before is not None:
            silence(sae, before.feature)
        write_atomically(_path(folder, member, step), buffer.getvalue())


def _path(folder: Path, member: int, step: int) -> Path:
    return folder / f"codes-{member:03d}-{step}.npz"


def _read(path: Path) -> sparse.csr_array:
    return sparse.csr_array(sparse.load_npz(path))


class TextModel(NamedTuple):
    """The language model of the chapter, its own or a published one, with its text in tokens."""

    model: Transformer
    tokenizer: Tokenizer
    strings: list[str]
    """The text of each token id."""
    train: TokenStream
    halves: list[np.ndarray]
    """Held-out text, every second document: to choose features on, and to judge them on."""
    starts: list[np.ndarray]
    """Where each document of a half begins."""
    key: str
    """Names the model and its text."""
    loss: float | None
    """Validation loss of a model that was trained here, nats per token."""


def text_model(
    name: str,
    corpus: Corpus,
    vocabulary: int,
    config: Callable[[int], TransformerConfig],
    training: TrainingSettings,
    *,
    context: int,
    tokens: int,
    seed: int,
    device: torch.device,
    precision: str,
) -> TextModel:
    """A model trained on the corpus where `name` is "own", else a published one that reads it.

    Args:
        name: "own"; "hub" for gelu-1l; else what `pretrained_model` takes.
        config: the own model's sizes for a vocabulary. training: how it is trained.
        tokens: length of each held-out half, at most.
    """
    published = None
    if name == "own":
        tokenizer: Tokenizer = BPETokenizer.train(corpus.train, vocabulary)
        separator = "\n\n"
    else:
        published = pretrained_model(
            "gelu-1l" if name == "hub" else name,
            data=corpus.source.fingerprint,
            device=device,
            context=context,
        )
        tokenizer, separator = published.tokenizer, published.separator
    train = encode_documents(tokenizer, corpus.train, separator)
    parts = (corpus.validation[::2], corpus.validation[1::2])
    streams = [encode_documents(tokenizer, part, separator) for part in parts]
    halves = [stream.tokens[:tokens] for stream in streams]
    starts = [stream.starts[stream.starts < tokens] for stream in streams]
    strings = [tokenizer.decode([token]) for token in range(tokenizer.vocab_size)]
    if published is not None:
        found = (published.model, published.key, None)
    else:
        made = language_model(
            config(tokenizer.vocab_size), training, train,
            TokenStream(halves[0][:VALIDATION_TOKENS], np.zeros(1, dtype=np.int64)),
            data=f"{corpus.source.fingerprint} train {len(train.tokens)}", seed=seed,
            device=device, precision=precision,
        )  # fmt: skip
        found = (made.model, made.key, made.history.validation[-1][1])
    model, key, loss = found
    return TextModel(model, tokenizer, strings, train, halves, starts, key, loss)
