"""Baselines: directions of norm one, numbers for them, and the factors that are there."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lib.analysis.similarity import mcs, mmcs
from lib.studies.twins.baselines import baselines, nonnegative_codes

RNG = np.random.default_rng(0)
WIDTH = 12
MIXING = np.linalg.qr(RNG.standard_normal((WIDTH, WIDTH)))[0]
SOURCES = RNG.exponential(size=(1500, WIDTH)) ** 1.5
X = torch.from_numpy(SOURCES @ MIXING).float()
BASES = baselines(X)


@pytest.mark.parametrize("name", ["neurons", "random", "PCA", "ICA", "NMF"])
def test_directions_have_norm_one_and_a_number_each(name: str) -> None:
    base = BASES[name]
    np.testing.assert_allclose(base.directions.norm(dim=1), 1, atol=1e-5)
    values = base.encode(X[:50].double().numpy())
    assert values.shape == (50, len(base.directions))
    assert np.isfinite(values).all()


def test_what_is_mixed_is_unmixed_by_ica_alone() -> None:
    truth = torch.from_numpy(MIXING).float()
    assert mmcs(truth, BASES["ICA"].directions) > 0.98
    assert mmcs(truth, BASES["random"].directions) < 0.8


def test_principal_components_are_uncorrelated_and_come_with_their_opposites() -> None:
    values = BASES["PCA"].encode(X.double().numpy())
    np.testing.assert_allclose(values[:, :WIDTH], -values[:, WIDTH:])
    off = np.corrcoef(values[:, :WIDTH].T) - np.eye(WIDTH)
    assert np.abs(off).max() < 1e-6


def test_factors_are_found_where_nothing_is_negative() -> None:
    parts = np.kron(np.eye(4), np.ones((1, 3)))
    codes = RNG.exponential(size=(800, 4)) * (RNG.random((800, 4)) < 0.4)
    x = codes @ parts
    found = baselines(torch.from_numpy(x).float())["NMF"]
    assert float(mcs(torch.from_numpy(parts).float(), found.directions).min()) > 0.95
    again = nonnegative_codes(x, parts)
    assert (again >= 0).all()
    np.testing.assert_allclose(again @ parts, x, atol=1e-3)


def test_the_same_seed_gives_the_same() -> None:
    for name, base in baselines(X).items():
        torch.testing.assert_close(base.directions, BASES[name].directions)
