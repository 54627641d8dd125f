"""A project's light after an act: worked out anew, and told where it turned, so that rules hear of every turn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leitai.apps.ledger.actions import record

from .models import Project
from .rows import JUDGED, facts, judged, subject

FIRST = ("none", "green")  # with a project's first plan its light is lit; nothing has turned


def rejudged(
    row: Project, spec: Any, today: date, *, by: str, now: datetime, more: tuple[str, ...] = ()
) -> None:
    """Work the light out anew and save it, with the columns in `more`; a turn of it leaves its event."""
    before = row.light
    stands = judged(row, row.milestones.all(), row.delays.all(), spec, today)
    row.save(update_fields=[*more, *JUDGED])
    if row.light != before and (before, row.light) != FIRST:
        data = turned(row, before, stands)
        record(place=row.place, kind="project.light", by=by, now=now, subject=subject(row), data=data)


def turned(row: Project, before: str, stands: Any) -> dict[str, Any]:
    """What the event of a turn tells: how the project stands now, what its light was, and the days by cause."""
    return facts(row) | {"project.was": before, "cause": dict(stands.worst.by) if stands.worst else {}}
