"""What a chapter imports to leave evidence: numbers, pictures, sentences and verdicts."""

from lib.book.cards import claims_table, verdict
from lib.book.figures import figure, text_figure
from lib.book.prose import say
from lib.book.records import record
from lib.book.settings import load

__all__ = ["claims_table", "figure", "load", "record", "say", "text_figure", "verdict"]
