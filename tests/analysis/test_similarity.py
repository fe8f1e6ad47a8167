"""Similarity of dictionaries: against plain loops, against chance, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import similarity
from lib.analysis.similarity import (
    distinct,
    mcs,
    mmcs,
    mmcs_both_directions,
    nearest,
    one_to_one,
    random_matching,
    random_mmcs,
)
from lib.core.errors import UserError


def directions(n: int, width: int = 8, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, width, generator=torch.Generator().manual_seed(seed))


def plain_cosines(a: torch.Tensor, b: torch.Tensor) -> np.ndarray:
    a, b = a.double().numpy(), b.double().numpy()
    return (a @ b.T) / np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))


@given(n=st.integers(1, 9), m=st.integers(1, 9), seed=st.integers(0, 99), held=st.integers(1, 30))
@settings(max_examples=30, deadline=None)
def test_equals_the_whole_matrix_whatever_the_pieces(n, m, seed, held) -> None:
    a, b = directions(n, seed=seed), directions(m, seed=seed + 100)
    plain = plain_cosines(a, b)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "NUMBERS_AT_ONCE", held)
        found = nearest(a, b)
    np.testing.assert_allclose(found.cosine, plain.max(1), atol=1e-6)
    np.testing.assert_array_equal(found.index, plain.argmax(1))
    ways = mmcs_both_directions(a, b)
    assert ways.forward == pytest.approx(plain.max(1).mean(), abs=1e-6)
    assert ways.backward == pytest.approx(plain.max(0).mean(), abs=1e-6)


@given(n=st.integers(1, 7), m=st.integers(1, 7), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_a_matching_shares_no_partner_and_never_beats_the_maximum(n, m, seed) -> None:
    a, b = directions(n, seed=seed), directions(m, seed=seed + 100)
    found, free = one_to_one(a, b), nearest(a, b)
    matched = found.index[found.index >= 0].tolist()
    assert len(matched) == len(set(matched)) == min(n, m)
    assert bool((found.cosine <= free.cosine + 1e-6).all())
    back = one_to_one(b, a)
    total = lambda one: one.cosine[one.index >= 0].sum().item()
    assert total(found) == pytest.approx(total(back), abs=1e-5)


def test_a_set_finds_itself_and_its_opposite_does_not() -> None:
    a = directions(20)
    shuffled = a[torch.randperm(20)] * 3.7  # order and length do not count
    assert mmcs(a, shuffled) == pytest.approx(1, abs=1e-6)
    assert mmcs(a, shuffled, matching="one-to-one") == pytest.approx(1, abs=1e-6)
    assert mmcs(torch.eye(4), -torch.eye(4)) == 0
    assert mmcs(torch.zeros(3, 8), a) == 0


def test_two_rows_with_one_partner_show_in_the_matching() -> None:
    rows, others = torch.eye(3)[[0, 0]], torch.eye(3)[[0, 1]]
    assert mmcs(rows, others) == 1
    assert mmcs(rows, others, matching="one-to-one") == 0.5
    assert mcs(torch.eye(3), others[:1], matching="one-to-one").tolist() == [1.0]


def test_copies_count_once() -> None:
    rows = directions(20, 64)
    assert distinct(rows) == 20
    copies = torch.cat([rows, 3 * rows + 0.01 * directions(20, 64, seed=1), -rows[:5]])
    assert distinct(copies) == 25
    assert distinct(rows[:0]) == 0


def test_features_that_are_left_out_take_no_part() -> None:
    rows, others = torch.eye(4), torch.eye(4)[:3]
    assert mmcs(rows, others) == 0.75
    alive = torch.tensor([True, True, True, False])
    assert mmcs(rows, others, keep_rows=alive) == 1
    assert mmcs(rows, others, keep_others=alive[1:]) == 0.5
    ways = mmcs_both_directions(rows, others, keep_rows=~alive)
    assert ways.forward == ways.backward == 0


@pytest.mark.parametrize(
    ("width", "others", "known"),
    [(256, 512, 0.19), (256, 4096, 0.22), (128, 1024, 0.282), (128, 4096, 0.313)],
)
def test_chance_has_the_known_values(width: int, others: int, known: float) -> None:
    assert random_mmcs(others, width) == pytest.approx(known, abs=0.005)


@pytest.mark.parametrize(("width", "others"), [(6, 300), (16, 100), (64, 500)])
def test_chance_is_what_random_directions_give(width: int, others: int) -> None:
    found = mmcs(directions(2000, width), directions(others, width, seed=1))
    assert random_mmcs(others, width) == pytest.approx(found, abs=0.02)


@given(st.integers(2, 300), st.integers(1, 5000))
@settings(max_examples=30, deadline=None)
def test_chance_grows_with_candidates_and_falls_with_width(width: int, others: int) -> None:
    assert -1e-6 <= random_mmcs(others, width) <= 1
    assert random_mmcs(others + 10, width) > random_mmcs(others, width)
    assert random_mmcs(others + 1, width + 5) < random_mmcs(others + 1, width)


def test_one_random_direction_is_neither_near_nor_far() -> None:
    assert random_mmcs(1, 10) == pytest.approx(0, abs=1e-8)


def test_chance_of_a_matching_lies_below_that_of_the_maximum() -> None:
    matched = random_matching(60, 60, 16)
    assert 0 < matched < random_mmcs(60, 16)
    assert matched == random_matching(60, 60, 16)
    assert random_matching(10, 60, 16) > matched


def test_what_cannot_be_compared_is_said() -> None:
    with pytest.raises(UserError, match="width 8 and 5"):
        similarity._check(directions(3), directions(3, 5))
    with pytest.raises(UserError, match="no direction"):
        mmcs(directions(3), directions(3), keep_others=torch.zeros(3, dtype=torch.bool))
    with pytest.raises(UserError, match="matching must be"):
        mcs(directions(3), directions(3), matching="hungarian")
    with pytest.raises(UserError, match="plain maximum"):
        one_to_one(torch.zeros(2**14, 1), torch.zeros(2**14, 1))
    with pytest.raises(UserError, match="at least 1"):
        random_mmcs(0, 8)
