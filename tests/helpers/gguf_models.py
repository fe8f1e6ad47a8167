"""Llamas in GGUF files, and the same models computed in float64 straight from those files, in the
order of dimensions that llama.cpp has: neighbouring dimensions of a head turn together."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import torch

from lib.text.tokenizers import BPETokenizer

VOCAB, D, H, KV, M, LAYERS, CONTEXT = 300, 32, 4, 2, 64, 2, 32
TEXT = [
    "In 2024 the two-year plan had 135 parts.\n\n7 of them were well-known — “naïve” ones. "
] * 40


def write_gguf(path: Path, *, quantised: bool = False, tied: bool = True, **fields: object) -> None:
    """A tiny Llama with a tokenizer of SmolLM2's kind; `fields` replaces settings, None drops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    writer = gguf.GGUFWriter(path, str(fields.pop("architecture", "llama")))
    settings = {
        "llama.block_count": LAYERS, "llama.context_length": CONTEXT,
        "llama.embedding_length": D, "llama.feed_forward_length": M,
        "llama.attention.head_count": H, "llama.attention.head_count_kv": KV,
        "llama.attention.layer_norm_rms_epsilon": 1e-5, "llama.rope.freq_base": 100.0,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm",
    } | fields  # fmt: skip
    for name, value in settings.items():
        if value is not None:
            add = {int: writer.add_uint32, float: writer.add_float32, str: writer.add_string}
            add[type(value)](name, value)
    vocabulary = BPETokenizer.train(TEXT, VOCAB - 2)._tokenizer
    texts = ["<|endoftext|>"] + [vocabulary.id_to_token(i) for i in range(VOCAB - 2)]
    texts.append("ĊĊ")  # two line ends
    writer.add_token_list(texts)
    writer.add_token_types([3] + [1] * (VOCAB - 1))
    known = set(texts)
    pairs = [(a, b) for t in texts[1:] for a, b in [(t[:i], t[i:]) for i in range(1, len(t))]
             if a in known and b in known]  # fmt: skip
    writer.add_token_merges([" ".join(pair) for pair in pairs])
    shapes = {"token_embd": (VOCAB, D), "output_norm": (D,)} | (
        {} if tied else {"output": (VOCAB, D)}
    )
    for i in range(LAYERS):
        b = f"blk.{i}."
        shapes |= {b + "attn_norm": (D,), b + "ffn_norm": (D,)}
        shapes |= {b + "attn_q": (D, D), b + "attn_output": (D, D)}
        shapes |= {b + "attn_k": (D * KV // H, D), b + "attn_v": (D * KV // H, D)}
        shapes |= {b + "ffn_gate": (M, D), b + "ffn_up": (M, D), b + "ffn_down": (D, M)}
    for name, shape in shapes.items():
        values = rng.standard_normal(shape).astype(np.float32) * (0.1 if "norm" in name else 0.3)
        values = values + np.float32("norm" in name)
        kind = gguf.GGMLQuantizationType.Q8_0 if quantised and len(shape) == 2 else None
        data = values if kind is None else gguf.quantize(values, kind)
        writer.add_tensor(name + ".weight", data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_logits(path: Path, tokens: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Logits [T, V] of one sequence, from the definition of the architecture."""
    reader = gguf.GGUFReader(path)
    w = {
        t.name.removesuffix(".weight"): torch.from_numpy(
            np.array(gguf.dequantize(t.data, t.tensor_type))
        ).to(dtype)
        for t in reader.tensors
    }

    def setting(name: str) -> float:
        return reader.fields[f"llama.{name}"].contents()

    heads, kv = setting("attention.head_count"), setting("attention.head_count_kv")
    x = w["token_embd"][tokens]
    T, width = x.shape
    d = width // heads
    angle = torch.arange(T, dtype=dtype)[:, None] * setting("rope.freq_base") ** (
        -torch.arange(0, d, 2, dtype=dtype) / d
    )
    turn = torch.polar(torch.ones_like(angle), angle)
    future = torch.ones(T, T).triu(1).bool()

    def norm(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        eps = setting("attention.layer_norm_rms_epsilon")
        return x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt() * weight

    def rotated(x: torch.Tensor) -> torch.Tensor:
        pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
        return torch.view_as_real(pairs * turn).flatten(-2)

    for i in range(int(setting("block_count"))):
        p = {n.split(".")[2]: t for n, t in w.items() if n.startswith(f"blk.{i}.")}
        y = norm(x, p["attn_norm"])
        q, k, v = (
            (y @ p[f"attn_{n}"].T).unflatten(-1, (count, d)).transpose(0, 1)
            for n, count in (("q", heads), ("k", kv), ("v", kv))
        )
        mixed = []
        for h in range(heads):
            group = h * kv // heads
            scores = rotated(q[h]) @ rotated(k[group]).T / d**0.5
            mixed.append(scores.masked_fill(future, -torch.inf).softmax(-1) @ v[group])
        x = x + torch.cat(mixed, -1) @ p["attn_output"].T
        y = norm(x, p["ffn_norm"])
        inside = torch.nn.functional.silu(y @ p["ffn_gate"].T) * (y @ p["ffn_up"].T)
        x = x + inside @ p["ffn_down"].T
    return norm(x, w["output_norm"]) @ w.get("output", w["token_embd"]).T
