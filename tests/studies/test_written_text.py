"""What a model wrote: the word is marked where it counts, and nothing that was written acts."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lib.analysis.tokens import words_of
from lib.studies.words.sample_table import MARK, Written, written_texts

WORDS = st.sampled_from(["little", "Little", "littler", "a", "<b>", "&", "\n", "é", "the "])
PROMPTS = np.frombuffer(b"<i> once upon a time there was a ", dtype=np.uint8)[None]


def page_of(text: bytes) -> str:
    row = np.frombuffer(text, dtype=np.uint8)[None]
    return written_texts(PROMPTS, {"<own>": Written(0.25, row)}, "little")


@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
def test_a_word_is_marked_where_it_is_counted(text: str) -> None:
    raw = text.encode()
    counted = words_of(np.frombuffer(raw, dtype=np.uint8))
    assert (MARK in page_of(raw)) == ("little" in counted)


@given(st.binary(min_size=1, max_size=40))
def test_what_was_written_stays_text(raw: bytes) -> None:
    tags = set(re.findall(r"<(\w+)", page_of(raw)))
    assert tags <= {"style", "dl", "dt", "dd", "small", "span"}


def test_a_row_says_how_likely_the_word_is() -> None:
    page = page_of(b"little dog.")
    assert "25.0%" in page
    assert "&lt;own&gt;" in page
    assert f'<span style="{MARK}">little</span> dog.' in page
    assert "there was a " in page
