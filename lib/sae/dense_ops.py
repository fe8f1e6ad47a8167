"""Dense steps with no product more than they need.

A dictionary whose codes are dense takes five products a step: encode, decode, and one for each of
the gradients of the codes, W_dec and W_enc. Plain autograd takes a sixth, the gradient of the
centred input, only to sum it over the batch for b_dec.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

# Rows of codes held at a time on the CPU, see `lib.sae.sparse_ops`. Also the largest count that
# bfloat16 holds exactly.
CPU_ROWS = 256
GPU_NUMBERS = 2**28


class _Affine(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x, b_dec, W, b, dtype):
        centred = (x if b_dec is None else x - b_dec).to(dtype)
        low = W.to(dtype)
        ctx.save_for_backward(centred, low)
        ctx.formats = (x.dtype, dtype)
        return torch.addmm(b.to(dtype), centred, low).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, gradient):
        centred, W = ctx.saved_tensors
        full, dtype = ctx.formats
        needs_x, needs_b_dec, *_ = ctx.needs_input_grad
        low = gradient.to(dtype)
        d_W = (low.t() @ centred).to(full).t()
        d_b = gradient.sum(0)
        d_x = (low @ W.t()).to(full) if needs_x else None
        d_b_dec = -(W.to(full) @ d_b) if needs_b_dec else None
        return d_x, d_b_dec, d_W, d_b, None


def affine(
    x: Float[Tensor, "B D"],
    b_dec: Float[Tensor, " D"] | None,
    W: Float[Tensor, "D F"],
    b: Float[Tensor, " F"],
    dtype: torch.dtype | None = None,
) -> Float[Tensor, "B F"]:
    """Equivalent to `(x - b_dec) @ W + b`, without the product for the gradient of x - b_dec.

    Args:
        b_dec: None where nothing is subtracted.
        dtype: number format of the products; None: that of x.
    """
    return _Affine.apply(x, b_dec, W, b, dtype or x.dtype)


def sum_rows(values: Float[Tensor, "*E B N"]) -> Float[Tensor, "*E N"]:
    """Sums over the last dimension but one.

    On the CPU asking for another format would cost a copy of `values`, and sums are made in float32
    whatever the result is rounded to. So counts of up to 256 rows are exact in every format.
    """
    wide = torch.promote_types(values.dtype, torch.float32)
    return values.sum(-2) if values.device.type == "cpu" else values.sum(-2, dtype=wide)


class L1Sums(NamedTuple):
    """What `l1_loss` returns: scalars, and a count for each feature."""

    total: Float[Tensor, ""]
    """reconstruction + coefficient * sparsity; the only field with a gradient."""
    reconstruction: Float[Tensor, ""]
    sparsity: Float[Tensor, ""]
    fired: Int[Tensor, " F"]
    """Rows in which each code is above zero."""


class _L1Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x, W_enc, b_enc, W_dec, b_dec, coefficient, pre_bias, dtype):
        low_enc, low_dec = W_enc.to(dtype), W_dec.to(dtype)
        features = W_dec.shape[0]
        d_W_enc, d_W_dec = torch.zeros_like(W_dec), torch.zeros_like(W_dec)
        d_b_enc, d_b_dec = torch.zeros_like(b_enc), torch.zeros_like(b_dec)
        reconstruction, sparsity = x.new_zeros(()), x.new_zeros(())
        fired = torch.zeros(features, dtype=torch.int64, device=x.device)
        rows = CPU_ROWS if x.device.type == "cpu" else max(1, GPU_NUMBERS // features)
        scale = 1.0 / max(1, len(x))
        between = 2.0 ** -round(math.log2(max(1, min(rows, len(x)))) / 2)
        for piece in x.split(rows):
            centred = (piece - b_dec if pre_bias else piece).to(dtype)
            codes = torch.addmm(b_enc.to(dtype), centred, low_enc).relu_()
            error = torch.addmm(b_dec.to(dtype), codes, low_dec).to(x.dtype) - piece
            active = codes.sign()
            reconstruction += error.square().sum()
            sparsity += sum_rows(codes).sum(dtype=x.dtype)
            fired += sum_rows(active).long()
            # Between a row's gradient and the sum of them all, so that fp16 can hold both.
            error = 2 * between * error
            low_error = error.to(dtype)
            d_codes = torch.addmm(codes.new_full((), coefficient * between), low_error, low_dec.t())
            d_codes.mul_(active)
            _accumulate(d_W_dec, codes.t(), low_error)
            _accumulate(d_W_enc, d_codes.t(), centred)
            d_b_enc += sum_rows(d_codes)
            d_b_dec += error.sum(0)
        if pre_bias:
            d_b_dec -= W_enc @ d_b_enc
        gradients = (d_W_enc.t(), d_b_enc, d_W_dec, d_b_dec)
        for gradient in gradients:
            gradient.mul_(scale / between)
        ctx.save_for_backward(*gradients)
        reconstruction, sparsity = reconstruction * scale, sparsity * scale
        ctx.mark_non_differentiable(reconstruction, sparsity, fired)
        return reconstruction + coefficient * sparsity, reconstruction, sparsity, fired

    @staticmethod
    def backward(ctx: Any, gradient, *_):
        return None, *(gradient * saved for saved in ctx.saved_tensors), None, None, None


def _accumulate(total: Tensor, a: Tensor, b: Tensor) -> None:
    """total += a @ b, in one pass where the formats agree."""
    if a.dtype == total.dtype:
        total.addmm_(a, b)
    else:
        total += a @ b


def l1_loss(
    x: Float[Tensor, "B D"],
    W_enc: Float[Tensor, "D F"],
    b_enc: Float[Tensor, " F"],
    W_dec: Float[Tensor, "F D"],
    b_dec: Float[Tensor, " D"],
    *,
    coefficient: float,
    pre_bias: bool,
    dtype: torch.dtype | None = None,
) -> L1Sums:
    """Equivalent to `codes = ((x - b_dec) @ W_enc + b_enc).relu()` and
    `(codes @ W_dec + b_dec - x).square().sum(1).mean() + coefficient * codes.sum(1).mean()`.

    Loss and gradients are made together, some rows at a time, so that the codes of the whole batch
    never lie in memory and five products are enough. x gets no gradient.

    Args:
        dtype: number format of the products; None: that of x.
    """
    parameters = (W_enc, b_enc, W_dec, b_dec)
    return L1Sums(*_L1Loss.apply(x, *parameters, coefficient, pre_bias, dtype or x.dtype))
