"""The teaching kit: a folder for a stick, with all that a class needs and without a network.

`book/workshop.md` says how it is used.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
import yaml

from lib.core import paths
from lib.core.errors import UserError
from lib.core.progress import announce
from lib.evidence import templating
from lib.model.published import shelf
from lib.model.published.kept import kept_models
from lib.pages import build
from lib.pages.texts import texts as known_texts
from lib.runs import collect, notebooks, plan, run_folders, runner
from lib.teaching import editions, exercises, plans, slides
from lib.teaching.exercises import Unit
from lib.text.folders import source_files

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
PROJECT = ("lib", "book", "_config.yml", "_toc.yml", "pyproject.toml", "constraints.txt")
PROJECT += (*REQUIREMENTS, "LICENSE", "CITATION.cff")
"""What a students' copy of the project consists of, the chapters aside."""
STUDENTS, TEACHERS, PAGES, SLIDES, WHEELS = "students", "teachers", "pages", "slides", "wheels"
TEXTS, ORIGIN = "texts", "ORIGIN.md"
"""The second is no text that a chapter would read, so it can lie beside one."""
README, PLAN = "README.md", "plan.md"
ANYWHERE = {"device": "cpu", "precision": "fp32"}
"""In this number format every machine computes, so what was trained in it fits every machine."""
HERE = "here"
PLATFORMS = {"windows": "win_amd64", "macos": "macosx_14_0_arm64"}
"""Other systems than this one that packages can be fetched for, by pip's name."""
_LACKING = re.compile(r"(?:distribution found for|no version of|Wheels are \w+ for) `?([^\s`]+)")
"""How pip and uv name a package that they have no file of."""


def make(
    warm: Sequence[str] = (),
    profile: str = "cpu",
    wheels: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> list[Path]:
    """Makes `_build/workshop` and the students' part of it as a zip; returns what is there.

    Args:
        warm: chapters that are run first, so that what they train is in the kit.
        profile: how large these are run.
        wheels: systems that the packages are fetched for: "here", "windows", "macos".
        texts: files or folders of text that go along, see `_copy_texts`.

    Raises:
        UserError: no recorded run to show, no such chapter or system, a text that may not be passed
            on, a run that failed, or pip could not fetch.
    """
    _refuse_unknown(wheels)
    target = paths.build_folder() / "workshop"
    made = target.with_name("workshop.partial")
    shutil.rmtree(made, ignore_errors=True)
    named = _copy_texts(texts, made / STUDENTS / TEXTS)
    units = {
        number: found for number in notebooks.chapter_files() if (found := exercises.unit(number))
    }
    shown = recorded_pages(made)
    for system in wheels:
        _fetch(system, target / STUDENTS / WHEELS, made / STUDENTS / WHEELS)
    trained = _train(warm, profile)
    copy_of_project(made / STUDENTS)
    _write_chapters(made, units, set(trained), {"profile": profile, **ANYWHERE})
    for name in sorted({name for names in trained.values() for name in names}):
        where = Path("artifacts", name)
        shutil.copytree(paths.cache_folder() / where, made / STUDENTS / ".cache" / where)
    for entry in filter(lambda one: shelf.is_here(one.name), shelf.shelf().values()):
        kept = made / STUDENTS / ".cache" / entry.path.relative_to(paths.cache_folder())
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(entry.path, kept)
    _copy_models(made / STUDENTS)
    _write_slides(made / SLIDES, units, shown)
    _write_pages(made, units, named)
    announce(f"workshop: packing {STUDENTS}.zip")
    shutil.make_archive(str(made / STUDENTS), "zip", made, STUDENTS)
    shutil.rmtree(target, ignore_errors=True)
    made.rename(target)
    there = (README, PLAN, SLIDES, TEACHERS, STUDENTS, f"{STUDENTS}.zip", PAGES)
    return [target / name for name in there]


def recorded_pages(into: Path) -> list[Path]:
    """Builds the pages of the recorded runs into the kit and returns these runs' folders.

    Local pages are never taken: they may be of a smoke test, whose figures are empty.

    Raises:
        UserError: a chapter has no recorded run.
    """
    try:
        shown = build.recorded(paths.root())
    except UserError as error:
        raise UserError(f"No kit was made, because it shows recorded runs only. {error}") from None
    index = build.build(shown, root=paths.root(), into=into)
    index.parent.rename(into / PAGES)
    shutil.rmtree(index.parents[1])
    return shown


def copy_of_project(folder: Path) -> None:
    """What the chapters need to run, without the chapters and without solutions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROJECT:
        place = paths.root() / name
        if name == "lib":
            place = paths.package_folder()
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif place.exists():
            shutil.copyfile(place, folder / name)
    copies = folder / exercises.folder().relative_to(paths.root())
    (copies / plans.FILE).unlink(missing_ok=True)  # a quiz and its answers
    for path in copies.glob("*.yml"):
        everything = yaml.safe_load(path.read_text(encoding="utf-8"))
        kept = exercises.for_students(everything)
        path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")


def _write_chapters(
    made: Path, units: Mapping[str, Unit], trained: set[str], given: Mapping[str, str]
) -> None:
    """Both editions of each chapter; those that were trained ask for the same number format."""
    for number, path in notebooks.chapter_files().items():
        chapter = notebooks.read(path)
        if number in trained:
            chapter = editions.with_parameters(chapter, **given)
        for folder, solved in ((made / TEACHERS, True), (made / STUDENTS / "chapters", False)):
            folder.mkdir(parents=True, exist_ok=True)
            if number in units:
                edition = editions.edition(chapter, number, units[number], solved)
            else:
                edition = chapter
            nbformat.write(edition, folder / path.name)


def _copy_models(students: Path) -> None:
    """The models that recorded runs have left; says which chapters have none."""
    lacking = {
        number
        for number, path in notebooks.chapter_files().items()
        if "model" in notebooks.parameter_names(notebooks.read(path), path)
    }
    for folder in kept_models().values():
        place = folder.relative_to(paths.results_folder())
        shutil.copytree(folder, students / paths.results_folder().name / place)
        lacking.discard(place.parts[0])
    if lacking:
        names = ", ".join(sorted(lacking))
        announce(f"workshop: no trained model is kept of {names}; students' runs train their own")


def _copy_texts(given: Sequence[str], folder: Path) -> dict[str, str]:
    """Copies files and folders that `book/texts.yml` knows by their names and lets be passed on,
    each with where it comes from and its licence; returns what they are called, by name."""
    known = known_texts(paths.root()) if given else {}
    free = {name: text for name, text in known.items() if text.pass_on}
    for path in (Path(one).expanduser().resolve() for one in given):
        files, name = source_files(path), path.name.partition(".")[0]
        if name not in free:
            licence = f"licence: {known[name].licence}" if name in known else "not known there"
            raise UserError(
                f"--texts takes files or folders with the names of {', '.join(free)}, which "
                f"book/texts.yml lets be passed on; got {name!r} ({licence})."
            )
        for file in files:
            target = folder / name / file.relative_to(path if path.is_dir() else path.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        origin = f"# {free[name].name}\n\n{free[name].pass_on}\n"
        (folder / name / ORIGIN).write_text(origin, encoding="utf-8")
    return {path.name: free[path.name].name for path in sorted(folder.glob("*"))}


def _write_slides(folder: Path, units: Mapping[str, Unit], shown: Sequence[Path]) -> None:
    """A deck for each chapter that has exercises and a recorded run."""
    for run in collect.gather(shown) if shown else []:
        if found := units.get(number := run.meta["chapter"]):
            slides.write(number, found, run, folder, paths.root())
    if folder.exists():
        slides.copy_reveal(folder)


def _write_pages(made: Path, units: Mapping[str, Unit], texts: Mapping[str, str]) -> None:
    """The teacher's page and plan, and the students' page."""
    text = (paths.root() / "book" / "workshop.md").read_text(encoding="utf-8")
    (made / README).write_text(text, encoding="utf-8")
    if units:
        announce("workshop: timing the check of each exercise")
        page = plans.page(units, collect.gather())
        (made / PLAN).write_text(page, encoding="utf-8")
    titles = {
        path.name: editions.outline(notebooks.read(path)).title
        for path in notebooks.chapter_files().values()
    }
    page = templating.render("students.md", titles=titles, models=list(kept_models()), texts=texts)
    (made / STUDENTS / README).write_text(page, encoding="utf-8")


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


def _refuse_unknown(systems: Sequence[str]) -> None:
    known = [HERE, *PLATFORMS]
    if unknown := [name for name in systems if name not in known]:
        raise UserError(
            f"--wheels takes {', '.join(known)}, with commas between; got {unknown[0]!r}."
        )


def _fetch(system: str, before: Path, folder: Path) -> None:
    """The packages as files, for a system and this version of Python; those there are kept.

    Raises:
        UserError: a package that cannot be had for it, by name, or no network.
    """
    if before.is_dir() and not folder.exists():
        shutil.copytree(before, folder)
    announce(f"workshop: fetching about 200 packages, 0.5 GB or more, for {system}")
    root, python = paths.root(), platform.python_version()
    files = [part for name in REQUIREMENTS for part in ("-r", str(root / name))]
    pinned = ["-c", str(root / "constraints.txt")]
    pip = ["pip", "download", "--quiet", "--dest", str(folder), "setuptools>=77", "wheel"]
    if system == HERE:
        _call(system, [*pip, *pinned, *files])
        return
    # pip answers "only on Windows" for the machine that it runs on, so uv resolves instead.
    with tempfile.TemporaryDirectory() as place:
        exact = str(Path(place, "pins.txt"))
        wheels = ["--only-binary=:all:", "--python-version", python]
        uv = ["uv", "pip", "compile", "--quiet", "--no-header", *wheels, *pinned, *files[1::2]]
        _call(system, [*uv, "--python-platform", system, "-o", exact])
        _call(system, [*pip, *wheels, "--no-deps", "--platform", PLATFORMS[system], "-r", exact])


def _call(system: str, command: Sequence[str]) -> None:
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    done = subprocess.run(
        [sys.executable, "-m", *command], stdin=subprocess.DEVNULL, env=environment,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if not done.returncode:
        return
    print(done.stderr, file=sys.stderr)
    if lacking := _LACKING.findall(done.stderr):
        raise UserError(
            f"No kit was made, because no file of {lacking[-1]} was found for {system} and Python "
            f"{platform.python_version()}: if there is a network (see above), give it another "
            f"version in constraints.txt, or leave {system} out of --wheels."
        )
    raise UserError("The packages could not all be fetched (see above), so no kit was made.")
