"""The transformer: sizes, causality, positions, sites, files."""

from __future__ import annotations

import json

import pytest
import torch

from lib.core.errors import UserError
from lib.model.layers import KeyValueCache
from lib.model.transformer import Transformer, TransformerConfig, load_model, save_model

SMALL = {"vocab_size": 37, "context": 16, "layers": 2, "width": 16, "heads": 4, "mlp_width": 24}
SHAPES = {
    "rope": {},
    "learned": {
        "positions": "learned",
        "norm": "layer",
        "mlp": "gelu",
        "tied": False,
        "biases": True,
    },
    "neo": {
        "positions": "learned",
        "norm": "layer",
        "mlp": "gelu_new",
        "biases": True,
        "attention_scale": 1.0,
    },
    "relu": {"mlp": "relu", "norm": "layer"},
}


@pytest.fixture(params=SHAPES)
def model(request: pytest.FixtureRequest) -> Transformer:
    return Transformer(TransformerConfig(**SMALL, **SHAPES[request.param]), seed=0).eval()


@pytest.fixture
def tokens() -> torch.Tensor:
    return torch.randint(0, 37, (3, 12), generator=torch.Generator().manual_seed(1))


def test_the_first_study_has_its_documented_size() -> None:
    config = TransformerConfig(
        vocab_size=256, context=512, layers=8, width=512, heads=8, mlp_width=1408
    )
    assert round(Transformer(config, seed=0).parameter_count() / 1e6, 2) == 25.83


def test_a_later_token_never_changes_earlier_logits(model: Transformer, tokens) -> None:
    changed = tokens.clone()
    changed[:, 7:] = (changed[:, 7:] + 1) % 37
    before, after = model(tokens).logits, model(changed).logits
    torch.testing.assert_close(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])


def test_rotary_scores_depend_on_the_distance_only() -> None:
    rotary = Transformer(TransformerConfig(**SMALL), seed=0).rotary
    qk = torch.randn(1, 1, 32, generator=torch.Generator().manual_seed(0))

    def scores(query_position: int, key_position: int) -> torch.Tensor:
        q, k = rotary(qk, query_position)[..., :16], rotary(qk, key_position)[..., 16:]
        return (q * k).view(4, 4).sum(-1)  # one score for each head

    torch.testing.assert_close(scores(5, 2), scores(13, 10), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(scores(5, 2), scores(5, 3), atol=1e-3)
    torch.testing.assert_close(rotary(qk, 7).norm(), qk.norm())


def test_the_seed_decides_the_weights() -> None:
    first, again, other = (Transformer(TransformerConfig(**SMALL), seed=s) for s in (0, 0, 1))
    for a, b in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(first.embedding.weight, other.embedding.weight)


def test_reading_changes_nothing_and_has_the_sites_width(model: Transformer, tokens) -> None:
    out = model(tokens, read=model.config.sites)
    assert torch.equal(out.logits, model(tokens).logits)
    assert set(out.activations) == set(model.config.sites)
    for site, activation in out.activations.items():
        assert activation.shape == (3, 12, model.site_width(site))


def test_the_sites_add_up_to_the_residual_stream(model: Transformer, tokens) -> None:
    a = model(tokens, read=model.config.sites).activations
    for i in range(model.config.layers):
        b = f"blocks.{i}."
        torch.testing.assert_close(a[b + "resid_mid"], a[b + "resid_pre"] + a[b + "attn_out"])
        torch.testing.assert_close(a[b + "resid_post"], a[b + "resid_mid"] + a[b + "mlp_out"])
    assert torch.equal(a["blocks.0.resid_post"], a["blocks.1.resid_pre"])
    torch.testing.assert_close(model.unembedding(a["final"]), model(tokens).logits)


def test_stopping_gives_the_same_activation_and_no_logits(model: Transformer, tokens) -> None:
    for site in model.config.sites:
        full = model(tokens, read=[site])
        stopped = model(tokens, read=[site], stop_at=site)
        assert stopped.logits is None
        assert torch.equal(stopped.activations[site], full.activations[site])


def test_an_edit_that_returns_its_input_changes_nothing(model: Transformer, tokens) -> None:
    edits = {site: lambda x: x.clone() for site in model.config.sites}
    assert torch.equal(model(tokens, edit=edits).logits, model(tokens).logits)


def test_an_edit_replaces_the_activation_and_is_what_is_read(model: Transformer, tokens) -> None:
    for site in model.config.sites:
        out = model(tokens, read=[site], edit={site: lambda x: x + 1})
        assert not torch.allclose(out.logits, model(tokens).logits)
        before = model(tokens, read=[site]).activations[site]
        torch.testing.assert_close(out.activations[site], before + 1)
    assert torch.equal(model(tokens).logits, model(tokens).logits)


def test_patching_a_residual_stream_patches_everything_after(model: Transformer, tokens) -> None:
    other = tokens.flip(0)
    site = "blocks.0.resid_post"
    patch = model(other, read=[site], stop_at=site).activations[site]
    torch.testing.assert_close(
        model(tokens, edit={site: lambda x: patch}).logits, model(other).logits
    )


def test_a_cache_gives_the_logits_of_the_plain_pass(model: Transformer, tokens) -> None:
    cache = KeyValueCache()
    pieces = [model(part, cache=cache).logits for part in tokens.split([5, 1, 3, 1, 2], dim=1)]
    torch.testing.assert_close(torch.cat(pieces, dim=1), model(tokens).logits, atol=1e-5, rtol=1e-4)


def test_dropout_acts_in_training_only(tokens) -> None:
    model = Transformer(TransformerConfig(**SMALL, dropout=0.5), seed=0)
    assert not torch.equal(model(tokens).logits, model(tokens).logits)
    model.eval()
    assert torch.equal(model(tokens).logits, model(tokens).logits)


@pytest.mark.parametrize("site", ["blocks.0.resid_prr", "blocks.7.mlp_out", "nonsense"])
def test_an_unknown_site_names_near_ones(tokens, site: str) -> None:
    model = Transformer(TransformerConfig(**SMALL), seed=0)
    for call in (
        lambda: model(tokens, read=[site]),
        lambda: model(tokens, edit={site: lambda x: x}),
        lambda: model(tokens, stop_at=site),
        lambda: model.site_width(site),
    ):
        with pytest.raises(UserError, match=r"no site .* near ones are .*blocks\.\d"):
            call()


def test_reading_behind_the_stop_is_refused(tokens) -> None:
    model = Transformer(TransformerConfig(**SMALL), seed=0)
    with pytest.raises(UserError, match="never computed"):
        model(tokens, read=["final"], stop_at="blocks.0.mlp_out")


def test_an_edit_of_another_shape_is_refused(tokens) -> None:
    model = Transformer(TransformerConfig(**SMALL), seed=0)
    with pytest.raises(UserError, match="keep the shape"):
        model(tokens, edit={"final": lambda x: x[:, :1]})


def test_more_tokens_than_the_context_are_refused() -> None:
    model = Transformer(TransformerConfig(**SMALL), seed=0)
    with pytest.raises(UserError, match="at most 16"):
        model(torch.zeros(1, 17, dtype=torch.long))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"heads": 3}, "multiple of the number of heads"),
        ({"heads": 16}, "must be even"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"dropout": 1.0}, "dropout"),
    ],
)
def test_impossible_sizes_are_refused(change: dict, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        TransformerConfig(**{**SMALL, **change})


def test_a_saved_model_loads_equal(model: Transformer, tokens, tmp_path) -> None:
    save_model(model, tmp_path / "a model")
    loaded = load_model(tmp_path / "a model", torch.device("cpu"))
    assert loaded.config == model.config
    assert torch.equal(loaded(tokens).logits, model(tokens).logits)
    assert loaded.parameter_count() == model.parameter_count()


def test_damaged_model_files_are_one_sentence(model: Transformer, tmp_path) -> None:
    with pytest.raises(UserError, match=r"config\.json is missing"):
        load_model(tmp_path)
    save_model(model, tmp_path)
    weights, config = tmp_path / "model.safetensors", tmp_path / "config.json"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-100])
    with pytest.raises(UserError, match="safetensors is damaged"):
        load_model(tmp_path)
    weights.unlink()
    with pytest.raises(UserError, match=r"model\.safetensors is missing"):
        load_model(tmp_path)
    weights.write_bytes(whole)
    settings = json.loads(config.read_text())
    config.write_text(json.dumps({**settings, "mlp_width": 25}))
    with pytest.raises(UserError, match="do not fit"):
        load_model(tmp_path)
    config.write_text(json.dumps({**settings, "wings": 2}))
    with pytest.raises(UserError, match="not a transformer's configuration"):
        load_model(tmp_path)
    config.write_text("{")
    with pytest.raises(UserError, match=r"config\.json is damaged"):
        load_model(tmp_path)
