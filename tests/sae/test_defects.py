"""Mistakes that SAE code is known to make: a property for each, which ours has and the mistake not.

Every line of the table is tested twice: the property holds for this book's code, and the planted
mistake is caught by it. So no property here is one that cannot fail.
"""

from __future__ import annotations

import contextlib
import copy
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor

from lib.activations.store import TensorActivations
from lib.core.errors import UserError
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder, normalise_rows
from lib.sae.ensemble import Ensemble
from lib.sae.initialisation import geometric_median
from lib.sae.interchange import load_dictionary
from lib.sae.metrics import MetricsStream
from lib.sae.optimisation import FitSettings
from lib.sae.scaling import fold_scale
from lib.sae.training import fit

D, F, K, AUX = 6, 16, 3, 4
CPU = torch.device("cpu")
DEAD = torch.arange(F) >= 10


def batch(rows: int = 40) -> Tensor:
    g = torch.Generator().manual_seed(0)
    return torch.randn(rows, D, generator=g, dtype=torch.float64) + 1


def topk() -> TopK:
    sae = TopK(D, F, K, auxiliary_k=AUX).double()
    with torch.no_grad():
        sae.b_dec.copy_(torch.linspace(-1, 2, D))
        sae.b_enc.copy_(torch.linspace(-0.3, 0.3, F)).sub_(2.0 * DEAD)
        sae.b_enc[F - 1] = -100.0  # dead in every row
    return sae


# --- The auxiliary loss ------------------------------------------------------------------------


def ours_topk(sae: TopK, x: Tensor, dead: Tensor) -> tuple[Tensor, Tensor]:
    loss = sae.loss(x, dead)
    return loss.reconstruction, loss.auxiliary


def plain_topk(mistake: str) -> Callable:
    """A dense step that makes one mistake."""

    def losses(sae: TopK, x: Tensor, dead: Tensor) -> tuple[Tensor, Tensor]:
        before = (x - sae.b_dec) @ sae.W_enc + sae.b_enc
        kept = torch.zeros_like(before).scatter(1, before.topk(K, dim=1).indices, 1.0)
        positive = before.relu()
        if mistake == "gradient through zeroed codes":
            positive = before + (before.relu() - before).detach()
        x_hat = (positive * kept) @ sae.W_dec + sae.b_dec
        residual = x - x_hat
        if mistake != "residual not detached":
            residual = residual.detach()
        candidates = before.relu() * dead
        best = torch.zeros_like(before).scatter(1, candidates.topk(AUX, dim=1).indices, 1.0)
        explained = (candidates * best) @ sae.W_dec
        if mistake == "b_dec twice":
            explained = explained + sae.b_dec
        auxiliary = (explained - residual).square().sum(1).mean()
        if mistake == "no gradient":
            auxiliary = auxiliary.detach()
        if mistake == "scale by the dead":
            auxiliary = auxiliary * min(1.0, int(dead.sum()) / (4 * F))
        if mistake == "share of the residual":
            auxiliary = auxiliary / (residual - residual.mean(0)).square().sum(1).mean()
        return (x - x_hat).square().sum(1).mean(), auxiliary

    return losses


def gradients(sae: SparseAutoencoder, loss: Tensor) -> dict[str, Tensor]:
    names, parameters = zip(*sae.named_parameters(), strict=True)
    if not loss.requires_grad:
        return {n: torch.zeros_like(p) for n, p in zip(names, parameters, strict=True)}
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return {
        n: torch.zeros_like(p) if g is None else g
        for n, p, g in zip(names, parameters, found, strict=True)
    }


def the_auxiliary_loss_moves_dead_encoders(losses: Callable) -> None:
    sae = topk()
    with torch.no_grad():
        sae.b_enc[10:14] = -0.5
    found = gradients(sae, losses(sae, batch(), DEAD)[1])
    assert found["W_enc"][:, DEAD].any()
    assert found["W_dec"][DEAD].any()


def a_zeroed_code_learns_nothing(losses: Callable) -> None:
    sae = topk()
    with torch.no_grad():
        sae.b_enc.sub_(3.0)  # so that fewer than k codes are positive
    x = batch()
    codes = sae.encode(x)
    assert ((codes > 0).sum(1) < K).any()
    found = gradients(sae, losses(sae, x, torch.zeros(F, dtype=torch.bool))[0])
    silent = ~(codes > 0).any(0)
    assert silent.any()
    assert not found["W_enc"][:, silent].any()
    assert not found["b_enc"][silent].any()


def a_dead_feature_that_writes_the_residual_ends_the_loss(losses: Callable) -> None:
    sae, x = topk(), batch(1)
    with torch.no_grad():
        residual = (x - sae(x))[0]
        sae.b_enc[DEAD] = -100.0
        sae.W_enc[:, 12] = 0.0
        sae.b_enc[12] = 1e-3
        sae.W_dec[12] = residual / 1e-3
    assert losses(sae, x, DEAD)[1].item() == pytest.approx(0.0, abs=1e-9)


def living_features_are_no_part_of_it(losses: Callable) -> None:
    sae = topk()
    found = gradients(sae, losses(sae, batch(), DEAD)[1])
    assert not found["W_dec"][~DEAD].any()
    assert not found["W_enc"][:, ~DEAD].any()


def it_is_in_the_units_of_the_reconstruction(losses: Callable) -> None:
    for dead in (DEAD, torch.arange(F) == F - 1):
        sae = topk()
        with torch.no_grad():
            sae.W_dec[dead] = 0.0  # so that the whole residual stays
        reconstruction, auxiliary = losses(sae, batch(), dead)
        assert auxiliary.item() == pytest.approx(reconstruction.item())


# --- Metrics, folding, the median --------------------------------------------------------------


def ours_explained(pairs: list[tuple[Tensor, Tensor]]) -> float:
    stream = MetricsStream(1)
    for x, x_hat in pairs:
        stream.add(x, x_hat, torch.zeros(len(x), 1))
    return stream.compute().explained_variance


def mean_of_batches(pairs: list[tuple[Tensor, Tensor]]) -> float:
    shares = [1 - (x - h).square().sum() / (x - x.mean(0)).square().sum() for x, h in pairs]
    return float(torch.stack(shares).mean())


def not_centred(pairs: list[tuple[Tensor, Tensor]]) -> float:
    x, x_hat = (torch.cat(side) for side in zip(*pairs, strict=True))
    return float(1 - (x - x_hat).square().sum() / x.square().sum())


def with_epsilon(pairs: list[tuple[Tensor, Tensor]]) -> float:
    x, x_hat = (torch.cat(side) for side in zip(*pairs, strict=True))
    return float(1 - (x - x_hat).square().sum() / ((x - x.mean(0)).square().sum() + 1.0))


def guesses(size: int, scale: float = 1.0) -> list[tuple[Tensor, Tensor]]:
    x = batch() * scale
    x_hat = x + 0.3 * scale * batch().flip(0)
    return list(zip(x.split(size), x_hat.split(size), strict=True))


def the_mean_explains_nothing(explained: Callable) -> None:
    x = batch()
    assert explained([(x, x.mean(0).expand_as(x))]) == pytest.approx(0.0, abs=1e-9)


def batch_size_changes_nothing(explained: Callable) -> None:
    assert explained(guesses(4)) == pytest.approx(explained(guesses(40)), abs=1e-9)


def input_scale_changes_nothing(explained: Callable) -> None:
    assert explained(guesses(40, 1e-3)) == pytest.approx(explained(guesses(40)), abs=1e-9)


def fold_biases_only_in_the_encoder(sae: SparseAutoencoder, scale: float) -> None:
    with torch.no_grad():
        sae.b_enc.div_(scale)


def fold_into_the_weights_and_not_b_enc(sae: SparseAutoencoder, scale: float) -> None:
    with torch.no_grad():
        sae.W_enc.mul_(scale), sae.W_dec.div_(scale), sae.b_enc.div_(scale), sae.b_dec.div_(scale)


def folding_keeps_the_output(fold: Callable) -> None:
    sae, x = topk(), batch()
    folded = copy.deepcopy(sae)
    fold(folded, 0.25)
    torch.testing.assert_close(folded(x), sae(x * 0.25) / 0.25)


def plain_weiszfeld(points: Tensor) -> Tensor:
    middle = points.mean(0)
    for _ in range(50):
        weights = 1 / (points - middle).norm(dim=1)
        middle = (weights @ points) / weights.sum()
    return middle


def the_median_survives_meeting_a_point(median: Callable) -> None:
    points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    torch.testing.assert_close(median(points), torch.zeros(2), atol=1e-4, rtol=0.0)


# --- Codes in pieces, Adam, resuming, the decoder's axis, the batch's size ---------------------


def ours_in_pieces(sae: TopK, x: Tensor) -> Tensor:
    found = [sae.select(piece) for piece in x.split(7)]
    indices, values = (torch.cat([getattr(f, n) for f in found]) for n in ("indices", "values"))
    return torch.zeros(len(x), F, dtype=x.dtype).scatter(1, indices, values.relu())


def topk_of_each_piece(sae: TopK, x: Tensor) -> Tensor:
    codes = []
    for part in sae.pre_activations(x).split(F // 2, dim=1):
        values, indices = part.topk(K, dim=1)
        codes.append(torch.zeros_like(part).scatter(1, indices, values.relu()))
    return torch.cat(codes, dim=1)


def pieces_give_what_the_whole_gives(encode: Callable) -> None:
    sae, x = topk(), batch()
    torch.testing.assert_close(encode(sae, x), sae.encode(x))


def ours_stacked(saes: list[SparseAutoencoder], settings: FitSettings) -> None:
    stack = Ensemble(saes, settings, CPU, "fp32")
    for number in range(settings.steps):
        stack.step(batch(), number)


def adam_without_its_count(saes: list[SparseAutoencoder], settings: FitSettings) -> None:
    stack = Ensemble(saes, settings, CPU, "fp32")
    for number in range(settings.steps):
        for state in stack.adam.state.values():
            state["step"].zero_()
        stack.step(batch(), number)


def members_take_the_steps_of_plain_adam(train: Callable) -> None:
    settings = FitSettings(steps=8, batch=40, warmup=0, decay_share=0.0)
    together = [L1(D, F, 0.1, unit_decoder=False, seed=s).double() for s in (0, 1)]
    alone = copy.deepcopy(together[1])
    adam = torch.optim.Adam(alone.parameters(), lr=settings.learning_rate)
    for _ in range(settings.steps):
        adam.zero_grad()
        alone.loss(batch()).total.backward()
        adam.step()
    train(together, settings)
    torch.testing.assert_close(together[1].W_dec, alone.W_dec, rtol=1e-6, atol=1e-8)


class FromTheStart(TensorActivations):
    """Forgets where the reading was when it goes on."""

    def batches(self, batch: int, seed: int, start_step: int = 0) -> Iterator[Tensor]:
        return super().batches(batch, seed, 0)


def a_killed_training_ends_the_same(store: Callable) -> None:
    x = batch(400).float()
    settings = FitSettings(steps=20, batch=16, checkpoint_seconds=0.0)
    results = []

    def kill(step: int, *_: Any) -> None:
        if step == 9:
            raise KeyboardInterrupt

    with tempfile.TemporaryDirectory() as folder:
        for path in (None, Path(folder) / "c"):
            sae = L1(D, F, 0.1)
            options = {"device": CPU, "precision": "fp32", "checkpoint": path}
            if path is not None:
                with pytest.raises(KeyboardInterrupt):
                    fit(L1(D, F, 0.1), store(x, x[:9]), settings, callbacks=[kill], **options)
            fit(sae, store(x, x[:9]), settings, **options)
            results.append(sae.W_dec.detach())
    assert torch.equal(*results)


def normalised_along_the_width(sae: SparseAutoencoder) -> None:
    with torch.no_grad():
        sae.W_dec.div_(sae.W_dec.norm(dim=0, keepdim=True))


def each_feature_has_norm_one(normalise: Callable) -> None:
    sae = topk()
    with torch.no_grad():
        sae.W_dec.mul_(torch.linspace(0.5, 2, F)[:, None])
    normalise(sae)
    torch.testing.assert_close(sae.W_dec.norm(dim=1), torch.ones(F, dtype=torch.float64))


def summed_over_the_batch(sae: L1, x: Tensor) -> Tensor:
    codes = sae.encode(x)
    return (sae.decode(codes) - x).square().sum(1).mean() + sae.coefficient * codes.sum()


def the_loss_of_a_batch_twice_is_the_same(loss: Callable) -> None:
    sae, x = L1(D, F, 0.3).double(), batch()
    assert loss(sae, x.repeat(2, 1)).item() == pytest.approx(loss(sae, x).item())


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.mkdir, (self.path,))


def loading_runs_nothing(load: Callable) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sprung, path = Path(folder) / "sprung", Path(folder) / "w.pt"
        torch.save({"W_enc": Trap(sprung)}, path)
        with contextlib.suppress(UserError):
            load(path)
        assert not sprung.exists()


# --- The table ---------------------------------------------------------------------------------


class Known(NamedTuple):
    """A mistake, the property that it lacks, our code and the mistake's."""

    mistake: str
    has: Callable[[Any], None]
    ours: Any
    wrong: Any


TABLE = [
    Known("the auxiliary loss has no gradient", the_auxiliary_loss_moves_dead_encoders,
          ours_topk, plain_topk("no gradient")),
    Known("a gradient goes through codes that ReLU made zero", a_zeroed_code_learns_nothing,
          ours_topk, plain_topk("gradient through zeroed codes")),
    Known("b_dec counts twice in the auxiliary loss",
          a_dead_feature_that_writes_the_residual_ends_the_loss,
          ours_topk, plain_topk("b_dec twice")),
    Known("the residual is not detached", living_features_are_no_part_of_it,
          ours_topk, plain_topk("residual not detached")),
    Known("the auxiliary loss shrinks with the number of dead features",
          it_is_in_the_units_of_the_reconstruction, ours_topk, plain_topk("scale by the dead")),
    Known("the auxiliary loss is a share of the residual's variance",
          it_is_in_the_units_of_the_reconstruction, ours_topk, plain_topk("share of the residual")),
    Known("explained variance is not 0 for the mean", the_mean_explains_nothing,
          ours_explained, not_centred),
    Known("explained variance depends on the batch size", batch_size_changes_nothing,
          ours_explained, mean_of_batches),
    Known("explained variance depends on the input's scale", input_scale_changes_nothing,
          ours_explained, with_epsilon),
    Known("folding leaves b_dec out", folding_keeps_the_output,
          fold_scale, fold_biases_only_in_the_encoder),
    Known("folding scales weights and b_enc both", folding_keeps_the_output,
          fold_scale, fold_into_the_weights_and_not_b_enc),
    Known("the geometric median meets a point", the_median_survives_meeting_a_point,
          geometric_median, plain_weiszfeld),
    Known("the k largest of each piece", pieces_give_what_the_whole_gives,
          ours_in_pieces, topk_of_each_piece),
    Known("Adam forgets its count of steps", members_take_the_steps_of_plain_adam,
          ours_stacked, adam_without_its_count),
    Known("resuming starts the data anew", a_killed_training_ends_the_same,
          TensorActivations, FromTheStart),
    Known("the decoder is normalised along the width", each_feature_has_norm_one,
          lambda sae: normalise_rows(sae.W_dec), normalised_along_the_width),
    Known("L1 is summed over the batch", the_loss_of_a_batch_twice_is_the_same,
          lambda sae, x: sae.loss(x).total, summed_over_the_batch),
    Known("weights are unpickled", loading_runs_nothing,
          load_dictionary, lambda path: torch.load(path, weights_only=False)),
]  # fmt: skip
ROWS = pytest.mark.parametrize("known", TABLE, ids=[known.mistake for known in TABLE])


@ROWS
def test_ours_has_the_property(known: Known) -> None:
    known.has(known.ours)


@ROWS
def test_the_mistake_is_caught(known: Known) -> None:
    with pytest.raises(AssertionError):
        known.has(known.wrong)
