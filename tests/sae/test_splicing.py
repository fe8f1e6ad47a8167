"""Splicing: nothing changes for a perfect dictionary, everything for an empty one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lib.core.errors import UserError
from lib.model.evaluation import evaluate
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae import splicing
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.splicing import Splice, mean_activation, reconstruct, splice

D, SITE = 8, "blocks.0.mlp_out"
CONFIG = TransformerConfig(vocab_size=11, context=16, layers=2, width=D, heads=2, mlp_width=12)


def model(**changes) -> Transformer:
    return Transformer(CONFIG, seed=3).double()


def text(n: int = 75) -> np.ndarray:
    return np.random.default_rng(n).integers(0, CONFIG.vocab_size, n).astype(np.uint8)


def identity() -> SparseAutoencoder:
    """relu(x) - relu(-x) is x."""
    sae = L1(D, 2 * D, 0.1).double()
    rows = torch.cat([torch.eye(D), -torch.eye(D)]).double()
    with torch.no_grad():
        sae.W_dec.copy_(rows), sae.W_enc.copy_(rows.t())
    return sae


def constant(value: torch.Tensor) -> SparseAutoencoder:
    sae = TopK(D, 20, 3).double()
    with torch.no_grad():
        sae.W_dec.zero_(), sae.b_dec.copy_(value)
    return sae


def some() -> SparseAutoencoder:
    return TopK(D, 20, 3, seed=1).double()


def test_a_perfect_dictionary_loses_nothing() -> None:
    (found,) = splice(model(), [identity()], text(), SITE)
    assert found.recovered == pytest.approx(1.0, abs=1e-9)
    assert found.recovered_from_mean == pytest.approx(1.0, abs=1e-9)
    assert found.kl == pytest.approx(0.0, abs=1e-9)
    assert found.kl_zero > 1e-4
    assert found.zero != found.clean


def test_an_empty_dictionary_is_zero_ablation_and_a_constant_one_mean_ablation() -> None:
    lm = model()
    windows = [torch.from_numpy(text()[:-1].astype(np.int64))[i : i + 16] for i in range(0, 74, 16)]
    mean = mean_activation(lm, (w[None] for w in windows), SITE)
    empty, flat = splice(lm, [constant(torch.zeros(D)), constant(mean)], text(), SITE)
    assert empty.spliced == pytest.approx(empty.zero, abs=1e-12)
    assert empty.kl == pytest.approx(empty.kl_zero, abs=1e-12)
    assert empty.recovered == pytest.approx(0.0, abs=1e-9)
    assert flat.spliced == pytest.approx(flat.mean, abs=1e-12)
    assert flat.recovered_from_mean == pytest.approx(0.0, abs=1e-9)


def test_it_is_the_plain_calculation() -> None:
    """All logits at once, one window after the other, in float64."""
    lm, sae, tokens = model(), some(), text()
    (found,) = splice(lm, [sae], tokens, SITE, batch=2)
    stream = torch.from_numpy(tokens.astype(np.int64))
    seen = torch.cat(
        [
            lm(stream[i : min(i + 16, 74)][None], read=(SITE,)).activations[SITE][0]
            for i in range(0, 74, 16)
        ]
    )
    edits = {
        "clean": lambda x: x,
        "spliced": lambda x: sae(x),
        "zero": lambda x: 0 * x,
        "mean": lambda x: seen.mean(0).expand_as(x),
    }
    losses, kls = {}, {}
    with torch.no_grad():
        for name, edit in edits.items():
            loss = kl = 0.0
            for i in range(0, 74, 16):
                inputs, targets = stream[i : min(i + 16, 74)], stream[i + 1 : i + 17]
                own = F.log_softmax(lm(inputs[None]).logits[0], dim=1)
                other = F.log_softmax(lm(inputs[None], edit={SITE: edit}).logits[0], dim=1)
                loss += F.cross_entropy(other, targets, reduction="sum").item()
                kl += F.kl_div(other, own, log_target=True, reduction="sum").item()
            losses[name], kls[name] = loss / 74, kl / 74
    for name, value in losses.items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-10)
    assert found.kl == pytest.approx(kls["spliced"], abs=1e-10)
    assert found.kl_zero == pytest.approx(kls["zero"], abs=1e-10)
    assert found.kl_mean == pytest.approx(kls["mean"], abs=1e-10)
    share = (losses["zero"] - losses["spliced"]) / (losses["zero"] - losses["clean"])
    assert found.recovered == pytest.approx(share, abs=1e-8)


def test_every_token_is_predicted_once_and_the_clean_loss_is_the_models() -> None:
    lm = model()
    for n in (2, 16, 17, 18, 75):
        (found,) = splice(lm, [some()], text(n), SITE)
        assert found.tokens == n - 1
        assert found.clean == pytest.approx(evaluate(lm, text(n)).nats_per_token, abs=1e-9)


def test_neither_batch_nor_company_changes_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    lm, saes = model(), [some(), identity()]
    together = splice(lm, saes, text(), SITE, batch=64)
    monkeypatch.setattr(splicing, "NUMBERS_AT_ONCE", 50)
    for sae, found in zip(saes, together, strict=True):
        assert splice(lm, [sae], text(), SITE, batch=1)[0] == pytest.approx(found, abs=1e-10)


@pytest.mark.parametrize("site", ["blocks.0.resid_pre", "blocks.1.resid_post", "final"])
def test_any_site(site: str) -> None:
    (found,) = splice(model(), [identity()], text(), site)
    assert found.kl == pytest.approx(0.0, abs=1e-9)


def test_the_model_is_left_as_it_was() -> None:
    lm = model().train()
    before = {name: value.clone() for name, value in lm.state_dict().items()}
    splice(lm, [some()], text(), SITE)
    assert lm.training
    assert all(torch.equal(value, before[name]) for name, value in lm.state_dict().items())


def test_a_low_number_format_of_the_model_leaves_the_dictionary_its_own() -> None:
    lm, sae = Transformer(CONFIG, seed=3), identity().float()
    exact, low = (splice(lm, [sae], text(), SITE, precision=p)[0] for p in ("fp32", "bf16"))
    assert low.clean == pytest.approx(exact.clean, rel=0.02)
    assert low.kl == pytest.approx(0.0, abs=1e-4)
    x = torch.randn(3, 4, D)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert reconstruct(sae, x).dtype == torch.float32
        torch.testing.assert_close(reconstruct(sae, x), x)


def test_what_cannot_be_spliced() -> None:
    with pytest.raises(UserError, match="width 5 cannot stand at"):
        splice(model(), [TopK(5, 9, 2)], text(), SITE)
    with pytest.raises(UserError, match="no site"):
        splice(model(), [some()], text(), "blocks.7.mlp_out")
    with pytest.raises(UserError, match="at least 2 tokens"):
        splice(model(), [some()], text(1), SITE)


def test_a_dictionary_that_writes_no_numbers_is_named() -> None:
    broken = constant(torch.full((D,), float("nan")))
    with pytest.raises(UserError, match=f"with dictionary 1 at {SITE} the loss is NaN"):
        splice(model(), [some(), broken], text(), SITE)


@pytest.mark.parametrize("zero", [1.0, 1.00005, 0.99995])
def test_where_an_ablation_costs_nothing_there_is_no_share(zero: float) -> None:
    """Nothing, or what rounding makes, of which any share can come out."""
    for spliced in (0.9, 1.0, 1.1):
        same = Splice(1.0, spliced, zero, 2.0, 0.0, 0.0, 0.1, 5)
        assert math.isnan(same.recovered)
        assert same.recovered_from_mean == pytest.approx(2.0 - spliced)
    flat = Splice(1.0, 1.1, 2.0, zero, 0.0, 0.0, 0.1, 5)
    assert math.isnan(flat.recovered_from_mean)
    assert flat.recovered == pytest.approx(0.9)


def test_that_an_ablation_costs_nothing_is_said(capsys: pytest.CaptureFixture) -> None:
    lm = model()
    splice(lm, [some()], text(), SITE)
    assert "undefined" not in capsys.readouterr().err
    with torch.no_grad():
        for name, parameter in lm.named_parameters():
            if "unembedding" in name or "embedding" in name:
                parameter.zero_()
    (found,) = splice(lm, [some()], text(), SITE)
    assert math.isnan(found.recovered)
    assert f"zeros at {SITE} cost 0 nats a token" in capsys.readouterr().err
