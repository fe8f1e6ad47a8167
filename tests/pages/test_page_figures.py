"""Figures of a page: their letters are text, their numbers short, their panels stack."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lib.evidence.svg import inline_svg
from lib.pages.figures import lighter


def drawn(columns: int, shared: bool = False, points: int = 0) -> str:
    """A figure with panels side by side, as a run leaves it."""
    figure, axes = plt.subplots(
        1, columns, squeeze=False, sharey=shared, figsize=(6.4, 3), layout="constrained"
    )
    for position, panel in enumerate(axes[0]):
        panel.plot([1, 2], [10.0, 20.0])
        panel.set(xlabel=f"size & depth {position}", title="Two “words”, é")
        if points:
            panel.scatter(np.linspace(1, 2, points), np.linspace(10, 20, points))
    text = inline_svg(figure, "sample", "Two lines.")
    plt.close(figure)
    return text


def test_letters_become_text_as_long_as_they_were_drawn() -> None:
    before = drawn(1)
    after = lighter(f"<figure>{before}</figure>")
    words = re.findall(r"<text[^>]*>([^<]*)</text>", after)
    assert {"size &amp; depth 0", "Two “words”, é", "20"} <= set(words)
    assert "DejaVuSans-" not in after
    assert len(after) < len(before) / 3
    lengths = {w: float(n) for n, w in re.findall(r'textLength="([\d.]+)"[^>]*>([^<]*)<', after)}
    # DejaVu Sans at 10 points: one figure is 6.36 points wide.
    assert lengths["20"] == pytest.approx(12.7, abs=0.1)


def test_a_formula_stays_as_it_was_drawn() -> None:
    figure, panel = plt.subplots()
    panel.set_title("$x^2$")
    panel.set_xlabel("x")
    after = lighter(inline_svg(figure, "formula", "A formula."))
    plt.close(figure)
    used = set(re.findall(r'href="#([^"]+)"', after))
    assert any("DejaVuSans" in name for name in used)
    assert used <= set(re.findall(r'\bid="([^"]+)"', after)), "nothing that is used is lost"


def test_panels_side_by_side_stack_and_a_single_one_does_not() -> None:
    assert "ld-panels" not in lighter(drawn(1))
    two = lighter(drawn(2))
    boxes = re.findall(r'<svg aria-hidden="true" viewBox="([^"]+)"', two)
    assert len(boxes) == 2
    (left, _, wide, _), (start, *_) = ([float(n) for n in box.split()] for box in boxes)
    assert left == 0
    assert start == pytest.approx(left + wide, abs=0.2), "nothing between the panels is lost"
    (shown,) = set(re.findall(r'<use href="#([^"]+)" /></svg>', two))
    assert f'id="{shown}"' in two


def test_a_panel_that_shares_a_scale_stays_beside_it() -> None:
    assert "ld-panels" not in lighter(drawn(2, shared=True))


def test_points_weigh_little_and_stay_where_they_are() -> None:
    before = drawn(1, points=900)
    after = lighter(before)
    assert len(after) < len(before) / 2
    places = [
        [float(n) for n in re.findall(r'<use x="([\d.]+)"', text)] for text in (before, after)
    ]
    assert len(places[1]) == len(places[0])
    assert np.allclose(*places, atol=0.006)
