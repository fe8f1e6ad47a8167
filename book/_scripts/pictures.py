"""The README's pictures and its sentence of results, taken from the built pages.

    make pages && .venv/bin/python book/_scripts/pictures.py

Needs Chromium. The picture of all claims carries the verdicts that it shows, which a test compares
with those of the recorded runs.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PAGES, STATIC, README = ROOT / "_build" / "html", ROOT / "book" / "_static", ROOT / "README.md"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MARKS = re.compile(r"(?<=<!-- result: begin -->\n).*(?=\n<!-- result: end -->)", re.DOTALL)
VERDICTS = """() => Object.fromEntries([...document.querySelectorAll(".ld-grid li")].map((one) =>
  [one.querySelector("a").hash.slice(1), one.dataset.verdict]))"""
AREA = """() => {
  const [first, last] = ["ul.ld-summary", ".ld-grid"].map((one) =>
    document.querySelector(one).getBoundingClientRect());
  return {x: last.x - 8, y: first.y + scrollY - 8, width: last.width + 16,
    height: last.bottom - first.y + 16};
}"""


def main() -> None:
    """Looks at the pages in `_build/html` and writes what the README shows."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
        tab.set_default_timeout(300_000)
        tab.goto((PAGES / "book" / "scorecard.html").as_uri())
        verdicts = tab.evaluate(VERDICTS)
        grid = STATIC / "grid.png"
        tab.screenshot(path=grid, full_page=True, clip=tab.evaluate(AREA))
        carried = PngImagePlugin.PngInfo()
        carried.add_text("verdicts", json.dumps(verdicts))
        with Image.open(grid) as picture:
            # Few colours: a third of the size.
            picture.convert("RGB").quantize(64).save(grid, optimize=True, pnginfo=carried)
        tab.set_viewport_size({"width": 860, "height": 560})
        tab.goto(sorted((PAGES / "explorer").glob("01-*.html"))[-1].as_uri())
        tab.screenshot(path=STATIC / "explorer.png")
        with Image.open(STATIC / "explorer.png") as picture:
            picture.convert("RGB").quantize(64).save(STATIC / "explorer.png", optimize=True)
        browser.close()
    README.write_text(MARKS.sub(result(verdicts), README.read_text("utf-8")), "utf-8")


def result(verdicts: dict[str, str]) -> str:
    """What came of all claims, in a sentence."""
    count = Counter(verdicts.values())
    order = ("replicated", "partly", "not replicated", "cannot tell here", "needs a larger run")
    good, part, bad, blind, later = (count[name] for name in order)
    return (
        f"Of {len(verdicts)} claims, {good} replicated, {part} did in part, {bad} did not, "
        f"{blind} cannot be told here, and {later} need a larger run."
    )


if __name__ == "__main__":
    main()
