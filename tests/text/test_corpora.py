"""Corpora: every kind of source, disjoint parts, and one sentence for whatever is wrong."""

from __future__ import annotations

import errno
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.errors import UserError
from lib.text import corpora, folders, hub
from lib.text.corpora import HubText, load_corpus, resolve_source, split_documents
from lib.text.folders import read_documents, source_files

HUB = HubText(repository="someone/stories", revision="0123456789abcdef")
STORIES = [f"Story {i}: Tom saw a cat. Ünder the tree it slept." for i in range(40)]
LENGTH = sum(map(len, STORIES))


def load(source: object, characters: int = 10**6, **options):
    source = source if source is None else str(source)
    return load_corpus(source, bundled="storyworld", hub=HUB, characters=characters, **options)


def resolve(source: object, characters: int = 10**6, seed: int = 0):
    return resolve_source(
        str(source), bundled="storyworld", hub=HUB, characters=characters, seed=seed
    )


def everything(source: object, **options) -> set[str]:
    corpus = load(source, **options)
    return {*corpus.train, *corpus.validation}


def write(path: Path, documents: list[str] = STORIES) -> Path:
    """A file of any supported kind, by its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.name.removesuffix(".gz")
    if name.endswith(".parquet"):
        sink = pa.BufferOutputStream()
        parquet.write_table(pa.table({"id": range(len(documents)), "text": documents}), sink)
        data = sink.getvalue().to_pybytes()
    elif name.endswith(".jsonl"):
        data = "\n".join(json.dumps({"text": d, "n": 1}) for d in documents).encode()
    else:
        data = "\n<|endoftext|>\n".join(documents).encode()
    path.write_bytes(gzip.compress(data) if path.name.endswith(".gz") else data)
    return path


# What can be read.


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.parquet", "a.TXT"])
@pytest.mark.parametrize("gz", ["", ".gz"])
def test_every_kind_of_file_gives_its_documents(tmp_path, name: str, gz: str) -> None:
    path = write(tmp_path / "my texts" / (name.replace("TXT", "txt") + gz))
    assert everything(path.parent) == set(STORIES)
    assert everything(path) == set(STORIES)


def test_a_folder_may_be_deep_mixed_and_have_other_files(tmp_path) -> None:
    write(tmp_path / "one" / "a.txt", STORIES[:10])
    write(tmp_path / "two" / "b.jsonl.gz", STORIES[10:])
    (tmp_path / "README.md").write_text("not a text source")
    write(tmp_path / ".hidden" / "c.txt", ["hidden"])
    assert everything(tmp_path) == set(STORIES)


def test_a_home_folder_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(tmp_path / "texts" / "a.txt")
    assert everything("~/texts") == set(STORIES)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfOne\r\ntwo\r\n<|endoftext|>\r\nthree")
    assert list(read_documents([tmp_path / "a.txt"])) == ["One\ntwo", "three"]


def test_a_whole_book_is_cut_at_blank_lines_and_loses_nothing(tmp_path) -> None:
    paragraphs = [f"Paragraph {i} " + "word " * 200 for i in range(60)]
    path = tmp_path / "book.txt"
    path.write_text("\n\n".join(paragraphs))
    documents = list(read_documents([path]))
    assert all(5_000 < len(d) <= 10_000 for d in documents[:-1])
    assert all(d.startswith("Paragraph") for d in documents)
    assert "".join("".join(documents).split()) == "".join(path.read_text().split())


def test_missing_values_are_passed_over(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": null}\n\n{"text": " "}\n{"text": "x"}')
    assert list(read_documents(source_files(tmp_path))) == ["x"]


# What is chosen.


def test_a_choice_depends_on_seed_and_documents_only(tmp_path) -> None:
    write(tmp_path / "a" / "a.txt")
    write(tmp_path / "b" / "x.jsonl", STORIES[:5:-1])
    write(tmp_path / "b" / "y.txt", STORIES[5::-1])
    first = load(tmp_path / "a", characters=500)
    second = load(tmp_path / "b", characters=500)
    assert first.train == second.train
    assert first.validation == second.validation
    total = sum(map(len, first.train + first.validation))
    assert 500 <= total < 500 + max(map(len, STORIES))
    assert everything(tmp_path / "a", characters=500, seed=1) != {*first.train, *first.validation}
    smaller = everything(tmp_path / "a", characters=200)
    assert smaller < {*first.train, *first.validation}


def test_each_text_comes_once(tmp_path) -> None:
    write(tmp_path / "a.txt", STORIES * 3)
    corpus = load(tmp_path)
    assert sorted(corpus.train + corpus.validation) == sorted(STORIES)


@given(st.lists(st.text("ab \n", max_size=4), max_size=30), st.floats(0.01, 0.99), st.randoms())
def test_parts_are_disjoint_and_order_does_not_matter(documents, share, random) -> None:
    unique = {d.strip() for d in documents} - {""}
    if len(unique) < 2:
        with pytest.raises(UserError, match="at least 2 different"):
            split_documents(documents, share, 0)
        return
    train, validation = split_documents(documents, share, 0)
    assert train
    assert validation
    assert sorted(train + validation) == sorted(unique)
    shuffled = random.sample(documents, len(documents))
    again = split_documents(shuffled, share, 0)
    assert (set(again[0]), set(again[1])) == (set(train), set(validation))


def test_the_share_is_kept_and_the_seed_decides() -> None:
    train, validation = split_documents(STORIES, 0.25, 0)
    assert (len(train), len(validation)) == (30, 10)
    assert split_documents(STORIES, 0.25, 1)[1] != validation
    assert split_documents(STORIES, 0.0, 0) == (STORIES, [])


# What it is called.


def test_fingerprints_follow_the_text(tmp_path) -> None:
    write(tmp_path / "My Texts!" / "a.txt")
    write(tmp_path / "other" / "b.txt")
    source = resolve(tmp_path / "My Texts!")
    assert source.label == "my-texts"
    assert (source.real, source.bundled) == (True, False)
    assert source.fingerprint == resolve(tmp_path / "other").fingerprint
    assert source.fingerprint != resolve(tmp_path / "other", seed=1).fingerprint
    assert source.fingerprint != resolve(tmp_path / "other", characters=5).fingerprint
    write(tmp_path / "other" / "b.txt", STORIES[1:])
    assert source.fingerprint != resolve(tmp_path / "other").fingerprint


def test_a_folder_cannot_pass_for_the_bundled_text(monkeypatch, tmp_path) -> None:
    write(tmp_path / "a" / "hub" / "a.txt")
    assert resolve(tmp_path / "a" / "hub").label == "folder-hub"
    monkeypatch.chdir(tmp_path / "a" / "hub")
    assert resolve(".").label == "folder-hub"


def test_the_bundled_texts_have_names_of_their_own() -> None:
    storyworld, manuals = resolve("storyworld"), resolve("manuals")
    assert (storyworld.real, storyworld.bundled) == (False, True)
    assert (manuals.real, manuals.bundled) == (True, True)
    assert resolve("bundled") == storyworld
    assert storyworld != resolve("storyworld", seed=1)


def test_storyworld_is_the_default() -> None:
    corpus = load(None, characters=5_000, seed=3)
    assert corpus.source.label == "storyworld"
    assert sum(map(len, corpus.train + corpus.validation)) >= 5_000
    assert corpus == load("bundled", characters=5_000, seed=3)
    assert len(corpus.validation) == max(1, round(0.05 * len(corpus.train + corpus.validation)))


# What is wrong.


def test_near_names_are_offered() -> None:
    with pytest.raises(UserError, match=r"'stroyworld' is neither.*'storyworld'"):
        load("stroyworld")
    with pytest.raises(UserError, match="nor a folder; give"):
        load("/no/such/place")


def test_too_little_text_is_refused(tmp_path) -> None:
    write(tmp_path / "a.txt")
    with pytest.raises(UserError, match=f"has {LENGTH:,} characters.* at least 9,999"):
        load(tmp_path, minimum_characters=9_999)
    write(tmp_path / "a.txt", ["one document"])
    with pytest.raises(UserError, match="at least 2 different documents"):
        load(tmp_path)
    with pytest.raises(UserError, match="at least 1 character"):
        load(tmp_path, characters=0)


def test_an_empty_folder_says_what_is_expected(tmp_path) -> None:
    (tmp_path / "notes.docx").write_bytes(b"x")
    with pytest.raises(UserError, match=r"holds no text: expected \.txt, \.jsonl, \.parquet"):
        load(tmp_path)
    with pytest.raises(UserError, match="not a text source"):
        load(tmp_path / "notes.docx")


def test_a_forbidden_file_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    path = write(tmp_path / "a.txt")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(folders, "_open", refuse)
    with pytest.raises(UserError, match=r"a\.txt cannot be read \(Permission denied\)"):
        list(read_documents([path]))
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(UserError, match="cannot be read"):
        source_files(tmp_path)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_text_that_is_not_utf8_is_located(tmp_path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b'{"text": "fine"}\n{"text": "caf\xe9"}\n')
    with pytest.raises(UserError, match=rf"{name} is not UTF-8 .* byte 0xe9 at offset 30"):
        list(read_documents([path]))


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.parquet.gz"])
def test_a_truncated_or_false_gzip_is_one_sentence(tmp_path, name: str) -> None:
    path = write(tmp_path / name)
    whole = path.read_bytes()
    for damaged in (whole[:-20], b"no gzip", whole[:30] + b"\x00" * 9 + whole[39:]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match="not a whole gzip file"):
            load(tmp_path)


def test_a_damaged_table_is_one_sentence(tmp_path) -> None:
    path = write(tmp_path / "a.parquet")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UserError, match="not a whole parquet file"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"text": "x"', "line 2 of .* is not JSON"),
        ('["x"]', "line 2 of .* no JSON object"),
        ('{"title": "x", "year": 1}', "no column named text .*'title', 'year'"),
        ('{"text": 3}', "should hold text, but holds int"),
    ],
)
def test_a_bad_line_is_one_sentence(tmp_path, line: str, sentence: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "fine"}\n' + line + "\n")
    with pytest.raises(UserError, match=sentence):
        load(tmp_path)


def test_a_table_without_text_names_its_columns(tmp_path) -> None:
    parquet.write_table(pa.table({"title": ["x"], "year": [1]}), tmp_path / "a.parquet")
    with pytest.raises(UserError, match="'title', 'year'"):
        load(tmp_path)


# The hub.


@pytest.fixture
def fake_hub(monkeypatch: pytest.MonkeyPatch, tmp_path) -> list[dict]:
    """`datasets.load_dataset` without a network; the calls are noted."""
    import datasets

    calls: list[dict] = []

    def load_dataset(repository: str, **options: object):
        calls.append({"repository": repository, **options})
        return ({"text": story} for story in STORIES)

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    (tmp_path / "a home").mkdir(exist_ok=True)
    monkeypatch.setenv("LITTLE_DICTIONARIES_HOME", str(tmp_path / "a home"))
    return calls


def test_the_hub_is_streamed_once_at_its_revision(fake_hub: list[dict]) -> None:
    first = load("hub", characters=500)
    assert len(fake_hub) == 1
    assert fake_hub[0]["revision"] == HUB.revision
    assert fake_hub[0]["streaming"] is True
    assert "trust_remote_code" not in fake_hub[0]
    taken = len(first.train + first.validation)
    assert {*first.train, *first.validation} == set(STORIES[:taken])
    assert load("hub", characters=500) == first
    assert everything("hub", characters=100) < set(STORIES[:taken])
    assert len(fake_hub) == 1
    load("hub", characters=1000)
    assert len(fake_hub) == 2
    assert first.source.label == "hub"
    assert "someone--stories@01234567" in first.source.fingerprint


def test_an_unreachable_hub_says_how_to_go_on(monkeypatch, fake_hub: list[dict]) -> None:
    import datasets

    def unreachable(*_: object, **__: object):
        raise ConnectionError("Couldn't reach the Hub")

    load("hub", characters=500)
    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    assert load("hub", characters=500).train  # kept from before
    with pytest.raises(UserError, match=r"not kept in .*Couldn't reach.* go on with source 'bund"):
        load("hub", characters=5000)


def test_a_missing_column_on_the_hub_is_named(fake_hub: list[dict]) -> None:
    with pytest.raises(UserError, match="no column 'story'; it has 'text'"):
        hub.hub_documents(HubText("a/b", "0" * 40, column="story"), 100)


def test_streaming_holds_no_more_than_it_keeps() -> None:
    """The choice among many documents is made while they pass."""
    alive = 0

    class Text(str):
        def __new__(cls, value: str):
            nonlocal alive
            alive += 1
            return super().__new__(cls, value)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = 0

    def passing():
        nonlocal most
        for i in range(2000):
            yield Text(f"document {i:05d}")
            most = max(most, alive)

    chosen = corpora._choose(passing(), 300, seed=0)
    assert len(chosen) == 22
    assert most < 40
