"""What a chapter imports to leave evidence: numbers, pictures, sentences and verdicts."""

from lib.evidence.claim_cards import claims_table, verdict
from lib.evidence.figures import figure, text_figure
from lib.evidence.loading import load
from lib.evidence.prose import say
from lib.evidence.records import record

__all__ = ["claims_table", "figure", "load", "record", "say", "text_figure", "verdict"]
