"""Decoder-only transformer, plain enough to read in one sitting.

Shapes: B sequences, T positions, D residual stream (d_model), V vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors
from torch import Tensor, nn

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.identity import content_key
from lib.model.config import TransformerConfig
from lib.model.language_model import FinalNorm, LanguageModel, ModelOutput
from lib.model.layers import MLP, Attention, KeyValueCache, Norm, Rotary
from lib.model.sites import Edits, SiteVisitor, StopReached, check_site

__all__ = ["Transformer", "TransformerConfig", "load_model", "save_model"]


class Block(nn.Module):
    """Attention and MLP, each of which reads the residual stream and adds to it."""

    def __init__(self, config: TransformerConfig, index: int):
        super().__init__()
        self.index, self.dropout = index, config.dropout
        self.attention_norm = Norm(config)
        self.attention = Attention(config)
        self.mlp_norm = Norm(config)
        self.mlp = MLP(config)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        visit: SiteVisitor,
        rotary: Rotary | None,
        cache: KeyValueCache | None,
    ) -> Float[Tensor, "B T D"]:
        name = f"blocks.{self.index}."
        x = visit(name + "resid_pre", x)
        attended = self.attention(self.attention_norm(x), rotary, cache, self.index)
        x = x + self._drop(visit(name + "attn_out", attended))
        x = visit(name + "resid_mid", x)
        inside = visit(name + "mlp_act", self.mlp.activate(self.mlp_norm(x)))
        x = x + self._drop(visit(name + "mlp_out", self.mlp.down(inside)))
        return visit(name + "resid_post", x)

    def _drop(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        return F.dropout(x, self.dropout, self.training) if self.dropout else x


class Transformer(LanguageModel):
    """A decoder-only language model.

    Args:
        config: sizes and shape.
        seed: of the initial weights, which are drawn on the CPU, so that they are the same on
            every device; None draws from torch's global generator.
    """

    def __init__(self, config: TransformerConfig, seed: int | None = None):
        super().__init__()
        self.config = config
        # torch's layers draw weights of their own, which are replaced below: nobody should notice.
        with torch.random.fork_rng([]):
            self.embedding = nn.Embedding(config.vocab_size, config.width)
            learned = config.positions == "learned"
            self.positions = nn.Embedding(config.context, config.width) if learned else None
            self.rotary = None if learned else Rotary(config)
            self.blocks = nn.ModuleList(Block(config, i) for i in range(config.layers))
            self.final_norm = Norm(config)
            self.unembedding = nn.Linear(config.width, config.vocab_size, bias=self._unembed_bias)
            if config.tied:
                self.unembedding.weight = self.embedding.weight
        self._initialise(seed)

    @property
    def key(self) -> str:
        weights = dict(self.named_parameters())
        return content_key(self.config.to_dict(), list(weights), *weights.values())

    @property
    def _unembed_bias(self) -> bool:
        return self.config.biases and not self.config.tied

    @torch.no_grad()
    def _initialise(self, seed: int | None) -> None:
        """Normal weights with variance 1 / inputs (LeCun et al. 1998), at any width.

        What writes into the residual stream is smaller by the square root of the number of
        writers, so that the stream keeps its size with depth (Radford et al. 2019).
        """
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        writers = 2 * self.config.layers
        for name, parameter in self.named_parameters():
            if parameter.ndim < 2:
                continue  # norms start at one, biases at zero, by their own modules
            std = parameter.shape[1] ** -0.5
            if name.endswith(("attention.out.weight", "mlp.down.weight")):
                std /= writers**0.5
            parameter.normal_(std=std, generator=generator)
        for module in self.modules():
            if isinstance(module, nn.Linear) and module.bias is not None:
                module.bias.zero_()

    def site_width(self, site: str) -> int:
        check_site(self.config.sites, site)
        return self.config.mlp_width if site.endswith(".mlp_act") else self.config.width

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        *,
        read: Collection[str] = (),
        edit: Edits | None = None,
        stop_at: str | None = None,
        cache: KeyValueCache | None = None,
    ) -> ModelOutput:
        visit = SiteVisitor(self.config.sites, read, edit, stop_at)
        try:
            return ModelOutput(
                self.unembedding(self._final(tokens, visit, cache)), visit.activations
            )
        except StopReached:
            return ModelOutput(None, visit.activations)

    def untrained(self, seed: int) -> Transformer:
        return Transformer(self.config, seed).to(self.device).eval()

    def neuron_writes(self, block: int) -> Float[Tensor, "M D"]:
        return self.blocks[block].mlp.down.weight.detach().t()

    def neuron_reads(self, block: int) -> Float[Tensor, "M inputs"]:
        mlp = self.blocks[block].mlp
        layers = [mlp.gate, mlp.up] if mlp.kind == "swiglu" else [mlp.up]
        return torch.cat([layer.weight.detach() for layer in layers], dim=1)

    def final_norm_scale(self) -> FinalNorm:
        return FinalNorm(self.final_norm.weight.detach(), self.config.norm == "layer")

    def new_cache(self) -> KeyValueCache:
        return KeyValueCache()

    def _final(
        self, tokens: Int[Tensor, "B T"], visit: SiteVisitor, cache: KeyValueCache | None
    ) -> Float[Tensor, "B T D"]:
        start = cache.length if cache is not None else 0
        length = start + tokens.shape[1]
        if length > self.config.context:
            raise UserError(
                f"this model reads at most {self.config.context} tokens at once; got {length}."
            )
        x = self.embedding(tokens)
        if self.positions is not None:
            x = x + self.positions.weight[start:length]
        for block in self.blocks:
            x = block(x, visit, self.rotary, cache)
        return visit("final", self.final_norm(x))


def save_model(model: Transformer, folder: Path) -> None:
    """Writes `model.safetensors` and `config.json` into `folder`."""
    folder = Path(folder)
    # A tied unembedding is the embedding: it is stored once.
    tensors = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in model.state_dict().items()
        if not (model.config.tied and name == "unembedding.weight")
    }
    write_atomically(folder / "model.safetensors", dump_tensors(tensors))
    write_atomically(folder / "config.json", json.dumps(model.config.to_dict(), indent=2) + "\n")


def load_model(folder: Path, device: torch.device | str = "cpu") -> Transformer:
    """Reads what `save_model` wrote, in evaluation mode.

    Raises:
        UserError: a file is missing or damaged, or the weights do not have the config's shapes.
    """
    folder = Path(folder)
    config_path, weights_path = folder / "config.json", folder / "model.safetensors"
    try:
        settings: dict[str, Any] = json.loads(config_path.read_text(encoding="utf-8"))
        tensors = load_tensors(weights_path.read_bytes())
    except FileNotFoundError as error:
        raise UserError(
            f"expected a model in {folder}, but {Path(error.filename).name} is missing; train or "
            "copy the model again."
        ) from None
    except (ValueError, SafetensorError) as error:
        damaged = weights_path if isinstance(error, SafetensorError) else config_path
        raise UserError(
            f"{damaged} is damaged ({error}); delete the folder and train or copy the model again."
        ) from error
    try:
        model = Transformer(TransformerConfig(**settings), seed=0)
    except TypeError as error:
        raise UserError(f"{config_path} is not a transformer's configuration ({error}).") from error
    if model.config.tied and "embedding.weight" in tensors:
        tensors["unembedding.weight"] = tensors["embedding.weight"]
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        detail = " ".join(str(error).split("\n\t")[1:]).strip()
        raise UserError(
            f"the weights in {weights_path} do not fit its config.json ({detail}); delete the "
            "folder and train or copy the model again."
        ) from error
    return model.to(device).eval()
