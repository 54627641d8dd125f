"""One unit's verdicts looked into: day by day at each point, what the bad ones were about, how soon they were answered.

For those who answer for the unit and for the office. Days, never instants, and no words: nobody who works there
can tell from it who said what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Sum

from ..models import Ballot, Point, Standing, Tally, Words
from .ballots import road

ANSWERED = 40  # of the newest answered verdicts; each is looked up in the ledger


@dataclass(frozen=True)
class DayRow:
    """Verdicts of one grade, at a point (its number, 0: none) through a channel, day by day; all given."""

    point: int
    channel: str
    grade: str
    bad: bool
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class BadDay:
    """So many bad verdicts alike of one day."""

    day: date
    point: int
    channel: str
    grade: str
    standing: str
    n: int


def points_by_number(unit: Any) -> dict[int, Point]:
    """All points that a unit has or had, by number."""
    return {row.number: row for row in Point.objects.filter(unit=unit).order_by("number")}


def by_day(unit: Any, first: date, last: date) -> list[DayRow]:
    """A unit's verdicts of the days `first` to `last`, by point, channel and grade; good ones before bad ones."""
    rows = Tally.objects.filter(unit=unit, day__gte=first, day__lte=last, n__gt=0)
    found: dict[tuple[int, str, bool, str], list[int]] = {}
    named = rows.values_list("point", "channel", "bad", "grade", "day").annotate(sum=Sum("n"))
    for point, channel, bad, grade, day, number in named:
        counts = found.setdefault((point, channel, bad, grade), [0] * ((last - first).days + 1))
        counts[(day - first).days] += number
    return [
        DayRow(point, channel, grade, bad, tuple(counts), sum(counts))
        for (point, channel, bad, grade), counts in sorted(found.items())
    ]


def bad_by_day(unit: Any, first: date, last: date, limit: int) -> list[BadDay]:
    """The newest bad verdicts, counted by the day."""
    rows = Tally.objects.filter(unit=unit, day__gte=first, day__lte=last, bad=True, n__gt=0)
    columns = ("day", "point", "channel", "grade", "standing", "n")
    newest = rows.order_by("-day", "point", "channel", "grade", "standing").values_list(*columns)
    return [BadDay(*row) for row in newest[:limit]]


def reasons(unit: Any, start: datetime, end: datetime) -> Mapping[str, int]:
    """How often each reason was ticked for a bad verdict, most often first."""
    rows = Words.objects.filter(
        ballot__unit=unit, ballot__cast_at__gte=start, ballot__cast_at__lt=end, ballot__bad=True
    )
    found = Counter(key for ticked in rows.values_list("reasons", flat=True) for key in ticked)
    return dict(found.most_common())


def days_to_answer(unit: Any, start: datetime, end: datetime) -> tuple[int, float | None]:
    """How many bad verdicts found true were answered, and the median days it took, of the newest `ANSWERED` of them."""
    bad = Ballot.objects.filter(unit=unit, bad=True, cast_at__gte=start, cast_at__lt=end)
    rows = bad.filter(standing=Standing.UPHELD)
    answered = list(rows.exclude(answer="").order_by("-cast_at").only("pk", "cast_at"))
    took: list[timedelta] = []
    for row in answered[:ANSWERED]:
        row.place = unit.place
        told = [event.at for event in road(row) if event.kind == "ballot.answered"]
        took += [at - row.cast_at for at in told[:1]]
    return len(answered), median(took) / timedelta(days=1) if took else None
