"""What is done once a day for each place, after its midnight: screening, and whatever else the worker was given.

A worker that starts anew does the day's work again, so a job must come to the same when it is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from leitai.apps.burden import actions as burden
from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import Refused
from leitai.rules.kernel import Period

from .screening import screen

BY = "drive"
MONTHS_BACK = 3  # a worker that was dead for as long tells of them when it is back
Job = Callable[[Any, datetime], object]


def screen_yesterday(place: Any, now: datetime) -> object:
    """Screen the thirty days up to yesterday."""
    return screen(place, _yesterday(place, now), now=now)


def learn(place: Any, now: datetime) -> object:
    """Learn from the place's own dispatches which unit a matter goes to, once there are enough of them."""
    try:
        return casework.learn(place=place, by=BY, now=now)
    except Refused:
        return None


def settle_due_times(place: Any, now: datetime) -> object:
    """Reckon provisional due times again, where the year that they rest on has been announced."""
    return [casework.repin_clock(row=row, by=BY, now=now) for row in cases.provisional(place)]


def tell_excess(place: Any, now: datetime, but: Container[tuple[int, str]] = ()) -> list[tuple[int, str]]:
    """Tell of months above the ceiling of burden, of the last three that are over; none from before the place was.

    Answers the months that were looked at, by place; those in `but` are not looked at.
    """
    started = ledger.told(place, "place.added").first()
    month = Period.containing("month", now.astimezone(place.zone).date())
    found = []
    for _ in range(MONTHS_BACK):
        month = month.previous()
        key = (place.pk, month.key)
        if started is None or month.first < started.at.astimezone(place.zone).date() or key in but:
            continue
        burden.tell_excess(place=place, month=month, by=BY, now=now)
        found.append(key)
    return found


class Excess:
    """`tell_excess` for as long as a worker lives: what a month that is over took does not change any more."""

    def __init__(self) -> None:
        self._done: set[tuple[int, str]] = set()

    def __call__(self, place: Any, now: datetime) -> object:
        """Look at the months that this worker has not looked at."""
        self._done.update(tell_excess(place, now, self._done))
        return None


class Daily:
    """Remembers for which day each place's work was done."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._done: dict[int, date] = {}

    def work(self, place: Any, *, now: datetime) -> bool:
        """Do a place's work for the day that has ended, unless that was done; whether it was done now."""
        last = _yesterday(place, now)
        if self._done.get(place.pk) == last:
            return False
        for job in self._jobs:
            job(place, now)
        self._done[place.pk] = last
        return True


def _yesterday(place: Any, now: datetime) -> date:
    return now.astimezone(place.zone).date() - timedelta(days=1)
