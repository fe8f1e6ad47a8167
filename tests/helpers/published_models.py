"""Tiny models and dictionaries in the files in which the studies' own are published, and the same
models computed in float64 from those files, straight from their definitions."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from lib.text.tokenizers import BPETokenizer

VOCAB, CONTEXT, LAYERS, D, H, M, WINDOW = 300, 24, 2, 16, 4, 40, 6
TEXT = ["Once upon a time, there was a little dog. The dog ran to the park and played. "] * 40

NEO_CONFIG = {
    "architectures": ["GPTNeoForCausalLM"],
    "model_type": "gpt_neo",
    "vocab_size": VOCAB,
    "max_position_embeddings": CONTEXT,
    "hidden_size": D,
    "num_layers": LAYERS,
    "num_heads": H,
    "intermediate_size": M,
    "attention_types": [[["global", "local"], LAYERS // 2]],
    "window_size": WINDOW,
    "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-5,
}
LENS_CONFIG = {
    "n_layers": LAYERS,
    "d_model": D,
    "d_mlp": M,
    "d_head": D // H,
    "n_heads": H,
    "n_ctx": CONTEXT,
    "d_vocab": VOCAB,
    "act_fn": "gelu",
    "attn_only": False,
    "normalization": "LN",
    "shortformer_pos": False,
    "ln_eps": 1e-5,
    "neuron_scale": 1.0,
    "tokenizer_name": "someone/tokenizer",
}


def random_tensors(shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, torch.Tensor]:
    """Normal numbers, large enough for every part to matter; norms' weights around one."""
    g = torch.Generator().manual_seed(seed)
    found = {name: 0.5 * torch.randn(shape, generator=g) for name, shape in shapes.items()}
    ones = (".ln_1.weight", ".ln_2.weight", ".ln_f.weight", "ln1.w", "ln2.w", "ln_final.w")
    return {name: t + 1 if name.endswith(ones) else t for name, t in found.items()}


def neo_tensors(
    seed: int = 0, layers: int = LAYERS, mlp: int = M, context: int = CONTEXT
) -> dict[str, torch.Tensor]:
    shapes = {"transformer.wte.weight": (VOCAB, D), "transformer.wpe.weight": (context, D)}
    for i in range(layers):
        h = f"transformer.h.{i}."
        shapes |= {h + f"attn.attention.{n}_proj.weight": (D, D) for n in ("k", "v", "q", "out")}
        shapes |= {h + f"{n}.{part}": (D,) for n in ("ln_1", "ln_2") for part in ("weight", "bias")}
        shapes |= {h + "attn.attention.out_proj.bias": (D,)}
        shapes |= {h + "mlp.c_fc.weight": (mlp, D), h + "mlp.c_fc.bias": (mlp,)}
        shapes |= {h + "mlp.c_proj.weight": (D, mlp), h + "mlp.c_proj.bias": (D,)}
    shapes |= {"transformer.ln_f.weight": (D,), "transformer.ln_f.bias": (D,)}
    return random_tensors(shapes, seed)


def lens_tensors(seed: int = 0) -> dict[str, torch.Tensor]:
    d = D // H
    shapes = {"embed.W_E": (VOCAB, D), "pos_embed.W_pos": (CONTEXT, D), "unembed.W_U": (D, VOCAB)}
    for i in range(LAYERS):
        b = f"blocks.{i}."
        shapes |= {b + f"attn.W_{n}": (H, D, d) for n in "QKV"} | {b + "attn.W_O": (H, d, D)}
        shapes |= {b + f"attn.b_{n}": (H, d) for n in "QKV"} | {b + "attn.b_O": (D,)}
        shapes |= {b + "mlp.W_in": (D, M), b + "mlp.b_in": (M,)}
        shapes |= {b + "mlp.W_out": (M, D), b + "mlp.b_out": (D,)}
        shapes |= {b + f"{n}.{part}": (D,) for n in ("ln1", "ln2") for part in "wb"}
    shapes |= {"ln_final.w": (D,), "ln_final.b": (D,)}
    found = random_tensors(shapes, seed)
    for i in range(LAYERS):  # as the published files have them
        found[f"blocks.{i}.attn.mask"] = torch.ones(CONTEXT, CONTEXT).tril().bool()
        found[f"blocks.{i}.attn.IGNORE"] = torch.tensor(-1e5)
    return found


def write_tokenizer(folder: Path, vocab: int = VOCAB) -> None:
    BPETokenizer.train(TEXT, vocab).save(folder / "tokenizer.json")


def write_neo(folder: Path, **config: object) -> dict[str, torch.Tensor]:
    """A GPT-Neo as `save_pretrained` writes it; returns its tensors."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = neo_tensors()
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(NEO_CONFIG | config))
    write_tokenizer(folder)
    return tensors


def write_neo_for_text(folder: Path, text: list[str], *, mlp_width: int, context: int) -> None:
    """A GPT-Neo of other sizes, whose tokenizer was trained on a text."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(neo_tensors(mlp=mlp_width, context=context), folder / "model.safetensors")
    sizes = {"intermediate_size": mlp_width, "max_position_embeddings": context}
    (folder / "config.json").write_text(json.dumps(NEO_CONFIG | sizes))
    BPETokenizer.train(text, VOCAB).save(folder / "tokenizer.json")


def write_lens(folder: Path, **config: object) -> dict[str, torch.Tensor]:
    """A model as TransformerLens reads it, its weights a pickle."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = lens_tensors()
    torch.save(tensors, folder / "model_final.pth")
    (folder / "config.json").write_text(json.dumps(LENS_CONFIG | config))
    write_tokenizer(folder)
    return tensors


def dictionary_tensors(width: int = M, features: int = 64, seed: int = 3) -> dict:
    g = torch.Generator().manual_seed(seed)
    rows = torch.nn.functional.normalize(torch.randn(features, width, generator=g), dim=1)
    return {
        "W_enc": rows.T.contiguous() + 0.05 * torch.randn(width, features, generator=g),
        "b_enc": -0.1 * torch.rand(features, generator=g),
        "W_dec": rows,
        "b_dec": 0.1 * torch.randn(width, generator=g),
    }


def neo_logits(tensors: dict, tokens: torch.Tensor, window: int = WINDOW) -> torch.Tensor:
    """GPT-Neo in float64: scores are not scaled, every second layer sees `window` tokens."""
    w = {name: tensor.double() for name, tensor in tensors.items()}
    T = tokens.shape[1]
    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"][:T]
    distance = torch.arange(T)[:, None] - torch.arange(T)
    layers = 1 + max(int(name.split(".")[2]) for name in w if name.startswith("transformer.h."))
    for i in range(layers):
        p = {n.split(".", 3)[3]: t for n, t in w.items() if n.startswith(f"transformer.h.{i}.")}
        visible = (distance >= 0) & ((distance < window) if i % 2 else True)
        y = layer_norm(x, p["ln_1.weight"], p["ln_1.bias"])
        q, k, v = (heads(y @ p[f"attn.attention.{n}_proj.weight"].T) for n in "qkv")
        weights = (q @ k.mT).masked_fill(~visible, -torch.inf).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).flatten(2)
        x = x + mixed @ p["attn.attention.out_proj.weight"].T + p["attn.attention.out_proj.bias"]
        y = layer_norm(x, p["ln_2.weight"], p["ln_2.bias"]) @ p["mlp.c_fc.weight"].T
        y = y + p["mlp.c_fc.bias"]
        inside = 0.5 * y * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (y + 0.044715 * y**3)))
        x = x + inside @ p["mlp.c_proj.weight"].T + p["mlp.c_proj.bias"]
    x = layer_norm(x, w["transformer.ln_f.weight"], w["transformer.ln_f.bias"])
    return x @ w["transformer.wte.weight"].T


def lens_logits(tensors: dict, tokens: torch.Tensor) -> torch.Tensor:
    """A TransformerLens model in float64, head by head."""
    w = {name: tensor.double() for name, tensor in tensors.items()}
    T = tokens.shape[1]
    x = w["embed.W_E"][tokens] + w["pos_embed.W_pos"][:T]
    future = torch.ones(T, T).triu(1).bool()
    for i in range(LAYERS):
        p = {n.split(".", 2)[2]: t for n, t in w.items() if n.startswith(f"blocks.{i}.")}
        y = layer_norm(x, p.get("ln1.w", 1), p.get("ln1.b", 0))
        for h in range(H):
            q, k, v = (y @ p[f"attn.W_{n}"][h] + p[f"attn.b_{n}"][h] for n in "QKV")
            scores = (q @ k.mT / (D // H) ** 0.5).masked_fill(future, -torch.inf)
            x = x + scores.softmax(-1) @ v @ p["attn.W_O"][h]
        x = x + p["attn.b_O"]
        y = layer_norm(x, p.get("ln2.w", 1), p.get("ln2.b", 0))
        y = y @ p["mlp.W_in"] + p["mlp.b_in"]
        x = x + (0.5 * y * (1 + torch.erf(y / 2**0.5))) @ p["mlp.W_out"] + p["mlp.b_out"]
    x = (
        layer_norm(x, w["ln_final.w"], w["ln_final.b"])
        if "ln_final.w" in w
        else layer_norm(x, 1, 0)
    )
    return x @ w["unembed.W_U"] + w.get("unembed.b_U", 0)


def layer_norm(x: torch.Tensor, weight, bias) -> torch.Tensor:
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * weight + bias


def heads(x: torch.Tensor) -> torch.Tensor:
    return x.unflatten(-1, (H, -1)).transpose(1, 2)
