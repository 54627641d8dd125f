"""What people type into the forms of this room, made fit to be kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

# Neither a database nor a spreadsheet takes them, and no keyboard gives them; a new line and a tab stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text: str, longest: int = 5000) -> str:
    """A text without control characters and outer blanks, cut to a length."""
    return _CONTROLS.sub("", text).strip()[:longest]


def local_time(place: Any, typed: str) -> datetime:
    """A time of the place as a box for times gives it ("2022-03-04T09:30"), in UTC. Raises Refused."""
    try:
        found = datetime.fromisoformat(plain(typed, 40))
        return found.replace(tzinfo=found.tzinfo or place.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse("bad-time", N_("Write a time as 2022-03-04 09:30.")) from None
