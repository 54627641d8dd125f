"""Writing calendar links: a new one for an account, with which the old one ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record


@action("calendar.link_renewed")
def renew_calendar_link(*, place: Any, account: Any, by: str, now: datetime) -> None:
    """Give an account a new link to its own calendar of a place; the old one ends at once."""
    record(
        place=place, kind="calendar.link_renewed", by=by, now=now, subject=f"account:{account.pk}", data={}
    )
