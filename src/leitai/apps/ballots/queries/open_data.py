"""What is published of verdicts for anyone to use: counts by month, and nothing of a single one.

A month is given out once it is over. Counts of a running month, fetched every evening and subtracted, would be
counts of a day; and a day's only verdict at a small window is somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Min, Sum

from leitai.rules.kernel import Period

from ..models import Tally


class Count(NamedTuple):
    """How many verdicts of a month were given on a unit through a channel, of one grade and standing."""

    month: str
    unit: str
    unit_name_zh: str
    unit_name_en: str
    channel: str
    grade: str
    bad: bool
    standing: str
    n: int


def open_months(place: Any, today: date, first: Period | None, last: Period | None) -> list[Period]:
    """The months from `first` to `last`, both included, that are over and not before the first verdict.

    None: as far as there is anything. `today` is in the place's zone.
    """
    begun: date | None = Tally.objects.filter(place=place).aggregate(day=Min("day"))["day"]
    over = Period.containing("month", today).previous()
    if begun is None:
        return []
    earliest = Period.containing("month", begun)
    month = max(first, earliest) if first is not None else earliest
    end = min(last, over) if last is not None else over
    found = []
    while month <= end:
        found.append(month)
        month = month.next()
    return found


def open_counts(place: Any, month: Period) -> Iterator[Count]:
    """The counts of a month, in the order of their columns; streamed."""
    columns = ("unit__key", "unit__name_zh", "unit__name_en", "channel", "grade", "bad", "standing")
    rows = Tally.objects.filter(place=place, day__gte=month.first, day__lte=month.last, n__gt=0)
    found = rows.values_list(*columns).annotate(total=Sum("n")).order_by(*columns)
    for row in found.iterator(chunk_size=5000):
        yield Count(month.key, *row)
