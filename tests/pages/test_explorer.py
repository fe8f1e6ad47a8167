"""The feature explorer: what a run leaves, what is kept of it, and the page that it becomes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import numpy as np
import page_project
import pytest
from feature_card_samples import sample_card, sample_cards, sample_numbers

from lib.core import paths
from lib.core.errors import UserError
from lib.display import explorer
from lib.pages import context
from lib.pages import explorer as explorer_pages
from lib.pages import notebook as notebook_pages
from lib.runs import keep, run_folders


def test_cards_come_back_as_they_went() -> None:
    cards, numbers = sample_cards(), sample_numbers()
    data = json.loads(json.dumps(explorer.pack(cards, numbers)))
    assert data["total"] == len(data["features"]) == 12
    assert data["columns"] == ["density", "hub power"]
    for card, packed in zip(cards, data["features"], strict=True):
        back, values, near = explorer.unpack(packed)
        assert back.feature == card.feature
        assert back.name == card.name
        assert back.facts == card.facts
        assert list(back.promoted) == list(card.promoted)
        assert [value for value, _ in back.examples] == [5, 4.857, 4.714]
        assert back.weaker == [(2.5, explorer.compact(card.weaker[0][1]))]
        assert back.histogram == [3, 0, 1]
        assert values[0] == numbers["density"][card.feature]
        assert (values[1] is None) == bool(card.feature % 2)
        assert near == []


def test_the_neighbours_of_a_feature_are_the_nearest_directions() -> None:
    directions = np.eye(12)
    directions[3] = 2 * (directions[5] + 0.1 * directions[3])
    data = explorer.pack(sample_cards(), {}, directions)
    near = {packed[0]: explorer.unpack(packed)[2] for packed in data["features"]}
    assert near[3][0] == (5, 0.995)
    assert near[5][0] == (3, 0.995)
    assert all(feature not in dict(others) for feature, others in near.items())


def test_short_marks_hold_the_text_and_the_shades_and_no_markup_of_the_text() -> None:
    tags = re.compile(r"<[^>]+>")
    for _, text in sample_card(1).examples:
        short = explorer.compact(text)
        assert tags.sub("", short) == tags.sub("", text)
        assert set(tags.findall(short)) == {
            "</b>",
            *(f"<b class=s{shade}>" for shade in (1, 2, 3, 4, 5)),
        }
        assert len(short) < len(text)
    style = explorer.style_sheet()
    assert [f".s{shade} {{" in style for shade in range(1, 6)] == [True] * 5
    assert "rgba" in style


def test_what_does_not_fit_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "LARGEST", 3000)
    data = explorer.pack(sample_cards(), sample_numbers())
    assert 0 < len(data["features"]) < 12
    assert data["total"] == 12
    assert len(json.dumps(data["features"], ensure_ascii=False).encode()) < 3500


def test_an_explorer_needs_cards_and_numbers_for_all_of_them() -> None:
    with pytest.raises(UserError, match="at least one"):
        explorer.pack([], {})
    with pytest.raises(UserError, match=r"'purity' must have a value for each.*up to feature 11"):
        explorer.pack(sample_cards(), {"purity": [0.1] * 11})


def test_a_run_leaves_its_cards_where_the_pages_find_them() -> None:
    data = {"name": "cards", "caption": "c", **explorer.pack(sample_cards(), sample_numbers())}
    output = nbformat.v4.new_output("display_data", data={explorer.MIME: json.dumps(data)})
    cell = nbformat.v4.new_code_cell("explorer(...)", id="x", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    assert explorer.explorer_data(notebook) == [json.loads(json.dumps(data))]
    assert explorer.names_in(notebook["cells"][0]) == ["cards"]


def explorer_runs(folder: Path) -> tuple[Path, list]:
    root, run = page_project.make_book(folder / "book")
    return root, [run_folders.read_run(run)]


def test_the_page_holds_everything_and_lets_nothing_act(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    (one,) = explorer_pages.explorers(found)
    assert f"explorer/{one.page}" == page_project.EXPLORER
    text = explorer_pages.explorer_page(one, None, root)
    assert text.count("<details") == 12
    assert "<b>bold" not in text
    assert "<script>alert" not in text
    assert text.count("<script>") == 1
    assert not re.search(r"""(?:src|href)=["'](?!\.\./|#)""", text)
    assert "http" not in text
    assert 'data-n0="0.001" data-n1="1"' in text
    assert "Twelve features, and 1 &lt; 2." in text
    assert '<a href="#feature-3">feature 3</a> (0.99' in text
    assert "secret-stories" in text
    assert "somebody" not in text


def with_siblings(folder: Path) -> tuple[Path, list[explorer_pages.Explorer]]:
    """Two dictionaries of one run, and one of a run with another seed."""
    root, run = page_project.make_book(folder / "book")
    other = page_project.make_run(folder / "other", seed=4)
    data = json.loads((run / "explorer" / "cards.json").read_text())
    more = {**data, "name": "large_dictionary", "features": data["features"][:3]}
    (run / "explorer" / "large_dictionary.json").write_text(json.dumps(more), encoding="utf-8")
    return root, explorer_pages.explorers([run_folders.read_run(run), run_folders.read_run(other)])


def test_one_goes_from_a_dictionary_to_those_of_its_run_and_no_further(tmp_path: Path) -> None:
    root, pages = with_siblings(tmp_path)
    assert len(pages) == 3
    explorer_pages.write(pages, [], tmp_path / "out", root)
    links = {
        one.page: re.findall(r'<a href="([^"#.][^"]*)\.html"', text)
        for one in pages
        for text in [(tmp_path / "out" / f"{one.page}.html").read_text(encoding="utf-8")]
    }
    first, other, large = sorted(links, key=lambda page: ("large" in page, page))
    assert links[first] == [large]
    assert links[large] == [first]
    assert links[other] == []
    text = (tmp_path / "out" / f"{large}.html").read_text(encoding="utf-8")
    assert '<strong aria-current="page">Large dictionary</strong>' in text
    assert "large dictionary</h1>" in text


def test_the_list_tells_dictionaries_and_runs_apart(tmp_path: Path) -> None:
    root, pages = with_siblings(tmp_path)
    text = explorer_pages.explorer_list(pages, context.studies(root))
    (row,) = text.split("<li>")[1:]
    assert row.startswith("<strong>01 Words from letters</strong>: ")
    for one in pages:
        words = f"{one.title}: {one.place}, {one.seed}, {len(one.data['features'])} features"
        assert f'/{one.page}.html">{words}</a>' in row


def test_recorded_dictionaries_come_first_and_others_fold(tmp_path: Path) -> None:
    root, (first, *others) = with_siblings(tmp_path)
    recorded = others[-1]._replace(run=others[-1].run._replace(origin="results"))
    text = explorer_pages.explorer_list([first, *others[:-1], recorded], context.studies(root))
    seen, folded = text.split("<details>")
    assert recorded.page in seen
    assert first.page not in seen
    assert first.page in folded


def test_one_chooses_by_a_fact_that_has_few_values(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    (one,) = explorer_pages.explorers(found)
    assert "data-k0" not in explorer_pages.explorer_page(one, None, root)  # twelve values
    cards = [
        card._replace(facts={"kind": "<rare>" if f < 3 else "alive", "on": f"{f % 3}%"})
        for f, card in enumerate(sample_cards())
    ]
    data = {**one.data, **explorer.pack(cards, sample_numbers())}
    text = explorer_pages.explorer_page(one._replace(data=data), None, root)
    options = dict(re.findall(r'<option value="(\d)">([^<]*)</option>', text))
    assert options == {"0": "alive (9)", "1": "&lt;rare&gt; (3)"}
    assert text.count('data-k0="0"') == 9
    assert text.count('data-k0="1"') == 3
    assert "data-k1" not in text  # numbers are sorted by


def test_the_page_promises_only_what_the_cards_hold(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    (one,) = explorer_pages.explorers(found)
    bare = [
        card._replace(name="", promoted=(), suppressed=(), neurons=()) for card in sample_cards()
    ]
    data = {**one.data, **explorer.pack(bare, sample_numbers())}
    texts = [
        explorer_pages.explorer_page(one._replace(data=which), None, root)
        for which in (one.data, data)
    ]
    for word in ("it promotes", "it raises", "neurons", ">suppresses<", ">Label<"):
        assert word in texts[0]
        assert word not in texts[1]


def test_the_page_says_what_was_left_out(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    (one,) = explorer_pages.explorers(found)
    one = one._replace(data={**one.data, "total": 20})
    assert "Of 20 cards, 8 did not fit." in explorer_pages.explorer_page(one, None, root)


def test_what_an_older_run_did_not_leave_is_said(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    (one,) = explorer_pages.explorers(found)
    text = explorer_pages.explorer_page(one, None, root)
    assert text.count("from 0 to 5.00: 3, 0, 1 activations") == 12
    assert text.count("a weaker place") == 12
    older = {**one.data, "features": [packed[:9] for packed in one.data["features"]]}
    bare = explorer_pages.explorer_page(one._replace(data=older), None, root)
    assert "kept before cards had a histogram" in bare
    assert 'activations"' not in bare


def test_a_neighbour_without_a_card_is_named_and_not_linked(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    (one,) = explorer_pages.explorers(found)
    few = [packed for packed in one.data["features"] if packed[0] != 3]
    text = explorer_pages.explorer_page(
        one._replace(data={**one.data, "features": few}), None, root
    )
    assert "#feature-3" not in text
    assert "<td>3 (0.99" in text


def test_a_page_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, found = explorer_runs(tmp_path)
    monkeypatch.setattr(explorer_pages, "LARGEST_PAGE", 1000)
    with pytest.raises(UserError, match="leave fewer cards"):
        explorer_pages.write(explorer_pages.explorers(found), [], tmp_path / "out", root)


def test_the_list_names_every_dictionary_or_says_that_there_is_none(tmp_path: Path) -> None:
    root, found = explorer_runs(tmp_path)
    studies = context.studies(root)
    text = explorer_pages.explorer_list(explorer_pages.explorers(found), studies)
    assert f'href="../{page_project.EXPLORER}.html">' in text
    assert "01 Words from letters" in text
    assert "cpu run on secret-stories, seed 3, 12 features" in text
    assert "1 &lt; 2" in text
    assert "No run" in explorer_pages.explorer_list([], studies)


def test_the_chapter_leads_to_its_explorer() -> None:
    executed = page_project.executed_notebook()
    page = notebook_pages.publish(
        executed,
        page_project.make_notebook(page_project.sample_cells()),
        name="sample",
        facts=[],
        settings={},
        explorers={"cards": "a-page"},
    )
    ids = [cell["id"] for cell in page["cells"]]
    assert ids.index("all-cards") == ids.index("verdict") + 1
    assert "../explorer/a-page.html" in page["cells"][ids.index("all-cards")]["source"]
    assert explorer.MIME not in nbformat.writes(page)


def test_no_kept_dictionary_has_lost_characters() -> None:
    """A text may hold a damaged character; tokens that cut one would damage every card with it."""
    files = sorted(paths.results_folder().glob("*/*/*/explorer/*.json"))
    assert files
    for file in files:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        cards = [json.dumps(one, ensure_ascii=False) for one in features]
        "".join(cards).encode("utf-8")  # no half of a character either
        assert sum("\ufffd" in card for card in cards) <= 0.01 * len(cards), file


def test_kept_runs_keep_their_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = page_project.make_run(tmp_path / "run")
    monkeypatch.setattr(keep.paths, "results_folder", lambda: tmp_path / "results")
    kept = keep.record_run(str(run))
    assert json.loads((kept / "explorer" / "cards.json").read_text()) == json.loads(
        json.dumps(page_project.CARDS)
    )
    assert [one.page for one in explorer_pages.explorers([run_folders.read_run(kept, "results")])]
