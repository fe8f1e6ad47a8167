"""Runs become pages: prose, outputs and verdicts are put together and Jupyter Book renders them.

Nothing is executed here. Pages are built beside the old ones and take their place at the end, so
that a build that fails leaves the old pages standing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import yaml

from lib.core import paths
from lib.core.errors import UserError
from lib.core.progress import announce
from lib.evidence.verdicts import claims
from lib.pages import (
    benchmarks as pages_benchmarks,
)
from lib.pages import (
    check as pages_check,
)
from lib.pages import (
    explorer as pages_explorer,
)
from lib.pages import (
    notebook as pages_notebook,
)
from lib.pages import (
    parameters as pages_parameters,
)
from lib.pages import (
    places as pages_places,
)
from lib.pages import (
    record as pages_record,
)
from lib.pages import (
    results as pages_results,
)
from lib.pages import (
    scorecard as pages_scorecard,
)
from lib.pages import (
    studies as pages_studies,
)
from lib.pages.explorer import Explorer
from lib.pages.results import Result
from lib.runs import collect, notebooks, run_folders, scorecard
from lib.runs.run_folders import Run

# Where generated text goes in book/*.md; a comment to Markdown, so a page without it still builds.
MARK = re.compile(r"^% generated: (\w+)$", re.MULTILINE)
HEADING = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
LOG = "build.log"
EXTRA = "extra"
"""What is copied as it is; `html_extra_path` of _config.yml names it."""
SECONDS = 10


def build(
    runs: Sequence[Path],
    *,
    profile: str,
    root: Path,
    results: Mapping[str, Sequence[Result]] | None = None,
    into: Path | None = None,
) -> Path:
    """Builds the pages from finished runs and returns the path of `index.html`.

    Args:
        runs: one folder a chapter, as the runner writes them.
        profile: the profile of these runs, for the messages.
        root: the project.
        results: claim id -> results for the scorecard; from `runs/` and `results/` if None.
        into: where `_build` is made; the project itself by default.

    Raises:
        UserError: a chapter of `_toc.yml` without a run, a run of other code, or a build that
            fails or leaves a page out.
    """
    announce(f"pages: putting {len(runs)} chapter(s) at {profile} together, about {SECONDS} s")
    target = (into or root) / "_build"
    source = target / "src"
    chapters = published_chapters(runs, root)
    found = every_run(runs, kept=results is None)
    if results is None:
        results = pages_results.results_of(scorecard.scorecard(found))
    shown = [run for run in found if run.origin == "results" or run.folder in runs]
    explorers = pages_explorer.explorers(shown)
    titles = write_source(source, root, chapters, results, found, explorers)
    work = target / "work"
    shutil.rmtree(work, ignore_errors=True)
    _jupyter_book(source, work)
    built = work / "_build" / "html"
    pages_check.trim(built)
    pages_check.check(built.resolve(), titles)
    (target / LOG).unlink(missing_ok=True)
    html = target / "html"
    shutil.rmtree(html, ignore_errors=True)
    os.replace(built, html)
    shutil.rmtree(work, ignore_errors=True)
    return html / "index.html"


def every_run(runs: Sequence[Path], kept: bool = True) -> list[Run]:
    """These runs, and with `kept` also the other runs here and those in `results/`."""
    places = [paths.runs_folder(), paths.results_folder()] if kept else []
    return collect.gather([*runs, *(place for place in places if place.exists())])


def toc_files(root: Path) -> list[str]:
    """The pages in reading order, without endings, e.g. "book/intro"."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *_files(toc)]


def _files(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "file" in node:
            yield node["file"]
        for value in node.values():
            yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)


def published_chapters(runs: Sequence[Path], root: Path) -> dict[str, nbformat.NotebookNode]:
    """The page of each chapter in `_toc.yml`, by the notebook's name without ending.

    Raises:
        UserError: a chapter has no run, or its run does not fit the notebook.
    """
    found = [run_folders.read_run(folder) for folder in runs]
    by_chapter = {run.meta["chapter"]: run for run in found}
    pages = {}
    for file in toc_files(root):
        folder, _, name = file.rpartition("/")
        if folder != "chapters":
            continue
        run = by_chapter.get(name[:2])
        if run is None:
            raise UserError(
                f"_toc.yml lists {file}, but there is no run of chapter {name[:2]}; run it first, "
                f"for example with: make chapter N={name[:2]}"
            )
        executed = notebooks.read(run.folder / run_folders.NOTEBOOK)
        pages[name] = pages_notebook.publish(
            executed,
            notebooks.read(root / f"{file}.ipynb"),
            name=f"{name}.ipynb",
            facts=pages_record.facts(run),
            settings=pages_record.settings(run),
            injected=pages_record.injected(run, executed),
            explorers={one.data["name"]: one.page for one in pages_explorer.explorers([run])},
        )
    return pages


def write_source(
    source: Path,
    root: Path,
    chapters: Mapping[str, nbformat.NotebookNode],
    results: Mapping[str, Sequence[Result]],
    found: Sequence[Run] = (),
    explorers: Sequence[Explorer] = (),
) -> dict[str, str]:
    """Writes everything that Jupyter Book reads; returns page -> title.

    Raises:
        UserError: a claim of these chapters has no verdict.
    """
    pages_results.refuse_pending(claims(), results, {name[:2] for name in chapters})
    shutil.rmtree(source, ignore_errors=True)
    (source / "chapters").mkdir(parents=True)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(root / name, source / name)
    (source / "book").mkdir()
    shutil.copy(root / "book" / "references.bib", source / "book")
    if (root / "book" / "_static").is_dir():
        shutil.copytree(root / "book" / "_static", source / "_static")
    generated = generate(source, root, chapters, results, found)
    studies = pages_studies.studies(root)
    generated["explorers"] = pages_explorer.explorer_list(explorers, studies)
    pages_explorer.write(explorers, studies, source / EXTRA / pages_explorer.FOLDER, root)
    titles = {}
    for file in toc_files(root):
        folder, _, name = file.rpartition("/")
        if folder == "chapters":
            nbformat.write(chapters[name], source / f"{file}.ipynb")
            titles[file] = title_of(chapters[name]["cells"][0]["source"], file)
            continue
        text = (root / f"{file}.md").read_text(encoding="utf-8")
        titles[file] = title_of(text, file)
        text = MARK.sub(lambda found: generated[found[1]], text)
        (source / f"{file}.md").write_text(text, encoding="utf-8")
    return titles


def generate(
    source: Path,
    root: Path,
    chapters: Mapping[str, nbformat.NotebookNode],
    results: Mapping[str, Sequence[Result]],
    found: Sequence[Run],
) -> dict[str, str]:
    """The text for each mark in book/*.md; pictures that it shows are copied to `source`."""
    studies, entries = pages_studies.studies(root), claims()
    everything = (studies, entries, results, set(chapters))
    places = {
        key: place
        for name, notebook in chapters.items()
        for key, place in pages_places.places(
            f"chapters/{name}",
            notebook,
            [key for key, claim in entries.items() if claim.chapter == name[:2]],
        ).items()
    }
    pictures = pages_studies.pictures(studies, places, found)
    shown = pages_studies.copy_pictures(pictures, source / "pictures")
    return {
        "studies": pages_studies.study_cards(*everything, shown, places),
        "scorecard": pages_scorecard.scorecard_page(*everything, places, root),
        "parameters": pages_parameters.parameters_page(studies, set(chapters), root),
        "benchmarks": pages_benchmarks.benchmarks_page(root),
    }


def title_of(markdown: str, file: str) -> str:
    """The first heading."""
    found = HEADING.search(markdown)
    if not found:
        raise UserError(f"{file} must begin with a heading of the form: # Title")
    return found[1]


def _jupyter_book(source: Path, work: Path) -> None:
    """Runs Jupyter Book in a process of its own; its output is shown only when it fails."""
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", str(source)]
    command += ["--path-output", str(work), "-W", "-n", "--keep-going"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command,
        cwd=source,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        output = COLOURS.sub("", done.stdout)
        lines = [line for line in output.splitlines() if line.strip()]
        telling = [line for line in lines if "WARNING" in line or "ERROR" in line] or lines[-15:]
        log = source.parent / LOG
        log.write_text(output, encoding="utf-8")
        raise UserError(
            "The pages could not be built; Jupyter Book says:\n\n    "
            + "\n    ".join(telling[:15])
            + f"\n\nAll of it is in {log}."
        )
