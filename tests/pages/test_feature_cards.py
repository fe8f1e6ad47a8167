"""Feature cards: everything is there, nothing is executed, nothing leaves its document."""

import re
from html.parser import HTMLParser

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_array, csc_array, csr_array

from lib.analysis.examples import document_of
from lib.display.feature_cards import Card, cards_html, excerpt, make_cards
from lib.text.tokenizers import BPETokenizer, token_strings

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


def cards(**more) -> list[Card]:
    codes = np.zeros((len(TOKENS), 18))
    codes[[1, 6], 17] = [2.0, 4.0]
    names = [""] * 17 + ["-ing <verb>"]
    known = {
        "names": names,
        "facts": lambda _: {"on": "1% & more"},
        "effects": [[3.0, -1, 0, 2, -5, 1, 4]],
        "directions": np.vstack([np.eye(17, 3), [0.6, 0.0, -0.8]]),
    }
    text = (TOKENS, STRINGS, document_of(len(TOKENS), STARTS))
    return make_cards([17], csr_array(codes), *text, listed=2, **{**known, **more})


def test_a_card_holds_what_it_should() -> None:
    (card,) = cards()
    assert [value for value, _ in card.examples] == [4.0, 2.0]
    assert card.promoted == [("<script>", 4.0), ("<b>", 3.0)]
    assert card.suppressed == [('"', -5.0), (" dog", -1.0)]
    assert [(n, round(e, 2), round(s, 2)) for n, e, s in card.neurons] == [
        (2, -0.8, 0.64),
        (0, 0.6, 0.36),
    ]


@example(np.full(30, 5e-324))
@given(arrays(np.float64, 30, elements=st.floats(0, 8)).filter(lambda one: one.any()))
def test_a_histogram_and_weaker_examples_span_the_range(values: np.ndarray) -> None:
    codes = csc_array(values[:, None])
    words = ["w"] * 30
    (card,) = make_cards(
        [0], codes, np.zeros(30, dtype=int), words, np.arange(30), before=0, after=0
    )
    assert sum(card.histogram) == np.count_nonzero(values)
    assert card.histogram[-1] >= 1
    positive = values[values > 0]
    nearest = {min(abs(positive - share * values.max())) for share in (2 / 3, 1 / 3)}
    found = {
        min(abs(value - share * values.max()) for value, _ in card.weaker)
        for share in (2 / 3, 1 / 3)
    }
    assert found == nearest


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
    short = excerpt(TOKENS, STRINGS, np.ones(len(TOKENS)), 1, documents, before=0, after=1)
    assert Page(short).text == "<b>&"


def test_only_tokens_that_may_be_named_are() -> None:
    listable = np.array([True, True, False, False, False, True, False])
    (card,) = cards(listable=listable)
    assert card.promoted == [(STRINGS[0], 3.0), (STRINGS[5], 1.0)]
    assert card.suppressed == [(STRINGS[1], -1.0), (STRINGS[5], 1.0)]


def test_what_is_not_known_of_a_dictionary_is_not_shown() -> None:
    bare = cards(names=None, facts=None, effects=None, directions=None)
    text = Page(cards_html({"Bare": bare})).text
    assert not any(word in text for word in ("promotes", "suppresses", "neurons", "verb", "1%"))
    assert "feature 17" in text
    assert "4.00" in text


@given(
    arrays(np.float64, (12, 4), elements=st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.0])),
    st.sampled_from([csr_array, csc_array, coo_array]),
    st.permutations(range(4)),
)
def test_cards_agree_with_dense_codes(codes: np.ndarray, kind: type, order: list[int]) -> None:
    tokens, documents = np.arange(12), np.arange(12) // 3
    strings = [f"[{token}]" for token in tokens]
    found = make_cards(order, kind(codes), tokens, strings, documents, before=2, after=2)
    assert [card.feature for card in found] == order
    for card in found:
        column = codes[:, card.feature].reshape(4, 3)
        strongest = sorted((value for value in column.max(1) if value), reverse=True)
        assert [value for value, _ in card.examples] == strongest
        for value, text in card.examples:
            shown = [int(token) for token in re.findall(r"\[(\d+)", Page(text).text)]
            assert max(codes[shown, card.feature]) == value
            assert len(set(documents[shown])) == 1


def test_no_character_is_damaged_wherever_an_excerpt_is_cut() -> None:
    tokenizer = BPETokenizer.train(["once upon a time " * 30], 300)
    text = "the café “hi” to 日本, naïve 🙂 and café again."
    tokens, strings = tokenizer.encode(text), token_strings(tokenizer)
    documents, activation = np.zeros(len(tokens), dtype=int), np.ones(len(tokens))
    for position in range(len(tokens)):
        shown = Page(excerpt(tokens, strings, activation, position, documents, 7, 3)).text
        assert "\ufffd" not in shown
        assert shown in text
    codes = csr_array(np.eye(len(tokens)))
    effects = np.random.default_rng(0).standard_normal((len(tokens), len(strings)))
    cards = make_cards(
        range(len(tokens)), codes, tokens, strings, documents, effects=effects, listed=60
    )
    page = cards_html({"All": cards}, "all")
    assert "\ufffd" not in page
    assert "café" in page
    page.encode("utf-8")


def test_a_damaged_text_shows_its_damage() -> None:
    tokenizer = BPETokenizer.train(["once upon a time " * 30], 300)
    tokens, strings = tokenizer.encode("it was \ufffd so"), token_strings(tokenizer)
    shown = excerpt(tokens, strings, np.ones(len(tokens)), 8, np.zeros(len(tokens), dtype=int))
    assert "was \ufffd so" in Page(shown).text
