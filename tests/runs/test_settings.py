"""Settings: what is accepted, and the sentence for what is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest
import toy_project
import yaml
from toy_project import load

from lib.core import paths
from lib.core.errors import UserError
from lib.evidence import run_context
from lib.settings import PROFILES, profile_values, profiles
from lib.settings.base import PROFILE_FACTS, PROFILE_SECONDS, ChapterSettings
from lib.studies.registry import STUDIES, resolve
from lib.studies.registry import schema as schema_of

WITHOUT_IT = [
    (chapter, profile.removesuffix(profiles.WITHOUT))
    for chapter in STUDIES
    for profile in yaml.safe_load(profiles._file_of(schema_of(chapter))[0].read_text())
    if profile.endswith(profiles.WITHOUT)
]
"""Chapters and profiles that go on where the model that they name is not on this machine."""

DEFAULTS = "profile = 'cpu'\nseed = 0\nsource = None"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return toy_project.activate(tmp_path / "a project", monkeypatch)


def test_none_means_from_the_profile() -> None:
    settings = resolve("90", {"profile": "t4", "size": None, "source": None})
    assert (settings.size, settings.source, settings.seed) == (3, "hub", 0)
    assert resolve("90", {}).source == "bundled"


@pytest.mark.parametrize(
    ("given", "field", "wanted"),
    [
        ({"sizes": "[256, 512]"}, "sizes", (256, 512)),
        ({"sizes": "(1, 2)"}, "sizes", (1, 2)),
        ({"sizes": [3]}, "sizes", (3,)),
        ({"size": "12"}, "size", 12),
        ({"size": 1e3}, "size", 1000),
        ({"rate": "1e-3"}, "rate", 1e-3),
        ({"switch": "true"}, "switch", True),
        ({"switch": "False"}, "switch", False),
        ({"size": "None"}, "size", 2),
        ({"source": "12"}, "source", "12"),
    ],
)
def test_text_is_decoded_by_the_type_of_the_field(given: dict, field: str, wanted: object) -> None:
    assert getattr(resolve("90", given), field) == wanted


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"siz": 3}, ["'siz'", "did you mean 'size'"]),
        ({"profile": "cpuu"}, ["'cpuu'", "did you mean 'cpu'"]),
        ({"profile": 3}, ["no profile 3"]),
        ({"size": "many"}, ["size", "integer", "'many'"]),
        ({"size": 0}, ["size must be greater than 0", "got 0"]),
        ({"size": 2.5}, ["size", "2.5"]),
        ({"size": True}, ["size", "must not be true or false"]),
        ({"sizes": "[1, 'x']"}, ["sizes[1]", "'x'"]),
        ({"seed": -1}, ["seed", "-1"]),
        ({"size": 13}, ["size must not be 13"]),
        ({"device": "gpu9"}, ["device 'gpu9'"]),
        ({"precision": "fp8"}, ["precision", "fp8"]),
    ],
)
def test_what_cannot_be_used_gets_one_sentence(given: dict, words: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        resolve("90", given)
    sentence = str(caught.value)
    assert all(word in sentence for word in words), sentence
    assert "\n" not in sentence
    assert "pydantic" not in sentence


def test_unknown_chapter_names_the_known_ones() -> None:
    with pytest.raises(UserError, match="did you mean '90'"):
        resolve("91", {})


def test_a_folders_place_is_not_shown(project: Path) -> None:
    assert "source='a project'" in repr(resolve("90", {"source": str(project)}))
    assert str(project.parent) not in repr(resolve("90", {"source": str(project)}))


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        resolve("90", {}).size = 5


def test_load_takes_parameters_from_the_notebook_and_opens_a_session() -> None:
    settings = load("90", {"profile": "ci", "seed": 4, "size": 7, "json": Path, "_hidden": 1})
    assert (settings.profile, settings.seed, settings.size) == ("ci", 4, 7)
    assert run_context.current().settings is settings
    assert run_context.current().source_label == "storyworld"


def test_load_refuses_a_misspelt_parameter_outside_a_notebook() -> None:
    with pytest.raises(UserError, match="'sise' is no parameter"):
        load("90", {"profile": "ci", "sise": 7})


@pytest.mark.parametrize("cell", [DEFAULTS + "\nsise = 7", None])
def test_load_finds_a_misspelt_parameter_among_other_variables(cell: str | None) -> None:
    """In a notebook, the parameters cells say which variables are parameters."""
    history = ["", "import os", cell] if cell else ["", DEFAULTS, "# Parameters\nsise = 7\n"]
    names = {"profile": "cpu", "seed": 0, "source": None, "sise": 7, "loss": 0.3, "In": history}
    with pytest.raises(UserError, match="'sise' is no parameter"):
        load("90", names)


def test_load_can_be_run_again_in_the_middle_of_a_notebook() -> None:
    history = ["", DEFAULTS + "\nsise = 7", "loss = 1", DEFAULTS]
    names = {"profile": "cpu", "seed": 0, "source": None, "sise": 7, "loss": 0.3, "In": history}
    assert load("90", names).size == 2


def test_every_profile_of_every_chapter_is_complete() -> None:
    for chapter in STUDIES:
        sizes = [set(profile_values(schema_of(chapter), profile)) for profile in PROFILES]
        assert all(names == sizes[0] for names in sizes), chapter
        for profile in PROFILES:
            resolve(chapter, {"profile": profile})
        shared = {"profile", "seed", "source", "device", "precision"}
        assert not sizes[0] & shared, f"a profile of chapter {chapter} sets more than sizes"
        assert sizes[0] <= set(schema_of(chapter).model_fields)


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize(("chapter", "profile"), WITHOUT_IT)
def test_without_its_model_a_profile_trains_one(
    chapter: str, profile: str, here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "is_here", lambda name: here)
    found = resolve(chapter, {"profile": profile})
    missing = profiles.missing_model(schema_of(chapter), profile)
    reads = {getattr(found, name, None) for name in profiles.FETCHED}
    assert ("smollm2-135m" in reads) is here
    assert (missing == "smollm2-135m") is not here
    assert resolve(chapter, {"profile": profile, "model": "own"}).model == "own"
    assert resolve(chapter, {"profile": "ci"}).model == "own", "the tests need no network"


def test_the_default_reads_a_real_model_in_chapters_3_and_4() -> None:
    assert {("03", "cpu"), ("04", "cpu")} <= set(WITHOUT_IT)


def test_the_profiles_are_packed_with_the_code() -> None:
    """They are data: without this entry an installed package would have none."""
    table = tomllib.loads((paths.package_folder().parent / "pyproject.toml").read_text())
    assert "*.yml" in table["tool"]["setuptools"]["package-data"]["*"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rate: 0.5", "rate: 1e-2", ["profile all", "rate", "'1e-2'", "write 1.0e-2"]),
        ("size: 1", "size: 1, sizes: [1, 2e3]", ["profile ci", "sizes[1]", "'2e3'", "1.0e-2"]),
        ("size: 1", "size: '1'", ["profile ci", "size", "'1'"]),
        ("size: 1", "size: many", ["profile ci", "size", "'many'"]),
        ("size: 1", "size: 1.5", ["profile ci", "size", "1.5"]),
        ("size: 1", "size: true", ["profile ci", "size", "True"]),
        ("size: 1", "size: 0", ["profile ci", "size", "greater than 0"]),
        ("size: 1", "sise: 1", ["profile ci", "'sise'", "did you mean 'size'"]),
        ("size: 1", "size: 1, seed: 3", ["profile ci", "'seed' is no size"]),
        ("{size: 1}", "{}", ["profile ci", "size has no value"]),
        ("ci: {size: 1}", "", ["no profile 'ci'", "cpu, night, t4, paper"]),
        ("ci:", "cii:", ["'cii'", "did you mean 'ci'"]),
        ("{size: 1}", "3", ["`name: value`"]),
        ("{size: 1}", "{size: 1", ["no valid YAML"]),
    ],
)
def test_a_wrong_file_of_profiles_gets_one_sentence(
    project: Path, old: str, new: str, words: list[str]
) -> None:
    path = project / "toy_study" / "profiles.yml"
    path.write_text(toy_project.PROFILES.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        resolve("90", {"profile": "ci"})
    sentence = str(caught.value)
    assert all(word in sentence for word in ["toy_study/profiles.yml", *words]), sentence
    assert "\n" not in sentence
    path.unlink()
    with pytest.raises(UserError, match="which is not there"):
        resolve("90", {"profile": "ci"})


def test_a_profile_is_named_in_one_table() -> None:
    assert get_args(ChapterSettings.model_fields["profile"].annotation) == PROFILES
    assert list(PROFILE_FACTS) == list(PROFILES) == list(PROFILE_SECONDS)


def test_a_profile_goes_before_what_all_share_and_keeps_types(project: Path) -> None:
    path = project / "toy_study" / "profiles.yml"
    text = toy_project.PROFILES.replace("{size: 1}", "{size: 1_000, sizes: [1], rate: 1.0e-2}")
    path.write_text(text.replace("rate: 0.5", "rate: 2"), encoding="utf-8")
    assert profile_values(schema_of("90"), "ci") == {"size": 1000, "sizes": (1,), "rate": 0.01}
    rate = profile_values(schema_of("90"), "cpu")["rate"]
    assert (rate, type(rate)) == (2.0, float)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"site_block": 0}, "block before it"),
        ({"k": 10_000}, "at most features"),
        ({"dict_seeds": 1}, "at least 2"),
        ({"dictionaries": ["someone/sae@main"]}, "published model"),
    ],
)
def test_chapter_3_refuses_what_it_cannot_count(given: dict, words: str) -> None:
    with pytest.raises(UserError, match=words):
        resolve("03", {"profile": "ci", **given})


def test_a_folder_of_a_published_model_is_shown_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "private" / "a-model"
    folder.mkdir(parents=True)
    found = resolve("03", {"profile": "ci", "model": str(folder), "dictionaries": [str(folder)]})
    assert "private" not in repr(found)
    assert "a-model" in repr(found)


@pytest.mark.parametrize(("chapter", "name"), [("04", "model"), ("06", "mark_model")])
@pytest.mark.parametrize("here", [True, False])
def test_a_machine_without_the_published_model_takes_the_chapters_own(
    chapter: str, name: str, here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "is_here", lambda model: here)
    settings = resolve(chapter, {"profile": "night"})
    assert getattr(settings, name) == ("smollm2-135m" if here else "own")
