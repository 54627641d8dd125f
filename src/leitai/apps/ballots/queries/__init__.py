"""Reading verdicts: from a scanned code to its point, from a receipt to its verdict, rates with how sure they are."""

from .ballots import by_receipt, by_subject, has_words, road, scale, upheld, waiting, words
from .counts import TallyView, counts_by_unit, rate, series, totals
from .log import Proof, batch_digest, batch_holds, check, proof, standings
from .points import Scanned, Spot, UnitRef, code_of, in_use, points, points_of, read, scanned, spots, token_of

__all__ = [
    "Proof",
    "Scanned",
    "Spot",
    "TallyView",
    "UnitRef",
    "batch_digest",
    "batch_holds",
    "by_receipt",
    "by_subject",
    "check",
    "code_of",
    "counts_by_unit",
    "has_words",
    "in_use",
    "points",
    "points_of",
    "proof",
    "rate",
    "read",
    "road",
    "scale",
    "scanned",
    "series",
    "spots",
    "standings",
    "token_of",
    "totals",
    "upheld",
    "waiting",
    "words",
]
