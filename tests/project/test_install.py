"""The install: says what is wrong in a sentence, does nothing twice, works from a fresh clone."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lib.cli import install
from lib.model.published.shelf import shelf
from lib.settings import PROFILES

ROOT = Path(__file__).resolve().parents[2]
OLDEST_THAT_GETS_A_SENTENCE = (3, 7)


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A folder with the files that the install reads, in a path with a space."""
    root = tmp_path / "a book"
    root.mkdir()
    for name in install.STAMPED:
        shutil.copy(ROOT / name, root / name)
    return root


def fake_environment(root: Path, script: str) -> Path:
    """An `.venv` whose interpreter is a shell script."""
    python = install.venv_python(root)
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    return python


@pytest.mark.parametrize("name", ["lib/cli/install.py", "lib/__main__.py", "lib/__init__.py"])
def test_an_old_python_can_parse_what_it_has_to_refuse(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=OLDEST_THAT_GETS_A_SENTENCE)


def test_install_needs_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "lib/cli/install.py").read_text(encoding="utf-8"))
    modules = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert modules <= set(sys.stdlib_module_names)


def test_an_old_python_is_refused_in_a_sentence(
    small_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "ROOT", small_project)
    monkeypatch.setattr(install.sys, "version_info", (3, 10, 4, "final", 0))
    assert install.main([]) == 2
    said = capsys.readouterr().err
    assert "Python 3.11 or newer is needed" in said
    assert "PYTHON=python3.12" in said
    assert not (small_project / ".venv").exists()


def test_the_stamp_follows_requirements_and_place(small_project: Path, tmp_path: Path) -> None:
    before = install.stamp(small_project)
    assert install.stamp(small_project) == before
    moved = tmp_path / "moved"
    shutil.copytree(small_project, moved)
    assert install.stamp(moved) != before
    for name in install.STAMPED:
        path = small_project / name
        path.write_text(path.read_text(encoding="utf-8") + "\n# one more line\n", encoding="utf-8")
        assert install.stamp(small_project) != before
        before = install.stamp(small_project)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
def test_the_second_install_runs_nothing(
    small_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_environment(small_project, "echo 3 11")
    stamp = small_project / ".venv" / "installed.txt"
    stamp.write_text(install.stamp(small_project), encoding="utf-8")
    monkeypatch.setattr(install, "ROOT", small_project)
    monkeypatch.setattr(install, "install", lambda _: pytest.fail("pip was run"))
    assert install.main(["--quiet"]) == 0
    assert capsys.readouterr().err == ""
    # An interpreter that has gone away, as after an upgrade of the system, is noticed.
    install.venv_python(small_project).unlink()
    assert not install.is_current(small_project)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
def test_what_pip_says_is_shown_when_it_fails(
    small_project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    says = 'case "$*" in *"pip install"*) echo "No space left on device" >&2; exit 1;; esac'
    fake_environment(small_project, says)
    monkeypatch.setattr(install, "ROOT", small_project)
    assert install.main([]) == 2
    said = capfd.readouterr().err
    assert "No space left on device" in said
    assert "run the same command again" in said
    assert not install.is_current(small_project)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
def test_a_kit_without_a_package_says_which(
    small_project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The folder `wheels` is all that pip may use, and what it lacks is named."""
    lacking = "ERROR: No matching distribution found for torch==2.6"
    says = f'echo "$PIP_NO_INDEX $PIP_FIND_LINKS" >> "{small_project}/asked"\n'
    says += f'case "$*" in *--log*) echo "{lacking}" > .venv/install.log; exit 1;; esac'
    fake_environment(small_project, says)
    (small_project / install.WHEELS).mkdir()
    monkeypatch.setattr(install, "ROOT", small_project)
    assert install.main([]) == 2
    said = capfd.readouterr().err
    assert "has no file of torch==2.6 for" in said
    assert "rename the folder where there is a network" in said
    asked = (small_project / "asked").read_text(encoding="utf-8").splitlines()
    # pip takes the variable apart at spaces, so it must hold none.
    assert asked[-1] == f"1 {(small_project / install.WHEELS).resolve().as_uri()}"
    assert asked[-1].count(" ") == 1


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
def test_a_language_model_that_is_here_is_not_said_to_be_fetched(
    small_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_environment(small_project, "exit 0")
    install.bring_model(small_project)
    assert "fetching the language model" in capsys.readouterr().err
    brought = small_project / shelf()["smollm2-135m"].path.relative_to(ROOT)
    brought.parent.mkdir(parents=True)
    brought.touch()
    install.bring_model(small_project)
    assert "is here already" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
@pytest.mark.parametrize("gpu", [False, True])
@pytest.mark.parametrize("more", [["nvidia-cublas"], ["cuda-toolkit"], ["triton"], ["numpy"], []])
def test_cuda_packages_are_announced_before_they_are_fetched(
    more: list[str], gpu: bool, small_project: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    report = {"install": [{"metadata": {"name": name}} for name in ["torch", *more]]}
    (small_project / "report").write_text(json.dumps(report, indent=2), encoding="utf-8")
    says = 'case "$*" in *--dry-run*) cat report; exit;; *"pip install"*) exit 1;; esac'
    fake_environment(small_project, says)
    monkeypatch.setattr(install, "ROOT", small_project)
    monkeypatch.setattr(install.platform, "system", lambda: "Linux")
    monkeypatch.setattr(install, "has_nvidia_gpu", lambda: gpu)
    assert install.main([]) == 2
    said = capsys.readouterr().err
    before, found, _ = said.partition("install 2/2")
    assert found
    needless = bool(more) and more != ["numpy"] and not gpu
    assert ("2.6 GB" in before) == needless
    assert ("PIP_EXTRA_INDEX_URL" in before) == needless


def test_torch_is_pinned_to_one_version_whose_cpu_build_also_counts() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(r"^torch==\d+\.\d+\.\d+$", pins, re.MULTILINE)


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_make_refuses_what_is_no_python_in_a_sentence() -> None:
    done = subprocess.run(
        ["make", "install", "PYTHON=/nowhere/python"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Traceback" not in done.stderr


# --- The command line before and without the packages -------------------------------------------


def python(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """This interpreter in the project's folder."""
    environment = {**os.environ, **more}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_without_the_packages_a_sentence_names_the_install() -> None:
    done = python("-S", "-m", "lib", "run", "01", LITTLE_DICTIONARIES_INSIDE="1")
    assert done.returncode == 2
    assert "needs the package typer; run `make install`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("word", "code"), [("--help", 0), ("rnu", 2)])
def test_help_and_a_typo_answer_without_slow_imports(word: str, code: int) -> None:
    slow = "{'torch', 'numpy', 'pandas', 'nbformat', 'matplotlib'}"
    done = python(
        "-c",
        f"import sys; from lib.__main__ import main; code = main([{word!r}])\n"
        f"print(sorted({slow} & set(sys.modules)), file=sys.stderr); sys.exit(code)",
    )
    assert done.returncode == code
    assert done.stderr.splitlines()[-1] == "[]"


def test_help_names_every_profile() -> None:
    shown = python("-m", "lib", "run", "--help", COLUMNS="200").stdout
    assert f"{', '.join(PROFILES[:-1])} or {PROFILES[-1]}" in shown


# --- A fresh clone -----------------------------------------------------------------------------


def without_network() -> list[str]:
    """A command prefix that leaves nothing but loopback; empty where the system has no such thing.

    Then the environment has to do: every proxy points nowhere.
    """
    prefix = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if not (shutil.which("unshare") and shutil.which("ip")):
        return []
    allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    return prefix if allowed else []


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is not a clone")
def test_a_fresh_clone_becomes_a_book(tmp_path: Path) -> None:
    clone = tmp_path / "a fresh clone"
    home = tmp_path / "empty home"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("LITTLE_", "PYTEST_"))},
        "HOME": str(home),
        "PYTHON": sys.executable,
    }
    make = ["make", "-C", str(clone), "book", "PROFILE=ci", f"PYTHON={sys.executable}"]

    first = subprocess.run(
        make, cwd="/", env=environment, capture_output=True, text=True, check=False
    )
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    index = Path(re.findall(r"\S.*index\.html", first.stdout)[-1])
    assert index == clone / "_build" / "html" / "index.html"
    assert index.is_file()

    stamp = clone / ".venv" / "installed.txt"
    stamped, built = stamp.stat().st_mtime_ns, index.stat().st_mtime_ns
    dead = "http://127.0.0.1:9"
    offline = {**environment, "HTTPS_PROXY": dead, "HTTP_PROXY": dead, "PIP_NO_INDEX": "1"}
    second = subprocess.run(
        [*without_network(), *make],
        cwd="/",
        env=offline,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 0, second.stdout[-3000:] + second.stderr[-3000:]
    assert stamp.stat().st_mtime_ns == stamped, "the second call installed again"
    assert index.stat().st_mtime_ns > built
    assert "was done already" in second.stdout, "the second call ran a chapter again"
    # Nothing of the project ends up in the home directory; pip keeps a cache there, and asks rustc
    # for its version, which may leave settings.
    foreign = {"pip", ".rustup"}
    assert not [p for p in home.rglob("*") if p.is_file() and not foreign & set(p.parts)]
