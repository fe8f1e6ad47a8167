"""Top activating examples of a feature, and its direct effect on the next token's logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from torch import Tensor

from lib.model.language_model import LanguageModel


class Examples(NamedTuple):
    """Where a feature is strongest, the strongest first."""

    positions: Int[np.ndarray, " n"]
    """Rows of the codes; fewer than asked for where it is active in fewer documents."""
    activations: Float[np.ndarray, " n"]


def document_of(length: int, starts: Int[np.ndarray, " documents"]) -> Int[np.ndarray, " N"]:
    """The number of the document that each position belongs to."""
    return np.searchsorted(starts, np.arange(length), side="right") - 1


def top_examples(
    codes: sparse.csc_array,
    features: Sequence[int],
    documents: Int[np.ndarray, " N"],
    count: int,
) -> list[Examples]:
    """The strongest activation in each of the `count` documents where it is largest.

    One example a document: a story that says something ten times would else fill a card.

    Args:
        codes: [N, F], by columns.
        documents: of each row, see `document_of`.
    """
    found = []
    for feature in features:
        part = slice(codes.indptr[feature], codes.indptr[feature + 1])
        rows, values = codes.indices[part], codes.data[part]
        # Few candidates are nearly always enough; all of them are sorted only if they are not.
        for most in (20 * count, len(values)):
            kept = _strongest(rows, values, documents, count, most)
            if len(kept) == count or most >= len(values):
                break
        found.append(Examples(rows[kept].astype(np.int64), values[kept]))
    return found


def _strongest(
    rows: Int[np.ndarray, " n"],
    values: Float[np.ndarray, " n"],
    documents: Int[np.ndarray, " N"],
    count: int,
    most: int,
) -> Int[np.ndarray, " kept"]:
    """Indices of each document's largest value, among the `most` largest and equal ones."""
    if most < len(values):
        among = np.flatnonzero(values >= np.partition(values, -most)[-most])
    else:
        among = np.arange(len(values))
    among = among[values[among] > 0]
    order = among[np.lexsort((rows[among], -values[among]))]
    _, first = np.unique(documents[rows[order]], return_index=True)
    return order[np.sort(first)[:count]]


@torch.no_grad()
def logit_effects(
    model: LanguageModel, block: int, directions: Float[Tensor, "n M"]
) -> Float[Tensor, "n V"]:
    """What directions inside the MLP of one block add to the scores of the next token.

    Through the MLP's output weights, the final norm's weights and the unembedding, past all later
    blocks: direction W_out diag(w) W_U. The norm's division is left out, as its size depends on the
    text, and so is what all tokens have in common, which changes no prediction: effects have mean
    zero over the vocabulary.
    """
    written = directions.to(model.device, torch.float32) @ model.neuron_writes(block)
    return residual_effects(model, written)


@torch.no_grad()
def residual_effects(
    model: LanguageModel, directions: Float[Tensor, "n D"]
) -> Float[Tensor, "n V"]:
    """As `logit_effects`, of directions in the residual stream: diag(w) W_U, past all later blocks.

    Feature cards call it the direct path. Later blocks read the stream too, so that the earlier
    the site is, the less this needs to be what the model does with the direction.
    """
    written, norm = directions.to(model.device, torch.float32), model.final_norm_scale()
    if norm.centred:
        written = written - written.mean(1, keepdim=True)
    scores = (written * norm.weight) @ model.unembedding.weight.t()
    return scores - scores.mean(1, keepdim=True)
