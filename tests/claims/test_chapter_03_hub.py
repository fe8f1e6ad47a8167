"""Chapter 3 on a published model and a public dictionary, from the hub to the records.

The hub is a server on loopback; the model is tiny and its weights are random, so that what is
looked at is the way and not the numbers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import HubServer
from published_models import dictionary_tensors, write_neo_for_text
from safetensors.torch import save

from lib.core import paths
from lib.runs import run_folders
from lib.sae.autoencoders import JumpReLU, TopK
from lib.sae.interchange import save_saelens
from lib.text import storyworld

NOTEBOOK = "03_neuron_703_census.ipynb"
WIDTH, FEATURES = 64, 96


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer().running() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project with this chapter alone, so that nothing is found that was made before."""
    home = tmp_path / "home"
    (home / "chapters").mkdir(parents=True)
    shutil.copyfile(paths.root() / "chapters" / NOTEBOOK, home / "chapters" / NOTEBOOK)
    shutil.copytree(paths.root() / "book", home / "book")
    return home


def run(home: Path, hub: HubServer, *parameters: str, offline: bool = False) -> run_folders.Run:
    environment = os.environ | {
        paths.HOME_VARIABLE: str(home),
        "HF_ENDPOINT": hub.endpoint,
        "HF_HOME": str(home.parent / "hf"),
        "HF_HUB_OFFLINE": str(int(offline)),
    }
    command = [sys.executable, "-m", "lib", "run", "03", "--profile", "ci", "--device", "cpu"]
    command += [part for parameter in parameters for part in ("-p", parameter)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, cwd=home
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = [line for line in done.stdout.splitlines() if line.endswith(run_folders.NOTEBOOK)]
    return run_folders.read_run((home / said[0]).parent)


@pytest.mark.slow
@pytest.mark.timeout(700)
def test_chapter_3_runs_on_what_the_hub_has(hub: HubServer, home: Path, tmp_path: Path) -> None:
    stories = storyworld.generate(0, 60_000)
    write_neo_for_text(tmp_path / "model", stories, mlp_width=WIDTH, context=32)
    model = hub.add_folder("someone/model", tmp_path / "model")
    weights = save(dictionary_tensors(width=WIDTH, features=FEATURES))
    dictionary = hub.add("someone/sae", {"README.md": b"#", "sae.safetensors": weights})
    save_saelens(TopK(WIDTH, FEATURES, k=5), tmp_path / "saes" / "layer 1")
    save_saelens(JumpReLU(WIDTH, 2 * FEATURES), tmp_path / "saes" / "layer 0")
    several = hub.add_folder("someone/saes", tmp_path / "saes")
    parameters = (
        f"model=someone/model@{model}",
        f'dictionaries=["someone/sae@{dictionary}", "someone/saes@{several}:layer 1", '
        f'"{tmp_path / "saes" / "layer 0"}"]',
    )
    found = run(home, hub, *parameters)
    assert hub.asked(model)
    assert hub.asked(dictionary)
    assert found.records["neurons"].value == WIDTH
    assert found.records["census_features"].value == FEATURES, "the public one comes first"
    assert found.records["l0_topk"].value == 5, "a TopK dictionary is none of ReLU"
    said = found.records["published"].value
    for kind in ("ReLU", "SAELens topk", "SAELens jumprelu"):
        assert f"read as {kind}." in said
    assert "was never set" in said
    assert found.settings["model"] == f"someone/model@{model}"
    log = (found.folder / run_folders.LOG).read_text(encoding="utf-8")
    assert "fetching model.safetensors" in log
    assert f"a dictionary of {FEATURES} features on {WIDTH} dimensions" in log
    assert set(found.meta["verdicts"]) >= {"census.hub", "census.recovered"}

    # Without the hub, what was fetched is enough for another seed's run.
    shutil.rmtree(home / "runs")
    hub.requests.clear()
    again = run(home, hub, *parameters, offline=True)
    assert hub.requests == []
    values = {name: record.value for name, record in found.records.items()}
    assert values == {name: record.value for name, record in again.records.items()}
    used = json.loads((again.folder / run_folders.ENVIRONMENT).read_text(encoding="utf-8"))[
        "artifacts"
    ]
    assert {entry["event"] for entry in used} == {"reused"}
