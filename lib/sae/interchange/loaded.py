"""What is read: a dictionary with its origin, its weights checked, its config's fields by type."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lib.core.errors import UserError
from lib.core.weights import read_tensors
from lib.sae.autoencoders import JumpReLU
from lib.sae.base import SparseAutoencoder

# Directions count as normalised within what bfloat16 keeps of them.
UNIT_TOLERANCE = 0.01
FIRES_TOO_OFTEN = 1.5
"""So many times the k of training are too many active features."""

PLAIN = {name: name for name in ("W_enc", "b_enc", "W_dec", "b_dec")}
"""A file's names of the weights, and ours. One that ends in `.weight` is transposed, as nn.Linear
keeps it."""
THRESHOLD = {"threshold": "threshold"}
SHAPES = {"W_enc": "DF", "b_enc": "F", "W_dec": "FD", "b_dec": "D", "threshold": "F"}
TYPES = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false",
    dict: "a table of settings",
}  # fmt: skip


class Loaded(NamedTuple):
    """A dictionary, and what is known of where it comes from."""

    sae: SparseAutoencoder
    kind: str
    """Who wrote it, and what the writer calls it: "SAELens jumprelu"."""
    path: Path
    """The file of its weights, or the index of their shards."""
    k: float | None = None
    """How many codes a row had in training, where a threshold has taken the place of k."""
    origin: Mapping[str, Any] = {}
    """Model and site as the writer names them, where it does."""
    remarks: tuple[str, ...] = ()
    """What its writer does that numbers do not show: sentences."""

    @torch.no_grad()
    def notes(self, sample: Tensor | None = None) -> list[str]:
        """What a reader of its numbers should know, each in a sentence.

        Args:
            sample: vectors [N, D] of the site, on which active features are counted.
        """
        notes, sae, given = list(self.remarks), self.sae, sample is not None
        rows, columns = (torch.linalg.vector_norm(sae.W_dec, dim=d) for d in (1, 0))
        if is_unit(columns) and not is_unit(rows):
            notes.append(
                "its decoder was normalised along the wrong axis (deeplens-sae 0.1.1 does so): "
                f"directions have norms from {rows.min():.2g} to {rows.max():.2g}, so that codes "
                "of different features have different units."
            )
        unset = isinstance(sae, JumpReLU) and not bool((sae.threshold > 0).any())
        if unset:
            notes.append(
                f"its threshold is {float(sae.threshold.max()):g}: it was never set, and every "
                "positive code counts (dictionary_learning 0.1.0 sets it at step 1,001, SAELens "
                "6.54.0 moves it away from 0 by a hundredth of the way in each step)."
            )
        if isinstance(sae, JumpReLU) and (given or unset):
            if sample is None:
                generator = torch.Generator().manual_seed(0)
                sample = torch.randn(1000, sae.width, generator=generator)
            codes = sae.encode(sample.to(sae.W_dec))
            l0 = float((codes > 0).sum(1).float().mean())
            note = f"L0 {l0:.1f} on {len(sample):,} {'vectors of the site' if given else ''}"
            note = note if given else f"{note}normal random vectors"
            if self.k is not None:
                often = l0 > FIRES_TOO_OFTEN * self.k
                note += f", k {self.k:g} in training{': it fires too often' if often else ''}"
            notes.append(f"{note}.")
        return notes


def is_unit(norms: Tensor) -> bool:
    """Whether all norms are 1, as far as bfloat16 can tell."""
    return bool(((norms - 1).abs() < UNIT_TOLERANCE).all())


def has_unit_rows(weights: Mapping[str, Tensor]) -> bool:
    """Whether each feature's direction has norm 1."""
    return is_unit(torch.linalg.vector_norm(weights["W_dec"], dim=1))


def read_state(path: Path) -> dict[str, Any]:
    """What a file of weights holds by name.

    Raises:
        UserError: a file that is missing, damaged or no state dict.
    """
    found = read_tensors(path)
    if not isinstance(found, dict):
        raise UserError(
            f"{path} holds a {type(found).__name__} and no state dict; expected the keys "
            f"{', '.join(PLAIN)}."
        )
    return found


def checked(path: Path, found: Mapping[str, Any], layout: Mapping[str, str]) -> dict[str, Tensor]:
    """The tensors by our names in float32, after a look at names, shapes and numbers.

    Args:
        layout: the file's names and ours, see `PLAIN`.
    Raises:
        UserError: a key that is missing, unknown, of the wrong shape, or not made of numbers.
    """
    if missing := [name for name in layout if name not in found]:
        raise UserError(
            f"{path} has no key {missing[0]!r}; expected {', '.join(layout)}, found "
            f"{', '.join(map(str, found)) or 'nothing'}."
        )
    for name, value in found.items():
        if name not in layout:
            raise UserError(
                f"{path} has the key {name!r} besides {', '.join(layout)}: it belongs to another "
                "kind of dictionary, which would be read wrongly."
            )
        if not isinstance(value, Tensor) or not value.is_floating_point():
            raise UserError(f"{path}: {name} must be a tensor of floating-point numbers.")
    letters = {
        name: SHAPES[ours][::-1] if name.endswith(".weight") else SHAPES[ours]
        for name, ours in layout.items()
    }
    decoder = next(name for name, ours in layout.items() if ours == "W_dec")
    if found[decoder].dim() != 2:
        raise UserError(
            f"{path}: {decoder} must be [{', '.join(letters[decoder])}]; its shape is "
            f"{list(found[decoder].shape)}."
        )
    sizes = dict(zip(letters[decoder], found[decoder].shape, strict=True))
    for name, axes in letters.items():
        expected, shape = [sizes[axis] for axis in axes], list(found[name].shape)
        if shape != expected:
            raise UserError(
                f"{path}: {name} must be [{', '.join(axes)}] = {expected} beside a {decoder} of "
                f"{list(found[decoder].shape)}; its shape is {shape}."
            )
        if not bool(found[name].isfinite().all()):
            raise UserError(f"{path}: {name} holds NaN or infinity; fetch the file again.")
    turned = {name: value.t() if name.endswith(".weight") else value
              for name, value in found.items()}  # fmt: skip
    return {ours: turned[name].float().contiguous() for name, ours in layout.items()}


def field(path: Path, config: Mapping[str, Any], name: str, kind: type, default: Any = ...) -> Any:
    """A config's value of the right type; the default where there is none, or null.

    Raises:
        UserError: another type, or nothing where there is no default.
    """
    value = config.get(name)
    if value is None and default is not ...:
        return default
    if value is None:
        raise UserError(f"{path} lacks {name!r}; copy the whole folder again.")
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise UserError(f"{path}: {name} must be {TYPES[kind]}; it is {value!r}.")
    return value


def refuse(path: Path, name: str, value: Any, instead: str) -> UserError:
    """The error for a setting that cannot be followed here; `instead` says what could be done."""
    return UserError(
        f"{path} has {name} = {value!r}, which is not read here, because the weights alone would "
        f"be another dictionary; {instead}."
    )


def check_sizes(
    path: Path, says: Mapping[str, int | None], weights: Mapping[str, Tensor]
) -> tuple[int, int]:
    """Width and number of features of some weights.

    Args:
        says: what the config calls them, in that order, and its values; None where it says nothing.
    Raises:
        UserError: the config says otherwise.
    """
    features, width = weights["W_dec"].shape
    for (name, value), size in zip(says.items(), (width, features), strict=True):
        if value is not None and value != size:
            raise UserError(
                f"{path} says {name} = {value}, but the weights beside it have {size}; copy both "
                "files again."
            )
    return width, features
