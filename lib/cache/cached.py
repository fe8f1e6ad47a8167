"""What the chapters make once and keep: a language model, its activations.

Each function here says what its artifact depends on, and builds it with the room that knows how.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import lib.activations.harvest
import lib.model.training
from lib.activations.harvest import ActivationStore, harvest
from lib.cache.artifacts import cached
from lib.core.checkpoints import write_atomically
from lib.core.device import Machine
from lib.core.errors import UserError
from lib.model.language_model import LanguageModel
from lib.model.published.kept import TOKENIZER, load_kept
from lib.model.training import TrainingHistory, TrainingSettings, train
from lib.model.transformer import Transformer, TransformerConfig, load_model, save_model
from lib.text.tokenizers import BPETokenizer, Tokenizer, TokenStream

CHECKPOINT = "checkpoint.pt"


class TrainedModel(NamedTuple):
    """A language model and how it came about."""

    model: Transformer
    history: TrainingHistory

    @property
    def key(self) -> str:
        """Names this very model."""
        return self.model.key


def language_model(
    config: TransformerConfig,
    training: TrainingSettings,
    train_text: TokenStream,
    validation_text: TokenStream,
    machine: Machine,
    *,
    seed: int,
    tokenizer: Tokenizer,
    kept: str | None = None,
) -> TrainedModel:
    """A language model trained on a text, or the one that was trained so before.

    Args:
        seed: of the initial weights and of the windows' order.
        tokenizer: of the texts; it is put beside the weights.
        kept: one of the book's own models that is taken instead; of `config` and `training` only
            the context then counts.
    Raises:
        UserError: a kept model that cannot be read, or that reads other tokens.
    """
    if kept is not None:
        found = load_kept(kept, device=machine.device, context=config.context)
        if found.tokenizer.name != tokenizer.name:
            raise UserError(
                f"{kept} reads {found.tokenizer.name}, and this chapter {tokenizer.name}; choose a "
                "model that was kept of a chapter that reads the same."
            )
        return TrainedModel(found.model, found.history)

    def build(folder: Path) -> None:
        model = Transformer(config, seed=seed).to(machine.device)
        history = train(
            model, train_text.tokens, validation_text.tokens, training,
            seed=seed, checkpoint=folder / CHECKPOINT, **machine,
        )  # fmt: skip
        save_model(model, folder)
        write_atomically(folder / "history.json", json.dumps(history._asdict()))
        drop_checkpoints(folder)

    def load(folder: Path) -> TrainedModel:
        history = TrainingHistory(**json.loads((folder / "history.json").read_text()))
        if isinstance(tokenizer, BPETokenizer) and not (folder / TOKENIZER).exists():
            tokenizer.save(folder / TOKENIZER)
        return TrainedModel(load_model(folder, machine.device), history)

    return cached(
        "language-model",
        producer=lib.model.training,
        settings={"config": config.to_dict(), "training": asdict(training)},
        inputs=[train_text, validation_text],
        seed=seed,
        machine=machine,
        build=build,
        load=load,
    )


def text_tokenizer(kept: str | None, texts: Sequence[str], vocabulary: int) -> BPETokenizer:
    """The tokenizer of a kept model, or where there is none one that is learnt from the texts.

    Raises:
        UserError: a kept model that cannot be read, or that reads bytes.
    """
    if kept is None:
        return BPETokenizer.train(texts, vocabulary)
    tokenizer = load_kept(kept).tokenizer
    if not isinstance(tokenizer, BPETokenizer):
        raise UserError(f"{kept} reads {tokenizer.name}, and this chapter byte pairs.")
    return tokenizer


def harvested_activations(
    model: LanguageModel,
    text: TokenStream,
    site: str,
    machine: Machine,
    *,
    vectors: int,
    skip_first: int = 0,
    seed: int = 0,
) -> ActivationStore:
    """The activations of a model at a site, split by document, on disk.

    Args:
        vectors: rows, training and held-out together.
        skip_first: positions at the start of each window that are read and not kept.
    """
    sizes = {"vectors": vectors, "context": model.config.context}
    sizes |= {"skip_first": skip_first} if skip_first else {}
    return cached(
        "activations",
        producer=lib.activations.harvest,
        settings={"site": site, **sizes},
        inputs=[model, text],
        seed=seed,
        machine=machine,
        build=lambda folder: harvest(model, text, site, folder, seed=seed, **sizes, **machine),
        load=lambda folder: ActivationStore(folder, made_from=folder.name),
        local_only=True,
    )


def drop_checkpoints(folder: Path) -> None:
    """The finished weights are beside them; the optimiser's state is three times as large."""
    for pattern in (f"{CHECKPOINT}*", f".{CHECKPOINT}*.tmp"):
        for path in folder.glob(pattern):
            path.unlink()
