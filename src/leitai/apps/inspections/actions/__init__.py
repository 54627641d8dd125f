"""Writing inspections: rounds and their visits, what was found, what the unit says, the report."""

from .rounds import close_round, drop_visit, open_round, shift_visit
from .visits import begin_visit, end_visit, find, note, reply

__all__ = [
    "begin_visit",
    "close_round",
    "drop_visit",
    "end_visit",
    "find",
    "note",
    "open_round",
    "reply",
    "shift_visit",
]
