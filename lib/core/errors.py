"""`UserError`, the error that a reader can mend."""

from __future__ import annotations


class UserError(Exception):
    """Something the user gave or the machine lacks: one sentence that says what was expected,
    what came, and what to do. The command line prints it without a traceback and exits with 2.
    """


def disk_full_message(path: object) -> str:
    """The sentence for a disk that ran full while `path` was written."""
    return (
        f"The disk is full: {path} could not be written; what was saved before is whole, "
        "so free some space and run the same command again to go on from there."
    )
