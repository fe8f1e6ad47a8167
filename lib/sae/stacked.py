"""Stacked SAEs: several small dictionaries of one kind train as one, by batched products.

A toy dictionary's step is shorter than the time it takes to start its operations, so that sixteen
together cost little more than one. Larger ones gain nothing on a CPU; `make_groups` decides.
Members with fewer features than the largest are padded with features of zeros, which never fire,
get no gradient and count nowhere.

The members' parameters are views of the stacked ones while they train: a callback sees each member
as it is. Gradients are written by hand; the tests hold each member against one trained alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from lib.sae.autoencoders import TopK
from lib.sae.base import Loss, SparseAutoencoder, sum_rows
from lib.sae.optimisation import (
    FitSettings,
    Optimiser,
    StepMetrics,
    is_resampling_step,
    learning_rate,
    product_format,
    resample,
    reset_adam,
)

# Codes of all members of a stack together: on a CPU what the cache holds. Members of which not even
# two fit gain nothing.
CPU_CODES = 2**18
GPU_CODES = 2**28
# Codes of padding that cost less than a step of one more dictionary. On a GPU starting operations
# costs more and arithmetic less; there it is a guess.
CPU_PADDING = 2**15
GPU_PADDING = 2**22


class StackedSAEs:
    """E dictionaries of one kind and width, trained as one; has the methods of an `Optimiser`."""

    def __init__(
        self,
        saes: Sequence[SparseAutoencoder],
        settings: FitSettings,
        device: torch.device,
        precision: str,
    ) -> None:
        self.saes, self.settings = list(saes), settings
        self.first = first = self.saes[0]
        self.dtype = product_format(precision, first.W_dec.dtype)

        self.features = max(sae.features for sae in self.saes)

        def stack(values: list[Tensor]) -> torch.nn.Parameter:
            longest = max(len(value) for value in values)
            padded = [torch.cat([v, v.new_zeros(longest - len(v), *v.shape[1:])]) for v in values]
            return torch.nn.Parameter(torch.stack(padded).to(device))

        self.rows = stack([sae.W_enc.detach().t() for sae in saes])
        """[E, F, D]: the encoders, feature by feature."""
        self.b_enc = stack([sae.b_enc.detach() for sae in saes])
        self.W_dec = stack([sae.W_dec.detach() for sae in saes])
        self.b_dec = stack([sae.b_dec.detach() for sae in saes])
        for number, sae in enumerate(self.saes):
            sae.W_enc.data = self.rows.data[number, : sae.features].t()
            sae.b_dec.data = self.b_dec.data[number]
            for name in ("b_enc", "W_dec"):
                getattr(sae, name).data = getattr(self, name).data[number, : sae.features]
        self.parameters = [self.rows, self.b_enc, self.W_dec, self.b_dec]
        self.adam = torch.optim.Adam(
            self.parameters, lr=settings.learning_rate, betas=settings.betas, eps=settings.epsilon,
            fused=device.type in {"cpu", "cuda"},
        )  # fmt: skip
        size = (len(self.saes), self.features)
        self.rows_since_fired = torch.zeros(size, dtype=torch.int64, device=device)
        sizes = torch.tensor([sae.features for sae in self.saes], device=device)
        self.real = torch.arange(self.features, device=device) < sizes[:, None]
        """[E, F]: which features are no padding."""
        strengths = [sae.k if isinstance(sae, TopK) else sae.coefficient for sae in self.saes]
        self.strength = torch.tensor(strengths, device=device)[:, None, None]

    @torch.no_grad()
    def step(self, x: Float[Tensor, "B D"], number: int) -> StepMetrics:
        """Trains all members on one batch; every field has a leading axis of members."""
        dead = (self.rows_since_fired >= self.settings.dead_after) & self.real
        if is_resampling_step(self.settings, number):
            self._resample(x, dead, number)
            dead = torch.zeros_like(dead)
        rate = learning_rate(self.settings, number)
        self.adam.param_groups[0]["lr"] = rate
        loss, fired = self._differentiate(x, dead)
        if self.first.unit_decoder:
            along = (self.W_dec.grad * self.W_dec).sum(2, keepdim=True)
            self.W_dec.grad.addcmul_(along, self.W_dec, value=-1)
        if self.settings.clip:
            self._clip()
        self.adam.step()
        if self.first.unit_decoder:
            norms = torch.linalg.vector_norm(self.W_dec, dim=2, keepdim=True)
            self.W_dec.div_(norms.masked_fill_(norms == 0, 1.0))
        self.rows_since_fired.add_(len(x)).masked_fill_(fired > 0, 0)
        return StepMetrics(loss, fired, dead, rate)

    def _differentiate(self, x: Float[Tensor, "B D"], dead: Bool[Tensor, "E F"]):
        """Writes every gradient; returns the losses and in how many rows each feature fired."""
        scale, dtype, first = 1.0 / max(1, len(x)), self.dtype, self.first
        between = 2.0**-6 if dtype == torch.float16 else 1.0  # lets fp16 hold rows and their sums
        rows, W_dec = self.rows.to(dtype), self.W_dec.to(dtype)
        members = x.expand(len(self.saes), -1, -1)
        centred = (members - self.b_dec[:, None] if first.pre_bias else members).to(dtype)
        before = torch.baddbmm(self.b_enc[:, None].to(dtype), centred, rows.mT)
        codes = self._select(before)
        active = codes.sign()
        x_hat = torch.baddbmm(self.b_dec[:, None].to(dtype), codes, W_dec).to(x.dtype)
        error = x_hat - x
        reconstruction = error.square().sum((1, 2)) * scale
        sparsity = sum_rows(codes).to(x.dtype).sum(1) * scale
        fired = (codes > 0).sum(1)  # exact for every batch, as a sum in bf16 is not
        d_x_hat = (2 * between * error).to(dtype)
        auxiliary = torch.zeros_like(sparsity)
        if isinstance(first, TopK):
            total = reconstruction
            d_codes = torch.bmm(d_x_hat, W_dec.mT)
        else:
            total = reconstruction + self.strength[:, 0, 0].to(x.dtype) * sparsity
            d_codes = torch.baddbmm((between * self.strength).to(dtype), d_x_hat, W_dec.mT)
        d_codes.mul_(active)
        d_W_dec = torch.bmm(codes.mT, d_x_hat)
        if isinstance(first, TopK) and first.auxiliary_k and bool(dead.any()):
            weight = first.auxiliary_coefficient
            wakened = self._auxiliary_codes(before, dead)
            excess = torch.bmm(wakened, W_dec).to(x.dtype) + error
            auxiliary = excess.square().sum((1, 2)) * scale * dead.any(1)
            total = total + weight * auxiliary
            d_excess = (2 * between * weight * excess).to(dtype)
            d_codes += torch.bmm(d_excess, W_dec.mT).mul_(wakened.sign())
            d_W_dec += torch.bmm(wakened.mT, d_excess)
        d_b_enc = sum_rows(d_codes).to(x.dtype)
        d_b_dec = 2 * between * error.sum(1)
        if first.pre_bias:
            d_b_dec -= torch.bmm(d_b_enc[:, None], self.rows)[:, 0]
        d_rows = torch.bmm(d_codes.mT, centred)
        for parameter, gradient in zip(
            self.parameters, (d_rows, d_b_enc, d_W_dec, d_b_dec), strict=True
        ):
            parameter.grad = gradient.to(x.dtype) * (scale / between)
        return Loss(total, reconstruction, sparsity, auxiliary), fired

    def _select(self, before: Float[Tensor, "E B F"]) -> Float[Tensor, "E B F"]:
        """ReLU, and for TopK the k largest, each member with its own k."""
        if not isinstance(self.first, TopK):
            return before.relu_()
        largest = int(self.strength.max())
        values, indices = before.topk(largest, dim=2)
        ranks = torch.arange(largest, device=before.device)
        values = values.relu() * (ranks < self.strength)
        return torch.zeros_like(before).scatter_(2, indices, values)

    def _auxiliary_codes(
        self, before: Float[Tensor, "E B F"], dead: Bool[Tensor, "E F"]
    ) -> Float[Tensor, "E B F"]:
        """The largest positive codes of dead features."""
        candidates = before.relu() * dead[:, None]
        size = min(self.first.auxiliary_k, self.features)
        values, indices = candidates.topk(size, dim=2, sorted=False)
        return torch.zeros_like(before).scatter_(2, indices, values)

    def _resample(self, x: Float[Tensor, "B D"], dead: Bool[Tensor, "E F"], number: int) -> None:
        for member, sae in enumerate(self.saes):
            seed = self.settings.seed + number
            which = resample(sae, x, dead[member, : sae.features], seed=seed)
            for parameter in (self.rows, self.b_enc, self.W_dec):
                reset_adam(self.adam, parameter, (member, which))
        self.rows_since_fired[dead] = 0

    def _clip(self) -> None:
        """As `clip_grad_norm_` does, each member by its own norm."""
        squares = sum(p.grad.flatten(1).square().sum(1) for p in self.parameters)
        factor = (self.settings.clip / (squares.sqrt() + 1e-6)).clamp(max=1.0)
        for parameter in self.parameters:
            parameter.grad.mul_(factor.view(-1, *[1] * (parameter.dim() - 1)))

    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on, for a checkpoint."""
        return {
            "parameters": [parameter.detach() for parameter in self.parameters],
            "adam": self.adam.state_dict(),
            "silent_for": self.rows_since_fired,
        }

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes back to a state that `state_dict` gave."""
        for parameter, value in zip(self.parameters, state["parameters"], strict=True):
            parameter.copy_(value)
        self.adam.load_state_dict(state["adam"])
        self.rows_since_fired.copy_(state["silent_for"])

    def unstack(self) -> None:
        """Gives each member memory of its own again."""
        for sae in self.saes:
            for parameter in sae.parameters():
                parameter.data = parameter.data.clone(memory_format=torch.preserve_format)


def make_groups(
    saes: Sequence[SparseAutoencoder], settings: FitSettings, device: torch.device, precision: str
) -> list[tuple[StackedSAEs | Optimiser, list[int]]]:
    """Groups of dictionaries and their ids: stacks where they pay, single optimisers elsewhere."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    for number, sae in enumerate(saes):
        key = (type(sae), sae.width, sae.pre_bias, sae.unit_decoder, sae.W_dec.dtype)
        if isinstance(sae, TopK):
            key = (*key, sae.auxiliary_k, sae.auxiliary_coefficient)
        alike[key].append(number)
    on_cpu = device.type == "cpu"
    budget = (CPU_CODES if on_cpu else GPU_CODES) // settings.batch
    padding = (CPU_PADDING if on_cpu else GPU_PADDING) // settings.batch
    found: list[tuple[StackedSAEs | Optimiser, list[int]]] = []
    for ids in alike.values():
        sizes = {one: saes[one].features for one in ids}
        for member_ids in _split(sizes, budget, padding):
            members = [saes[one].to(device) for one in member_ids]
            if len(members) > 1:
                found.append((StackedSAEs(members, settings, device, precision), member_ids))
            else:
                found.append((Optimiser(members[0], settings, device, precision), member_ids))
    return found


def _split(sizes: dict[int, int], budget: int, padding: int) -> list[list[int]]:
    """Splits dictionaries of one kind, by number of features, into stacks that pay.

    Args:
        sizes: features of each member.
        budget: features that a stack may have, padding included.
        padding: features of padding that one more member may cost.
    """
    stacks: list[list[int]] = []
    for number in sorted(sizes, key=lambda n: sizes[n]):
        last = stacks[-1] if stacks else []
        added = len(last) * (sizes[number] - sizes[last[-1]]) if last else 0
        if last and added <= padding and (len(last) + 1) * sizes[number] <= budget:
            last.append(number)
        else:
            stacks.append([number])
    return stacks
