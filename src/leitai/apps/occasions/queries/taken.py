"""Reading what occasions took of units' time: meetings that were held, what was prepared for them, what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..models import Occasion, OccasionState, Preparation, Statement
from .planning import at_hand


def begun(place: Any, start: datetime, end: datetime) -> list[Occasion]:
    """The occasions that were to begin in [start, end) and were not cancelled, in order."""
    rows = Occasion.objects.filter(place=place, at__gte=start, at__lt=end)
    return list(rows.exclude(state=OccasionState.CANCELLED).order_by("at", "pk"))


def prepared(place: Any, start: datetime, end: datetime, unit: Any | None = None) -> list[Preparation]:
    """What units handed in in [start, end) for occasions; of one unit where it is given."""
    rows = Preparation.objects.filter(
        occasion__place=place, unit__isnull=False, done_at__gte=start, done_at__lt=end
    )
    rows = rows if unit is None else rows.filter(unit=unit)
    return at_hand(place, rows.select_related("occasion").order_by("done_at", "pk"))


def stated(place: Any, start: datetime, end: datetime, unit: Any | None = None) -> list[Statement]:
    """The statements that units gave in [start, end); of one unit where it is given."""
    rows = Statement.objects.filter(occasion__place=place, given_at__gte=start, given_at__lt=end)
    rows = rows if unit is None else rows.filter(unit=unit)
    return at_hand(place, rows.select_related("occasion").order_by("given_at", "pk"))
