"""Operations whose derivatives are written by hand, because training on a CPU waits for memory.

Each equals a one-line expression that its docstring gives, and a test compares the two. What is
saved: fewer passes over the activations, products in autocast's format without a detour through
float32, and attention in bfloat16, whose library kernel is slow on CPUs (24 ms against 3 ms for
the backward pass of 128 heads of 128 x 32).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor
from torch.autograd import Function

# Shorter blocks of queries would skip more of what the causal mask hides, in slower products.
QUERY_BLOCK = 128


def compute_dtype(x: Tensor) -> torch.dtype:
    """The format of matrix products on the device of `x`: autocast's, else that of `x`."""
    if torch.is_autocast_enabled(x.device.type):
        return torch.get_autocast_dtype(x.device.type)
    return x.dtype


def rms_norm(
    x: Float[Tensor, "... D"], weight: Float[Tensor, " D"], eps: float
) -> Float[Tensor, "... D"]:
    """`F.rms_norm(x, [D], weight, eps)`, returned in the format of products."""
    if x.device.type != "cpu":
        return F.rms_norm(x, weight.shape, weight, eps).to(compute_dtype(x))  # one kernel there
    return _RMSNorm.apply(x, weight, eps, compute_dtype(x))


class _RMSNorm(Function):
    @staticmethod
    def forward(ctx, x, weight, eps, dtype):
        # vector_norm reads x once; the mean of squares would be a second pass.
        norm = torch.linalg.vector_norm(
            x, dim=-1, keepdim=True, dtype=torch.promote_types(x.dtype, torch.float32)
        )
        inverse = norm.square_().div_(x.shape[-1]).add_(eps).rsqrt_()
        unit = (x * inverse.to(x.dtype)).to(dtype)
        ctx.save_for_backward(unit, inverse, weight)
        ctx.x_dtype = x.dtype
        return unit * weight.to(dtype)

    @staticmethod
    def backward(ctx, d_y):
        unit, inverse, weight = ctx.saved_tensors
        low = weight.to(unit.dtype)
        product = d_y * unit
        d_weight = product.flatten(0, -2).sum(0, dtype=weight.dtype)
        along = (product @ low / weight.numel())[..., None]
        d_x = (d_y * low).addcmul_(unit, along, value=-1).to(ctx.x_dtype) * inverse.to(ctx.x_dtype)
        return d_x, d_weight, None, None


def swiglu(gate: Float[Tensor, "... M"], value: Float[Tensor, "... M"]) -> Float[Tensor, "... M"]:
    """`F.silu(gate) * value`."""
    return _SwiGLU.apply(gate, value)


class _SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, value):
        active = F.silu(gate)
        ctx.save_for_backward(gate, value, active)
        return active * value

    @staticmethod
    def backward(ctx, d_y):
        gate, value, active = ctx.saved_tensors
        return torch.ops.aten.silu_backward(d_y * value, gate), d_y * active


def attend(
    q: Float[Tensor, "N T d"],
    k: Float[Tensor, "N T d"],
    v: Float[Tensor, "N T d"],
    scale: float,
) -> Float[Tensor, "N T d"]:
    """`F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)` for a CPU."""
    return _Attend.apply(q, k, v, scale)


class _Attend(Function):
    @staticmethod
    def forward(ctx, q, k, v, scale):
        q = q * scale
        y = torch.empty_like(q)
        weights = []
        for a, b in _query_blocks(q.shape[1]):
            # Later keys are left out block by block; the mask is for those inside a block.
            mask = torch.full((b - a, b), -torch.inf, dtype=q.dtype, device=q.device).triu_(a + 1)
            scores = torch.baddbmm(mask, q[:, a:b], k[:, :b].mT)
            weights.append(torch.softmax(scores, dim=-1))
            torch.bmm(weights[-1], v[:, :b], out=y[:, a:b])
        ctx.save_for_backward(q, k, v, *weights)
        ctx.scale = scale
        return y

    @staticmethod
    def backward(ctx, d_y):
        q, k, v, *weights = ctx.saved_tensors
        d_q, d_k, d_v = torch.empty_like(q), None, None
        # The last block has all keys: it makes the sums that the others add to.
        for a, b in reversed(_query_blocks(q.shape[1])):
            p, d_block = weights.pop(), d_y[:, a:b]
            d_p = torch.bmm(d_block, v[:, :b].mT)
            d_scores = torch._softmax_backward_data(d_p, p, -1, p.dtype)
            torch.bmm(d_scores, k[:, :b], out=d_q[:, a:b])
            if d_k is None:
                d_k, d_v = torch.bmm(d_scores.mT, q[:, a:b]), torch.bmm(p.mT, d_block)
            else:
                d_k[:, :b].baddbmm_(d_scores.mT, q[:, a:b])
                d_v[:, :b].baddbmm_(p.mT, d_block)
        return d_q.mul_(ctx.scale), d_k, d_v, None


def _query_blocks(length: int) -> list[tuple[int, int]]:
    """Ranges of queries; a range needs the keys before its end only."""
    return [(a, min(a + QUERY_BLOCK, length)) for a in range(0, length, QUERY_BLOCK)]
