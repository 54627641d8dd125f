"""The screens, once a day after midnight over the thirty days before, and on demand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Lead

BY = "drive"


def screen(place: Any, last: date, *, now: datetime) -> list[Lead]:
    """Screen the thirty days up to `last`, which has ended, and keep what was found; the new leads."""
    found = queries.screened(queries.Window.up_to(place, last))
    return list(actions.keep_leads(place=place, found=found, by=BY, now=now) or ())


class Daily:
    """Remembers for which day each place was screened, so that the worker does it once a day while it runs.

    A worker that starts anew screens again, which finds nothing new: a lead is kept once.
    """

    def __init__(self) -> None:
        self._done: dict[int, date] = {}

    def screen(self, place: Any, *, now: datetime) -> int:
        """Screen a place up to yesterday unless that was done; how many leads were new."""
        last = now.astimezone(place.zone).date() - timedelta(days=1)
        if self._done.get(place.pk) == last:
            return 0
        found = screen(place, last, now=now)
        self._done[place.pk] = last
        return len(found)
