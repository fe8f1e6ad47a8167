"""What moves in a notebook, moved in JupyterLab as a reader moves it: by mouse and keyboard."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import colab_like
import nbformat
import pytest

from lib.cli import checks
from lib.runs.notebooks import chapter_files

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOVES = 4
PATIENCE = 240_000
"""Milliseconds that a busy machine may take to start Lab and to run the cells."""
CARDS = f"""
import sys

sys.path.insert(0, {str(Path(__file__).resolve().parents[1] / "helpers")!r})
from feature_card_samples import sample_cards, sample_numbers
from lib.display.widgets import browser

browser(sample_cards(), sample_numbers())
"""
# Notes when the picture's name changes.
WATCH = """() => {
  const frame = document.querySelector('.widget-vbox .widget-html-content');
  window.label = () => frame.querySelector('svg')?.getAttribute('aria-label');
  window.moved = null;
  let last = window.label();
  new MutationObserver(() => {
    if (window.label() === last) return;
    last = window.label();
    window.moved = true;
  }).observe(frame, {childList: true, subtree: true, attributes: true});
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a notebook in a JupyterLab of its own: the primer up to its slider, and
    cards to leaf through."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.read(chapter_files()["00"], as_version=4)
    names = [cell["id"] for cell in notebook["cells"]]
    del notebook["cells"][names.index("prices-slider") + 1 :]
    notebook["cells"].append(nbformat.v4.new_code_cell(CARDS.strip(), id="cards"))
    work = folder / "chapters"
    work.mkdir()
    nbformat.write(colab_like.with_values(notebook, profile="ci"), work / "primer.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--ServerApp.port={port}", "--IdentityProvider.token=t", "--no-browser"]
    options += ["--ServerApp.allow_root=True", "--ServerApp.ip=127.0.0.1"]
    own = ("HOME", "IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")
    environment = {**os.environ, **{name: str(folder / name.lower()) for name in own}}
    for name in own:
        (folder / name.lower()).mkdir()
    with (folder / "log").open("w") as log:
        command = [sys.executable, *checks.lab_command(work), *options]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + PATIENCE / 1000
            while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < end:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/lab/tree/primer.ipynb?token=t"
        finally:
            server.terminate()
            server.wait(30)


def test_a_slider_and_cards_move_in_jupyterlab(browser: Any, lab: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    tab = context.new_page()
    complaints, outside = [], []
    tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda r: None if is_here(r.url) else outside.append(r.url))
    tab.goto(lab)
    tab.wait_for_selector(".jp-Notebook", timeout=PATIENCE)
    # Before the kernel is there, the menu runs nothing and says nothing.
    tab.get_by_text("| Idle").first.wait_for(timeout=PATIENCE)
    tab.get_by_role("menuitem", name="Run", exact=True).click()
    tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    search = tab.get_by_label("Words").or_(tab.get_by_placeholder("a token or a label")).first
    search.wait_for(timeout=PATIENCE)
    assert not tab.locator("[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()

    handle = tab.locator(".widget-hslider .noUi-handle")
    handle.scroll_into_view_if_needed()
    tab.evaluate(WATCH)
    handle.focus()
    labels = set()
    for number in range(MOVES):
        tab.evaluate("() => { window.moved = null }")
        tab.keyboard.press("ArrowLeft" if number % 2 else "ArrowRight")
        tab.wait_for_function("() => window.moved !== null", timeout=PATIENCE)
        labels.add(tab.evaluate("() => window.label()"))
    assert len(labels) == 2
    assert all(label.startswith("price: ") for label in labels)

    status = tab.locator(".ld-cards").locator("xpath=..").get_by_role("status")
    assert status.inner_text() == "12 of 12 features"
    search.fill("little")
    tab.wait_for_function(
        "() => document.querySelector('[role=status]')?.innerText === '2 of 12 features'"
    )
    assert tab.locator(".ld-cards details").count() == 2
    assert (complaints, outside) == ([], [])
    context.close()


def is_here(address: str) -> bool:
    """Whether the machine itself answers."""
    return address.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
