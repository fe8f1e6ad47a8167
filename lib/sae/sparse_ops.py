"""A TopK step with one dense product.

A dense step multiplies B D F numbers six times. Only the encoder's product, which finds out where
the k largest codes are, needs all of them; afterwards k of F numbers in each row are not zero, and
everything else, both gradients included, is a sum of k rows for each row of the batch. The step is
three functions:

    indices = select_topk(...)         which features; no gradient, may run in bf16
    values  = encode_at(..., indices)  how much, in full precision
    x_hat   = decode_at(values, ...)   the sum of the chosen rows of W_dec

Sums of chosen rows are what `embedding_bag` computes, and it is fast on every device. The
gradients of W_enc and W_dec are such sums too once the codes are sorted by feature (`by_feature`):
row f is the sum of the inputs, or of the output's gradients, on which feature f was chosen.

Each function's docstring says in one line of plain torch what it computes; the tests run that line.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import embedding_bag

# Rows of pre-activations held at a time on the CPU: they stay in the cache until they are searched,
# and the memory is used again instead of being fetched from the system page by page. 256 is also
# the largest count that bfloat16 holds exactly.
CPU_ROWS = 256
# On a GPU only memory bounds the rows: 2^28 numbers are 1 GiB in float32.
GPU_NUMBERS = 2**28


class TopCodes(NamedTuple):
    """Where the largest codes are, and how large they were when they were found."""

    indices: Int[Tensor, "B K"]
    """Features, in no order."""
    values: Float[Tensor, "B K"]
    """Pre-activations in the format of the search; may be negative."""


class ByFeature(NamedTuple):
    """The entries of `indices`, flattened and sorted by feature."""

    order: Int[Tensor, " N"]
    """Positions in the flattened `indices`."""
    rows: Int[Tensor, " N"]
    """The batch's row of each sorted entry."""
    offsets: Int[Tensor, " F"]
    """Where each feature's entries begin."""


def rows_at_once(device: torch.device, features: int) -> int:
    """Rows of dense codes that should be held at a time."""
    return CPU_ROWS if device.type == "cpu" else max(1, GPU_NUMBERS // features)


@torch.no_grad()
def select_topk(
    x: Float[Tensor, "B D"],
    W_enc: Float[Tensor, "D F"],
    b_enc: Float[Tensor, " F"],
    k: int,
    dtype: torch.dtype | None = None,
) -> TopCodes:
    """Equivalent to `(x @ W_enc + b_enc).topk(k)`, some rows at a time.

    Args:
        x: inputs, already centred.
        dtype: number format of the product; None: that of x. A lower one can choose another
            feature where the k-th and the next code differ by less than its rounding.
    """
    dtype = dtype or x.dtype
    features = W_enc.shape[1]
    rows = rows_at_once(x.device, features)
    x, W_enc, b_enc = x.to(dtype), W_enc.to(dtype), b_enc.to(dtype)
    indices = torch.empty(len(x), k, dtype=torch.int64, device=x.device)
    values = torch.empty(len(x), k, dtype=dtype, device=x.device)
    buffer = torch.empty(min(rows, len(x)), features, dtype=dtype, device=x.device)
    for start in range(0, len(x), rows):
        piece = x[start : start + rows]
        here = slice(start, start + len(piece))
        found = torch.addmm(b_enc, piece, W_enc, out=buffer[: len(piece)])
        torch.topk(found, k, dim=1, sorted=False, out=(values[here], indices[here]))
    return TopCodes(indices, values)


@torch.no_grad()
def by_feature(indices: Int[Tensor, "B K"], features: int) -> ByFeature:
    """Sorts entries by feature, stably, so that sums run in the same order every time."""
    flat = indices.flatten()
    if flat.device.type == "cpu":
        # numpy sorts 16-bit integers by radix, ten times faster than torch sorts any.
        small = np.uint16 if features <= 2**16 else np.int64
        order = torch.from_numpy(np.argsort(flat.numpy().astype(small), kind="stable"))
    else:
        order = torch.argsort(flat, stable=True)
    counts = torch.bincount(flat, minlength=features)
    return ByFeature(order, order // max(1, indices.shape[1]), counts.cumsum(0) - counts)


def sum_of_rows(
    table: Float[Tensor, "F D"], indices: Int[Tensor, "B K"], weights: Float[Tensor, "B K"]
) -> Float[Tensor, "B D"]:
    """Equivalent to `torch.einsum("bk,bkd->bd", weights, table[indices])`."""
    if not indices.numel():
        return table.new_zeros(len(indices), table.shape[1])
    return embedding_bag(indices, table, per_sample_weights=weights, mode="sum")


def sum_by_feature(
    inputs: Float[Tensor, "B D"], entries: ByFeature, weights: Float[Tensor, "B K"]
) -> Float[Tensor, "F D"]:
    """Equivalent to `torch.zeros(B, F).scatter(1, indices, weights).t() @ inputs`."""
    order, rows, offsets = entries
    if not len(rows):
        return inputs.new_zeros(len(offsets), inputs.shape[1])
    weights = weights.flatten()[order]
    return embedding_bag(rows, inputs, offsets, per_sample_weights=weights, mode="sum")


def dot_with_rows(
    inputs: Float[Tensor, "B D"], table: Float[Tensor, "F D"], indices: Int[Tensor, "B K"]
) -> Float[Tensor, "B K"]:
    """Equivalent to `torch.einsum("bd,bkd->bk", inputs, table[indices])`, without the [B, K, D].

    It is the gradient of `sum_of_rows` with respect to its weights, for which there is a kernel.
    """
    with torch.enable_grad():
        weights = inputs.new_zeros(indices.shape, requires_grad=True)
        total = sum_of_rows(table.detach(), indices, weights)
        if not indices.numel():
            return weights.detach()
        return torch.autograd.grad(total, weights, inputs)[0]


class _EncodeAt(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x, b_dec, W_enc, b_enc, indices, entries, known):
        centred = x if b_dec is None else x - b_dec
        rows = W_enc.t()
        values = known
        if known is None:
            values = dot_with_rows(centred, rows.contiguous(), indices) + b_enc[indices]
        values = values.relu()
        ctx.save_for_backward(centred, W_enc, indices, values, *entries)
        return values

    @staticmethod
    def backward(ctx: Any, gradient):
        centred, W_enc, indices, values, *entries = ctx.saved_tensors
        needs_x, needs_b_dec, *_ = ctx.needs_input_grad
        # ReLU let nothing through where it wrote zero.
        gradient = gradient * (values > 0)
        rows = W_enc.t().contiguous()
        d_W = sum_by_feature(centred, ByFeature(*entries), gradient).t()
        d_b = gradient.new_zeros(len(rows)).index_add_(0, indices.flatten(), gradient.flatten())
        d_x = sum_of_rows(rows, indices, gradient) if needs_x else None
        # b_dec needs the sum over the batch only: sum first, then one product with a vector.
        d_b_dec = -(d_b @ rows) if needs_b_dec else None
        return d_x, d_b_dec, d_W, d_b, None, None, None


class _DecodeAt(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values, indices, W_dec, entries):
        ctx.save_for_backward(values, indices, W_dec, *entries)
        return sum_of_rows(W_dec, indices, values)

    @staticmethod
    def backward(ctx: Any, gradient):
        values, indices, W_dec, *entries = ctx.saved_tensors
        d_values = dot_with_rows(gradient.contiguous(), W_dec, indices)
        d_W = sum_by_feature(gradient.contiguous(), ByFeature(*entries), values)
        return d_values, None, d_W, None


def encode_at(
    x: Float[Tensor, "B D"],
    b_dec: Float[Tensor, " D"] | None,
    W_enc: Float[Tensor, "D F"],
    b_enc: Float[Tensor, " F"],
    indices: Int[Tensor, "B K"],
    entries: ByFeature,
    known: Float[Tensor, "B K"] | None = None,
) -> Float[Tensor, "B K"]:
    """Equivalent to `((x - b_dec) @ W_enc + b_enc).relu().gather(1, indices)`, differentiable.

    Args:
        b_dec: None where nothing is subtracted from the input.
        W_enc: fastest where it is stored feature by feature, as dictionaries store it.
        entries: `by_feature(indices, F)`.
        known: the pre-activations at `indices`, where they are known in full precision.
    """
    return _EncodeAt.apply(x, b_dec, W_enc, b_enc, indices, entries, known)


def decode_at(
    values: Float[Tensor, "B K"],
    indices: Int[Tensor, "B K"],
    W_dec: Float[Tensor, "F D"],
    entries: ByFeature,
) -> Float[Tensor, "B D"]:
    """Equivalent to `torch.zeros(B, F).scatter(1, indices, values) @ W_dec`, differentiable."""
    return _DecodeAt.apply(values, indices, W_dec, entries)
