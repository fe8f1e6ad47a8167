"""Rules that hold for the whole project: sizes, rooms, notebooks, addresses, commands."""

from __future__ import annotations

import ast
import itertools
import re
import shlex
import statistics
import subprocess
import symtable
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import colab_like
import nbformat
import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager

from lib.cache import keys
from lib.cli import repository
from lib.pages import build as pages
from lib.pages import context
from lib.runs import notebooks, plan
from lib.runs.notebooks import LIVE, without_magics
from lib.studies.registry import STUDIES, resolve

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "lib").rglob("*.py"))
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "book").glob("*.md"))]

LONGEST_MODULE = 350
LONGEST_CELL, MEDIAN_CELL, WIDEST_LINE = 40, 8, 76
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")

# Put together here so that this file does not contain what it forbids.
FORBIDDEN = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.])/(?:work|tmp|root)/",
        "py" + r"pi\.org",
        "python" + "hosted",
        r"download\.py" + "torch",
        "/opt/py" + "pi",
    )
]


def tracked() -> list[Path]:
    """Every file under version control, and those that are about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a clone, so there is no list of its files")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    """The text of a file, "" for a picture."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


# --- Code --------------------------------------------------------------------------------------


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert not long, f"split these (at most {LONGEST_MODULE} lines): {long}"


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in MODULES}
    assert not [str(f) for f in folders if not (f / "__init__.py").exists()]


def test_every_module_and_public_function_says_what_it_is() -> None:
    silent = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree) and tree.body:
            silent.append(f"{path.relative_to(ROOT)}")
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not silent, f"without a docstring: {silent}"


def test_every_room_is_in_the_layers() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract, studies = config["tool"]["importlinter"]["contracts"]
    rooms = {f"lib.{p.parent.name}" for p in (ROOT / "lib").glob("*/__init__.py")}
    assert rooms | {"lib.__main__"} == set(contract["layers"])
    folders = {f"lib.studies.{p.parent.name}" for p in (ROOT / "lib").glob("studies/*/__init__.py")}
    assert folders == set(studies["modules"]) == set(STUDIES.values())


def test_no_folder_of_modules_is_crowded() -> None:
    """At most 15 modules in a folder and 350 lines in a module, so that both can be overlooked."""
    for folder in {path.parent for path in MODULES}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= 15, f"{folder.relative_to(ROOT)} has {len(modules)} modules"
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path


def imported_modules(paths: list[Path]) -> set[str]:
    """First parts of the names that these files import from outside the project."""
    names = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").split(".")[0])
    return names - set(sys.stdlib_module_names) - {"lib"}


def required(name: str) -> set[str]:
    """Normalised names of the packages in a requirements file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"[A-Za-z0-9_.-]+", line) for line in lines if not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


OPTIONAL = {"ray"}


def test_what_the_code_imports_is_required() -> None:
    distributions = packages_distributions()
    missing = {
        module
        for module in imported_modules(MODULES)
        if not required("requirements.txt")
        & {re.sub(r"[-_.]+", "-", name).lower() for name in distributions.get(module, [])}
    }
    assert not missing - OPTIONAL, f"add to requirements.txt: {missing}"
    others = [path for path in MODULES if path.name != "ray_engine.py"]
    assert not imported_modules(others) & OPTIONAL, "optional: only its own module needs it"


def test_what_is_required_is_pinned() -> None:
    pins = required("constraints.txt")
    wanted = required("requirements.txt") | required("requirements-dev.txt")
    assert wanted | required("requirements-ray.txt") <= pins


def test_versions_agree() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert config["project"]["version"] == citation["version"]
    assert config["project"]["license"] == citation["license"] == "MIT"


# --- Addresses and places ----------------------------------------------------------------------


def test_no_file_names_this_machine_or_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        for pattern in FORBIDDEN
        for match in pattern.finditer(text_of(path))
    ]
    assert not found


def without_generated(path: Path) -> str:
    """The text of a file without what `python -m lib sync` writes."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4)["cells"]
        generated = (notebooks.BADGE_CELL, notebooks.SETUP_CELL)
        return "\n".join(cell["source"] for cell in cells if cell["id"] not in generated)
    before, _, rest = text_of(path).partition(repository.LIST_BEGINS)
    return before + rest.partition(repository.LIST_ENDS)[2] if rest else before


def test_the_repositorys_address_is_typed_in_one_place() -> None:
    slug = repository.repository(ROOT).slug
    places = {str(path.relative_to(ROOT)) for path in tracked() if slug in without_generated(path)}
    assert places == {"_config.yml"}


def test_what_is_derived_from_the_address_is_up_to_date() -> None:
    assert repository.sync(ROOT, write=False) == [], "run: .venv/bin/python -m lib sync"


def normal(name: str) -> str:
    """A package's name as all spellings of it are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_colab_cell_covers_what_a_chapter_imports() -> None:
    rooms = [f"lib.{room}" for room in ("core", "text", "model", "sae", "analysis")]
    starts = ["lib.evidence", "lib.cache.cached", "lib.display.plots"]
    for room in rooms:
        folder = ROOT / "lib" / room.split(".")[1]
        starts += [
            ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for path in folder.rglob("*.py")
            if path.name != "__init__.py"
        ]
    files = list(keys.closure(starts, leave_out=lambda name: False).values())
    there = {normal(one.name) for one in colab_like.closure(colab_like.COLAB_HAS.split())}
    there |= {normal(re.match(r"[\w.-]+", line)[0]) for line in core_dependencies()}
    distributions = packages_distributions()
    missing = {
        module
        for module in imported_modules(files) - {"papermill"}
        if not there & {normal(name) for name in distributions.get(module, [])}
    }
    assert not missing, f"a chapter on Colab needs these too: {missing}"


def core_dependencies() -> list[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return config["project"]["dependencies"]


def test_the_package_asks_for_a_part_of_what_the_book_asks_for() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert set(core_dependencies()) <= set(lines)
    # Not these, so that Colab's own builds of them stay.
    assert not [line for line in core_dependencies() if line.startswith(("torch", "numpy"))]


def test_git_ignores_what_is_made_and_not_the_code() -> None:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/_build", "/runs", "/.cache", "/.venv"} <= set(lines)
    assert not {"lib", "lib/", "/lib", "/lib/"} & set(lines)


# --- Documents ---------------------------------------------------------------------------------


def commands_in(path: Path) -> Iterator[tuple[str, str]]:
    """("make" | "lib", command) for every command that a document names in code."""
    text = path.read_text(encoding="utf-8")
    code = re.findall(r"```bash\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    for part in code:
        for line in part.splitlines():
            if match := re.match(r"\s*make ([a-z]+)", line):
                yield "make", match[1]
            for name in re.findall(r"-m lib ([a-z]+)", line):
                yield "lib", name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documented_commands_exist(path: Path) -> None:
    from lib.cli.commands import app

    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    known = {
        "make": targets,
        "lib": {c.name or c.callback.__name__ for c in app.registered_commands},
    }
    for kind, name in commands_in(path):
        assert name in known[kind], f"{path.name} names {kind} {name}"


@pytest.mark.parametrize("path", [*DOCUMENTS, *CHAPTERS], ids=lambda path: path.name)
def test_documented_settings_are_possible(path: Path) -> None:
    """What a page tells to type after `run` is accepted by that chapter."""
    text = path.read_text(encoding="utf-8")
    for chapter, rest in re.findall(r"-m lib run (\d\d)([^`\n]*)", text.replace("\\n", "\n")):
        words = shlex.split(rest.strip('",'), comments=True)
        options = list(itertools.pairwise(words))
        given = plan.parse_assignments(value for name, value in options if name == "-p")
        profile = dict(options).get("--profile", "cpu")
        for point in plan.parse_sweeps(value for name, value in options if name == "--sweep"):
            resolve(chapter, {"profile": profile, **given, **point})


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    named = set(re.findall(r'@echo "make ([a-z]+)', makefile))
    assert phony - named == {"help", "run", "which-chapter"}


def test_the_table_of_contents_is_what_is_there() -> None:
    listed = pages.toc_files(ROOT)
    for file in listed:
        suffix = ".ipynb" if file.startswith("chapters/") else ".md"
        assert (ROOT / f"{file}{suffix}").exists(), file
    for path in CHAPTERS:
        assert f"chapters/{path.stem}" in listed, f"_toc.yml leaves out {path.name}"
    for path in (ROOT / "book").glob("*.md"):
        assert f"book/{path.stem}" in listed, f"_toc.yml leaves out {path.name}"


TERM = re.compile(r"\*\*([^*]+)\*\*")


def test_the_glossary_is_in_order_and_has_every_term_of_the_primer() -> None:
    glossary = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    entries = [name.lower() for name in re.findall(r"^(\S.*)\n: ", glossary, re.MULTILINE)]
    plain = [re.sub(r"[^a-z0-9 ]", "", name) for name in entries]
    assert plain == sorted(plain)
    cells = nbformat.read(CHAPTERS[0], as_version=4)["cells"]
    left_out = ("exercises", "at-a-glance", "set-up-note")
    prose = [c["source"] for c in cells if c["cell_type"] == "markdown" and c["id"] not in left_out]
    bold = {" ".join(term.lower().split()) for text in prose for term in TERM.findall(text)}
    missing = {
        term
        for term in bold - {"nothing"}
        if term not in glossary.lower() and not any(entry in term for entry in entries)
    }
    assert len(bold) > 20
    assert not missing


def test_each_study_is_in_the_bibliography() -> None:
    entries = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    for study in context.studies(ROOT):
        assert f"{{{study.cite}," in entries
        assert study.notebook.startswith(study.chapter)


SINCE_THEN = {
    "paulo2025", "heap2025", "korznikov2026", "wu2025", "arad2025", "chanin2024", "hedging2025",
    "bussmann2025", "leask2025", "karvonen2025", "sun2025",
}  # fmt: skip
"""What came after the five documents and bears on them."""


def test_later_papers_are_cited_and_every_entry_has_a_source_or_says_that_it_is_unchecked() -> None:
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^@\w+\{(\w+),(.*?)^\}", text, re.DOTALL | re.MULTILINE))
    chapters = "".join(path.read_text("utf-8") for path in (ROOT / "chapters").glob("*.ipynb"))
    cited = set(re.findall(r"\{cite[:t]*\}`(\w+)`", chapters))
    assert SINCE_THEN <= cited <= set(entries)
    for key, entry in entries.items():
        known = re.search(r"\b(?:url|journal|booktitle)\b", entry)
        assert known or "not checked" in entry.lower(), key


# --- Chapters ----------------------------------------------------------------------------------

# In a chapter's prose a number with decimals, a percentage or a long count is the document's, and
# such cells carry the tag `document`. Measured numbers stand in `say(...)`, where they come from
# the run. Code, formulas and addresses are free.
MEASURED = re.compile(r"(?<![\w.])(?:\d*\.?\d+\s?%|\d*\.\d+|\d{1,3}(?:,\d{3})+)(?![\w.]*\w)")
FREE = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<[^>]*>|https?://\S+|Python 3\.\d+",
    re.DOTALL,
)
JUDGING = re.compile(r"\b(?:confirms|refutes|disproves)\b")
DOCUMENT_TAG = "document"
# These two follow each other without a word between them: the parameters and what reads them.
LOAD_FOLLOWS = "parameters"


def measured_numbers(markdown: str) -> list[str]:
    """Typed numbers that only a run may state."""
    return MEASURED.findall(FREE.sub(" ", markdown))


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_chapters_are_stripped(chapter: nbformat.NotebookNode) -> None:
    assert set(chapter["metadata"]) <= {"kernelspec", "language_info"}
    for cell in chapter["cells"]:
        assert set(cell["metadata"]) <= {"tags", "mystnb", "cellView"}, cell["id"]
        if cell["cell_type"] == "code":
            assert not cell["outputs"], cell["id"]
            assert cell["execution_count"] is None, cell["id"]


def test_what_a_page_folds_colab_folds_under_a_title(chapter: nbformat.NotebookNode) -> None:
    for cell in filter(lambda one: one["cell_type"] == "code", chapter["cells"]):
        folds = "hide-input" in tags(cell)
        assert (cell["metadata"].get("cellView") == "form") == folds, cell["id"]
        assert cell["source"].startswith(notebooks.TITLE) == folds, cell["id"]


def test_cells_have_names(chapter: nbformat.NotebookNode) -> None:
    names = [cell["id"] for cell in chapter["cells"]]
    assert not [name for name in names if not SLUG.match(name)]
    assert len(names) == len(set(names))
    assert chapter["cells"][0]["source"].startswith("# ")


def test_there_is_one_parameters_cell(chapter: nbformat.NotebookNode) -> None:
    assert sum("parameters" in tags(cell) for cell in chapter["cells"]) == 1


def test_code_cells_are_short_and_narrow(chapter: nbformat.NotebookNode) -> None:
    sources = {
        cell["id"]: notebooks.untitled(cell["source"]).splitlines()
        for cell in chapter["cells"]
        if cell["cell_type"] == "code"
    }
    # The parameters cell is a list, of one line for each setting and of nothing else.
    (listed,) = (cell for cell in chapter["cells"] if "parameters" in tags(cell))
    names = ast.parse(listed["source"]).body
    assert len(sources[listed["id"]]) == len(names)
    longest = {listed["id"]: len(names)}
    assert not {
        name: len(lines)
        for name, lines in sources.items()
        if len(lines) > longest.get(name, LONGEST_CELL)
    }
    aside = {"hide-input", "parameters"}
    left_out = {cell["id"] for cell in chapter["cells"] if aside & set(tags(cell))}
    shown = [len(lines) for name, lines in sources.items() if name not in left_out]
    assert statistics.median(shown) <= MEDIAN_CELL, sorted(shown)
    wide = {
        name: line for name, lines in sources.items() for line in lines if len(line) > WIDEST_LINE
    }
    assert not wide


def test_prose_stands_between_visible_code_cells(chapter: nbformat.NotebookNode) -> None:
    bare = []
    for before, after in zip(chapter["cells"], chapter["cells"][1:], strict=False):
        if before["cell_type"] != "code" or after["cell_type"] != "code":
            continue
        hidden = "hide-input" in tags(before) or "hide-input" in tags(after)
        if not hidden and LOAD_FOLLOWS not in (before["id"], after["id"]):
            bare.append((before["id"], after["id"]))
    assert not bare, f"say something between these cells: {bare}"


def test_typed_numbers_are_the_documents(chapter: nbformat.NotebookNode) -> None:
    for cell in chapter["cells"]:
        if cell["cell_type"] != "markdown" or DOCUMENT_TAG in tags(cell):
            continue
        found = measured_numbers(cell["source"])
        assert not found, f"{cell['id']}: {found} (tag the cell `document`, or use say)"
        assert not JUDGING.search(FREE.sub(" ", cell["source"])), cell["id"]


def test_live_cells_make_no_number(chapter: nbformat.NotebookNode) -> None:
    """They are no part of a run's code, so nothing else may rest on what they make."""
    code = [cell for cell in chapter["cells"] if cell["cell_type"] == "code"]
    live = {cell["id"]: cell["source"] for cell in code if LIVE in tags(cell)}
    others = [without_magics(cell["source"]) for cell in code if cell["id"] not in live]
    used = {
        node.id for node in ast.walk(ast.parse("\n".join(others))) if isinstance(node, ast.Name)
    }
    for name, source in live.items():
        symbols = symtable.symtable(source, name, "exec").get_symbols()
        made = {one.get_name() for one in symbols if one.is_assigned()}
        assert not made & used, f"{name} makes what other cells use"
        assert not {one.get_name() for one in symbols} & {"record", "record_mean", "say", "rng"}


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("a loss of 0.575", ["0.575"]),
        ("93.2% of it, .4488", ["93.2%", ".4488"]),
        ("2,844 of 16,384", ["2,844", "16,384"]),
        ("about 30 %", ["30 %"]),
        ("`x = 0.5` and $k = 1.5$ and $$\n0.25\n$$", []),
        ("[a link](https://host/2.5) of 2026, 4 layers, Python 3.11", []),
        ("version 2.13.0 of chapter 1.", []),
    ],
)
def test_what_counts_as_a_measured_number(markdown: str, found: list[str]) -> None:
    assert measured_numbers(markdown) == found


def test_a_chapter_gets_its_generated_cells(tmp_path: Path) -> None:
    (tmp_path / "chapters").mkdir()
    config = "repository:\n  url: https://example.org/someone/some-book\n  branch: v1\n"
    (tmp_path / "_config.yml").write_text(config, encoding="utf-8")
    readme = f"# R\n{repository.LIST_BEGINS}\n{repository.LIST_ENDS}\nend\n"
    (tmp_path / "README.md").write_text(readme, encoding="utf-8")
    cells = [
        nbformat.v4.new_markdown_cell("# A chapter", id="title"),
        nbformat.v4.new_markdown_cell("", id=notebooks.BADGE_CELL),
        nbformat.v4.new_code_cell("", id=notebooks.SETUP_CELL),
    ]
    path = tmp_path / "chapters" / "01_a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)

    assert repository.sync(tmp_path) == ["chapters/01_a.ipynb", "README.md"]
    assert repository.sync(tmp_path) == []
    written = {c["id"]: c["source"] for c in nbformat.read(path, as_version=4)["cells"]}
    link = "github/someone/some-book/blob/v1/chapters/01_a.ipynb"
    assert link in written[notebooks.BADGE_CELL]
    assert link in (tmp_path / "README.md").read_text(encoding="utf-8")
    setup = written[notebooks.SETUP_CELL]
    ast.parse(TransformerManager().transform_cell(setup))
    assert len([line for line in setup.splitlines() if line and line[0] != "#"]) <= 5
    assert '"https://example.org/someone/some-book"' in setup
    assert max(map(len, setup.splitlines())) <= WIDEST_LINE
    assert len(setup.splitlines()) <= LONGEST_CELL


def test_the_workflows_run_commands_that_exist() -> None:
    """Each `make` target and file that a workflow names is here."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lines = []
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        lines += [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    targets = {target for line in lines for target in re.findall(r"\bmake (\w+)", line)}
    assert {"test", "check", "pages", "install"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for line in lines:
        for file in re.findall(r"\btests/\S+\.py", line):
            assert (ROOT / file).is_file(), file


def test_colabs_list_gives_the_versions_of_what_the_book_uses() -> None:
    listed = "torch==2.9.0+cu126\nPyYAML==6.0.2\nscikit_learn==1.6.1\nx @ file:///y\nother==1\n"
    found = colab_like.colab_versions(listed)
    assert found == ["torch==2.9.0", "scikit-learn==1.6.1", "pyyaml==6.0.2"]
