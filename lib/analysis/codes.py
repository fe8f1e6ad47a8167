"""Codes (feature activations) of a text: what each dictionary says at each position, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Float, Integer
from scipy import sparse
from torch import Tensor

from lib.core.device import autocast
from lib.model.language_model import LanguageModel
from lib.sae.autoencoders import TopK
from lib.sae.base import SparseAutoencoder

# Codes of L1 are dense at first: 2,048 rows of 16,384 features are 134 MB.
ROWS_AT_ONCE = 2048


@torch.no_grad()
def site_activations(
    model: LanguageModel,
    tokens: np.ndarray,
    site: str,
    *,
    device: torch.device,
    precision: str = "fp32",
    batch: int = 64,
) -> Iterator[Float[Tensor, "N D"]]:
    """The activations at `site` of a running text, in order, every position exactly once.

    Windows of one context overlap by half, and a position is read from the window that has seen
    at least half a context before it (the first window excepted). So no word is cut by a window's
    edge and no position is counted twice.

    Args:
        tokens: the text, [N] integers.
    Yields:
        pieces [n, D] in float32 on `device`; together they have N rows.
    """
    context = model.config.context
    half = context // 2
    stream = torch.from_numpy(np.asarray(tokens).astype(np.int64))
    n = len(stream)
    if n <= context:
        windows, keep_from, lengths = stream[None], [0], [n]
    else:
        firsts = [*range(0, n - context, half), n - context]
        windows = stream.unfold(0, context, 1)[firsts]
        # Each window adds the positions that the one before it did not reach.
        keep_from = [0] + [before + context - this for before, this in pairwise(firsts)]
        lengths = [context] * len(firsts)
    model.eval()
    for start in range(0, len(windows), batch):
        chunk = windows[start : start + batch].to(device)
        with autocast(device, precision):
            found = model(chunk, read=(site,), stop_at=site).activations[site].float()
        rows = range(start, start + len(chunk))
        yield torch.cat([found[i - start, keep_from[i] : lengths[i]] for i in rows])


@torch.no_grad()
def encode_text(
    model: LanguageModel,
    saes: Sequence[SparseAutoencoder],
    tokens: np.ndarray,
    site: str,
    *,
    device: torch.device,
    precision: str = "fp32",
    batch: int = 64,
) -> list[sparse.csr_array]:
    """One sparse matrix of codes [N, F] for each dictionary; row i belongs to `tokens[i]`."""
    pieces: list[list[sparse.csr_array]] = [[] for _ in saes]
    for activations in site_activations(
        model, tokens, site, device=device, precision=precision, batch=batch
    ):
        for rows in activations.split(ROWS_AT_ONCE):
            for sae, found in zip(saes, pieces, strict=True):
                found.append(_sparse_codes(sae, rows))
    return [sparse.vstack(found, format="csr") for found in pieces]


@torch.no_grad()
def encode_windows(
    model: LanguageModel,
    sae: SparseAutoencoder,
    windows: Integer[np.ndarray, "n T"],
    site: str,
    *,
    device: torch.device,
    precision: str = "fp32",
    batch: int = 64,
) -> sparse.csr_array:
    """Codes [n T, F] of windows read one by one, each from its own beginning."""
    pieces = []
    model.eval()
    for start in range(0, len(windows), batch):
        chunk = torch.from_numpy(windows[start : start + batch].astype(np.int64)).to(device)
        with autocast(device, precision):
            found = model(chunk, read=(site,), stop_at=site).activations[site].float()
        pieces += [_sparse_codes(sae, rows) for rows in found.flatten(0, 1).split(ROWS_AT_ONCE)]
    return sparse.vstack(pieces, format="csr")


@torch.no_grad()
def codes_of(sae: SparseAutoencoder, x: Float[Tensor, "N D"]) -> sparse.csr_array:
    """The codes of some vectors, [N, F]."""
    pieces = [to_sparse(sae.encode(rows)) for rows in x.to(sae.W_dec).split(2 * ROWS_AT_ONCE)]
    return sparse.vstack(pieces, format="csr")


def to_sparse(codes: Float[Tensor, "N F"]) -> sparse.csr_array:
    """Equivalent to `csr_array(codes)`, but faster: places are found in one sweep."""
    dense = codes.cpu().contiguous().numpy()
    on = dense != 0
    places = np.flatnonzero(on)
    ends = np.zeros(len(dense) + 1, dtype=np.int32)
    np.cumsum(on.sum(1), out=ends[1:])
    columns = (places % max(1, dense.shape[1])).astype(np.int32)
    return sparse.csr_array((dense.ravel()[places], columns, ends), shape=dense.shape)


def _sparse_codes(sae: SparseAutoencoder, x: Float[Tensor, "N D"]) -> sparse.csr_array:
    """Equivalent to `csr_array(sae.encode(x))`; TopK's codes are never written out in full."""
    if not isinstance(sae, TopK):
        return to_sparse(sae.encode(x))
    found = sae.select(x)
    ends = np.arange(len(x) + 1) * sae.k
    entries = (found.values.relu().flatten().cpu().numpy(), found.indices.flatten().cpu().numpy())
    codes = sparse.csr_array((*entries, ends), shape=(len(x), sae.features))
    codes.eliminate_zeros()
    codes.sort_indices()
    return codes
