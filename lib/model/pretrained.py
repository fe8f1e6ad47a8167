"""Published models as our transformer: read from the hub or from a folder of the same layout."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from lib.core.errors import UserError
from lib.core.hub_files import Repository
from lib.core.weights import sha256
from lib.model.pretrained_layouts import Layout, layout_of
from lib.model.published import PublishedConfig, PublishedWeights
from lib.model.transformer import Transformer
from lib.text.published import END_OF_TEXT, PublishedTokenizer, load_tokenizer


class PretrainedModel(NamedTuple):
    """A published model, in the place of one that a chapter trains itself."""

    model: Transformer
    """In evaluation mode."""
    tokenizer: PublishedTokenizer
    separator: str
    """The text of the token between two documents, for `encode_documents`."""
    key: str
    """Names these very weights and this tokenizer."""
    provenance: dict[str, Any]
    """Repository or folder, commit, layout and the SHA-256 of each file, for records."""


def load_pretrained(
    repository: Repository,
    *,
    tokenizer_from: Repository | None = None,
    context: int | None = None,
    device: torch.device | str = "cpu",
) -> PretrainedModel:
    """A GPT-Neo, or a model that was trained for TransformerLens, with its tokenizer.

    The result computes what the published model computes. Weights are read as safetensors where
    published; a pickle is read by torch's restricted reader once and kept as safetensors.

    Args:
        repository: has `config.json`, the weights and, unless `tokenizer_from` is given, the
            tokenizer.
        tokenizer_from: has `tokenizer.json`, or `vocab.json` and `merges.txt`.
        context: the longest sequence to read, at most the model's own, which None means. Windows
            of this length are what chapters read; the model's other positions are dropped.
    Raises:
        UserError: a file is missing, damaged, of another architecture or for another model; it
            names file and key.
    """
    settings_path = repository.require_file(("config.json",))
    published = PublishedConfig(settings_path)
    layout = layout_of(published)
    weights_path = repository.require_file(layout.weights)
    model = _transformer(layout, published, weights_path, context)
    tokenizer, tokenizer_files = load_tokenizer(tokenizer_from or repository)
    tokenizer.check_fits(model.config.vocab_size, tokenizer_files[0])
    return PretrainedModel(
        model.to(device).eval(),
        tokenizer,
        next((text for text in END_OF_TEXT if tokenizer.token_id(text) is not None), "\n\n"),
        fingerprint(model, tokenizer),
        {
            "name": repository.label,
            "revision": repository.revision,
            "layout": layout.name,
            "tokenizer": (tokenizer_from or repository).label,
            "sha256": {p.name: sha256(p) for p in (settings_path, weights_path, *tokenizer_files)},
        },
    )


def _transformer(
    layout: Layout, published: PublishedConfig, weights_path: Path, context: int | None
) -> Transformer:
    config = layout.config(published)
    with torch.device("meta"):
        shapes = {name: value.shape for name, value in Transformer(config).state_dict().items()}
    tensors = layout.tensors(PublishedWeights(weights_path), shapes, config, published)
    if context is not None:
        if not 1 <= context <= config.context:
            raise UserError(
                f"the model at {published.path.parent} reads at most {config.context} tokens at "
                f"once; got a context of {context}: choose a smaller one."
            )
        config = replace(config, context=context)
        tensors["positions.weight"] = tensors["positions.weight"][:context]
    if config.tied:
        tensors["unembedding.weight"] = tensors["embedding.weight"]
    model = Transformer(config, seed=0)
    model.load_state_dict(tensors)
    return model


def fingerprint(model: Transformer, tokenizer: PublishedTokenizer) -> str:
    """16 hexadecimal digits over the settings, every weight as it is used, and the tokenizer."""
    digest = hashlib.sha256(json.dumps(model.config.to_dict(), sort_keys=True).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy())
    digest.update(tokenizer.name.encode())
    return digest.hexdigest()[:16]
