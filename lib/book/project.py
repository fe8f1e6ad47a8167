"""The project's folders, whatever the working directory."""

from __future__ import annotations

from pathlib import Path

from lib.core.home import (
    HOME_VARIABLE,
    KEEP_VARIABLE,
    cache_folder,
    keeping_folder,
    package_folder,
    root,
)

__all__ = [
    "HOME_VARIABLE",
    "KEEP_VARIABLE",
    "build_folder",
    "cache_folder",
    "claims_file",
    "keeping_folder",
    "package_folder",
    "results_folder",
    "root",
    "runs_folder",
]


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
    """The claims and their criteria."""
    return root() / "book" / "claims.yml"
