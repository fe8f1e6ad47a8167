"""Nested (Matryoshka) dictionaries, and absorption: a broad feature silent where a finer one fires.

Bussmann et al. (2025) train a dictionary whose first features must rebuild the input alone as well
as together with the others, so that a broad feature stays good without the finer ones. Chanin et
al. (2024) call it absorption where it does not: the broad feature falls silent on just the tokens
that a finer one has taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from torch import Tensor

from lib.analysis.tokens import best_detector, detection
from lib.core.device import product_dtype
from lib.sae.autoencoders import KINDS, L1
from lib.sae.base import Dead, Step, Weights, affine, mean_of_rows, squared_error
from lib.sae.sparse_ops import product

PURITY, RECALL = 0.75, 0.5
"""Of a finer feature among the marks: its share of activation on its class, and of its class."""
LEAST = 10
"""Marks of a class in each half of the text; a class with fewer is not judged."""
MOST_CLASSES = 6


class NestedL1(L1):
    """An L1 dictionary whose first `inner` features must rebuild the input alone, too.

    The loss is the squared error of all features plus that of the inner ones, plus the L1 term.

    Args:
        inner: how many features the inner dictionary has, at most F.
    """

    kind = "nested-l1"

    def __init__(
        self, width: int, features: int, coefficient: float, *, inner: int, **options: Any
    ) -> None:
        super().__init__(width, features, coefficient, **options)
        self.inner = inner

    def ensemble_step(
        self,
        weights: Weights,
        x: Float[Tensor, "B D"],
        dead: Dead | None = None,
        strengths: Float[Tensor, " E"] | None = None,
    ) -> Step:
        loss, fired = super().ensemble_step(weights, x, dead, strengths)
        rows, b_enc, W_dec, b_dec = weights
        inner, dtype = slice(self.inner), product_dtype(x)
        with torch.autocast(x.device.type, enabled=False):
            centre = b_dec if self.pre_bias else None
            codes = affine(x, centre, rows[:, inner], b_enc[:, inner], dtype).relu()
            x_hat = product(codes, W_dec[:, inner].to(dtype).mT, b_dec.to(dtype)).to(x.dtype)
            alone = mean_of_rows(squared_error(x_hat, x))
        return Step(loss._replace(total=loss.total + alone), fired)

    def config(self) -> dict[str, Any]:
        return super().config() | {"inner": self.inner}


KINDS[NestedL1.kind] = NestedL1  # so that `load_sae` reads what `save_sae` wrote


def classes_before(
    tokens: Sequence[Int[np.ndarray, " N"]], mark: int
) -> tuple[list[int], list[Int[np.ndarray, " m"]], list[Int[np.ndarray, " m"]]]:
    """A token's occurrences in some texts, by the token that stands before each.

    Returns:
        the tokens that are classes, the most frequent first; for each text, positions of the mark;
        and their classes, -1 for all other tokens before.
    """
    places = [np.flatnonzero(text == mark) for text in tokens]
    places = [where[where > 0] for where in places]
    before = [text[where - 1] for text, where in zip(tokens, places, strict=True)]
    kinds, counts = np.unique(np.concatenate(before), return_counts=True)
    ranked = kinds[np.argsort(-counts, kind="stable")].tolist()
    often = [k for k in ranked if all((b == k).sum() >= LEAST for b in before)][:MOST_CLASSES]
    index = {kind: number for number, kind in enumerate(often)}
    labels = [np.array([index.get(t, -1) for t in b.tolist()], dtype=np.int64) for b in before]
    return often, places, labels


class Family(NamedTuple):
    """A mark's broad feature, the parent, and finer ones, its children; chosen on other text."""

    parent: int
    cover: float
    """Share of the marks on which the parent is active."""
    children: list[int]
    """For each class its feature, or -1 where none passes."""
    parts: int
    """Different features among the children."""
    absorbed: float
    """Of the marks at which their class's child is active, the share at which the parent is silent;
    NaN without children."""
    silent: float
    """The parent's share of silence on all other marks; NaN without any."""


def family(
    codes: Sequence[sparse.csr_array],
    places: Sequence[Int[np.ndarray, " m"]],
    labels: Sequence[Int[np.ndarray, " m"]],
    classes: int,
) -> Family:
    """The parent and the children of one dictionary, chosen on one text and judged on the other.

    The parent marks the token best (the highest harmonic mean of purity and recall), each child its
    class among the marks. A child passes with a purity and a recall of `PURITY` and `RECALL`.

    Args:
        codes: [N, F] of the text for choosing and of the one for judging.
        places: where the mark stands in each.
        labels: the class of each mark, -1 for none.
        classes: how many there are.
    """
    parent = best_detector(codes[0], places[0])
    at = [c[where] for c, where in zip(codes, places, strict=True)]
    others = at[0].copy().tolil()
    others[:, [parent]] = 0
    others = sparse.csr_array(others)
    on = at[1][:, [parent]].toarray().ravel() > 0
    children, fires = [], np.zeros(len(places[1]), dtype=bool)
    for one in range(classes):
        child = best_detector(others, np.flatnonzero(labels[0] == one))
        said = at[1][:, [child]].toarray().ravel()
        own = labels[1] == one
        purity, recall = detection(said, np.flatnonzero(own))
        passes = purity >= PURITY and recall >= RECALL
        children.append(child if passes else -1)
        fires |= passes & own & (said > 0)
    share = lambda where: float((~on[where]).mean()) if where.any() else float("nan")
    parts = len({child for child in children if child >= 0})
    return Family(parent, float(on.mean()), children, parts, share(fires), share(~fires))
