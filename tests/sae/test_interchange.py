"""Dictionaries of others: read as they were meant, or refused with the file and the key."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from benchmarks.dictionaries import KEPT, compare, run_peers, unpack
from benchmarks.peers import interpreter
from lib.cache.pretrained import public_dictionary
from lib.core.errors import UserError
from lib.core.paths import root
from lib.sae.autoencoders import L1, JumpReLU, TopK, load_sae, save_sae
from lib.sae.base import SparseAutoencoder
from lib.sae.interchange import load_dictionary, save_saelens
from lib.sae.interchange.saelens import OWN

D, F, K = 6, 20, 3
CASES = json.loads((root() / KEPT / "index.json").read_text(encoding="utf-8"))
EXPECTED = load_file(root() / KEPT / "expected.safetensors")


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
    if kind == "jumprelu":
        sae = JumpReLU(D, F, **options)
        sae.load_state_dict(weights(threshold=torch.linspace(0, 2, F)))
        return sae
    sae = TopK(D, F, K, **options) if kind == "topk" else L1(D, F, 0.1, **options)
    sae.load_state_dict(weights())
    return sae


def refused(path: Path, said: str) -> str:
    """That the one reader and what chapters call both refuse, in one sentence with the file."""
    with pytest.raises(UserError, match=said) as raised:
        load_dictionary(path)
    with pytest.raises(UserError, match=said):
        public_dictionary(str(path), device="cpu")
    sentence = str(raised.value)
    assert str(path.parent) in sentence
    assert sentence.isprintable(), "one line, and no codes for a terminal"
    return sentence


# What each library writes.


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    unpack(root() / KEPT, folder)
    return folder


@pytest.mark.parametrize("name", CASES)
def test_codes_and_outputs_are_those_of_the_writers_own_library(name: str, kept: Path) -> None:
    x, found = EXPECTED["x"], load_dictionary(kept / name)
    codes = found.sae.encode(x)
    torch.testing.assert_close(codes, EXPECTED[f"{name}.codes"], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(found.sae.decode(codes), found.sae(x))
    torch.testing.assert_close(found.sae(x), EXPECTED[f"{name}.x_hat"], rtol=1e-5, atol=1e-5)
    writer = {"saelens": "SAELens", "age": "SAELens", "learned": "dictionary_learning"}
    assert found.kind.startswith(writer.get(name.split("-")[0], "sparsify"))


@pytest.mark.parametrize("name", CASES)
def test_the_folder_and_each_file_in_it_name_the_same_dictionary(name: str, kept: Path) -> None:
    keys = {public_dictionary(str(kept / name / file), device="cpu").key for file in CASES[name]}
    assert keys == {public_dictionary(str(kept / name), device="cpu").key}


@pytest.mark.parametrize("name", CASES)
def test_what_is_read_goes_back_to_saelens_and_to_our_own_files(
    name: str, kept: Path, tmp_path: Path
) -> None:
    x, sae = EXPECTED["x"], load_dictionary(kept / name).sae
    save_saelens(sae, tmp_path / "theirs")
    save_sae(sae, tmp_path / "ours")
    for folder in ("theirs", "ours"):
        again = load_dictionary(tmp_path / folder).sae
        assert again.key == sae.key
        assert torch.equal(again.encode(x), sae.encode(x))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_libraries_themselves(tmp_path: Path) -> None:
    """Every kind written anew, read, and compared; then ours, read by SAELens and saved again."""
    if interpreter("sae-lens") is None:
        pytest.skip("the other libraries are not installed: python -m lib bench --install")
    (tmp_path / "theirs").mkdir()
    run_peers("write", str(tmp_path / "theirs"))
    rows = compare(tmp_path / "theirs")
    assert {row["name"] for row in rows} == set(CASES)
    for row in rows:
        assert row["codes"] <= 1e-5 * row["largest"], row
        assert row["x_hat"] <= 1e-5 * row["largest"], row
        assert row["l0"][0] == row["l0"][1], row
    saes = {name: load_dictionary(tmp_path / "theirs" / name).sae for name in CASES}
    for name, sae in saes.items():
        save_saelens(sae, tmp_path / "back" / name)
    run_peers("back", str(tmp_path / "back"))
    theirs, x = load_file(tmp_path / "back" / "expected.safetensors"), EXPECTED["x"]
    for name, sae in saes.items():
        torch.testing.assert_close(theirs[f"{name}.codes"], sae.encode(x), rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(theirs[f"{name}.x_hat"], sae(x), rtol=1e-5, atol=1e-5)
        again = load_dictionary(tmp_path / "back" / name / "again").sae
        assert again.config() == sae.config()
        assert torch.equal(again.encode(x), sae.encode(x))


# Where it lies.


@pytest.mark.parametrize("kind", ["topk", "l1", "jumprelu"])
def test_a_chapter_reads_our_own_folders_as_what_they_are(kind: str, tmp_path: Path) -> None:
    sae = make(kind, unit_decoder=False, seed=3)
    save_sae(sae, tmp_path / "own")
    save_saelens(sae, tmp_path / "saelens")
    for folder in ("own", "saelens"):
        found = public_dictionary(str(tmp_path / folder), device="cpu").sae
        assert found.config() == sae.config()
        assert torch.equal(found.encode(batch()), sae.encode(batch()))
    assert load_sae(tmp_path / "own").key == sae.key


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"k": "3"}, "k must be a whole number; it is '3'"),
        ({"k": 3.0}, "k must be a whole number"),
        ({"pre_bias": "no"}, "pre_bias must be true or false"),
        ({"width": D + 1}, "does not fit its config"),
        ({"k": F + 1}, f"k = {F + 1}"),
        ({"kind": "gated"}, "no whole config"),
    ],
)
def test_our_own_config_with_a_wrong_value(change: dict, said: str, tmp_path: Path) -> None:
    save_sae(make("topk"), tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    for place in (tmp_path, tmp_path / "sae.safetensors", path):
        with pytest.raises(UserError, match=said):
            load_dictionary(place)


def test_what_saelens_writes_beside_a_dictionary_is_no_second_one(
    kept: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(kept / "saelens-topk", tmp_path / "topk")
    for name in ("sparsity", "activations_store_state"):
        save_file({"sparsity": torch.zeros(64)}, folder / f"{name}.safetensors")
    torch.save({}, folder / "trainer_state.pt")
    assert isinstance(load_dictionary(folder).sae, TopK)
    (folder / "cfg.json").unlink()
    (folder / "sae_weights.safetensors").rename(folder / "a name.safetensors")
    assert isinstance(load_dictionary(folder).sae, L1), "no config: the studies' own format"
    refused(folder / "sparsity.safetensors", "no key 'W_enc'")


def test_a_folder_of_folders(kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept / "saelens-topk", tmp_path / "layer 0" / "mlp")
    assert isinstance(load_dictionary(tmp_path).sae, TopK), "one, wherever it lies"
    shutil.copytree(kept / "saelens-jumprelu", tmp_path / "layer 1" / "mlp")
    with pytest.raises(UserError, match=r"several dictionaries; give one of them: .*layer 1"):
        load_dictionary(tmp_path)
    assert isinstance(load_dictionary(tmp_path / "layer 1").sae, JumpReLU)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(UserError, match="has no files of weights"):
        load_dictionary(tmp_path / "nothing")


def test_weights_in_shards(kept: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(kept / "saelens-topk", tmp_path / "topk")
    whole = load_dictionary(folder)
    name = "sae_weights.safetensors"
    tensors = load_file(folder / name)
    (folder / name).unlink()
    map_ = {key: f"part-{i % 2}.safetensors" for i, key in enumerate(tensors)}
    for part in set(map_.values()):
        save_file({k: t for k, t in tensors.items() if map_[k] == part}, folder / part)
    index = folder / f"{name}.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": map_}))
    for place in (folder, index):
        found = public_dictionary(str(place), device="cpu")
        assert found.key == public_dictionary(str(kept / "saelens-topk"), device="cpu").key
        assert len(found.provenance["sha256"]) == 3
    assert torch.equal(load_dictionary(folder).sae(EXPECTED["x"]), whole.sae(EXPECTED["x"]))
    (folder / "part-1.safetensors").unlink()
    refused(index, r"has no part-1\.safetensors")
    save_file({"b_dec": tensors["b_dec"]}, folder / "part-1.safetensors")
    refused(index, "do not hold what it lists")
    for content in ("{", "{}", '{"weight_map": {}}', '{"weight_map": {"a": "../b.safetensors"}}'):
        index.write_text(content)
        refused(index, "no index of shards|shards are")


def test_files_of_another_dictionary_are_not_read_by_this_config(
    kept: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(kept / "saelens-topk", tmp_path / "topk")
    shutil.copyfile(folder / "sae_weights.safetensors", folder / "other.safetensors")
    assert isinstance(load_dictionary(folder).sae, TopK)
    refused(folder / "other.safetensors", r"belongs to sae_weights\.safetensors")
    shutil.copyfile(kept / "learned-topk" / "config.json", folder / "config.json")
    with pytest.raises(UserError, match="two writers side by side"):
        load_dictionary(folder)


def test_a_config_that_nobody_here_knows_is_not_passed_over(tmp_path: Path) -> None:
    save_file(weights(), tmp_path / "sae.safetensors")
    for content in ({"model_type": "gpt_neo", "activation": "x"}, {"l1_coeff": 0.1}):
        (tmp_path / "config.json").write_text(json.dumps(content))
        assert isinstance(load_dictionary(tmp_path).sae, L1), "of something else"
    for content in ({"activation": "jumprelu"}, {"k": 4, "dict_size": F}, {"type": "gated"}):
        (tmp_path / "config.json").write_text(json.dumps(content))
        refused(tmp_path / "sae.safetensors", r"config\.json is no config that is read here")
    (tmp_path / "sae.safetensors").rename(tmp_path / "a study.safetensors")
    (tmp_path / "config.json").write_text("{}")
    assert isinstance(load_dictionary(tmp_path).sae, L1), "empty"


@pytest.mark.parametrize(
    ("save", "left"), [(save_saelens, None), (save_saelens, "{}"), (save_sae, "{}")]
)
def test_a_topk_dictionary_that_lost_its_config_is_not_read_as_another(
    save: Callable, left: str | None, tmp_path: Path
) -> None:
    save(make("topk", seed=1), tmp_path / "one")
    (config,) = (tmp_path / "one").glob("*.json")
    config.unlink() if left is None else config.write_text(left)
    refused(tmp_path / "one", rf"lacks its config, {config.name}")


@pytest.mark.parametrize(
    ("kind", "table", "name", "value"),
    [
        ("topk", OWN, "auxiliary_k", "x"),
        ("topk", OWN, "auxiliary_coefficient", "x"),
        ("l1", OWN, "coefficient", "x"),
        ("jumprelu", "training_architecture_details", "k", [4]),
    ],
)
def test_a_setting_of_the_wrong_type_is_named(
    kind: str, table: str, name: str, value: object, tmp_path: Path
) -> None:
    save_saelens(make(kind, seed=1), tmp_path)
    path = tmp_path / "cfg.json"
    config = json.loads(path.read_text())
    config["metadata"].setdefault(table, {})[name] = value
    path.write_text(json.dumps(config))
    refused(tmp_path, rf"cfg\.json: {name} must be a")


# Files without a config.


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_public_state_dict_is_read_as_published(suffix: str, tmp_path: Path) -> None:
    path, w, x = tmp_path / f"a study{suffix}", weights(), batch()
    torch.save(w, path) if suffix == ".pt" else save_file(w, path)
    sae = load_dictionary(path).sae
    codes = torch.relu((x - w["b_dec"]) @ w["W_enc"] + w["b_enc"])
    torch.testing.assert_close(sae.encode(x), codes)
    torch.testing.assert_close(sae(x), codes @ w["W_dec"] + w["b_dec"])
    assert (sae.width, sae.features, sae.unit_decoder) == (D, F, True)
    loss = sae.loss(x)
    assert loss.total == loss.reconstruction, "no coefficient, since the file has none"


def test_rows_that_are_not_normalised_stay_as_they_are(tmp_path: Path) -> None:
    torch.save(weights(W_dec=3 * weights()["W_dec"]), tmp_path / "w.pt")
    assert load_dictionary(tmp_path / "w.pt").sae.unit_decoder is False


def test_low_precision_is_read_into_full(tmp_path: Path) -> None:
    save_file({n: w.bfloat16() for n, w in weights().items()}, tmp_path / "w.safetensors")
    sae = load_dictionary(tmp_path / "w.safetensors").sae
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
        (weights(log_feature_sparsity=torch.zeros(F)), "'log_feature_sparsity'"),
        (weights(threshold=torch.zeros(F)), "looks like a JumpReLU"),
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
    assert str(path) in refused(path, said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("learned-topk", r"dictionary_learning's, whose config\.json"),
        ("learned-batchtopk", r"dictionary_learning's, whose config\.json"),
        ("learned-matryoshka", r"dictionary_learning's, whose config\.json"),
        ("learned-jumprelu", "whether b_dec is subtracted"),
        ("sparsify-topk", r"sparsify's, whose cfg\.json"),
        ("saelens-jumprelu", "whether b_dec is subtracted"),
    ],
)
def test_weights_whose_config_is_missing_name_their_writer(
    name: str, said: str, kept: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(kept / name, tmp_path / name)
    for path in folder.glob("*.json"):
        path.unlink()
    (path,) = folder.iterdir()
    refused(path, said)


def test_keys_that_only_one_class_has_need_no_config(kept: Path, tmp_path: Path) -> None:
    path = shutil.copyfile(kept / "learned-relu" / "ae.pt", tmp_path / "ae.pt")
    found = load_dictionary(path)
    assert found.kind == "dictionary_learning AutoEncoder"
    torch.testing.assert_close(found.sae.encode(EXPECTED["x"]), EXPECTED["learned-relu.codes"])


class Trap:
    """A pickle that would leave a file behind if it were executed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_a_pickle_never_runs(tmp_path: Path) -> None:
    sprung, path = tmp_path / "sprung", tmp_path / "w.pt"
    for save, holds in (
        (lambda: torch.save({"W_enc": Trap(sprung)}, path), r" \(it holds \w+\.mkdir\)"),
        (lambda: path.write_bytes(pickle.dumps(Trap(sprung))), ""),
        (lambda: torch.save(make("l1"), path), r" \(it holds lib\.sae\.autoencoders\.L1\)"),
        (lambda: path.write_bytes(b"not a pickle"), ""),
        (lambda: path.write_bytes(b""), ""),
    ):
        save()
        said = refused(path, rf"w\.pt is no plain state dict and was not read{holds}:")
        assert "options" not in said
        assert not sprung.exists()


def test_missing_and_damaged_files(tmp_path: Path) -> None:
    for name in ("w.pt", "w.safetensors"):
        with pytest.raises(UserError, match=f"there is no file and no folder '{name}'"):
            load_dictionary(tmp_path / name)
    save_file(weights(), tmp_path / "w.safetensors")
    data = (tmp_path / "w.safetensors").read_bytes()
    (tmp_path / "w.safetensors").write_bytes(data[:-8])
    refused(tmp_path / "w.safetensors", "truncated or damaged")


# SAELens.


@pytest.mark.parametrize("kind", ["topk", "l1", "jumprelu"])
@pytest.mark.parametrize("pre_bias", [True, False])
def test_the_layout_of_saelens_gives_back_the_same_dictionary(
    kind: str, pre_bias: bool, tmp_path: Path
) -> None:
    options = {"auxiliary_k": 4} if kind == "topk" else {}
    sae = make(kind, pre_bias=pre_bias, unit_decoder=False, seed=3, **options)
    save_saelens(sae, tmp_path)
    again = load_dictionary(tmp_path).sae
    assert again.config() == sae.config()
    assert torch.equal(again(batch()), sae(batch()))
    shapes = {"W_enc": (D, F), "b_enc": (F,), "W_dec": (F, D), "b_dec": (D,)}
    shapes |= {"threshold": (F,)} if kind == "jumprelu" else {}
    found = load_file(tmp_path / "sae_weights.safetensors")
    assert {name: tuple(w.shape) for name, w in found.items()} == shapes


def saelens_folder(folder: Path, **changes) -> Path:
    """As SAELens writes it, of a TopK dictionary whose decoder rows are not normalised."""
    folder.mkdir(exist_ok=True)
    save_file(weights(W_dec=2.5 * weights()["W_dec"]), folder / "sae_weights.safetensors")
    config = {
        "architecture": "topk", "d_in": D, "d_sae": F, "k": K, "dtype": "float32",
        "device": "cpu", "apply_b_dec_to_input": True, "normalize_activations": "none",
        "reshape_activations": "none", "rescale_acts_by_decoder_norm": True,
        "metadata": {"sae_lens_version": "6.0.0"},
    }  # fmt: skip
    config = {n: v for n, v in (config | changes).items() if v is not None}
    (folder / "cfg.json").write_text(json.dumps(config))
    return folder


def test_decoder_norms_that_saelens_multiplies_codes_by_are_folded(tmp_path: Path) -> None:
    sae, x = load_dictionary(saelens_folder(tmp_path)).sae, batch()
    w = weights(W_dec=2.5 * weights()["W_dec"])
    before = ((x - w["b_dec"]) @ w["W_enc"] + w["b_enc"]) * 2.5
    values, indices = before.topk(K, dim=1)
    codes = torch.zeros_like(before).scatter(1, indices, values.relu())
    torch.testing.assert_close(sae.encode(x), codes)
    torch.testing.assert_close(sae(x), (codes / 2.5) @ w["W_dec"] + w["b_dec"])
    assert sae.unit_decoder


def test_missing_keys_take_saelens_own_defaults(tmp_path: Path) -> None:
    folder = saelens_folder(tmp_path, rescale_acts_by_decoder_norm=None, apply_b_dec_to_input=None)
    sae = load_dictionary(folder).sae
    assert (sae.pre_bias, sae.unit_decoder, sae.k) == (True, False, K)
    (folder / "sae_weights.safetensors").unlink()
    wide = {"W_enc": (D, 200), "b_enc": (200,), "W_dec": (200, D), "b_dec": (D,)}
    save_file({n: torch.rand(s) for n, s in wide.items()}, folder / "sae_weights.safetensors")
    (folder / "cfg.json").write_text(
        json.dumps({"architecture": "topk", "d_in": D, "d_sae": 200, "sae_lens_version": "6.1"})
    )
    assert load_dictionary(folder).sae.k == 100


OLD = {"metadata": None, "k": None, "architecture": "standard"}
NORMALISED = ["layer_norm", "constant_norm_rescale", "expected_average_only_in",
              "covariance_whitening", True]  # fmt: skip
ELSEWHERE = ["gated", "abstopk", "transcoder", "skip_transcoder", "jumprelu_transcoder", "temporal",
             "matching_pursuit", "batchtopk", "matryoshka_batchtopk", "new"]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        *(({"architecture": name}, f"architecture = '{name}'") for name in ELSEWHERE),
        *(({"normalize_activations": n}, f"normalize_activations = {n!r}") for n in NORMALISED),
        *((OLD | {"normalize_activations": n}, f"tivations = {n!r}") for n in NORMALISED),
        ({"reshape_activations": "hook_z"}, "reshape_activations = 'hook_z'"),
        (OLD | {"reshape_activations": None, "hook_point": "a.hook_z"}, "= 'hook_z'"),
        ({"d_out": 3}, "d_out = 3.*transcoder"),
        (OLD | {"hook_name_out": "blocks.0.hook_mlp_out"}, "hook_name_out"),
        ({"metadata": {"sae_lens_version": "6.0", "hook_name_out": "x"}}, "hook_name_out"),
        ({"architecture": None}, "lacks 'architecture'"),
        ({"d_in": None}, "lacks 'd_in'"),
        ({"k": None}, "k = 100, but 20 features"),
        ({"d_sae": F + 1}, f"d_sae = {F + 1}, but the weights"),
        ({"k": F + 1}, f"k = {F + 1}"),
        ({"k": 0}, "k = 0"),
        ({"k": "3"}, "k must be a whole number; it is '3'"),
        ({"k": True}, "k must be a whole number; it is True"),
        ({"k": 3.0}, "k must be a whole number"),
        ({"d_in": "6"}, "d_in must be a whole number"),
        ({"apply_b_dec_to_input": "no"}, "apply_b_dec_to_input must be true or false"),
        ({"rescale_acts_by_decoder_norm": 1}, "rescale_acts_by_decoder_norm must be true"),
        ({"metadata": []}, "metadata must be a table"),
        ({"metadata": {"sae_lens_version": "new"}}, "must be a version"),
        ({"architecture": "standard"}, "k = 3"),
        ({"architecture": "jumprelu", "k": None}, "no key 'threshold'"),
        (OLD | {"activation_fn": "tanh-relu"}, "activation_fn = 'tanh-relu'"),
        (OLD | {"activation_fn_str": "topk"}, "lacks 'k'"),
        (OLD | {"activation_fn_str": "topk", "activation_fn_kwargs": {"k": "4"}}, "k must be"),
        (OLD | {"activation_fn_str": "topk", "activation_fn_kwargs": {"k": 4, "signed": True}},
         "'signed': True"),
        (OLD | {"activation_fn_str": "topk", "activation_fn": "relu"}, "relu and topk"),
        ({"architecture": "standard", "k": None, "activation_fn": "topk",
          "activation_fn_kwargs": {"k": 4}}, "activation_fn = 'topk'"),
        ({"activation_fn": "topk", "activation_fn_kwargs": {"k": 4}}, "k = 3"),
    ],
)  # fmt: skip
def test_what_only_saelens_can_read_is_refused(changes: dict, said: str, tmp_path: Path) -> None:
    said = refused(saelens_folder(tmp_path / "folder", **changes) / "sae_weights.safetensors", said)
    assert "cfg.json" in said or "sae_weights" in said


def test_a_scaling_factor_counts_unless_it_is_one(tmp_path: Path) -> None:
    folder = saelens_folder(tmp_path / "folder", **OLD, finetuning_scaling_factor=True)
    path = folder / "sae_weights.safetensors"
    save_file(weights(scaling_factor=torch.ones(F)), path)
    assert isinstance(load_dictionary(folder).sae, L1)
    save_file(weights(scaling_factor=torch.full((F,), 1.5)), path)
    refused(path, "scaling_factor = 'other than ones'")


def test_thresholds_of_before_are_logarithms(tmp_path: Path) -> None:
    folder = saelens_folder(tmp_path, architecture="jumprelu", k=None)
    log = torch.linspace(-2, 1, F)
    save_file(weights(log_threshold=log), folder / "sae_weights.safetensors")
    assert torch.equal(load_dictionary(folder).sae.threshold, log.exp())


def test_damaged_configs(tmp_path: Path) -> None:
    folder = saelens_folder(tmp_path / "folder")
    for content in ("{", "[]", '{"d_in": 6', "\x00"):
        (folder / "cfg.json").write_text(content)
        refused(folder / "sae_weights.safetensors", r"cfg\.json (is damaged|holds no settings)")
    saelens_folder(folder)
    (folder / "sae_weights.safetensors").unlink()
    with pytest.raises(UserError, match="no files of weights"):
        load_dictionary(folder)


# dictionary_learning and sparsify.


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("learned-topk", {"dict_class": "GatedAutoEncoder"}, "dict_class = 'GatedAutoEncoder'"),
        ("learned-topk", {"dict_class": "AutoEncoderNew"}, "dict_class = 'AutoEncoderNew'"),
        ("learned-topk", {"dict_class": None}, "lacks 'dict_class'"),
        ("learned-topk", {"dict_class": "AutoEncoder"}, "no key 'bias'"),
        ("learned-topk", {"dict_class": "JumpReluAutoEncoder"}, "no key 'W_enc'"),
        ("learned-topk", {"k": 5}, "k = 5.*weights beside it say 4"),
        ("learned-topk", {"k": "4"}, "k must be a whole number"),
        ("learned-topk", {"dict_size": 65}, "dict_size = 65, but the weights"),
        ("learned-relu", {"dict_class": "AutoEncoderTopK"}, "no key 'b_dec'"),
        ("sparsify-topk", {"transcode": True}, "transcode = True"),
        ("sparsify-topk", {"skip_connection": True}, "skip_connection = True"),
        ("sparsify-topk", {"activation": "groupmax"}, "activation = 'groupmax'"),
        ("sparsify-topk", {"signed": True}, "signed = True"),
        ("sparsify-topk", {"batch_topk": True}, "batch_topk = True"),
        ("sparsify-topk", {"k": None}, "k = None"),
        ("sparsify-topk", {"k": 65}, "k = 65"),
        ("sparsify-topk", {"k": "4"}, "k must be a whole number"),
        ("sparsify-topk", {"num_latents": 0}, "num_latents = 512, but the weights"),
        ("sparsify-topk", {"d_in": 17}, "d_in = 17"),
    ],
)
def test_what_is_not_read_of_the_others_names_its_origin(
    name: str, change: dict, said: str, kept: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(kept / name, tmp_path / name)
    (path,) = folder.glob("*.json")
    config = json.loads(path.read_text())
    part = config.get("trainer", config)
    part.update(change)
    path.write_text(json.dumps(config))
    sentence = refused(path, said)
    assert "SAELens" not in sentence, "never called what it is not"


def test_directions_of_any_length_are_kept_and_said(kept: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(kept / "learned-relu", tmp_path / "relu")
    state = torch.load(folder / "ae.pt", weights_only=True)
    state["decoder.weight"] *= 3
    torch.save(state, folder / "ae.pt")
    found = load_dictionary(folder)
    torch.testing.assert_close(found.sae.encode(EXPECTED["x"]), EXPECTED["learned-relu.codes"])
    assert any("divides directions by their norms" in note for note in found.notes())
    assert load_dictionary(kept / "learned-relu").notes() == []


# What its numbers mean.


@pytest.mark.parametrize("name", ["learned-young-batchtopk", "saelens-young-batchtopk"])
def test_a_threshold_that_was_never_set_is_said(
    name: str, kept: Path, capsys: pytest.CaptureFixture
) -> None:
    found = public_dictionary(str(kept / name), device="cpu")
    assert found.describe() in capsys.readouterr().err
    for sample in (None, torch.randn(50, 16)):
        notes = found.describe(sample)
        assert "t was never set" in notes
        assert "0.1.0" in notes
        assert "6.54.0" in notes
        assert "k 4 in training: it fires too often" in notes
    l0 = (found.sae.encode(sample) > 0).sum(1).float().mean()
    assert f"L0 {l0:.1f} on 50 vectors" in notes


@pytest.mark.parametrize("name", ["learned-batchtopk", "saelens-batchtopk"])
def test_a_threshold_that_fires_too_often_is_said_only_then(name: str, kept: Path) -> None:
    found, sample = load_dictionary(kept / name), torch.randn(200, 16)
    assert found.k == 4
    assert found.notes() == [], "nothing is known without vectors of the site"
    for threshold, often in ((1e-3, True), (found.sae.encode(sample).max().item(), False)):
        found.sae.threshold.data.fill_(threshold)
        (note,) = found.notes(sample)
        assert "on 200 vectors of the site, k 4 in training" in note
        assert ("it fires too often" in note) == often


def test_a_folder_without_its_version_keeps_what_saelens_forgets(kept: Path) -> None:
    found = load_dictionary(kept / "age-none-but-new")
    assert found.origin["model_name"] == "a-model"
    assert any("no sae_lens_version" in note and "6.54.0" in note for note in found.notes())
    other = load_dictionary(kept / "age-3-standard")
    assert other.notes() == []
    assert other.origin == {
        "model_name": "a-model", "hook_name": "blocks.0.hook_mlp_out", "prepend_bos": True
    }  # fmt: skip


def test_a_decoder_normalised_along_the_wrong_axis_is_said(tmp_path: Path) -> None:
    wrong = torch.nn.functional.normalize(weights()["W_dec"], dim=0)
    save_file(weights(W_dec=wrong), tmp_path / "w.safetensors")
    (note,) = load_dictionary(tmp_path / "w.safetensors").notes()
    norms = wrong.norm(dim=1)
    assert "along the wrong axis (deeplens-sae 0.1.1" in note
    assert f"from {norms.min():.2g} to {norms.max():.2g}" in note
    save_file(weights(), tmp_path / "w.safetensors")
    assert load_dictionary(tmp_path / "w.safetensors").notes() == []


def test_an_auxiliary_loss_that_trains_no_encoder_explains_dead_features(kept: Path) -> None:
    (note,) = load_dictionary(kept / "sparsify-topk").notes()
    assert "eai-sparsify 1.3.3" in note
    assert "dead features as an effect of training" in note


def test_the_files_of_deeplens_are_named(tmp_path: Path) -> None:
    state = {"encoder.weight": torch.rand(F, D), "encoder.bias": torch.rand(F),
             "decoder.weight": torch.rand(D, F)}  # fmt: skip
    torch.save(state, tmp_path / "best_model.pt")
    refused(tmp_path / "best_model.pt", "deeplens-sae's, whose settings lie in a YAML")
