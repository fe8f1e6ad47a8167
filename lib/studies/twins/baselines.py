"""Baselines for a dictionary: components, factors, neurons and random directions.

Each is a set of directions with a number for each of them at each position, so that it can be
compared with a dictionary in both respects: where its directions point, and what its numbers mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

# Rounds of what iterates: seconds for a few thousand vectors. What a solution then still
# changes is small, and a baseline need not be the last word.
ICA_ROUNDS, NMF_ROUNDS, ENCODING_ROUNDS = 60, 40, 30


class Baseline(NamedTuple):
    """Directions, and how strongly each is there."""

    directions: Float[Tensor, "N D"]
    """Rows of norm 1."""
    encode: Callable[[Float[np.ndarray, "M D"]], Float[np.ndarray, "M N"]]
    """A vector's number for each direction, larger where there is more of it."""


def baselines(sample: Float[Tensor, "M D"], seed: int = 0) -> dict[str, Baseline]:
    """Five baselines for one site, each as many directions as it has dimensions or twice that.

    - neurons: the site's own axes.
    - random: directions drawn alike from all of the space, as many as dimensions.
    - PCA: components and their opposites, because a feature has a sign.
    - ICA: FastICA's (Hyvarinen 1999) mixing directions and their opposites.
    - NMF: factors of the vectors above their lowest values (Lee and Seung 1999).

    Args:
        sample: vectors of the site.
    """
    x = sample.double().cpu().numpy()
    mean, width = x.mean(0), x.shape[1]
    generator = torch.Generator().manual_seed(seed)
    random = nn.functional.normalize(torch.randn(width, width, generator=generator), dim=1)
    return {
        "neurons": Baseline(torch.eye(width), lambda v: v),
        "random": Baseline(random, lambda v: (v - mean) @ random.double().numpy().T),
        "PCA": _pca(x, mean),
        "ICA": _ica(x, seed),
        "NMF": _nmf(x, seed),
    }


def _pca(x: np.ndarray, mean: np.ndarray) -> Baseline:
    components = np.linalg.svd(x - mean, full_matrices=False)[2]
    both = np.concatenate([components, -components])
    return Baseline(torch.from_numpy(both).float(), lambda v: (v - mean) @ both.T)


def _ica(x: np.ndarray, seed: int) -> Baseline:
    from sklearn.decomposition import FastICA  # half a second to import

    sizes = np.linalg.svd(x - x.mean(0), compute_uv=False)
    rank = int((sizes > 1e-6 * sizes[0]).sum())
    solver = FastICA(rank, whiten="unit-variance", max_iter=ICA_ROUNDS, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solver.fit(x)
    mixing = torch.from_numpy(np.concatenate([solver.mixing_.T, -solver.mixing_.T])).float()

    def encode(v: np.ndarray) -> np.ndarray:
        values = solver.transform(v)
        return np.concatenate([values, -values], axis=1)

    return Baseline(nn.functional.normalize(mixing, dim=1), encode)


def _nmf(x: np.ndarray, seed: int) -> Baseline:
    from sklearn.decomposition import NMF

    floor = x.min(0)
    solver = NMF(x.shape[1], init="nndsvda", max_iter=NMF_ROUNDS, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solver.fit(x - floor)
    factors = solver.components_[np.linalg.norm(solver.components_, axis=1) > 0]

    def encode(v: np.ndarray) -> np.ndarray:
        return nonnegative_codes(np.maximum(v - floor, 0), factors)

    return Baseline(nn.functional.normalize(torch.from_numpy(factors).float(), dim=1), encode)


def nonnegative_codes(
    x: Float[np.ndarray, "M D"], factors: Float[np.ndarray, "N D"]
) -> Float[np.ndarray, "M N"]:
    """Codes of at least 0 whose sums of factors are near x: multiplicative updates (Lee and Seung
    2001).

    Args:
        x: vectors, nothing below 0.
        factors: directions, nothing below 0.
    """
    x, factors = x.astype(np.float32), factors.astype(np.float32)
    wanted, overlap = x @ factors.T, factors @ factors.T
    codes = wanted / np.maximum(np.diag(overlap), 1e-12)
    for _ in range(ENCODING_ROUNDS):
        codes *= wanted / np.maximum(codes @ overlap, 1e-12)
    return codes
