"""When a month or a quarter is over: some of the cases closed in it are drawn, to be looked at again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.casework import actions, queries

BY = "drive"


def draw_due(place: Any, *, now: datetime) -> int:
    """Draw what the rule-book wants looked at of the periods that ended last, once each; how many cases."""
    drawn = 0
    for period in queries.rechecks_due(place, now):
        drawn += len(actions.draw_rechecks(place=place, period=period, by=BY, now=now) or ())
    return drawn
