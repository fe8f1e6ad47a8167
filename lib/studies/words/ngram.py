"""N-gram baseline: what counting letters alone can predict and write."""

from __future__ import annotations

import numpy as np

BITS = 8  # a byte of context
MOST_TRAINING_BYTES = 10_000_000


def ngram_loss(train: np.ndarray, validation: np.ndarray, order: int = 5) -> float:
    """Loss of an n-gram model of bytes, interpolated after Witten and Bell (1991).

    The chance of a byte c after the context h mixes what was counted with the next shorter
    context, the more so the more different bytes have followed h:

        p(c | h) = (count(hc) + types(h) p(c | shorter h)) / (count(h) + types(h))

    Args:
        train: uint8 [N]; its first ten million bytes are counted.
        validation: uint8 [M]; bytes before `order - 1` are not predicted.
        order: letters in an n-gram, the predicted one included; 7 at most.

    Returns:
        mean nats per predicted byte.
    """
    train = train[:MOST_TRAINING_BYTES].astype(np.int64)
    validation = validation.astype(np.int64)
    probability = np.full(len(validation) - order + 1, 1 / 256)
    for n in range(1, order + 1):
        grams, gram_counts = np.unique(_packed(train, n), return_counts=True)
        contexts, first, types = np.unique(grams >> BITS, return_index=True, return_counts=True)
        context_counts = np.add.reduceat(gram_counts, first)
        wanted = _packed(validation, n)[order - n :]
        count = _look_up(wanted, grams, gram_counts)
        seen = _look_up(wanted >> BITS, contexts, context_counts)
        kinds = _look_up(wanted >> BITS, contexts, types)
        # A context that never occurred says nothing: the shorter one stands.
        mixed = (count + kinds * probability) / np.maximum(seen + kinds, 1)
        probability = np.where(seen > 0, mixed, probability)
    return float(-np.log(probability).mean())


def ngram_sample(
    train: np.ndarray, prompts: np.ndarray, new: int, order: int = 5, seed: int = 0
) -> np.ndarray:
    """Continues prompts by copying: each byte is one that followed the last `order` - 1 somewhere.

    Args:
        train: uint8 [N]; its first ten million bytes are copied from.
        prompts: uint8 [n, T], T >= order - 1. After bytes that never occur in `train` comes one
            from anywhere.

    Returns:
        uint8 [n, new].
    """
    train, length = train[:MOST_TRAINING_BYTES], order - 1
    contexts = _packed(train[:-1].astype(np.int64), length)
    by_context = np.argsort(contexts, kind="stable")
    contexts, following = contexts[by_context], train[length:][by_context]
    rng = np.random.default_rng(seed)
    written = np.concatenate([prompts, np.zeros((len(prompts), new))], axis=1).astype(np.uint8)
    for at in range(prompts.shape[1], written.shape[1]):
        recent = written[:, at - length : at].astype(np.int64)
        now = recent @ (1 << BITS * np.arange(length)[::-1])
        first = np.searchsorted(contexts, now, "left")
        last = np.searchsorted(contexts, now, "right")
        unseen = first == last
        first, last = np.where(unseen, 0, first), np.where(unseen, len(contexts), last)
        written[:, at] = following[rng.integers(first, last)]
    return written[:, prompts.shape[1] :]


def _packed(text: np.ndarray, n: int) -> np.ndarray:
    """Each run of n bytes as one integer, the last byte in the lowest bits."""
    length = len(text) - n + 1
    packed = np.zeros(length, dtype=np.int64)
    for i in range(n):
        packed = (packed << BITS) | text[i : i + length]
    return packed


def _look_up(wanted: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """values[keys == wanted], 0 where there is none; `keys` is sorted."""
    where = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[where] == wanted, values[where], 0)
