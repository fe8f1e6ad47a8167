"""Feature ablation and insertion in a text, and their effect on the letters that follow.

All measurements are differences between two passes over the same windows of a text, one with the
activation at a site changed at a few positions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from torch import Tensor
from torch.nn.functional import log_softmax

from lib.model.transformer import Transformer
from lib.studies.words.mid_word import MidWord
from lib.studies.words.selectivity import Words


class Occasions(NamedTuple):
    """Places of a text where a feature is, or could be, active inside a word."""

    first: np.ndarray
    """[n] the first position concerned."""
    until: np.ndarray
    """[n] the last letter of that word; no change beyond it."""
    next_word: np.ndarray
    """[n] first letter of the next word, -1 where none follows closely."""

    def take(self, most: int, seed: int) -> Occasions:
        """At most so many of them, drawn at random, in order."""
        drawn = np.random.default_rng(seed).permutation(len(self.first))[:most]
        return Occasions(*(field[np.sort(drawn)] for field in self))


NEXT_WITHIN = 3
"""A next word begins at most so many characters after a word's last letter."""


def occasions(
    feature_codes: sparse.csr_array, mid: MidWord, words: Words, of_words: np.ndarray
) -> Occasions:
    """Where a feature first becomes active inside a word, in the occurrences asked for.

    Args:
        feature_codes: [N, 1], one column of a dictionary's codes.
        of_words: [W] which words of the vocabulary are asked for.
    """
    active = np.diff(feature_codes.tocsr().indptr)[mid.positions] > 0
    wanted = active & of_words[mid.labels]
    occurrence, first = np.unique(mid.occurrence[wanted], return_index=True)
    return _occasions(mid.positions[wanted][first], occurrence, words)


def open_prefixes(
    feature_codes: sparse.csr_array, words: Words, word: str, text: np.ndarray, letters: int = 2
) -> Occasions:
    """Other words that begin with the same letters as `word` and then go on otherwise.

    The position is that of the last shared letter, at which the feature must be silent.
    """
    small = np.asarray(text) | 0x20
    prefix = np.frombuffer(word.encode(), dtype=np.uint8)[: letters + 1]
    at = np.flatnonzero(words.ends - words.starts >= letters)
    shared = np.all([small[words.starts[at] + i] == prefix[i] for i in range(letters)], axis=0)
    differs = small[words.starts[at] + letters] != prefix[letters]
    silent = np.diff(feature_codes.tocsr().indptr)[words.starts[at] + letters - 1] == 0
    at = at[shared & differs & silent]
    return _occasions(words.starts[at] + letters - 1, at, words)


def _occasions(first: np.ndarray, occurrence: np.ndarray, words: Words) -> Occasions:
    until = words.ends[occurrence]
    after = np.minimum(occurrence + 1, len(words.starts) - 1)
    close = (words.starts[after] > until) & (words.starts[after] - until <= NEXT_WITHIN)
    return Occasions(first, until, np.where(close, words.starts[after], -1))


class Windows(NamedTuple):
    """Pieces of a text around occasions, and where in them things happen."""

    tokens: Int[Tensor, "n L"]
    first: np.ndarray
    """[n] column of the occasion's first position."""
    until: np.ndarray
    """[n] column of the word's last letter."""
    next_word: np.ndarray
    """[n] column of the next word's first letter, -1 where there is none."""


def cut_windows(
    text: np.ndarray, at: Occasions, before: int, after: int
) -> tuple[Windows, np.ndarray]:
    """Windows of `before` characters, the first position, and `after` more; none is cut off.

    Returns:
        the windows, and the start of each in the text.
    """
    starts = at.first - before
    fits = (starts >= 0) & (at.first + after < len(text)) & (at.until - at.first < after)
    starts, first, until, following = (v[fits] for v in (starts, *at))
    rows = np.asarray(text)[starts[:, None] + np.arange(before + 1 + after)]
    column = np.where((following >= 0) & (following - first <= after), following - starts, -1)
    windows = Windows(
        torch.from_numpy(rows.astype(np.int64)), first - starts, until - starts, column
    )
    return windows, starts


@torch.no_grad()
def log_probabilities(
    model: Transformer,
    windows: Windows,
    site: str,
    change: Float[Tensor, "n L D"] | None = None,
) -> Float[Tensor, "n L V"]:
    """What the model expects after each position, with `change` added to the site's activation."""
    if not len(windows.tokens):
        return torch.empty(*windows.tokens.shape, model.config.vocab_size, device=model.device)
    edit = None if change is None else {site: lambda x: x + change.to(x)}
    logits = model(windows.tokens.to(model.device), edit=edit).logits
    return log_softmax(logits.float(), dim=-1)


class Effect(NamedTuple):
    """What a change did, a number for each window; NaN where there is nothing to measure."""

    rest_of_word: np.ndarray
    """[n] nats more for each later letter of the same word."""
    next_word: np.ndarray
    """[n] KL divergence, nats, of the guess at the next word's first letter."""


def effect(
    windows: Windows, plain: Float[Tensor, "n L V"], changed: Float[Tensor, "n L V"]
) -> Effect:
    """The difference that a change made to what is expected later in the windows."""
    n, length = windows.tokens.shape
    rows = np.arange(n)
    target = windows.tokens[:, 1:, None].to(plain.device)
    more = (plain - changed)[:, :-1].gather(2, target).squeeze(2).cpu().numpy()
    column = np.arange(length - 1)  # column c predicts the letter at c + 1
    rest = (column >= windows.first[:, None]) & (column < windows.until[:, None])
    counted = rest.sum(1)
    in_word = np.divide((more * rest).sum(1), counted, out=np.full(n, np.nan), where=counted > 0)
    divergence = (plain.exp() * (plain - changed)).sum(-1).cpu().numpy()
    before_next = np.maximum(windows.next_word - 1, 0)
    at_next = np.where(windows.next_word > 0, divergence[rows, before_next], np.nan)
    return Effect(in_word, at_next)


def gain_of_letter(
    windows: Windows, plain: Float[Tensor, "n L V"], changed: Float[Tensor, "n L V"], letter: str
) -> np.ndarray:
    """[n] By how many nats a letter became likelier, right after each window's first position."""
    rows = np.arange(len(windows.first))
    return (changed - plain)[rows, windows.first, ord(letter)].cpu().numpy()


def removal(
    codes: sparse.csr_array,
    decoder: Float[Tensor, "F D"],
    feature: int,
    windows: Windows,
    starts: np.ndarray,
) -> tuple[Float[Tensor, "n L D"], Float[Tensor, "n L D"]]:
    """What must be added to take a feature out from the first position to the end of its word.

    Returns:
        the change for the feature, and for a control of the same length at the same positions:
        another feature that is active there, the one whose code comes nearest.
    """
    n, length = windows.tokens.shape
    change = torch.zeros(n, length, decoder.shape[1])
    control = torch.zeros_like(change)
    directions = decoder.detach().cpu()
    norms = directions.norm(dim=1).numpy()
    for row in range(n):
        for column in range(windows.first[row], windows.until[row] + 1):
            at = starts[row] + column
            entries = slice(codes.indptr[at], codes.indptr[at + 1])
            active, strength = codes.indices[entries], codes.data[entries]
            own = strength[active == feature]
            if not len(own):
                continue
            change[row, column] = -float(own[0]) * directions[feature]
            others, values = active[active != feature], strength[active != feature]
            if len(others):
                nearest = others[np.abs(values * norms[others] - own[0] * norms[feature]).argmin()]
                scale = float(own[0] * norms[feature] / norms[nearest])
                control[row, column] = -scale * directions[nearest]
    return change, control


def insertion(
    direction: Float[Tensor, " D"], length: float, windows: Windows
) -> Float[Tensor, "n L D"]:
    """What must be added to put a direction in at the first position of each window."""
    n, width = windows.tokens.shape
    change = torch.zeros(n, width, len(direction))
    direction = direction.detach().cpu()
    change[np.arange(n), windows.first] = length * direction / direction.norm()
    return change
