"""Whose hands a case was in, and for how long: every second is charged to exactly one holder.

A case that goes to and fro between units is late and nobody was slow; so the time is charged where the case lay, and
how often it came back is counted too.

    09:00 office · 10:00 roads · 14:00 water · 15:00 roads · 18:00 closed
    office 1 h, roads 7 h, water 1 h; it came back once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

UNIT = "unit:"


@dataclass(frozen=True, slots=True)
class Hold:
    """From `at` on `holder` holds the case: a unit as "unit:roads", everybody else by their role ("office")."""

    at: datetime
    holder: str


def hands(holds: Sequence[Hold], end: datetime) -> dict[str, int]:
    """Seconds in each holder's hands until `end`, in the order in which they first had it.

    They sum exactly to the whole seconds from the first hold to `end`. Raises ValueError where the holds are not in
    order, or go on after `end`.
    """
    instants = [*(hold.at for hold in holds), end]
    if any(later < earlier for earlier, later in pairwise(instants)):
        raise ValueError("holds must be in order, and end after the last")
    found: dict[str, int] = {}
    charged = 0
    for hold, until in zip(holds, instants[1:], strict=True):
        # Whole seconds of the running total, so that holds that change within a second still add up.
        total = (until - instants[0]) // timedelta(seconds=1)
        found[hold.holder] = found.get(hold.holder, 0) + total - charged
        charged = total
    return found


def passes(holds: Sequence[Hold]) -> int:
    """How often the case came back to a holder that had had it and had let it go: the count of its ping-pong."""
    had: set[str] = set()
    count, now = 0, ""
    for hold in holds:
        if hold.holder != now:
            count += hold.holder in had
            now = hold.holder
            had.add(now)
    return count
