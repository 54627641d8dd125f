"""Writing calendars down as they stand, so that what was reckoned by them can be reckoned again after any change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.rules.ledger import canonical, digest
from leitai.rules.worktime import Calendar, freeze

from .models import CalendarPin


@action("calendar.pinned")
def pin(*, place: Any, calendar: Calendar, by: str, now: datetime) -> Any:
    """Write a calendar down as it stands, once for each of its versions, before a clock is set by it.

    The ledger keeps the digest of what was written, so that a pin that was edited shows.
    """
    name = {"place": place, "key": calendar.key, "version": calendar.version}
    if CalendarPin.objects.filter(**name).exists():
        return UNCHANGED
    said = freeze(calendar)
    row, new = CalendarPin.objects.get_or_create(**name, defaults={"said": said, "pinned_at": now})
    if not new:
        return UNCHANGED
    record(
        place=place,
        kind="calendar.pinned",
        by=by,
        now=now,
        subject=f"calendar:{calendar.key}",
        data={"version": calendar.version, "digest": digest(canonical(said))},
    )
    return row
