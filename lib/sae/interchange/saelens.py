"""SAELens: folders of every age read, and ours written for it.

From version 6.0 on a config holds little but what the dictionary does; before, it held everything
about a training, and what was missing had a default. Both are read with SAELens's own defaults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as safetensors_bytes
from torch import Tensor

from lib.core.checkpoints import write_atomically
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

WEIGHTS, CONFIG = "sae_weights.safetensors", "cfg.json"
# The version whose layout is written: without one, SAELens takes a folder for one of before 6.0.
VERSION = "6.54.0"
DEFAULT_K = 100
OWN = "little_dictionaries"
ORIGIN = ("model_name", "hook_name", "prepend_bos")

WITH_SAELENS = "use SAELens for this one"
FOR_INFERENCE = "save it with SAELens's save_inference_model, which makes a jumprelu dictionary"
FOLDED = "fold it into the weights with SAELens (fold_activation_{}) and save it again"
INSTEAD = {
    "batchtopk": FOR_INFERENCE,
    "matryoshka_batchtopk": FOR_INFERENCE,
    "expected_average_only_in": FOLDED.format("norm_scaling_factor"),
    True: FOLDED.format("norm_scaling_factor"),
    "covariance_whitening": FOLDED.format("whitening"),
}
"""What could be done about a setting that is refused."""


def is_saelens(config: Mapping[str, Any]) -> bool:
    """Whether a `cfg.json` is one of SAELens's."""
    return "architecture" in config or "d_sae" in config


def read_saelens(path: Path, config: Mapping[str, Any], weights_path: Path) -> Loaded:
    """A dictionary of the architecture "standard", "topk" or "jumprelu".

    Where SAELens multiplies TopK's codes by the norms of the decoder's rows, the norms are folded
    into the weights: codes and reconstruction are the same, and the rows have norm 1.
    """
    metadata = field(path, config, "metadata", dict, {})
    version = config.get("sae_lens_version") or metadata.get("sae_lens_version")
    old = version is None or _major(path, version) < 6
    origin = {name: config.get(name, metadata.get(name)) for name in ORIGIN}
    origin["hook_name"] = origin["hook_name"] or config.get("hook_point")
    architecture, k = _architecture(path, config, old)
    _refuse_settings(path, config, metadata, old and "hook_z" in str(origin["hook_name"]))

    found = read_state(weights_path)
    scaling = found.pop("scaling_factor", None)
    if scaling is not None and not torch.equal(scaling, torch.ones_like(scaling)):
        raise refuse(weights_path, "scaling_factor", "other than ones", WITH_SAELENS)
    if architecture == "jumprelu" and isinstance(found.get("log_threshold"), Tensor):
        found["threshold"] = found.pop("log_threshold").exp()
    layout = PLAIN | THRESHOLD if architecture == "jumprelu" else PLAIN
    weights = checked(weights_path, found, layout)
    says = {name: field(path, config, name, int) for name in ("d_in", "d_sae")}
    size = check_sizes(path, says, weights)
    if architecture == "topk" and field(path, config, "rescale_acts_by_decoder_norm", bool, False):
        norms = torch.linalg.vector_norm(weights["W_dec"], dim=1)
        weights["W_enc"] = weights["W_enc"] * norms
        weights["b_enc"] = weights["b_enc"] * norms
        weights["W_dec"] = weights["W_dec"] / norms.clamp_min(1e-30)[:, None]
    own = field(path, metadata, OWN, dict, {})
    options = {
        "pre_bias": field(path, config, "apply_b_dec_to_input", bool, True),
        "unit_decoder": field(path, own, "unit_decoder", bool, has_unit_rows(weights)),
        "seed": field(path, own, "seed", int, 0),
    }
    sae: SparseAutoencoder
    if architecture == "topk":
        if k > size[1]:
            raise UserError(f"{path} has k = {k}, but {size[1]} features; copy both files again.")
        auxiliary = {
            name: field(path, own, name, kind)
            for name, kind in (("auxiliary_k", int), ("auxiliary_coefficient", float))
            if name in own
        }
        sae = TopK(*size, k, **auxiliary, **options)
    elif architecture == "jumprelu":
        sae = JumpReLU(*size, **options)
    else:
        sae = L1(*size, field(path, own, "coefficient", float, 0.0), **options)
    sae.load_state_dict(weights)
    remarks = ()
    if version is None and metadata:
        remarks = (
            f"{CONFIG} has no sae_lens_version: SAELens {VERSION} takes such a folder for one of "
            "before 6.0 and forgets its metadata, with model, hook and BOS; here they are kept.",
        )
    trained = field(path, metadata, "training_architecture_details", dict, {})
    k = field(path, trained, "k", float, None) if architecture == "jumprelu" else None
    return Loaded(sae, f"SAELens {architecture}", weights_path, k, origin, remarks)


def _architecture(path: Path, config: Mapping[str, Any], old: bool) -> tuple[str, int]:
    """What kind it is and, for TopK, its k: before 6.0, TopK was an activation of "standard"."""
    architecture = field(path, config, "architecture", str, "standard" if old else ...)
    if architecture not in ("standard", "topk", "jumprelu"):
        raise refuse(path, "architecture", architecture, INSTEAD.get(architecture, WITH_SAELENS))
    named = [field(path, config, n, str, None) for n in ("activation_fn", "activation_fn_str")]
    activations = {name for name in named if name is not None} or {"relu"}
    arguments = dict(field(path, config, "activation_fn_kwargs", dict, {}))
    k = arguments.pop("k", None)
    by_activation = activations == {"topk"} and architecture != "jumprelu"
    if by_activation and (old or architecture == "topk"):
        if any(arguments.values()):
            raise refuse(path, "activation_fn_kwargs", arguments, WITH_SAELENS)
        architecture = "topk"
    elif activations != {"relu"}:
        raise refuse(path, "activation_fn", " and ".join(sorted(activations)), WITH_SAELENS)
    given = config.get("k")
    if architecture != "topk":
        if given is not None:
            raise refuse(path, "k", given, f"{architecture!r} has none, so correct one of the two")
        return architecture, 0
    if k is not None and given not in (None, k):
        raise refuse(path, "k", given, f"activation_fn_kwargs say {k!r}, so correct one of the two")
    both = {"k": k if k is not None else given}
    k = field(path, both, "k", int, ... if by_activation else DEFAULT_K)
    if k < 1:
        raise refuse(path, "k", k, "a TopK dictionary keeps at least one code")
    return architecture, k


def _refuse_settings(
    path: Path, config: Mapping[str, Any], metadata: Mapping[str, Any], heads: bool
) -> None:
    reshape = config.get("reshape_activations") or ("hook_z" if heads else "none")
    if reshape != "none":
        flat = "flatten the heads and say reshape_activations = 'none' if you mean to read that"
        raise refuse(path, "reshape_activations", reshape, flat)
    normalise = config.get("normalize_activations")
    if normalise not in (None, False, "none"):
        instead = INSTEAD.get(normalise, WITH_SAELENS) if isinstance(normalise, str | bool) else ""
        raise refuse(path, "normalize_activations", normalise, instead or WITH_SAELENS)
    for name in ("d_out", "hook_name_out", "hook_point_out", "hf_hook_name_out"):
        if (other := config.get(name) or metadata.get(name)) is not None:
            raise refuse(path, name, other, f"it is a transcoder: {WITH_SAELENS}")


def _major(path: Path, version: Any) -> int:
    try:
        return int(str(version).split(".")[0])
    except ValueError:
        raise UserError(f"{path}: sae_lens_version must be a version; it is {version!r}.") from None


def save_saelens(sae: SparseAutoencoder, folder: Path) -> None:
    """Writes `sae_weights.safetensors` and `cfg.json`, which `sae_lens.SAE.load_from_disk` reads.

    L1 becomes the architecture "standard". What SAELens has no field for is kept in the metadata,
    so that `load_dictionary` gives back the same dictionary.

    Raises:
        UserError: the disk is full.
    """
    weights = {name: value.detach().cpu().contiguous() for name, value in sae.named_parameters()}
    config: dict[str, Any] = {
        "architecture": "standard" if isinstance(sae, L1) else sae.kind,
        "d_in": sae.width,
        "d_sae": sae.features,
        "dtype": str(sae.W_dec.dtype).removeprefix("torch."),
        "device": "cpu",
        "apply_b_dec_to_input": sae.pre_bias,
        "normalize_activations": "none",
        "reshape_activations": "none",
        "metadata": {"sae_lens_version": VERSION, OWN: sae.config()},
    }
    if isinstance(sae, TopK):
        config |= {"k": sae.k, "rescale_acts_by_decoder_norm": False}
    write_atomically(Path(folder) / WEIGHTS, safetensors_bytes(weights))
    write_atomically(Path(folder) / CONFIG, json.dumps(config, indent=1) + "\n")
