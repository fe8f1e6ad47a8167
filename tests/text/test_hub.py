"""The hub's own library against a server that speaks the hub's protocol, on loopback only."""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import huggingface_hub.constants
import pytest
import torch
from hub_server import LARGE, HubServer
from published_models import dictionary_tensors, write_lens, write_neo
from safetensors.torch import load_file, save, save_file

from lib.cache.pretrained import DICTIONARIES, public_dictionary
from lib.cache.shelf import pretrained_model
from lib.core.errors import UserError
from lib.core.hub_files import hub_repository
from lib.model.published.shelf import ShelfModel, shelf
from lib.sae.autoencoders import TopK
from lib.sae.interchange import save_saelens


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer().running() as server:
        yield server


@pytest.fixture
def online(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Points the library at the server, with caches of the test's own; the library reads the
    environment when its constants are made, so that they are made again."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("LITTLE_DICTIONARIES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")

    def point(endpoint: str | None = None, offline: bool = False) -> None:
        monkeypatch.setenv("HF_ENDPOINT", endpoint or hub.endpoint)
        monkeypatch.setenv("HF_HUB_OFFLINE", str(int(offline)))
        importlib.reload(huggingface_hub.constants)

    point()
    yield point
    monkeypatch.undo()
    importlib.reload(huggingface_hub.constants)


@pytest.fixture
def published(hub: HubServer, online: Callable[..., None], tmp_path: Path) -> str:
    """A tiny GPT-Neo as `someone/model`; returns its commit."""
    write_neo(tmp_path / "published")
    assert (tmp_path / "published" / "model.safetensors").stat().st_size > LARGE
    return hub.add_folder("someone/model", tmp_path / "published")


def load(commit: str):
    return pretrained_model(f"someone/model@{commit}", device="cpu")


def test_a_model_comes_from_the_hub_as_from_a_folder(
    published: str, hub: HubServer, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    found = load(published)
    in_folder = pretrained_model(str(tmp_path / "published"), device="cpu")
    assert found.model.key == in_folder.model.key
    assert found.provenance["revision"] == published
    assert found.provenance["sha256"] == in_folder.provenance["sha256"]
    said = capsys.readouterr().err
    assert "fetching model.safetensors (43 kB) of someone/model" in said
    asked = hub.asked("GET ")
    assert all("/cdn/" in r or published in r for r in asked), "everything is read at the commit"


def test_a_model_in_shards_comes_from_the_hub_as_whole(
    published: str, hub: HubServer, tmp_path: Path
) -> None:
    whole, folder = load(published), tmp_path / "published"
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    places = {name: f"part-{number % 2}.safetensors" for number, name in enumerate(tensors)}
    for file in set(places.values()):
        save_file({n: t for n, t in tensors.items() if places[n] == file}, folder / file)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    commit = hub.add_folder("someone/shards", folder)
    found = pretrained_model(f"someone/shards@{commit}", device="cpu")
    for name, weight in whole.model.named_parameters():
        assert torch.equal(found.model.get_parameter(name), weight)
    (folder / "part-1.safetensors").unlink()
    commit = hub.add_folder("someone/lacking", folder)
    with pytest.raises(UserError, match=r"has no part-1\.safetensors"):
        pretrained_model(f"someone/lacking@{commit}", device="cpu")


def test_what_is_kept_needs_no_network(
    published: str, hub: HubServer, online: Callable[..., None]
) -> None:
    key = load(published).model.key
    hub.requests.clear()
    assert load(published).model.key == key
    assert hub.requests == []
    online(offline=True)
    assert load(published).model.key == key
    online("http://127.0.0.1:9")  # nobody listens there
    assert load(published).model.key == key


@pytest.mark.parametrize("way", ["offline", "unreachable"])
def test_a_tag_and_a_short_commit_need_no_network_either(
    way: str, published: str, hub: HubServer, online: Callable[..., None]
) -> None:
    hub.tag = "v1.0"
    keys = {load(name).model.key for name in ("v1.0", published[:8])}
    online(offline=True) if way == "offline" else online("http://127.0.0.1:9")
    assert {
        load(name).model.key for name in ("v1.0", published[:8], published[:12], published)
    } == keys
    with pytest.raises(UserError, match=r"revision 'v1\.1' of someone/model is not kept"):
        hub_repository("someone/model", "v1.1")


@pytest.mark.parametrize("way", ["offline", "unreachable"])
def test_what_is_not_kept_is_named_with_a_way_to_go_on(
    way: str, published: str, online: Callable[..., None], tmp_path: Path
) -> None:
    online(offline=True) if way == "offline" else online("http://127.0.0.1:9")
    with pytest.raises(UserError) as refused:
        load(published)
    said = str(refused.value)
    assert f"config.json of someone/model (revision {published[:8]}) is not kept in" in said
    assert str(tmp_path / "hf") in said
    assert "unset HF_HUB_OFFLINE, or give a folder" in said
    assert "\n" not in said


def test_a_branch_is_looked_up_said_and_remembered(
    published: str, hub: HubServer, online: Callable[..., None], capsys: pytest.CaptureFixture
) -> None:
    first = load("main")
    assert f"main is commit {published}; give @{published}" in capsys.readouterr().err
    assert first.provenance["revision"] == published
    online(offline=True)
    assert load("main").model.key == first.model.key
    with pytest.raises(UserError, match="revision 'other' of someone/model is not kept"):
        hub_repository("someone/model", "other")


def test_a_download_that_broke_off_goes_on_where_it_was(published: str, hub: HubServer) -> None:
    hub.cuts = 1
    load(published)
    assert len(hub.asked("GET /cdn/")) == 2


def test_a_download_that_keeps_breaking_off_leaves_nothing_that_counts_as_whole(
    published: str, hub: HubServer, tmp_path: Path
) -> None:
    hub.cuts = 10**6
    with pytest.raises(UserError, match=r"model\.safetensors of someone/model .* fetched"):
        load(published)
    assert not list((tmp_path / "hf").rglob("snapshots/*/model.safetensors"))
    hub.cuts = 0
    load(published)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("someone/nothing@" + "0" * 40, "no such repository"),
        ("someone/model@" + "0" * 40, "no such revision"),
        ("someone/model@v2", "no such revision"),
        ("no good/model@main", "named owner/name"),
    ],
)
def test_what_the_hub_does_not_have_is_refused(published: str, name: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        pretrained_model(name, device="cpu")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_repository_without_a_file_is_refused(
    name: str, hub: HubServer, published: str, tmp_path: Path
) -> None:
    (tmp_path / "published" / name).unlink()
    commit = hub.add_folder("someone/model", tmp_path / "published")
    with pytest.raises(UserError, match=f"someone/model .* has no {name}"):
        load(commit)


def test_a_known_model_has_its_tokenizer_elsewhere(
    hub: HubServer, online: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lens(tmp_path / "lens")
    tokenizer = (tmp_path / "lens" / "tokenizer.json").read_bytes()
    (tmp_path / "lens" / "tokenizer.json").unlink()
    commit = hub.add_folder("someone/gelu", tmp_path / "lens")
    other = hub.add("someone/tokenizer", {"tokenizer.json": tokenizer})
    entry = ShelfModel(
        "tiny", "a test", "1 kB", "blocks.0.mlp_out", "as it is", repository="someone/gelu",
        revision=commit, tokenizer=f"someone/tokenizer@{other}",
    )  # fmt: skip
    monkeypatch.setitem(shelf(), "tiny", entry)
    found = pretrained_model("tiny", device="cpu")
    assert found.provenance["tokenizer"] == "someone/tokenizer"
    assert set(found.provenance["sha256"]) == {"config.json", "model_final.pth", "tokenizer.json"}


def test_a_model_that_the_book_cannot_pin_asks_for_the_commit(
    hub: HubServer, online: Callable[..., None]
) -> None:
    with pytest.raises(UserError, match=r"needs a revision.*tinystories-2l-33m@main"):
        pretrained_model("tinystories-2l-33m", device="cpu")
    assert hub.requests == []


def test_every_known_revision_is_a_whole_commit() -> None:
    known = [*shelf().values(), *DICTIONARIES.values()]
    tokenizers = [entry.tokenizer for entry in shelf().values() if entry.tokenizer]
    pins = [entry.revision for entry in known] + [t.split("@")[1] for t in tokenizers]
    assert all(len(pin) == 40 and int(pin, 16) for pin in pins if pin)


def test_a_dictionary_comes_from_the_hub_whatever_its_file_is_called(
    hub: HubServer, online: Callable[..., None], tmp_path: Path
) -> None:
    save_file(dictionary_tensors(), tmp_path / "some.safetensors")
    torch.save(dictionary_tensors(features=32), tmp_path / "268.pt")
    new, old = (tmp_path / "some.safetensors").read_bytes(), (tmp_path / "268.pt").read_bytes()
    about = {"README.md": b"#", "cfg.json": b"{}"}
    old_commit = hub.add("someone/old", about | {"268.pt": old})
    both = hub.add("someone/both", about | {"268.pt": old, "some.safetensors": new})
    none = hub.add("someone/none", about)

    def read(name: str):
        return public_dictionary(f"someone/{name}", device="cpu")

    assert read(f"old@{old_commit}").sae.features == 32
    found = read(f"both@{both}")
    assert found.sae.features == 64, "safetensors where published"
    assert found.provenance["revision"] == both
    named = read(f"both@{both}:268.pt")
    assert named.sae.features == 32
    assert named.provenance["inside"] == "268.pt"
    with pytest.raises(UserError, match="no file and no folder 'other' in someone/both"):
        read(f"both@{both}:other")
    with pytest.raises(UserError, match="has no files of weights"):
        read(f"none@{none}")
    online(offline=True)
    assert read(f"both@{both}").key == found.key


def test_a_dictionary_is_a_folder_or_a_file_in_a_repository_and_may_be_in_shards(
    hub: HubServer, online: Callable[..., None], tmp_path: Path
) -> None:
    """With the config beside it: TopK's weights alone would be read as a ReLU dictionary."""
    sae, index = TopK(8, 16, 3), "sae_weights.safetensors.index.json"
    save_saelens(sae, tmp_path / "sae")
    tensors = load_file(tmp_path / "sae" / "sae_weights.safetensors")
    files = {path.name: path.read_bytes() for path in (tmp_path / "sae").iterdir()}
    whole = {f"layers.0/mlp/{name}": content for name, content in files.items()}
    parts = {f"{name}.safetensors": save({name: tensor}) for name, tensor in tensors.items()}
    map_ = {name: f"{name}.safetensors" for name in tensors}
    parts |= {index: json.dumps({"weight_map": map_}).encode()}
    shards = {f"layers.1/{name}": content for name, content in parts.items()}
    shards |= {"layers.1/cfg.json": files["cfg.json"]}
    extra = {"layers.0/mlp/sparsity.safetensors": save({"sparsity": torch.zeros(16)})}
    commit = hub.add("someone/saes", whole | shards | extra)
    for inside in ("layers.0", "layers.0/mlp", "layers.0/mlp/sae_weights.safetensors", "layers.1"):
        found = public_dictionary(f"someone/saes@{commit}:{inside}", device="cpu")
        assert isinstance(found.sae, TopK)
        assert found.sae.key == sae.key
    assert len(found.provenance["sha256"]) == 5
    with pytest.raises(UserError, match=f"give one of them: someone/saes@{commit}:layers.0/mlp, "):
        public_dictionary(f"someone/saes@{commit}", device="cpu")
    assert not hub.asked("sparsity")


def test_the_environment_alone_points_another_process_at_the_server(
    published: str, hub: HubServer, tmp_path: Path
) -> None:
    """As a reader does it, with nothing made again by hand."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "other")}
    code = (
        "from lib.core.hub_files import hub_repository\n"
        f"print(hub_repository('someone/model', '{published}').first_of(['config.json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "other") in done.stdout
    assert done.stderr.count("\n") == 1, "one line that announces the file, no moving bar"


def test_text_comes_from_a_dataset_on_the_hub_and_is_kept(hub: HubServer, tmp_path: Path) -> None:
    """Read by `datasets` in a process of its own, page after page of the repository's tree."""
    stories = [{"text": f"Story {i}: the dog found ball number {i}.\n"} for i in range(40)]
    lines = "".join(json.dumps(story) + "\n" for story in stories)
    files = {"train.jsonl": lines.encode(), "validation.jsonl": b'{"text": "never read"}\n'}
    commit = hub.add("someone/stories", files, kind="datasets")
    (tmp_path / "home").mkdir()
    environment = os.environ | {
        "LITTLE_DICTIONARIES_HOME": str(tmp_path / "home"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_HOME": str(tmp_path / "hf"),
    }
    code = (
        "import sys\n"
        "from lib.text.hub import HubText, hub_documents\n"
        f"text = HubText('someone/stories', '{commit}')\n"
        "print(hub_documents(text, 100))\n"
        "import huggingface_hub.constants as c\n"
        "c.HF_HUB_OFFLINE = True\n"
        "print(hub_documents(text, 60))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    first, again = map(ast.literal_eval, done.stdout.splitlines())
    assert first == [story["text"].strip() for story in stories[:3]]
    assert again == first[:2]
    assert hub.asked(f"/resolve/{commit}/train.jsonl")
    assert len(hub.asked("cursor=")) >= 1, "the list of files has pages"
