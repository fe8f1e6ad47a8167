"""Every page as a reader sees it: from disk, without a network, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import page_project
import pytest
import yaml
from looking import CONTENT, CONTRASTS, LAYOUT

from lib.core import paths
from lib.evidence.verdicts import claims
from lib.pages import build as pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

WIDTHS = {"wide": 1280, "narrow": 360}
THEMES = ("light", "dark")
TALLEST = 30_000
"""Pixels of a page that a picture shows; with all cards open a page can be far longer."""
CARDS_OPENED = 40
"""Of an explorer's page, which has hundreds that are written by one function."""
OPEN = """(most) => [...document.querySelectorAll('main details')]
  .slice(0, most ?? undefined).forEach((e) => { e.open = true; })"""
PAGES = pages.toc_files(paths.root())
MADE_FROM_RUNS = ("book/intro", "book/scorecard", "book/explorer")
"""All others but chapters are the same in both books, and are looked at in the real one."""
SAMPLE_PAGES = [page for page in PAGES if page in MADE_FROM_RUNS]
SAMPLE_PAGES += [f"chapters/{page_project.CHAPTER}", page_project.EXPLORER]
EVERY_PAGE = pytest.mark.parametrize(
    ("book", "page"),
    [("sample", page) for page in SAMPLE_PAGES] + [("real", page) for page in PAGES],
    indirect=["book"],
)
# The explorer's pages stand alone and follow the reader's system.
THEME = """() => document.documentElement.dataset.theme
  ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')"""
# The theme's own syntax colours are not ours to choose; what is unreadable would still be caught.
CODE_CONTRAST = 3.0


class Book:
    """A built book, and what was seen on its pages; each page is opened once a view."""

    def __init__(self, browser: Any, folder: Path, name: str):
        self.browser, self.folder, self.name = browser, folder, name
        self.seen: dict[tuple, dict[str, Any]] = {}

    def look(self, page: str, width: str = "wide", theme: str = "light") -> dict[str, Any]:
        """What is on a page: see `looking`, and `complaints` and `outside` requests."""
        key = (page, width, theme)
        if key not in self.seen:
            self.seen[key] = self._open(*key)
        return self.seen[key]

    def _open(self, page: str, width: str, theme: str) -> dict[str, Any]:
        complaints, outside = [], []
        context = self.browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900}, color_scheme=theme
        )

        def only_files(route: Any) -> None:
            if urlsplit(route.request.url).scheme in ("file", "data", "blob"):
                route.continue_()
            else:
                outside.append(route.request.url)
                route.abort()

        context.route("**/*", only_files)
        tab = context.new_page()
        tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("requestfailed", lambda request: complaints.append(f"not loaded: {request.url}"))
        tab.goto((self.folder / f"{page}.html").as_uri(), wait_until="load")
        tab.evaluate(OPEN, CARDS_OPENED if page.startswith("explorer/") else None)
        tab.wait_for_function("() => !window.MathJax || MathJax.startup?.promise", timeout=30_000)
        tab.evaluate("() => window.MathJax?.startup?.promise?.then(() => null)")
        tab.wait_for_timeout(150)
        # Folded cells fade in: on a busy machine a colour would be read on its way.
        tab.evaluate(
            "() => document.getAnimations().forEach((a) => { try { a.finish() } catch {} })"
        )
        found = {
            "complaints": complaints,
            "outside": outside,
            "theme": tab.evaluate(THEME),
            "layout": tab.evaluate(LAYOUT),
            "contrasts": tab.evaluate(CONTRASTS),
            "content": tab.evaluate(CONTENT),
        }
        if (width == "wide") == (theme == "light"):  # one of each is enough to look at
            self._keep_picture(tab, f"{self.name}-{page.replace('/', '-')}-{width}-{theme}.png")
        context.close()
        return found

    def _keep_picture(self, tab: Any, name: str) -> None:
        """For a human to look at."""
        folder = paths.build_folder() / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        height = min(tab.evaluate("() => document.documentElement.scrollHeight"), TALLEST)
        area = {"x": 0, "y": 0, "width": tab.viewport_size["width"], "height": height}
        tab.screenshot(path=str(folder / name), full_page=True, clip=area)


@pytest.fixture(scope="session")
def sample(browser: Any, sample_book: Path) -> Book:
    return Book(browser, sample_book, "sample")


@pytest.fixture(scope="session")
def real(browser: Any, real_book: Path) -> Book:
    return Book(browser, real_book, "real")


@pytest.fixture
def book(request: pytest.FixtureRequest) -> Book:
    return request.getfixturevalue(request.param)


def views() -> list[tuple[str, str]]:
    return [(width, theme) for width in WIDTHS for theme in THEMES]


@EVERY_PAGE
def test_nothing_is_asked_for_outside_and_nothing_complains(book: Book, page: str) -> None:
    for width, theme in views():
        seen = book.look(page, width, theme)
        assert seen["outside"] == []
        assert seen["complaints"] == []
        assert seen["theme"] == theme


@EVERY_PAGE
def test_formulas_are_typeset(book: Book, page: str) -> None:
    content = book.look(page)["content"]
    assert content["rendered"] >= content["formulas"]
    assert content["failed"] == 0
    assert content["raw"] == []


@EVERY_PAGE
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(book: Book, page: str, width: str) -> None:
    layout = book.look(page, width)["layout"]
    assert layout["wide"] == []
    assert layout["page"] <= layout["window"]


@EVERY_PAGE
@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_its_ground(book: Book, page: str, theme: str) -> None:
    contrasts = book.look(page, theme=theme)["contrasts"]
    assert contrasts
    weak = {
        found["text"]: round(found["ratio"], 2)
        for found in contrasts
        if found["ratio"] < (CODE_CONTRAST if found["kind"] == "code" else found["wanted"])
    }
    assert not weak


@EVERY_PAGE
def test_pictures_have_words_and_headings_have_an_order(book: Book, page: str) -> None:
    content = book.look(page)["content"]
    assert content["unnamed"] == []
    assert content["bare"] == []
    assert content["errors"] == 0
    headings = content["headings"]
    assert headings.count(1) == 1
    assert headings[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(headings)), headings


@EVERY_PAGE
def test_links_inside_the_book_lead_somewhere(book: Book, page: str) -> None:
    for link in book.look(page)["content"]["links"]:
        parts = urlsplit(link)
        if parts.scheme != "file":
            continue
        target = Path(unquote(parts.path))
        assert target.exists(), link
        if parts.fragment and target.suffix == ".html" and target.is_relative_to(book.folder):
            there = str(target.relative_to(book.folder).with_suffix(""))
            if there in PAGES:
                assert unquote(parts.fragment) in book.look(there)["content"]["anchors"], link


@pytest.mark.parametrize("book", ["sample", "real"], indirect=True)
def test_every_explorer_stands_alone(book: Book) -> None:
    pages_of_features = sorted((book.folder / "explorer").glob("*.html"))
    assert pages_of_features
    looked_at = set()
    for number, file in enumerate(pages_of_features):
        # A dictionary of each kind in all views, those of other runs in one of them, in turn.
        chapter, name, *_ = file.stem.split("-")
        again = (chapter, name) in looked_at
        looked_at.add((chapter, name))
        for width, theme in [views()[number % len(views())]] if again else views():
            seen = book.look(f"explorer/{file.stem}", width, theme)
            assert seen["outside"] == seen["complaints"] == seen["layout"]["wide"] == []
            assert seen["layout"]["page"] <= seen["layout"]["window"]
            assert min(found["ratio"] for found in seen["contrasts"]) >= 4.5


def test_the_looking_is_not_blind(browser: Any) -> None:
    """A page with every fault: each must be found, or the tests above say nothing."""
    tab = browser.new_page(viewport={"width": 360, "height": 900})
    tab.set_content(
        "<html data-theme='light'><body style='margin:0;background:#fff'><article "
        "class='bd-article'><h1>Title</h1><h3>Too deep</h3><p style='color:#aaa'>pale</p>"
        "<p style='opacity:.4'>faded</p><p style='background:#333;color:#555'>dark</p>"
        "<p>fine and $$x$$</p><img src='data:,'><svg role='img' fill='#ddd' aria-label='a'></svg>"
        "<div style='width:900px'>wide</div>"
        "<div style='overflow:auto'><div style='width:900px'>wide but inside</div></div>"
        "<pre>$$ is fine in code</pre></article></body></html>"
    )
    contrasts = {found["text"]: found["ratio"] for found in tab.evaluate(CONTRASTS)}
    assert {text for text, ratio in contrasts.items() if ratio < 4.5} == {
        *("pale", "faded", "dark", "figure: a"),
    }
    assert contrasts["fine and $$x$$"] == pytest.approx(21)
    content = tab.evaluate(CONTENT)
    assert content["raw"] == ["$$", "$$"]
    assert len(content["unnamed"]) == 1
    assert content["headings"] == [1, 3]
    layout = tab.evaluate(LAYOUT)
    assert layout["page"] > layout["window"]
    assert ["wide" in element and "inside" not in element for element in layout["wide"]] == [True]
    tab.close()


def test_the_sample_has_formulas_and_figures_to_look_at(sample: Book) -> None:
    seen = sample.look(f"chapters/{page_project.CHAPTER}")
    assert seen["content"]["rendered"] >= 4
    assert any(found["kind"] == "figure" for found in seen["contrasts"])


def test_index_leads_to_the_first_page(sample: Book) -> None:
    index = (sample.folder / "index.html").read_text(encoding="utf-8")
    assert "book/intro.html" in index


def test_an_address_that_is_not_public_is_linked_nowhere(sample: Book) -> None:
    config = yaml.safe_load((paths.root() / "_config.yml").read_text(encoding="utf-8"))
    linked = "colab.research.google.com", config["repository"]["url"]
    for file in sample.folder.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        found = any(f'href="{one}' in page for one in linked)
        assert not found or config["repository"].get("published", True), file


def shown(tab: Any, table: str) -> list[str]:
    """The rows of a table that one sees, by the code in their first cell."""
    return tab.evaluate(
        """(id) => [...document.querySelectorAll(`#${id} [data-row]`)]
          .filter((row) => row.checkVisibility())
          .map((row) => row.querySelector("th code").textContent)""",
        table,
    )


@pytest.fixture
def tab(browser: Any, sample: Book) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((sample.folder / "book/scorecard.html").as_uri(), wait_until="load")
    yield page
    page.close()


def test_the_scorecard_is_narrowed_by_keyboard(tab: Any) -> None:
    assert len(shown(tab, "claims")) == len(claims())
    status = tab.get_by_role("status")
    assert status.inner_text() == f"{len(claims())} of {len(claims())} claims shown"
    tab.get_by_label("Words").focus()
    tab.keyboard.type("steering LITTLE")
    assert shown(tab, "claims") == ["words.steering"]
    assert status.inner_text() == f"1 of {len(claims())} claims shown"
    tab.keyboard.press("Tab")  # the order
    tab.keyboard.press("Tab")  # show all
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.querySelector('[role=status]').textContent[0] === '5'")
    assert len(shown(tab, "claims")) == len(claims())


def test_a_text_shows_its_own_runs_and_verdicts(tab: Any) -> None:
    tab.get_by_label("Text").select_option("tinystories")
    assert shown(tab, "claims") == ["words.lm-loss"]
    tab.get_by_label("Verdict").select_option("replicated")
    # On this text the claim needs a larger run; it is another text that says otherwise.
    assert shown(tab, "claims") == []
    tab.get_by_label("Text").select_option("storyworld")
    assert shown(tab, "claims") == ["words.lm-loss", "words.end-selective"]
    tab.get_by_label("Text").select_option("")
    assert shown(tab, "claims") == ["words.end-selective"]
    tab.get_by_label("Verdict").select_option("pending")
    assert len(shown(tab, "claims")) == len(claims()) - len(claims("01"))
    headings = "[...document.querySelectorAll('[data-group]')].filter((e) => !e.hidden).length"
    assert tab.evaluate(headings) == 5


def test_claims_are_put_in_order_and_back(tab: Any) -> None:
    before = shown(tab, "claims")
    tab.get_by_label("Order").select_option("rank:number")
    by_verdict = shown(tab, "claims")
    assert by_verdict[0] == "words.end-selective"
    last = len(claims("01"))
    assert by_verdict[last - 2 : last] == ["words.steering", "words.lm-loss"]
    tab.get_by_label("Order").select_option("key")
    assert shown(tab, "claims") == sorted(before)
    tab.get_by_label("Order").select_option("")
    assert shown(tab, "claims") == before


def test_parameters_are_found_by_chapter_and_word(tab: Any, sample: Book) -> None:
    tab.goto((sample.folder / "book/parameters.html").as_uri())
    tab.get_by_label("Chapter").select_option("05")
    tab.get_by_label("Words").fill("frequency of a true feature")
    assert shown(tab, "parameters") == ["toy_decay"]
    tab.get_by_label("Chapter").select_option("every")
    tab.get_by_label("Words").fill("")
    assert shown(tab, "parameters") == ["device", "precision", "profile", "seed", "source"]


def test_without_scripts_every_claim_stands_there(browser: Any, sample: Book) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((sample.folder / "book/scorecard.html").as_uri())
    assert page.locator("#claims [data-row]:visible").count() == len(claims())
    assert page.locator(".ld-filter:visible").count() == 0
    context.close()


@pytest.fixture
def cards(browser: Any, sample: Book) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.goto((sample.folder / f"{page_project.EXPLORER}.html").as_uri(), wait_until="load")
    yield page
    page.close()


def features(tab: Any) -> list[int]:
    """The features that one sees, in their order."""
    found = tab.evaluate(
        """() => [...document.querySelectorAll("[data-row]")]
          .filter((row) => row.checkVisibility())
          .map((row) => +row.querySelector("details").id.split("-")[1])"""
    )
    return found


def test_features_are_found_by_token(cards: Any) -> None:
    assert features(cards) == list(range(12))
    where = cards.get_by_label("Look for them")
    where.select_option(label="anywhere on the card")
    for words in ("litt", "“little”", '"little"'):
        cards.get_by_label("Words").fill(words)
        assert features(cards) == [0, 6], words
    where.select_option(label="tokens it suppresses")
    assert features(cards) == []
    cards.get_by_label("Words").fill("<script>")
    assert features(cards) == list(range(12))
    where.select_option(label="anywhere on the card")
    cards.get_by_label("Words").fill("upon")
    assert features(cards) == list(range(12))
    where.select_option(label="where it is strongest")  # where one looks unless one says otherwise
    assert features(cards) == [], "it stands in every example, but no feature likes it"
    assert cards.get_by_role("status").inner_text() == "0 of 12 features shown"


def test_a_letter_with_an_accent_is_found_however_it_is_written(cards: Any) -> None:
    cards.evaluate(
        "() => { document.querySelector('#feature-2 .ld-name').textContent = 'CAFE\\u0301' }"
    )
    cards.get_by_label("Look for them").select_option(label="anywhere on the card")
    cards.get_by_label("Words").fill("café")
    assert features(cards) == [2]


def test_the_first_card_is_open_and_every_line_has_an_example(cards: Any) -> None:
    assert cards.locator("details[open]").count() == 1
    assert cards.locator("#feature-0").get_attribute("open") is not None
    leads = cards.locator("summary .ld-lead").all_inner_texts()
    assert len(leads) == 12
    assert all("once upon a time" in lead for lead in leads)


def test_features_are_sorted_and_the_unknown_comes_last(cards: Any) -> None:
    order = cards.get_by_label("Order")
    order.select_option("n0:-number")
    assert features(cards) == list(range(11, -1, -1))
    order.select_option("n1:-number")
    assert features(cards) == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    order.select_option("n1:number")
    assert features(cards) == [10, 8, 6, 4, 2, 0, 1, 3, 5, 7, 9, 11]


def test_a_card_is_opened_by_keyboard_and_leads_to_its_neighbour(cards: Any) -> None:
    cards.locator("#feature-1 summary").focus()
    cards.keyboard.press("Enter")
    assert cards.locator("#feature-1").get_attribute("open") is not None
    assert cards.locator("#feature-1").get_by_text("<b>bold</b>").first.is_visible()
    cards.get_by_label("Look for them").select_option(label="anywhere on the card")
    cards.get_by_label("Words").fill("bold")
    cards.locator("#feature-1").get_by_role("link").first.click()
    cards.wait_for_function("() => document.querySelector('#feature-3').open")
    # The neighbour was not among those shown, so all are shown again.
    assert features(cards) == list(range(12))
    assert not cards.evaluate("() => Boolean(window.alerted)")
