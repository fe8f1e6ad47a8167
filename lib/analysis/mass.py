"""Where the activation of features falls: their mass by label."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer
from scipy import sparse


def mass_by_label(
    codes: sparse.csr_array, labels: Integer[np.ndarray, " N"], kinds: int
) -> sparse.csr_array:
    """The summed activation of each feature on each label, [F, kinds].

    Args:
        codes: [N, F], a row for each position.
        labels: of the positions, 0 to `kinds` - 1: a word, a token, a kind of place.
    """
    rows = np.arange(len(labels))
    one_hot = sparse.csr_array((np.ones(len(labels)), (rows, labels)), shape=(len(labels), kinds))
    return sparse.csr_array(codes.T @ one_hot)
