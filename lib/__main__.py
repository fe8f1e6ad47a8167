"""`python -m lib COMMAND`: everything that can be done with the book.

`install` needs nothing but Python itself; the rest runs in the environment that it makes, also when
this file is run by another interpreter.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

from lib.cli import install

MADE_BY_INSTALL = "LITTLE_DICTIONARIES_INSIDE"
# An interpreter that lacks one of these is not the environment's.
NEEDED = ("typer", "torch", "pydantic", "nbformat", "yaml", "papermill")


def main(argv=None):
    """Runs one command; returns the exit code: 0, 1 (something failed), 2 (a wrong use), 130."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["install"]:
        return install.main(arguments[1:])
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if sys.version_info[:2] < install.OLDEST_PYTHON:
        return _elsewhere(arguments, "Python 3.11 or newer")
    if missing:
        return _elsewhere(arguments, "the package " + missing[0])
    from lib.cli import commands

    return commands.main(arguments)


def _elsewhere(arguments, what):
    """Runs the command in `.venv`, or says what is missing."""
    python = install.venv_python(install.ROOT)
    if python.exists() and not os.environ.get(MADE_BY_INSTALL):
        path = [str(install.ROOT), os.environ.get("PYTHONPATH")]
        inside = {MADE_BY_INSTALL: "1", "PYTHONPATH": os.pathsep.join(filter(None, path))}
        return subprocess.call([str(python), "-m", "lib", *arguments], env={**os.environ, **inside})
    sys.stderr.write(
        "This command needs " + what + "; run `make install`, or `python -m lib install`, first.\n"
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
