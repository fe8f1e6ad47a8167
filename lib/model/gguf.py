"""GGUF, the format of llama.cpp: brought once into the files that `transformers` reads.

Weights are kept as the numbers that the file means, in float32. The tokenizer is made from the
file's own description, pre-tokenizer included.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers as hf
import torch
from safetensors.torch import save as dump_tensors

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import cache_folder
from lib.core.progress import announce
from lib.core.weights import sha256

# Names of a Llama's tensors (https://github.com/ggml-org/llama.cpp, gguf-py/gguf/constants.py).
OUTSIDE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
IN_BLOCK = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
SIZES = {
    "block_count": "num_hidden_layers",
    "context_length": "max_position_embeddings",
    "embedding_length": "hidden_size",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.layer_norm_rms_epsilon": "rms_norm_eps",
}
BYTE_LEVEL = hf.pre_tokenizers.ByteLevel(add_prefix_space=False)
# How llama.cpp calls what happens to a text before its merges.
PRE_TOKENIZERS = {
    "gpt-2": BYTE_LEVEL,
    # Every digit by itself first. A run of white space before a digit then stays whole.
    "smollm": hf.pre_tokenizers.Sequence(
        [hf.pre_tokenizers.Digits(individual_digits=True), BYTE_LEVEL]
    ),
}
CONTROL = 3  # a token's type: no text, such as the token between documents


def converted(path: Path) -> Path:
    """The folder in `.cache` with `config.json`, `model.safetensors` and `tokenizer.json` of a GGUF
    file, made once for each checksum; the file itself is left as it is.

    Raises:
        UserError: a file that is missing, cut short or no GGUF; an architecture, tensor or
            tokenizer that is not known here.
    """
    path = Path(path)
    folder = cache_folder() / "pretrained" / sha256(path)[:32]
    if (folder / "config.json").is_file():  # written last
        return folder
    announce(f"{path.name}: brought into safetensors once, which takes some seconds")
    fields, tensors = _read(path)
    config = _config(fields, path)
    weights = _weights(tensors, config, path)
    write_atomically(folder / "tokenizer.json", _tokenizer(fields, path).to_str())
    write_atomically(folder / "model.safetensors", dump_tensors(weights, {"format": "pt"}))
    write_atomically(folder / "config.json", json.dumps(config, indent=1))
    return folder


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """All settings and all tensors by name, the latter in float32."""
    from gguf import GGUFReader, dequantize

    try:
        reader = GGUFReader(path)
        fields = {name: field.contents() for name, field in reader.fields.items()}
        tensors = {t.name: dequantize(t.data, t.tensor_type) for t in reader.tensors}
    except (ValueError, IndexError, KeyError, NotImplementedError) as error:
        raise UserError(
            f"{path} is no whole GGUF file, or has a quantisation that the package gguf does not "
            f"know ({error}); fetch it again, or choose another one."
        ) from error
    return fields, tensors


def _field(fields: dict[str, Any], key: str, path: Path) -> Any:
    if key not in fields:
        raise UserError(f"{path} lacks {key!r}, without which the model has no shape.")
    return fields[key]


def _config(fields: dict[str, Any], path: Path) -> dict[str, Any]:
    architecture = _field(fields, "general.architecture", path)
    if architecture != "llama":
        raise UserError(
            f"{path} has 'general.architecture' = {architecture!r}, and of GGUF files only llama "
            "can be read here: give the model's folder as its makers published it."
        )
    if any(name.startswith("llama.rope.scaling") for name in fields):
        raise UserError(f"{path} has 'llama.rope.scaling', which cannot be read here.")
    sizes = {ours: _field(fields, f"llama.{name}", path) for name, ours in SIZES.items()}
    vocabulary = len(_field(fields, "tokenizer.ggml.tokens", path))
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": vocabulary,
        "hidden_act": "silu",
        "rope_theta": fields.get("llama.rope.freq_base", 10_000.0),
        **sizes,
    }


def _weights(
    tensors: dict[str, np.ndarray], config: dict[str, Any], path: Path
) -> dict[str, torch.Tensor]:
    """The tensors under the names and in the order of rows that `transformers` has."""
    config["tie_word_embeddings"] = "output.weight" not in tensors
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    found = {}
    for name, values in tensors.items():
        block = re.fullmatch(r"blk\.(\d+)\.(\w+)\.weight", name)
        if block and block[2] in IN_BLOCK:
            if block[2] in heads:
                # llama.cpp turns neighbouring dimensions of a head, transformers its two halves.
                values = values.reshape(heads[block[2]], -1, 2, values.shape[1])
                values = values.swapaxes(1, 2).reshape(-1, values.shape[-1])
            theirs = f"model.layers.{block[1]}.{IN_BLOCK[block[2]]}.weight"
        elif name in OUTSIDE:
            theirs = OUTSIDE[name]
        else:
            raise UserError(
                f"{path} has the tensor {name!r}, which a Llama does not have: the model would "
                "compute something else."
            )
        found[theirs] = torch.from_numpy(np.array(values, dtype=np.float32))
    return found


def _tokenizer(fields: dict[str, Any], path: Path) -> hf.Tokenizer:
    kind, before = (_field(fields, f"tokenizer.ggml.{key}", path) for key in ("model", "pre"))
    if kind != "gpt2" or before not in PRE_TOKENIZERS:
        raise UserError(
            f"{path} has 'tokenizer.ggml.model' = {kind!r} and 'tokenizer.ggml.pre' = {before!r}; "
            f"gpt2 with one of {', '.join(PRE_TOKENIZERS)} can be read here."
        )
    texts, merges, types = (
        _field(fields, f"tokenizer.ggml.{key}", path) for key in ("tokens", "merges", "token_type")
    )
    found = hf.Tokenizer(
        hf.models.BPE(
            vocab={text: number for number, text in enumerate(texts)},
            merges=[tuple(merge.split(" ")) for merge in merges],
        )
    )
    found.pre_tokenizer = PRE_TOKENIZERS[before]
    found.decoder = hf.decoders.ByteLevel()
    found.add_special_tokens([t for t, kind in zip(texts, types, strict=True) if kind == CONTROL])
    return found
