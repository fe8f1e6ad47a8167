"""TopK, L1 and JumpReLU sparse autoencoders, the dictionaries of this book, and their files.

All read x [B, D], write codes [B, F] of which few are not zero, and rebuild x as a sum of the
decoder's rows:

    codes = select(ReLU((x - b_dec) W_enc + b_enc))        x_hat = codes W_dec + b_dec

TopK keeps the k largest codes of each row (Gao et al. 2024); L1 keeps every positive one and pays
`coefficient` for each unit of their sum (Cunningham et al. 2023, Bricken et al. 2023); JumpReLU
keeps those above a threshold (Rajamanoharan et al. 2024), and is read here but not trained.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from lib.core.checkpoints import write_atomically
from lib.core.device import product_dtype
from lib.core.errors import UserError
from lib.core.identity import content_key
from lib.sae.base import (
    Dead,
    Loss,
    SparseAutoencoder,
    Step,
    Weights,
    affine,
    count_rows,
    mean_of_rows,
    scale_gradient,
    squared_error,
)
from lib.sae.sparse_ops import (
    TopCodes,
    by_feature,
    decode_at,
    drop_beyond,
    encode_at,
    entries_of,
    product,
    rows_at_once,
    select_topk,
)

__all__ = ["L1", "JumpReLU", "Loss", "SparseAutoencoder", "Step", "TopK", "load_sae", "save_sae"]

WEIGHTS, CONFIG = "sae.safetensors", "config.json"


class TopK(SparseAutoencoder):
    """TopK sparse autoencoder: keeps the k largest positive codes of each row.

    Args:
        width: D (d_in).
        features: F (d_sae).
        k: how many codes a row may have, 1 <= k <= F.
        auxiliary_k: how many dead features try to explain what the living ones left over; 0: none.
        auxiliary_coefficient: the weight of that loss.

    The auxiliary loss (Gao et al. 2024) is in the units of the reconstruction: the residual
    x - x_hat is a fixed target, b_dec takes no part in it a second time, and the gradient reaches
    encoder and decoder of the dead features only (and b_dec through the centring of the input).

    Example:
        >>> x = torch.randn(100, 16)
        >>> sae = TopK(16, 64, k=4)
        >>> codes = sae.encode(x)
        >>> codes.shape, int((codes > 0).sum(1).max())
        (torch.Size([100, 64]), 4)
        >>> sae.decode(codes).shape
        torch.Size([100, 16])
    """

    kind = "topk"

    def __init__(
        self,
        width: int,
        features: int,
        k: int,
        *,
        auxiliary_k: int = 0,
        auxiliary_coefficient: float = 1 / 32,
        pre_bias: bool = True,
        unit_decoder: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(width, features, pre_bias=pre_bias, unit_decoder=unit_decoder, seed=seed)
        if not 1 <= k <= features:
            raise UserError(
                f"TopK keeps between 1 and all of its {features} features; got k = {k}."
            )
        if auxiliary_k < 0:
            raise UserError(f"auxiliary_k must not be negative; got {auxiliary_k}.")
        self.k = k
        self.auxiliary_k, self.auxiliary_coefficient = auxiliary_k, auxiliary_coefficient

    def encode(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B F"]:
        values, indices = self.pre_activations(x).topk(self.k, dim=-1)
        codes = values.new_zeros(*values.shape[:-1], self.features)
        return codes.scatter_(-1, indices, values.relu())

    @torch.no_grad()
    def select(self, x: Float[Tensor, "B D"]) -> TopCodes:
        """Which codes are the k largest of each row, and how large before ReLU: equivalent to
        `self.pre_activations(x).topk(k)` without a gradient and without all F codes in memory.
        """
        self.check_width(x)
        centre = self.centre()
        centred = x if centre is None else x - centre
        found = select_topk(centred[None], self.W_enc.t()[None], self.b_enc[None], self.k)
        return TopCodes(found.indices[0], found.values[0])

    def ensemble_step(
        self,
        weights: Weights,
        x: Float[Tensor, "B D"],
        dead: Dead | None = None,
        strengths: Int[Tensor, " E"] | None = None,
    ) -> Step:
        rows, b_enc, W_dec, b_dec = weights
        dtype, members, features = product_dtype(x), *rows.shape[:2]
        with torch.autocast(x.device.type, enabled=False):
            centre = b_dec if self.pre_bias else None
            centred = x.expand(members, *x.shape)
            if centre is not None:
                centred = x - centre.detach()[:, None]
            found = select_topk(centred.detach(), rows, b_enc, self.k, dtype)
            if strengths is not None:
                found = drop_beyond(found, strengths)
            entries = by_feature(entries_of(found.indices, features), members * features)
            values = encode_at(found.values, centred, centre, rows, b_enc, entries)
            x_hat = decode_at(values, W_dec, entries) + b_dec[:, None]
            reconstruction = mean_of_rows(squared_error(x_hat, x))
            auxiliary = torch.zeros_like(reconstruction)
            if dead is not None and self.auxiliary_k and dead.among.numel():
                auxiliary = self._auxiliary(weights, x, (x - x_hat).detach(), dead, dtype)
            total = reconstruction + self.auxiliary_coefficient * auxiliary
            sparsity = mean_of_rows(values.detach().view(found.indices.shape))
        fired = torch.zeros(rows.shape[:2], dtype=torch.int64, device=x.device)
        fired.view(-1).scatter_add_(0, entries.features, (values > 0).long())
        return Step(Loss(total, reconstruction, sparsity, auxiliary), fired)

    def _auxiliary(
        self,
        weights: Weights,
        x: Float[Tensor, "B D"],
        aim: Float[Tensor, "E B D"],
        dead: Dead,
        dtype: torch.dtype,
    ) -> Float[Tensor, " E"]:
        """What the `auxiliary_k` largest codes of dead features miss of `aim`."""
        which, among = dead
        rows, b_enc, W_dec, b_dec = weights.only(among)
        which = which.gather(1, among)
        codes = affine(x, b_dec if self.pre_bias else None, rows, b_enc, dtype)
        codes = codes.relu() * which[:, None]
        if self.auxiliary_k < among.shape[1]:
            values, indices = codes.topk(self.auxiliary_k, dim=-1, sorted=False)
            codes = torch.zeros_like(codes).scatter_(-1, indices, values)
        explained = torch.bmm(codes, W_dec.to(dtype)).to(x.dtype)
        return mean_of_rows(squared_error(explained, aim)) * which.any(1)

    @property
    def strength(self) -> float:
        return self.k

    def config(self) -> dict[str, Any]:
        return super().config() | {
            "k": self.k,
            "auxiliary_k": self.auxiliary_k,
            "auxiliary_coefficient": self.auxiliary_coefficient,
        }


class L1(SparseAutoencoder):
    """ReLU sparse autoencoder with an L1 penalty: pays `coefficient` times the sum of its codes.

    The coefficient stands beside a squared error that is summed over D, both averaged over rows:
    neither the batch size nor the number of features changes its meaning.

    Example:
        >>> sae = L1(16, 64, coefficient=0.1)
        >>> loss = sae.loss(torch.randn(100, 16))
        >>> bool(torch.isclose(loss.total, loss.reconstruction + 0.1 * loss.sparsity))
        True
    """

    kind = "l1"

    def __init__(
        self,
        width: int,
        features: int,
        coefficient: float,
        *,
        pre_bias: bool = True,
        unit_decoder: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(width, features, pre_bias=pre_bias, unit_decoder=unit_decoder, seed=seed)
        if not coefficient >= 0:
            raise UserError(f"the L1 coefficient must not be negative; got {coefficient}.")
        self.coefficient = coefficient

    def encode(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B F"]:
        return self.pre_activations(x).relu()

    def ensemble_step(
        self,
        weights: Weights,
        x: Float[Tensor, "B D"],
        dead: Dead | None = None,
        strengths: Float[Tensor, " E"] | None = None,
    ) -> Step:
        dtype, members, features = product_dtype(x), *weights.rows.shape[:2]
        # Between a row's gradient and the sum of them all, so that fp16 can hold both.
        between = 2.0**-6 if dtype == torch.float16 else 1.0
        rows, b_enc, W_dec, b_dec = (scale_gradient(part, 1 / between) for part in weights)
        centre = b_dec if self.pre_bias else None
        reconstruction, sparsity = x.new_zeros(members), x.new_zeros(members)
        fired = torch.zeros(members, features, dtype=torch.int64, device=x.device)
        with torch.autocast(x.device.type, enabled=False):
            for piece in x.split(rows_at_once(x.device, members * features)):
                codes = affine(piece, centre, rows, b_enc, dtype).relu_()
                x_hat = product(codes, W_dec.to(dtype).mT, b_dec.to(dtype)).to(x.dtype)
                reconstruction = reconstruction + squared_error(x_hat, piece).sum((1, 2))
                sparsity = sparsity + codes.sum((1, 2), dtype=x.dtype)
                fired += count_rows(codes.detach())
        reconstruction, sparsity = (part / max(1, len(x)) for part in (reconstruction, sparsity))
        coefficient = self.coefficient if strengths is None else strengths
        total = scale_gradient(reconstruction + coefficient * sparsity, between)
        return Step(Loss(total, reconstruction, sparsity, torch.zeros_like(total)), fired)

    @property
    def strength(self) -> float:
        return self.coefficient

    def config(self) -> dict[str, Any]:
        return super().config() | {"coefficient": self.coefficient}


class JumpReLU(SparseAutoencoder):
    """JumpReLU sparse autoencoder: keeps the positive codes that are above their threshold.

    What BatchTopK and Matryoshka dictionaries are saved as: `threshold` [F] has one value for each
    feature, in the units of the codes. One that is not positive keeps every positive code.

    Example:
        >>> sae, x = JumpReLU(16, 64), torch.randn(100, 16)
        >>> _ = sae.threshold.data.fill_(0.5)
        >>> bool((sae.encode(x) > 0).eq(sae.pre_activations(x) > 0.5).all())
        True
    """

    kind = "jumprelu"

    def __init__(
        self,
        width: int,
        features: int,
        *,
        pre_bias: bool = True,
        unit_decoder: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(width, features, pre_bias=pre_bias, unit_decoder=unit_decoder, seed=seed)
        self.threshold = nn.Parameter(torch.zeros(features))

    def encode(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B F"]:
        found = self.pre_activations(x)
        return found.relu() * (found > self.threshold)

    @property
    def key(self) -> str:
        return content_key(super().key, self.threshold)

    def ensemble_step(self, *_: Any) -> Step:
        raise UserError("a JumpReLU dictionary is read here and not trained; train TopK or L1.")


KINDS: dict[str, type[SparseAutoencoder]] = {kind.kind: kind for kind in (TopK, L1, JumpReLU)}


def save_sae(sae: SparseAutoencoder, folder: Path) -> None:
    """Writes `sae.safetensors` and, last, `config.json`; each is whole or absent.

    Raises:
        UserError: the disk is full.
    """
    weights = {name: value.detach().cpu().contiguous() for name, value in sae.named_parameters()}
    write_atomically(Path(folder) / WEIGHTS, save(weights))
    write_atomically(Path(folder) / CONFIG, json.dumps(sae.config(), indent=1) + "\n")


def load_sae(folder: Path, device: str | torch.device = "cpu") -> SparseAutoencoder:
    """The dictionary that `save_sae` wrote. Nothing in the files is executed.

    Raises:
        UserError: a file is missing or damaged, or weights and config do not belong together.
    """
    folder = Path(folder)
    sae = _build(folder / CONFIG)
    path = folder / WEIGHTS
    try:
        weights = load(path.read_bytes())
    except FileNotFoundError:
        raise UserError(_missing(path)) from None
    except SafetensorError as error:
        raise UserError(
            f"{path} is truncated or damaged ({error}); delete its folder and train again."
        ) from error
    expected = {name: tuple(value.shape) for name, value in sae.named_parameters()}
    found = {name: tuple(value.shape) for name, value in weights.items()}
    if expected != found:
        raise UserError(
            f"{path} does not fit its {CONFIG}: expected {expected}, found {found}; delete the "
            "folder and train again."
        )
    sae.load_state_dict(weights)
    return sae.to(device)


def _build(path: Path) -> SparseAutoencoder:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        kind = KINDS[config.pop("kind")]
        return kind(**config)
    except FileNotFoundError:
        raise UserError(_missing(path)) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path} is no whole config of a dictionary ({error!r}); delete its folder and train "
            "again."
        ) from error


def _missing(path: Path) -> str:
    return f"expected a saved dictionary, but there is no {path}; train one first."
