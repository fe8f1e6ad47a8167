"""Chapter 4's model: its own, or a published one, each with its text as the chapter needs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells
from published_models import TEXT, write_lens

from lib.core.device import Machine
from lib.core.paths import HOME_VARIABLE
from lib.evidence import load
from lib.studies.splitting.probes import read_text
from lib.studies.splitting.settings import Settings
from lib.studies.splitting.text_model import text_model
from lib.text.corpora import Corpus, Source

CPU = Machine(torch.device("cpu"), "fp32")
DOCUMENTS = [f"{number}: {text} It was a multi-coloured one." for number, text in enumerate(TEXT)]
CORPUS = Corpus(DOCUMENTS[:30], DOCUMENTS[30:], Source("a text", True, False, "fingerprint"))


def model_of(name: str):
    settings = load(Settings, {"profile": "ci", "lm_steps": 2, "vocabulary": 300})
    return text_model(
        name, CORPUS, 300, settings.transformer, settings.training(), CPU, context=16, tokens=120,
        seed=0,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


def check(found) -> None:
    assert len(found.strings) == found.tokenizer.vocab_size
    assert [len(half) for half in found.halves] == [120, 120]
    # Documents begin where they are said to.
    for half, starts, number in zip(found.halves, found.starts, (30, 31), strict=True):
        begins = [found.tokenizer.decode(half[start : start + 8]) for start in starts]
        assert len(begins) > 1
        for place, text in enumerate(begins):
            assert f"{number + 2 * place}: ".startswith(text) or text.startswith(
                f"{number + 2 * place}: "
            )
    # No document is in both halves, nor in the training text.
    texts = [found.tokenizer.decode(half) for half in found.halves]
    assert texts[0].startswith("30: ")
    assert texts[1].startswith("31: ")
    assert found.tokenizer.decode(found.train.tokens).startswith("0: ")
    read = read_text(
        found.model, [], found.halves[0], "blocks.0.mlp_out", np.arange(0, 120, 7), scale=1.0,
        **CPU,
    )  # fmt: skip
    assert read.vectors.isfinite().all()


def test_its_own_model_is_trained_and_its_loss_known() -> None:
    found = model_of("own")
    check(found)
    assert 0 < found.loss < 10


def test_a_published_model_in_a_folder_takes_its_place(tmp_path: Path) -> None:
    write_lens(tmp_path / "published")
    found = model_of(str(tmp_path / "published"))
    check(found)
    assert found.loss is None
    assert found.model.config.context == 16
    assert found.model.key != model_of("own").model.key


def matter(own: float, other: float) -> dict:
    """The chapter's records for features that move predictions after their own class and others."""
    effect = np.full((5, 5, 5), other)
    effect[:, range(5), range(5)] = own
    effect = effect * (1 + 0.05 * np.random.default_rng(0).standard_normal(effect.shape))
    names = begin_chapter("04")
    names.update(
        effect=effect, by_random=effect, acting=np.ones((5, 5), bool), deciding=list(range(5)),
        present=np.ones(5, bool),
    )  # fmt: skip
    run_cells("04", ["imports-of-the-book", "matter-records"], names)
    return names


@pytest.mark.parametrize(("own", "stands_out"), [(0.5, True), (0.1, False)])
def test_an_effect_on_every_class_alike_is_no_effect_on_ones_own(own, stands_out, home_of_book):
    from lib.evidence import run_context

    matter(own, 0.1)
    found = run_context.current().records
    assert (found["moved_own"].low > found["moved_other"].high) == stands_out
    assert found["acting_features"].value == 25


@pytest.fixture
def home_of_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
