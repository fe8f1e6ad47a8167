"""Language models of the library `transformers`, read and edited at named sites by hooks.

The blocks and their parts are found by the names that the library's architectures give them, and
what was found is checked by numbers when a model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lib.core.errors import UserError
from lib.core.identity import content_key
from lib.model.language_model import Cache, FinalNorm, LanguageModel, ModelOutput
from lib.model.sites import Edits, SiteVisitor, StopReached, check_site

# What the architectures of the library call a part of a block, and the last norm.
ATTENTION = ("self_attn", "attn", "attention", "self_attention")
MLP = ("mlp", "feed_forward", "ffn")
MLP_LAST = ("down_proj", "c_proj", "dense_4h_to_h", "fc2", "fc_out", "w2")
FINAL_NORM = ("norm", "ln_f", "final_layer_norm", "final_layernorm", "final_norm")


@dataclass(frozen=True)
class CausalShape:
    """The sizes of a model of `transformers`."""

    vocab_size: int
    context: int
    layers: int
    width: int
    sites: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a site is: what goes into a module, or what comes out of it."""

    module: nn.Module
    enters: bool

    def attach(self, visit: Callable[[Tensor], Tensor]) -> Any:
        """Sends what passes here through `visit`, until the returned handle is removed."""

        def entering(_: nn.Module, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
            if args:
                return (visit(args[0]), *args[1:]), kwargs
            return args, kwargs | {"hidden_states": visit(kwargs["hidden_states"])}

        def leaving(_: nn.Module, args: tuple, output: Any) -> Any:
            return (visit(output[0]), *output[1:]) if isinstance(output, tuple) else visit(output)

        if self.enters:
            return self.module.register_forward_pre_hook(entering, with_kwargs=True)
        return self.module.register_forward_hook(leaving)


@dataclass
class CausalCache:
    """Keys and values as `transformers` keeps them."""

    kept: Any

    @property
    def length(self) -> int:
        return self.kept.get_seq_length()

    def copy(self) -> CausalCache:
        return CausalCache(deepcopy(self.kept))


class CausalModel(LanguageModel):
    """A causal language model of `transformers`.

    Args:
        network: of `AutoModelForCausalLM`.
        context: the longest sequence that is read.
        key: names the weights.
    Raises:
        UserError: an architecture whose blocks cannot be found, or that does more to the logits
            than its unembedding.
    """

    def __init__(self, network: nn.Module, context: int, key: str):
        super().__init__()
        self.network, self._key = network.eval(), key
        settings = network.config.get_text_config()
        name = type(network).__name__
        self.blocks = _blocks(network, settings.num_hidden_layers, name)
        self._places = _places(self.blocks)
        self._places["final"] = Place(network.get_output_embeddings(), enters=True)
        self.config = CausalShape(
            self.unembedding.weight.shape[0], context, len(self.blocks), settings.hidden_size,
            tuple(self._places),
        )  # fmt: skip
        self._check(name)
        self.config = replace(self.config, sites=tuple(self._places))

    @property
    def key(self) -> str:
        return self._key

    @property
    def unembedding(self) -> nn.Module:
        return self.network.get_output_embeddings()

    @torch.no_grad()
    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        *,
        read: Collection[str] = (),
        edit: Edits | None = None,
        stop_at: str | None = None,
        cache: Cache | None = None,
    ) -> ModelOutput:
        length = tokens.shape[1] + (cache.length if cache is not None else 0)
        if length > self.config.context:
            raise UserError(
                f"this model reads at most {self.config.context} tokens at once; got {length}."
            )
        visit = SiteVisitor(self.config.sites, read, edit, stop_at)
        shape = tokens.shape

        def at(site: str) -> Callable[[Tensor], Tensor]:
            # Some architectures flatten batch and positions in between.
            return lambda x: visit(site, x.view(*shape, -1)).view_as(x)

        handles = [self._places[site].attach(at(site)) for site in visit.asked]
        try:
            before = cache.kept if isinstance(cache, CausalCache) else None
            logits = self.network(
                input_ids=tokens, past_key_values=before, use_cache=before is not None
            ).logits
        except StopReached:
            logits = None
        finally:
            for handle in handles:
                handle.remove()
        return ModelOutput(logits, visit.activations)

    def new_cache(self) -> CausalCache:
        from transformers import DynamicCache

        return CausalCache(DynamicCache(config=self.network.config))

    def site_width(self, site: str) -> int:
        check_site(self.config.sites, site)
        if not site.endswith(".mlp_act"):
            return self.config.width
        return len(self.neuron_writes(int(site.split(".")[1])))

    def untrained(self, seed: int) -> CausalModel:
        from transformers import AutoModelForCausalLM

        settings = self.network.config
        with torch.random.fork_rng([]):
            torch.manual_seed(seed)
            network = AutoModelForCausalLM.from_config(settings, dtype=torch.float32)
        key = content_key("untrained", settings.to_json_string(), self.config.context, seed)
        return CausalModel(network, self.config.context, key).to(self.device)

    def renamed(self, key: str) -> CausalModel:
        return CausalModel(self.network, self.config.context, key)

    def neuron_writes(self, block: int) -> Float[Tensor, "M D"]:
        return _weight(self._last(block)).t()

    def neuron_reads(self, block: int) -> Float[Tensor, "M inputs"]:
        last, inside = self._last(block), _child(self.blocks[block], MLP) or self.blocks[block]
        neurons = _weight(last).shape[1]
        found = []
        for layer in inside.children():
            if layer is not last and getattr(getattr(layer, "weight", None), "ndim", 0) == 2:
                # Gate and value may stand in one matrix, the one below the other.
                rows = _weight(layer)
                found += rows.split(neurons) if not len(rows) % neurons else []
        return torch.cat(found, dim=1)

    def _last(self, block: int) -> nn.Module:
        site = f"blocks.{block}.mlp_act"
        check_site(self.config.sites, site)
        return self._places[site].module

    @torch.no_grad()
    def final_norm_scale(self) -> FinalNorm:
        norm = _child(self.network.base_model, FINAL_NORM)
        norm = norm or _child(getattr(self.network.base_model, "decoder", nn.Module()), FINAL_NORM)
        if norm is None:
            raise UserError(
                f"the last norm of {type(self.network).__name__} was not found among "
                f"{', '.join(FINAL_NORM)}: what a direction adds to the logits cannot be told."
            )
        # On a vector of mean 0 and size 1 every norm only weighs; some store the weight less one.
        signs = torch.ones(self.config.width, device=self.device)
        signs[1::2] = -1
        weight = (norm(signs) - norm(-signs)) / (2 * signs)
        flat = norm(torch.full_like(signs, 1.0)) - norm(torch.full_like(signs, -1.0))
        return FinalNorm(weight, bool(flat.abs().max() < 1e-3 * weight.abs().max()))

    @torch.no_grad()
    def _check(self, name: str) -> None:
        """Raises UserError unless the sites are what their names say; where a block adds more or
        other things to the stream than attention and MLP put out, those two sites are left out."""
        tokens = torch.arange(min(4, self.config.context, self.config.vocab_size))[None]
        logits, found = self(tokens, read=self.config.sites)
        said = self.unembedding(found["final"])
        if not torch.allclose(logits, said, rtol=1e-3, atol=1e-3 * float(said.abs().max())):
            raise UserError(
                f"{name} does more to its logits than the unembedding does, so that losses with "
                "something spliced in would be wrong; choose another model."
            )
        for i in range(self.config.layers):
            block = f"blocks.{i}."
            before, after = found[block + "resid_pre"], found[block + "resid_post"]
            if i and not torch.equal(found[f"blocks.{i - 1}.resid_post"], before):
                raise UserError(
                    f"{name} does something between its blocks {i - 1} and {i} that is not known "
                    "here; choose another model."
                )
            written = sum(found.get(block + site, 0) for site in ("attn_out", "mlp_out"))
            size = float((after - before).abs().max())
            if not torch.allclose(before + written, after, rtol=1e-3, atol=1e-3 * size):
                self._places.pop(block + "attn_out", None)
                self._places.pop(block + "mlp_out", None)


def _weight(layer: nn.Module) -> Float[Tensor, "outputs inputs"]:
    """GPT-2's own linear layer keeps its weights the other way round."""
    weight = layer.weight.detach()
    return weight.t() if type(layer).__name__ == "Conv1D" else weight


def _child(module: nn.Module, names: tuple[str, ...]) -> nn.Module | None:
    return next((child for name in names if (child := getattr(module, name, None))), None)


def _blocks(network: nn.Module, layers: int, name: str) -> nn.ModuleList:
    lists = (m for m in network.modules() if isinstance(m, nn.ModuleList))
    if (found := next((m for m in lists if len(m) == layers), None)) is None:
        raise UserError(
            f"{name} has no list of its {layers} blocks, so that its activations have no names "
            "here; choose a decoder-only model."
        )
    return found


def _places(blocks: nn.ModuleList) -> dict[str, Place]:
    """The sites of all blocks, in order of computation; parts that have another shape, such as a
    mixture of experts, have fewer."""
    places = {}
    for i, block in enumerate(blocks):
        attention, mlp = _child(block, ATTENTION), _child(block, MLP)
        last = _child(mlp if mlp is not None else block, MLP_LAST)
        found = {
            "resid_pre": Place(block, enters=True),
            "attn_out": attention and Place(attention, enters=False),
            "mlp_act": last and Place(last, enters=True),
            "mlp_out": (mlp or last) and Place(mlp or last, enters=False),
            "resid_post": Place(block, enters=False),
        }
        places |= {f"blocks.{i}.{name}": place for name, place in found.items() if place}
    return places
