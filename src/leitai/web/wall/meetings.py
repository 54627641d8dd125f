"""The tiles of what is on today and next, and of promises by their day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from leitai.apps.occasions import queries as occasions

from .said import Said

AHEAD = 31  # days
SOON = timedelta(days=3)
NEXT, FIRST, READ = 5, 7, 60


def occasions_said(place: Any, now: datetime) -> Said:
    """The occasions of today, then the next ones; how far they are made ready."""
    zone = place.zone
    today = now.astimezone(zone).date()
    start = datetime.combine(today, time(), zone)
    rows = [
        one for one in occasions.span(place, start, now + timedelta(days=AHEAD)) if one.state != "cancelled"
    ]
    tonight = [one for one in rows if one.at.astimezone(zone).date() == today]
    shown = (tonight + [one for one in rows if one not in tonight])[:NEXT]
    for one in shown:
        one.place = place  # known already; its name is then found without asking for it again
    ready = occasions.readiness(shown)
    missing = list(occasions.missed(place, 1)[:READ])
    late = tuple(one.unit.name if one.unit else _("the supervision office") for one in missing)
    lines = [
        {"row": one, "name": occasions.name(one), "today": one in tonight, "ready": ready.get(one.pk)}
        for one in shown
    ]
    return Said(now, _("the calendar"), late, "", {"lines": lines})


def promises_said(place: Any, now: datetime) -> Said:
    """Promises that are not tested yet, by day, with a light."""
    today = now.astimezone(place.zone).date()
    rows = [one for one in occasions.all_commitments(place, limit=READ) if not one.verdict]
    lines = [
        {
            "row": one,
            "light": "red" if one.due < today else "yellow" if one.due <= today + SOON else "green",
        }
        for one in rows[:FIRST]
    ]
    late = tuple(one.unit.name for one in rows if one.due < today)
    body = {"lines": lines, "n": len(rows), "many": len(rows) == READ, "late": len(late)}
    return Said(now, _("minutes of the meetings"), late, "", body)
