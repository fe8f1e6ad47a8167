"""GGUF files: the model computes what the file means, and its tokens are the file's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lib.cache.shelf import pretrained_model
from lib.core.errors import UserError
from lib.model.published.shelf import is_here, shelf
from lib.settings.language_model import TINY_STORIES
from lib.text.corpora import load_corpus

pytest.importorskip("gguf", reason="read where it is installed")

from gguf_models import CONTEXT, TEXT, VOCAB, gguf_logits, write_gguf


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("LITTLE_DICTIONARIES_HOME", str(tmp_path / "home"))
    return tmp_path / "a model" / "tiny.gguf"


def tokens(length: int = CONTEXT, vocabulary: int = VOCAB) -> torch.Tensor:
    return torch.randint(vocabulary, (length,), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("quantised", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_it_computes_what_the_file_means(file: Path, quantised: bool, tied: bool) -> None:
    write_gguf(file, quantised=quantised, tied=tied)
    expected = gguf_logits(file, tokens(), torch.float64)
    for name in (file, file.parent):
        model = pretrained_model(str(name), device="cpu").model
        assert model.config.context == CONTEXT
        found = model(tokens()[None]).logits[0].double()
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


def test_digits_stand_alone_and_white_space_before_them_stays_whole(file: Path) -> None:
    write_gguf(file)
    found = pretrained_model(str(file), device="cpu")
    ids = found.tokenizer.encode(TEXT[0]).tolist()
    assert found.tokenizer.decode(ids) == TEXT[0]
    pieces = [found.tokenizer.decode([token]) for token in ids]
    assert "\n\n" in pieces
    assert {"2", "0", "4", "1", "3", "5", "7"} <= set(pieces)
    assert found.separator == "<|endoftext|>"
    assert list(found.tokenizer.encode("<|endoftext|>")) == [0]


def test_its_identity_is_the_file_and_it_is_converted_once(file: Path, tmp_path: Path) -> None:
    write_gguf(file)
    first = pretrained_model(str(file), device="cpu")
    assert list(first.provenance["sha256"]) == ["tiny.gguf"]
    (folder,) = (tmp_path / "home" / ".cache" / "pretrained").iterdir()
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert pretrained_model(str(file), device="cpu").model.key == first.model.key
    assert (folder / "model.safetensors").stat().st_mtime_ns == written
    write_gguf(file, quantised=True)
    assert pretrained_model(str(file), device="cpu").model.key != first.model.key


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"architecture": "mamba"}, "'general.architecture' = 'mamba'"),
        ({"llama.block_count": None}, "lacks 'llama.block_count'"),
        ({"llama.rope.scaling.type": "linear"}, "'llama.rope.scaling'"),
        ({"tokenizer.ggml.pre": "mine"}, "'tokenizer.ggml.pre' = 'mine'"),
        ({"tokenizer.ggml.model": "llama"}, "'tokenizer.ggml.model' = 'llama'"),
        ({"llama.block_count": 3}, "has no key 'model.layers.2"),
        ({"llama.feed_forward_length": 48}, "another shape .* 'model.layers.0.mlp"),
    ],
)
def test_what_is_not_known_is_refused_by_name(file: Path, fields: dict, said: str) -> None:
    write_gguf(file, **fields)
    with pytest.raises(UserError, match=said):
        pretrained_model(str(file), device="cpu")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_file_cut_short_is_refused(file: Path, share: float) -> None:
    write_gguf(file)
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    with pytest.raises(UserError, match=r"tiny\.gguf is no whole GGUF file"):
        pretrained_model(str(file), device="cpu")


def test_several_files_in_one_folder_need_a_name(file: Path) -> None:
    write_gguf(file)
    write_gguf(file.with_name("other.gguf"))
    with pytest.raises(UserError, match=r"2 GGUF files: other\.gguf, tiny\.gguf"):
        pretrained_model(str(file.parent), device="cpu")


def test_another_file_than_the_known_one_is_refused(file: Path) -> None:
    known = shelf()["smollm2-135m"].path
    known.parent.mkdir(parents=True)
    write_gguf(known)
    with pytest.raises(UserError, match=r"has the checksum .* smollm2-135m has b179c95"):
        pretrained_model("smollm2-135m", device="cpu")


@pytest.mark.slow
@pytest.mark.skipif(not is_here("smollm2-135m"), reason="python -m lib fetch smollm2-135m")
def test_smollm2_predicts_as_its_definition_says() -> None:
    """On a stretch of the bundled manuals: the same log-probabilities as a plain forward pass."""
    found = pretrained_model("smollm2-135m", device="cpu", context=256)
    text = load_corpus(
        "bundled", bundled="manuals", hub=TINY_STORIES, characters=60_000
    ).validation[0]
    ids = torch.from_numpy(found.tokenizer.encode(text)[:256].astype("int64"))
    path = shelf()["smollm2-135m"].path
    expected = gguf_logits(path, ids, torch.float64).log_softmax(-1)
    logits = found.model(ids[None]).logits[0].double().log_softmax(-1)
    torch.testing.assert_close(logits, expected, rtol=0, atol=5e-3)
    assert abs(float((logits - expected).mean())) < 1e-4
