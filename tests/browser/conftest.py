"""A headless browser that reaches nothing but files, and the books that it opens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import page_project
import pytest

from lib.core import paths
from lib.pages import build as pages
from lib.runs import plan, runner
from lib.runs.notebooks import chapter_files

REQUIRE_BROWSER = "LITTLE_DICTIONARIES_REQUIRE_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium, or a skip that says how to get it (a failure where it is required)."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = "no browser was found: install chromium (on Debian: apt-get install chromium)"
        if os.environ.get(REQUIRE_BROWSER) == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def sample_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of pages of the sample book, whose chapter holds everything a page can hold."""
    root, run = page_project.make_book(tmp_path_factory.mktemp("sample") / "a book")
    return pages.build([run], root=root, results=page_project.RESULTS).parent


@pytest.fixture(scope="session")
def real_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this book's own pages, with every chapter run at the `ci` profile."""
    given = {"profile": "ci", "source": None, "device": "cpu", "precision": "auto"}
    plans = plan.plan_runs(chapter_files(), given)
    outcomes = runner.execute(plans)
    assert all(outcome.good for outcome in outcomes), [o.message for o in outcomes]
    into = tmp_path_factory.mktemp("real")
    folders = [one.folder for one in plans]
    return pages.build(folders, root=paths.root(), into=into).parent
