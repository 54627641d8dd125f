"""Reading burden: what the drive took of units' time, by unit and week; asks beside the rule-book; months above."""

from .asks import answered, ask, asks, replies, replies_by_ask, reply_of, to_answer
from .meter import (
    Meter,
    Picks,
    Spent,
    UnitBurden,
    by_cause,
    excesses,
    meter,
    metered,
    of_unit,
    spent,
    total_by_unit,
)

__all__ = [
    "Meter",
    "Picks",
    "Spent",
    "UnitBurden",
    "answered",
    "ask",
    "asks",
    "by_cause",
    "excesses",
    "meter",
    "metered",
    "of_unit",
    "replies",
    "replies_by_ask",
    "reply_of",
    "spent",
    "to_answer",
    "total_by_unit",
]
