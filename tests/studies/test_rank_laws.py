"""Laws over ranks: planted ones are found, and a comparison knows when it cannot tell."""

import numpy as np
import pytest
from scipy import sparse, stats

from lib.core.errors import UserError
from lib.studies.census.rank_laws import LAWS, block_counts, compare_laws, fit_law, rank_curve

F = 400


def planted(name: str, theta: float, firings: int = 200_000, blocks: int = 50, seed: int = 0):
    """Counts [blocks, F] of firings that follow one law."""
    log = -theta * LAWS[name](np.arange(1, F + 1.0), F)
    p = np.exp(log - np.logaddexp.reduce(log))
    return np.random.default_rng(seed).multinomial(firings // blocks, p, size=blocks)


PLANTED = {"power law": 1.1, "exponential": 6.0, "log-normal": 1.3}


@pytest.mark.parametrize("name", LAWS)
def test_a_planted_law_is_found_and_beats_the_others(name: str) -> None:
    blocks = planted(name, PLANTED[name])
    laws = {other: fit_law(other, blocks.sum(0)) for other in LAWS}
    assert laws[name].theta == pytest.approx(PLANTED[name], rel=0.02)
    for other in set(LAWS) - {name}:
        found = compare_laws(laws[name], laws[other], blocks)
        assert found.low > 0.005
        assert found.p_value < 1e-6
        back = compare_laws(laws[other], laws[name], blocks)
        assert (back.per_firing, back.z) == (-found.per_firing, -found.z)


@pytest.mark.parametrize("name", LAWS)
def test_a_stretch_of_ranks_has_the_parameter_of_the_whole(name: str) -> None:
    counts = planted(name, PLANTED[name], 2_000_000).sum(0)
    part = fit_law(name, counts[49:200], first_rank=50, features=F)
    assert part.theta == pytest.approx(PLANTED[name], rel=0.1)
    assert np.exp(part.log_chance).sum() == pytest.approx(1)


def test_no_other_parameter_is_more_likely() -> None:
    counts = planted("exponential", 3.0).sum(0)
    for name in LAWS:
        found = fit_law(name, counts)
        assert counts @ found.log_chance / counts.sum() == pytest.approx(found.per_firing)
        for factor in (0.9, 0.99, 1.01, 1.1):
            log = -factor * found.theta * LAWS[name](np.arange(1, F + 1.0), F)
            other = counts @ (log - np.logaddexp.reduce(log)) / counts.sum()
            assert other < found.per_firing


def test_half_of_each_is_neither() -> None:
    """Vuong's test keeps its level where both laws are equally wrong."""
    z = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        blocks = rng.poisson(20, size=(40, F))
        laws = [fit_law(name, blocks.sum(0)) for name in ("power law", "exponential")]
        z.append(compare_laws(*laws, blocks).z)
    assert np.mean(np.abs(z) > stats.norm.ppf(0.975)) < 0.12


def test_stretches_and_not_firings_are_the_units() -> None:
    """Text that says everything ten times is no more evidence."""
    blocks = planted("power law", 1.0, 4000, 20)
    laws = [fit_law(name, blocks.sum(0)) for name in ("power law", "log-normal")]
    once, tenfold = (compare_laws(*laws, blocks * times) for times in (1, 10))
    assert once.z == pytest.approx(tenfold.z)
    assert once.low == pytest.approx(tenfold.low)


def test_block_counts_count_everything_once() -> None:
    rng = np.random.default_rng(0)
    dense = rng.random((103, 7)) * (rng.random((103, 7)) < 0.3)
    codes = sparse.csr_array(dense)
    found = block_counts(codes, 5)
    assert found.shape == (5, 7)
    assert (found.sum(0) == (dense > 0).sum(0)).all()
    assert (found[0] == (dense[:21] > 0).sum(0)).all()


def test_ranks_owe_nothing_to_what_is_counted() -> None:
    """Equally frequent features: ranked and counted on one text, frequencies would fall by rank."""
    rng = np.random.default_rng(0)
    codes = sparse.csr_array((rng.random((4000, 60)) < 0.02).astype(float))
    ranking = np.arange(4000) % 2 == 0
    curve = rank_curve(codes, ranking, 10)
    assert curve.positions == 2000
    assert abs(stats.spearmanr(curve.frequency, np.arange(60)).pvalue) > 0.01
    known = (codes[ranking] > 0).sum(axis=0)
    assert curve.frequency.sum() * 2000 == (codes[~ranking] > 0).sum()
    silent = codes.toarray() * (np.arange(60) != np.argmax(known))
    assert rank_curve(sparse.csr_array(silent), ranking, 10).blocks.shape == (10, 59)


@pytest.mark.parametrize(
    ("name", "counts"),
    [("zipf", [3, 2, 1]), ("power law", [3, 2]), ("exponential", [5, 0, 0])],
)
def test_what_cannot_be_fitted_is_refused(name: str, counts: list[int]) -> None:
    with pytest.raises(UserError, match="at least three ranks"):
        fit_law(name, np.array(counts))
    law = fit_law("power law", np.array([3, 2, 1]))
    with pytest.raises(UserError, match="stretches"):
        compare_laws(law, law, np.ones((1, 3)))
