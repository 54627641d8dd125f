"""Points where verdicts are given: added, their codes taken down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce

from leitai.apps.ledger.actions import UNCHANGED, action, record

from ..models import Point


@action("points.added")
def add_points(*, place: Any, units: Sequence[Any], by: str, now: datetime) -> list[Point]:
    """One verdict point for each of these units that has none yet."""
    have = set(Point.objects.filter(place=place).values_list("unit_id", flat=True))
    fresh = [unit for unit in units if unit.pk not in have]
    if not fresh:
        return UNCHANGED
    first = Point.objects.aggregate(top=Coalesce(Max("number"), 0))["top"] + 1
    rows = Point.objects.bulk_create(
        [
            Point(place=place, unit=unit, number=number, name_zh=unit.name_zh, name_en=unit.name_en)
            for number, unit in enumerate(fresh, first)
        ],
        batch_size=1000,
    )
    record(
        place=place,
        kind="points.added",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": len(rows), "first": first},
    )
    return rows


@action("point.retired")
def retire_point(*, point: Point, by: str, now: datetime) -> Point:
    """Take a code down: whoever scans it from now on is told so."""
    if point.retired_at is not None:
        return UNCHANGED
    point.retired_at = now
    point.save()
    record(place=point.place, kind="point.retired", by=by, now=now, subject=f"point:{point.number}", data={})
    return point
