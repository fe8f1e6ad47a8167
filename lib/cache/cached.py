"""What the chapters make once and keep: a language model, its activations, its dictionaries.

Each function here says what its artifact depends on, and builds it with the room that knows how.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple, TypeVar

import torch

import lib.activations.harvest
import lib.model.training
import lib.sae.training
from lib.activations.harvest import ActivationStore, harvest
from lib.cache.artifacts import artifact
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.progress import announce
from lib.model.training import TrainingHistory, TrainingSettings, train
from lib.model.transformer import Transformer, TransformerConfig, load_model, save_model
from lib.sae.autoencoders import load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.training import FitSettings, fit
from lib.text.tokenizers import TokenStream

CHECKPOINT = "checkpoint.pt"
Made = TypeVar("Made")


class TrainedModel(NamedTuple):
    """A language model and how it came about."""

    model: Transformer
    history: TrainingHistory
    key: str
    """Names this very model: what is made from it is keyed by this."""


def language_model(
    config: TransformerConfig,
    training: TrainingSettings,
    train_text: TokenStream,
    validation_text: TokenStream,
    *,
    data: str,
    seed: int,
    device: torch.device,
    precision: str,
) -> TrainedModel:
    """A language model trained on a text, or the one that was trained so before.

    Args:
        data: fingerprint of the text, `Source.fingerprint`.
        seed: of the initial weights and of the windows' order.
    """

    def build(folder: Path) -> None:
        model = Transformer(config, seed=seed).to(device)
        history = train(
            model,
            train_text.tokens,
            validation_text.tokens,
            training,
            seed=seed,
            device=device,
            precision=precision,
            checkpoint=folder / CHECKPOINT,
        )
        save_model(model, folder)
        write_atomically(folder / "history.json", json.dumps(history._asdict()))
        drop_checkpoints(folder)

    def load(folder: Path) -> TrainedModel:
        history = TrainingHistory(**json.loads((folder / "history.json").read_text()))
        return TrainedModel(load_model(folder, device), history, folder.name)

    return load_or_make_again(
        lambda: artifact(
            "language-model",
            producer=lib.model.training,
            settings={"config": config.to_dict(), "training": asdict(training)},
            data=data,
            seed=seed,
            build=build,
            device=device,
            precision=precision,
        ),
        load,
    )


def harvested_activations(
    model: Transformer,
    text: TokenStream,
    site: str,
    *,
    vectors: int,
    data: str,
    device: torch.device,
    precision: str,
    seed: int = 0,
) -> ActivationStore:
    """The activations of a model at a site, split by document, on disk.

    Args:
        vectors: rows, training and held-out together.
        data: names the model and its text: the key of the `TrainedModel`.
    """
    settings = {"site": site, "vectors": vectors, "context": model.config.context}
    return load_or_make_again(
        lambda: artifact(
            "activations",
            producer=lib.activations.harvest,
            settings=settings,
            data=data,
            seed=seed,
            build=lambda folder: harvest(
                model,
                text,
                site,
                folder,
                vectors=vectors,
                context=model.config.context,
                device=device,
                precision=precision,
                seed=seed,
            ),
            device=device,
            precision=precision,
            bulky=True,
        ),
        ActivationStore,
    )


def trained_dictionary(
    sae: SparseAutoencoder,
    activations: ActivationStore,
    fitting: FitSettings,
    *,
    label: str,
    device: torch.device,
    precision: str,
) -> SparseAutoencoder:
    """`sae` trained on stored activations, or the same one from before.

    The dictionary's own settings and seed, and the folder of the activations, are part of the key.
    """

    def build(folder: Path) -> None:
        sae.to(device)
        fit(
            sae,
            activations,
            fitting,
            device=device,
            precision=precision,
            checkpoint=folder / CHECKPOINT,
            label=label,
        )
        save_sae(sae, folder)
        drop_checkpoints(folder)

    return load_or_make_again(
        lambda: artifact(
            "dictionary",
            producer=lib.sae.training,
            settings={"dictionary": sae.config(), "fitting": asdict(fitting)},
            data=activations.folder.name,
            seed=fitting.seed,
            build=build,
            device=device,
            precision=precision,
        ),
        lambda folder: load_sae(folder, device),
    )


def load_or_make_again(make: Callable[[], Path], load: Callable[[Path], Made]) -> Made:
    """Loads an artifact; one that was damaged since it was made is made again, once."""
    folder = make()
    try:
        return load(folder)
    except (UserError, OSError, ValueError, TypeError) as error:
        announce(f"{folder.name} cannot be read and is made again: {error}")
        shutil.rmtree(folder)
        return load(make())


def drop_checkpoints(folder: Path) -> None:
    """The finished weights are beside them; the optimiser's state is three times as large."""
    for pattern in (f"{CHECKPOINT}*", f".{CHECKPOINT}*.tmp"):
        for path in folder.glob(pattern):
            path.unlink()
