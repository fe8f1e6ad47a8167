"""Probe texts, read once: codes of some dictionaries along them, vectors at some positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int, Integer
from scipy import sparse
from torch import Tensor

from lib.analysis.codes import ROWS_AT_ONCE, site_activations, to_sparse
from lib.core.device import autocast
from lib.model.language_model import Cache, LanguageModel
from lib.sae.base import SparseAutoencoder


class Reading(NamedTuple):
    """What was found in one text."""

    codes: list[sparse.csr_array]
    """Of each dictionary, [N, F], at the first N tokens."""
    vectors: Float[Tensor, "n D"]
    """What stands at the site at the wanted positions, times the scale; on the CPU."""


@torch.no_grad()
def read_text(
    model: LanguageModel,
    saes: Sequence[SparseAutoencoder],
    tokens: Integer[np.ndarray, " N"],
    site: str,
    positions: Int[np.ndarray, " n"],
    *,
    scale: float,
    device: torch.device,
    precision: str,
    code_tokens: int | None = None,
) -> Reading:
    """Codes along the text and vectors at `positions`, with one pass of the model.

    Args:
        saes: trained on the site's vectors times `scale`; they keep every positive code.
        positions: rising.
        code_tokens: how far codes are wanted, N; None: to the end. Codes of dictionaries that were
            never trained are half full.
    """
    pieces: list[list[sparse.csr_array]] = [[] for _ in saes]
    vectors, done = [], 0
    to_encode = (len(tokens) if code_tokens is None else code_tokens) if saes else 0
    end = max(to_encode, int(positions.max(initial=-1)) + 1)
    for found in site_activations(model, tokens, site, device=device, precision=precision):
        here = positions[(positions >= done) & (positions < done + len(found))] - done
        vectors.append(found[torch.from_numpy(here).to(found.device)].cpu() * scale)
        wanted = len(found) if code_tokens is None else max(0, code_tokens - done)
        for rows in found[:wanted].split(ROWS_AT_ONCE) if wanted else ():
            for sae, into in zip(saes, pieces, strict=True):
                into.append(to_sparse(sae.encode(rows * scale)))
        done += len(found)
        if done >= end:
            break  # nobody asks for what comes after
    return Reading([sparse.vstack(p, format="csr") for p in pieces], torch.cat(vectors))


@torch.no_grad()
def without_feature(
    model: LanguageModel,
    sae: SparseAutoencoder,
    features: Sequence[int],
    windows: Int[Tensor, "N T"],
    site: str,
    *,
    scale: float,
    seed: int | None = None,
    batch: int = 64,
) -> Float[np.ndarray, "features N"]:
    """How far the prediction after a window moves when one feature is taken out at its last token.

    What the feature writes there is subtracted from the site; the rest, what the dictionary does
    not explain included, stays. The answer is KL(own || without) in nats.

    Args:
        sae: reads the site's vectors times `scale`.
        seed: takes out as much in a random direction instead, one for each feature and window.
    """
    generator = torch.Generator().manual_seed(seed or 0)
    rows = sae.W_dec[list(features)] / scale
    pieces = []
    for chunk in windows.split(batch):
        chunk = chunk.to(model.device)
        # What comes before the last token is the same for all, and is read once.
        begun = model.new_cache()
        if chunk.shape[1] > 1:
            with autocast(model.device, "fp32"):
                model(chunk[:, :-1], read=("final",), stop_at="final", cache=begun)
        clean, x = _after(model, chunk, site, begun)
        codes = sae.encode(x.to(sae.W_dec) * scale)[:, list(features)]
        found = []
        for number, row in enumerate(rows):
            written = codes[:, number, None] * row
            if seed is not None:
                other = F.normalize(torch.randn(x.shape, generator=generator), dim=1).to(written)
                written = other * torch.linalg.vector_norm(written, dim=1, keepdim=True)
            changed, _ = _after(model, chunk, site, begun, written)
            found.append((clean.exp() * (clean - changed)).sum(1))
        pieces.append(torch.stack(found).cpu())
    return torch.cat(pieces, dim=1).numpy()


def _after(
    model: LanguageModel,
    windows: Int[Tensor, "N T"],
    site: str,
    begun: Cache,
    less: Tensor | None = None,
) -> tuple[Float[Tensor, "N V"], Float[Tensor, "N D"]]:
    """Log-probabilities after the last token, and the site there; `less` is taken from it."""

    def edit(x: Tensor) -> Tensor:
        return x - (0 if less is None else less[:, None].to(x.dtype))

    with autocast(model.device, "fp32"):
        output = model(
            windows[:, -1:], read=(site, "final"), stop_at="final", edit={site: edit},
            cache=begun.copy(),
        )  # fmt: skip
        logits = model.unembedding(output.activations["final"][:, -1])
    return F.log_softmax(logits.float(), dim=1), output.activations[site][:, -1].float()


def token_positions(
    tokens: Integer[np.ndarray, " N"], token: int, most: int
) -> Int[np.ndarray, " n"]:
    """The first `most` places of a token that have a token before them."""
    found = np.flatnonzero(tokens == token)
    return found[found > 0][:most]


def classes_before(
    texts: Sequence[Integer[np.ndarray, " _"]],
    positions: Sequence[Int[np.ndarray, " _"]],
    classes: int,
) -> list[Int[np.ndarray, " _"]]:
    """Classes of contexts that need no rule: the token before, if it is a frequent one there.

    Args:
        texts: token ids; the frequent ones are counted in the first text.
        positions: of the contexts, for each text.
    Returns:
        for each text labels 0 .. classes - 1, the most frequent first, and `classes` for the rest.
    """
    before = [text[p - 1].astype(np.int64) for text, p in zip(texts, positions, strict=True)]
    kinds, counts = np.unique(before[0], return_counts=True)
    frequent = kinds[np.argsort(-counts, kind="stable")][:classes].tolist()
    lookup = {token: number for number, token in enumerate(frequent)}
    return [np.array([lookup.get(t, classes) for t in row.tolist()], dtype=int) for row in before]
