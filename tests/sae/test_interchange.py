"""Dictionaries of others: read as they were meant, or refused with the file and the key."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from lib.core.errors import UserError
from lib.sae.autoencoders import L1, TopK
from lib.sae.base import SparseAutoencoder
from lib.sae.interchange import load_public, load_saelens, save_saelens

D, F, K = 6, 20, 3


def weights(**changes: torch.Tensor) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(0)
    found = {
        "W_enc": torch.randn(D, F, generator=g),
        "b_enc": 0.1 * torch.randn(F, generator=g),
        "W_dec": torch.nn.functional.normalize(torch.randn(F, D, generator=g), dim=1),
        "b_dec": torch.randn(D, generator=g),
    }
    return found | changes


def batch() -> torch.Tensor:
    return torch.randn(40, D, generator=torch.Generator().manual_seed(2)) + 1


def make(kind: str, **options) -> SparseAutoencoder:
    sae = TopK(D, F, K, **options) if kind == "topk" else L1(D, F, 0.1, **options)
    sae.load_state_dict(weights())
    return sae


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_public_state_dict_is_read_as_published(suffix: str, tmp_path: Path) -> None:
    path, w, x = tmp_path / f"a study{suffix}", weights(), batch()
    torch.save(w, path) if suffix == ".pt" else save_file(w, path)
    sae = load_public(path)
    codes = torch.relu((x - w["b_dec"]) @ w["W_enc"] + w["b_enc"])
    torch.testing.assert_close(sae.encode(x), codes)
    torch.testing.assert_close(sae(x), codes @ w["W_dec"] + w["b_dec"])
    assert (sae.width, sae.features, sae.unit_decoder) == (D, F, True)
    loss = sae.loss(x)
    assert loss.total == loss.reconstruction, "no coefficient unless one is given"


def test_rows_that_are_not_normalised_stay_as_they_are(tmp_path: Path) -> None:
    torch.save(weights(W_dec=3 * weights()["W_dec"]), tmp_path / "w.pt")
    assert load_public(tmp_path / "w.pt").unit_decoder is False


def test_low_precision_is_read_into_full(tmp_path: Path) -> None:
    save_file({n: w.bfloat16() for n, w in weights().items()}, tmp_path / "w.safetensors")
    sae = load_public(tmp_path / "w.safetensors")
    assert sae.W_dec.dtype == torch.float32
    assert sae.unit_decoder
    torch.testing.assert_close(sae.W_enc, weights()["W_enc"], rtol=0.01, atol=0.01)


def dropped(name: str) -> dict[str, torch.Tensor]:
    return {key: value for key, value in weights().items() if key != name}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (dropped("W_dec"), "no key 'W_dec'"),
        (dropped("b_enc"), "no key 'b_enc'"),
        ({}, "found nothing"),
        (weights(W_enc=torch.zeros(F, D)), r"W_enc must be \[D, F\] = \[6, 20\]"),
        (weights(b_enc=torch.zeros(D)), r"b_enc must be \[F\] = \[20\]"),
        (weights(b_dec=torch.zeros(1, D)), r"b_dec must be \[D\] = \[6\]"),
        (weights(W_dec=torch.zeros(F)), r"W_dec must be \[F, D\]"),
        (weights(threshold=torch.zeros(F)), "'threshold'"),
        (weights(b_dec=torch.full((D,), float("nan"))), "b_dec holds NaN"),
        (weights(b_dec=torch.zeros(D, dtype=torch.int64)), "b_dec must be a tensor of floating"),
        (weights() | {"b_dec": [0.0] * D}, "b_dec must be a tensor of floating"),
        ([1, 2], "a list and no state dict"),
        (torch.zeros(3), "a Tensor and no state dict"),
    ],
)
def test_what_is_wrong_with_a_state_dict_is_named(content, said: str, tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save(content, path)
    with pytest.raises(UserError, match=said) as raised:
        load_public(path)
    assert str(path) in str(raised.value)


class Trap:
    """A pickle that would leave a file behind if it were executed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


def test_a_pickle_never_runs(tmp_path: Path) -> None:
    sprung, path = tmp_path / "sprung", tmp_path / "w.pt"
    for save in (
        lambda: torch.save({"W_enc": Trap(sprung)}, path),
        lambda: path.write_bytes(pickle.dumps(Trap(sprung))),
        lambda: torch.save(make("l1"), path),
        lambda: path.write_bytes(b"not a pickle"),
        lambda: path.write_bytes(b""),
    ):
        save()
        with pytest.raises(UserError, match=r"w\.pt is no plain state dict"):
            load_public(path)
        assert not sprung.exists()


def test_missing_and_damaged_files(tmp_path: Path) -> None:
    for name in ("w.pt", "w.safetensors"):
        with pytest.raises(UserError, match="there is no file"):
            load_public(tmp_path / name)
    save_file(weights(), tmp_path / "w.safetensors")
    data = (tmp_path / "w.safetensors").read_bytes()
    (tmp_path / "w.safetensors").write_bytes(data[:-8])
    with pytest.raises(UserError, match="truncated or damaged"):
        load_public(tmp_path / "w.safetensors")


@pytest.mark.parametrize("kind", ["topk", "l1"])
@pytest.mark.parametrize("pre_bias", [True, False])
def test_the_layout_of_saelens_gives_back_the_same_dictionary(
    kind: str, pre_bias: bool, tmp_path: Path
) -> None:
    options = {"auxiliary_k": 4} if kind == "topk" else {}
    sae = make(kind, pre_bias=pre_bias, unit_decoder=False, seed=3, **options)
    save_saelens(sae, tmp_path)
    again = load_saelens(tmp_path)
    assert again.config() == sae.config()
    assert torch.equal(again(batch()), sae(batch()))
    found = load_file(tmp_path / "sae_weights.safetensors")
    assert {name: tuple(w.shape) for name, w in found.items()} == {
        "W_enc": (D, F), "b_enc": (F,), "W_dec": (F, D), "b_dec": (D,)
    }  # fmt: skip


def saelens_folder(folder: Path, **changes) -> Path:
    """As SAELens writes it, of a TopK dictionary whose decoder rows are not normalised."""
    folder.mkdir(exist_ok=True)
    save_file(weights(W_dec=2.5 * weights()["W_dec"]), folder / "sae_weights.safetensors")
    config = {
        "architecture": "topk", "d_in": D, "d_sae": F, "k": K, "dtype": "float32",
        "device": "cpu", "apply_b_dec_to_input": True, "normalize_activations": "none",
        "reshape_activations": "none", "rescale_acts_by_decoder_norm": True, "metadata": {},
    }  # fmt: skip
    config = {n: v for n, v in (config | changes).items() if v is not None}
    (folder / "cfg.json").write_text(json.dumps(config))
    return folder


def test_decoder_norms_that_saelens_multiplies_codes_by_are_folded(tmp_path: Path) -> None:
    sae, x = load_saelens(saelens_folder(tmp_path)), batch()
    w = weights(W_dec=2.5 * weights()["W_dec"])
    before = ((x - w["b_dec"]) @ w["W_enc"] + w["b_enc"]) * 2.5
    values, indices = before.topk(K, dim=1)
    codes = torch.zeros_like(before).scatter(1, indices, values.relu())
    torch.testing.assert_close(sae.encode(x), codes)
    torch.testing.assert_close(sae(x), (codes / 2.5) @ w["W_dec"] + w["b_dec"])
    assert sae.unit_decoder


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"architecture": "jumprelu"}, "architecture = 'jumprelu'"),
        ({"normalize_activations": "layer_norm"}, "normalize_activations = 'layer_norm'"),
        ({"reshape_activations": "hook_z"}, "reshape_activations = 'hook_z'"),
        ({"architecture": None}, "lacks 'architecture'"),
        ({"k": None}, "lacks 'k'"),
        ({"d_sae": F + 1}, f"d_sae = {F + 1}, but the weights"),
        ({"k": F + 1}, f"k = {F + 1}"),
    ],
)
def test_what_only_saelens_can_read_is_refused(changes: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        load_saelens(saelens_folder(tmp_path, **changes))


def test_folders_that_are_none_of_saelens(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no .*cfg\.json"):
        load_saelens(tmp_path)
    for content in ("{", "[]"):
        (tmp_path / "cfg.json").write_text(content)
        with pytest.raises(UserError, match=r"cfg\.json (is damaged|holds no settings)"):
            load_saelens(tmp_path)
    saelens_folder(tmp_path)
    (tmp_path / "sae_weights.safetensors").unlink()
    with pytest.raises(UserError, match=r"no file .*sae_weights"):
        load_saelens(tmp_path)


PEER = """
import sys, torch
from safetensors.torch import load_file, save_file
from sae_lens import SAE
folder = sys.argv[1]
x = load_file(f"{folder}/x.safetensors")["x"]
for kind in ("l1", "topk"):
    sae = SAE.load_from_disk(f"{folder}/{kind}")
    with torch.no_grad():
        codes = sae.encode(x)
        save_file({"codes": codes, "x_hat": sae.decode(codes)}, f"{folder}/{kind}.safetensors")
        if kind == "topk":
            sae.W_dec.mul_(torch.linspace(0.5, 2.0, len(sae.W_dec))[:, None])
            sae.cfg.rescale_acts_by_decoder_norm = True
            save_file({"x_hat": sae(x)}, f"{folder}/norms.safetensors")
    sae.save_model(f"{folder}/{kind}-again")
"""


@pytest.mark.slow
def test_saelens_itself_reads_and_writes_the_same(tmp_path: Path) -> None:
    from benchmarks.peers import interpreter

    python = interpreter("sae-lens")
    if python is None:
        pytest.skip("sae-lens is not installed: python -m lib bench --install")
    x = batch()
    save_file({"x": x}, tmp_path / "x.safetensors")
    for kind in ("l1", "topk"):
        save_saelens(make(kind), tmp_path / kind)
    subprocess.run([str(python), "-c", PEER, str(tmp_path)], check=True)
    for kind in ("l1", "topk"):
        sae, theirs = make(kind), load_file(tmp_path / f"{kind}.safetensors")
        torch.testing.assert_close(theirs["codes"], sae.encode(x), rtol=1e-6, atol=1e-6)
        torch.testing.assert_close(theirs["x_hat"], sae(x), rtol=1e-6, atol=1e-6)
        again = load_saelens(tmp_path / f"{kind}-again")
        if kind == "l1":
            assert again.config() == sae.config()
            assert torch.equal(again(x), sae(x))
    folded = load_file(tmp_path / "norms.safetensors")["x_hat"]
    torch.testing.assert_close(again(x), folded, rtol=1e-5, atol=1e-5)
