"""The teaching kit: students' and teachers' notebooks with all that they need, without a network.

`book/workshop.md` says how it is used.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat

from lib.cli import editions
from lib.cli.install import REQUIREMENTS
from lib.core import paths
from lib.core.errors import UserError
from lib.core.progress import announce, duration
from lib.display import templating
from lib.runs import collect, notebooks, plan, run_folders, runner, scorecard
from lib.runs.run_folders import Run

PROJECT = ("lib", "book", "_config.yml", "_toc.yml", "pyproject.toml", "constraints.txt")
PROJECT += (*REQUIREMENTS, "LICENSE", "CITATION.cff")
"""What a students' copy of the project consists of, the chapters aside."""
STUDENTS, TEACHERS, PAGES, WHEELS = "students", "teachers", "pages", "wheels"
README, PLAN = "README.md", "plan.md"
ANYWHERE = {"device": "cpu", "precision": "fp32"}
"""In this number format every machine computes, so what was trained in it fits every machine."""


def make(
    studies: Sequence[str], warm: Sequence[str] = (), profile: str = "cpu", wheels: bool = False
) -> list[Path]:
    """Makes `_build/workshop` and the students' part of it as a zip; returns what is there.

    Args:
        studies: the chapters that the plan of a session names after the primer, by number.
        warm: chapters that are run first, so that what they train is in the kit.
        profile: how large these are run.
        wheels: whether the packages are fetched as well, for machines without a network.

    Raises:
        UserError: no such chapter, a run that failed, or pip could not fetch.
    """
    chosen = list(notebooks.find_chapters(list(studies)))
    trained = _train(warm, profile)
    target = paths.build_folder() / "workshop"
    made = target.with_name("workshop.partial")
    shutil.rmtree(made, ignore_errors=True)
    copy_of_project(made / STUDENTS)
    given = {"profile": profile, **ANYWHERE}
    for number, path in notebooks.chapter_files().items():
        chapter = notebooks.read(path)
        if number in trained:
            chapter = editions.with_parameters(chapter, **given)
        for edition, folder in (
            (chapter, made / TEACHERS),
            (editions.for_students(chapter), made / STUDENTS / "chapters"),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(edition, folder / path.name)
    for name in sorted({name for names in trained.values() for name in names}):
        where = Path("artifacts", name)
        shutil.copytree(paths.cache_folder() / where, made / STUDENTS / ".cache" / where)
    if (pages := paths.build_folder() / "html").is_dir():
        shutil.copytree(pages, made / PAGES)
    else:
        announce("workshop: there are no pages yet, so none are in the kit; make book builds them")
    text = (paths.root() / "book" / "workshop.md").read_text(encoding="utf-8")
    (made / README).write_text(text, encoding="utf-8")
    (made / STUDENTS / README).write_text(text, encoding="utf-8")
    (made / PLAN).write_text(session_plan(chosen, collect.gather()), encoding="utf-8")
    if wheels:
        _fetch(target / STUDENTS / WHEELS, made / STUDENTS / WHEELS)
    shutil.rmtree(target, ignore_errors=True)
    made.rename(target)
    shutil.make_archive(str(target / STUDENTS), "zip", target, STUDENTS)
    return [target / name for name in (README, PLAN, TEACHERS, STUDENTS, f"{STUDENTS}.zip", PAGES)]


def copy_of_project(folder: Path) -> None:
    """What the chapters need to run, without the chapters."""
    folder.mkdir(parents=True)
    for name in PROJECT:
        place = paths.root() / name
        if name == "lib":
            place = paths.package_folder()
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif place.exists():
            shutil.copyfile(place, folder / name)


def _train(warm: Sequence[str], profile: str) -> dict[str, list[str]]:
    """Chapter -> folders in the cache that its run uses; runs what has not been run."""
    if not warm:
        return {}
    plans = plan.plan_runs(notebooks.find_chapters(list(warm)), {"profile": profile, **ANYWHERE})
    for one in plans:
        announce(f"workshop: {one.title}: {plan.expected(one)}")
    trained = {}
    for outcome in runner.execute(plans, tell=announce):
        if not outcome.good:
            raise UserError(f"No kit was made. {runner.describe_failure(outcome)}")
        environment = run_folders.read_json(outcome.plan.folder / run_folders.ENVIRONMENT)
        trained[outcome.plan.chapter] = [used["artifact"] for used in environment["artifacts"]]
    return trained


def _fetch(before: Path, folder: Path) -> None:
    """The packages as files, for machines like this one; those of the last kit are kept."""
    if before.is_dir():
        before.rename(folder)
    announce("workshop: fetching about 160 packages, 0.5 GB, for Python and system as here")
    root = paths.root()
    asked = [part for name in REQUIREMENTS for part in ("-r", str(root / name))]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)]
    command += ["-c", str(root / "constraints.txt"), *asked, "setuptools>=77", "wheel"]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        raise UserError("pip could not fetch all packages (see above), so no kit was made.")


class Chapter(NamedTuple):
    """What the plan says of a chapter."""

    number: str
    outline: editions.Outline
    ci: str
    """How long a run takes, see `recorded`."""
    cpu: str


def session_plan(studies: Sequence[str], found: Sequence[Run]) -> str:
    """A page with two sessions and what each chapter offers, from the chapters' own headings."""
    chapters = {
        number: Chapter(
            number,
            editions.outline(notebooks.read(path)),
            recorded(found, number, "ci"),
            recorded(found, number, "cpu"),
        )
        for number, path in notebooks.chapter_files().items()
    }
    return templating.render(
        PLAN,
        primer=chapters[min(chapters)],
        first=chapters[studies[0]],
        second=chapters[studies[-1]],
        chapters=chapters.values(),
    )


def recorded(found: Sequence[Run], chapter: str, profile: str) -> str:
    """How long the slowest run of the newest code took, and what of it was training."""
    place = (chapter, profile)
    same = [run for run in found if (run.meta["chapter"], run.meta["profile"]) == place]
    same = [run for run in same if "seconds" in run.environment and not run.meta["overrides"]]
    current = [run for run in same if run.meta["code"] == scorecard.current_code(chapter)]
    if not same:
        return "not recorded"
    newest = current or [max(same, key=lambda run: run.meta["finished"])]
    slowest = max((run.environment for run in newest), key=lambda one: one["seconds"])
    used = slowest.get("artifacts")
    trained = sum(one["seconds"] for one in used) if isinstance(used, list) else 0
    of_it = f", of which training {duration(trained)}" if trained else ""
    return f"{duration(slowest['seconds'])}{of_it}"
