"""Models that were kept after a run trained them: they come back as they were rounded, or a
sentence says which file is not what its card says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from lib.cache.cached import language_model, text_tokenizer
from lib.cache.shelf import pretrained_model
from lib.core import paths
from lib.core.device import Machine
from lib.core.errors import UserError
from lib.model.config import TransformerConfig
from lib.model.published.kept import LARGEST, is_kept, kept_models, load_kept, save_kept
from lib.model.published.shelf import shelf
from lib.model.training import TrainingHistory, TrainingSettings
from lib.model.transformer import Transformer
from lib.pages.models import models_page
from lib.text.tokenizers import BPETokenizer, ByteTokenizer, encode_documents

TEXT = ["Once upon a time there was a small dog who ran to the park — and back again."] * 30
HISTORY = TrainingHistory([[10, 3.5], [20, 3.0]], [[20, 3.1]], 1.5, 640)
ROPE = {"positions": "rope", "norm": "rms", "mlp": "swiglu", "biases": False}
LEARNED = {"positions": "learned", "norm": "layer", "mlp": "gelu", "biases": True}
NEO = LEARNED | {"mlp": "gelu_new", "attention_scale": 1.0}


def config(vocabulary: int, **shape: object) -> TransformerConfig:
    return TransformerConfig(vocabulary, 16, layers=2, width=16, heads=2, mlp_width=24, **shape)


def keep(folder: Path, shape: dict, tokenizer: BPETokenizer | ByteTokenizer) -> Transformer:
    """A random model that was kept in `folder`, before it was rounded."""
    model = Transformer(config(tokenizer.vocab_size, **shape), seed=3).eval()
    exact = Transformer(model.config, seed=3).eval()
    assert save_kept(folder, model, tokenizer, HISTORY, {"chapter": "01", "commit": "abc"})
    return exact


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(tmp_path / "model", LEARNED, BPETokenizer.train(TEXT, 270))
    return tmp_path / "model"


@pytest.mark.parametrize("shape", [ROPE, LEARNED, NEO, LEARNED | {"tied": False}])
@pytest.mark.parametrize("kind", ["bytes", "pairs"])
def test_it_comes_back_as_it_was_rounded(shape: dict, kind: str, tmp_path: Path) -> None:
    tokenizer = ByteTokenizer() if kind == "bytes" else BPETokenizer.train(TEXT, 270)
    exact = keep(tmp_path, shape, tokenizer)
    found = load_kept(str(tmp_path))
    ids = found.tokenizer.encode(TEXT[0])
    assert ids.tolist() == tokenizer.encode(TEXT[0]).tolist()
    assert found.tokenizer.decode(ids) == TEXT[0]
    tokens = torch.from_numpy(ids[:16].astype(int))[None]
    rounded = exact.bfloat16().float()
    assert torch.equal(found.model(tokens).logits, rounded(tokens).logits)
    assert found.history == HISTORY
    assert found.card["commit"] == "abc"
    # What is rounded once is not rounded again.
    again = tmp_path / "again"
    save_kept(again, load_kept(str(tmp_path)).model, tokenizer, HISTORY, {})
    assert load_kept(str(again)).card["sha256"] == found.card["sha256"]


@pytest.mark.parametrize("shape", [ROPE, LEARNED])
def test_a_shorter_context_reads_the_same(shape: dict, tmp_path: Path) -> None:
    keep(tmp_path, shape, ByteTokenizer())
    whole, short = load_kept(str(tmp_path)), load_kept(str(tmp_path), context=9)
    tokens = torch.arange(9)[None]
    assert torch.equal(short.model(tokens).logits, whole.model(tokens).logits)
    assert short.model.config.context == 9
    assert short.model.key != whole.model.key
    with pytest.raises(UserError, match=r"'context' of .*config\.json is 16.* got a context of 17"):
        load_kept(str(tmp_path), context=17)


@pytest.mark.parametrize(
    "name", ["config.json", "model.safetensors", "tokenizer.json", "history.json"]
)
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_file_is_named(name: str, damage: str, folder: Path) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content if damage == "changed" else content[:-20])
    with pytest.raises(UserError, match=rf"{name}(\.| has the checksum .*'sha256' of card\.json)"):
        load_kept(str(folder))


@pytest.mark.parametrize("vocabulary", [270, 280])
def test_the_tokenizer_of_another_model_is_refused(vocabulary: int, folder: Path) -> None:
    other = ["The dictionary is another text, of which other pairs of bytes are frequent."] * 9
    BPETokenizer.train(other, vocabulary).save(folder / "tokenizer.json")
    with pytest.raises(UserError, match=r"tokenizer\.json has the checksum .*'sha256'"):
        load_kept(str(folder))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tokenizer": "bpe512"}, r"'tokenizer' of card\.json says bpe512"),
        ({"tokenizer": None}, r"'tokenizer' of card\.json says None"),
        ({"sha256": {}}, r"card\.json lacks 'sha256' of config\.json"),
        ({"sha256": 3}, r"card\.json is damaged"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(change: dict, said: str, folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text()) | change
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(UserError, match=said):
        load_kept(str(folder))


def test_what_is_large_is_not_kept(tmp_path: Path) -> None:
    wide = TransformerConfig(256, 8, layers=1, width=16, heads=2, mlp_width=LARGEST // 96)
    model = Transformer(wide, seed=0)
    assert 2 * model.parameter_count() > LARGEST
    assert not save_kept(tmp_path / "model", model, ByteTokenizer(), HISTORY, {})
    assert not (tmp_path / "model").exists()


def test_a_name_is_the_run_that_trained_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path)
    keep(tmp_path / "05/cpu-tales/seed0/model", LEARNED, BPETokenizer.train(TEXT, 270))
    assert list(kept_models()) == ["kept:05/cpu-tales/seed0"]
    by_name = pretrained_model("kept:05/cpu-tales/seed0", device="cpu", context=12)
    by_place = pretrained_model(
        str(tmp_path / "05/cpu-tales/seed0/model"), device="cpu", context=12
    )
    assert by_name.model.key == by_place.model.key
    assert by_name.separator == "\n\n"
    assert is_kept("kept:05/cpu-tales/seed0")
    assert not is_kept("gelu-1l")
    with pytest.raises(UserError, match=r"no model is kept as 'kept:05/no'.* kept:05/cpu-tales"):
        load_kept("kept:05/no")


def test_a_chapter_starts_from_it(folder: Path) -> None:
    machine, training = Machine.of("cpu", "fp32"), TrainingSettings(steps=1, batch=1)
    tokenizer = text_tokenizer(str(folder), ["other text"], 300)
    stream = encode_documents(tokenizer, TEXT)
    arguments = (training, stream, stream, machine)
    lm, history = language_model(
        config(270, **ROPE), *arguments, seed=0, tokenizer=tokenizer, kept=str(folder)
    )
    assert lm.key == load_kept(str(folder)).model.key
    assert history == HISTORY
    with pytest.raises(UserError, match="reads bpe270, and this chapter bytes"):
        language_model(config(256), *arguments, seed=0, tokenizer=ByteTokenizer(), kept=str(folder))


def test_every_name_says_what_it_is_and_how_to_get_it() -> None:
    page = models_page()
    for name, entry in shelf().items():
        section = page.partition(f"### {name}\n")[2].partition("\n###")[0]
        for told in (entry.origin, entry.size, entry.sites, entry.reads, entry.offline):
            assert told in section
        assert (entry.licence or "not known") in section
        assert (entry.sha256 or entry.revision or "none is known") in section


def test_the_page_shows_what_was_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "results_folder", lambda: tmp_path)
    about = dict.fromkeys(("chapter", "profile", "source", "commit", "device", "precision"), "x")
    model, tokenizer = Transformer(config(256), seed=0), ByteTokenizer()
    folder = tmp_path / "01/cpu-tales/seed0/model"
    save_kept(folder, model, tokenizer, HISTORY, about | {"loss": 1.25})
    (row,) = [line for line in models_page().splitlines() if "kept:01/cpu-tales/seed0" in line]
    assert f"{model.parameter_count():,}" in row
    assert "1.250" in row
    assert load_kept(str(folder)).card["sha256"]["model.safetensors"][:16] in row
