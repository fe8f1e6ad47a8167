"""Tokens and features: planted ones are found, by position and by purity."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from lib.analysis.tokens import best_detector, detection, find_tokens, token_purity

STRINGS = ["Mr", "s", ".", " Fox", " Dr", "x.", " end"]
TOKENS = np.array([0, 2, 3, 2, 0, 1, 2, 3, 4, 2, 6, 5, 4, 6], dtype=np.uint8)


def test_a_pattern_is_found_across_tokens() -> None:
    found = find_tokens(r"\b(Mrs?|Dr)\.", TOKENS, STRINGS)
    # "Mr. Fox.Mrs. Fox Dr. endx. Dr end": the period after "Fox" and the "x." are none.
    assert found.positions.tolist() == [1, 6, 9]
    assert found.found == ["Mr", "Mrs", "Dr"]
    assert len(find_tokens("(nothing)", TOKENS, STRINGS).positions) == 0


def codes() -> sparse.csr_array:
    dense = np.zeros((14, 4))
    dense[[1, 6, 9], 0] = 1.0  # titles' periods, and nothing else
    dense[:, 1] = (TOKENS == 2) * 2.0  # every period
    dense[1, 2] = 5.0  # one title only
    return sparse.csr_array(dense)


def test_the_detector_that_was_planted_is_chosen() -> None:
    positions = np.array([1, 6, 9])
    assert best_detector(codes(), positions) == 0
    dense = codes().toarray()
    assert detection(dense[:, 0], positions) == (1.0, 1.0)
    assert detection(dense[:, 1], positions) == pytest.approx((0.75, 1.0))
    assert detection(dense[:, 2], positions) == pytest.approx((1.0, 1 / 3))
    assert detection(dense[:, 3], positions) == (0.0, 0.0)
    assert np.isnan(detection(dense[:, 0], positions[:0]).purity)


def test_purity_is_a_share_of_mass() -> None:
    found = token_purity(codes(), TOKENS, len(STRINGS))
    np.testing.assert_allclose(found.purity, [1, 1, 1, 0])
    assert found.label[:3].tolist() == [2, 2, 2]
    assert found.active.tolist() == [3, 4, 1, 0]
    before = token_purity(codes(), np.roll(TOKENS, 1), len(STRINGS))
    assert before.purity[1] == pytest.approx(0.25)  # four different tokens stand before a period
    given = token_purity(codes(), TOKENS, len(STRINGS), assigned=np.array([2, 0, 2, 2]))
    assert given.purity.tolist() == [1, 0, 1, 0]
