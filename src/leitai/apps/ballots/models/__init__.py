"""Rows of verdicts: where they are given, what was said, what became of each, and the count."""

from .ballots import Ballot, Standing, Tally, Words
from .points import Channel, Kind, Oddity, Point, Stray, Ticket
from .records import Invitation, ServiceRecord
from .screens import Lead, LeadState, SealedDay
from .verification import Ask, CallBack, Outcome, Review

__all__ = [
    "Ask",
    "Ballot",
    "CallBack",
    "Channel",
    "Invitation",
    "Kind",
    "Lead",
    "LeadState",
    "Oddity",
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
