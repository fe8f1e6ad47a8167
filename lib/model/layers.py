"""Layers of a transformer block: normalisation, MLP, causal self-attention with rotary positions,
and the cache that makes sampling fast."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lib.model.config import TransformerConfig

# On a CPU, sequences up to this length attend by whole T x T matrices, which is faster there.
LONGEST_WHOLE = 512
NONLINEARITIES = {
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "relu": F.relu,
}


class Norm(nn.Module):
    """RMSNorm or LayerNorm over the last dimension."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.kind, self.eps = config.norm, config.norm_eps
        self.weight = nn.Parameter(torch.ones(config.width))
        has_bias = config.biases and config.norm == "layer"
        self.bias = nn.Parameter(torch.zeros(config.width)) if has_bias else None

    def forward(self, x: Float[Tensor, "... D"]) -> Float[Tensor, "... D"]:
        if self.kind == "rms":
            return F.rms_norm(x, self.weight.shape, self.weight, self.eps)
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps)


class MLP(nn.Module):
    """Two linear maps around a nonlinearity; `swiglu` multiplies a gate and a value."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.kind = config.mlp
        if config.mlp == "swiglu":
            self.gate = nn.Linear(config.width, config.mlp_width, bias=config.biases)
        self.up = nn.Linear(config.width, config.mlp_width, bias=config.biases)
        self.down = nn.Linear(config.mlp_width, config.width, bias=config.biases)

    def activate(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T M"]:
        """The MLP's inside, after the nonlinearity."""
        if self.kind == "swiglu":
            return F.silu(self.gate(x)) * self.up(x)
        return NONLINEARITIES[self.kind](self.up(x))


class KeyValueCache:
    """Keys and values of the positions read so far; for passes without gradients."""

    def __init__(self) -> None:
        self._layers: dict[int, tuple[Tensor, Tensor, int]] = {}

    @property
    def length(self) -> int:
        """Positions that the first layer has read."""
        return self.layer_length(0)

    def layer_length(self, layer: int) -> int:
        """Positions that this layer has read."""
        return self._layers[layer][2] if layer in self._layers else 0

    def copy(self) -> KeyValueCache:
        """One of its own."""
        taken = KeyValueCache()
        for layer, (keys, values, length) in self._layers.items():
            taken._layers[layer] = keys.clone(), values.clone(), length
        return taken

    def take(self, rows: Int[Tensor, " n"]) -> KeyValueCache:
        """A cache of its own for these sequences, in this order; one may come up several times."""
        taken = KeyValueCache()
        for layer, (keys, values, length) in self._layers.items():
            kept = keys[rows, :, :length], values[rows, :, :length]
            taken._layers[layer] = (*kept, length)
        return taken

    def extend(
        self, layer: int, k: Float[Tensor, "B H T d"], v: Float[Tensor, "B H T d"]
    ) -> tuple[Float[Tensor, "B H S d"], Float[Tensor, "B H S d"]]:
        """Appends new positions and returns all S of them."""
        start = self.layer_length(layer)
        end = start + k.shape[2]
        if start:
            keys, values, _ = self._layers[layer]
        if not start or end > keys.shape[2]:
            # Twice the room each time it runs out: appending then costs a constant on average.
            room = (*k.shape[:2], 2 * end, k.shape[3])
            grown = k.new_empty(room), v.new_empty(room)
            if start:
                grown[0][:, :, :start] = keys[:, :, :start]
                grown[1][:, :, :start] = values[:, :, :start]
            keys, values = grown
        keys[:, :, start:end], values[:, :, start:end] = k, v
        self._layers[layer] = (keys, values, end)
        return keys[:, :, :end], values[:, :, :end]


class Rotary(nn.Module):
    """Positions as rotations: pairs of dimensions turn with the position, so that a product of a
    query and a key depends on their distance only (Su et al. 2021, arXiv:2104.09864).

    A pair is two neighbouring dimensions, 2i and 2i + 1, seen as one complex number: turning it is
    one multiplication, and one pass over memory.
    """

    def __init__(self, config: TransformerConfig):
        super().__init__()
        half = config.head_width // 2
        frequencies = config.rope_base ** -(torch.arange(half, dtype=torch.float64) / half)
        angles = torch.outer(torch.arange(config.context, dtype=torch.float64), frequencies)
        turns = torch.polar(torch.ones_like(angles), angles).to(torch.complex64)
        # Repeated for all heads of queries and keys: the product then runs over long rows.
        self.register_buffer("turns", turns.repeat(1, 2 * config.heads), persistent=False)

    def forward(self, qk: Float[Tensor, "B T two_D"], start: int) -> Float[Tensor, "B T two_D"]:
        """Rotates queries and keys, side by side, whose first position is `start`."""
        exact = qk.to(torch.promote_types(qk.dtype, torch.float32))
        pairs = torch.view_as_complex(exact.unflatten(-1, (-1, 2)))
        turned = pairs * self.turns[start : start + qk.shape[1]]
        return torch.view_as_real(turned).flatten(-2).to(qk.dtype)


class Attention(nn.Module):
    """Causal self-attention: every head sees the positions before it."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.heads = config.heads
        self.scale = config.attention_scale or 1 / math.sqrt(config.head_width)
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=config.biases)
        self.out = nn.Linear(config.width, config.width, bias=config.biases)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        rotary: Rotary | None,
        cache: KeyValueCache | None,
        layer: int,
    ) -> Float[Tensor, "B T D"]:
        B, T, D = x.shape
        start = cache.layer_length(layer) if cache is not None else 0
        qk, v = self.qkv(x).split([2 * D, D], dim=-1)
        if rotary is not None:
            qk = rotary(qk, start)
        q, k = qk.view(B, T, 2, self.heads, -1).permute(2, 0, 3, 1, 4)  # each [B, H, T, d]
        v = v.view(B, T, self.heads, -1).transpose(1, 2)
        if cache is not None:
            k, v = cache.extend(layer, k, v)
        return self.out(self._mix(q, k, v).transpose(1, 2).reshape(B, T, D))

    def _mix(
        self,
        q: Float[Tensor, "B H T d"],
        k: Float[Tensor, "B H S d"],
        v: Float[Tensor, "B H S d"],
    ) -> Float[Tensor, "B H T d"]:
        """Values, averaged by how well keys match queries; the queries are the last T of S."""
        T, S = q.shape[2], k.shape[2]
        if T == S and q.device.type == "cpu" and T <= LONGEST_WHOLE:
            return _attend_whole(q, k, v, self.scale)
        mask = None if T in (1, S) else _mask(T, S, q.device)
        causal = mask is None and T > 1
        return F.scaled_dot_product_attention(
            q, k, v, attn_mask=mask, is_causal=causal, scale=self.scale
        )


def _attend_whole(
    q: Float[Tensor, "B H T d"],
    k: Float[Tensor, "B H T d"],
    v: Float[Tensor, "B H T d"],
    scale: float,
) -> Float[Tensor, "B H T d"]:
    """`F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)`, whose kernel is slow
    on CPUs for narrow heads and in bfloat16."""
    T = q.shape[2]
    future = torch.full((T, T), -torch.inf, dtype=q.dtype, device=q.device).triu_(1)
    scores = torch.baddbmm(future, (q * scale).flatten(0, 1), k.flatten(0, 1).mT)
    return torch.bmm(scores.softmax(-1), v.flatten(0, 1)).view_as(q)


def _mask(queries: int, keys: int, device: torch.device) -> Bool[Tensor, "Q K"]:
    """Which keys the last `queries` of `keys` positions may see."""
    position = torch.arange(keys - queries, keys, device=device)[:, None]
    return position >= torch.arange(keys, device=device)
