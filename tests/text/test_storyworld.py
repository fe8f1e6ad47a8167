"""The story generator: same text everywhere, correct English, characters who stay themselves."""

import gzip
import hashlib
import lzma
import re
import shutil
import time
from collections import Counter
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from lib.core.errors import UserError
from lib.text.storyworld import (
    HYPHENATED,
    UNGUESSABLE_WORDS,
    Story,
    data,
    english,
    fingerprint,
    generate,
    generate_documents,
    generate_stories,
)
from lib.text.storyworld import grammar as grammar_of_stories
from lib.text.storyworld.words import classes

SIZE = 4_000_000


@cache
def corpus() -> tuple[list[str], float]:
    """Four million characters of seed 0 and the processor seconds that they took."""
    generate(0, 1000)  # compiles the grammar
    start = time.process_time()
    documents = generate(0, SIZE)
    return documents, time.process_time() - start


@cache
def stories() -> list[Story]:
    return list(islice(generate_stories(1), 1000))


@cache
def word_counts() -> Counter:
    return Counter(re.findall(r"\b[a-zA-Z]+\b", "\n\n".join(corpus()[0]).lower()))


def context_entropy(text: str, length: int) -> float:
    """Plug-in entropy in nats of a character given the ``length`` characters before it."""
    codes = np.frombuffer(text.encode(), np.uint8).astype(np.uint64)
    entropies = []
    for width in (length, length + 1):
        keys = np.zeros(len(codes) - length, np.uint64)
        for offset in range(width):
            keys = keys * np.uint64(256) + codes[offset : offset + len(keys)]
        shares = np.unique(keys, return_counts=True)[1] / len(keys)
        entropies.append(-(shares * np.log(shares)).sum())
    return float(entropies[1] - entropies[0])


def test_a_seed_gives_the_same_text_on_every_platform():
    sample = "\n\n".join(generate(0, 20_000))
    assert hashlib.sha256(sample.encode()).hexdigest() == (
        "678b049d8c5e9e85e1480dadeabc9ff00b97723e44300449a105dfaf377d2877"
    )


def test_a_longer_corpus_begins_with_the_shorter_one():
    short, long = generate(3, 5_000), generate(3, 50_000)
    assert long[: len(short)] == short
    assert sum(map(len, short)) >= 5_000 > sum(map(len, short[:-1]))
    assert list(islice(generate_documents(3), len(short))) == short


def test_other_seeds_tell_other_stories():
    assert not set(generate(4, 50_000)) & set(generate(5, 50_000))
    assert generate(-1, 2_000) != generate(1, 2_000)


def test_generators_do_not_disturb_each_other():
    first, second = generate_documents(8), generate_documents(9)
    mixed = [next(first), next(second), next(first), next(second)]
    assert mixed[::2] == list(islice(generate_documents(8), 2))
    assert mixed[1::2] == list(islice(generate_documents(9), 2))


def test_speed():
    documents, seconds = corpus()
    assert sum(map(len, documents)) / seconds > 0.5e6


def test_documents_are_as_long_as_tiny_stories():
    lengths = [len(document) for document in corpus()[0]]
    assert min(lengths) >= 400
    assert max(lengths) <= 1500
    assert 800 <= np.mean(lengths) <= 1000


def test_documents_hold_no_blank_line():
    assert not any("\n\n" in document for document in corpus()[0])


def test_the_text_is_as_rich_as_real_stories():
    text = "\n\n".join(corpus()[0])
    counts = word_counts()
    assert len(gzip.compress(text.encode(), 9)) / len(text) == pytest.approx(0.30, abs=0.035)
    # The grammar's phrases come back more often over long distances than a human's.
    assert len(lzma.compress(text[: SIZE // 4].encode(), preset=1)) / len(text[: SIZE // 4]) > 0.2
    assert len(counts) == pytest.approx(7_200, rel=0.1)
    assert sum(count >= 5 for count in counts.values()) == pytest.approx(3_950, rel=0.1)
    covered = np.cumsum(sorted(counts.values(), reverse=True))
    assert np.searchsorted(covered, 0.9 * covered[-1]) == pytest.approx(844, rel=0.15)
    for length, target in ((2, 1.68), (3, 1.27), (4, 1.05), (5, 0.90)):
        assert context_entropy(text, length) == pytest.approx(target, rel=0.08)


def test_plain_ascii_without_a_trace_of_the_templates():
    for document in corpus()[0]:
        assert document.isascii()
        assert not re.search(r"[{}\[\]<>|@~^_\x00-\x09\x0b-\x1f]", document)
        assert not re.search(
            r"  | \n|\n | [,!?;]| \.(?!\.\.)|[,!?]{2}|(?<!\.)\.\.(?!\.)|,\.", document
        )
        assert document == document.strip()


def test_no_word_is_said_twice():
    for document in corpus()[0]:
        assert not re.search(r"\b([A-Za-z]+) \1\b", document)


def test_sentences_begin_with_capitals_and_end():
    for document in corpus()[0]:
        assert not re.search(r"(?:\A|\n|[.!?] )\"?[a-z]", document)
        assert not re.search(r"[,a-z] \"[a-z]", document)
        assert all(line[-1] in '.!?"' for line in document.split("\n"))
        assert all(line.count('"') % 2 == 0 for line in document.split("\n"))


def test_articles_fit_the_sound_of_the_next_word():
    vowel_sound = re.compile(
        r"(?!one|once|use|usu|uni(?!m|n)|eu|ew|ukulele|u-)[aeiou]|hour|honest|honor|heir"
    )
    sounds_like = re.compile(r"8\b|8-|80|11|18|x-ray")
    for document in corpus()[0]:
        for article, word in re.findall(r"\b([Aa]n?) ([\w-]+)", document):
            word = word.lower()
            vowel = bool(vowel_sound.match(word) or sounds_like.match(word))
            assert vowel == (len(article) == 2), (article, word)


def test_nobody_changes_sex():
    checked = 0
    for story in stories():
        sexes = {character.sex for character in story.cast}
        if len(sexes) > 1:
            continue
        strange = (r"she|her|hers|herself", r"he|him|his|himself")[sexes.pop()]
        found = re.search(rf"\b(?:{strange})\b", story.text, re.IGNORECASE)
        assert not found, (found, story)
        checked += 1
    assert checked > 100


def test_nobody_changes_the_name():
    for story in stories():
        names = [character.name.replace("~", " ") for character in story.cast]
        assert len({name[:6] for name in names}) == len(names)
        assert story.cast[0].name in story.text
        for character, mentioned in zip(story.cast, story.mentioned, strict=True):
            called = (character.name, character.intro) if mentioned else ("",)
            assert any(call.replace("~", " ").lower() in story.text.lower() for call in called), (
                story,
                called,
            )


def test_what_belongs_to_the_hero_keeps_its_colour():
    colours = "|".join(row[0] for row in classes()["color"].rows)
    seen = 0
    for story in stories():
        colour, noun = story.belonging
        found = re.findall(rf"\b(?:his|her) ({colours}) {noun}\b", story.text)
        assert set(found) <= {colour}
        seen += len(found)
    assert seen > 15


def test_every_plot_is_told():
    assert len({story.plot for story in stories()}) >= 20


def test_invented_words_are_uniform_given_their_prefix():
    counts = word_counts()
    probabilities = []
    for prefix, words in UNGUESSABLE_WORDS.items():
        assert len(words) == 8
        assert all(word.startswith(prefix) for word in words)
        assert len({word[len(prefix)] for word in words}) == 8
        stems = {word for word in counts if word.startswith(prefix)}
        assert stems == set(words), "nothing else begins like an invented word"
        probabilities.append(stats.chisquare([counts[word] for word in words]).pvalue)
    assert stats.combine_pvalues(probabilities).pvalue > 0.001
    assert sum(counts[word] for words in UNGUESSABLE_WORDS.values() for word in words) > 1000


def test_hyphenated_compounds_of_every_kind_occur():
    counts = Counter(re.findall(r"\b[\w']+(?:-[\w']+)+\b", "\n".join(corpus()[0]).lower()))
    assert sum(counts.values()) > 1500
    for kind, words in HYPHENATED.items():
        assert sum(counts[word.lower()] for word in words) >= 20, kind


def test_titles_stand_before_names():
    text = "\n".join(corpus()[0])
    for title in ("Mr", "Mrs", "Dr"):
        assert len(re.findall(rf"\b{title}\. [A-Z]", text)) > 200
        assert not re.search(rf"\b{title}\b(?!\. [A-Z])", text)


@pytest.mark.parametrize(
    ("verb", "third", "past", "gerund", "participle"),
    [
        ("walk", "walks", "walked", "walking", "walked"),
        ("run", "runs", "ran", "running", "run"),
        ("hop", "hops", "hopped", "hopping", "hopped"),
        ("hurry", "hurries", "hurried", "hurrying", "hurried"),
        ("tiptoe", "tiptoes", "tiptoed", "tiptoeing", "tiptoed"),
        ("tie", "ties", "tied", "tying", "tied"),
        ("take", "takes", "took", "taking", "taken"),
        ("wash", "washes", "washed", "washing", "washed"),
        ("pick up", "picks up", "picked up", "picking up", "picked up"),
        ("fall over", "falls over", "fell over", "falling over", "fallen over"),
        ("whisper", "whispers", "whispered", "whispering", "whispered"),
        ("beg", "begs", "begged", "begging", "begged"),
        ("look", "looks", "looked", "looking", "looked"),
        ("quit", "quits", "quit", "quitting", "quit"),
        ("play", "plays", "played", "playing", "played"),
    ],
)
def test_verbs(verb, third, past, gerund, participle):
    assert english.third(verb) == third
    assert english.past(verb) == past
    assert english.gerund(verb) == gerund
    assert english.participle(verb) == participle


def test_nouns_and_adjectives():
    plurals = {"box": "boxes", "mouse": "mice", "toy boat": "toy boats", "berry": "berries"}
    plurals |= {"day": "days", "knife": "knives", "goldfish": "goldfish", "wolf": "wolves"}
    assert {noun: english.plural(noun) for noun in plurals} == plurals
    assert english.comparison("big") == ("bigger", "biggest")
    assert english.comparison("happy") == ("happier", "happiest")
    assert english.comparison("careful") == ("more careful", "most careful")
    assert english.comparison("good") == ("better", "best")
    assert english.comparison("nice") == ("nicer", "nicest")
    assert english.adverb("gentle") == "gently"
    assert english.adverb("happy") == "happily"
    assert english.adverb("quick") == "quickly"


def changed(tmp_path: Path, name: str, before: str, after: str) -> str:
    """The fingerprint of a copy of the package in which one text is replaced by another."""
    copy = tmp_path / "storyworld"
    shutil.copytree(data.FOLDER, copy)
    text = (copy / name).read_text(encoding="utf-8")
    assert before in text
    (copy / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    return fingerprint(copy)


@pytest.mark.parametrize(
    ("name", "before", "after", "same"),
    [
        ("engine.py", "def finish(", "# A comment.\ndef finish(", True),
        ("engine.py", '"""Settles articles', '"""Now settles articles', True),
        ("engine.py", "st.rnd() * count", "st.rnd() * (count - 1)", False),
        ("lexicon/names.txt", "girl word:", "# A comment.\n\ngirl word:", True),
        ("lexicon/names.txt", "Lily", "Lilly", False),
        ("plots/a_lost_toy.txt", "It was {his} favorite", "It was {his} dearest", False),
    ],
)
def test_the_fingerprint_covers_words_and_code_but_no_comments(
    tmp_path: Path, name: str, before: str, after: str, same: bool
):
    assert (changed(tmp_path, name, before, after) == fingerprint()) is same


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("lexicon/names.txt", "Lily Mia", "Lily {Mia}", r"names\.txt, line 4: .*'\{'"),
        ("lexicon/names.txt", "girl word:", "girl wrod:", r"names\.txt, line 3: .*'girl wrod:'"),
        (
            "plots/a_lie.txt",
            "LieDid:\n-",
            "LieDid:\n",
            r"plots/a_lie\.txt, line \d+: expected '- '",
        ),
        ("plots/a_lie.txt", "LieDid:\n- ", "LieDid:\n- [", r"a_lie\.txt, line \d+: .*do not match"),
        ("plots/order.txt", "a_lie\n", "", r"plots/order\.txt .*'a_lie'"),
        (
            "paraphrases.txt",
            "all day|",
            "no bar\nall day|",
            r"paraphrases\.txt, line \d+: .*'no bar'",
        ),
    ],
)
def test_a_malformed_line_is_named(
    tmp_path: Path, monkeypatch, name: str, before: str, after: str, message: str
):
    changed(tmp_path, name, before, after)
    monkeypatch.setattr(data, "FOLDER", tmp_path / "storyworld")
    monkeypatch.setattr(data, "lexicon", data.lexicon.__wrapped__)
    monkeypatch.setattr(data, "plot_names", data.plot_names.__wrapped__)
    read = {"lexicon": data.lexicon, "paraphrases.txt": data.paraphrases}
    with pytest.raises(UserError, match=message):
        read.get(name.split("/")[0], data.grammar)()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "It was {his} favorite",
            "It was {hiss} favorite",
            r"plots/a_lost_toy\.txt, line \d+: .*hiss",
        ),
        ("{hiding.at}", "{hiding.z}", r"a_lost_toy\.txt, line \d+: .*'hiding\.z'"),
        ("/ LostLove", "/ LostLvoe", r"a_lost_toy\.txt, line \d+: .*'LostLvoe'"),
    ],
)
def test_an_unknown_slot_or_step_is_named_with_its_line(
    tmp_path: Path, monkeypatch, before: str, after: str, message: str
):
    changed(tmp_path, "plots/a_lost_toy.txt", before, after)
    monkeypatch.setattr(data, "FOLDER", tmp_path / "storyworld")
    monkeypatch.setattr(data, "plot_names", data.plot_names.__wrapped__)
    with pytest.raises(UserError, match=message):
        grammar_of_stories.grammar.__wrapped__()
