"""Published models, read from the hub, from a folder of the same layout or from a GGUF file.

What `transformers` knows is loaded by it, and never runs code of its own; models that were trained
for TransformerLens become our transformer.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any, NamedTuple

import torch

from lib.core.errors import UserError
from lib.core.hub_files import Repository
from lib.core.identity import content_key
from lib.core.weights import INDEX, read_state_dict, sha256, shards_of
from lib.model.language_model import LanguageModel
from lib.model.published.causal import CausalModel
from lib.model.published.gguf import converted
from lib.model.published.transformer_lens import (
    WEIGHTS,
    PublishedConfig,
    is_transformer_lens,
    transformer_lens_model,
)
from lib.text.published import END_OF_TEXT, load_tokenizer
from lib.text.tokenizers import Tokenizer

SAFETENSORS, PICKLE = "model.safetensors", "pytorch_model.bin"
# Old files hold causal masks and rotary frequencies as well, which are computed.
NO_WEIGHTS = re.compile(r"\.(attn|attention)\.(masked_)?bias$|\.inv_freq$")
# Where a model has no longest sequence of its own.
LONGEST = 2048


class PretrainedModel(NamedTuple):
    """A published model, in the place of one that a chapter trains itself."""

    model: LanguageModel
    """In evaluation mode."""
    tokenizer: Tokenizer
    separator: str
    """The text of the token between two documents, for `encode_documents`."""
    provenance: dict[str, Any]
    """Repository or folder, commit, architecture and the SHA-256 of each file, for records."""


def load_pretrained(
    repository: Repository,
    *,
    gguf: str | None = None,
    tokenizer_from: Repository | None = None,
    context: int | None = None,
    device: torch.device | str = "cpu",
) -> PretrainedModel:
    """A causal language model that `transformers` knows, or one that was trained for
    TransformerLens, with its tokenizer.

    The result computes what the published model computes. Weights are read as safetensors where
    published; a pickle is read by torch's restricted reader once and kept as safetensors.

    Args:
        repository: has `config.json`, the weights and, unless `tokenizer_from` is given, the
            tokenizer.
        gguf: a file of the repository that has all of this in it.
        tokenizer_from: has `tokenizer.json`, or `vocab.json` and `merges.txt`.
        context: the longest sequence to read, at most the model's own, which None means.
    Raises:
        UserError: a file is missing, damaged, of an unknown architecture or for another model; it
            names file and key.
    """
    files = [] if gguf is None else [repository.folder / gguf]
    if gguf is not None:
        repository = Repository(converted(files[0]), repository.label)
    published = PublishedConfig(repository.require_file(("config.json",)))
    tokenizer, tokenizer_files = load_tokenizer(tokenizer_from or repository)
    if is_transformer_lens(published):
        weights = repository.require_file(WEIGHTS)
        files = [published.path, weights, *tokenizer_files]
        model: LanguageModel = transformer_lens_model(published, weights, context)
        architecture = "TransformerLens"
    else:
        weights = repository.require_file((SAFETENSORS, SAFETENSORS + INDEX, PICKLE))
        shards = shards_of(weights) if weights.name.endswith(INDEX) else []
        for shard in shards:
            repository.require_file((shard.name,))
        files = files or [published.path, weights, *shards, *tokenizer_files]
        network = _network(published, weights)
        longest = getattr(network.config.get_text_config(), "max_position_embeddings", None)
        if context is not None and longest and not 1 <= context <= longest:
            raise UserError(
                f"the model at {repository.name} reads at most {longest} tokens at once; got a "
                f"context of {context}: choose a smaller one."
            )
        context = context or longest or LONGEST
        key = content_key([sha256(path) for path in files], context)
        model = CausalModel(network, context, key)
        architecture = type(network).__name__
    tokenizer.check_fits(model.config.vocab_size, tokenizer_files[0])
    return PretrainedModel(
        model.to(device).eval(),
        tokenizer,
        next((text for text in END_OF_TEXT if tokenizer.token_id(text) is not None), "\n\n"),
        {
            "name": repository.label,
            "revision": repository.revision,
            "architecture": architecture,
            "tokenizer": (tokenizer_from or repository).label,
            "sha256": {path.name: sha256(path) for path in files},
        },
    )


def _network(published: PublishedConfig, where: Path) -> torch.nn.Module:
    """The model of `transformers` with all its weights, in float32.

    Raises:
        UserError: as `load_pretrained`.
    """
    from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoConfig
    from transformers.utils import logging as talk

    state = read_state_dict(where)
    level, bars = talk.get_verbosity(), talk.is_progress_bar_enabled()
    talk.set_verbosity(logging.CRITICAL)
    talk.disable_progress_bar()
    try:
        config = AutoConfig.from_pretrained(
            published.path.parent, local_files_only=True, trust_remote_code=False
        )
        kind = MODEL_FOR_CAUSAL_LM_MAPPING[type(config)]
        if published.get("architectures", [kind.__name__]) != [kind.__name__]:
            raise published.refusal("architectures", repr([kind.__name__]))
        found, notes = kind.from_pretrained(
            None, config=config, state_dict=state, dtype=torch.float32,
            output_loading_info=True, ignore_mismatched_sizes=True,
        )  # fmt: skip
    except UserError:
        raise
    except Exception as error:  # of many kinds, by architecture
        reason = " ".join((str(error) or type(error).__name__).split())[:200]
        raise UserError(
            f"{published.path} describes no causal language model that the library transformers "
            f"makes without code from elsewhere ('model_type' = {published.get('model_type')!r}: "
            f"{reason}); choose another model, or correct the file."
        ) from error
    finally:
        talk.set_verbosity(level)
        if bars:
            talk.enable_progress_bar()
    for fault, keys in (
        ("has no key", notes["missing_keys"]),
        ("has another shape than config.json asks for at", notes["mismatched_keys"]),
        (
            "has a key that this architecture does not have,",
            [key for key in notes["unexpected_keys"] if not NO_WEIGHTS.search(key)],
        ),
    ):
        if keys:
            first = min(key if isinstance(key, str) else key[0] for key in keys)
            raise UserError(
                f"{where} {fault} {first!r}: the weights and the config.json beside them belong to "
                "different models; take both from one place."
            )
    for name, parameter in found.named_parameters():
        if not bool(parameter.isfinite().all()):
            raise UserError(
                f"{where}: {name} must be made of finite floating-point numbers; fetch the file "
                "again."
            )
    return found
