"""Models of `transformers`: whatever the architecture, a site is what its name says."""

from __future__ import annotations

import re

import pytest
import torch
import transformers

from lib.analysis.examples import residual_effects
from lib.core.errors import UserError
from lib.model.causal import CausalModel
from lib.model.evaluation import evaluate
from lib.model.sampling import generate

V, D, H, M, L, T = 96, 16, 4, 40, 3, 12
COMMON = {"vocab_size": V, "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": None}
LLAMA = {
    "hidden_size": D, "intermediate_size": M, "num_hidden_layers": L, "num_attention_heads": H,
    "num_key_value_heads": 2, "max_position_embeddings": 64,
}  # fmt: skip
NEOX = {key: value for key, value in LLAMA.items() if key != "num_key_value_heads"}
GPT = {"n_embd": D, "n_inner": M, "n_layer": L, "n_head": H, "n_positions": 64}
ARCHITECTURES = {
    "Llama": LLAMA,
    "Mistral": LLAMA,
    "Qwen2": LLAMA,
    "Qwen3": LLAMA | {"head_dim": 8},
    "Phi3": LLAMA,
    "GPTNeoX": NEOX,
    "Phi": NEOX,
    "GPT2": GPT,
    "GPTNeo": NEOX
    | {"num_heads": H, "num_layers": L, "attention_types": [[["global"], L]], "window_size": 4},
    "OPT": {
        "hidden_size": D, "ffn_dim": M, "num_hidden_layers": L, "num_attention_heads": H,
        "max_position_embeddings": 64, "word_embed_proj_dim": D,
    },
    "Bloom": {"hidden_size": D, "n_layer": L, "n_head": H},
}  # fmt: skip


def network(name: str, **more: object) -> torch.nn.Module:
    """A tiny model whose every weight matters."""
    config = getattr(transformers, f"{name}Config")(**COMMON | ARCHITECTURES[name] | more)
    torch.manual_seed(0)
    found = getattr(transformers, HEADS.get(name, f"{name}ForCausalLM"))(config).eval()
    for parameter in found.parameters():
        torch.nn.init.normal_(parameter, mean=float(parameter.ndim == 1), std=0.3)
    return found


HEADS = {"GPT2": "GPT2LMHeadModel"}


@pytest.fixture(params=ARCHITECTURES)
def pair(request: pytest.FixtureRequest) -> tuple[torch.nn.Module, CausalModel]:
    theirs = network(request.param)
    return theirs, CausalModel(theirs, 32, "key")


@pytest.fixture
def tokens() -> torch.Tensor:
    return torch.randint(V, (2, T), generator=torch.Generator().manual_seed(1))


def test_reading_changes_nothing_and_sites_are_what_they_are_called(pair, tokens) -> None:
    theirs, model = pair
    with torch.no_grad():
        plain = theirs(tokens).logits
        hidden = theirs(tokens, output_hidden_states=True).hidden_states
    logits, found = model(tokens, read=model.config.sites)
    torch.testing.assert_close(logits, plain)
    torch.testing.assert_close(model.unembedding(found["final"]), plain, atol=1e-5, rtol=1e-5)
    for i in range(L):
        torch.testing.assert_close(found[f"blocks.{i}.resid_pre"], hidden[i])
        written = found[f"blocks.{i}.resid_post"] - found[f"blocks.{i}.resid_pre"]
        if f"blocks.{i}.mlp_out" not in found:  # Bloom's parts add the stream themselves
            assert type(theirs).__name__ == "BloomForCausalLM"
            continue
        both = found[f"blocks.{i}.attn_out"] + found[f"blocks.{i}.mlp_out"]
        torch.testing.assert_close(written, both, atol=1e-4, rtol=1e-4)
        inside, out = found[f"blocks.{i}.mlp_act"], found[f"blocks.{i}.mlp_out"]
        assert inside.shape[-1] == model.site_width(f"blocks.{i}.mlp_act")
        # The neurons' weights write what the MLP writes, up to a bias.
        said = inside @ model.neuron_writes(i)
        torch.testing.assert_close(said - said[0, 0], out - out[0, 0], atol=1e-4, rtol=1e-4)
        assert model.neuron_reads(i).shape[0] == inside.shape[-1]


def test_a_pass_ends_at_the_site_and_leaves_no_hook(pair, tokens) -> None:
    theirs, model = pair
    whole = model(tokens, read=("blocks.1.mlp_act",)).activations["blocks.1.mlp_act"]
    ran = []
    handle = model.blocks[2].register_forward_hook(lambda *_: ran.append(1))
    stopped = model(tokens, read=("blocks.1.mlp_act",), stop_at="blocks.1.mlp_act")
    handle.remove()
    assert stopped.logits is None
    assert not ran
    assert torch.equal(stopped.activations["blocks.1.mlp_act"], whole)
    for module in theirs.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
    with torch.no_grad():
        assert torch.equal(theirs(tokens).logits, model(tokens).logits)


def test_an_edit_is_what_the_computation_goes_on_with(pair, tokens) -> None:
    _, model = pair
    own = model(tokens).logits
    for site in model.config.sites:
        same = model(tokens, edit={site: lambda x: x.clone()}).logits
        torch.testing.assert_close(same, own)
        output = model(tokens, read=(site,), edit={site: lambda x: x.roll(1, -1)})
        assert (output.logits - own).abs().max() > 1e-4, site
    with pytest.raises(UserError, match=r"an edit at blocks\.0\.mlp_act must keep the shape"):
        model(tokens, edit={"blocks.0.mlp_act": lambda x: x[..., :1]})


def test_the_loss_is_that_of_the_logits(pair) -> None:
    theirs, model = pair
    text = torch.randint(V, (33,), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        scores = theirs(text[None, :-1]).logits[0].double()
    expected = torch.nn.functional.cross_entropy(scores, text[1:]).item()
    found = evaluate(model, text.numpy())
    assert found.tokens == 32
    assert found.nats_per_token == pytest.approx(expected, rel=1e-4)


def test_the_last_norm_weighs_as_its_weights_say(pair) -> None:
    theirs, model = pair
    norm = model.final_norm_scale()
    names = (".norm.weight", "ln_f.weight", "final_layer_norm.weight", "final_layernorm.weight")
    outside = [(n, p) for n, p in theirs.named_parameters() if not re.search(r"\.\d\.", n)]
    (stored,) = (p.detach() for n, p in outside if n.endswith(names))
    torch.testing.assert_close(norm.weight, stored, atol=1e-3, rtol=1e-3)
    assert norm.centred == any(isinstance(m, torch.nn.LayerNorm) for m in theirs.modules())
    assert residual_effects(model, torch.eye(D)).shape == (D, V)


def test_random_weights_depend_on_the_seed_alone(pair, tokens) -> None:
    _, model = pair
    first, again, other = (model.untrained(seed) for seed in (0, 0, 1))
    assert torch.equal(first(tokens).logits, again(tokens).logits)
    assert first.key == again.key
    assert not torch.equal(first(tokens).logits, other(tokens).logits)
    assert len({first.key, other.key, model.key}) == 3
    assert first.config == model.config


def test_a_cache_gives_what_a_whole_pass_gives(pair, tokens) -> None:
    """The beginning is read once, as far as the last norm, and goes on in several ways."""
    _, model = pair
    sites = ("blocks.1.mlp_act", "final")
    whole = model(tokens, read=sites)
    begun = model.new_cache()
    model(tokens[:, :-1], read=("final",), stop_at="final", cache=begun)
    for _ in range(2):
        assert begun.length == T - 1
        last = model(tokens[:, -1:], read=sites, cache=begun.copy())
        torch.testing.assert_close(last.logits, whole.logits[:, -1:], atol=1e-4, rtol=1e-4)
        for site in sites:
            expected = whole.activations[site][:, -1:]
            torch.testing.assert_close(last.activations[site], expected, atol=1e-4, rtol=1e-4)
    with pytest.raises(UserError, match="at most 32 tokens"):
        model(torch.zeros(2, 32, dtype=torch.long), cache=begun.copy())


@pytest.mark.parametrize("cached", [True, False])
def test_samples_are_the_likeliest_tokens(cached: bool, tokens) -> None:
    model = CausalModel(network("Llama"), 32, "key")
    options = {"temperature": 0, "generator": torch.Generator(), "cached": cached}
    found = generate(model, tokens, 5, **options)
    scores = model(found[:, :-1]).logits[:, T - 1 :]
    assert torch.equal(found[:, T:], scores.argmax(-1))


def test_what_changes_its_logits_afterwards_is_refused() -> None:
    ARCHITECTURES["Gemma2"] = LLAMA | {"head_dim": 8, "final_logit_softcapping": 2.0}
    try:
        with pytest.raises(UserError, match="Gemma2ForCausalLM does more to its logits"):
            CausalModel(network("Gemma2"), 32, "key")
    finally:
        del ARCHITECTURES["Gemma2"]


def test_too_long_a_sequence_and_an_unknown_site_are_refused(pair, tokens) -> None:
    _, model = pair
    with pytest.raises(UserError, match="at most 32 tokens"):
        model(torch.zeros(1, 33, dtype=torch.long))
    with pytest.raises(UserError, match=r"no site 'blocks\.0\.mlp_inside'"):
        model(tokens, read=("blocks.0.mlp_inside",))
