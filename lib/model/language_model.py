"""What the book asks of a language model that it reads, whoever trained it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import Any, NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lib.model.cross_entropy import linear_cross_entropy
from lib.model.sites import Edits, check_site


class ModelShape(Protocol):
    """The sizes of a model."""

    vocab_size: int
    context: int
    """The longest sequence, in tokens, that is read."""
    layers: int
    width: int
    """Dimensions of the residual stream, D."""

    @property
    def sites(self) -> tuple[str, ...]:
        """The names of all activations that can be read or edited, in order of computation."""
        ...


class ModelOutput(NamedTuple):
    """What a forward pass returns."""

    logits: Float[Tensor, "B T V"] | None
    """Scores of the next token; None where the pass stopped early."""
    activations: dict[str, Tensor]
    """The sites that were asked for, each [B, T, site width], after any edit."""


@runtime_checkable
class Cache(Protocol):
    """Keys and values of the positions read so far; for passes without gradients."""

    @property
    def length(self) -> int:
        """Positions that have been read."""
        ...

    def copy(self) -> Cache:
        """One of its own, so that the same beginning can go on in several ways."""
        ...


class FinalNorm(NamedTuple):
    """How the last norm weighs the residual stream, its division left out."""

    weight: Float[Tensor, " D"]
    centred: bool
    """Whether it takes the mean off first, as LayerNorm does and RMSNorm does not."""


class LanguageModel(nn.Module):
    """A decoder-only language model whose activations have names (sites, elsewhere hook points)."""

    config: Any
    """A `ModelShape`."""
    blocks: nn.ModuleList
    unembedding: nn.Module
    """Linear map from what the last norm gives, the site `final`, to logits."""

    @property
    @abstractmethod
    def key(self) -> str:
        """Names these very weights: what is made with the model is keyed by this."""

    @abstractmethod
    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        *,
        read: Collection[str] = (),
        edit: Edits | None = None,
        stop_at: str | None = None,
        cache: Cache | None = None,
    ) -> ModelOutput:
        """Scores of each next token, and what was asked for along the way.

        Args:
            tokens: ids; position t predicts token t + 1.
            read: sites whose activations are returned, after any edit. Sites are
                `blocks.{i}.resid_pre`, `.attn_out`, `.resid_mid`, `.mlp_act`, `.mlp_out`,
                `.resid_post`, and `final`: what the unembedding reads. Not every model has all.
            edit: functions by site; each gets the activation [B, T, width] and returns what the
                computation goes on with.
            stop_at: ends the computation once that site is reached; logits are then None.
            cache: holds the positions before `tokens` and receives these; only `tokens` are
                computed, and read, and edited.

        Raises:
            UserError: an unknown site, or more positions than the context.
        """

    @abstractmethod
    def untrained(self, seed: int) -> LanguageModel:
        """The same architecture with random weights, on the same device, in evaluation mode."""

    def renamed(self, key: str) -> LanguageModel:
        """The model under another key, for one whose weights were changed; a key that is made of
        the weights has followed them already."""
        return self

    @abstractmethod
    def neuron_writes(self, block: int) -> Float[Tensor, "M D"]:
        """What each neuron of a block's MLP adds to the residual stream, by its activation."""

    @abstractmethod
    def neuron_reads(self, block: int) -> Float[Tensor, "M inputs"]:
        """What each neuron of a block's MLP weighs its input with: D numbers, 2 D where it has a
        gate."""

    @abstractmethod
    def final_norm_scale(self) -> FinalNorm:
        """How the last norm weighs the dimensions of the residual stream."""

    @abstractmethod
    def new_cache(self) -> Cache:
        """An empty one, for `forward`."""

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.unembedding.weight.device

    def parameter_count(self) -> int:
        """Trained numbers; a tied unembedding counts once."""
        return sum(parameter.numel() for parameter in self.parameters())

    def weights_before(self, site: str) -> int:
        """How many weights a token meets on its way to a site, embeddings aside; those of the
        site's own block are counted whole.

        Raises:
            UserError: an unknown site.
        """
        check_site(self.config.sites, site)
        blocks = self.blocks if site == "final" else self.blocks[: int(site.split(".")[1]) + 1]
        return sum(parameter.numel() for parameter in blocks.parameters())

    @abstractmethod
    def site_width(self, site: str) -> int:
        """Dimensions of the activation at a site.

        Raises:
            UserError: an unknown site.
        """

    def loss(self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
        """Summed loss, in nats, of predicting `targets[b, t]` from `tokens[b, :t + 1]`.

        The same as cross-entropy on the logits, which are never held all at once.
        """
        hidden = self(tokens, read=("final",), stop_at="final").activations["final"]
        return linear_cross_entropy(
            hidden.flatten(0, 1), self.unembedding.weight, self.unembedding.bias, targets.flatten()
        )
