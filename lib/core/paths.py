"""The project's folders, whatever the working directory."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

from lib.core.errors import UserError

HOME_VARIABLE = "LITTLE_DICTIONARIES_HOME"
KEEP_VARIABLE = "LITTLE_DICTIONARIES_KEEP"


def package_folder() -> Path:
    """The folder of the package `lib` that is imported here."""
    return Path(__file__).resolve().parents[1]


def root() -> Path:
    """The project's folder: runs, caches and pages are written inside it and nowhere else.

    The environment variable LITTLE_DICTIONARIES_HOME names it; otherwise it is the folder of the
    imported package, or the nearest folder above the working directory that holds `chapters`.

    Raises:
        UserError: the variable names no folder, or there is no project here.
    """
    if named := os.environ.get(HOME_VARIABLE):
        folder = Path(named).expanduser().resolve()
        if not folder.is_dir():
            raise UserError(
                f"{HOME_VARIABLE} must name the project's folder, but {named!r} is no folder; "
                "unset it or correct it."
            )
        return folder
    package = package_folder()
    for candidate in (package.parent, Path.cwd(), *Path.cwd().parents):
        if (candidate / "chapters").is_dir() and (candidate / "book").is_dir():
            return candidate
    raise UserError(
        "The project's folder was not found beside the package `lib` nor above the working "
        f"directory; set {HOME_VARIABLE} to the folder that holds `chapters` and `book`."
    )


def cache_folder() -> Path:
    """What was made here and can be made again; safe to delete, costs time to fill again."""
    return root() / ".cache"


def persistent_folder() -> Path:
    """Trained models, dictionaries and their checkpoints.

    The environment variable LITTLE_DICTIONARIES_KEEP names a folder that outlives this machine,
    such as one on a mounted drive, for one session at a time; otherwise they are in
    `cache_folder`.

    Raises:
        UserError: the variable names a folder that cannot be made or written.
    """
    named = os.environ.get(KEEP_VARIABLE)
    if not named:
        return cache_folder()
    folder = Path(named).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{KEEP_VARIABLE} must name a folder that can be written, but {named!r} cannot be "
            f"made ({error.strerror}); is the drive mounted?"
        ) from None
    return folder


def runs_folder() -> Path:
    """What each run of a chapter wrote."""
    return root() / "runs"


def build_folder() -> Path:
    """Pages and tables."""
    return root() / "_build"


def results_folder() -> Path:
    """Kept runs, under version control."""
    return root() / "results"


def claims_file() -> Path:
    """The claims and their criteria: the project's, or where there is none the installed copy."""
    own = root() / "book" / "claims.yml"
    packed = Path(sysconfig.get_path("data"), "share", "little-dictionaries", "claims.yml")
    return packed if packed.exists() and not own.exists() else own
