"""A correction of what bulletins rest on marks them: a later edition, a verdict set aside, a case that came back.

What was issued stays as it was; the mark says on its page, in lists and on every copy drawn later what was corrected.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.bulletins import actions, queries
from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event
from leitai.apps.tables import queries as tables
from leitai.ui import words

BY = "drive"


def table_corrected(place: Any, event: Event, now: datetime) -> bool:
    """An edition was corrected: what rests on those before it says so."""
    row = tables.table(place, int(event.subject.partition(":")[2]))
    if row is None:
        return False
    older = [f"table:{one.pk}" for one in tables.editions(row) if one.edition < row.edition]
    with translation.override(place.language):
        said = _("Edition %(edition)s of %(arena)s, %(period)s was published. %(why)s")
        arena = tables.view(row).name.show(place.language)
        values = {"edition": row.edition, "arena": arena, "period": words.period(row.period), "why": row.why}
        why = said % values
    return _mark(place, older, why, event, now)


def verdict_aside(place: Any, event: Event, now: datetime) -> bool:
    """A verdict was set aside: what rests on it is founded no more."""
    with translation.override(place.language):
        why = _("The verdict it rests on was set aside.")
    return _mark(place, [event.subject], why, event, now)


def verdict_back(place: Any, event: Event, now: datetime) -> bool:
    """A verdict that was set aside counts again."""
    with translation.override(place.language):
        why = _("The verdict it rests on was brought back.")
    return _mark(place, [event.subject], why, event, now)


def case_changed(place: Any, event: Event, now: datetime) -> bool:
    """A case came back, or was set aside after all."""
    case = cases.case(place, event.subject.partition(":")[2])
    if case is None or (event.kind == "case.closed" and case.state != "set-aside"):
        return False
    with translation.override(place.language):
        why = _("The matter it tells of came back.")
        if event.kind == "case.closed":
            why = _("The case it rests on was set aside.")
    return _mark(place, [event.subject], why, event, now)


def _mark(place: Any, subjects: Collection[str], why: str, event: Event, now: datetime) -> bool:
    cause = f"event:{event.seq}/correction"
    found = queries.resting_on(place, subjects) if subjects else []
    marked = [actions.mark(bulletin=row, why=why, cause=cause, by=BY, now=now) for row in found]
    return any(marked)
