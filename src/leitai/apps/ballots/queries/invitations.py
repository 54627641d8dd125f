"""Reading the second channel: which invitations are due, whom they go to, and what each channel says of a unit."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from ..keys import unseal
from ..models import Invitation, ServiceRecord


def drawn_on(place: Any, day: date) -> bool:
    """Whether somebody was drawn on a day of the place."""
    start = datetime.combine(day, time(0), place.zone)
    return Invitation.objects.filter(place=place, drawn_at__gte=start).exists()


def invitations_due(place: Any, now: datetime, limit: int) -> list[Invitation]:
    """Invitations to be sent now, the oldest first."""
    rows = Invitation.objects.filter(place=place, sent_at__isnull=True, next_try_at__lte=now)
    return list(rows.select_related("record", "ticket__point").order_by("next_try_at", "pk")[:limit])


def contact(record: ServiceRecord) -> str:
    """Whom a record brings as a contact, or an empty text once that is deleted."""
    return str(unseal(record.contact)) if record.contact is not None else ""
