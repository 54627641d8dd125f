"""The screens, once a day after midnight over the thirty days before, and on demand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Lead

BY = "drive"


def screen(place: Any, last: date, *, now: datetime) -> list[Lead]:
    """Screen the thirty days up to `last`, which has ended, and keep what was found; the new leads."""
    found = queries.screened(queries.Window.up_to(place, last))
    return list(actions.keep_leads(place=place, found=found, by=BY, now=now) or ())
