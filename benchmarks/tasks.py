"""What is compared: sizes, the same weights and vectors for everyone, and the right answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors.torch import save_file
from torch import Tensor

# Rows of the reference at once, so that it needs little memory itself.
ROWS = 256
BATCHES = 2


@dataclass(frozen=True)
class Task:
    """One training step, at one size, by all who offer it."""

    name: str
    kind: str
    """`topk` or `l1`."""
    width: int
    features: int
    batch: int
    k: int = 1
    coefficient: float = 0.0
    seconds: float = 10.0
    """How long its rounds may take together; there are at least three."""
    contenders: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """For people."""
        what = f"TopK, k {self.k}" if self.kind == "topk" else "L1"
        return f"{what}: {self.width:,} → {self.features:,}, batch {self.batch:,}"

    def as_json(self) -> dict[str, Any]:
        """For a worker, and for the record."""
        return asdict(self)


LADDER = ("ours-default-adam", "ours-whole-batch")
L1 = ("ours", "ours-bf16", "sae-lens", "dictionary-learning", "plain", "floor", "floor-bf16")
FULL = (
    Task("topk-512", "topk", 512, 16_384, 4096, k=32, seconds=75, contenders=(
        "ours", "ours-bf16", "sae-lens", "sae-lens-sparse", "dictionary-learning", "eai-sparsify",
        "plain", "floor", "floor-bf16", *LADDER)),
    Task("l1-128", "l1", 128, 2048, 4096, coefficient=0.05, seconds=15, contenders=L1),
    Task("topk-1024", "topk", 1024, 16_384, 4096, k=32, seconds=60, contenders=(
        "ours", "ours-bf16", "sae-lens", "dictionary-learning", "eai-sparsify", "plain", "floor")),
)  # fmt: skip


def tiny(task: Task) -> Task:
    """The same task in milliseconds: it shows that everything runs, and no speed."""
    return replace(task, width=16, features=128, batch=64, k=min(task.k, 4), seconds=0.1)


def write_problem(task: Task, path: Path, seed: int = 0) -> float:
    """Weights and vectors for everyone; returns the loss of the first batch, in float64.

    The vectors are sparse sums of more directions than there are dimensions, with a little noise;
    the decoder's rows have norm 1, so that libraries which count norms in agree with those which
    do not.
    """
    g = torch.Generator().manual_seed(seed)
    truth = _directions(2 * task.width, task.width, g)
    batches = []
    for _ in range(BATCHES):
        which = torch.randint(len(truth), (task.batch, 12), generator=g)
        how_much = torch.rand(task.batch, 12, generator=g)
        x = torch.einsum("bk,bkd->bd", how_much, truth[which])
        batches.append(x + 0.05 * torch.randn(x.shape, generator=g))
    W_dec = _directions(task.features, task.width, g)
    weights = {
        "W_enc": W_dec.t().contiguous(),
        "b_enc": torch.zeros(task.features),
        "W_dec": W_dec,
        "b_dec": batches[0].mean(0),
    }
    save_file({**weights, **{f"x{i}": x for i, x in enumerate(batches)}}, path)
    return reference(task, weights, batches[0])


def _directions(count: int, width: int, g: torch.Generator) -> Float[Tensor, "N D"]:
    rows = torch.randn(count, width, generator=g)
    return torch.nn.functional.normalize(rows, dim=1)


def reference(task: Task, weights: dict[str, Tensor], x: Float[Tensor, "B D"]) -> float:
    """The total loss of a batch by its definition: dense, in float64."""
    W_enc, b_enc, W_dec, b_dec = (
        weights[name].double() for name in ("W_enc", "b_enc", "W_dec", "b_dec")
    )
    total = 0.0
    for rows in x.double().split(ROWS):
        codes = ((rows - b_dec) @ W_enc + b_enc).relu()
        if task.kind == "topk":
            kept = codes.topk(task.k, dim=1)
            codes = torch.zeros_like(codes).scatter_(1, kept.indices, kept.values)
        error = (codes @ W_dec + b_dec - rows).square().sum()
        total += float(error + task.coefficient * codes.sum())
    return total / len(x)
