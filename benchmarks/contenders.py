"""Training steps: ours, plain autograd, and the floor below which no dense search can go.

Every contender has `step()`, which trains on the next batch and returns the loss before the update.
The peers' are in `peer_contenders`, which runs in their environment and imports nothing of `lib`.
"""

from __future__ import annotations

from itertools import cycle
from typing import Any

import torch
from torch import Tensor

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
LEARNING_RATE = 1e-4
# So late that no feature counts as dead while times are taken: the auxiliary loss is part of every
# library's step, and none of them has anything to do for it.
DEAD_AFTER = 10_000_000


class Contender:
    """What all share: the task, the weights to start from, and batches without end."""

    def __init__(
        self, task: dict[str, Any], tensors: dict[str, Tensor], device: str, precision: str
    ) -> None:
        self.task, self.device, self.precision = task, torch.device(device), precision
        self.width, self.features, self.k = task["width"], task["features"], task["k"]
        batches = [value for name, value in sorted(tensors.items()) if name.startswith("x")]
        self.batches = cycle([x.to(self.device) for x in batches])
        self.weights = {n: v.to(self.device) for n, v in tensors.items() if not n.startswith("x")}
        self.done = 0
        self.build()
        self.weights.clear()

    def build(self) -> None:
        """Makes the dictionary with `self.weights`, and its optimiser."""
        raise NotImplementedError

    def train(self, x: Tensor) -> Tensor | float | None:
        """One step; the total loss before it, None where there is none."""
        raise NotImplementedError

    def step(self) -> Tensor | float | None:
        """Trains on the next batch."""
        loss = self.train(next(self.batches))
        self.done += 1
        return loss


class Ours(Contender):
    """`lib.sae`, as `fit` runs it."""

    def build(self) -> None:
        from lib.sae.autoencoders import L1, TopK
        from lib.sae.ensemble import Ensemble
        from lib.sae.optimisation import FitSettings

        sae: Any
        if self.task["kind"] == "topk":
            sae = TopK(self.width, self.features, self.k, auxiliary_k=self.width // 2)
        else:
            sae = L1(self.width, self.features, self.task["coefficient"])
        sae.load_state_dict(self.weights)
        settings = FitSettings(
            steps=10**6, batch=self.task["batch"], learning_rate=LEARNING_RATE, warmup=0,
            dead_after=DEAD_AFTER,
        )  # fmt: skip
        sae.to(self.device)
        self.optimiser = Ensemble([sae], settings, self.device, self.precision)

    def train(self, x: Tensor) -> Tensor:
        return self.optimiser.step(x, self.done).loss.total


class WholeBatch(Ours):
    """Ours, with the codes of the whole batch in memory at once."""

    def build(self) -> None:
        from lib.sae import sparse_ops

        sparse_ops.CPU_ROWS = 2**30
        super().build()


class DefaultAdam(Ours):
    """Ours, with torch's default Adam in place of the fused one."""

    def build(self) -> None:
        super().build()
        self.optimiser.adam = torch.optim.Adam(self.optimiser.weights, lr=LEARNING_RATE)


class Plain(Contender):
    """The definition in a few lines, differentiated by autograd: dense products throughout."""

    def build(self) -> None:
        self.parameters = {n: torch.nn.Parameter(v.clone()) for n, v in self.weights.items()}
        self.adam = torch.optim.Adam(self.parameters.values(), lr=LEARNING_RATE)

    def train(self, x: Tensor) -> Tensor:
        W_enc, b_enc, W_dec, b_dec = (
            self.parameters[name] for name in ("W_enc", "b_enc", "W_dec", "b_dec")
        )
        codes = ((x - b_dec) @ W_enc + b_enc).relu()
        if self.task["kind"] == "topk":
            values, indices = codes.topk(self.k, dim=1)
            codes = torch.zeros_like(codes).scatter(1, indices, values)
        error = (codes @ W_dec + b_dec - x).square().sum(1).mean()
        loss = error + self.task["coefficient"] * codes.sum(1).mean()
        self.adam.zero_grad()
        loss.backward()
        with torch.no_grad():
            W_dec.grad -= (W_dec.grad * W_dec).sum(1, keepdim=True) * W_dec
        self.adam.step()
        with torch.no_grad():
            W_dec /= W_dec.norm(dim=1, keepdim=True)
        return loss.detach()


class Floor(Contender):
    """The products that a step cannot do without, and for TopK torch's search: no training.

    TopK has to find the largest codes, which takes one product. L1 has to multiply five times.
    """

    def build(self) -> None:
        dtype = DTYPES[self.precision]
        self.W_enc, self.W_dec = (self.weights[n].to(dtype).clone() for n in ("W_enc", "W_dec"))

    def train(self, x: Tensor) -> None:
        x = x.to(DTYPES[self.precision])
        codes = x @ self.W_enc
        if self.task["kind"] == "topk":
            codes.topk(self.k, dim=1, sorted=False)
            return
        x_hat = codes @ self.W_dec
        d_codes = x_hat @ self.W_dec.t()
        codes.t() @ x_hat
        d_codes.t() @ x


OWN = {
    "ours": (Ours, "fp32"),
    "ours-bf16": (Ours, "bf16"),
    "plain": (Plain, "fp32"),
    "floor": (Floor, "fp32"),
    "floor-bf16": (Floor, "bf16"),
    "ours-whole-batch": (WholeBatch, "fp32"),
    "ours-default-adam": (DefaultAdam, "fp32"),
}
