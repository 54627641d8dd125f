"""What the door knows of ballots: which codes are worth a look at the database, and casting many at once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.actions import BallotDraft
from leitai.apps.ballots.origin import origin_of
from leitai.apps.people import queries as people
from leitai.rules.ballots import Code, Visit
from leitai.rules.kernel import Finding

BY = "anyone"
FRESH = timedelta(seconds=1)
MOST_SPOTS = 5000
log = logging.getLogger("leitai.intake")


class Slip(NamedTuple):
    """What a citizen handed in: the code or ticket as read, a grade's key, the form's idempotency key, where from.

    `address` and `agent`, the client's address and what its browser calls itself, are only made into digests.
    """

    code: Code | Visit
    grade: str
    once: str
    address: str = ""
    agent: str = ""


class Strays(NamedTuple):
    """Codes that were scanned and refused, as they were read; to be told to the house."""

    codes: tuple[str, ...]


# A code on a wall is scanned again and again: those seen lately need not be read anew.
_read = lru_cache(maxsize=1 << 14)(queries.read)


def check(code: str, grade: str, once: str, address: str = "", agent: str = "") -> Slip | Finding:
    """A slip whose code this house has signed. Touches no database: a flood of made-up codes costs little."""
    read = _read(code)
    return read if isinstance(read, Finding) else Slip(read, grade, once, address, agent)


class Desk:
    """Casts slips together, over one connection that is kept; for one thread.

    Points, places and their rule-books are read anew every second: so long may a code that was taken down still be
    taken. Tickets, and what was cast before, are looked up each time.
    """

    def __init__(self) -> None:
        self._spots: dict[int, queries.Spot] = {}
        self._places: dict[int, Any] = {}
        self._read_at = datetime.min.replace(tzinfo=UTC)

    def write(self, items: Sequence[Slip | Strays]) -> list[str | Finding | None]:
        """For each slip, in order, its receipt, or why not; for strays nothing. Durable when it returns."""
        clock = timezone.now()
        slips = [one for one in items if isinstance(one, Slip)]
        try:
            outcomes = iter(self._write(slips, clock))
        except Exception:
            connection.close()  # whatever is wrong with it, the next batch has a new one
            raise
        for one in items:
            if isinstance(one, Strays):
                self._note(one.codes, clock)
        return [next(outcomes) if isinstance(one, Slip) else None for one in items]

    def _note(self, codes: Iterable[str], clock: datetime) -> None:
        """Tell the house of refused codes. Where that fails, no ballot does."""
        try:
            scans = [queries.scanned(code) for code in codes]
            actions.note_strays(scans=[one for one in scans if one.finding is not None], by=BY, now=clock)
        except Exception:
            log.exception("refused codes could not be noted")
            connection.close()

    def _write(self, slips: list[Slip], clock: datetime) -> list[str | Finding]:
        self._refresh({slip.code.point for slip in slips}, clock)
        outcomes: list[str | Finding | None] = [None] * len(slips)
        groups: dict[int, list[tuple[int, Slip, queries.Spot]]] = defaultdict(list)
        for index, slip in enumerate(slips):
            spot = queries.in_use(slip.code, self._spots.get(slip.code.point))
            if isinstance(spot, Finding):
                outcomes[index] = spot
            else:
                groups[spot.place].append((index, slip, spot))
        for key, group in groups.items():
            place = self._places[key]
            now = place.now(clock)
            day = now.astimezone(place.zone).date()
            drafts = []
            for _, slip, spot in group:
                serial = slip.code.serial if type(slip.code) is Visit else None
                network, device = origin_of(slip.address, slip.agent, day)
                drafts.append(
                    BallotDraft(
                        spot.unit, slip.grade, slip.once, spot, "standing", serial, None, network, device
                    )
                )
            found = actions.cast_many(place=place, drafts=drafts, by=BY, now=now)
            for (index, _, _), outcome in zip(group, found, strict=True):
                outcomes[index] = outcome
        return [outcome for outcome in outcomes if outcome is not None]

    def _refresh(self, points: set[int], clock: datetime) -> None:
        """Know these points and their places, none for more than a second."""
        if not self._read_at <= clock < self._read_at + FRESH:
            busy = len(self._spots) <= MOST_SPOTS  # those of a moment ago will be wanted again
            self._spots = queries.spots(self._spots.keys() | points) if busy else {}
            self._places, self._read_at = {}, clock
        if missing := points - self._spots.keys():
            self._spots |= queries.spots(missing)
        places = {self._spots[one].place for one in points if one in self._spots}
        if missing := places - self._places.keys():
            self._places |= people.by_number(missing)
