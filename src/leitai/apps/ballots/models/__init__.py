"""Rows of verdicts: where they are given, what was said, what became of each, and the count."""

from .ballots import Ballot, Standing, Tally, Words
from .points import Point, Stray, Ticket
from .records import Invitation, ServiceRecord
from .screens import Lead, SealedDay
from .verification import CallBack, Outcome, Review

__all__ = [
    "Ballot",
    "CallBack",
    "Invitation",
    "Lead",
    "Outcome",
    "Point",
    "Review",
    "SealedDay",
    "ServiceRecord",
    "Standing",
    "Stray",
    "Tally",
    "Ticket",
    "Words",
]
