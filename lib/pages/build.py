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
from lib.pages import (
    additions,
    benchmarks,
    check,
    context,
    explorer,
    models,
    notebook,
    parameters,
    scorecard,
    studies,
    texts,
)
from lib.pages.context import BookContext, Results
from lib.pages.explorer import Explorer
from lib.runs import collect, notebooks, plan, run_folders
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
    root: Path,
    results: Results | None = None,
    into: Path | None = None,
) -> Path:
    """Builds the pages from finished runs and returns the path of `index.html`.

    Args:
        runs: one folder a chapter, as the runner writes them or as `results/` has them.
        root: the project.
        results: claim id -> results for the scorecard; from `runs/` and `results/` if None.
        into: where `_build` is made; the project itself by default.

    Raises:
        UserError: a chapter of `_toc.yml` without a run, a run of other code, or a build that
            fails or leaves a page out.
    """
    announce(f"pages: putting {len(runs)} chapter(s) together, about {SECONDS} s")
    target = (into or root) / "_build"
    source = target / "src"
    chapters = published_chapters(runs, root)
    book = context.gather(root, chapters, every_run(runs, recorded=results is None), results)
    studies_of = {study.chapter: study for study in book.studies}
    for name, page in chapters.items():
        study = studies_of.get(name[:2])
        own = [one for one in book.runs if one.meta["chapter"] == name[:2] and one.folder in runs]
        additions.add(page, study, own[0], book)
    shown = [run for run in book.runs if run.origin == "results" or run.folder in runs]
    titles = write_source(source, book, chapters, explorer.explorers(shown, book.texts))
    work = target / "work"
    shutil.rmtree(work, ignore_errors=True)
    _jupyter_book(source, work)
    built = work / "_build" / "html"
    check.trim(built)
    recorded_only = all(paths.results_folder() in run.parents for run in runs)
    check.check(built.resolve(), titles, own=not recorded_only)
    (target / LOG).unlink(missing_ok=True)
    html = target / "html"
    shutil.rmtree(html, ignore_errors=True)
    os.replace(built, html)
    shutil.rmtree(work, ignore_errors=True)
    return html / "index.html"


def every_run(runs: Sequence[Path], recorded: bool = True) -> list[Run]:
    """These runs, and with `recorded` those in `results/`; local ones only beside local ones."""
    places = [paths.results_folder()] if recorded else []
    if recorded and not all(folder.is_relative_to(places[0]) for folder in runs):
        places.insert(0, paths.runs_folder())
    return collect.gather([*runs, *(place for place in places if place.exists())])


def toc_files(root: Path) -> list[str]:
    """The pages in reading order, without endings, e.g. "book/intro"."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *_files(toc)]


def toc_chapters(root: Path) -> list[str]:
    """The chapters among these, by the notebook's name without ending."""
    files = (Path(file) for file in toc_files(root))
    return [file.name for file in files if file.parent.name == "chapters"]


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
    found = collect.gather(runs) if runs else []
    by_chapter = {run.meta["chapter"]: run for run in found}
    known, pages = texts.names(root), {}
    for name in toc_chapters(root):
        run = by_chapter.get(name[:2])
        if run is None:
            raise UserError(
                f"_toc.yml lists chapters/{name}, but there is no run of chapter {name[:2]}; "
                f"run it first, for example with: make chapter N={name[:2]}"
            )
        executed = notebooks.read(run.folder / run_folders.NOTEBOOK)
        pages[name] = notebook.publish(
            executed,
            notebooks.read(root / "chapters" / f"{name}.ipynb"),
            name=f"{name}.ipynb",
            facts=notebook.facts(run),
            settings=notebook.settings(run),
            injected=notebook.injected(run, executed),
            explorers={one.data["name"]: one.page for one in explorer.explorers([run])},
            recorded=run.origin == "results",
            texts=known,
        )
    return pages


def recorded(root: Path) -> list[Path]:
    """The recorded run that each chapter of `_toc.yml` shows: real text, then size; lowest seed.

    Raises:
        UserError: a chapter has none with its page, or claims that it cannot settle.
    """
    for number, path in notebooks.chapter_files().items():
        plan.check_claims(notebooks.read(path), path, number)
    found = [
        run
        for run in collect.gather([paths.results_folder()])
        if (run.folder / run_folders.NOTEBOOK).is_file()
    ]
    chosen = []
    for name in toc_chapters(root):
        own = [run for run in found if run.meta["chapter"] == name[:2]]
        if not own:
            raise UserError(
                f"No recorded run of chapter {name[:2]} has a page: run it and keep it, with "
                f"python -m lib run {name[:2]} and python -m lib keep {name[:2]}."
            )
        chosen.append(max(own, key=studies.weight).folder)
    return chosen


def write_source(
    source: Path,
    book: BookContext,
    chapters: Mapping[str, nbformat.NotebookNode],
    explorers: Sequence[Explorer],
) -> dict[str, str]:
    """Writes everything that Jupyter Book reads; returns page -> title."""
    root = book.root
    shutil.rmtree(source, ignore_errors=True)
    (source / "chapters").mkdir(parents=True)
    shutil.copy(root / "_toc.yml", source)
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    published = config["repository"].pop("published", True)
    if not published:
        # A button or a badge that leads nowhere is worse than none.
        config["html"]["use_repository_button"] = False
        config["launch_buttons"] = {}
    (source / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (source / "book").mkdir()
    shutil.copy(root / "book" / "references.bib", source / "book")
    if (root / "book" / "_static").is_dir():
        shutil.copytree(root / "book" / "_static", source / "_static")
    generated = {
        "studies": studies.study_cards(
            book,
            studies.copy_pictures(studies.pictures(book), source / "pictures"),
            additions.findings(book),
        ),
        "scorecard": scorecard.scorecard_page(book),
        "parameters": parameters.parameters_page(book),
        "benchmarks": benchmarks.benchmarks_page(root),
        "dictionaries": benchmarks.comparison(root, "dictionaries"),
        "same_numbers": benchmarks.comparison(root, "same_numbers"),
        "models": models.models_page(),
        "texts": texts.texts_page(root, book.runs),
        "explorers": explorer.explorer_list(explorers, book.studies),
    }
    explorer.write(explorers, book.studies, source / EXTRA / explorer.FOLDER, root)
    titles = {}
    for file in toc_files(root):
        folder, _, name = file.rpartition("/")
        if folder == "chapters":
            if not published:
                cells = chapters[name]["cells"]
                chapters[name]["cells"] = [
                    one for one in cells if one["id"] != notebooks.BADGE_CELL
                ]
            nbformat.write(chapters[name], source / f"{file}.ipynb")
            titles[file] = title_of(chapters[name]["cells"][0]["source"], file)
            continue
        text = (root / f"{file}.md").read_text(encoding="utf-8")
        titles[file] = title_of(text, file)
        text = MARK.sub(lambda found: generated[found[1]], text)
        (source / f"{file}.md").write_text(text, encoding="utf-8")
    return titles


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
