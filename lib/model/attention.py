"""Causal self-attention, rotary positions, and the cache that makes sampling fast."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from lib.model.config import TransformerConfig


class KeyValueCache:
    """Keys and values of the positions read so far, one pair [B, H, T, d] for each layer."""

    def __init__(self) -> None:
        self.layers: dict[int, tuple[Tensor, Tensor]] = {}

    @property
    def length(self) -> int:
        """Positions read so far."""
        return self.layers[0][0].shape[2] if self.layers else 0

    def extend(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Appends new positions and returns all of them."""
        if layer in self.layers:
            old_k, old_v = self.layers[layer]
            k, v = torch.cat((old_k, k), dim=2), torch.cat((old_v, v), dim=2)
        self.layers[layer] = (k, v)
        return k, v


class Rotary(nn.Module):
    """Positions as rotations: pairs of dimensions turn with the position, so that a product of a
    query and a key depends on their distance only (Su et al. 2021, arXiv:2104.09864).

    Dimension i of a head is paired with dimension i + d/2.
    """

    def __init__(self, config: TransformerConfig):
        super().__init__()
        half = config.head_width // 2
        frequencies = config.rope_base ** -(torch.arange(half, dtype=torch.float64) / half)
        angles = torch.outer(torch.arange(config.context, dtype=torch.float64), frequencies)
        self.register_buffer("cos", angles.cos().float(), persistent=False)
        self.register_buffer("sin", angles.sin().float(), persistent=False)

    def forward(self, x: Float[Tensor, "B H T d"], start: int) -> Float[Tensor, "B H T d"]:
        """Rotates queries or keys whose first position is `start`."""
        cos, sin = (table[start : start + x.shape[2]] for table in (self.cos, self.sin))
        a, b = x.chunk(2, dim=-1)
        return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1).to(x.dtype)


class Attention(nn.Module):
    """Causal self-attention; every head sees the positions before it, or the last `window`."""

    def __init__(self, config: TransformerConfig, window: int | None):
        super().__init__()
        self.heads, self.window = config.heads, window
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
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)  # [B, H, T, d]
        start = cache.layers[layer][0].shape[2] if cache and layer in cache.layers else 0
        if rotary is not None:
            q, k = rotary(q, start), rotary(k, start)
        if cache is not None:
            k, v = cache.extend(layer, k, v)
        mask = None
        if start or (self.window is not None and self.window < T):
            mask = _mask(T, start + T, self.window, x.device)
        y = F.scaled_dot_product_attention(
            q, k, v, attn_mask=mask, is_causal=mask is None, scale=self.scale
        )
        return self.out(y.transpose(1, 2).reshape(B, T, D))


def _mask(queries: int, keys: int, window: int | None, device: torch.device) -> Bool[Tensor, "Q K"]:
    """Which keys the last `queries` of `keys` positions may see."""
    position = torch.arange(keys - queries, keys, device=device)[:, None]
    distance = position - torch.arange(keys, device=device)
    visible = distance >= 0
    return visible if window is None else visible & (distance < window)
