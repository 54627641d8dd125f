"""Reading tickets: whether one was used, never what was said with it."""

from __future__ import annotations

from typing import Any

from ..models import Ticket


def ticket(place: Any, channel: str, ref: str) -> Ticket | None:
    """The ticket of a service's own reference, with its point and the point's unit."""
    rows = Ticket.objects.filter(place=place, channel=channel, ref=ref)
    return rows.select_related("point__unit").first()
