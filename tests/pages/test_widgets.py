"""Things to move: right, from what is there already, and a still picture where nobody watches."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells
from feature_card_samples import sample_cards, sample_numbers
from matplotlib.figure import Figure
from scipy import sparse

from lib.analysis.steering import Prompts, Steered
from lib.core.progress import PROGRESS_FILE_VARIABLE
from lib.display import widgets
from lib.evidence import run_context
from lib.studies.splitting import plots as plots_splits
from lib.studies.twins import plots as plots_pairs

LEVELS = [number / 20 for number in range(4, 20)]


def features(box) -> list[int]:
    return [int(number) for number in re.findall(r"summary>feature (\d+)", box.children[1].value)]


def test_cards_are_searched_sorted_and_turned() -> None:
    box = widgets.browser(sample_cards(), sample_numbers())
    search, order, first = box.children[0].children
    assert features(box) == [0, 1, 2, 3, 4]
    search.value = "LITTLE"
    assert features(box) == [0, 6]
    assert "2 of 12 features" in box.children[1].value
    search.value = ""
    order.value = ("density", -1)
    assert features(box) == [11, 10, 9, 8, 7]
    order.value = ("hub power", 1)
    first.value = 5
    assert features(box) == [2, 0, 1, 3, 5]  # what is not known comes last
    search.value = "no such token"
    assert features(box) == []
    assert first.value == 1


def test_cards_hold_no_markup_of_their_text() -> None:
    box = widgets.browser(sample_cards(), {})
    box.children[0].children[0].value = "bold"
    assert features(box) == [1, 7]
    assert "<b>bold" not in box.children[1].value
    assert "<script>" not in box.children[1].value


def test_a_move_among_two_thousand_cards_draws_a_few_of_them() -> None:
    box = widgets.browser(sample_cards(2000), sample_numbers(2000))
    search, order, _ = box.children[0].children
    search.value = "dog"
    found = [feature for feature in range(2000) if feature % 6 == 2]
    assert set(features(box)) < set(found)
    assert f"{len(found)} of 2000" in box.children[1].value.replace(",", "")
    order.value = ("density", -1)
    shown = features(box)
    assert shown == sorted(found, reverse=True)[: len(shown)]
    order.value = ("density", 1)
    assert features(box) == found[: len(shown)]


def draw(value: float) -> Figure:
    drawn = Figure(figsize=(4, 2))
    drawn.subplots().plot([0, value])
    return drawn


def test_a_slider_draws_what_it_stands_at() -> None:
    box = widgets.live_dials(draw, {"dose": ([1, 2, 3, 4], 2)})
    control, picture = box.children
    assert 'aria-label="dose: 2"' in picture.value
    before = picture.value
    control.value = 1
    assert 'aria-label="dose: 1"' in picture.value
    assert picture.value != before


def test_moving_the_dose_shows_what_was_written_and_writes_nothing() -> None:
    """Chapter 1's own cell, on as many texts as a run at cpu has."""
    names = begin_chapter("01")
    random = np.random.default_rng(0)
    texts = lambda *shape: random.choice(list(b" little dog."), (*shape, 24)).astype(np.uint8)
    groups = ("its own features", "random features", "difference of means")
    rows = {name: torch.ones(6, 8) for name in groups}
    chances = Steered(np.full((6, 200), -2.0), np.zeros((6, 200)))
    written, asked = texts(15, 3), []
    names.update(
        doses=np.array([0.1, 0.2, 0.4, 0.6]),
        few=rows,
        shown={name: of_group[:1] for name, of_group in rows.items()},
        own=[(0, 1)],
        first=2,
        curves={name: [chances] * 4 for name in groups},
        plain=chances,
        chance=lambda log_p: float(np.exp(log_p).mean()),
        shifted=lambda row, dose: row,
        steer=lambda *_, **__: asked.append(1) or written,
        lm=None,
        site="",
        prompts=Prompts(torch.from_numpy(texts(200).astype(np.int64)), texts(200)),
        target="little",
    )
    run_cells("01", ["written"], names)
    box = widgets.live_dials(names["written_at"], {"dose": (names["levels"], 0.4)})
    control, page = box.children
    texts_at = written.reshape(5, 3, 3, -1)
    assert texts_at[3, 1, 1].tobytes().decode().split("little")[0] in page.value
    before = len(asked)
    for dose in (0.1, 0.2, 0.0):
        control.value = dose
    assert len(asked) == before
    assert texts_at[0, 0, 1].tobytes().decode().split("little")[0] in page.value


def test_the_twin_finder_shows_both_features_at_the_same_places() -> None:
    """Chapter 2's own cell; the larger dictionary holds the small one's features, in reverse."""
    names = begin_chapter("02")
    codes = np.zeros((40, 4))
    codes[[5, 15, 25], 0], codes[[7, 30], 1] = 1.0, 1.0
    names.update(
        rows=[{4: torch.eye(4), 8: torch.eye(8)[:, :4].flip(0)}],
        small=4,
        large=8,
        small_codes=sparse.csr_array(codes),
        columns=sparse.csc_array(np.pad(codes, ((0, 0), (0, 4)))[:, ::-1]),
        documents=np.arange(40) // 10,
        tokens=np.arange(40),
        strings=[f" <{i}>" for i in range(40)],
    )
    run_cells("02", ["twin-finder"], names)
    assert sorted(names["findable"]) == [0, 1]
    page = names["side_by_side"](0)
    assert "A cosine of 1.00" in page
    assert "Feature 7 of 8" in page
    assert page.count("&lt;15&gt;") == 2
    assert "<15>" not in page


def test_where_nobody_watches_there_is_one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr(run_context, "emit", lambda data, metadata: shown.append(data))
    monkeypatch.setattr(widgets, "live_dials", lambda *_: pytest.fail("a widget was made"))
    run_context.begin()
    widgets.play(draw, [1, 2], 2, "dose")
    assert not shown
    widgets.slider("doses", draw, [1, 2], 2, "dose", "A rising line", "It rises.")
    assert len(shown) == 1
    assert "It rises." in shown[0]["text/html"]
    assert "image/png" in shown[0]


def test_a_run_is_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not widgets.watched()
    monkeypatch.setitem(widgets.sys.modules, "google.colab", object())
    assert widgets.watched()
    monkeypatch.setenv(PROGRESS_FILE_VARIABLE, "log.txt")
    assert not widgets.watched()


def by_level(value: float) -> Figure:
    curves = {name: np.random.default_rng(0).random((5, len(LEVELS))) for name in "abc"}
    return plots_pairs.by_level(LEVELS, curves, value, ("dimensions", 0.5))


def filter_levels(value: float) -> Figure:
    shares = np.linspace(1, 0, len(LEVELS)).tolist()
    bars = dict.fromkeys("abcd", shares) | {"e": [float("nan")] * len(LEVELS)}
    return plots_splits.filter_levels(LEVELS, dict.fromkeys("abcd", shares), bars, value)


@pytest.mark.parametrize("drawing", [by_level, filter_levels])
def test_the_sliders_of_the_chapters_draw_each_level(drawing) -> None:
    control, picture = widgets.live_dials(drawing, {"threshold": (LEVELS, LEVELS[0])}).children
    before = picture.value
    control.value = LEVELS[7]
    assert picture.value != before


def test_a_mark_says_what_a_curve_has_there() -> None:
    curves = {"a": np.arange(2.0 * len(LEVELS)).reshape(2, -1)}
    drawn = plots_pairs.by_level(LEVELS, curves, LEVELS[3], ("dimensions", 4))
    mean = curves["a"][:, 3].mean()
    texts = [text.get_text() for text in drawn.axes[0].get_legend().get_texts()]
    assert texts == [f"a: {mean:.0f}", "dimensions"]


def test_a_class_without_contexts_has_no_share() -> None:
    texts = [text.get_text() for text in filter_levels(LEVELS[0]).axes[1].texts]
    assert texts == ["100%"] * 4 + ["none in the text"]
