"""A book of one sample chapter that holds everything a page can hold, already run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import nbformat
from feature_card_samples import sample_cards, sample_directions, sample_numbers
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lib.display import explorer
from lib.display.feature_cards import cards_html
from lib.evidence.figures import INK
from lib.evidence.run_context import KIND, PREFIX
from lib.evidence.svg import inline_svg, png
from lib.evidence.verdicts import claims
from lib.pages.context import Result

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "01_words_from_letters"
EXPLORER = "explorer/01-cards-cpu-secret-stories-seed3"
PRIVATE = "/home/somebody/secret stories"
_STORYWORLD = {"profile": "cpu", "source": "storyworld"}
RESULTS = {
    # Every claim of a chapter that has a page has a verdict, or there is no page.
    **{
        key: [Result("cpu run on storyworld", "x: 1", "partly", "why", **_STORYWORLD)]
        for key in claims("01")
    },
    "words.lm-loss": [
        Result(
            "cpu run on tinystories", "loss: 0.9", "needs a larger run", "why", ("on cpu",), True,
            "cpu", "tinystories",
        ),
        Result(
            "ci run on storyworld", "loss: 0.8", "replicated", "why", (), False,
            "ci", "storyworld",
        ),
    ],
    "words.steering": [
        Result("cpu run on storyworld", "slope: 0.1", "not replicated", "why", **_STORYWORLD)
    ],
    "words.end-selective": [
        Result("cpu run on storyworld", "21 <b>words</b>", "replicated", "x > 1", **_STORYWORLD)
    ],
}  # fmt: skip
PROSE = """\
## The idea

Take $x \\in \\mathbb{R}^D$ and write it as

$$
\\hat x = W_{dec}\\, \\mathrm{TopK}(W_{enc}(x - b_{pre}) + b_{enc}) + b_{pre}
$$

A formula that is wider than a phone:

$$
\\sum_{d=1}^{D} (x_d - \\hat x_d)^2 + \\sum_{f=1}^{F} |z_f| \\le \\sum_{i} i^{-\\alpha}
\\exp(-\\beta i) + \\mathrm{a\\_rather\\_long\\_name} + \\mathrm{another\\_long\\_name}
$$"""
WIDE_TABLE = (
    "<div><table class='dataframe'><thead><tr>"
    + "".join(f"<th>column {i}</th>" for i in range(14))
    + "</tr></thead><tbody><tr>"
    + "".join(f"<td>{i}.123456</td>" for i in range(14))
    + "</tr></tbody></table></div>"
)
CLAIMS_TABLE = (
    '<table class="ld-claims"><caption>Verdicts of this cpu run on storyworld</caption><thead><tr>'
    '<th scope="col">Claim</th><th scope="col">The document</th><th scope="col">Ours</th>'
    '<th scope="col">Verdict and what decided it</th></tr></thead><tbody>'
    '<tr data-verdict="replicated"><th scope="row"><code>words.end-selective</code><br>Many words.'
    "</th><td>262 words</td><td>end selective words: 21 [18, 25] over 5 dictionaries</td>"
    "<td><strong>✓ replicated</strong><br><small>end_selective_words (low end) = 18 &gt; 10"
    "</small></td></tr></tbody></table>"
)
FIGURE = {"name": "sample", "alt": "A falling line", "caption": "The loss falls, as one sees."}
VERDICT = (
    '<div class="ld-verdict" data-verdict="needs a larger run"><p><strong>… needs a larger run'
    "</strong> (cpu run on storyworld): It learns.</p><p><small>Decided from paper on.</small></p>"
    "</div>"
)


def drawing() -> Figure:
    """A falling line."""
    drawn = Figure(figsize=(6.4, 3))
    panel = drawn.subplots()
    panel.plot([0, 1, 2], [3, 2, 1], label="a line")
    panel.set_xlabel("step", color=INK)
    panel.legend(frameon=False)
    return drawn


def figure_output() -> dict:
    """A figure as a chapter publishes it."""
    picture = inline_svg(drawing(), "sample", "A falling line")
    shown = (
        f'<figure class="ld-figure" role="figure" id="figure-sample">{picture}'
        "<figcaption>The loss falls, as one sees.</figcaption></figure>"
    )
    output = html(shown)
    output["metadata"][KIND] = {"kind": "figure", **FIGURE}
    return output


def html(content: str) -> dict:
    """A display output of HTML."""
    return new_output("display_data", data={"text/html": content, "text/plain": "x"})


def record(name: str, value: float) -> dict:
    """The output of `record`."""
    content = {"kind": "record", "name": name, "value": value}
    return new_output(
        "display_data",
        data={PREFIX + "text/plain": repr(value)},
        metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}, KIND: content},
    )


def sample_cells() -> list[dict]:
    """The chapter as it is in the repository: no outputs."""
    code = new_code_cell
    return [
        new_markdown_cell("# Words from letters\n\n*A sample chapter.*", id="title"),
        code("import sys", id="colab-setup"),
        code("seed = 0\nsource = None", id="parameters", metadata={"tags": ["parameters"]}),
        new_markdown_cell(PROSE, id="idea"),
        code("measure()", id="measure"),
        new_markdown_cell("Prose between two cells.", id="between"),
        code("a_call_with_a_long_line(" + "argument, " * 20 + ")", id="show"),
        new_markdown_cell("Prose between two more.", id="between-2"),
        code('verdict("words.end-selective")', id="verdict"),
        new_markdown_cell("And between two more.", id="between-3"),
        code('say("...")', id="say", metadata={"tags": ["hide-input"]}),
        new_markdown_cell(
            "## Exercises\n\n<details><summary>Solution</summary>\n\nIt is $x$.\n\n</details>",
            id="exercises",
        ),
    ]


def outputs() -> dict[str, list[dict]]:
    """What each cell left in the run."""
    cards = new_output("display_data", data={explorer.MIME: json.dumps(CARDS)})
    said = "The loss is **0.81 [0.80, 0.83]** with $\\hat x$ and \\<b\\>no markup\\</b\\>."
    return {
        "measure": [
            new_output("stream", name="stderr", text="language model: 100 / 200 (50%)\n"),
            new_output("stream", name="stdout", text="a line " * 60 + "\n"),
            record("loss", 0.8123),
        ],
        "show": [figure_output(), html(WIDE_TABLE), html(CLAIMS_TABLE)],
        "verdict": [html(VERDICT), html(cards_html({"First": sample_cards(3)}, "cards")), cards],
        "say": [new_output("display_data", data={"text/markdown": said, "text/plain": said})],
    }


CARDS = {
    "name": "cards",
    "caption": "Twelve features, and 1 < 2.",
    **explorer.pack(sample_cards(), sample_numbers(), sample_directions()),
}


def make_notebook(cells: list[dict]) -> nbformat.NotebookNode:
    """A notebook with the book's kernel."""
    notebook = new_notebook(cells=cells)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook["metadata"]["kernelspec"] = kernel
    return notebook


def executed_notebook() -> nbformat.NotebookNode:
    """The chapter as papermill leaves it, run on a private folder of text."""
    cells = sample_cells()
    for position, cell in enumerate(cells):
        cell["outputs" if cell["cell_type"] == "code" else "metadata"] = (
            outputs().get(cell["id"], []) if cell["cell_type"] == "code" else {}
        )
        if cell["id"] == "parameters":
            after = position + 1
    injected = new_code_cell(
        f"# Parameters\nseed = 3\nsource = {PRIVATE!r}",
        id="0123abcd",
        metadata={"tags": ["injected-parameters"]},
    )
    notebook = make_notebook([*cells[:after], injected, *cells[after:]])
    notebook["metadata"]["papermill"] = {
        "parameters": {"seed": 3, "source": PRIVATE, "device": None}
    }
    return notebook


def make_run(folder: Path, seed: int = 3) -> Path:
    """The folder of a finished run of the sample chapter."""
    folder.mkdir(parents=True)
    nbformat.write(executed_notebook(), folder / "run.ipynb")
    (folder / "figures").mkdir()
    (folder / "figures" / "sample.png").write_bytes(png(drawing()))
    (folder / "explorer").mkdir()
    (folder / "explorer" / "cards.json").write_text(json.dumps(CARDS), encoding="utf-8")
    meta = {
        "format": 1, "chapter": "01", "profile": "cpu", "seed": seed, "source": "secret-stories",
        "real": True, "key": "k", "code": "c", "overrides": {}, "fingerprint": "f",
        "commit": "0123456789abcdef", "dirty": True, "finished": "2026-01-02T03:04:05+00:00",
        "criteria": {}, "verdicts": {}, "records": [],
        "figures": [{**FIGURE, "file": "sample.png"}],
    }  # fmt: skip
    environment = {
        "python": "3.11.7", "system": "Linux x86_64", "device": "cpu", "precision": "fp32",
        "processor": "A <fast> processor", "cores": 2, "threads": 2, "versions": {"torch": "2.13"},
        "seconds": 93.2, "peak_memory_gib": 1.5,
        "artifacts": [{"artifact": "a", "event": "reused", "seconds": 0}],
    }  # fmt: skip
    settings = {"profile": "cpu", "seed": 3, "source": PRIVATE, "sizes": [1, 2], "width": 64}
    for name, content in (
        ("records", meta),
        ("environment", environment),
        ("settings", settings),
        ("done", {"key": "k", "presentation": "p", "finished": "x", "seconds": 93.2}),
    ):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def in_sample(page: str) -> bool:
    """Whether a page, or its line in _toc.yml, is part of the sample book."""
    return "chapters/" not in page or CHAPTER in page


def make_book(folder: Path) -> tuple[Path, Path]:
    """(a project with this book's pages and the sample chapter, the chapter's run)."""
    shutil.copytree(ROOT / "book", folder / "book")
    (folder / "chapters").mkdir()
    shutil.copy(ROOT / "_config.yml", folder)
    # Without the chapters that have no run here.
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in contents if in_sample(line)]
    (folder / "_toc.yml").write_text("".join(kept), encoding="utf-8")
    nbformat.write(make_notebook(sample_cells()), folder / "chapters" / f"{CHAPTER}.ipynb")
    return folder, make_run(folder / "runs" / "one")
