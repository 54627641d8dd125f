"""A week's verdicts unit by unit and way by way, and what tells of points where nobody scans.

All from the tallies of the days, which are in the order of days: a week of a large city is some thousands of
neighbouring rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, Max, Min, Q, Sum

from leitai.rules.ballots import weekly as core
from leitai.rules.kernel import Period

from ..models import Point, ServiceRecord, Standing, Stray, Tally

SPAN = 84  # days of a point's own past: twelve weeks, so that all days of the week weigh alike

Counts = dict[int, core.Count]


def week_counts(place: Any, week: Period) -> dict[str, Counts]:
    """The counts of a period by way (a key of `WAYS`, or OTHER) and unit id; ways without verdicts are left out."""
    rows = Tally.objects.filter(place=place, day__gte=week.first, day__lte=week.last, n__gt=0)
    sums: dict[str, dict[int, list[int]]] = {}
    # The four sums are made here: in the database they take longer than the groups they are made of.
    grouped = rows.values_list("unit_id", "channel", "bad", "standing").annotate(sum=Sum("n"))
    for unit, channel, bad, standing, number in grouped:
        one = sums.setdefault(core.way_of(channel), {}).setdefault(unit, [0, 0, 0, 0])
        if standing == Standing.SET_ASIDE:
            one[3] += number
            continue
        one[0] += number
        one[1] += number * bad
        one[2] += number * (standing == Standing.UPHELD)
    return {way: {unit: core.Count(*sums[way][unit]) for unit in sorted(sums[way])} for way in sorted(sums)}


def sum_of_ways(parts: Iterable[Mapping[int, core.Count]]) -> Counts:
    """The counts of several ways added up."""
    found: Counts = {}
    for counts in parts:
        for unit, one in counts.items():
            there = found.get(unit)
            found[unit] = one if there is None else there.plus(one)
    return found


def units_of_week(week: Period, units: Collection[int]) -> dict[int, Any]:
    """Units that have verdicts in the period, by id, with the unit above each; also those closed since."""
    rows = Tally.objects.filter(unit_id__in=units, day__gte=week.first, day__lte=week.last)
    one_each = rows.values("unit_id").annotate(one=Min("pk")).values("one")
    return {
        row.unit_id: row.unit for row in Tally.objects.filter(pk__in=one_each).select_related("unit__parent")
    }


def first_day(place: Any) -> date | None:
    """The day of the earliest verdict of a place, or None before there is one."""
    return Tally.objects.filter(place=place).aggregate(day=Min("day"))["day"]


@dataclass(frozen=True)
class SilentPoint:
    """A point to visit, by its number: scans in the days looked at and those to be expected (None: nothing tells)."""

    number: int
    scans: int
    expected: float | None
    services: int
    refused: int


def silent_points(place: Any, last: date, days: int) -> tuple[list[SilentPoint], int]:
    """The points in use that had no scan in the `days` up to `last`, or far too few; and how many are in use.

    A scan is a verdict given at the point, also one set aside later. `refused` are scans of its code that were
    turned away: of an old one, or of one that this house never made.
    """
    first = last - timedelta(days=days - 1)
    spans = (first - timedelta(days=SPAN), first, last)
    rows = Point.objects.filter(place=place, retired_at__isnull=True, unit__active=True)
    points = list(rows.order_by("unit__key", "number").values_list("number", "unit_id"))
    scans, services = _scans(place, *spans), _services(place, points, *spans)
    none = (0, 0)
    traffic = [
        core.Traffic(*scans.get(number, none), *services.get(number, none)) for number, _unit in points
    ]
    refused = _refused(place, first, last)
    found = []
    for one in core.silent(traffic):
        number, seen = points[one.at][0], traffic[one.at]
        found.append(SilentPoint(number, seen.scans, one.expected, seen.services, refused[number]))
    return found, len(points)


def last_scans(points: Collection[Any]) -> dict[int, date]:
    """The day of the last scan at each of some points, by the point's number; without those never scanned."""
    units, numbers = {one.unit_id for one in points}, {one.number for one in points}
    rows = Tally.objects.filter(unit_id__in=units, point__in=numbers, n__gt=0)
    return dict(rows.values_list("point").annotate(day=Max("day")))


def _scans(place: Any, start: date, first: date, last: date) -> dict[int, tuple[int, int]]:
    """(scans from `first` on, scans before it) by the point's number."""
    rows = Tally.objects.filter(place=place, day__gte=start, day__lte=last, point__gt=0)
    found = rows.values("point").annotate(
        now=Sum("n", filter=Q(day__gte=first), default=0), before=Sum("n", filter=Q(day__lt=first), default=0)
    )
    return {row["point"]: (row["now"], row["before"]) for row in found}


def _services(
    place: Any, points: Collection[tuple[int, int]], start: date, first: date, last: date
) -> dict[int, tuple[int, int]]:
    """(services from `first` on, services before it) by the point's number.

    Those that name no point are those of the unit's only one; where it has several, nobody knows whose.
    """
    at = [_midnight(day, place.zone) for day in (start, first, last + timedelta(days=1))]
    # By the unit's place, not the record's: the index of records begins with the unit.
    rows = ServiceRecord.objects.filter(unit__place=place, served_at__gte=at[0], served_at__lt=at[2])
    found = rows.values("unit_id", at=F("point__number")).annotate(
        now=CountOf("pk", filter=Q(served_at__gte=at[1])), before=CountOf("pk", filter=Q(served_at__lt=at[1]))
    )
    of_unit = Counter(unit for _number, unit in points)
    only = {unit: number for number, unit in points if of_unit[unit] == 1}
    sums: dict[int, tuple[int, int]] = {}
    for row in found:
        number = row["at"] or only.get(row["unit_id"])
        if number is not None:
            now, before = sums.get(number, (0, 0))
            sums[number] = (now + row["now"], before + row["before"])
    return sums


def _midnight(day: date, zone: Any) -> datetime:
    return datetime.combine(day, time(), zone)


def _refused(place: Any, first: date, last: date) -> Counter[int]:
    rows = Stray.objects.filter(place=place, day__gte=first, day__lte=last)
    return Counter(dict(rows.values_list("number").annotate(n=Sum("count"))))


def refused_elsewhere(place: Any, first: date, last: date) -> int:
    """Scans turned away, in these days, of codes that claim no point of the place."""
    numbers = Point.objects.filter(place=place).values("number")
    rows = Stray.objects.filter(place=place, day__gte=first, day__lte=last).exclude(number__in=numbers)
    return rows.aggregate(n=Sum("count", default=0))["n"]
