"""The n-gram baseline against a slow, plain one."""

from collections import Counter

import numpy as np
import pytest

from lib.studies.words.ngram import ngram_loss


def plain_loss(train: bytes, validation: bytes, order: int) -> float:
    losses = []
    for t in range(order - 1, len(validation)):
        p = 1 / 256
        for n in range(1, order + 1):
            context, byte = validation[t - n + 1 : t], validation[t : t + 1]
            follows = Counter(
                train[i + n - 1] for i in range(len(train) - n + 1) if train[i:].startswith(context)
            )
            if total := sum(follows.values()):
                p = (follows[byte[0]] + len(follows) * p) / (total + len(follows))
        losses.append(-np.log(p))
    return float(np.mean(losses))


@pytest.mark.parametrize("order", [1, 2, 4])
def test_equals_the_plain_definition(order):
    train, validation = b"the cat sat on the mat and the hat", b"that man sat \xffq in the hat"
    as_array = lambda text: np.frombuffer(text, dtype=np.uint8)
    fast = ngram_loss(as_array(train), as_array(validation), order)
    assert fast == pytest.approx(plain_loss(train, validation, order), abs=1e-12)


def test_a_text_without_order_costs_its_entropy():
    rng = np.random.default_rng(0)
    train, validation = (rng.integers(0, 4, n).astype(np.uint8) for n in (200_000, 20_000))
    assert ngram_loss(train, validation) == pytest.approx(np.log(4), abs=0.01)


def test_a_longer_context_helps_where_there_is_structure():
    text = np.frombuffer(b"once upon a time there was a little dog. " * 200, dtype=np.uint8)
    losses = [ngram_loss(text, text, order) for order in (1, 2, 3, 5)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.1
