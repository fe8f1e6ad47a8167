"""Every chapter: its parameters are its schema's; at the `ci` profile it runs and has a page."""

from __future__ import annotations

import math
from pathlib import Path

import nbformat
import papermill
import pytest

from lib.core import paths
from lib.evidence.verdicts import VERDICTS, claims
from lib.model.published.shelf import is_here
from lib.pages import build as pages
from lib.pages import notebook as notebook_pages
from lib.runs import plan, run_folders, runner
from lib.runs.notebooks import chapter_files
from lib.studies.registry import schema

CHAPTERS = chapter_files()
# What these say is the same in every chapter; a chapter's own parameters say "from the profile".
SHARED = {"profile": "'cpu'", "seed": "0", "source": "None", "device": "'auto'"}
SHARED |= {"precision": "'auto'"}


@pytest.fixture(params=CHAPTERS, scope="module")
def chapter(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def outcome(chapter: str) -> runner.Outcome:
    """The chapter run at `ci`; taken from `runs` if it is there already."""
    given = {"profile": "ci", "source": None, "device": "cpu", "precision": "auto"}
    plans = plan.plan_runs({chapter: CHAPTERS[chapter]}, given)
    return runner.execute(plans)[0]


def test_the_parameters_cell_is_the_schema(chapter: str) -> None:
    found = papermill.inspect_notebook(str(CHAPTERS[chapter]))
    defaults = {name: entry["default"].replace('"', "'") for name, entry in found.items()}
    assert set(defaults) == set(schema(chapter).model_fields)
    assert {name: defaults[name] for name in SHARED} == SHARED
    assert {value for name, value in defaults.items() if name not in SHARED} <= {"None"}


def test_the_model_has_the_seed_that_the_settings_say(chapter: str) -> None:
    """`lm_seed` is what was given, and may be nothing; `model_seed` is the seed."""
    assert "settings.lm_seed" not in CHAPTERS[chapter].read_text(encoding="utf-8")


@pytest.mark.chapters
@pytest.mark.timeout(300)
def test_it_runs_and_leaves_numbers(chapter: str, outcome: runner.Outcome) -> None:
    assert outcome.good, outcome.message
    run = run_folders.read_run(outcome.plan.folder)
    assert run.records
    for name, record in run.records.items():
        if isinstance(record.value, float):
            assert math.isfinite(record.value), name
        assert record.value is not None or record.reason, name
    assert set(run.meta["verdicts"]) == set(claims(chapter))
    assert {entry["verdict"] for entry in run.meta["verdicts"].values()} <= set(VERDICTS)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not is_here("smollm2-135m"), reason="python -m lib fetch smollm2-135m")
@pytest.mark.parametrize("number", ["03", "04"])
def test_it_reads_smollm2(number: str) -> None:
    given = {"profile": "ci", "source": None, "device": "cpu", "model": "smollm2-135m"}
    plans = plan.plan_runs({number: CHAPTERS[number]}, given)
    outcome = runner.execute(plans)[0]
    assert outcome.good, outcome.message
    run = run_folders.read_run(outcome.plan.folder)
    assert run.records["first_position_ratio"].value > 0
    assert set(run.meta["verdicts"]) == set(claims(number))


@pytest.mark.chapters
@pytest.mark.timeout(300)
def test_its_page_can_be_made_from_the_run(chapter: str, outcome: runner.Outcome) -> None:
    assert outcome.good, outcome.message
    run = run_folders.read_run(outcome.plan.folder)
    executed = nbformat.read(run.folder / run_folders.NOTEBOOK, as_version=4)
    page = notebook_pages.publish(
        executed,
        nbformat.read(CHAPTERS[chapter], as_version=4),
        name=CHAPTERS[chapter].name,
        facts=notebook_pages.facts(run),
        settings=notebook_pages.settings(run),
        injected=notebook_pages.injected(run, executed),
    )
    record, end = page["cells"][-2:]
    assert record["id"] == notebook_pages.RECORD_CELL
    assert end["source"] == "</details>"
    text = nbformat.writes(page)
    # Paths of this machine have no place on a page.
    assert str(paths.root()) not in text
    if len(Path.home().parts) > 1:
        assert f"{Path.home()}/" not in text
    assert pages.title_of(page["cells"][0]["source"], chapter)
