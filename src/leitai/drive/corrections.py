"""A verdict that is set aside, or brought back, is taken out of every published table that used it, or put back.

The correction is a new edition that says why; the one before stays, and pages point from it to the new one. A
table that weighs another table follows that one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ballots import queries as ballots
from leitai.apps.ledger.models import Event
from leitai.apps.tables import actions as tables
from leitai.apps.tables import queries as table_rows

CORRECTING = frozenset({"ballot.set_aside", "ballot.reinstated"})


def correct_tables(place: Any, event: Event, now: datetime, *, by: str) -> bool:
    """Corrects the tables that used the verdict an event is about; whether any came out other."""
    ballot = ballots.by_subject(place, event.subject)
    if ballot is None:
        return False
    day = ballot.cast_at.astimezone(place.zone).date()
    with translation.override(place.language):
        aside = _("A verdict of %(day)s was set aside; it counts no longer.")
        back = _("A verdict of %(day)s counts again: the citizen's objection was granted.")
        why = (aside if event.kind == "ballot.set_aside" else back) % {"day": day.isoformat()}
    cause = f"event:{event.seq}/correction"
    waiting = table_rows.counting(place, day)
    done = False
    while waiting:
        table, columns = waiting.pop(0)
        row = tables.correct(table=table, columns=columns, why=why, cause=cause, by=by, now=now)
        if row:
            done = True
            waiting += [(one, [row.arena]) for one in table_rows.weighing(row)]
    return done
