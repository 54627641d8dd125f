"""What the drive looks for in every round: pauses that are over, provisional due times."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ..models import Case, Clock


def pauses_over(place: Any, now: datetime) -> QuerySet[Case]:
    """Cases whose pause has come to its end, the first first."""
    return Case.objects.filter(place=place, paused_until__lte=now).order_by("paused_until")


def provisional(place: Any) -> QuerySet[Clock]:
    """Running clocks whose due time rests on days that were not announced when it was set."""
    rows = Clock.objects.filter(
        case__place=place, provisional=True, met_at__isnull=True, void_at__isnull=True
    )
    return rows.select_related("case__place").order_by("id")
