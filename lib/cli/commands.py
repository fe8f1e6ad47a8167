"""The command line: `python -m lib --help`.

What is slow to import (torch, pandas, nbformat) is imported inside the commands that use it, so
that help and a mistyped command answer at once.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lib.cli import checks
from lib.core.errors import UserError
from lib.core.paths import build_folder, root
from lib.core.progress import duration

if TYPE_CHECKING:
    from lib.runs.plan import RunSpec
    from lib.runs.runner import Outcome

STOPPED = 130
"""The exit status after Ctrl-C."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Little Dictionaries: run the chapters, collect the numbers, build the pages.",
)

Profile = Annotated[str, typer.Option(help="Sizes: ci, cpu, night, t4 or paper.")]
Source = Annotated[str | None, typer.Option(help="bundled, hub, or a folder of text.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")]
Jobs = Annotated[int, typer.Option(min=1, help="Runs at the same time.")]
Force = Annotated[bool, typer.Option("--force", help="Run again what is there already.")]


def main(argv: Sequence[str]) -> int:
    """Runs one command and turns what a user can mend into a sentence on standard error."""
    try:
        code = app(list(argv), prog_name="python -m lib", standalone_mode=False)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except Exception as error:  # usage errors: typer's own, or click's for older versions of it
        if hasattr(error, "exit_code") and hasattr(error, "show"):
            error.show()
            return error.exit_code
        raise
    # Some versions of typer make a status of Ctrl-C; the install says its own sentence.
    if code == STOPPED and list(argv[:1]) != ["install"]:
        print("\nStopped; the same command goes on from here.", file=sys.stderr)
    return code if isinstance(code, int) else 0


@app.command()
def install() -> int:
    """Makes .venv and installs everything into it."""
    from lib.cli import install as installation

    return installation.main([])


@app.command()
def book(
    profile: Profile = "cpu",
    source: Source = None,
    chapters: Annotated[str, typer.Option(help="Only these are run, e.g. 01,02.")] = "all",
    device: Device = "auto",
    jobs: Jobs = 1,
    force: Force = False,
) -> None:
    """Runs every chapter, builds the pages, and prints where they are."""
    from lib.pages import build as pages
    from lib.runs import plan, runner
    from lib.runs.notebooks import chapter_files, find_chapters

    started = time.monotonic()
    wanted = find_chapters(chapters.split(","))
    given = _given(profile, source, device, "auto")
    plans = plan.plan_runs(chapter_files(), given)
    chosen = [one for one in plans if one.chapter in wanted]
    # Chapters that are left out keep the page of their last run.
    others = [one for one in plans if one.chapter not in wanted and one.state() == "nothing"]
    outcomes = _execute(chosen, jobs=jobs, force=force)
    if not all(outcome.good for outcome in outcomes):
        print("No pages were built, because a chapter did not finish.", file=sys.stderr)
        raise typer.Exit(_code(outcomes))
    for one in others:
        runner.renew_prose(one)
    folders = [one.folder for one in sorted([*chosen, *others], key=lambda one: one.chapter)]
    index = pages.build(folders, root=root())
    print(f"Done in {duration(time.monotonic() - started)}. The book is here:\n{index}")


@app.command("pages")
def pages_() -> None:
    """Builds the whole book from the recorded runs in results/; nothing is executed."""
    from lib.pages import build as pages

    started = time.monotonic()
    index = pages.build(pages.recorded(root()), root=root())
    print(f"Done in {duration(time.monotonic() - started)}. The book is here:\n{index}")


@app.command()
def run(
    chapters: Annotated[list[str], typer.Argument(help="Numbers or names, or all.")],
    profile: Profile = "cpu",
    seeds: Annotated[str, typer.Option("--seeds", "--seed", help="0, 0-4 or 0,2,5.")] = "0",
    parameters: Annotated[
        list[str] | None, typer.Option("-p", help="name=value, any number of times.")
    ] = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(help="name=value,value: a run for each; of several, every combination."),
    ] = None,
    source: Source = None,
    device: Device = "auto",
    precision: Annotated[str, typer.Option(help="auto, fp32, bf16 or fp16.")] = "auto",
    jobs: Jobs = 1,
    engine: Annotated[str, typer.Option(help="Where the runs take place: local or ray.")] = "local",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would run, and for how long.")
    ] = False,
    force: Force = False,
    timeout: Annotated[
        int | None, typer.Option(min=1, help="Seconds that one cell may take.")
    ] = None,
) -> None:
    """Runs chapters: validated first, resumable, each in a process of its own."""
    from lib.runs import plan, progress_table, run_folders
    from lib.runs.notebooks import find_chapters

    given = _given(profile, source, device, precision)
    given |= plan.parse_assignments(parameters or [])
    grid = plan.parse_sweeps(sweep or [], fixed=given)
    plans = plan.plan_runs(find_chapters(chapters), given, plan.parse_seeds(seeds), grid)
    if dry_run:
        for one in plans:
            print(f"{one.title}: {plan.expected(one)}")
            print(f"  {_relative(one.folder)}")
        print(progress_table.total(plans, _slots(engine, jobs)))
        return
    limit = None if timeout is None else float(timeout)
    outcomes = _execute(plans, jobs=jobs, force=force, engine=engine, cell_timeout=limit)
    for outcome in outcomes:
        if outcome.good:
            print(_relative(outcome.plan.folder / run_folders.NOTEBOOK))
    if len(outcomes) > 1:
        print(progress_table.tally(outcomes))
    raise typer.Exit(_code(outcomes))


app.command("chapter", help="The same as run.")(run)
app.command()(checks.test)
app.command()(checks.check)
app.command(
    add_help_option=False,  # the benchmarks' own says more
    context_settings={"ignore_unknown_options": True},
)(checks.bench)
app.command()(checks.lab)
app.command()(checks.clean)


@app.command()
def collect(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Runs, notebooks, folders; all by default.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Folder for the tables.")] = None,
    plot: Annotated[
        list[str] | None, typer.Option(help="A recorded number to draw; any number of times.")
    ] = None,
    over: Annotated[
        str | None, typer.Option(help="The parameter to draw it over, or profile, or source.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Only say what can be drawn, and over what.")
    ] = False,
) -> None:
    """Run records become tables with intervals, the scorecard, and plots over parameters."""
    from lib.runs import collect as collecting
    from lib.runs import scorecard
    from lib.runs import sweep_plots as plots_over

    if bool(plot) != bool(over):
        raise UserError("--plot and --over belong together: --plot a number --over a parameter.")

    found = collecting.gather(paths or [])
    if not found:
        raise UserError("There are no runs yet: run a chapter first, with python -m lib run 01.")
    if list_:
        print(collecting.list_plottable(found))
        return
    folder = to or build_folder() / "tables"
    written = collecting.write_tables(found, folder)
    card = scorecard.scorecard(found)
    path = folder / "scorecard.json"
    path.write_text(json.dumps(scorecard.as_json(card), indent=1), encoding="utf-8")
    written.append(path)
    if plot and over:
        written += plots_over.write(found, plot, over, folder)
    else:
        collecting.print_tables(collecting.over_runs(found), card)
    print("\n".join(_relative(file) for file in written))


@app.command()
def keep(
    run: Annotated[str, typer.Argument(help="A run's folder, or a chapter for its newest run.")],
) -> None:
    """Copies a run's numbers and figures to results/, for version control."""
    from lib.runs import keep as keeping

    print(_relative(keeping.record_run(run)))


@app.command()
def fetch(
    model: Annotated[str, typer.Argument(help="A model's name.")] = "smollm2-135m",
) -> None:
    """Brings a published language model that needs no account: 93 MB."""
    from lib.model.published import shelf

    print(_relative(shelf.fetch(model)))


@app.command()
def models() -> None:
    """Lists the language models that a chapter can read by name."""
    from lib.model.published import kept, shelf

    for model in shelf.shelf().values():
        print(
            f"{model.name}\n  {model.origin}\n  {model.size}, {model.licence or 'licence unknown'}"
        )
        for what in ("sites", "reads", "sha256", "revision", "offline"):
            if told := getattr(model, what):
                print(f"  {what}: {told}")
    for name, folder in kept.kept_models().items():
        print(f"{name}\n  ours, {_relative(folder)}")


@app.command()
def workshop(
    warm: Annotated[
        str, typer.Option(help="Chapters to run first, whose trained models go along.")
    ] = "",
    profile: Profile = "cpu",
    wheels: Annotated[
        str, typer.Option(help="Fetch the packages too: here, windows, macos, or several.")
    ] = "",
    texts: Annotated[str, typer.Option(help="Files or folders of text that go along.")] = "",
) -> None:
    """A teaching kit: notebooks for students and teachers, slides, pages, plans of lessons."""
    from lib.teaching import kit

    _given(profile, None, "auto", "auto")
    chosen, systems, along = (
        [name for name in given.split(",") if name] for given in (warm, wheels, texts)
    )
    made = kit.make(chosen, profile, systems, along)
    print("\n".join(_relative(path) for path in made if path.exists()))


@app.command()
def sync() -> None:
    """Writes the Colab cells and links that derive from the address in _config.yml."""
    from lib.cli import repository

    changed = repository.sync(root())
    print("\n".join(changed) if changed else "Everything was up to date.")


@app.command("help")
def help_() -> None:
    """What can be done."""
    app(["--help"], prog_name="python -m lib", standalone_mode=False)


def _given(profile: str, source: str | None, device: str, precision: str) -> dict[str, Any]:
    """The shared parameters, with a folder of text as an absolute path: runs start elsewhere."""
    from lib.settings import PROFILES
    from lib.settings.decoding import near_misses
    from lib.text.corpora import SOURCES

    if profile not in PROFILES:
        raise UserError(f"There is no profile {profile!r}: {near_misses(profile, PROFILES)}")
    if source is not None and source not in SOURCES:
        if not source.strip() or not Path(source).expanduser().exists():
            hint = near_misses(source, SOURCES)
            near = f" D{hint[1:]}" if hint.startswith("did") else ""
            raise UserError(
                f"The source {source!r} is no folder or file here; give bundled, hub, or a folder "
                f"of .txt, .jsonl or .parquet.{near}"
            )
        source = str(Path(source).expanduser().resolve())
    given = {"device": device, "precision": precision}
    given = {name: value for name, value in given.items() if value != "auto"}
    return {"profile": profile, "source": source, **given}


def _execute(plans: list[RunSpec], **options: Any) -> list[Outcome]:
    """Runs the plans, saying before each how long it will take and after each how it ended."""
    from lib.runs import plan, progress_table, runner

    for one in plans:
        print(f"{one.title}: {plan.expected(one)}", flush=True)
    if len(plans) > 1:
        slots = _slots(options.get("engine", runner.LOCAL), options["jobs"])
        print(progress_table.total(plans, slots), flush=True)
    outcomes = runner.execute(plans, tell=lambda line: print(line, flush=True), **options)
    for outcome in outcomes:
        if outcome.good:
            words = {"done": f"done in {outcome.message}", "prose": "only the prose is new"}
            print(f"{outcome.plan.title}: {words.get(outcome.status, 'was done already')}")
        else:
            print(runner.describe_failure(outcome), file=sys.stderr)
    return outcomes


def _slots(engine: str, jobs: int) -> int | None:
    """How many runs there are at a time; None where a Ray cluster decides."""
    from lib.runs import ray_engine, runner

    return None if engine != runner.LOCAL and os.environ.get(ray_engine.ADDRESS) else jobs


def _code(outcomes: Sequence[Outcome]) -> int:
    if all(outcome.good for outcome in outcomes):
        return 0
    return 2 if any(outcome.status == "user-error" for outcome in outcomes) else 1


def _relative(path: Path) -> str:
    """A path as one would type it here."""
    for base in (Path.cwd(), root()):
        if path.is_relative_to(base):
            return str(path.relative_to(base))
    return str(path)
