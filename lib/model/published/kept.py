"""The book's own models, kept after a run trained them: `results/<run>/model/`.

A kept model is its weights in bfloat16, its sizes, its tokenizer, the curve of its loss, and a card
that says what it was trained on and holds the checksum of each file. What it computes depends on
these files alone, and on no line of the code that trained it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from lib.core import paths
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.weights import sha256
from lib.model.training_run import TrainingHistory
from lib.model.transformer import Transformer, load_model, save_model
from lib.text.tokenizers import BPETokenizer, ByteTokenizer, Tokenizer

PREFIX, FOLDER, CARD = "kept:", "model", "card.json"
TOKENIZER, HISTORY = "tokenizer.json", "history.json"
LARGEST = 10_000_000
"""Bytes of weights that are kept, at most: they go under version control."""


class KeptModel(NamedTuple):
    """One of the book's own models, as it was kept."""

    model: Transformer
    """In evaluation mode; its weights were rounded to bfloat16."""
    tokenizer: Tokenizer
    history: TrainingHistory
    card: dict[str, Any]
    """What it was trained on, how, and the SHA-256 of each file."""


def is_kept(name: str) -> bool:
    """Whether a name stands for a kept model: `kept:01/cpu-tinystories/seed0`, or its folder."""
    return name.startswith(PREFIX) or (Path(name).expanduser() / CARD).is_file()


def kept_models() -> dict[str, Path]:
    """The folders of all that are in `results/`, by name."""
    results = paths.results_folder()
    cards = sorted(results.glob(f"*/*/*/{FOLDER}/{CARD}"))
    return {PREFIX + card.parents[1].relative_to(results).as_posix(): card.parent for card in cards}


def kept_folder(name: str) -> Path:
    """Where a kept model is.

    Raises:
        UserError: there is none of this name.
    """
    if not name.startswith(PREFIX):
        return Path(name).expanduser()
    if (folder := (known := kept_models()).get(name)) is None:
        raise UserError(
            f"no model is kept as {name!r}; there are {', '.join(known) or 'none yet'}: "
            "`python -m lib keep` leaves one beside a run that trained it."
        )
    return folder


def save_kept(
    folder: Path,
    model: Transformer,
    tokenizer: Tokenizer,
    history: TrainingHistory,
    about: dict[str, Any],
) -> bool:
    """Writes a model into `folder`; False, and nothing is written, where it is larger than
    `LARGEST`. The model itself is rounded to bfloat16.

    Args:
        about: what the card says of its text and training, as plain values.
    """
    if 2 * model.parameter_count() > LARGEST:
        return False
    save_model(model.bfloat16(), folder)
    write_atomically(folder / HISTORY, json.dumps(history._asdict()))
    if isinstance(tokenizer, BPETokenizer):
        tokenizer.save(folder / TOKENIZER)
    card = about | {
        "parameters": model.parameter_count(),
        "tokenizer": tokenizer.name,
        "sha256": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }
    write_atomically(folder / CARD, json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return True


def checksums(name: str) -> dict[str, str]:
    """The SHA-256 of each file of a kept model, as its card has them.

    Raises:
        UserError: no such model, or its card is missing or damaged.
    """
    return _card(kept_folder(name))["sha256"]


def load_kept(
    name: str, *, device: torch.device | str = "cpu", context: int | None = None
) -> KeptModel:
    """A kept model, with all that it needs.

    Args:
        name: `kept:<run>`, or the folder of one.
        context: the longest sequence to read, at most the model's own, which None means.
    Raises:
        UserError: a file that is missing, cut short, changed or of another model; it names file
            and key.
    """
    folder = kept_folder(name)
    card = _card(folder)
    for file, expected in card["sha256"].items():
        if (found := sha256(folder / file)) != expected:
            raise UserError(
                f"{folder / file} has the checksum {found[:16]}… and 'sha256' of {CARD} says "
                f"{expected[:16]}…: the file was cut short, changed or comes from another model; "
                "take the whole folder again."
            )
    model = load_model(folder)
    if context is not None:
        model = _with_context(model, context, folder)
    if TOKENIZER in card["sha256"]:
        tokenizer: Tokenizer = BPETokenizer.load(folder / TOKENIZER)
    else:
        tokenizer = ByteTokenizer()
    if (tokenizer.name, tokenizer.vocab_size) != (card["tokenizer"], model.config.vocab_size):
        raise UserError(
            f"{folder} has a tokenizer {tokenizer.name} of {tokenizer.vocab_size} tokens, where "
            f"'tokenizer' of {CARD} says {card['tokenizer']} and 'vocab_size' of config.json "
            f"{model.config.vocab_size}; take the whole folder again."
        )
    history = TrainingHistory(**json.loads((folder / HISTORY).read_text(encoding="utf-8")))
    return KeptModel(model.to(device), tokenizer, history, card)


def _card(folder: Path) -> dict[str, Any]:
    path = folder / CARD
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        listed = {"config.json", "model.safetensors", HISTORY} - {*card["sha256"]}
    except FileNotFoundError:
        raise UserError(f"expected a kept model, but there is no {path}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is damaged ({error!r}); take the whole folder again.") from error
    if listed or "tokenizer" not in card:
        missing = f"'sha256' of {min(listed)}" if listed else "'tokenizer'"
        raise UserError(f"{path} lacks {missing}; take the whole folder again.")
    return card


def _with_context(model: Transformer, context: int, folder: Path) -> Transformer:
    if not 1 <= context <= model.config.context:
        raise UserError(
            f"'context' of {folder / 'config.json'} is {model.config.context}, which the model "
            f"reads at most at once; got a context of {context}: choose a smaller one."
        )
    tensors = model.state_dict()
    if model.positions is not None:
        tensors["positions.weight"] = tensors["positions.weight"][:context]
    shorter = Transformer(replace(model.config, context=context), seed=0)
    shorter.load_state_dict(tensors)
    return shorter.eval()
