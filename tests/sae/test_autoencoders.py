"""Dictionaries: what they compute, what their losses mean, how they are kept on disk."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import torch

from lib.core.errors import UserError
from lib.sae.autoencoders import L1, JumpReLU, TopK, load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.initialisation import CENTRES, SCHEMES, geometric_median, initialise

D, F, K = 6, 20, 3


def make(kind: str, **options) -> SparseAutoencoder:
    sae = TopK(D, F, K, **options) if kind == "topk" else L1(D, F, 0.1, **options)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        sae.b_enc.copy_(0.1 * torch.randn(F, generator=generator))
        sae.b_dec.copy_(torch.randn(D, generator=generator))
    return sae


def batch(rows: int = 40) -> torch.Tensor:
    return torch.randn(rows, D, generator=torch.Generator().manual_seed(2)) + 1


KINDS = pytest.mark.parametrize("kind", ["topk", "l1"])


@KINDS
def test_public_names_and_shapes(kind: str) -> None:
    shapes = {name: tuple(value.shape) for name, value in make(kind).named_parameters()}
    assert shapes == {"W_enc": (D, F), "b_enc": (F,), "W_dec": (F, D), "b_dec": (D,)}


@KINDS
def test_same_seed_same_weights_whatever_was_drawn_before(kind: str) -> None:
    first = make(kind, seed=3)
    torch.rand(7)
    second, other = make(kind, seed=3), make(kind, seed=4)
    assert torch.equal(first.W_dec, second.W_dec)
    assert not torch.equal(first.W_dec, other.W_dec)


@KINDS
def test_decoder_rows_start_at_norm_one_and_the_encoder_as_their_transpose(kind: str) -> None:
    sae = make(kind)
    torch.testing.assert_close(sae.W_dec.norm(dim=1), torch.ones(F))
    assert torch.equal(sae.W_enc, sae.W_dec.t())


def test_topk_keeps_the_largest_positive_codes() -> None:
    sae, x = make("topk"), batch()
    codes, pre = sae.encode(x), sae.pre_activations(x)
    for row, before in zip(codes, pre, strict=True):
        kept = row.nonzero().flatten().tolist()
        best = before.argsort(descending=True)[:K]
        assert set(kept) == {int(i) for i in best if before[i] > 0}
        torch.testing.assert_close(row[kept], before[kept])


def test_topk_writes_nothing_where_no_code_is_positive() -> None:
    sae = make("topk")
    with torch.no_grad():
        sae.b_enc.fill_(-1e3)
    assert not sae.encode(batch()).any()
    torch.testing.assert_close(sae(batch()), sae.b_dec.expand(40, D))


@KINDS
def test_any_leading_shape(kind: str) -> None:
    sae, x = make(kind), batch(24)
    torch.testing.assert_close(sae(x.view(2, 3, 4, D)).view(24, D), sae(x))


@KINDS
@pytest.mark.parametrize("pre_bias", [True, False])
def test_the_loss_is_what_encode_and_decode_give(kind: str, pre_bias: bool) -> None:
    sae, x = make(kind, pre_bias=pre_bias), batch()
    codes = sae.encode(x)
    step = sae.step(x)
    torch.testing.assert_close(
        step.loss.reconstruction, (sae.decode(codes) - x).square().sum(1).mean()
    )
    torch.testing.assert_close(step.loss.sparsity, codes.abs().sum(1).mean())
    assert torch.equal(step.fired, (codes > 0).sum(0))
    weight = 0.1 if kind == "l1" else 0.0
    torch.testing.assert_close(
        step.loss.total, step.loss.reconstruction + weight * step.loss.sparsity
    )


@KINDS
def test_the_loss_does_not_depend_on_the_batch_size(kind: str) -> None:
    """An L1 summed over the batch would make the coefficient mean something else in each."""
    sae, x = make(kind), batch()
    whole, repeated = sae.loss(x), sae.loss(x.repeat(3, 1))
    torch.testing.assert_close(whole, repeated)
    halves = [sae.loss(half).total for half in x.split(20)]
    torch.testing.assert_close(whole.total, (halves[0] + halves[1]) / 2)


@KINDS
def test_an_empty_batch_costs_nothing(kind: str) -> None:
    sae = make(kind)
    loss = sae.loss(batch(0))
    loss.total.backward()
    assert loss.total == 0
    assert all(bool((p.grad == 0).all()) for p in sae.parameters())


@KINDS
def test_saved_and_loaded_is_the_same_dictionary(kind: str, tmp_path: Path) -> None:
    sae = make(kind, pre_bias=False, unit_decoder=False, seed=5)
    save_sae(sae, tmp_path / "a folder")
    again = load_sae(tmp_path / "a folder")
    assert type(again) is type(sae)
    assert again.config() == sae.config()
    assert torch.equal(again(batch()), sae(batch()))


def test_damaged_files_are_named(tmp_path: Path) -> None:
    def saved() -> Path:
        save_sae(make("topk"), tmp_path)
        return tmp_path

    with pytest.raises(UserError, match="train one first"):
        load_sae(tmp_path / "nowhere")
    weights = saved() / "sae.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(UserError, match="truncated or damaged"):
        load_sae(tmp_path)
    (saved() / "sae.safetensors").unlink()
    with pytest.raises(UserError, match=r"no .*sae\.safetensors"):
        load_sae(tmp_path)
    config = saved() / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"features": F + 1}))
    with pytest.raises(UserError, match="does not fit"):
        load_sae(tmp_path)
    for content in ("{", "[]", '{"kind": "vanilla"}', '{"kind": "l1", "colour": 1}'):
        (saved() / "config.json").write_text(content)
        with pytest.raises(UserError, match="no whole config"):
            load_sae(tmp_path)


def test_weights_are_never_unpickled(tmp_path: Path) -> None:
    """A pickle can run code; only safetensors are read."""
    save_sae(make("topk"), tmp_path)
    torch.save(make("topk").state_dict(), tmp_path / "sae.safetensors")
    with pytest.raises(UserError, match="truncated or damaged"):
        load_sae(tmp_path)


@pytest.mark.parametrize("k", [0, F + 1])
def test_k_must_fit(k: int) -> None:
    with pytest.raises(UserError, match=f"k = {k}"):
        TopK(D, F, k)


def test_other_impossible_settings() -> None:
    with pytest.raises(UserError, match="at least 1"):
        TopK(0, F, K)
    with pytest.raises(UserError, match="must not be negative"):
        L1(D, F, -0.1)
    with pytest.raises(UserError, match="width 6; got width 7"):
        make("l1").encode(torch.zeros(2, 7))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("centre", CENTRES)
def test_a_start_from_the_data(scheme: str, centre: str) -> None:
    sae, x = make("topk"), batch(300)
    initialise(sae, x, scheme=scheme, centre=centre, seed=1)
    torch.testing.assert_close(sae.W_dec.norm(dim=1), torch.ones(F))
    assert torch.equal(sae.W_enc, sae.W_dec.t())
    assert not sae.b_enc.any()
    middle = {"mean": x.mean(0), "zero": torch.zeros(D)}.get(centre, geometric_median(x))
    torch.testing.assert_close(sae.b_dec.detach(), middle)
    again = make("topk")
    initialise(again, x, scheme=scheme, centre=centre, seed=1)
    assert torch.equal(sae.W_dec, again.W_dec)


def test_orthogonal_blocks_are_orthogonal() -> None:
    sae = make("topk")
    initialise(sae, batch(), scheme="orthogonal")
    block = sae.W_dec[:D].detach()
    torch.testing.assert_close(block @ block.t(), torch.eye(D), atol=1e-5, rtol=0)


def test_data_samples_are_directions_of_data() -> None:
    sae, x = make("topk"), batch(F)
    initialise(sae, x, scheme="data")
    centred = torch.nn.functional.normalize(x - x.mean(0), dim=1)
    torch.testing.assert_close((sae.W_dec @ centred.t()).amax(1), torch.ones(F))
    torch.testing.assert_close((sae.W_dec @ centred.t()).amax(0), torch.ones(F))


def test_constant_data_still_give_a_dictionary() -> None:
    sae = make("topk")
    for scheme in SCHEMES:
        initialise(sae, torch.ones(50, D), scheme=scheme, centre="median")
        assert sae.W_dec.isfinite().all()
        torch.testing.assert_close(sae(torch.ones(2, D)), torch.ones(2, D))


def test_geometric_median_survives_meeting_a_point() -> None:
    """Dividing by the distance gives NaN when the iteration starts on a data point."""
    cross = torch.tensor([[0.0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
    assert torch.equal(geometric_median(cross), torch.zeros(2))
    # The mean, where the iteration begins, is a data point but not the median.
    line = torch.tensor([[0.0], [1], [2], [3], [9]])
    torch.testing.assert_close(geometric_median(line), torch.tensor([2.0]), atol=1e-3, rtol=0)
    with_mean = torch.tensor([[0.0, 0], [0, 0.1], [0, 0.2], [4, 4], [1, 1.075]])
    found = geometric_median(with_mean)
    cost = lambda p: torch.linalg.vector_norm(with_mean - p, dim=1).sum()
    around = [cost(found + 0.01 * d) for d in torch.randn(20, 2)]
    assert all(cost(found) <= c + 1e-5 for c in around)


def test_names_of_a_start_are_checked() -> None:
    with pytest.raises(UserError, match="scheme"):
        initialise(make("l1"), batch(), scheme="kaimin")
    with pytest.raises(UserError, match="NaN"):
        initialise(make("l1"), batch() * float("nan"))
    with pytest.raises(UserError, match="0 vectors"):
        initialise(make("l1"), batch(0))


def test_jumprelu_keeps_what_is_positive_and_above_its_threshold() -> None:
    sae, x = JumpReLU(D, F, seed=2), torch.randn(50, 3, D)
    with torch.no_grad():
        sae.threshold.copy_(torch.linspace(-0.5, 1.0, F))
    before, codes = sae.pre_activations(x), sae.encode(x)
    assert torch.equal(codes > 0, (before > 0) & (before > sae.threshold))
    assert torch.equal(codes[codes > 0], before[codes > 0])
    torch.testing.assert_close(sae(x), codes @ sae.W_dec + sae.b_dec)
    other = copy.deepcopy(sae)
    other.threshold.data[0] -= 1
    assert other.key != sae.key
    with pytest.raises(UserError, match="read here and not trained"):
        sae.loss(x[:, 0])
