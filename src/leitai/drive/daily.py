"""What is done once a day for each place, after its midnight: screening, and whatever else the worker was given.

A worker that starts anew does the day's work again, so a job must come to the same when it is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.ledger.errors import Refused

from .screening import screen

BY = "drive"
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
