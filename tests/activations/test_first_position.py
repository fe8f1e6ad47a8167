"""Outliers at the first position of a window: found by a rule, and kept out where they are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lib.activations.first_position import OUTLIER, first_position
from lib.activations.harvest import harvest
from lib.core.device import Machine
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.autoencoders import L1
from lib.sae.splicing import splice
from lib.text.tokenizers import TokenStream

CPU = Machine(torch.device("cpu"), "fp32")
SITE, CONTEXT = "blocks.0.mlp_out", 16


def model_with(factor: float) -> Transformer:
    """A model whose first position alone has a long embedding; learned positions let it."""
    config = TransformerConfig(
        50, CONTEXT, layers=1, width=8, heads=2, mlp_width=32, positions="learned", mlp="relu",
        norm="layer",
    )  # fmt: skip
    model = Transformer(config, seed=0).eval()
    site = model.blocks[0].mlp.down
    site.register_forward_hook(lambda _, __, out: out * scale_of(out, factor))
    return model


def scale_of(out: torch.Tensor, factor: float) -> torch.Tensor:
    weight = torch.ones(1, out.shape[1], 1)
    weight[:, 0] = factor
    return weight


TOKENS = np.random.default_rng(0).integers(0, 50, 4_000)


@pytest.mark.parametrize("factor", [1.0, 2.0, 100.0])
def test_the_rule_finds_an_outlier_and_no_other(factor: float) -> None:
    found = first_position(model_with(factor), TOKENS, SITE, CPU)
    plain = first_position(model_with(1.0), TOKENS, SITE, CPU)
    assert found.ratio == pytest.approx(factor * plain.ratio, rel=1e-4)
    assert found.skip() == int(factor * plain.ratio > OUTLIER)
    assert (found.skip(0), found.skip(3)) == (0, 3)
    x = model_with(factor)(
        torch.from_numpy(TOKENS[: 64 * CONTEXT]).view(64, -1), read=(SITE,)
    ).activations[SITE].double()  # fmt: skip
    both = x.square().sum(-1).mean().sqrt() / x[:, 1:].square().sum(-1).mean().sqrt()
    assert found.scale == pytest.approx(float(both), rel=1e-4)


def test_a_store_without_the_first_position_knows_nothing_of_it(tmp_path) -> None:
    stream = TokenStream(TOKENS, np.arange(0, 4_000, 100))
    kept = [
        harvest(
            model_with(factor), stream, SITE, tmp_path / str(factor), vectors=600,
            context=CONTEXT, skip_first=1, device=CPU.device, precision="fp32", dtype="float32",
        )
        for factor in (1.0, 100.0)
    ]  # fmt: skip
    assert np.array_equal(kept[0].read("train", 0, 300), kept[1].read("train", 0, 300))


def test_splicing_leaves_what_is_skipped_as_it_is() -> None:
    sae, seen = L1(8, 16, 0.1, seed=0), []
    plain = sae.forward
    sae.forward = lambda x: (seen.append(x), plain(x))[1]
    model = model_with(100.0)
    (found,) = splice(model, [sae], TOKENS[:321], SITE, skip_first=1)
    (whole,) = splice(model, [sae], TOKENS[:321], SITE)
    assert found.tokens == whole.tokens == 320
    assert found.clean == pytest.approx(whole.clean)
    assert found.spliced != whole.spliced
    windows = torch.from_numpy(TOKENS[:320]).view(-1, CONTEXT)
    x = model(windows, read=(SITE,)).activations[SITE]
    assert len(seen[0]) == x[:, 1:].numel() // 8
    torch.testing.assert_close(seen[0], x[:, 1:].flatten(0, 1))
    # By hand: every position but the first is the mean of such positions.
    mean = x[:, 1:].double().mean((0, 1)).float()

    def edit(y: torch.Tensor) -> torch.Tensor:
        return torch.cat([y[:, :1], mean.expand_as(y[:, 1:])], 1)

    logits = model(windows, edit={SITE: edit}).logits.flatten(0, 1).double()
    targets = torch.from_numpy(TOKENS[1:321])
    assert found.mean == pytest.approx(
        torch.nn.functional.cross_entropy(logits, targets).item(), rel=1e-5
    )
