"""What a chapter imports to leave evidence: numbers, pictures, sentences and verdicts."""

from lib.evidence.claim_cards import claims_table, verdict
from lib.evidence.figures import figure, text_figure
from lib.evidence.loading import load
from lib.evidence.pooling import record_mean
from lib.evidence.prose import say
from lib.evidence.records import record

__all__ = [
    "claims_table",
    "figure",
    "load",
    "record",
    "record_mean",
    "say",
    "text_figure",
    "verdict",
]
