"""Starts of a dictionary: each scheme does what its name says."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lib.activations.toy_data import ToyActivations, ToySettings
from lib.core.errors import UserError
from lib.sae.autoencoders import L1, TopK
from lib.sae.initialisation import MIXED_SHARE, SCHEMES, directions, initialise, pursue, tile

D = 10


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def planted(n: int = 4000, atoms: int = 6, noise: float = 0.02, seed: int = 0):
    """(centred vectors, the orthonormal directions that they are made of, one each)."""
    g = generator(seed)
    truth = torch.linalg.qr(torch.randn(D, D, generator=g))[0][:atoms]
    which = torch.randint(atoms, (n,), generator=g)
    size = 0.5 + torch.rand(n, 1, generator=g)
    return size * truth[which] + noise * torch.randn(n, D, generator=g), truth


@pytest.mark.parametrize("scheme", SCHEMES)
@given(features=st.integers(1, 40), n=st.integers(1, 60), seed=st.integers(0, 5))
@settings(max_examples=8, deadline=None)
def test_every_scheme_gives_unit_vectors_again_and_again(scheme, features, n, seed) -> None:
    x = torch.randn(n, D, generator=generator(seed))
    found = directions(scheme, x - x.mean(0), features, generator(seed))
    assert found.shape == (features, D)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(features))
    again = directions(scheme, x - x.mean(0), features, generator(seed))
    assert torch.equal(found, again)


@pytest.mark.parametrize("scheme", [s for s in SCHEMES if s != "pca"])
def test_another_seed_is_another_start(scheme: str) -> None:
    x = torch.randn(300, D, generator=generator())
    one, two = (directions(scheme, x, 12, generator(seed)) for seed in (1, 2))
    assert not torch.allclose(one, two)


def test_pca_spans_the_directions_of_most_variance() -> None:
    g = generator()
    basis = torch.linalg.qr(torch.randn(D, D, generator=g))[0]
    x = torch.randn(2000, D, generator=g) * torch.linspace(3, 0.1, D) @ basis
    x = x - x.mean(0)
    found = directions("pca", x, 2 * D + 3, generator())
    values, vectors = torch.linalg.eigh(x.double().T @ x.double())
    for number in range(D):
        cosine = (found[number].double() @ vectors[:, D - 1 - number]).abs()
        assert cosine == pytest.approx(1, abs=1e-4)
    torch.testing.assert_close(found[D : 2 * D], -found[:D])
    assert values[-1] > values[0]


@pytest.mark.parametrize("scheme", ["kmeans", "ica"])
def test_planted_directions_are_found(scheme: str) -> None:
    x, truth = planted()
    # Centring moves planted directions; these schemes are shown the vectors as they are.
    found = directions(scheme, x, 12 if scheme == "ica" else 6, generator(1))
    best = (truth @ found.t()).abs().amax(1)
    assert (best > 0.95).float().mean() >= (1.0 if scheme == "ica" else 0.6), best


def test_the_mixture_has_its_share_of_samples() -> None:
    x = nn.functional.normalize(torch.randn(5000, D, generator=generator()), dim=1)
    found = directions("mixed", x, 2000, generator())
    share = ((found @ x.t()).amax(1) > 1 - 1e-6).float().mean()
    assert share == pytest.approx(MIXED_SHARE, abs=0.03)


def test_rare_samples_come_from_the_rare_directions() -> None:
    g = generator()
    which = torch.multinomial(0.6 ** torch.arange(D).float(), 3000, True, generator=g)
    x = torch.eye(D)[which] + 0.01 * torch.randn(3000, D, generator=g)
    counts = {
        scheme: directions(scheme, x, 1000, generator()).argmax(1).float().mean()
        for scheme in ("data", "rare")
    }
    assert counts["data"] + 0.9 < counts["rare"]


def test_pursuit_takes_away_what_rows_explain() -> None:
    rows = torch.eye(4)[:2]
    x = torch.tensor([[2.0, 3, 0, 1], [-1, 0, 0, 0]])
    assert torch.equal(pursue(x, rows, 2), torch.tensor([[0.0, 0, 0, 1], [-1, 0, 0, 0]]))
    assert torch.equal(pursue(x, rows[:0], 2), x)


def test_the_own_start_comes_closer_to_the_features_than_samples_do() -> None:
    toy = ToyActivations(ToySettings(width=32, features=64, active=2.5, decay=0.95), held_out=1)
    x = toy.sample(1024)
    found = {
        scheme: (toy.truth @ directions(scheme, x - x.mean(0), 128, generator(1)).t()).amax(1)
        for scheme in ("kaiming", "data", "unexplained")
    }
    assert found["kaiming"].mean() + 0.2 < found["data"].mean()
    assert found["data"].mean() + 0.05 < found["unexplained"].mean()
    assert (found["data"] > 0.9).sum() + 10 < (found["unexplained"] > 0.9).sum()


def narrow_and_x(kind: str):
    x, _ = planted()
    narrow = L1(D, 6, 0.01) if kind == "l1" else TopK(D, 6, 2)
    initialise(narrow, x, scheme="data", seed=3)
    with torch.no_grad():
        narrow.b_enc.uniform_(-0.1, 0.1, generator=generator())
        narrow.W_enc.mul_(1.3)
    return narrow, x


@pytest.mark.parametrize("kind", ["l1", "topk"])
@pytest.mark.parametrize("copies", [1, 2, 3])
def test_a_tiled_dictionary_does_what_the_narrow_one_did(kind: str, copies: int) -> None:
    narrow, x = narrow_and_x(kind)
    wide = L1(D, 6 * copies, 0.01) if kind == "l1" else TopK(D, 6 * copies, 2 * copies)
    before = narrow(x)
    tile(wide, narrow, noise=0.0)
    torch.testing.assert_close(wide(x), before, atol=1e-5, rtol=1e-4)
    tile(wide, narrow, noise=0.01)
    error = (wide(x) - before).norm() / (before - before.mean(0)).norm()
    assert 0 < error < 0.03
    torch.testing.assert_close(wide.W_dec.norm(dim=1), torch.ones(6 * copies))


def test_tiling_need_not_come_out_even() -> None:
    narrow, x = narrow_and_x("l1")
    wide = L1(D, 15, 0.01)
    tile(wide, narrow, noise=0.0)
    torch.testing.assert_close(wide(x), narrow(x), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("noise", "apart"), [(0.0, False), (0.05, True)])
def test_only_noise_lets_copies_part(noise: float, apart: bool) -> None:
    narrow, x = narrow_and_x("l1")
    wide = L1(D, 12, 0.01)
    tile(wide, narrow, noise=noise)
    adam = torch.optim.Adam(wide.parameters(), 1e-2)
    for _ in range(20):
        adam.zero_grad()
        wide.loss(x[:256]).total.backward()
        adam.step()
    rows = nn.functional.normalize(wide.W_dec.detach(), dim=1)
    cosine = (rows[:6] * rows[6:]).sum(1)
    assert bool((cosine < 1 - 1e-4).all()) == apart


def test_what_cannot_be_tiled_is_said() -> None:
    narrow, _ = narrow_and_x("l1")
    with pytest.raises(UserError, match="6 features for 4"):
        tile(L1(D, 4, 0.01), narrow)
    with pytest.raises(UserError, match="noise -1"):
        tile(L1(D, 12, 0.01), narrow, noise=-1)
    with pytest.raises(UserError, match="width"):
        tile(L1(D + 1, 12, 0.01), narrow)
