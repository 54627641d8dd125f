"""Reading inspections: rounds and visits, what was found, what a round came to, and what visits took of units."""

from .reports import report_of, told
from .rounds import (
    check_visitor,
    finding,
    findings_of,
    name,
    narrowed,
    round_of,
    rounds,
    sees_all,
    spec_of,
    taken,
    to_open,
    visit,
    visits_of,
)

__all__ = [
    "check_visitor",
    "finding",
    "findings_of",
    "name",
    "narrowed",
    "report_of",
    "round_of",
    "rounds",
    "sees_all",
    "spec_of",
    "taken",
    "to_open",
    "told",
    "visit",
    "visits_of",
]
