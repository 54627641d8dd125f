"""What the record of cases says of a unit over some time: limits missed, and cases that were not really over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..models import Clock, Recheck
from .charged import unit_at_due


def breaches_between(unit: Any, start: datetime, end: datetime) -> int:
    """Limits that fell due in [start, end) and were missed while the unit had the case."""
    rows = Clock.objects.filter(case__place=unit.place, breached_at__gte=start, breached_at__lt=end)
    return rows.annotate(charged=unit_at_due("case__")).filter(charged=unit.pk).count()


def false_closings_between(unit: Any, start: datetime, end: datetime) -> int:
    """Closed cases of the unit that were looked at again in [start, end) and found not to be over."""
    return Recheck.objects.filter(unit=unit, outcome="not-over", at__gte=start, at__lt=end).count()
