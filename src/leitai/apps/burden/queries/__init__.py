"""Reading burden: what the drive took of units' time, by unit and week; asks beside the rule-book; months above."""

from .asks import ask, asks, replies, replies_by_ask, reply_of, to_answer
from .meter import (
    Meter,
    Spent,
    UnitBurden,
    by_cause,
    excesses,
    meter,
    of_unit,
    spent,
    total_by_unit,
)

__all__ = [
    "Meter",
    "Spent",
    "UnitBurden",
    "ask",
    "asks",
    "by_cause",
    "excesses",
    "meter",
    "of_unit",
    "replies",
    "replies_by_ask",
    "reply_of",
    "spent",
    "to_answer",
    "total_by_unit",
]
