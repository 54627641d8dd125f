"""When the drive has something to do next: what a clock that jumps must not jump over.

A worker need not ask: it looks twice a second. Who plays a year at speed does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q

from leitai.apps.casework.models import Case, Clock
from leitai.apps.contests.models import Contest
from leitai.apps.merits.models import Proposal
from leitai.apps.occasions.models import Occasion, OccasionState, Preparation
from leitai.apps.occasions.openings import opens_at

AHEAD = timedelta(days=45)  # further ahead than any occasion opens


def next_due(place: Any, after: datetime) -> datetime | None:
    """The first instant after `after` at which a clock, an occasion, a preparation, a file or a contest is due."""
    clocks = Clock.objects.filter(case__place=place, next_at__gt=after)
    pauses = Case.objects.filter(place=place, paused_until__gt=after)
    ready = Preparation.objects.filter(occasion__place=place, done_at__isnull=True, due__gte=after)
    over = Proposal.objects.filter(place=place, told_over_at__isnull=True, expires_at__gt=after)
    found = [
        clocks.aggregate(first=Min("next_at"))["first"],
        pauses.aggregate(first=Min("paused_until"))["first"],
        _just_after(ready.aggregate(first=Min("due"))["first"]),
        over.aggregate(first=Min("expires_at"))["first"],
        *_meetings(place, after),
        *_contests(place, after),
    ]
    return min((one for one in found if one is not None), default=None)


def _just_after(due: datetime | None) -> datetime | None:
    """When what is due at an instant is missed: at that instant it is in time."""
    return due + timedelta(seconds=1) if due is not None else None


def _meetings(place: Any, after: datetime) -> list[datetime]:
    """When the occasions to come open and fall due."""
    rows = Occasion.objects.filter(
        Q(state=OccasionState.PLANNED) | Q(state=OccasionState.OPEN),
        place=place,
        at__gt=after,
        at__lte=after + AHEAD,
    )
    found = []
    for row in rows.order_by("at"):
        row.place = place  # whose rule-books are at hand
        opens = opens_at(row) if row.state == OccasionState.PLANNED else None
        found += [one for one in (opens, row.at) if one is not None and one > after]
    return found


def _contests(place: Any, after: datetime) -> list[datetime]:
    rows = Contest.objects.filter(place=place, closed_at__isnull=True)
    times = rows.values_list("nominations_until", "notice_until", "vote_until")
    return [one for row in times for one in row if one > after]
