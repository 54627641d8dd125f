"""What people type into the forms of this room, made fit to be kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.ui.typed import plain


def local_time(place: Any, typed: str) -> datetime:
    """A time of the place as a box for times gives it ("2022-03-04T09:30"), in UTC. Raises Refused."""
    try:
        found = datetime.fromisoformat(plain(typed, 40))
        return found.replace(tzinfo=found.tzinfo or place.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse("bad-time", N_("Write a time as 2022-03-04 09:30.")) from None
