"""Published models: they compute what was published, or are refused with the file and the key."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest
import torch
from published_models import (
    CONTEXT,
    LAYERS,
    NEO_CONFIG,
    TEXT,
    VOCAB,
    D,
    M,
    dictionary_tensors,
    lens_logits,
    lens_tensors,
    neo_logits,
    neo_tensors,
    write_lens,
    write_neo,
    write_tokenizer,
)
from safetensors.torch import save_file

from lib.cache.pretrained import public_dictionary
from lib.cache.shelf import pretrained_model
from lib.core.errors import UserError
from lib.core.hub_files import local_repository
from lib.core.identity import content_key
from lib.model.pretrained import load_pretrained
from lib.model.sampling import generate
from lib.sae.splicing import splice
from lib.text.tokenizers import encode_documents


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Converted files go to a cache of the test's own."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("LITTLE_DICTIONARIES_HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a model"


def tokens(length: int = CONTEXT, batch: int = 3) -> torch.Tensor:
    return torch.randint(VOCAB, (batch, length), generator=torch.Generator().manual_seed(1))


def weights_of(folder: Path) -> str:
    """A key of the numbers alone, in whatever file they are."""
    found = load_pretrained(local_repository(folder)).model
    return content_key(*(value for _, value in sorted(found.named_parameters())))


def logits(model, t: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return model(t).logits.double()


def test_a_gpt_neo_computes_what_its_definition_says(folder: Path) -> None:
    """Also beyond the window of the local layers, which is a quarter of this sequence."""
    w = write_neo(folder)
    found = load_pretrained(local_repository(folder))
    expected = neo_logits(w, tokens())
    torch.testing.assert_close(logits(found.model, tokens()), expected, rtol=0, atol=2e-4)
    unlimited = neo_logits(w, tokens(), window=CONTEXT)
    assert (expected - unlimited)[:, 6:].abs().max() > 0.1, "the window must matter here"
    torch.testing.assert_close(expected[:, :6], unlimited[:, :6])


def test_a_transformer_lens_model_computes_what_its_definition_says(folder: Path) -> None:
    w = write_lens(folder)
    found = load_pretrained(local_repository(folder))
    expected = lens_logits(w, tokens())
    torch.testing.assert_close(logits(found.model, tokens()), expected, rtol=0, atol=2e-4)


def test_norms_without_weights_and_an_unembedding_with_biases_are_read(folder: Path) -> None:
    write_lens(folder, normalization=None, normalization_type="LNPre")
    w = {name: t for name, t in lens_tensors().items() if ".ln" not in name and "ln_" not in name}
    w["unembed.b_U"] = torch.linspace(-1, 1, VOCAB)
    torch.save(w, folder / "model_final.pth")
    found = load_pretrained(local_repository(folder))
    expected = lens_logits(w, tokens())
    torch.testing.assert_close(logits(found.model, tokens()), expected, rtol=0, atol=2e-4)


@pytest.mark.parametrize("windows", [(6, CONTEXT), (256, CONTEXT)])
def test_a_gpt_neo_equals_that_of_transformers(windows: tuple[int, int], folder: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="compared where it is installed")
    config = transformers.GPTNeoConfig(**NEO_CONFIG | {"window_size": windows[0]})
    theirs = transformers.GPTNeoForCausalLM(config).eval()
    torch.manual_seed(0)
    for parameter in theirs.parameters():  # its own initialisation hides mistakes behind zeros
        torch.nn.init.normal_(parameter, std=0.4)
    theirs.save_pretrained(folder)
    write_tokenizer(folder)
    ours = load_pretrained(local_repository(folder)).model
    with torch.no_grad():
        hidden = theirs.transformer(tokens(), output_hidden_states=True).hidden_states
    torch.testing.assert_close(logits(ours, tokens()), logits(theirs, tokens()), rtol=0, atol=2e-5)
    read = ours(tokens(), read=("blocks.0.resid_pre", "blocks.1.resid_pre")).activations
    torch.testing.assert_close(read["blocks.1.resid_pre"], hidden[1], rtol=0, atol=2e-5)


def test_old_pickles_with_masks_and_a_stored_unembedding_are_read_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = write_neo(folder)
    new = weights_of(folder)
    (folder / "model.safetensors").unlink()
    old = dict(w)
    for i in range(LAYERS):
        old[f"transformer.h.{i}.attn.attention.bias"] = torch.ones(1, 1, CONTEXT, CONTEXT).byte()
        old[f"transformer.h.{i}.attn.attention.masked_bias"] = torch.tensor(-1e9)
    old["lm_head.weight"] = old["transformer.wte.weight"]
    torch.save(old, folder / "pytorch_model.bin")
    assert weights_of(folder) == new
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("unpickled again"))
    assert weights_of(folder) == new


def test_a_damaged_conversion_is_made_again(folder: Path, tmp_path: Path) -> None:
    write_lens(folder)
    first = weights_of(folder)
    (converted,) = (tmp_path / "home" / ".cache" / "pretrained").iterdir()
    converted.write_bytes(converted.read_bytes()[:-8])
    assert weights_of(folder) == first


def test_a_shorter_context_reads_the_same_and_low_precision_is_read_into_full(folder: Path) -> None:
    w = write_neo(folder)
    short = load_pretrained(local_repository(folder), context=8)
    assert short.model.config.context == 8
    expected = neo_logits(w, tokens(8))
    torch.testing.assert_close(logits(short.model, tokens(8)), expected, rtol=0, atol=2e-4)
    save_file({name: t.half() for name, t in w.items()}, folder / "model.safetensors")
    low = load_pretrained(local_repository(folder))
    assert low.model.unembedding.weight.dtype == torch.float32
    assert low.model.key != short.model.key


def test_chapters_can_work_with_it(folder: Path) -> None:
    """Reading, editing, splicing and writing text, with the tokenizer and its separator."""
    write_neo(folder)
    save_file(dictionary_tensors(), folder / "sae.safetensors")
    made = pretrained_model(str(folder), device="cpu", context=16)
    site = "blocks.1.mlp_act"
    sae = public_dictionary(
        str(folder / "sae.safetensors"), device="cpu", width=made.model.site_width(site)
    ).sae
    stream = encode_documents(made.tokenizer, TEXT, made.separator)
    assert made.tokenizer.decode(stream.tokens) == "".join(t + made.separator for t in TEXT)
    (found,) = splice(made.model, [sae], stream.tokens[:200], site)
    assert found.tokens == 199
    prompt = torch.tensor(stream.tokens[:5].astype(int))[None]
    with_cache, without = (
        generate(made.model, prompt, 14, temperature=0, generator=torch.Generator(), cached=cached)
        for cached in (True, False)
    )
    assert torch.equal(with_cache, without), "the local window also holds in the cache"


def test_keys_follow_weights_tokenizer_and_context(folder: Path) -> None:
    def key(context: int | None = None) -> str:
        return pretrained_model(str(folder), device="cpu", context=context).model.key

    write_neo(folder)
    first = key()
    found = [first, key(context=8)]
    write_tokenizer(folder, VOCAB - 1)
    found.append(key())
    save_file(neo_tensors(seed=1), folder / "model.safetensors")
    found.append(key())
    assert len(set(found)) == len(found)
    write_neo(folder)
    assert key() == first


def test_provenance_names_files_by_checksum_and_nothing_of_this_machine(folder: Path) -> None:
    write_lens(folder)
    found = load_pretrained(local_repository(folder)).provenance
    assert set(found["sha256"]) == {"config.json", "model_final.pth", "tokenizer.json"}
    assert found["name"] == "a model"
    assert str(folder.parent) not in json.dumps(found)


def changed(key: str, value: torch.Tensor | None, tensors: dict) -> dict:
    kept = {name: t for name, t in tensors.items() if name != key}
    return kept if value is None else kept | {key: value}


WTE, QUERY = "transformer.wte.weight", "transformer.h.1.attn.attention.q_proj.weight"


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (changed(WTE, None, neo_tensors()), "no key 'lm_head.weight'"),
        (changed(QUERY, None, neo_tensors()), f"no key '{QUERY}'"),
        (changed(QUERY, torch.zeros(D, D + 1), neo_tensors()), rf"another shape .* at '{QUERY}'"),
        (changed(QUERY, torch.full((D, D), torch.nan), neo_tensors()), f"{QUERY} must be made of"),
        (neo_tensors(layers=3), "a key .* 'transformer.h.2"),
        (
            neo_tensors() | {"transformer.h.0.mlp.gate.weight": torch.zeros(1)},
            "'.*mlp.gate.weight'",
        ),
        (lens_tensors(), "no key 'lm_head.weight'"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights: dict, said: str, folder: Path) -> None:
    write_neo(folder)
    save_file({n: t.contiguous() for n, t in weights.items()}, folder / "model.safetensors")
    with pytest.raises(UserError, match=said) as refused:
        load_pretrained(local_repository(folder))
    assert "model.safetensors" in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"architectures": ["LlamaForCausalLM"]}, "'architectures' = .'LlamaForCausalLM'."),
        ({"architectures": ["GPTNeoModel"]}, "'architectures'"),
        ({"hidden_size": None}, "'hidden_size'"),
        ({"num_heads": "four"}, "'num_heads'"),
        ({"num_layers": 0}, "num_layers"),
        ({"num_heads": 5}, "divisible by num_heads"),
        ({"model_type": "no such"}, "'model_type' = 'no such'"),
        ({"model_type": "bert", "architectures": None}, "'bert'"),
        (
            {"model_type": "mine", "auto_map": {"AutoModelForCausalLM": "code.Mine"}},
            "without code from elsewhere",
        ),
        ({"attention_types": [[["global", "local"], 2]]}, "attention_layers"),
    ],
)
def test_settings_of_another_architecture_are_refused(
    settings: dict, said: str, folder: Path
) -> None:
    write_neo(folder, **settings)
    with pytest.raises(UserError, match=said):
        load_pretrained(local_repository(folder))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"act_fn": "solu_ln"}, "'act_fn' = 'solu_ln'"),
        ({"attn_only": True}, "'attn_only'"),
        ({"d_head": 3}, "'d_head' = 3"),
        ({"neuron_scale": 2.0}, "'neuron_scale'"),
        ({"normalization": "RMS"}, "'normalization' = 'RMS'"),
        ({"shortformer_pos": True}, "'shortformer_pos'"),
        ({"n_ctx": None}, "'n_ctx'"),
    ],
)
def test_settings_that_would_compute_something_else_are_refused(
    settings: dict, said: str, folder: Path
) -> None:
    write_lens(folder, **settings)
    with pytest.raises(UserError, match=said):
        load_pretrained(local_repository(folder))


class Opens:
    """Its pickle creates a file when it is loaded by a reader that runs code."""

    def __init__(self, path: Path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_pickle_never_runs(folder: Path, tmp_path: Path) -> None:
    write_lens(folder)
    for content in (Opens(tmp_path / "ran"), {"embed.W_E": Opens(tmp_path / "ran")}):
        (folder / "model_final.pth").write_bytes(pickle.dumps(content))
        with pytest.raises(UserError, match=r"model_final\.pth is no plain state dict"):
            load_pretrained(local_repository(folder))
        torch.save(content, folder / "model_final.pth")
        with pytest.raises(UserError, match=r"model_final\.pth is no plain state dict"):
            load_pretrained(local_repository(folder))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([torch.zeros(2)], "holds a list and no state dict"),
        (lens_tensors() | {"step": 3}, "under 'step' it holds a int"),
        ({"model": lens_tensors()}, "under 'model' it holds a dict"),
        ({3: torch.zeros(2)}, "under 3"),
    ],
)
def test_a_pickle_of_something_else_is_refused(content: object, said: str, folder: Path) -> None:
    write_lens(folder)
    torch.save(content, folder / "model_final.pth")
    with pytest.raises(UserError, match=said) as refused:
        load_pretrained(local_repository(folder))
    assert "model_final.pth" in str(refused.value)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("neo", "model.safetensors", "truncated or damaged"),
        ("lens", "model_final.pth", "truncated or damaged"),
        ("neo", "config.json", "damaged"),
        ("neo", "tokenizer.json", "not a whole tokenizer"),
    ],
)
def test_a_truncated_file_is_refused(kind: str, name: str, said: str, folder: Path) -> None:
    write_neo(folder) if kind == "neo" else write_lens(folder)
    cut(folder / name)
    with pytest.raises(UserError, match=said) as refused:
        load_pretrained(local_repository(folder))
    assert name in str(refused.value)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    write_neo(folder)
    (folder / name).unlink()
    with pytest.raises(UserError, match=f"has no {name}"):
        load_pretrained(local_repository(folder))


@pytest.mark.parametrize("vocab", [VOCAB + 1, 270])
def test_a_tokenizer_of_another_model_is_refused(vocab: int, folder: Path) -> None:
    write_neo(folder)
    write_tokenizer(folder, vocab)
    with pytest.raises(UserError, match=r"tokenizer\.json does not fit the model: its 'vocab'"):
        load_pretrained(local_repository(folder))


def test_the_tokenizer_may_come_in_two_files(folder: Path) -> None:
    write_neo(folder)
    write_tokenizer(folder, VOCAB - 1)
    whole = load_pretrained(local_repository(folder)).tokenizer
    model = json.loads((folder / "tokenizer.json").read_text())["model"]
    model["vocab"]["<|endoftext|>"] = VOCAB - 1
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    (folder / "merges.txt").write_text("\n".join(" ".join(p) for p in model["merges"]) + "\n")
    (folder / "tokenizer.json").unlink()
    made = load_pretrained(local_repository(folder))
    assert made.separator == "<|endoftext|>"
    ids = made.tokenizer.encode("the dog<|endoftext|>The dog")
    assert list(ids).count(made.tokenizer.token_id("<|endoftext|>")) == 1
    assert made.tokenizer.decode(ids) == "the dog<|endoftext|>The dog"
    assert list(made.tokenizer.encode(TEXT[0])) == list(whole.encode(TEXT[0]))
    assert made.tokenizer.name != whole.name


def test_what_a_tokenizer_file_cuts_or_fills_up_is_left_whole(folder: Path) -> None:
    write_neo(folder)
    path = folder / "tokenizer.json"
    settings = json.loads(path.read_text())
    settings["truncation"] = {
        "max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right",
    }  # fmt: skip
    plain = len(load_pretrained(local_repository(folder)).tokenizer.encode(TEXT[0]))
    path.write_text(json.dumps(settings))
    assert len(load_pretrained(local_repository(folder)).tokenizer.encode(TEXT[0])) == plain > 4


def test_too_long_a_context_is_refused(folder: Path) -> None:
    write_neo(folder)
    with pytest.raises(UserError, match=f"at most {CONTEXT} tokens"):
        load_pretrained(local_repository(folder), context=CONTEXT + 1)


def test_dictionaries_come_from_a_file_or_a_folder_and_have_to_fit(tmp_path: Path) -> None:
    w = dictionary_tensors()
    torch.save(w, tmp_path / "weights.pt")
    by_folder = public_dictionary(str(tmp_path), device="cpu")
    by_file = public_dictionary(str(tmp_path / "weights.pt"), device="cpu", width=M)
    assert by_folder.key == by_file.key
    x = torch.randn(5, M, generator=torch.Generator().manual_seed(0))
    codes = torch.relu((x - w["b_dec"]) @ w["W_enc"] + w["b_enc"])
    torch.testing.assert_close(by_folder.sae.encode(x), codes)
    assert (by_file.sae.features, by_file.sae.width) == (64, M)
    with pytest.raises(UserError, match=r"weights\.pt: W_dec has rows of 40 numbers"):
        public_dictionary(str(tmp_path), device="cpu", width=D)
    torch.save(w, tmp_path / "other.pt")
    with pytest.raises(UserError, match=r"has 2 files of weights: other\.pt, weights\.pt"):
        public_dictionary(str(tmp_path), device="cpu")
    named = public_dictionary(str(tmp_path / "other.pt"), device="cpu")
    assert named.key == by_file.key, "named by weights and not by place"


@pytest.mark.parametrize("load", [pretrained_model, public_dictionary])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gelu-2l", "no folder and no published"),
        ("someone/model", r"someone/model@ and the commit"),
        ("/no/such/folder", "no folder and no published"),
    ],
)
def test_names_that_stand_for_nothing_are_refused(load, name: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        load(name, device="cpu")


def test_weights_in_shards_are_the_same_weights(folder: Path) -> None:
    w = write_neo(folder)
    whole = weights_of(folder)
    (folder / "model.safetensors").unlink()
    names, parts = sorted(w), {"a.safetensors": {}, "b.safetensors": {}}
    for number, name in enumerate(names):
        parts[list(parts)[number % 2]][name] = w[name]
    for file, tensors in parts.items():
        save_file(tensors, folder / file)
    places = {name: file for file, tensors in parts.items() for name in tensors}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    assert weights_of(folder) == whole
    (folder / "b.safetensors").unlink()
    with pytest.raises(UserError, match=r"b\.safetensors"):
        weights_of(folder)


def test_what_a_model_says_of_itself_must_be_one_thing(folder: Path) -> None:
    write_neo(folder, architectures=None)
    assert weights_of(folder)
    write_neo(folder, architectures=["GPT2LMHeadModel"])
    with pytest.raises(UserError, match=r"'architectures' = .'GPT2LMHeadModel'., and only"):
        weights_of(folder)
