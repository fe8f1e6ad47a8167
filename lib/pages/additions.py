"""What a chapter's page gets when all runs are known: "In short" on top, recorded runs beside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import nbformat
from markupsafe import Markup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from lib.core.errors import UserError
from lib.evidence.claim_cards import SIGNS, table_html, verdict_html
from lib.evidence.prose import NO_VALUE, fill
from lib.evidence.run_context import KIND, reading
from lib.evidence.verdicts import Claim, Verdict, claims, judge
from lib.pages import notebook, rendering
from lib.pages.context import BookContext, Result, Study, headline
from lib.pages.studies import weight
from lib.runs.run_folders import Run

SHORT_CELL, SINCE_CELL = "in-short", "since-then"
COPY = "short-"
"""Put before the ids of the figure that is shown a second time, on top."""
VERDICT = re.compile(r"""^verdict\(\s*["']([\w.-]+)["']\s*\)""", re.MULTILINE)
LISTED = re.compile(r'<th scope="row"><code>([\w.-]+)</code>')
_IDS = re.compile(r'(\bid="|href="#|url\(#)')


def add(page: nbformat.NotebookNode, study: Study | None, run: Run, book: BookContext) -> None:
    """Puts "In short" below the title and, beside a local run's verdicts, the recorded ones.

    Args:
        page: a published chapter; changed in place.
        study: what the chapter replicates; the primer has none and stays as it is.
        run: the run that the page shows.
    """
    if study is None:
        return
    top = rendering.render(
        "in_short.html",
        recorded=run.origin == "results",
        origin=notebook.origin(run, book.texts),
        text=run.meta["source"] if run.meta["source"] in book.texts else "",
        smoke=run.meta["profile"] == "ci",
        sentences=sentences(study.short, run),
        chips=_chips(study, run, book),
        signs=SIGNS,
        figure=_figure(page, study, book),
    )
    # An output and no Markdown, which would read a figure's text as marks.
    shown = new_output("display_data", data={"text/html": top})
    hidden = {"tags": ["remove-input"]}
    short = new_code_cell("# In short", id=SHORT_CELL, outputs=[shown], metadata=hidden)
    cells = [page["cells"][0], short]
    for cell in page["cells"][1:]:
        cells.append(cell)
        if cell["id"] == SINCE_CELL and (said := sentences(study.since, run, markdown=True)):
            cell["source"] += f"\n\n**What the numbers here say.** {' '.join(said)}"
        _judge_again(cell, run, book.place(run))
        if cell["cell_type"] == "code" and run.origin != "results":
            for key in VERDICT.findall(cell["source"]):
                recorded = [one for one in book.results.get(key, ()) if one.kept]
                if recorded:
                    text = rendering.render("recorded.html", one=recorded[0], sign=SIGNS, key=key)
                    cells.append(new_markdown_cell(text, id=f"recorded-{key}".replace(".", "-")))
    page["cells"] = cells


def _judge_again(cell: Mapping, run: Run, place: str) -> None:
    """The cell's boxes and tables of verdicts, in today's words: what the run wrote down stays."""
    keys = iter(VERDICT.findall(cell["source"]) if cell["cell_type"] == "code" else ())
    for output in cell.get("outputs", ()):
        shown = "".join(output.get("data", {}).get("text/html", ""))
        if shown.startswith('<div class="ld-verdict"'):
            if result := _verdict_of(next(keys, ""), run):
                output["data"]["text/html"] = verdict_html(result, place)
        elif shown.startswith('<table class="ld-claims"'):
            found = [_verdict_of(key, run) for key in LISTED.findall(shown)]
            if all(found):
                output["data"]["text/html"] = table_html(found, run.records, place)


def _verdict_of(key: str, run: Run) -> Verdict | None:
    """None where the run is older than what decides the claim."""
    entry = claims().get(key)
    if entry is None or entry.judged_by() - set(run.records):
        return None
    return judge(key, entry, run.records, run.meta["profile"])


def sentences(templates: Sequence[str], run: Run, markdown: bool = False) -> list[str]:
    """The sentences that this run has all numbers for."""
    filled = []
    with reading(run.meta["chapter"], run.records):
        for template in templates:
            try:
                sentence = fill(template, markdown)
            except UserError:
                continue  # a recorded run may be older than the sentence
            if NO_VALUE not in sentence:
                filled.append(notebook.typeset(sentence))
    return filled


def findings(book: BookContext) -> dict[str, str]:
    """Chapter -> its first sentence with the numbers of the run that stands for it."""
    runs = sorted(book.runs, key=weight, reverse=True)
    said = {}
    for study in book.studies:
        own = (run for run in runs if run.meta["chapter"] == study.chapter)
        if text := next((t for run in own for t in sentences(study.short, run)), None):
            said[study.chapter] = text
    return said


def _chips(study: Study, run: Run, book: BookContext) -> list[tuple[str, Claim, str]]:
    """(id, claim, verdict) of each claim of the chapter."""
    return [
        (key, claim, _verdict(book.results.get(key, ()), run))
        for key, claim in book.claims.items()
        if claim.chapter == study.chapter
    ]


def _verdict(results: Sequence[Result], run: Run) -> str:
    """What the runs of this page's profile and text say together."""
    place = (run.meta["profile"], run.meta["source"], run.origin == "results")
    same = [one for one in results if (one.profile, one.source, one.kept) == place]
    return headline(same)


def _figure(page: Mapping, study: Study, book: BookContext) -> Markup | None:
    """The figure of the study's claim once more, with ids of its own."""
    place = book.anchors.get(study.claim)
    for cell in page["cells"]:
        for output in cell.get("outputs", ()):
            named = output.get("metadata", {}).get(KIND, {})
            if place and named.get("kind") == "figure" and named["name"] == place.figure:
                content = "".join(output["data"]["text/html"])
                return Markup(_IDS.sub(rf"\1{COPY}", content))
    return None
