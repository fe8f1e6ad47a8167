"""Slides in a real browser: everything fits, everything is there, nothing comes from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lib.core import paths
from lib.runs import collect, run_folders
from lib.teaching import exercises, slides

pytestmark = pytest.mark.browser
HEIGHT = 700
"""Of a slide, as the template sets it."""
FORMULAS = "_static/mathjax"
"""Lies with the pages, which are not built here."""


def test_slides_fit_and_load(browser: Any, tmp_path: Path) -> None:
    asked, missing = [], []
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: missing.append(request.url))
    recorded = collect.gather([paths.results_folder()])
    for run in (run for run in recorded if (run.folder / run_folders.NOTEBOOK).is_file()):
        number = run.meta["chapter"]
        path = slides.write(number, exercises.unit(number), run, tmp_path, paths.root())
        slides.copy_reveal(tmp_path)
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        for position in range(page.evaluate("Reveal.getTotalSlides()")):
            page.evaluate(f"Reveal.slide({position}, 0, 99)")  # with all that appears later
            height = page.evaluate("Reveal.getCurrentSlide().scrollHeight")
            assert height <= HEIGHT, f"slide {position + 1} of {number} is too high: {height}"
        sizes = "[...document.images].map(one => one.naturalWidth)"
        assert all(page.evaluate(sizes)), f"a figure of {number} is not shown"
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
    assert not [url for url in missing if FORMULAS not in url]
    page.close()
