"""The tile of verdicts: today's, and the week's share with its interval, since a day's few say little."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from leitai.apps.ballots import queries as ballots

from .said import Said

LATE = timedelta(days=2)  # a bad verdict that waits longer for its call-back is named
FIRST = 2


def said(place: Any, now: datetime) -> Said:
    """Verdicts of the day and of seven days; bad ones that nobody has called back about."""
    today = now.astimezone(place.zone).date()
    waiting = ballots.waiting(place)
    old = waiting.filter(cast_at__lt=now - LATE)
    body = {
        "today": ballots.totals(place, today, today),
        "week": ballots.totals(place, today - timedelta(days=6), today),
        "waiting": waiting.count(),
        "old": old.count(),
        "upheld": ballots.upheld(place, now - timedelta(days=30), now, limit=FIRST),
    }
    late = (_("call-backs of the supervision office"),) if body["old"] else ()
    return Said(now, _("the log of verdicts"), late, "", body)
