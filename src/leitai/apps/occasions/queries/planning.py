"""Reading occasions: what is coming, what was, what the rule-book says of one and who comes to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, Text
from leitai.rules.regime.model import OccasionSpec

from ..models import Occasion, OccasionState

_OVER = (OccasionState.HELD, OccasionState.CANCELLED)


def coming(place: Any, now: datetime, days: int = 60) -> list[Occasion]:
    """Occasions neither held nor cancelled, the next first."""
    rows = Occasion.objects.filter(place=place, at__lt=now + timedelta(days=days))
    return list(rows.exclude(state__in=_OVER).order_by("at"))


def month(place: Any, year: int, month: int) -> list[Occasion]:
    """The occasions of a month of the place's calendar."""
    start, end = Period.containing("month", date(year, month, 1)).bounds(place.zone)
    return span(place, start, end)


def span(place: Any, start: datetime, end: datetime) -> list[Occasion]:
    """The occasions held in [start, end), also the cancelled ones, in order."""
    return list(Occasion.objects.filter(place=place, at__gte=start, at__lt=end).order_by("at", "pk"))


def occasion(place: Any, number: int) -> Occasion | None:
    """An occasion by its number."""
    return Occasion.objects.filter(place=place, pk=number).select_related("place").first()


def spec_of(row: Occasion) -> OccasionSpec | None:
    """What the rule-book of its day says of an occasion; None where it does not have it any more."""
    return regimes.regime_on(row.place, row.at.astimezone(row.place.zone).date()).cadence.get(row.key)


def name(row: Occasion) -> Text:
    """What the rule-book of its day calls it."""
    spec = spec_of(row)
    return spec.name if spec else Text(en=row.key)


def at_hand(place: Any, rows: Iterable[Any]) -> list[Any]:
    """Rows of a place that have an occasion, sharing the place's row: its rule-books are read once for all of them."""
    found = list(rows)
    for row in found:
        row.occasion.place = place
    return found


def comers(row: Occasion) -> list[Any]:
    """The units that come, by key; none where the rule-book does not say."""
    spec = spec_of(row)
    return people.picked(row.place, spec.comes) if spec is not None and spec.comes is not None else []


def concerned(row: Occasion) -> list[str]:
    """The keys of the units that come to an occasion or make something ready for it."""
    asked = row.preparations.filter(unit__isnull=False).values_list("unit__key", flat=True)
    return sorted({unit.key for unit in comers(row)} | set(asked))


def comes(row: Occasion, unit: Any) -> bool:
    """Whether a unit comes to an occasion."""
    spec = spec_of(row)
    return spec is not None and spec.comes is not None and people.is_picked(unit, spec.comes)
