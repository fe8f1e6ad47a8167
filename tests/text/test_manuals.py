"""The manuals: real text of the installed packages, the same every time, nothing imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lib.text import manuals

SOURCE = '''# A licence that stands in every file.
"""What the module is for, said in one sentence that is long enough to be kept."""

import os


class Box:
    """A box, described at such length that nobody could wish to know more about it."""

    def open(self):
        """Open."""
        return os.name


def shut(box):
    """Shut a box, which was half-open before, and say so in more than forty characters."""


add_docstr(shut, """
Attached from outside,
as compiled functions need it.
""".format(**{}))
'''


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """Stands for the installed packages: one file."""
    path = tmp_path / "module.py"
    path.write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(manuals, "_files", lambda: [("boxes/module.py", path)])
    monkeypatch.setattr(manuals, "SHORTEST_DOCUMENT", 20)
    return path


def test_docstrings_stand_under_their_names_and_code_without_them(package) -> None:
    prose, code = manuals.documents()
    assert prose.startswith("boxes.module\n\nWhat the module is for")
    assert "\n\n\nboxes.module.Box\n\nA box, described" in prose
    assert "boxes.module.shut\n\nShut a box" in prose
    assert "Attached from outside,\nas compiled" in prose
    assert "Open." not in prose  # says no more than the name
    assert "licence" not in prose + code
    assert code.startswith("import os\n\n\nclass Box:")
    assert "half-open" not in code
    assert "Attached" not in code


def test_a_docstring_that_comes_twice_is_kept_once(
    monkeypatch: pytest.MonkeyPatch, package
) -> None:
    monkeypatch.setattr(
        manuals, "_files", lambda: [("boxes/module.py", package), ("crates/module.py", package)]
    )
    assert sum(d.count("Shut a box") for d in manuals.documents()) == 1


def test_broken_files_are_passed_over(package) -> None:
    for content in (b"def broken(:", b"\xff\xfe", b"x = '\x00'"):
        package.write_bytes(content)
        assert manuals.documents() == []


def test_long_documents_are_cut_and_lose_nothing() -> None:
    entries = [f"name{i}\n\n" + f"line of entry {i}\n" * (10 + 300 * (i % 3)) for i in range(9)]
    documents = list(manuals._join(entries))
    assert all(300 <= len(d) <= manuals.LONGEST_DOCUMENT for d in documents)
    assert "".join("".join(documents).split()) == "".join("".join(entries).split())


def test_installed_packages_give_text_of_the_right_kind() -> None:
    documents = manuals.documents(200_000)
    text = "".join(documents)
    assert 200_000 <= len(text) <= 200_000 + manuals.LONGEST_DOCUMENT
    fewer = manuals.documents(20_000)  # the same order again
    assert documents[: len(fewer)] == fewer
    assert all(200 <= len(d) <= manuals.LONGEST_DOCUMENT for d in documents)
    assert len(set(documents)) == len(documents)
    assert sum(c.isascii() for c in text) / len(text) > 0.99
    assert text.count("def ") > 100
    assert text.count("-") > 500
    text.encode("utf-8")  # no half characters


def test_nothing_is_imported_to_be_read() -> None:
    code = (
        "import sys; from lib.text import manuals; manuals.documents(50_000);"
        "print([m for m in ('torch', 'numpy', 'scipy', 'sympy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_fingerprint_changes_with_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = manuals.fingerprint()
    assert before == manuals.fingerprint()
    monkeypatch.setattr(manuals, "version", lambda package: "99")
    assert manuals.fingerprint() != before
