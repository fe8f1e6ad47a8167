"""SAE ensembles: E dictionaries of one kind and width train as one; a single one is E = 1.

A toy dictionary's step is shorter than the time it takes to start its operations, so that sixteen
together cost little more than one. Larger ones gain nothing on a CPU; `make_ensembles` decides.
Members with fewer features than the largest are padded with features of zeros, which never fire,
get no gradient and count nowhere.

The members' parameters are views of the stacked ones while they train: a callback sees each member
as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from lib.core.device import autocast
from lib.sae.autoencoders import TopK
from lib.sae.base import Dead, Loss, SparseAutoencoder, Weights, normalise_rows
from lib.sae.optimisation import (
    FitSettings,
    StepMetrics,
    clip_members,
    is_resampling_step,
    learning_rate,
    project_gradient,
    resample,
    reset_adam,
    steps_between_looks,
)

# Codes of all members together: on a CPU what the cache holds. Members of which not even two fit
# gain nothing.
CPU_CODES = 2**18
GPU_CODES = 2**28
# Codes of padding that cost less than a step of one more dictionary. On a GPU starting operations
# costs more and arithmetic less; there it is a guess.
CPU_PADDING = 2**15
GPU_PADDING = 2**22


class Ensemble:
    """Adam on E dictionaries, their decoders kept at norm 1, their dead features looked after.

    It looks at its batch, its step number and nothing else. No step waits for a GPU, but for those
    that resample and one in `steps_between_looks`.

    Args:
        saes: trained in place, on `device`; alike but for features, k, coefficient and seed.
        precision: of the matrix products; weights, gradients and Adam's moments are float32.
    """

    def __init__(
        self,
        saes: Sequence[SparseAutoencoder],
        settings: FitSettings,
        device: torch.device,
        precision: str,
    ) -> None:
        self.saes, self.settings = list(saes), settings
        self.device, self.precision = device, precision
        self.strongest = max(self.saes, key=lambda sae: sae.strength)
        self.features = max(sae.features for sae in self.saes)
        names = ("W_enc", "b_enc", "W_dec", "b_dec")
        values = [[getattr(sae, name).detach() for sae in self.saes] for name in names]
        values[0] = [W_enc.t() for W_enc in values[0]]
        self.weights = Weights(*(nn.Parameter(_stack(members)) for members in values))
        for number, sae in enumerate(self.saes):
            for name, stacked, own in zip(names, self.weights, values, strict=True):
                view = stacked.data[number, : len(own[number])]
                getattr(sae, name).data = view.t() if name == "W_enc" else view
        self.adam = torch.optim.Adam(
            self.weights, lr=settings.learning_rate, betas=settings.betas, eps=settings.epsilon,
            # One pass over the parameters instead of a dozen; the same arithmetic.
            fused=device.type in {"cpu", "cuda"},
        )  # fmt: skip
        # Gradients of fp16 products vanish without a scale; the other formats need none.
        self.scaler = torch.amp.GradScaler(device.type, enabled=precision == "fp16")
        size = (len(self.saes), self.features)
        self.rows_since_fired = torch.zeros(size, dtype=torch.int64, device=device)
        """Rows seen since each feature fired last."""
        sizes = torch.tensor([sae.features for sae in self.saes], device=device)
        self.real = torch.arange(self.features, device=device) < sizes[:, None]
        """[E, F]: which features are no padding."""
        self.among = torch.zeros(len(self.saes), 0, dtype=torch.int64, device=device)
        """Features that can be dead before the next look; see `Dead`."""
        strengths = [sae.strength for sae in self.saes]
        alike = min(strengths) == max(strengths)
        self.strengths = None if alike else torch.tensor(strengths, device=device)

    def step(self, x: Float[Tensor, "B D"], number: int) -> StepMetrics:
        """Trains on one batch; every field has a leading axis of members.

        Args:
            number: of the step, from 0.
        """
        dead = (self.rows_since_fired >= self.settings.dead_after) & self.real
        if is_resampling_step(self.settings, number):
            self._resample(x, dead, number)
            dead = torch.zeros_like(dead)
        if number % steps_between_looks(self.device) == 0:
            self._look(len(x))
        rate = learning_rate(self.settings, number)
        self.adam.param_groups[0]["lr"] = rate
        known = Dead(dead, self.among)
        with autocast(self.device, self.precision):
            loss, fired = self.strongest.ensemble_step(self.weights, x, known, self.strengths)
        self.adam.zero_grad(set_to_none=True)
        self.scaler.scale(loss.total.sum()).backward()
        self.scaler.unscale_(self.adam)
        if self.strongest.unit_decoder:
            project_gradient(self.weights.W_dec)
        if self.settings.clip:
            clip_members(self.weights, self.settings.clip)
        self.scaler.step(self.adam)
        self.scaler.update()
        if self.strongest.unit_decoder:
            normalise_rows(self.weights.W_dec)
        self.rows_since_fired.add_(len(x)).masked_fill_(fired > 0, 0)
        return StepMetrics(Loss(*(part.detach() for part in loss)), fired, dead, rate)

    def member(self, metrics: StepMetrics, number: int) -> StepMetrics:
        """What `step` returned, for one member."""
        loss, fired, dead, rate = metrics
        own = (number, slice(self.saes[number].features))
        return StepMetrics(Loss(*(part[number] for part in loss)), fired[own], dead[own], rate)

    def _look(self, rows: int) -> None:
        """Finds which features can be dead before the next look; asks the device for a number."""
        if not (isinstance(self.strongest, TopK) and self.strongest.auxiliary_k):
            return
        soon = self.settings.dead_after - rows * (steps_between_looks(self.device) - 1)
        silent = ((self.rows_since_fired >= soon) & self.real).int()
        count = int(silent.sum(1).max())
        if count or self.among.numel():
            self.among = silent.argsort(dim=1, descending=True, stable=True)[:, :count]

    def _resample(self, x: Float[Tensor, "B D"], dead: Bool[Tensor, "E F"], number: int) -> None:
        for member, sae in enumerate(self.saes):
            seed = self.settings.seed + number
            which = resample(sae, x, dead[member, : sae.features], seed=seed)
            for parameter in self.weights[:3]:
                reset_adam(self.adam, parameter, (member, which))
        self.rows_since_fired[dead] = 0

    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on, for a checkpoint."""
        return {
            "parameters": [parameter.detach() for parameter in self.weights],
            "adam": self.adam.state_dict(),
            "scaler": self.scaler.state_dict(),
            "silent_for": self.rows_since_fired,
            "among": self.among,
        }

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes back to a state that `state_dict` gave."""
        for parameter, value in zip(self.weights, state["parameters"], strict=True):
            parameter.copy_(value)
        self.adam.load_state_dict(state["adam"])
        self.scaler.load_state_dict(state["scaler"])
        self.rows_since_fired.copy_(state["silent_for"])
        self.among = state["among"].to(self.device)

    def unstack(self) -> None:
        """Gives each member memory of its own again."""
        if len(self.saes) > 1:
            for sae in self.saes:
                for parameter in sae.parameters():
                    parameter.data = parameter.data.clone(memory_format=torch.preserve_format)


def _stack(values: Sequence[Tensor]) -> Tensor:
    """Stacks tensors of any length, padded with zeros; one alone is not copied."""
    if len(values) == 1:
        return values[0].contiguous()[None]
    longest = max(len(value) for value in values)
    return torch.stack(
        [torch.cat([v, v.new_zeros(longest - len(v), *v.shape[1:])]) for v in values]
    )


def make_ensembles(
    saes: Sequence[SparseAutoencoder], settings: FitSettings, device: torch.device, precision: str
) -> list[tuple[Ensemble, list[int]]]:
    """Ensembles with the numbers of their members: several together where that pays."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    for number, sae in enumerate(saes):
        key = (type(sae), sae.width, sae.pre_bias, sae.unit_decoder, sae.W_dec.dtype)
        if isinstance(sae, TopK):
            key = (*key, sae.auxiliary_k, sae.auxiliary_coefficient)
        alike[key].append(number)
    on_cpu = device.type == "cpu"
    budget = (CPU_CODES if on_cpu else GPU_CODES) // settings.batch
    padding = (CPU_PADDING if on_cpu else GPU_PADDING) // settings.batch
    found: list[tuple[Ensemble, list[int]]] = []
    for ids in alike.values():
        for member_ids in _split({one: saes[one].features for one in ids}, budget, padding):
            members = [saes[one].to(device) for one in member_ids]
            found.append((Ensemble(members, settings, device, precision), member_ids))
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
