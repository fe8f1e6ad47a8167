"""SAELens folders and public state dicts: dictionaries of others, read and written.

Nothing in a file is executed: weights come as safetensors, or as a pickle of which torch's
restricted reader accepts tensors and plain containers only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors.torch import save as safetensors_bytes
from torch import Tensor

from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.weights import read_tensors
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder

NAMES = ("W_enc", "b_enc", "W_dec", "b_dec")
SHAPES = {"W_enc": "[D, F]", "b_enc": "[F]", "W_dec": "[F, D]", "b_dec": "[D]"}
SAELENS_WEIGHTS, SAELENS_CONFIG = "sae_weights.safetensors", "cfg.json"
# The version whose layout this is: without one, SAELens takes a folder for one of before 6.0.
SAELENS_VERSION = "6.54.0"
OWN = "little_dictionaries"
# Decoder rows count as normalised within what bfloat16 keeps of them.
UNIT_TOLERANCE = 0.01


def load_public(path: Path, *, coefficient: float = 0.0, device: str | torch.device = "cpu") -> L1:
    """A dictionary from a state dict with the keys W_enc, b_enc, W_dec and b_dec.

    That is how the studies of neuron 703 and of the hyphen publish theirs: untied, with
    acts = ReLU((x - b_dec) W_enc + b_enc). Width and number of features come from the file.

    Args:
        path: `.safetensors`, or a `.pt` that `torch.save` wrote.
        coefficient: the L1 coefficient to go on training with; reading needs none.
    Returns:
        in float32 on `device`; `unit_decoder` is set where the rows of W_dec have norm 1.
    Raises:
        UserError: a file that is missing, damaged or no state dict; a key that is missing,
            unknown, of the wrong shape, or not made of numbers. It names the file and the key.
    """
    path = Path(path)
    weights = _checked(path, read_tensors(path))
    features, width = weights["W_dec"].shape
    sae = L1(width, features, coefficient, unit_decoder=_has_unit_rows(weights["W_dec"]))
    sae.load_state_dict(weights)
    return sae.to(device)


def save_saelens(sae: SparseAutoencoder, folder: Path) -> None:
    """Writes `sae_weights.safetensors` and `cfg.json`, which `sae_lens.SAE.load_from_disk` reads.

    L1 becomes the architecture "standard", TopK becomes "topk". What SAELens has no field for is
    kept in the metadata, so that `load_saelens` gives back the same dictionary.

    Raises:
        UserError: the disk is full.
    """
    weights = {name: value.detach().cpu().contiguous() for name, value in sae.named_parameters()}
    config: dict[str, Any] = {
        "architecture": "topk" if isinstance(sae, TopK) else "standard",
        "d_in": sae.width,
        "d_sae": sae.features,
        "dtype": str(sae.W_dec.dtype).removeprefix("torch."),
        "device": "cpu",
        "apply_b_dec_to_input": sae.pre_bias,
        "normalize_activations": "none",
        "reshape_activations": "none",
        "metadata": {"sae_lens_version": SAELENS_VERSION, OWN: sae.config()},
    }
    if isinstance(sae, TopK):
        config |= {"k": sae.k, "rescale_acts_by_decoder_norm": False}
    write_atomically(Path(folder) / SAELENS_WEIGHTS, safetensors_bytes(weights))
    write_atomically(Path(folder) / SAELENS_CONFIG, json.dumps(config, indent=1) + "\n")


def load_saelens(folder: Path, *, device: str | torch.device = "cpu") -> SparseAutoencoder:
    """A dictionary of the architecture "standard" or "topk" from a folder that SAELens wrote.

    Where SAELens multiplies TopK's codes by the norms of the decoder's rows, the norms are folded
    into the weights: the reconstruction is the same, and the rows have norm 1.

    Raises:
        UserError: as `load_public`; another architecture, or inputs that were normalised or
            reshaped, of which these weights alone would be a wrong reading.

    Example:
        >>> from tempfile import mkdtemp
        >>> from lib.sae.autoencoders import TopK
        >>> folder, sae, x = Path(mkdtemp()), TopK(16, 64, k=4), torch.randn(10, 16)
        >>> _ = save_saelens(sae, folder)
        >>> bool(torch.allclose(load_saelens(folder).encode(x), sae.encode(x), atol=1e-6))
        True
    """
    path = Path(folder) / SAELENS_CONFIG
    config = _saelens_config(path)
    weights_path = Path(folder) / SAELENS_WEIGHTS
    weights = _checked(weights_path, read_tensors(weights_path))
    features, width = weights["W_dec"].shape
    if (config["d_in"], config["d_sae"]) != (width, features):
        raise UserError(
            f"{path} says d_in = {config['d_in']} and d_sae = {config['d_sae']}, but the weights "
            f"beside it have {width} and {features}; copy both files again."
        )
    topk = config["architecture"] == "topk"
    own = config.get("metadata", {}).get(OWN, {})
    options: dict[str, Any] = {
        name: own[name]
        for name in ("unit_decoder", "seed", "auxiliary_k", "auxiliary_coefficient")
        if name in own and (topk or not name.startswith("auxiliary"))
    }
    options["pre_bias"] = config.get("apply_b_dec_to_input", True)
    if topk and config.get("rescale_acts_by_decoder_norm", True):
        norms = torch.linalg.vector_norm(weights["W_dec"], dim=1)
        weights["W_enc"] = weights["W_enc"] * norms
        weights["b_enc"] = weights["b_enc"] * norms
        weights["W_dec"] = weights["W_dec"] / norms.clamp_min(1e-30)[:, None]
    options.setdefault("unit_decoder", _has_unit_rows(weights["W_dec"]))
    sae: SparseAutoencoder
    if topk:
        sae = TopK(width, features, config["k"], **options)
    else:
        sae = L1(width, features, own.get("coefficient", 0.0), **options)
    sae.load_state_dict(weights)
    return sae.to(device)


def _saelens_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"expected a folder that SAELens wrote, but there is no {path}; give the folder that "
            f"holds {SAELENS_CONFIG} and {SAELENS_WEIGHTS}."
        ) from None
    except ValueError as error:
        raise UserError(f"{path} is damaged ({error}); copy it again.") from error
    wanted = ("architecture", "d_in", "d_sae")
    wanted += ("k",) if isinstance(config, dict) and config.get("architecture") == "topk" else ()
    if not isinstance(config, dict) or (missing := [name for name in wanted if name not in config]):
        what = "holds no settings" if not isinstance(config, dict) else f"lacks {missing[0]!r}"
        raise UserError(
            f"{path} {what}, which SAELens from version 6.0 on writes; load the dictionary with "
            "SAELens and save it again."
        )
    readable = {
        "architecture": ("standard", "topk"),
        "normalize_activations": ("none",),
        "reshape_activations": ("none",),
        "finetuning_scaling_factor": (False,),
    }
    for name, values in readable.items():
        if (found := config.get(name, values[0])) not in values:
            raise UserError(
                f"{path} has {name} = {found!r}, and only {' or '.join(map(repr, values))} can be "
                "read here; use SAELens for this one."
            )
    return config


def _checked(path: Path, found: Any) -> dict[str, Tensor]:
    """The four tensors in float32, after a look at names, shapes and numbers."""
    if not isinstance(found, dict):
        raise UserError(
            f"{path} holds a {type(found).__name__} and no state dict; expected the keys "
            f"{', '.join(NAMES)}."
        )
    for name in NAMES:
        if name not in found:
            raise UserError(
                f"{path} has no key {name!r}; expected {', '.join(NAMES)}, found "
                f"{', '.join(map(str, found)) or 'nothing'}."
            )
    for name, value in found.items():
        if name not in NAMES:
            raise UserError(
                f"{path} has the key {name!r} besides {', '.join(NAMES)}: it belongs to another "
                "kind of dictionary, which would be read wrongly."
            )
        if not isinstance(value, Tensor) or not value.is_floating_point():
            raise UserError(f"{path}: {name} must be a tensor of floating-point numbers.")
    if found["W_dec"].dim() != 2:
        raise UserError(f"{path}: W_dec must be [F, D]; its shape is {_shape(found['W_dec'])}.")
    features, width = found["W_dec"].shape
    expected = {
        "W_enc": (width, features), "b_enc": (features,),
        "W_dec": (features, width), "b_dec": (width,),
    }  # fmt: skip
    for name, shape in expected.items():
        if tuple(found[name].shape) != shape:
            raise UserError(
                f"{path}: {name} must be {SHAPES[name]} = {list(shape)} beside a W_dec of "
                f"{_shape(found['W_dec'])}; its shape is {_shape(found[name])}."
            )
        if not bool(found[name].isfinite().all()):
            raise UserError(f"{path}: {name} holds NaN or infinity; fetch the file again.")
    return {name: found[name].float() for name in NAMES}


def _has_unit_rows(W_dec: Float[Tensor, "F D"]) -> bool:
    norms = torch.linalg.vector_norm(W_dec, dim=1)
    return bool(((norms - 1).abs() < UNIT_TOLERANCE).all())


def _shape(value: Tensor) -> list[int]:
    return list(value.shape)
