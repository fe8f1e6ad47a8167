"""`python -m lib COMMAND`: everything that can be done with the book.

`install` needs nothing but Python itself; the rest runs in the environment that it makes, also when
this file is run by another interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys

MADE_BY_INSTALL = "LITTLE_DICTIONARIES_INSIDE"


def main(argv=None):
    """Runs one command; returns the exit code: 0, 1 (something failed), 2 (a wrong use), 130."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["install"]:
        from lib.cli import install

        return install.main(arguments[1:])
    try:
        from lib.cli import commands
    except (ImportError, SyntaxError) as error:
        return _elsewhere(arguments, error)
    return commands.main(arguments)


def _elsewhere(arguments, error):
    """Runs the command in `.venv`, or says what is missing."""
    name = getattr(error, "name", None) or ""
    if name.split(".")[0] == "lib":
        raise error
    from lib.cli import install

    python = install.venv_python(install.ROOT)
    if python.exists() and not os.environ.get(MADE_BY_INSTALL):
        environment = dict(os.environ)
        environment[MADE_BY_INSTALL] = "1"
        environment["PYTHONPATH"] = os.pathsep.join(
            part for part in (str(install.ROOT), environment.get("PYTHONPATH")) if part
        )
        return subprocess.call([str(python), "-m", "lib", *arguments], env=environment)
    what = "Python 3.11 or newer" if isinstance(error, SyntaxError) else "the package " + name
    sys.stderr.write(
        "This command needs " + what + "; run `make install`, or `python -m lib install`, first.\n"
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
