"""Reading occasions: what is coming, what was, a month at a glance."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, Text

from .models import Occasion, OccasionState


def coming(place: Any, now: datetime, days: int = 60) -> list[Occasion]:
    """Occasions not yet held, the next first."""
    rows = Occasion.objects.filter(place=place, at__lt=now + timedelta(days=days))
    return list(rows.exclude(state=OccasionState.HELD).order_by("at"))


def month(place: Any, year: int, month: int) -> list[Occasion]:
    """The occasions of a month of the place's calendar."""
    start, end = Period.containing("month", date(year, month, 1)).bounds(place.zone)
    return list(Occasion.objects.filter(place=place, at__gte=start, at__lt=end).order_by("at"))


def occasion(place: Any, number: int) -> Occasion | None:
    """An occasion by its number."""
    return Occasion.objects.filter(place=place, pk=number).select_related("place").first()


def name(row: Occasion) -> Text:
    """What the rule-book of its day calls it."""
    spec = regimes.regime_on(row.place, row.at.astimezone(row.place.zone).date()).cadence.get(row.key)
    return spec.name if spec else Text(en=row.key)
