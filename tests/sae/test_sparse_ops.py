"""The fast steps against plain dense ones in float64: values and every gradient."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.sae import sparse_ops
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder, affine

TIGHT = {"rtol": 1e-10, "atol": 1e-10}


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small gain nothing from a second thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Case(NamedTuple):
    """One problem, small enough for the dense answer."""

    rows: int
    width: int
    features: int
    k: int
    seed: int
    ties: bool
    """Small whole numbers: sums are exact, and many codes are equal."""
    shift: float
    """Added to b_enc: -100 makes every code negative."""
    pre_bias: bool
    repeat: bool
    """All rows of the batch are the same."""


@st.composite
def cases(draw: st.DrawFn) -> Case:
    features = draw(st.integers(1, 40))
    return Case(
        rows=draw(st.integers(0, 20)),
        width=draw(st.integers(1, 9)),
        features=features,
        k=draw(st.one_of(st.just(1), st.just(features), st.integers(1, features))),
        seed=draw(st.integers(0, 10**6)),
        ties=draw(st.booleans()),
        shift=draw(st.sampled_from([0.0, 0.0, 1.0, -100.0])),
        pre_bias=draw(st.booleans()),
        repeat=draw(st.booleans()),
    )


def build(case: Case, kind: str = "topk", **options) -> tuple[SparseAutoencoder, torch.Tensor]:
    g = torch.Generator().manual_seed(case.seed)

    def draw(*shape: int) -> torch.Tensor:
        if case.ties:
            return torch.randint(-2, 3, shape, generator=g).double()
        return torch.randn(shape, generator=g, dtype=torch.float64)

    options |= {"pre_bias": case.pre_bias}
    if kind == "topk":
        sae = TopK(case.width, case.features, case.k, **options).double()
    else:
        sae = L1(case.width, case.features, 0.3, **options).double()
    with torch.no_grad():
        sae.W_enc.copy_(draw(case.width, case.features))
        sae.b_enc.copy_(draw(case.features) + case.shift)
        sae.W_dec.copy_(draw(case.features, case.width))
        sae.b_dec.copy_(draw(case.width))
    x = draw(case.rows, case.width)
    if case.repeat and case.rows:
        x = x[:1].expand(case.rows, -1).contiguous()
    return sae, x


def gradients(sae: SparseAutoencoder, loss: torch.Tensor) -> dict[str, torch.Tensor]:
    sae.zero_grad()
    loss.backward()
    return {name: p.grad.clone() for name, p in sae.named_parameters()}


def dense_topk(
    sae: TopK, x: torch.Tensor, indices: torch.Tensor, dead: torch.Tensor | None = None
) -> torch.Tensor:
    """The loss in plain operations; among equal codes it keeps those that `indices` names."""
    rows = max(1, len(x))
    centred = x - sae.b_dec if sae.pre_bias else x
    before = centred @ sae.W_enc + sae.b_enc
    kept = torch.zeros_like(before).scatter(1, indices, 1.0)
    x_hat = (before.relu() * kept) @ sae.W_dec + sae.b_dec
    total = (x - x_hat).square().sum() / rows
    if dead is not None and bool(dead.any()):
        candidates = before.relu() * dead
        size = min(sae.auxiliary_k, int(dead.sum()))
        # A dead feature with a code of zero may be among the chosen or not: it adds nothing.
        chosen = torch.zeros_like(before).scatter(1, candidates.topk(size, dim=1).indices, 1.0)
        explained = (candidates * chosen) @ sae.W_dec
        residual = (x - x_hat).detach()
        total = total + sae.auxiliary_coefficient * (explained - residual).square().sum() / rows
    return total


def search(sae: TopK, x: torch.Tensor) -> torch.Tensor:
    centred = (x - sae.b_dec if sae.pre_bias else x).detach()
    rows, b_enc = sae.W_enc.detach().t()[None], sae.b_enc.detach()[None]
    return sparse_ops.select_topk(centred[None], rows, b_enc, sae.k).indices[0]


@settings(max_examples=150, deadline=None)
@given(cases())
@example(Case(0, 3, 5, 2, 0, False, 0.0, True, False))
@example(Case(6, 3, 12, 12, 0, True, 0.0, True, True))
@example(Case(6, 3, 12, 3, 0, False, -100.0, True, False))
def test_a_topk_step_is_the_dense_step(case: Case) -> None:
    sae, x = build(case)
    loss = sae.loss(x)
    found = gradients(sae, loss.total)
    reference = dense_topk(sae, x, search(sae, x))
    torch.testing.assert_close(loss.total, reference, **TIGHT)
    expected = gradients(sae, reference)
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, **TIGHT, msg=lambda m, n=name: f"{n}: {m}")
        assert found[name].stride() == dict(sae.named_parameters())[name].stride()


@settings(max_examples=80, deadline=None)
@given(cases(), st.integers(1, 12), st.integers(0, 2**40 - 1))
def test_the_auxiliary_loss_is_the_dense_one(case: Case, auxiliary_k: int, bits: int) -> None:
    """With a gradient for the encoder, on dead features only, the residual a fixed target."""
    case = case._replace(ties=False)  # among equal dead codes either may be chosen
    sae, x = build(case, auxiliary_k=auxiliary_k, auxiliary_coefficient=0.5)
    dead = torch.tensor([bool(bits >> f & 1) for f in range(case.features)])
    loss = sae.loss(x, dead)
    found = gradients(sae, loss.total)
    reference = dense_topk(sae, x, search(sae, x), dead)
    torch.testing.assert_close(loss.total, reference, **TIGHT)
    for name, value in gradients(sae, reference).items():
        torch.testing.assert_close(found[name], value, **TIGHT)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_an_l1_step_is_the_dense_step(case: Case) -> None:
    sae, x = build(case, "l1")
    loss = sae.loss(x)
    found = gradients(sae, loss.total)
    rows = max(1, case.rows)
    codes = ((x - sae.b_dec if sae.pre_bias else x) @ sae.W_enc + sae.b_enc).relu()
    reconstruction = (codes @ sae.W_dec + sae.b_dec - x).square().sum() / rows
    total = reconstruction + 0.3 * codes.sum() / rows
    torch.testing.assert_close(loss.reconstruction, reconstruction, **TIGHT)
    torch.testing.assert_close(loss.total, total, **TIGHT)
    for name, value in gradients(sae, total).items():
        torch.testing.assert_close(found[name], value, **TIGHT)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 300), st.sampled_from([40, 4096, 8192]), st.integers(1, 9),
    st.integers(0, 10**6), st.booleans(),
)  # fmt: skip
def test_the_search_finds_the_largest(
    rows: int, features: int, k: int, seed: int, ties: bool
) -> None:
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, 2, generator=g, dtype=torch.float64)
    W = torch.randn(2, features, generator=g, dtype=torch.float64)
    b = torch.randn(features, generator=g, dtype=torch.float64)
    if ties:
        x, W, b = x.round(), W.round(), b.round()
    found = sparse_ops.select_topk(x[None], W.t()[None], b[None], k)
    found = sparse_ops.TopCodes(found.indices[0], found.values[0])
    dense = x @ W + b
    largest = dense.topk(k, dim=1).values
    torch.testing.assert_close(found.values.sort(1, descending=True).values, largest, **TIGHT)
    torch.testing.assert_close(dense.gather(1, found.indices), found.values, **TIGHT)
    assert all(len(set(row)) == k for row in found.indices.tolist()), "no feature twice"


def test_sums_do_what_their_docstrings_say() -> None:
    g = torch.Generator().manual_seed(0)
    B, F, D, K = 7, 11, 5, 3
    inputs, table = torch.randn(B, D, generator=g), torch.randn(F, D, generator=g)
    weights = torch.randn(B, K, generator=g)
    indices = torch.stack([torch.randperm(F, generator=g)[:K] for _ in range(B)])
    entries = sparse_ops.by_feature(sparse_ops.entries_of(indices[None], F), F)
    torch.testing.assert_close(
        sparse_ops.sum_of_rows(table, entries, weights.flatten()),
        torch.einsum("bk,bkd->bd", weights, table[indices]),
    )
    torch.testing.assert_close(
        sparse_ops.dot_with_rows(inputs, table, entries).view(B, K),
        torch.einsum("bd,bkd->bk", inputs, table[indices]),
    )
    torch.testing.assert_close(
        sparse_ops.sum_by_feature(inputs, entries, weights.flatten()),
        torch.zeros(B, F).scatter(1, indices, weights).t() @ inputs,
    )


@pytest.mark.parametrize("ask_for_x", [True, False])
def test_gradients_reach_the_input_where_somebody_asks(ask_for_x: bool) -> None:
    sae, x = build(Case(6, 4, 12, 3, 1, False, 0.5, True, False))
    x.requires_grad_(ask_for_x)
    indices = search(sae, x)
    entries = sparse_ops.by_feature(
        sparse_ops.entries_of(indices[None], sae.features), sae.features
    )
    centred = (x - sae.b_dec.detach())[None]
    known = (centred[0] @ sae.W_enc + sae.b_enc).gather(1, indices).detach()
    values = sparse_ops.encode_at(
        known[None], centred, sae.b_dec[None], sae.W_enc.t()[None], sae.b_enc[None], entries
    )
    out = sparse_ops.decode_at(values, sae.W_dec[None], entries)[0]
    dense = ((x - sae.b_dec) @ sae.W_enc + sae.b_enc).relu()
    expected = torch.zeros_like(dense).scatter(1, indices, dense.gather(1, indices)) @ sae.W_dec
    torch.testing.assert_close(out, expected, **TIGHT)
    wanted = [sae.b_dec, sae.W_enc, *([x] if ask_for_x else [])]
    for ours, plain in zip(
        torch.autograd.grad(out.cos().sum(), wanted),
        torch.autograd.grad(expected.cos().sum(), wanted),
        strict=True,
    ):
        torch.testing.assert_close(ours, plain, **TIGHT)


def test_affine_is_the_plain_product() -> None:
    g = torch.Generator().manual_seed(0)
    tensors = [torch.randn(s, generator=g, dtype=torch.float64) for s in ((6, 4), 4, (4, 9), 9)]
    x, b_dec, W, b = (t.requires_grad_() for t in tensors)
    ours = affine(x, b_dec[None], W.t()[None], b[None], x.dtype)[0]
    plain = (x - b_dec) @ W + b
    torch.testing.assert_close(ours, plain, **TIGHT)
    for left, right in zip(
        torch.autograd.grad(ours.sin().sum(), (x, b_dec, W, b)),
        torch.autograd.grad(plain.sin().sum(), (x, b_dec, W, b)),
        strict=True,
    ):
        torch.testing.assert_close(left, right, **TIGHT)


def test_a_code_that_relu_made_zero_gets_no_gradient() -> None:
    """Among the k chosen there may be negative ones; they wrote nothing and must learn nothing."""
    sae, x = build(Case(8, 4, 12, 12, 3, False, 0.0, True, False))
    with torch.no_grad():
        sae.b_enc[5] = -100.0
    found = gradients(sae, sae.loss(x).total)
    assert not found["W_enc"][:, 5].any()
    assert found["b_enc"][5] == 0
    assert not found["W_dec"][5].any()


def test_the_auxiliary_loss_moves_encoder_and_decoder_of_dead_features_only() -> None:
    """Logged without a gradient it would revive nothing."""
    sae, x = build(Case(8, 4, 12, 2, 3, False, 0.0, True, False), auxiliary_k=3)
    dead = torch.zeros(12, dtype=torch.bool)
    dead[[2, 7, 9, 11]] = True
    with torch.no_grad():
        sae.b_enc[dead] -= 0.5
    found = gradients(sae, sae.loss(x, dead).auxiliary)
    touched = found["W_enc"].abs().sum(0) > 0
    assert touched.any()
    assert not (touched & ~dead).any()
    assert torch.equal(found["W_dec"].abs().sum(1) > 0, touched)


def test_the_auxiliary_loss_is_in_the_units_of_the_reconstruction() -> None:
    """A dead feature that writes the residual itself brings it to zero; one that writes nothing
    leaves it at the reconstruction loss; b_dec, taken once already, plays no part.
    """
    sae, _ = build(Case(1, 3, 4, 1, 0, False, 0.0, True, False), auxiliary_k=1)
    dead = torch.tensor([False, False, False, True])
    x = torch.tensor([[1.0, 2.0, 0.0]], dtype=torch.float64)
    with torch.no_grad():
        sae.b_dec.copy_(torch.tensor([0.0, 0.0, 5.0]))
        sae.b_enc.zero_(), sae.W_enc.zero_(), sae.W_dec.zero_()
        sae.b_enc[0], sae.W_dec[0] = 1.0, torch.tensor([1.0, 0, 0])
    residual = torch.tensor([0.0, 2.0, -5.0])
    assert sae.loss(x, dead).auxiliary == sae.loss(x, dead).reconstruction == 29.0
    with torch.no_grad():
        sae.b_enc[3], sae.W_dec[3] = 0.5, residual / 0.5
    assert sae.loss(x, dead).auxiliary == 0.0
    loss = sae.loss(x, torch.zeros(4, dtype=torch.bool))
    assert loss.auxiliary == 0.0
    assert loss.total == loss.reconstruction


@pytest.mark.parametrize("kind", ["topk", "l1"])
@pytest.mark.parametrize("rows", [1, 5, 64])
def test_pieces_of_a_batch_make_the_whole(
    kind: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Selecting per piece must choose what selecting at once would."""
    sae, x = build(Case(50, 6, 30, 4, 5, False, 0.0, True, False), kind)
    whole = gradients(sae, sae.loss(x).total)
    monkeypatch.setattr(sparse_ops, "CPU_ROWS", rows)
    for name, value in gradients(sae, sae.loss(x).total).items():
        torch.testing.assert_close(value, whole[name], **TIGHT)


@pytest.mark.parametrize("kind", ["topk", "l1"])
@pytest.mark.parametrize(("dtype", "share"), [(torch.bfloat16, 0.02), (torch.float16, 0.005)])
def test_lower_precision_changes_little(kind: str, dtype: torch.dtype, share: float) -> None:
    if kind == "topk":
        share *= 8  # on noise, where the k-th code and the next are close, the search swaps some
    g = torch.Generator().manual_seed(0)
    sae = TopK(32, 256, 8, auxiliary_k=4) if kind == "topk" else L1(32, 256, 0.05)
    x = torch.randn(300, 32, generator=g)
    dead = torch.zeros(256, dtype=torch.bool)
    dead[:9] = True
    exact = gradients(sae, sae.loss(x, dead).total)
    with torch.autocast("cpu", dtype=dtype):
        loss = sae.loss(x, dead)
    assert loss.total.dtype == torch.float32
    for name, value in gradients(sae, loss.total).items():
        assert value.dtype == torch.float32
        assert (value - exact[name]).norm() <= share * exact[name].norm()


def test_topk_values_keep_full_precision_when_the_search_does_not() -> None:
    """bf16 finds candidates; which of them fire, and how strongly, is what fp32 says."""
    sae, x = TopK(32, 256, 8), torch.randn(64, 32, generator=torch.Generator().manual_seed(0))
    rows, b_enc = sae.W_enc.detach().t()[None], sae.b_enc.detach()[None]
    found = sparse_ops.select_topk(x[None], rows, b_enc, 8, torch.bfloat16)
    exact = sae.pre_activations(x)
    torch.testing.assert_close(found.values[0], exact.gather(1, found.indices[0]))
    torch.testing.assert_close(found.values[0].sort(1)[0], exact.topk(8, dim=1).values.sort(1)[0])


def test_a_step_holds_no_dense_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing as large as the batch's dense codes is kept for the backward pass."""
    sae, x = TopK(8, 512, 4), torch.randn(1024, 8)
    sizes: list[int] = []

    def keep(t: torch.Tensor) -> torch.Tensor:
        sizes.append(t.numel())
        return t

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        sae.loss(x)
    assert max(sizes) <= 1024 * 8
