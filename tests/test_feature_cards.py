"""Feature cards: everything is there, nothing is executed, nothing leaves its document."""

from html.parser import HTMLParser

import numpy as np

from lib.analysis.examples import Examples, document_of
from lib.book.feature_cards import Card, cards_html, excerpt, make_cards

STRINGS = ["<b>", " dog", "&", "\n", '"', " é", "<script>"]
TOKENS = np.array([1, 0, 2, 1, 3, 1, 6, 4, 5, 3])
STARTS = np.array([0, 5])


class Page(HTMLParser):
    """Tags, attributes and text of some HTML; checks that tags are closed in order."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags, self.ids, self.text, self.open = [], [], "", []
        self.feed(content)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def cards() -> list[Card]:
    activation = np.zeros(len(TOKENS))
    activation[[1, 6]] = [2.0, 4.0]
    documents = document_of(len(TOKENS), STARTS)
    found = Examples(np.array([6, 1]), np.array([4.0, 2.0]))
    shown = [excerpt(TOKENS, STRINGS, activation, p, documents) for p in found.positions.tolist()]
    effects = np.array([[3.0, -1, 0, 2, -5, 1, 4]])
    directions = np.array([[0.6, 0.0, -0.8]])
    return make_cards(
        [17], names=["-ing <verb>"], facts=[{"on": "1% & more"}], examples=[found],
        excerpts=[shown], effects=effects, directions=directions, strings=STRINGS, listed=2,
    )  # fmt: skip


def test_a_card_holds_what_it_should() -> None:
    (card,) = cards()
    assert [value for value, _ in card.examples] == [4.0, 2.0]
    assert card.promoted == [("<script>", 4.0), ("<b>", 3.0)]
    assert card.suppressed == [('"', -5.0), (" dog", -1.0)]
    assert [(n, round(e, 2), round(s, 2)) for n, e, s in card.neurons] == [
        (2, -0.8, 0.64),
        (0, 0.6, 0.36),
    ]


def test_what_a_corpus_holds_stays_text() -> None:
    page = Page(cards_html({"Most <active>": cards(), "Again": cards()}, "hub"))
    assert not set(page.tags) & {"script", "b"}
    for text in ("<script>", "<b>", "-ing <verb>", "1% & more", "Most <active>", "neurons"):
        assert text in page.text
    assert page.tags.count("details") == page.tags.count("summary") == 2
    assert page.ids == ["hub-17"]  # a link has one place to go to


def test_an_excerpt_stays_in_its_document() -> None:
    documents = document_of(len(TOKENS), STARTS)
    first = Page(excerpt(TOKENS, STRINGS, np.ones(len(TOKENS)), 1, documents)).text
    second = Page(excerpt(TOKENS, STRINGS, np.ones(len(TOKENS)), 6, documents)).text
    assert first == " dog<b>& dog"
    assert second == ' dog<script>" é'
