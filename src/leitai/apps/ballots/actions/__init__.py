"""Writing verdicts: points and tickets, casting, what was added in words, what became of them, imports."""

from .casting import BallotDraft, cast, cast_many
from .imports import BallotRecord, import_ballots, take_up
from .points import add_points, retire_point
from .verification import answer, verify
from .words import ADD_WORDS, KEEP_WORDS, add_words, purge_words

__all__ = [
    "ADD_WORDS",
    "KEEP_WORDS",
    "BallotDraft",
    "BallotRecord",
    "add_points",
    "add_words",
    "answer",
    "cast",
    "cast_many",
    "import_ballots",
    "purge_words",
    "retire_point",
    "take_up",
    "verify",
]
