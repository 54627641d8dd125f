"""A day that was sealed as a file is remembered with its digest, so that another file in its place is found out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record

from ..models import SealedDay


@action("day.sealed")
def record_sealed_day(
    *,
    place: Any,
    day: date,
    rows: int,
    first: int,
    size: int,
    root: str,
    digest: str,
    file: str,
    by: str,
    now: datetime,
) -> SealedDay:
    """Remember a sealed day; one that was remembered already stays as it is."""
    if SealedDay.objects.filter(place=place, day=day).exists():
        return UNCHANGED
    row = SealedDay.objects.create(
        place=place,
        day=day,
        rows=rows,
        first=first,
        size=size,
        root=root,
        digest=digest,
        file=file,
        sealed_at=now,
    )
    record(
        place=place,
        kind="day.sealed",
        by=by,
        now=now,
        subject=f"day:{day.isoformat()}",
        data={"rows": rows, "first": first, "size": size, "root": root, "digest": digest},
    )
    return row
