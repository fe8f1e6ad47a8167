"""Pages: today's prose around a run's outputs, nothing private, no page taken for granted."""

from __future__ import annotations

import html
import json
import re
import runpy
from collections import defaultdict
from pathlib import Path

import nbformat
import page_project
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from PIL import Image

from lib.core import paths
from lib.core.errors import UserError
from lib.evidence import templating
from lib.evidence.records import Record
from lib.evidence.verdicts import VERDICTS, claims
from lib.pages import additions, check, context, folding, notebook, parameters, studies, texts
from lib.pages import build as pages
from lib.pages.context import BookContext, ClaimAnchor, Result
from lib.pages.scorecard import scorecard_page
from lib.runs import collect, notebooks, run_folders
from lib.runs import scorecard as judging
from lib.settings import PROFILES
from lib.studies.registry import STUDIES, resolve, schema


def publish(executed=None, source=None, **options) -> nbformat.NotebookNode:
    return notebook.publish(
        executed or page_project.executed_notebook(),
        source or page_project.make_notebook(page_project.sample_cells()),
        name="sample",
        facts=[("Seed", "3 <b>")],
        settings={"sizes": [1, 2]},
        injected={"seed": 3},
        **options,
    )


def by_id(page: nbformat.NotebookNode) -> dict[str, nbformat.NotebookNode]:
    return {cell["id"]: cell for cell in page["cells"]}


def test_prose_is_todays_and_outputs_are_the_runs() -> None:
    source = page_project.make_notebook(page_project.sample_cells())
    by_id(source)["between"]["source"] = "A corrected sentence."
    page = by_id(publish(source=source))
    assert page["between"]["source"] == "A corrected sentence."
    assert len(page["show"]["outputs"]) == 3


def test_progress_and_injected_parameters_stay_out_of_the_page() -> None:
    page = publish()
    assert not [cell for cell in page["cells"] if "# Parameters" in cell["source"]]
    streams = [o for o in by_id(page)["measure"]["outputs"] if o["output_type"] == "stream"]
    assert [stream["name"] for stream in streams] == ["stdout"]
    order = [cell["id"] for cell in page["cells"]]
    note = order.index(notebook.NOTE_CELL)
    assert order[note - 1] == "parameters"
    assert "<code>seed</code> = <code>3</code>" in page["cells"][note]["source"]


def test_a_said_sentence_calls_a_text_by_its_name() -> None:
    said = {"output_type": "display_data", "metadata": {}}
    said["data"] = {"text/markdown": r"On **stories\_mixed**, `stories_mixed` and **-2.5**."}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "outputs": [said]}
    shown = notebook.published_cell(cell, {"stories_mixed": "longer stories"})
    expected = "On **longer stories**, `stories_mixed` and **−2.5**."
    assert shown["outputs"][0]["data"]["text/markdown"] == expected


def test_the_page_ends_with_how_it_was_run() -> None:
    last, end = publish()["cells"][-2:]
    assert end["source"] == "</details>"
    assert last["source"].startswith("## How this page was run")
    assert "3 &lt;b&gt;" in last["source"]
    assert "<code>1, 2</code>" in last["source"]


def test_a_run_of_other_code_is_refused() -> None:
    source = page_project.make_notebook(page_project.sample_cells())
    by_id(source)["measure"]["source"] = "measure_differently()"
    with pytest.raises(UserError, match="measure"):
        publish(source=source)


def test_a_recorded_run_of_other_code_shows_the_code_that_ran() -> None:
    source = page_project.make_notebook(page_project.sample_cells())
    by_id(source)["measure"]["source"] = "measure_differently()"
    by_id(source)["between"]["source"] = "A corrected sentence."
    source["cells"].insert(5, nbformat.v4.new_code_cell("new_cell()", id="new"))
    page = publish(source=source, recorded=True)
    cells = by_id(page)
    assert cells["measure"]["source"] == "measure()"
    assert cells["between"]["source"] == "A corrected sentence."
    assert cells["new"]["outputs"] == []


def test_parts_fold_as_far_as_the_next_heading_or_name() -> None:
    tagged = {"tags": [folding.FOLDED]}
    cells = [
        new_markdown_cell("## Seen\n\n*In sight.*\n\nFolded.", metadata=tagged),
        new_markdown_cell("**How & why.** Folded too.", metadata=tagged),
        new_code_cell("x = 1", metadata={"tags": [folding.FOLDED, notebooks.HIDDEN]}),
        new_markdown_cell("Behind it."),
        new_markdown_cell("## Exercises\n\nOne.\n\n## Questions\n\nTwo?", metadata=tagged),
    ]
    page = list(folding.folded(cells))
    text = "\n\n".join(cell["source"] for cell in page)
    fold = '<details class="ld-fold"><summary>{}</summary>'
    unnamed = fold.format(folding.UNNAMED)
    assert text.startswith(f"## Seen\n\n*In sight.*\n\n{unnamed}\n\nFolded.\n\n</details>")
    assert fold.format("How &amp; why") + "\n\nFolded too.\n\nx = 1\n\n</details>\n\nBehind" in text
    assert f"One.\n\n</details>\n\n## Questions\n\n{unnamed}" in text
    assert text.count("<details") == text.count("</details>") == 4
    assert notebooks.HIDDEN not in page[2]["metadata"]["tags"]
    with pytest.raises(UserError, match="begins with a heading or with a name"):
        list(folding.folded(cells[2:]))


def test_code_that_only_shows_is_left_out_and_code_that_records_is_not() -> None:
    shown, recorded = (
        folding.without_display_code(new_code_cell(code, metadata={"tags": [notebooks.HIDDEN]}))
        for code in ('text = "{x:.1f}"\nsay(text)', 'record("x", 1)\nsay("{x:.1f}")')
    )
    assert shown["metadata"]["tags"] == [folding.UNSHOWN]
    assert recorded["metadata"]["tags"] == [notebooks.HIDDEN]


def test_a_failed_run_is_never_published() -> None:
    executed = page_project.executed_notebook()
    error = nbformat.v4.new_output("error", ename="E", evalue="x", traceback=[])
    by_id(executed)["measure"]["outputs"].append(error)
    with pytest.raises(UserError, match="not published"):
        publish(executed)


def test_the_folder_of_a_private_text_is_not_shown(tmp_path: Path) -> None:
    run = run_folders.read_run(page_project.make_run(tmp_path / "run"))
    shown = [
        notebook.facts(run),
        notebook.settings(run),
        notebook.injected(run, page_project.executed_notebook()),
    ]
    assert "somebody" not in str(shown)
    assert "secret-stories" in str(shown)
    assert "with uncommitted changes" in str(shown)
    assert "1 trained parts were there already" in str(shown)


def book_with(results=page_project.RESULTS, anchors=None, written=None, runs=()) -> BookContext:
    """This book's studies and claims with these results."""
    written = {page_project.CHAPTER} if written is None else written
    listed = context.studies(page_project.ROOT)
    return BookContext(page_project.ROOT, listed, claims(), results, written, anchors or {}, runs)


def scorecard(results=page_project.RESULTS, anchors=None) -> str:
    return scorecard_page(book_with(results, anchors))


def test_the_scorecard_lists_every_claim_once_with_sign_and_word() -> None:
    page = scorecard()
    for key in claims():
        assert page.count(f"<code>{key}</code>") == 1, key
    others = len(claims()) - len(claims("01"))
    assert f"{others} of {len(claims())}" in page  # pending
    badges = re.findall(
        r'data-verdict="([^"]+)"><span aria-hidden="true">(.)</span> ([^<]+)<', page
    )
    assert badges
    assert all(word == shown for word, _, shown in badges)
    assert {word for word, _, _ in badges} == set(VERDICTS)
    assert "21 &lt;b&gt;words&lt;/b&gt;" in page
    assert "kept cpu run on tinystories; on cpu" in page
    assert "../chapters/01_words_from_letters.ipynb" in page
    assert "../chapters/02" not in page
    replaced = [old for claim in claims().values() for old in claim.before]
    assert page.count("<summary>the criterion before</summary>") == len(replaced) > 30
    assert page.count("Its verdict: not replicated.") >= 10


def test_what_did_not_replicate_is_listed_chapter_by_chapter() -> None:
    page = scorecard()
    lines = page.partition("## What did not replicate")[2].partition("\n## ")[0]
    first, claim, *others = lines.strip().splitlines()
    assert first.endswith("(1 of 11):")
    assert claim.startswith('  - <a href="#words-steering">')
    assert 'id="words-steering"' in page
    assert len(others) == 5
    assert all("no run yet" in line for line in others)


def test_a_chapter_whose_runs_decide_nothing_says_so() -> None:
    later = Result("ci run", "", "needs a larger run", "")
    page = scorecard({key: [later] for key in claims("01")})
    assert "(0 of 11): no run yet that is large enough" in page
    page = scorecard({**page_project.RESULTS, "words.steering": [later]})
    assert "(0 of 11): none of the 9 claims that were decided." in page


def test_all_claims_stand_in_one_picture_and_lead_to_their_rows() -> None:
    page = scorecard()
    grid = page.partition('class="ld-grid"')[2].partition("</div>")[0]
    for key in claims():
        anchor = key.replace(".", "-")
        assert f'href="#{anchor}" title=' in grid
        assert f'id="{anchor}"' in page
    assert grid.count("<li ") == len(claims())
    held = page.partition("## What held up")[2].partition("\n## ")[0]
    assert '<a href="#words-end-selective">' in held


def test_the_scorecard_offers_what_there_is_to_choose() -> None:
    page = scorecard()
    for value in ("01", "not replicated", "storyworld", "tinystories", "cpu", "ci"):
        assert f'<option value="{value}">' in page
    assert '<option value="t4">' not in page
    assert "https:" not in page.partition("<script>")[2]


def test_what_a_run_says_stands_under_its_size() -> None:
    sizes = ("cpu", "night")
    results = {
        "words.steering": [Result(f"{s} run", f"at {s}", "partly", "", profile=s) for s in sizes]
    }
    page = scorecard(results)
    row = page.partition('id="words-steering"')[2].partition("</tr>")[0]
    small, large = re.findall(r'<td data-label="(?:Up to cpu|From night on)">(.*?)</td>', row, re.S)
    assert ("at cpu" in small, "at night" in small) == (True, False)
    assert ("at cpu" in large, "at night" in large) == (False, True)


def test_what_the_readme_shows_are_todays_verdicts() -> None:
    kept = context.results_of(judging.scorecard(collect.gather([paths.results_folder()])))
    todays = {key.replace(".", "-"): context.headline(kept[key]) for key in claims()}
    with Image.open(page_project.ROOT / "book" / "_static" / "grid.png") as picture:
        shown = json.loads(picture.text["verdicts"])
    assert shown == todays, "make pages, then .venv/bin/python book/_scripts/pictures.py"
    script = runpy.run_path(str(page_project.ROOT / "book" / "_scripts" / "pictures.py"))
    assert script["result"](todays) in (page_project.ROOT / "README.md").read_text("utf-8")


def test_a_claim_leads_to_the_figure_that_settles_it() -> None:
    executed = page_project.executed_notebook()
    page = f"chapters/{page_project.CHAPTER}"
    found = context.claim_anchors(page, executed, ["words.end-selective", "words.steering"])
    assert list(found) == ["words.end-selective"]
    place = found["words.end-selective"]
    assert (place.anchor, place.section, place.figure) == ("figure-sample", "The idea", "sample")
    assert 'href="../chapters/01_words_from_letters.html#figure-sample"' in scorecard(anchors=found)


def test_a_claim_without_a_figure_leads_to_its_section() -> None:
    cells = [
        new_markdown_cell("# Title\n\n## A *second* look"),
        nbformat.v4.new_code_cell('say("It {confirms:a.b-c} this.")'),
        nbformat.v4.new_code_cell('verdict("a.b")'),
    ]
    found = context.claim_anchors("chapters/x", {"cells": cells}, ["a.b", "a.b-c", "a"])
    assert {key: place.anchor for key, place in found.items()} == {
        "a.b": "a-second-look",
        "a.b-c": "a-second-look",
    }
    assert found["a.b"].section == "A second look"


def test_a_claim_without_a_verdict_stops_the_build() -> None:
    refuse = context.refuse_pending
    refuse(claims(), page_project.RESULTS, {"01"})
    with pytest.raises(UserError, match=r"10 claims have no verdict: split\.narrow"):
        refuse(claims(), page_project.RESULTS, {"01", "04"})
    pending = Result("cpu run", "", "pending", "a record is missing")
    results = {**page_project.RESULTS, "words.spelling": [pending]}
    with pytest.raises(UserError, match=r"1 claims have no verdict: words\.spelling"):
        refuse(claims(), results, {"01"})


def test_a_run_that_cannot_be_judged_leaves_the_word_to_the_next() -> None:
    results = [Result("cpu run on a", "", verdict, "") for verdict in ("pending", "partly")]
    assert context.headline(results) == "partly"
    assert context.headline(results[:1]) == "pending"


def test_every_claim_belongs_to_a_study() -> None:
    listed = context.studies(page_project.ROOT)
    assert [study.chapter for study in listed] == ["01", "02", "03", "04", "05", "06"]
    for key, claim in claims().items():
        (study,) = [study for study in listed if study.chapter == claim.chapter]
        assert key.startswith(study.claims + "."), key
    assert all(claims()[study.claim].chapter == study.chapter for study in listed)


def test_cards_show_a_claim_a_figure_and_what_has_no_run_yet(tmp_path: Path) -> None:
    run = run_folders.read_run(page_project.make_run(tmp_path / "run"))
    place = ClaimAnchor("chapters/x", "figure-sample", "The idea", "sample")
    book = book_with(anchors={"words.end-selective": place}, runs=[run])
    pictures = studies.pictures(book)
    assert list(pictures) == ["01"]
    shown = studies.copy_pictures(pictures, tmp_path / "pictures")
    assert (tmp_path / "pictures" / "01.png").stat().st_size > 1000
    cards = studies.study_cards(book, shown)
    assert cards.count("grid-item-card") == 6
    assert cards.count("No run yet") == 5
    assert cards.count("*Here:* no run yet.") == 5
    assert "*Here:* ✓ replicated (cpu run on storyworld)." in cards
    assert "✓ 1 replicated · ◐ 8 partly" in cards
    assert cards.count(" See [") + cards.count(" See <a href=") == 1
    assert ":img-alt: A falling line (cpu run on secret-stories, seed 3)" in cards


def test_the_welcome_leads_to_the_primer_where_there_is_one() -> None:
    for written in ([], ["00_primer"]):
        cards = studies.study_cards(book_with({}, written=written), {})
        assert ("(../chapters/00_primer.ipynb)" in cards) == bool(written)


def test_the_picture_is_of_the_run_that_decides(tmp_path: Path) -> None:
    run = run_folders.read_run(page_project.make_run(tmp_path / "run"))
    other = run._replace(meta={**run.meta, "source": "made-up", "real": False})
    own_sizes = run._replace(meta={**run.meta, "source": "odd", "overrides": {"k": 1}})
    place = ClaimAnchor("chapters/x", "figure-sample", "The idea", "sample")
    for found in ([run, other, own_sizes], [own_sizes, other, run]):
        pictures = studies.pictures(book_with(anchors={"words.end-selective": place}, runs=found))
        assert "secret-stories" in pictures["01"].place


def test_the_index_of_parameters_is_the_schemas() -> None:
    found = parameters.parameters()
    for chapter in STUDIES:
        own = {one.name for one in found if one.chapter in (chapter, parameters.EVERY)}
        assert own == set(schema(chapter).model_fields)
        for one in found:
            if one.chapter == chapter:
                values = [getattr(resolve(chapter, {"profile": p}), one.name) for p in PROFILES]
                assert one.values == tuple(map(parameters.in_words, values))
    assert all(one.meaning for one in found), [one.name for one in found if not one.meaning]
    assert not [one for one in found if "<" in one.kind or "typing" in one.kind]


def test_a_text_goes_by_its_plain_name() -> None:
    known = texts.names(page_project.ROOT)
    assert known["stories_mixed"] == "TinyStories and longer stories"
    assert known["storyworld"] == "storyworld"
    run = run_of(source="tinystories")
    book = book_with()._replace(texts=known)
    assert book.place(run) == "cpu run on TinyStories"
    assert notebook.origin(run, known).startswith("TinyStories, profile cpu")
    assert book_with().place(run) == "cpu run on tinystories"


def test_a_minus_in_a_sentence_is_typeset() -> None:
    said = "by -0.76 [-0.93, -0.00], `-p 1`, $x-1$, 2026-01-01, 1e-5, (-0.05) and -0%"
    assert notebook.typeset(said) == (
        "by −0.76 [−0.93, 0.00], `-p 1`, $x-1$, 2026-01-01, 1e-5, (−0.05) and 0%"
    )


def test_every_text_of_a_recorded_run_is_explained() -> None:
    runs = collect.gather([page_project.ROOT / "results"])
    page = texts.texts_page(page_project.ROOT, runs)
    for label in {run.meta["source"] for run in runs}:
        assert f"`{label}`" in page
    strange = runs[0]._replace(meta={**runs[0].meta, "source": "nobody_knows"})
    with pytest.raises(UserError, match="nobody_knows"):
        texts.texts_page(page_project.ROOT, [*runs, strange])


def run_of(records=(), **meta) -> run_folders.Run:
    meta = {"chapter": "01", "profile": "cpu", "source": "storyworld", "seed": 0} | meta
    here = {"device": "cpu", "seconds": 61}
    return run_folders.Run(Path("x"), meta, {one.name: one for one in records}, {}, here, "runs")


def test_a_chapter_begins_with_its_result_and_ends_nowhere_without_the_recorded_one() -> None:
    anchor = ClaimAnchor("chapters/01", "figure-sample", "Verdict", "sample")
    study = context.studies(page_project.ROOT)[0]._replace(
        claim="words.end-selective", short=("{found:.0f} words & more.", "{not_there} is left out.")
    )
    recorded = page_project.RESULTS["words.lm-loss"][0]
    results = {**page_project.RESULTS, "words.end-selective": [recorded]}
    book = book_with(results, {"words.end-selective": anchor})
    page = publish()
    count = len(page["cells"])
    additions.add(page, study, run_of([Record("found", 21.4)]), book)
    cells = by_id(page)
    assert page["cells"][1]["id"] == additions.SHORT_CELL
    top = cells[additions.SHORT_CELL]["outputs"][0]["data"]["text/html"]
    assert "21 words &amp; more." in top
    assert "left out" not in top
    assert top.count("<li data-verdict=") == len(claims("01"))
    assert 'id="short-figure-sample"' in top
    ids = re.findall(r'\bid="([^"]+)"', top)
    assert len(ids) == len(set(ids))
    assert all(one.startswith(additions.COPY) for one in ids)
    for name in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', top):
        assert "".join(name) in ids
    assert "smoke" not in top
    assert "This run: storyworld, profile cpu, seed 0, cpu, 1 min 01 s." in top
    # The recorded run stands below the verdict of the local one.
    order = [cell["id"] for cell in page["cells"]]
    assert order[order.index("verdict") + 1] == "recorded-words-end-selective"
    assert len(page["cells"]) == count + 2
    assert "cpu run on tinystories" in cells["recorded-words-end-selective"]["source"]
    smoke = publish()
    additions.add(smoke, study, run_of(profile="ci"), book)
    assert "numbers mean nothing" in str(by_id(smoke)[additions.SHORT_CELL]["outputs"])


def test_sentences_on_top_name_records_that_the_chapter_writes() -> None:
    written = defaultdict(set)
    for run in collect.gather([page_project.ROOT / "results"]):
        written[run.meta["chapter"]].update(run.records)
    for study in context.studies(page_project.ROOT):
        assert 1 <= len(study.short) <= 3
        chapter = notebooks.read(page_project.ROOT / "chapters" / f"{study.notebook}.ipynb")
        (cell,) = [c for c in chapter["cells"] if c["id"] == additions.SINCE_CELL]
        assert cell["source"].startswith("## Since then")
        assert study.since
        for sentence in (*study.short, *study.since):
            for name in re.findall(r"(?<!\{)\{(?:when:)?(\w+)", sentence):
                assert name in written[study.chapter] or notebooks.may_write(chapter, name), name


def test_what_the_numbers_say_of_later_papers_stands_below_since_then() -> None:
    study = context.studies(page_project.ROOT)[0]._replace(
        since=("{when:found > 1|Against|For} {{cite:t}}`heap2025`: {found:.0f}.", "{not_there}")
    )
    page = publish()
    page["cells"].append(new_markdown_cell("## Since then", id=additions.SINCE_CELL))
    additions.add(page, study, run_of([Record("found", 21.4)]), book_with())
    text = by_id(page)[additions.SINCE_CELL]["source"]
    assert text.endswith("**What the numbers here say.** Against {cite:t}`heap2025`: 21.")


def test_the_index_says_types_and_bounds_in_words() -> None:
    found = {(one.name, one.chapter): one for one in parameters.parameters()}
    assert found["early_share", "05"].kind == "number, above 0, below 1"
    assert found["ratios", "05"].kind == "list of whole numbers, 3 or more of them"
    assert found["precision", "every"].kind == "one of auto, fp32, bf16, fp16"
    assert found["text_characters", "05"].values[1] == "4,000,000"
    page = parameters.parameters_page(book_with())
    assert page.count("<tr data-row") == len(found)
    assert "../chapters/05" not in page


def test_code_marks_of_the_claims_become_code() -> None:
    assert templating.code_marks("from `cpu` <on>") == "from <code>cpu</code> &lt;on&gt;"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the sample book, built in a path with a space."""
    root, run = page_project.make_book(tmp_path_factory.mktemp("a book") / "with space")
    return pages.build([run], root=root, results=page_project.RESULTS)


@pytest.mark.timeout(180)
def test_the_build_makes_every_page_and_leaves_nothing_else(built: Path) -> None:
    assert built.name == "index.html"
    assert built.is_file()
    for file in pages.toc_files(built.parents[2]):
        assert (built.parent / f"{file}.html").is_file()
    assert sorted(path.name for path in built.parent.parent.iterdir()) == ["html", "src"]


@pytest.mark.timeout(180)
def test_the_chapters_page_shows_the_run_and_nothing_private(built: Path) -> None:
    page = (built.parent / "chapters" / f"{page_project.CHAPTER}.html").read_text(encoding="utf-8")
    assert '<figure class="ld-figure"' in page
    assert "0.81 [0.80, 0.83]" in page
    assert "language model: 100 / 200" not in page
    assert "A &lt;fast&gt; processor" in page
    assert "somebody" not in page
    assert "<b>no markup" not in page
    # A record is for machines: its value 0.8123 is shown only where a sentence says it.
    assert "0.8123" not in page


@pytest.mark.timeout(180)
def test_no_page_asks_for_anything_outside(built: Path) -> None:
    loaded = re.compile(r'<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)="([^"]+)"')
    for page in built.parent.rglob("*.html"):
        if "_static" in page.parts:
            continue
        text = page.read_text(encoding="utf-8")
        for address in loaded.findall(text):
            assert "//" not in html.unescape(address), f"{page.name} loads {address}"
        assert "unpkg.com" not in text
        assert "jsdelivr" not in text


def test_a_page_that_was_not_made_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"made no book/intro\.html"):
        check.check_pages(tmp_path, {"book/intro": "Little Dictionaries"})
    (tmp_path / "book").mkdir()
    page = tmp_path / "book" / "intro.html"
    page.write_text("<h1>Something <em>else</em></h1>", encoding="utf-8")
    with pytest.raises(UserError, match="is headed"):
        check.check_pages(tmp_path, {"book/intro": "Little Dictionaries"})
    trace = "<h1>Little Dictionaries</h1>Traceback (most recent call last)"
    page.write_text(trace, encoding="utf-8")
    with pytest.raises(UserError, match="failed was published"):
        check.check_pages(tmp_path, {"book/intro": "Little Dictionaries"})


def small_site(folder: Path, body: str, other: str = "<h1>Other</h1><p id='there'>") -> Path:
    """A book of two pages."""
    for name, content in (("index", body), ("book/other", other)):
        file = folder / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<html><body>{content}</body></html>", encoding="utf-8")
    return folder.resolve()


GOOD = (
    "<h1>Title</h1><h2>Part</h2><a href='book/other.html#there'>x</a><a href='https://a.b/c'>y</a>"
    "<img src='data:image/png;base64,a//b' alt='a line'><svg role='img' aria-label='x'></svg>"
)


def test_a_good_page_passes(tmp_path: Path) -> None:
    check.check(small_site(tmp_path, GOOD), {"book/other": "Other"})


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("<a href='book/nothing.html'>x</a>", "nothing.html leads nowhere"),
        ("<a href='book/other.html#nowhere'>x</a>", "without such a place"),
        ("<a href='#nowhere'>x</a>", "without such a place"),
        ("<h4>deep</h4>", r"skip a level: \[1, 2, 4\]"),
        ("<img src='book/a.png'>", "a.png has no words"),
        ("<svg role='img'></svg>", "has no words"),
        ("<script src='https://cdn.example/x.js'></script>", "from outside"),
        ("<link rel='stylesheet' href='//cdn.example/x.css'>", "from outside"),
        ("Traceback (most recent call last)", "failed was published"),
    ],
)
def test_a_page_with_a_fault_is_refused_by_name(tmp_path: Path, fault: str, said: str) -> None:
    html = small_site(tmp_path, GOOD + fault)
    with pytest.raises(UserError, match=rf"index\.html.*{said}"):
        check.check(html, {"index": "Title"})


def test_pages_and_book_have_a_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = small_site(tmp_path, GOOD + "x" * 2000)
    monkeypatch.setattr(check, "LARGEST_BOOK", 2200)
    with pytest.raises(UserError, match=r"in all; 0 are allowed.*index\.html"):
        check.check(html, {})
    monkeypatch.setattr(check, "LARGEST_PAGE", 2000)
    with pytest.raises(UserError, match=r"index\.html has 0\.0 MB"):
        check.check(html, {})
    monkeypatch.setattr(check, "LARGEST_BOOK", 9000)
    check.check(html, {}, own=True)
    monkeypatch.setattr(check, "LARGEST_OF_ONES_OWN", 2000)
    with pytest.raises(UserError, match=r"index\.html has 0\.0 MB"):
        check.check(html, {}, own=True)


def test_what_no_page_loads_is_removed(tmp_path: Path) -> None:
    kept = ("tex-chtml.js", "output/chtml/fonts/woff-v2/a.woff", "sre/mathmaps/en.json")
    gone = ("tex-svg.js", "sre/mathmaps/fr.json", "output/svg.js")
    for name in (*kept, *gone):
        file = tmp_path / check.MATHJAX / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "_static" / "a.js.map").touch()
    check.trim(tmp_path)
    left = {file for file in tmp_path.rglob("*") if file.is_file()}
    assert left == {tmp_path / check.MATHJAX / name for name in kept}


@pytest.mark.timeout(180)
def test_a_failed_build_names_the_reason_and_keeps_the_old_pages(tmp_path: Path) -> None:
    root, _ = page_project.make_book(tmp_path / "book")
    toc = "format: jb-book\nroot: book/glossary\n"
    (root / "_toc.yml").write_text(toc, encoding="utf-8")
    old = root / "_build" / "html" / "index.html"
    old.parent.mkdir(parents=True)
    old.write_text("the old pages", encoding="utf-8")
    glossary = root / "book" / "glossary.md"
    glossary.write_text("# Glossary\n\n[](nowhere.md)\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"(?s)could not be built.*nowhere"):
        pages.build([], root=root, results=page_project.RESULTS)
    assert old.read_text(encoding="utf-8") == "the old pages"


def test_a_chapter_without_a_run_is_named(tmp_path: Path) -> None:
    root, _ = page_project.make_book(tmp_path / "book")
    with pytest.raises(UserError, match="no run of chapter 01"):
        pages.published_chapters([], root)
