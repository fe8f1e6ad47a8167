"""Loss recovered: the model's loss with a reconstruction in place of an activation.

A dictionary that explains most of the variance may still miss what the model needs, so the loss is
measured with the reconstruction spliced in, between two ends: the model as it is, and the site
ablated, that is replaced by zeros or by its mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int, Integer
from torch import Tensor

from lib.activations.harvest import evaluating
from lib.core.device import autocast
from lib.core.errors import UserError
from lib.core.progress import announce
from lib.model.evaluation import all_windows, check_predictable
from lib.model.language_model import LanguageModel
from lib.sae.base import SparseAutoencoder

# Codes, and logits, that are in memory at once: 2^24 numbers are 64 MiB.
NUMBERS_AT_ONCE = 2**24
# Below this share of the loss, what an ablation changes is rounding.
LEAST_COST = 1e-4


class Splice(NamedTuple):
    """Losses with a dictionary spliced in, and KL divergences: in nats, means over tokens."""

    clean: float
    """The model's own loss."""
    spliced: float
    """Its loss when the reconstruction takes the site's place, at every position."""
    zero: float
    """Its loss when the site is zero."""
    mean: float
    """Its loss when the site is its mean."""
    kl: float
    """KL(own || spliced): how far the predictions move, also where they are wrong either way."""
    kl_zero: float
    """KL(own || zero)."""
    kl_mean: float
    """KL(own || mean)."""
    tokens: int
    """Tokens predicted, each once."""

    @property
    def recovered(self) -> float:
        """Loss recovered, (zero - spliced) / (zero - clean): 1 for a perfect reconstruction, 0 for
        one no better than zeros, negative for a worse one; NaN, undefined, where zeros change the
        loss by less than `LEAST_COST` of it: a share of nothing is no number."""
        return _share(self.zero, self.spliced, self.clean)

    @property
    def recovered_from_mean(self) -> float:
        """Loss recovered from mean ablation, (mean - spliced) / (mean - clean): stricter, since a
        site's mean is often most of what zeros take away; undefined in the same way."""
        return _share(self.mean, self.spliced, self.clean)


def _share(ablated: float, spliced: float, clean: float) -> float:
    cost = ablated - clean
    return (ablated - spliced) / cost if abs(cost) > LEAST_COST * clean else float("nan")


class SpliceStream:
    """Collects `Splice` batch by batch for some dictionaries: `add` as often as needed, then
    `compute`. The model's own pass and the two ablations are made once for all of them.

    Args:
        model: in evaluation mode.
        saes: each as wide as the site, on the model's device.
        mean: what mean ablation puts at the site.
        precision: number format of the model's products; dictionaries run in their own.
        skip_first: positions at the start of a sequence that stay as they are.
    Raises:
        UserError: an unknown site, or a dictionary of another width.
    """

    def __init__(
        self,
        model: LanguageModel,
        saes: Sequence[SparseAutoencoder],
        site: str,
        mean: Float[Tensor, " D"],
        precision: str = "fp32",
        skip_first: int = 0,
    ) -> None:
        width = model.site_width(site)
        for sae in saes:
            if sae.width != width:
                raise UserError(
                    f"a dictionary of width {sae.width} cannot stand at {site}, which is {width} "
                    "wide: splice it in where it was trained."
                )
        self.model, self.site, self.precision = model, site, precision
        mean = mean.to(model.device)
        self.edits: list[Callable[[Tensor], Tensor] | None] = [
            None,
            torch.zeros_like,
            lambda x: mean.to(x.dtype).expand_as(x),
            *(partial(reconstruct, sae) for sae in saes),
        ]
        if skip_first:
            self.edits[1:] = [partial(_behind, skip_first, edit) for edit in self.edits[1:]]
        size = len(self.edits)
        self.losses = torch.zeros(size, dtype=torch.float64)
        self.divergences = torch.zeros(size, dtype=torch.float64)
        self.tokens = 0

    @torch.no_grad()
    def add(self, inputs: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]) -> None:
        """Counts the predictions of `targets[b, t]` from `inputs[b, :t + 1]`."""
        device = self.model.device
        inputs, targets = inputs.to(device), targets.to(device).flatten()
        finals = [self._final(inputs, edit) for edit in self.edits]
        rows = max(1, NUMBERS_AT_ONCE // self.model.config.vocab_size)
        for start in range(0, len(targets), rows):
            here = slice(start, start + rows)
            own = self._log_probabilities(finals[0][here])
            for number, final in enumerate(finals):
                other = self._log_probabilities(final[here]) if number else own
                loss = F.nll_loss(other, targets[here], reduction="none").double().sum()
                divergence = (own.exp() * (own - other)).sum(1).double().sum()
                self.losses[number] += loss.cpu()
                self.divergences[number] += divergence.cpu()
        self.tokens += len(targets)

    def compute(self) -> list[Splice]:
        """One `Splice` for each dictionary.

        Raises:
            UserError: nothing was added, or a loss is NaN or infinite.
        """
        if not self.tokens:
            raise UserError("splicing needs at least one predicted token; nothing was added.")
        wrong = (~(self.losses + self.divergences).isfinite()).nonzero().flatten().tolist()
        if wrong:
            names = ["the model itself", "zeros", "the mean"]
            names += [f"dictionary {number}" for number in range(len(self.edits) - 3)]
            raise UserError(
                f"with {names[wrong[0]]} at {self.site} the loss is NaN or infinite; look at its "
                "weights, or choose precision fp32."
            )
        clean, zero, mean, *spliced = (self.losses / self.tokens).tolist()
        _, kl_zero, kl_mean, *kls = (self.divergences / self.tokens).tolist()
        for name, ablated in (("zeros", zero), ("the mean", mean)):
            if math.isnan(_share(ablated, clean, clean)):
                announce(
                    f"{name} at {self.site} cost {ablated - clean:.2g} nats a token: what of this "
                    "a dictionary recovers is undefined"
                )
        return [
            Splice(clean, loss, zero, mean, kl, kl_zero, kl_mean, self.tokens)
            for loss, kl in zip(spliced, kls, strict=True)
        ]

    def _final(
        self, inputs: Int[Tensor, "B T"], edit: Callable[[Tensor], Tensor] | None
    ) -> Float[Tensor, "N D"]:
        """What the unembedding reads."""
        edits = {self.site: edit} if edit else None
        with autocast(self.model.device, self.precision):
            output = self.model(inputs, read=("final",), stop_at="final", edit=edits)
        return output.activations["final"].flatten(0, 1)

    def _log_probabilities(self, final: Float[Tensor, "N D"]) -> Float[Tensor, "N V"]:
        with autocast(self.model.device, self.precision):
            logits = self.model.unembedding(final)
        return F.log_softmax(logits.to(torch.promote_types(logits.dtype, torch.float32)), dim=1)


def splice(
    model: LanguageModel,
    saes: Sequence[SparseAutoencoder],
    tokens: Integer[np.ndarray, " N"],
    site: str,
    *,
    precision: str = "fp32",
    batch: int = 32,
    mean: Float[Tensor, " D"] | None = None,
    skip_first: int = 0,
) -> list[Splice]:
    """Each dictionary spliced into `site` of the model, on a whole text.

    The text is read as `lib.model.evaluation.evaluate` reads it: in windows of the model's context
    that do not overlap, each token but the first predicted exactly once.

    Args:
        tokens: held-out text.
        mean: what mean ablation uses; None: the site's mean over this text.
        skip_first: positions at the start of a window that stay as they are, for dictionaries that
            never learned from them; their predictions count all the same.
    Raises:
        UserError: fewer than two tokens, an unknown site, a dictionary of another width.
    """
    check_predictable(tokens)
    windows = partial(all_windows, tokens, model.config.context, batch)
    with evaluating(model):
        if mean is None:
            read = (inputs for inputs, _ in windows())
            mean = mean_activation(model, read, site, precision, skip_first)
        stream = SpliceStream(model, saes, site, mean, precision, skip_first)
        for inputs, targets in windows():
            stream.add(inputs, targets)
    return stream.compute()


@torch.no_grad()
def mean_activation(
    model, inputs, site: str, precision: str = "fp32", skip_first: int = 0
) -> Float[Tensor, " D"]:
    """The mean of a site over all positions of some batches of tokens, but for the first
    `skip_first` of each sequence; summed in float64."""
    total = torch.zeros(model.site_width(site), dtype=torch.float64)
    count = 0
    for tokens in inputs:
        with autocast(model.device, precision):
            output = model(tokens.to(model.device), read=(site,), stop_at=site)
        found = output.activations[site][:, skip_first:]
        total += found.double().sum((0, 1)).cpu()
        count += found[..., 0].numel()
    return (total / max(1, count)).to(model.unembedding.weight.dtype)


def _behind(skip: int, edit: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The edit at all positions but the first `skip`."""
    return torch.cat([x[:, :skip], edit(x[:, skip:]).to(x.dtype)], dim=1)


def reconstruct(sae: SparseAutoencoder, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
    """Equivalent to `sae(x)`, some rows at a time and in the dictionary's own number format."""
    rows = x.reshape(-1, x.shape[-1]).to(sae.W_dec.dtype)
    with torch.autocast(x.device.type, enabled=False):
        pieces = [sae(piece) for piece in rows.split(max(1, NUMBERS_AT_ONCE // sae.features))]
    return torch.cat(pieces).view(x.shape)
