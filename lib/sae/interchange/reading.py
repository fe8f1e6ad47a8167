"""The one reader: which files make a dictionary, and who wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import torch

from lib.core.errors import UserError
from lib.core.hub_files import Repository, local_repository
from lib.core.weights import INDEX
from lib.sae import autoencoders
from lib.sae.interchange import saelens
from lib.sae.interchange.loaded import Loaded, field
from lib.sae.interchange.others import (
    is_learned,
    is_sparsify,
    read_bare,
    read_learned,
    read_sparsify,
)

SUFFIXES = (".safetensors" + INDEX, ".safetensors", ".pt", ".pth", ".bin")
"""Files of weights. The first kind that a folder has is taken: shards come with their index, and a
format that cannot hold code before one that can."""
NO_DICTIONARY = {
    "sparsity.safetensors",
    "activation_whitening.safetensors",
    "activations_store_state.safetensors",
    "trainer_state.pt",
}
"""Tensors that SAELens writes beside a dictionary."""
OF_SOMETHING_ELSE = ("model_type", "architectures", "n_layers", "l1_coeff")
"""What stands in the config of a language model, or of the studies' own trainers, beside a file of
W_enc, b_enc, W_dec and b_dec."""

OWN_TYPES = {
    "width": int, "features": int, "k": int, "auxiliary_k": int, "seed": int,
    "pre_bias": bool, "unit_decoder": bool, "coefficient": float, "auxiliary_coefficient": float,
}  # fmt: skip


class Format(NamedTuple):
    """How one writer keeps a dictionary."""

    config: str
    weights: str
    is_its: Callable[[Mapping[str, Any]], bool]
    """Whether a config of that name is this writer's."""
    read: Callable[[Path, Mapping[str, Any], Path], Loaded]
    """From the config's path, the config, and the path of the weights."""


def _read_own(path: Path, config: Mapping[str, Any], weights_path: Path) -> Loaded:
    for name in config.keys() & OWN_TYPES.keys():
        field(path, config, name, OWN_TYPES[name])
    sae = autoencoders.load_sae(path.parent)
    return Loaded(sae, f"this book's {sae.kind}", weights_path)


FORMATS = (
    Format(autoencoders.CONFIG, autoencoders.WEIGHTS, lambda config: "kind" in config, _read_own),
    Format(saelens.CONFIG, saelens.WEIGHTS, saelens.is_saelens, saelens.read_saelens),
    Format("cfg.json", "sae.safetensors", is_sparsify, read_sparsify),
    Format("config.json", "ae.pt", is_learned, read_learned),
)
"""No two of these can be told from the same config."""


def load_dictionary(path: str | Path, *, device: str | torch.device = "cpu") -> Loaded:
    """A dictionary from its folder, or from a file in it; the config beside a file counts.

    Raises:
        UserError: as `read_dictionary`.

    Example:
        >>> from tempfile import mkdtemp
        >>> from lib.sae.autoencoders import TopK
        >>> from lib.sae.interchange import save_saelens
        >>> folder, sae, x = Path(mkdtemp()), TopK(16, 64, k=4), torch.randn(10, 16)
        >>> _ = save_saelens(sae, folder)
        >>> found = load_dictionary(folder)
        >>> found.kind, bool(torch.allclose(found.sae.encode(x), sae.encode(x), atol=1e-6))
        ('SAELens topk', True)
    """
    path = Path(path).expanduser()
    if path.is_dir():
        return read_dictionary(local_repository(path), device=device)
    return read_dictionary(local_repository(path.parent), path.name, device=device)


def read_dictionary(
    files: Repository, inside: str = "", *, device: str | torch.device = "cpu"
) -> Loaded:
    """A dictionary from a folder's or a repository's files, by the config that lies beside it.

    Args:
        inside: the folder or the file that is meant; "" where there is one dictionary.
    Returns:
        in float32 on `device`; `unit_decoder` is set where the rows of W_dec have norm 1.
    Raises:
        UserError: no dictionary or several; a file that is missing or damaged; a config or
            weights of another kind. It names the file and the key.
    """
    folder, here, named = _place(files, inside)
    configs = {
        name: _json(files.require_file(((folder / name).as_posix(),)))
        for name in sorted({form.config for form in FORMATS} & here)
    }
    forms = [form for form in FORMATS if form.is_its(configs.get(form.config, {}))]
    if len(forms) > 1:
        raise UserError(
            f"{_called(files, folder)} has the configs of two writers side by side, "
            f"{forms[0].config} and {forms[1].config}; give a folder with the files of one."
        )
    if not forms:
        _refuse_unknown(files, folder, configs)
    usual = forms[0].weights if forms else ""
    if named.removesuffix(INDEX) != usual and named and {usual, usual + INDEX} & here:
        raise UserError(
            f"{forms[0].config} beside {_called(files, folder / named)} belongs to {usual}; put "
            "the other weights into a folder of their own, with their config."
        )
    path = files.require_weights(
        ((folder / (named or _weights_among(files, folder, here, usual))).as_posix(),)
    )
    if forms:
        config = configs[forms[0].config]
        loaded = forms[0].read(files.folder / folder / forms[0].config, config, path)
    else:
        loaded = read_bare(path)
        name = path.name.removesuffix(INDEX)
        # Studies publish theirs under our name, too, alone or beside the config of a model.
        emptied = bool(configs) and not any(configs.values())
        if name == saelens.WEIGHTS or (name == autoencoders.WEIGHTS and emptied):
            needed = " or ".join(form.config for form in FORMATS if form.weights == name)
            raise UserError(
                f"{path} lacks its config, {needed}, and without it is not known what its codes "
                "are; copy both. If they are ReLU((x - b_dec) W_enc + b_enc), rename the file."
            )
    return loaded._replace(sae=loaded.sae.to(device))


def _place(files: Repository, inside: str) -> tuple[PurePosixPath, set[str], str]:
    """The folder that holds the dictionary, the names in it, and the file of weights if given."""
    listed = [PurePosixPath(name) for name in files.files()]
    wanted, named = PurePosixPath(inside.strip("/")), ""
    if wanted in listed:
        wanted, named = wanted.parent, "" if _is_config(wanted.name) else wanted.name
    elif inside and not any(wanted in name.parents for name in listed):
        raise UserError(f"there is no file and no folder {inside!r} in {files.name}.")
    homes = {name.parent for name in listed if _is_weights(name.name)}
    below = sorted(home for home in homes if wanted in (home, *home.parents))
    if not named and wanted not in below:
        if len(below) != 1:
            choices = ", ".join(_called(files, home) for home in below[:5])
            several = f"several dictionaries; give one of them: {choices}"
            raise UserError(
                f"{_called(files, wanted)} has {several if below else 'no files of weights'}."
            )
        (wanted,) = below
    return wanted, {name.name for name in listed if name.parent == wanted}, named


def _weights_among(files: Repository, folder: PurePosixPath, here: set[str], usual: str) -> str:
    """The file of weights in a folder: the writer's usual one, or the only one."""
    if usual in here or usual + INDEX in here:
        return usual
    for suffix in SUFFIXES:
        found = sorted(name for name in here - NO_DICTIONARY if name.endswith(suffix))
        if len(found) > 1:
            raise UserError(
                f"{_called(files, folder)} has {len(found)} files of weights: {', '.join(found)}; "
                f"give one of them, as in {_called(files, folder / found[0])}."
            )
        if found:
            return found[0]
    raise UserError(f"{_called(files, folder)} has no files of weights.")


def _refuse_unknown(
    files: Repository, folder: PurePosixPath, configs: Mapping[str, Mapping[str, Any]]
) -> None:
    for name, config in configs.items():
        if config and not any(mark in config for mark in OF_SOMETHING_ELSE):
            raise UserError(
                f"{_called(files, folder / name)} is no config that is read here (it has "
                f"{', '.join(list(config)[:5])}); read are those of SAELens, dictionary_learning, "
                "sparsify and this book. If its codes are ReLU((x - b_dec) W_enc + b_enc), give a "
                "copy of the weights alone."
            )


def _called(files: Repository, inside: PurePosixPath) -> str:
    """What to write for a place among some files."""
    if not files.revision:
        return str(files.folder / inside)
    return f"{files.label}@{files.revision}" + (f":{inside}" if inside.name else "")


def _is_config(name: str) -> bool:
    return name.endswith(".json") and not name.endswith(INDEX)


def _is_weights(name: str) -> bool:
    return name.endswith(SUFFIXES) and name not in NO_DICTIONARY


def _json(path: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} is damaged ({error}); copy it again.") from error
    if not isinstance(config, dict):
        raise UserError(f"{path} holds no settings; copy it again.")
    return config
