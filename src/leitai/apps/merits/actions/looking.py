"""That somebody looked at an official's record is itself on record, for the one looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record


@action("official.looked")
def look(*, official: Any, by: str, now: datetime) -> Any:
    """Leave behind that somebody opened an official's record."""
    record(place=official.place, kind="official.looked", by=by, now=now, subject=f"official:{official.key}")
    return official
