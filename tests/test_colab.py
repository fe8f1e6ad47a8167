"""Chapters on a machine like Colab's: what is missing is fetched, what is there stays, and a run
that was cut off goes on from what it kept on the drive."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import colab_like
import nbformat
import pytest

from lib.book import records, repository
from lib.book.notebooks import chapter_files
from lib.book.verdicts import claims

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CHAPTERS = chapter_files()
ASK = (
    "import importlib.metadata as m, importlib.util as u, json\n"
    "print(json.dumps([{d.name: d.version for d in m.distributions()},"
    " [n for n in {names!r} if u.find_spec(n)]]))"
)
OTHER_PYTHON = "LITTLE_DICTIONARIES_COLAB_PYTHON"
"""Names an interpreter to be used instead: one with Colab's own versions."""


@pytest.fixture(scope="module")
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., colab_like.Colab]:
    """Makes machines, all of which share the installed packages."""
    folder = tmp_path_factory.mktemp("colab")
    where = repository.repository(colab_like.ROOT)
    given = os.environ.get(OTHER_PYTHON)
    python = Path(given) if given else colab_like.colab_python(folder / "python")
    colab_like.make_wheels(["jaxtyping", "diptest"], folder / "wheels")
    address = colab_like.repository_of_today(folder / "repository", where.branch)
    machine = colab_like.machine_environment(where.url, folder / "wheels", address)

    def make(name: str, **more: str) -> colab_like.Colab:
        return colab_like.Colab(python, folder / name, {**machine, **more})

    return make
