"""SAE optimisation: settings, learning rate, gradients held and clipped, dead features moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.sae.base import Loss, SparseAutoencoder

# Rows of a matrix that are worked on at a time.
PIECE = 2048


@dataclass(frozen=True)
class FitSettings:
    """Hyperparameters of SAE training."""

    steps: int
    """Batches in all."""
    batch: int = 2048
    """Rows in a batch."""
    learning_rate: float = 1e-3
    """Adam's, at its highest."""
    warmup: int = 100
    """Steps in which the learning rate rises in a straight line."""
    decay_share: float = 0.2
    """The last share of the steps, in which it falls in a straight line to zero."""
    betas: tuple[float, float] = (0.9, 0.999)
    """Adam's decay of the first and second moment."""
    epsilon: float = 1e-8
    """Adam's."""
    clip: float = 0.0
    """Largest norm of all gradients together; 0: no limit."""
    dead_after: int = 200_000
    """A feature is dead when it has been silent on that many rows."""
    resample_every: int = 0
    """Steps between moving dead features to badly explained vectors; 0: never."""
    seed: int = 0
    """Order of the rows, and which vectors resampled features move to."""
    log_every: int = 50
    """Steps between two entries of the history."""
    checkpoint_seconds: float = 15.0
    """Time between two checkpoints, where there is a file for them."""

    def __post_init__(self) -> None:
        """Raises UserError where a number makes no sense."""
        wrong = [
            name
            for name, fine in {
                "steps": self.steps >= 1,
                "batch": self.batch >= 1,
                "learning_rate": self.learning_rate > 0,
                "warmup": self.warmup >= 0,
                "decay_share": 0 <= self.decay_share <= 1,
                "betas": all(0 <= beta < 1 for beta in self.betas),
                "clip": self.clip >= 0,
                "dead_after": self.dead_after >= 1,
                "resample_every": self.resample_every >= 0,
                "log_every": self.log_every >= 1,
            }.items()
            if not fine
        ]
        if wrong:
            raise UserError(
                f"these training settings are out of range: "
                f"{', '.join(f'{name} = {getattr(self, name)}' for name in wrong)}; see the "
                "docstrings of FitSettings."
            )

    def resume_identity(self) -> dict[str, Any]:
        """The settings that decide which weights come out: a resumed run must agree on them."""
        same = asdict(self)
        del same["checkpoint_seconds"], same["log_every"]
        return same | {"betas": list(self.betas)}


class StepMetrics(NamedTuple):
    """Metrics of a step, of one dictionary or of each of E; on the device: nothing waits."""

    loss: Loss
    """Of this step's batch, before the update; without gradient."""
    fired: Int[Tensor, "*E F"]
    """In how many rows of the batch each feature fired."""
    dead: Bool[Tensor, "*E F"]
    """Features that count as dead."""
    learning_rate: float


def learning_rate(settings: FitSettings, step: int) -> float:
    """Rises in a straight line over `warmup` steps, stays, falls to zero over the last share."""
    rise = min(1.0, (step + 1) / (settings.warmup + 1))
    tail = settings.decay_share * settings.steps
    fall = min(1.0, (settings.steps - step) / tail) if tail else 1.0
    return settings.learning_rate * min(rise, fall)


def is_resampling_step(settings: FitSettings, number: int) -> bool:
    """Whether dead features are moved before step `number`."""
    every = settings.resample_every
    # Not in the tail: a moved feature needs a learning rate to settle with.
    before_tail = number < settings.steps * (1 - settings.decay_share)
    return bool(every) and number > 0 and number % every == 0 and before_tail


def steps_between_looks(device: torch.device) -> int:
    """How seldom a training asks the device for a number: a GPU finishes all before it."""
    return 25 if device.type == "cuda" else 1


@torch.no_grad()
def project_gradient(W_dec: Float[nn.Parameter, "*E F D"]) -> None:
    """Takes from each row's gradient the part that would change only the row's norm.

    Adam would spend its step on that part and the normalisation afterwards undo it. Expects rows
    of norm 1.
    """
    gradient = W_dec.grad
    # Piece by piece, or the products would take as much memory as the decoder.
    for rows, own in zip(W_dec.split(PIECE, -2), gradient.split(PIECE, -2), strict=True):
        own.addcmul_((own * rows).sum(-1, keepdim=True), rows, value=-1)


@torch.no_grad()
def clip_members(parameters: Sequence[nn.Parameter], largest: float) -> None:
    """As `clip_grad_norm_` does, each member by its own norm."""
    squares = sum(p.grad.flatten(1).square().sum(1) for p in parameters)
    factor = (largest / (squares.sqrt() + 1e-6)).clamp(max=1.0)
    for parameter in parameters:
        parameter.grad.mul_(factor.view(-1, *[1] * (parameter.dim() - 1)))


@torch.no_grad()
def resample(
    sae: SparseAutoencoder, x: Float[Tensor, "B D"], dead: Bool[Tensor, " F"], *, seed: int
) -> Int[Tensor, " moved"]:
    """Moves dead features to vectors that the dictionary explains badly (Bricken et al. 2023).

    A vector is chosen with a probability proportional to its squared loss; the feature reads and
    writes its centred direction, its encoder weights scaled to a fifth of the living ones' mean
    norm.

    Returns:
        the features that were moved; none where every vector is explained.
    """
    which = dead.nonzero().squeeze(1)
    squared = (x - sae(x)).square().sum(1).square().double().cpu()
    if not len(which) or not bool(squared.sum() > 0):
        return which[:0]
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.multinomial(squared, len(which), replacement=True, generator=generator)
    rows = nn.functional.normalize(x[chosen.to(x.device)] - sae.b_dec, dim=1)
    alive = torch.linalg.vector_norm(sae.W_enc[:, ~dead], dim=0)
    scale = 0.2 * alive.mean() if len(alive) else 1.0
    sae.W_dec[which] = rows
    sae.W_enc[:, which] = (rows * scale).t()
    sae.b_enc[which] = 0.0
    return which


def reset_adam(adam: torch.optim.Adam, parameter: nn.Parameter, index: tuple[Any, ...]) -> None:
    """Sets Adam's moments to zero at `index`: else they would pull a moved feature away at once."""
    for moment in ("exp_avg", "exp_avg_sq"):
        if moment in adam.state.get(parameter, {}):
            adam.state[parameter][moment][index] = 0.0
