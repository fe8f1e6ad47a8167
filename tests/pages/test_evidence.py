"""Records, figures and sentences: what leaves a chapter, and what is refused."""

from __future__ import annotations

import base64
import json
import re
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
import toy_project
from matplotlib.figure import Figure
from toy_project import load

from lib.core.errors import UserError
from lib.evidence import run_context
from lib.evidence.figures import INK, PAPER, figure
from lib.evidence.prose import fill, say
from lib.evidence.records import make, read_outputs, record
from lib.runs import worker


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return toy_project.activate(tmp_path / "a project", monkeypatch)


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What a notebook would have stored, as notebook outputs."""
    stored: list[dict] = []

    def emit(data: dict, metadata: dict) -> None:
        # Through JSON, as in a real notebook: what is no plain data fails here.
        output = {"output_type": "display_data", "data": data, "metadata": metadata}
        stored.append(nbformat.from_dict(json.loads(json.dumps(output, allow_nan=False))))

    monkeypatch.setattr(run_context, "emit", emit)
    return stored


def notebook(outputs: list[dict]) -> dict:
    return {"cells": [{"cell_type": "code", "outputs": outputs}]}


def picture() -> Figure:
    fig = Figure(figsize=(3, 2))
    panel = fig.subplots()
    panel.plot([0, 1], [1, 0], color=INK, label="a line")
    panel.fill_between([0, 1], [1, 0], color=PAPER)
    panel.set_title("<&>", color=INK)
    panel.legend()
    return fig


def test_records_survive_the_notebook(outputs: list[dict]) -> None:
    load("90", {"profile": "ci"})
    record("loss", np.float32(0.5), "nats", low=torch.tensor(0.25), high=1, n=5, over="runs")
    record("name", "little")
    record("table", np.arange(4).reshape(2, 2))
    found = read_outputs(notebook(outputs))
    assert found.records == run_context.current().records
    assert found.records["loss"].low == 0.25
    assert found.records["table"].value == [[0, 1], [2, 3]]
    assert found.settings["chapter"] == "90"
    assert found.settings["settings"]["profile"] == "ci"
    assert "torch" in found.settings["environment"]["versions"]


def test_the_peak_on_a_gpu_is_provenance(
    outputs: list[dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    load("90", {"profile": "ci"})
    record("before", 1)
    assert worker.device_peak(notebook(outputs)) == {}
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    for gib in (2, 3):
        monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda gib=gib: gib << 30)
        record(f"at_{gib}", gib)
    assert worker.device_peak(notebook(outputs)) == {"peak_device_memory_gib": 3.0}
    assert read_outputs(notebook(outputs)).records == run_context.current().records


def test_records_are_shown_by_glue_and_nowhere_else(outputs: list[dict]) -> None:
    """The reader of the pages drops the output itself and finds the value under its name."""
    from myst_nb.ext.glue import extract_glue_data_cell

    load("90", {"profile": "ci"})
    record("loss", 0.5)
    cell = nbformat.v4.new_code_cell("record(...)", outputs=outputs)
    glued = dict(extract_glue_data_cell(cell))
    assert cell["outputs"] == []
    assert glued["loss"]["data"]["text/plain"] == "0.5"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), np.float64("nan"), torch.tensor(-np.inf)]
)
def test_what_is_not_finite_is_no_value(value: object, outputs: list[dict]) -> None:
    record("loss", value)
    written = run_context.current().records["loss"]
    assert written.value is None
    assert written.reason in ("not a number", "infinite")
    assert fill("{loss:.2f} {when:loss < 1|below|not below}") == "no value not below"


def test_an_infinite_interval_leaves_the_value_without_bounds() -> None:
    written = make("count", 3.0, low=0.0, high=np.inf, n=1, over="dictionaries")
    assert (written.value, written.low, written.high) == (3.0, None, None)
    assert "infinite" in written.reason


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "Loss", "value": 1}, "lower-case"),
        ({"name": "words.loss", "value": 1}, "lower-case"),
        ({"name": "a", "value": 1, "low": 0}, "half an interval"),
        ({"name": "a", "value": 1, "low": 0, "high": 2}, "what it is over"),
        ({"name": "a", "value": 1, "low": 2, "high": 0, "over": "runs"}, "above high"),
        ({"name": "a", "value": {}}, "a number, a text or a small list"),
        ({"name": "a", "value": np.zeros(20_000)}, "20,000 elements"),
    ],
)
def test_ill_formed_records_are_refused(arguments: dict, words: str) -> None:
    with pytest.raises(UserError, match=words):
        record(**arguments)


def test_a_name_is_used_once() -> None:
    record("loss", 1.0)
    with pytest.raises(UserError, match="already"):
        record("loss", 2.0)
    assert run_context.current().records["loss"].value == 1.0


def test_a_cell_that_is_run_again_replaces_its_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_context, "running_cell", lambda: ("cell a", 1))
    record("loss", 1.0)
    monkeypatch.setattr(run_context, "running_cell", lambda: ("cell a", 2))
    record("loss", 2.0)
    monkeypatch.setattr(run_context, "running_cell", lambda: ("cell b", 3))
    with pytest.raises(UserError, match="already"):
        record("loss", 3.0)
    assert run_context.current().records["loss"].value == 2.0


def test_two_outputs_with_one_name_are_refused(outputs: list[dict]) -> None:
    record("loss", 1.0)
    with pytest.raises(UserError, match="two records named 'loss'"):
        read_outputs(notebook(outputs * 2))


def test_figure_is_html_in_the_pages_colours_with_a_small_fallback(outputs: list[dict]) -> None:
    record("share", 0.25)
    figure("a_line", picture(), alt='A "line" <b>', caption="It falls; {share:.0%} & more.")
    page = outputs[-1]["data"]["text/html"]
    root = ElementTree.fromstring(page)
    svg, caption = root
    assert root.attrib["role"] == "figure"
    assert (svg.attrib["role"], svg.attrib["aria-label"]) == ("img", 'A "line" <b>')
    assert caption.text == "It falls; 25% & more."
    assert "currentColor" in page
    assert "var(--pst-color-background" in page
    assert not re.search(f"(?i)#000000|#ffffff|{INK}|{PAPER}|<style|http", page)
    image = base64.b64decode(outputs[-1]["data"]["image/png"])
    assert len(image) <= 200_000
    assert struct.unpack(">I", image[16:20])[0] > 300


def test_two_figures_share_no_ids(outputs: list[dict]) -> None:
    for name in ("one", "two"):
        figure(name, picture(), alt="a line", caption="A line.")
    ids = []
    for output in outputs:
        root = ElementTree.fromstring(output["data"]["text/html"])
        own = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
        links = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', output["data"]["text/html"]))
        assert {a or b for a, b in links} <= own
        ids.append(own)
    assert not ids[0] & ids[1]


def test_figures_are_the_same_every_time(outputs: list[dict]) -> None:
    figure("one", picture(), alt="a", caption="b")
    run_context.begin()
    figure("one", picture(), alt="a", caption="b")
    assert outputs[0]["data"] == outputs[1]["data"]


def test_many_points_stay_small(outputs: list[dict]) -> None:
    fig = Figure()
    points = np.random.default_rng(0).random((2, 20_000))
    fig.subplots().scatter(*points, c=points[0], s=4)
    figure("cloud", fig, alt="a cloud", caption="A cloud.")
    assert len(outputs[-1]["data"]["text/html"]) < 400_000
    assert len(base64.b64decode(outputs[-1]["data"]["image/png"])) <= 200_000


@pytest.mark.parametrize("missing", ["alt", "caption"])
def test_a_figure_needs_words(missing: str) -> None:
    words = {"alt": "a line", "caption": "A line."} | {missing: " "}
    with pytest.raises(UserError, match=f"no {missing}"):
        figure("a_line", picture(), **words)


def test_sentences_take_their_numbers_from_the_records(outputs: list[dict]) -> None:
    load("90", {"profile": "cpu"})
    record("growth", 12.345, "cm", low=11, high=13.5, n=5, over="runs")
    record("control", 1.0, low=0.5, high=2.0, n=5, over="runs")
    record("word", "*a* <b> _c_")
    say(
        "{growth} {growth:.1f} {growth.interval:.1f} {growth.n} {settings.size} {{x}} "
        "{when:growth.low >= 11|tall|short} {verdict:toy.grows} {confirms:toy.grows} "
        "{verdict:toy.later|a|b|c|d} {word}"
    )
    assert outputs[-1]["data"]["text/markdown"] == (
        r"12.345 12.3 12.3 [11.0, 13.5] 5 2 {x} tall replicated confirms d "
        r"\*a\* &lt;b&gt; \_c\_"
    )


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{grwth}", "did you mean 'growth'"),
        ("{growth.lo}", "did you mean 'low'"),
        ("{settings.siz}", "did you mean 'size'"),
        ("{verdict:toy.grow}", "did you mean 'toy.grows'"),
        ("{verdict:toy.grows|yes|no}", "four wordings"),
        ("{when:growth|a|b}", "compares by"),
        ("{when:growth < 1|a}", "if true"),
        ("{growth:.q}", "cannot be filled in"),
        ("{growth", "cannot be filled in"),
        ("{}", "no record"),
    ],
)
def test_sentences_that_cannot_be_filled(template: str, words: str) -> None:
    load("90", {"profile": "cpu"})
    record("growth", 1.0, low=0.0, high=2.0, over="runs")
    record("control", 1.0, low=0.5, high=2.0, over="runs")
    with pytest.raises(UserError, match=words):
        fill(template)


@pytest.mark.parametrize(
    ("draw", "shown"),
    [
        (lambda panel: panel.plot([1, 2], [0, 0]), True),
        (lambda panel: panel.bar([1, 2], [0, 3]), True),
        (lambda panel: panel.scatter([1], [1]), True),
        (lambda panel: panel.pcolormesh([[0.0, 1.0]]), True),
        (lambda panel: panel.imshow([[0.0, 1.0]]), True),
        (lambda panel: panel.fill_between([1, 2], [1, 2]), True),
        (lambda panel: panel.stairs([1, 2]), True),
        (lambda panel: panel.axhline(1), False),
        (lambda panel: panel.axvspan(1, 2), False),
        (lambda panel: panel.bar([1, 2], [0, 0]), False),
        (lambda panel: panel.stairs([0, 0]), False),
        (lambda panel: panel.plot([], []), False),
        (lambda panel: panel.plot([1], [float("nan")]), False),
        (lambda panel: panel.scatter([], []), False),
        (lambda panel: panel.pcolormesh([[float("nan")] * 2]), False),
        (lambda panel: panel.set_title("Nothing"), False),
    ],
)
def test_no_figure_is_drawn_from_nothing(draw: Callable, shown: bool, outputs: list[dict]) -> None:
    drawn = Figure()
    draw(drawn.subplots())
    figure("one", drawn, alt="One.", caption="A figure.")
    page = outputs[-1]["data"]["text/html"]
    assert ("<svg" in page) == shown
    assert ("There is nothing to draw" in page) == (not shown)
    assert 'id="figure-one"' in page
