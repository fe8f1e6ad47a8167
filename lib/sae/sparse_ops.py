"""A TopK step with one dense product.

A dense step multiplies B D F numbers six times. Only the encoder's product, which finds out where
the k largest codes are, needs all of them; afterwards k of F numbers in each row are not zero, and
everything else, both gradients included, is a sum of k rows for each row of the batch. The step is
three functions:

    found  = select_topk(...)              which features, and how much
    values = encode_at(found.values, ...)  the same numbers, with a gradient
    x_hat  = decode_at(values, ...)        the sum of the chosen rows of W_dec

Sums of chosen rows are what `embedding_bag` computes, and it is fast on every device. The
gradients of W_enc and W_dec are such sums too once the codes are sorted by feature (`by_feature`):
row f is the sum of the inputs, or of the output's gradients, on which feature f was chosen.

Everything has a leading axis of E dictionaries, which train together; one is E = 1. Their features
are numbered through, feature f of dictionary e being e F + f, and so are their rows.

Each function's docstring says in one line of plain torch what it computes; the tests run that line.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import embedding_bag

# Rows of pre-activations held at a time on the CPU: they stay in the cache until they are searched.
# 256 is also the largest count that bfloat16 holds exactly.
CPU_ROWS = 256
# More rows are held where so many numbers are not exceeded.
CPU_NUMBERS = 2**18
# On a GPU only memory bounds the rows: 2^28 numbers are 1 GiB in float32.
GPU_NUMBERS = 2**28
# Groups are searched before their members as long as they are this many times k.
GROUP, GROUPS_PAY = 8, 8
# A search in a low format looks for half as many again, at least 16 more; then exact values decide.
MORE, FEWEST_MORE = 0.5, 16


class TopCodes(NamedTuple):
    """Where the largest codes are, and how large they are."""

    indices: Int[Tensor, "*E B K"]
    """Features of each dictionary, in no order."""
    values: Float[Tensor, "*E B K"]
    """Pre-activations in the format of the inputs; may be negative."""


class Entries(NamedTuple):
    """Codes that are not zero, by row and by feature; N in all, numbered row by row."""

    features: Int[Tensor, " N"]
    """The feature of each, numbered through."""
    rows: Int[Tensor, " N"]
    """Its row, rising."""
    starts: Int[Tensor, " R"]
    """Where each row's begin."""
    order: Int[Tensor, " N"]
    """Their numbers, sorted by feature."""
    offsets: Int[Tensor, " T"]
    """Where each feature's begin in `order`."""


def rows_at_once(device: torch.device, features: int) -> int:
    """Rows of dense codes that should be held at a time."""
    if device.type == "cpu":
        return max(CPU_ROWS, CPU_NUMBERS // features)
    return max(1, GPU_NUMBERS // features)


def product(
    x: Float[Tensor, "E B D"], rows: Float[Tensor, "E F D"], bias: Float[Tensor, "E F"]
) -> Float[Tensor, "E B F"]:
    """Equivalent to `torch.baddbmm(bias[:, None], x, rows.mT)`; differentiable."""
    if len(x) > 1:
        return torch.baddbmm(bias[:, None], x, rows.mT)
    x, rows, bias = x.squeeze(0), rows.squeeze(0), bias.squeeze(0)
    differentiated = any(t.requires_grad for t in (x, rows, bias)) and torch.is_grad_enabled()
    if differentiated or x.device.type != "cpu" or x.dtype not in _fused_formats() or not len(x):
        return torch.addmm(bias, x, rows.t())[None]
    # oneDNN adds the bias as it writes; torch's addmm writes it first and reads it again.
    return torch.ops.mkldnn._linear_pointwise(x, rows, bias, "none", [], "")[None]


@cache
def _fused_formats() -> set[torch.dtype]:
    """Formats for which oneDNN has a product with a bias on this machine."""
    if not torch.backends.mkldnn.is_available():
        return set()
    low = {torch.bfloat16} if torch.ops.mkldnn._is_mkldnn_bf16_supported() else set()
    return {torch.float32} | low


@torch.no_grad()
def select_topk(
    x: Float[Tensor, "E B D"],
    rows: Float[Tensor, "E F D"],
    b_enc: Float[Tensor, "E F"],
    k: int,
    dtype: torch.dtype | None = None,
) -> TopCodes:
    """Equivalent to `(x @ rows.mT + b_enc[:, None]).topk(k)`, some rows at a time.

    Args:
        x: inputs, already centred.
        rows: the encoders, feature by feature.
        dtype: number format of the product; None: that of x. With a lower one some more than k
            candidates are found in it, and their exact values decide; so it chooses another
            feature only where rounding moves one past all of these.
    """
    members, features = rows.shape[:2]
    low = dtype is not None and dtype != x.dtype
    wanted = min(features, k + max(FEWEST_MORE, int(MORE * k))) if low else k
    to = dtype or x.dtype
    searched, bias = rows.to(to), b_enc.to(to)
    found = []
    for piece in x.to(to).split(rows_at_once(x.device, members * features), dim=1):
        found.append(largest(product(piece, searched, bias), wanted))
    values, indices = (torch.cat(parts, dim=1) for parts in zip(*found, strict=True))
    if low:
        where = entries_of(indices, features)
        values = dot_with_rows(x.flatten(0, 1), rows.flatten(0, 1), where)
        values = (values + b_enc.flatten()[where.features]).view(indices.shape)
        values, chosen = values.topk(k, dim=2, sorted=False)
        indices = indices.gather(2, chosen)
    return TopCodes(indices, values)


def largest(values: Float[Tensor, "E B F"], k: int) -> tuple[Tensor, Tensor]:
    """Equivalent to `values.topk(k)`, in no order.

    On a CPU torch's search takes as long for each of F numbers; a maximum takes a tenth. The k
    largest lie in the k groups with the largest maxima, which are found the same way.
    """
    features = values.shape[-1]
    groups = features // GROUP
    if values.device.type != "cpu" or features % GROUP or groups < GROUPS_PAY * k:
        return tuple(values.topk(k, dim=-1, sorted=False))
    maxima = values.unflatten(-1, (GROUP, groups)).amax(-2)
    _, which = largest(maxima, k)
    candidates = (which[..., None] + torch.arange(0, features, groups)).flatten(-2)
    found, chosen = values.gather(-1, candidates).topk(k, dim=-1, sorted=False)
    return found, candidates.gather(-1, chosen)


def drop_beyond(found: TopCodes, ks: Int[Tensor, " E"]) -> TopCodes:
    """Sets to zero what a dictionary with a smaller k than the largest does not keep."""
    values, order = found.values.sort(dim=2, descending=True)
    keeps = torch.arange(values.shape[2], device=ks.device) < ks[:, None, None]
    return TopCodes(found.indices.gather(2, order), values * keeps)


@torch.no_grad()
def entries_of(indices: Int[Tensor, "E B K"], features: int) -> Entries:
    """The entries that `indices` names, K in each row; their order by feature is left out."""
    members, batch, k = indices.shape
    device = indices.device
    shift = torch.arange(0, members * features, features, device=device)[:, None, None]
    flat = (indices + shift).flatten()
    starts = torch.arange(0, members * batch * k, k, device=device)
    rows = torch.arange(len(flat), device=device).div(k, rounding_mode="floor")
    return Entries(flat, rows, starts, flat, flat)


@torch.no_grad()
def by_feature(entries: Entries, features: int) -> Entries:
    """Sorts entries by feature, stably, so that sums run in the same order every time.

    Args:
        features: of all dictionaries together.
    """
    flat = entries.features
    order = _sorted(flat, features)
    counts = torch.zeros(features, dtype=torch.int64, device=flat.device)
    counts.scatter_add_(0, flat, torch.ones_like(flat))
    return entries._replace(order=order, offsets=counts.cumsum(0) - counts)


def _sorted(flat: Int[Tensor, " N"], features: int) -> Int[Tensor, " N"]:
    if flat.device.type != "cpu" or features > 2**16:
        return torch.argsort(flat, stable=True)
    # numpy sorts 16-bit integers by radix, ten times faster than torch sorts any.
    return torch.from_numpy(np.argsort(flat.numpy().astype(np.uint16), kind="stable"))


def sum_of_rows(
    table: Float[Tensor, "T D"], entries: Entries, weights: Float[Tensor, " N"]
) -> Float[Tensor, "R D"]:
    """Equivalent to `torch.zeros(R, T).index_put((rows, features), weights) @ table`."""
    if not len(weights):
        return table.new_zeros(len(entries.starts), table.shape[1])
    return embedding_bag(
        entries.features, table, entries.starts, per_sample_weights=weights, mode="sum"
    )


def sum_by_feature(
    inputs: Float[Tensor, "R D"], entries: Entries, weights: Float[Tensor, " N"]
) -> Float[Tensor, "T D"]:
    """Equivalent to `torch.zeros(R, T).index_put((rows, features), weights).t() @ inputs`."""
    order, offsets = entries.order, entries.offsets
    if not len(order):
        return inputs.new_zeros(len(offsets), inputs.shape[1])
    rows, weights = entries.rows[order], weights[order]
    return embedding_bag(rows, inputs, offsets, per_sample_weights=weights, mode="sum")


def dot_with_rows(
    inputs: Float[Tensor, "R D"], table: Float[Tensor, "T D"], entries: Entries
) -> Float[Tensor, " N"]:
    """Equivalent to `(inputs[rows] * table[features]).sum(1)`, without the [N, D].

    It is the gradient of `sum_of_rows` with respect to its weights, for which there is a kernel.
    """
    features, rows, starts, *_ = entries
    return torch.ops.aten._embedding_bag_per_sample_weights_backward(
        inputs, table, features, starts, rows, 0
    )


class _EncodeAt(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, known, centred, b_dec, rows, b_enc, *entries):
        values = known.flatten().relu()
        ctx.save_for_backward(values, centred, rows, *entries)
        return values

    @staticmethod
    def backward(ctx: Any, gradient):
        values, centred, rows, *entries = ctx.saved_tensors
        entries = Entries(*entries)
        _, needs_x, needs_b_dec, *_ = ctx.needs_input_grad
        # ReLU let nothing through where it wrote zero.
        gradient = gradient * (values > 0)
        d_rows = sum_by_feature(centred.flatten(0, 1), entries, gradient).view_as(rows)
        d_b = gradient.new_zeros(rows.shape[:2])
        d_b.view(-1).index_add_(0, entries.features, gradient)
        d_x = sum_of_rows(rows.flatten(0, 1), entries, gradient) if needs_x else None
        # b_dec needs the sum over the batch only: sum first, then one product with a vector.
        d_b_dec = -torch.bmm(d_b[:, None], rows).squeeze(1) if needs_b_dec else None
        d_x = d_x.view_as(centred) if needs_x else None
        return None, d_x, d_b_dec, d_rows, d_b, *[None] * len(entries)


class _DecodeAt(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values, W_dec, *entries):
        ctx.save_for_backward(values, W_dec, *entries)
        x_hat = sum_of_rows(W_dec.flatten(0, 1), Entries(*entries), values)
        return x_hat.view(len(W_dec), -1, W_dec.shape[2])

    @staticmethod
    def backward(ctx: Any, gradient):
        values, W_dec, *entries = ctx.saved_tensors
        entries, gradient = Entries(*entries), gradient.flatten(0, 1).contiguous()
        d_values = dot_with_rows(gradient, W_dec.flatten(0, 1), entries)
        d_W = sum_by_feature(gradient, entries, values).view_as(W_dec)
        return d_values, d_W, *[None] * len(entries)


def encode_at(
    known: Float[Tensor, "E B K"],
    centred: Float[Tensor, "E B D"],
    b_dec: Float[Tensor, "E D"] | None,
    rows: Float[Tensor, "E F D"],
    b_enc: Float[Tensor, "E F"],
    entries: Entries,
) -> Float[Tensor, " N"]:
    """Equivalent to `(centred @ rows.mT + b_enc[:, None]).relu().gather(2, indices).flatten()`,
    differentiable.

    Args:
        known: the pre-activations at the entries, as `select_topk` gives them.
        centred: inputs from which b_dec, if it is given, was subtracted.
        b_dec: gets a gradient from there; None where nothing was subtracted.
        entries: sorted by feature.
    """
    return _EncodeAt.apply(known, centred, b_dec, rows, b_enc, *entries)


def decode_at(
    values: Float[Tensor, " N"], W_dec: Float[Tensor, "E F D"], entries: Entries
) -> Float[Tensor, "E B D"]:
    """Equivalent to `torch.zeros(E, B, F).scatter(2, indices, values) @ W_dec`, differentiable.

    Args:
        entries: sorted by feature, where a gradient is wanted.
    """
    return _DecodeAt.apply(values, W_dec, *entries)
