"""What follows for contests: called by an occasion, records asked when nominations end, counted, honours proposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.contests import actions, queries
from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions as merits
from leitai.apps.occasions import queries as occasions
from leitai.rules.kernel import Period

BY = "drive"


def call_contests(place: Any, event: Event, now: datetime) -> bool:
    """The contests that an occasion calls when it falls due, or is held first; each for the year it is called in."""
    row = occasions.occasion(place, int(event.subject.partition(":")[2]))
    spec = occasions.spec_of(row) if row is not None else None
    if row is None or spec is None:
        return False
    year = Period.containing("year", row.at.astimezone(place.zone).date()).key
    called = [
        actions.call(place=place, key=key, period=year, at=row.at, cause=f"event:{event.seq}", by=BY, now=now)
        for key in spec.contests
    ]
    return any(called)


def run_contests(place: Any, now: datetime) -> int:
    """Ask the records of contests whose nominations are over, and count those whose vote is. Returns how many."""
    done = 0
    for row in queries.at_an_end(place, now):
        if row.checked_at is None:
            done += bool(actions.check_records(contest=row, by=BY, now=now))
        elif queries.stage(row, now) == "count":
            done += bool(actions.close(contest=row, by=BY, now=now))
    return done


def honour(place: Any, event: Event, now: datetime) -> bool:
    """The honour of a contest, proposed for who was elected: its public notice and its decision follow as for any."""
    row = queries.nomination(place, int(event.subject.partition(":")[2]))
    if row is None:
        return False
    spec = queries.spec_of(row.contest)
    with translation.override(place.language):
        reason = _("Elected in “%(contest)s” with %(votes)s votes") % {
            "contest": row.contest.title,
            "votes": row.votes,
        }
    merits.propose(
        place=place,
        unit=row.unit,
        official=row.official,
        merit=spec.merit,
        target="official" if row.official is not None else "unit",
        rule=spec.source or row.contest.title,
        reason=reason,
        evidence=f"event:{event.seq}/contest",
        links=[
            f"contest:{row.contest_id}",
            f"nomination:{row.pk}",
            *(one.subject for one in row.exhibits.all()),
        ],
        at=event.at,
        by=BY,
        now=now,
    )
    return True
