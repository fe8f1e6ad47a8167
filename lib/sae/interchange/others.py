"""dictionary_learning and sparsify, and files with no config at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from lib.core.errors import UserError
from lib.sae.autoencoders import L1, JumpReLU, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.interchange.loaded import (
    PLAIN,
    THRESHOLD,
    Loaded,
    check_sizes,
    checked,
    field,
    has_unit_rows,
    read_state,
    refuse,
)

LINEAR = {"encoder.weight": "W_enc", "encoder.bias": "b_enc"}
LEARNED = LINEAR | {"decoder.weight": "W_dec"}


class Learned(NamedTuple):
    """A class of dictionary_learning."""

    ours: type[SparseAutoencoder]
    layout: dict[str, str]
    buffers: tuple[str, ...] = ()
    """What is in its state dict besides, and is no weight."""
    pre_bias: bool = True


LEARNED_CLASSES = {
    "AutoEncoder": Learned(L1, LEARNED | {"bias": "b_dec"}),
    "AutoEncoderTopK": Learned(TopK, LEARNED | {"b_dec": "b_dec"}, ("k", "threshold")),
    "BatchTopKSAE": Learned(JumpReLU, LEARNED | {"b_dec": "b_dec"} | THRESHOLD, ("k",)),
    "MatryoshkaBatchTopKSAE": Learned(JumpReLU, PLAIN | THRESHOLD, ("k", "group_sizes")),
    "JumpReluAutoEncoder": Learned(JumpReLU, PLAIN | THRESHOLD, pre_bias=False),
}
SPARSIFY_OFF = {"activation": "topk", "skip_connection": False, "transcode": False, "signed": False}
"""Settings of sparsify that make another kind of dictionary, and what they are without it."""
SPARSIFY_REST = {"expansion_factor", "normalize_decoder", "num_latents", "k", "multi_topk", "d_in"}
UNTRAINED_ENCODER = (
    "eai-sparsify 1.3.3 gives its encoder no gradient from the AuxK and Multi-TopK losses: read "
    "dead features as an effect of training."
)


def is_learned(config: Mapping[str, Any]) -> bool:
    """Whether a `config.json` is one of dictionary_learning's."""
    return isinstance(config.get("trainer"), dict)


def read_learned(path: Path, config: Mapping[str, Any], weights_path: Path) -> Loaded:
    """A dictionary of dictionary_learning, `ae.pt`, by the class that its trainer names."""
    trainer = config["trainer"]
    name = field(path, trainer, "dict_class", str)
    if name not in LEARNED_CLASSES:
        readable = f"read here are {', '.join(LEARNED_CLASSES)}"
        raise refuse(path, "dict_class", name, f"use dictionary_learning for it ({readable})")
    kind, found = LEARNED_CLASSES[name], read_state(weights_path)
    buffers = {key: found.pop(key) for key in kind.buffers if key in found}
    one_for_all, bias = found.get("threshold"), found.get("b_enc", found.get("encoder.bias"))
    if isinstance(one_for_all, Tensor) and one_for_all.dim() == 0 and isinstance(bias, Tensor):
        found["threshold"] = one_for_all.expand_as(bias)
    weights = checked(weights_path, found, kind.layout)
    says = {key: field(path, trainer, key, int, None) for key in ("activation_dim", "dict_size")}
    size = check_sizes(path, says, weights)
    k = _k_of(path, trainer, buffers.get("k"))
    remarks = ()
    if name == "AutoEncoder" and not has_unit_rows(weights):
        remarks = (
            "its directions are not of norm 1, and codes are as they were trained; the loader of "
            "dictionary_learning 0.1.0 divides directions by their norms and multiplies codes.",
        )
    sae = _build(path, kind.ours, size, weights, k, kind.pre_bias)
    origin = {key: trainer.get(key) for key in ("lm_name", "layer", "submodule_name")}
    k = k if kind.ours is JumpReLU else None
    return Loaded(sae, f"dictionary_learning {name}", weights_path, k, origin, remarks)


def is_sparsify(config: Mapping[str, Any]) -> bool:
    """Whether a `cfg.json` is one of sparsify's."""
    return "d_in" in config and ("expansion_factor" in config or "num_latents" in config)


def read_sparsify(path: Path, config: Mapping[str, Any], weights_path: Path) -> Loaded:
    """A TopK dictionary of sparsify."""
    for name, off in SPARSIFY_OFF.items():
        if (value := field(path, config, name, type(off), off)) != off:
            raise refuse(path, name, value, "use sparsify for it")
    if unknown := sorted(config.keys() - SPARSIFY_OFF.keys() - SPARSIFY_REST):
        raise refuse(path, unknown[0], config[unknown[0]], "sparsify itself has no such setting")
    layout = LINEAR | {"W_dec": "W_dec", "b_dec": "b_dec"}
    weights = checked(weights_path, read_state(weights_path), layout)
    width = field(path, config, "d_in", int)
    latents = field(path, config, "num_latents", int, 0)
    latents = latents or width * field(path, config, "expansion_factor", int)
    size = check_sizes(path, {"d_in": width, "num_latents": latents}, weights)
    sae = _build(path, TopK, size, weights, _k_of(path, config, None), True)
    return Loaded(sae, "sparsify topk", weights_path, remarks=(UNTRAINED_ENCODER,))


def read_bare(path: Path) -> Loaded:
    """A file with no config: W_enc, b_enc, W_dec and b_dec, as the studies of neuron 703 and of
    the hyphen publish theirs, or the weights of dictionary_learning's AutoEncoder.

    Raises:
        UserError: any other file; what its keys look like is said.
    """
    found = read_state(path)
    if found.keys() == LEARNED_CLASSES["AutoEncoder"].layout.keys():
        return read_learned(path, {"trainer": {"dict_class": "AutoEncoder"}}, path)
    for writer, keys in LOOKS_LIKE.items():
        if keys <= found.keys():
            raise UserError(
                f"{path} looks like {writer}, and without that it is not known what its codes "
                "are; put it beside the weights."
            )
    weights = checked(path, found, PLAIN)
    features, width = weights["W_dec"].shape
    sae = _build(path, L1, (width, features), weights, None, True)
    return Loaded(sae, "ReLU", path)


LOOKS_LIKE = {
    "dictionary_learning's, whose config.json names the class": {"k", "threshold", "b_dec"},
    "sparsify's, whose cfg.json says k": {"encoder.weight", "W_dec"},
    "the gated dictionaries of dictionary_learning, whose config.json names the class": {
        "gate_bias", "r_mag",
    },
    "deeplens-sae's, whose settings lie in a YAML file that is not read here": {
        "encoder.weight", "encoder.bias", "decoder.weight",
    },
    "a JumpReLU dictionary, of which a cfg.json or config.json says whether b_dec is subtracted": {
        "W_enc", "threshold",
    },
}  # fmt: skip
"""Writers by keys of their files, the most telling first."""


def _k_of(path: Path, config: Mapping[str, Any], saved: Any) -> int | None:
    """The k of a config, which has to be the one in the weights where these have one."""
    k = field(path, config, "k", int, None)
    if isinstance(saved, Tensor) and saved.numel() == 1:
        if k is not None and k != int(saved):
            raise refuse(path, "k", k, f"the weights beside it say {int(saved)}: copy both again")
        k = int(saved)
    return k


def _build(
    path: Path,
    kind: type[SparseAutoencoder],
    size: tuple[int, int],
    weights: dict[str, Tensor],
    k: int | None,
    pre_bias: bool,
) -> SparseAutoencoder:
    width, features = size
    options: dict[str, Any] = {"pre_bias": pre_bias, "unit_decoder": has_unit_rows(weights)}
    if kind is TopK:
        if k is None or not 1 <= k <= features:
            raise UserError(
                f"{path} has k = {k}, and a TopK dictionary keeps between 1 and all of its "
                f"{features} features; copy the whole folder again."
            )
        sae: SparseAutoencoder = TopK(width, features, k, **options)
    else:
        sae = L1(width, features, 0.0, **options) if kind is L1 else JumpReLU(*size, **options)
    sae.load_state_dict(weights)
    return sae
