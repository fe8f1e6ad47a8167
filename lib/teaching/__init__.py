"""Teaching: exercises that check themselves, notebooks for a class, slides, and the kit."""

from lib.teaching.exercises import check

__all__ = ["check"]
