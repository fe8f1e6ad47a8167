"""The mass of features by label against plain sums."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from lib.analysis.tokens import activation_mass


@given(st.integers(0, 2**31), st.integers(0, 30), st.integers(1, 5), st.integers(1, 6))
def test_it_is_the_plain_sum(seed: int, n: int, features: int, kinds: int) -> None:
    rng = np.random.default_rng(seed)
    dense = rng.random((n, features)) * (rng.random((n, features)) < 0.4)
    labels = rng.integers(0, kinds, n)
    plain = np.zeros((features, kinds))
    for row, label in zip(dense, labels, strict=True):
        plain[:, label] += row
    found = activation_mass(sparse.csr_array(dense), labels, kinds)
    assert found.shape == (features, kinds)
    np.testing.assert_allclose(found.toarray(), plain, atol=1e-12)


def test_a_mask_counts_positions() -> None:
    """Codes as booleans give how often a feature is active on a label, not whether."""
    codes = sparse.csr_array(np.array([[2.0], [3.0], [0.0], [1.0]]))
    found = activation_mass(codes.astype(bool), np.array([0, 0, 0, 1]), 2)
    assert found.toarray().tolist() == [[2, 1]]
