"""The count of verdicts, from the tallies kept as they came: rates with how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.ballots import weekly
from leitai.rules.kernel import N_, Finding, Period
from leitai.rules.scoring import wilson

from .. import tallies
from ..models import Ballot, Standing, Tally


@dataclass(frozen=True)
class TallyView:
    """Verdicts of a span: counted, bad among them, found true, set aside; the bad share with its 95 % interval.

    `few`: fewer than the rule-book's minimum, so that the share is not to be shown as a rate.
    """

    n: int
    bad: int
    upheld: int
    aside: int
    share: float | None
    low: float
    high: float
    few: bool


def view_of(n: int, bad: int, upheld: int, aside: int, minimum: int) -> TallyView:
    """Counts with what can be said of them, where the rule-book asks for `minimum` verdicts."""
    low, high = wilson(bad, n) if n else (0.0, 1.0)
    return TallyView(n, bad, upheld, aside, bad / n if n else None, low, high, core.too_few(n, minimum))


# What a span of tallies comes to; the names are not `n` and `bad`, which are columns.
SUMS = {
    "counted": Coalesce(Sum("n", filter=~Q(standing=Standing.SET_ASIDE)), 0),
    "bads": Coalesce(Sum("n", filter=Q(bad=True) & ~Q(standing=Standing.SET_ASIDE)), 0),
    "upheld": Coalesce(Sum("n", filter=Q(standing=Standing.UPHELD)), 0),
    "aside": Coalesce(Sum("n", filter=Q(standing=Standing.SET_ASIDE)), 0),
}


def _of(rows: QuerySet[Tally], minimum: int) -> TallyView:
    found = rows.aggregate(**SUMS)
    return view_of(found["counted"], found["bads"], found["upheld"], found["aside"], minimum)


def rate(unit: Any, first: date, last: date, channel: str = "") -> TallyView:
    """A unit's verdicts from day `first` to day `last`, both included; through one channel where it is named."""
    rows = Tally.objects.filter(unit=unit, day__gte=first, day__lte=last)
    return _of(rows.filter(channel=channel) if channel else rows, _minimum(unit.place, last))


def totals(place: Any, first: date, last: date) -> TallyView:
    """All verdicts of a place from day `first` to day `last`, both included."""
    return _of(Tally.objects.filter(place=place, day__gte=first, day__lte=last), _minimum(place, last))


def series(unit: Any, months: Sequence[Period]) -> list[TallyView]:
    """A unit's verdicts period by period."""
    if not months:
        return []
    rows = (
        Tally.objects.filter(unit=unit, day__gte=months[0].first, day__lte=months[-1].last)
        .values("day")
        .annotate(**SUMS)
    )
    kind = months[0].kind
    counts = {month: [0, 0, 0, 0] for month in months}
    for row in rows:
        found = counts.get(Period.containing(kind, row["day"]))
        if found is not None:
            for at, name in enumerate(("counted", "bads", "upheld", "aside")):
                found[at] += row[name]
    minimum = _minimum(unit.place, months[-1].last)
    return [view_of(*counts[month], minimum=minimum) for month in months]


def by_way(unit: Any, first: date, last: date) -> dict[str, TallyView]:
    """A unit's verdicts by way (keys of `weekly.WAYS` in its order, then OTHER); ways without any are left out."""
    found: dict[str, weekly.Count] = {}
    for channel, *sums in _sums_by(unit, "channel", first, last):
        way = weekly.way_of(channel)
        found[way] = found.get(way, weekly.NONE).plus(weekly.Count(*sums))
    minimum = _minimum(unit.place, last)
    ways = (way for way in (*weekly.WAYS, weekly.OTHER) if way in found)
    return {way: view_of(*found[way], minimum=minimum) for way in ways}


def by_point(unit: Any, first: date, last: date) -> dict[int, TallyView]:
    """A unit's verdicts by the number of the point where they were given; 0 for those given at none."""
    minimum = _minimum(unit.place, last)
    rows = _sums_by(unit, "point", first, last)
    return {point: view_of(*sums, minimum=minimum) for point, *sums in rows}


def _sums_by(unit: Any, column: str, first: date, last: date) -> QuerySet[Tally, tuple[Any, ...]]:
    rows = Tally.objects.filter(unit=unit, day__gte=first, day__lte=last, n__gt=0)
    return rows.values(column).annotate(**SUMS).order_by(column).values_list(column, *SUMS)


def _minimum(place: Any, day: date) -> int:
    return regimes.regime_on(place, day).ballots.minimum


def counts_by_unit(place: Any, first: date, last: date, channel: str = "") -> dict[int, tuple[int, int, int]]:
    """(counted, bad, found true) by unit id, from day `first` to day `last`, both included."""
    rows = Tally.objects.filter(place=place, day__gte=first, day__lte=last)
    if channel:
        rows = rows.filter(channel=channel)
    found = rows.values("unit_id").annotate(**SUMS)
    return {row["unit_id"]: (row["counted"], row["bads"], row["upheld"]) for row in found}


def how_many(place: Any) -> int:
    """All verdicts of a place, also those set aside."""
    return Ballot.objects.filter(place=place).count()


def taken(place: Any, source: str, source_id: str) -> datetime | None:
    """When a verdict of another system was given there; None where it was not taken from it."""
    rows = Ballot.objects.filter(place=place, source=source, source_id=source_id).exclude(source_id="")
    return rows.values_list("cast_at", flat=True).first()


@dataclass(frozen=True)
class Recount:
    """Tallies held against the verdicts: how many verdicts were read, how many cells compared, which differ.

    `unlogged` verdicts, from before there was a log, are not counted until they are taken up.
    """

    verdicts: int
    cells: int
    unlogged: int
    findings: tuple[Finding, ...]


def recount(place: Any) -> Recount:
    """Count every verdict of a place anew and hold the tallies that were kept against it; some ten seconds a million.

    Findings `tally-differs` name the day, unit, point and what was said.
    """
    counted, kept = tallies.recounted(place), tallies.kept(place)
    units = people.unit_keys(place)
    message = N_(
        "%(day)s, %(unit)s, point %(point)s, %(channel)s, %(grade)s, %(standing)s:"
        " the tally says %(kept)s, the verdicts are %(counted)s"
    )
    cells = counted.keys() | kept.keys()
    wrong = sorted(cell for cell in cells if counted[cell] != kept.get(cell, 0))
    findings = (
        Finding(
            "tally-differs",
            message,
            values=cell._asdict()
            | {"unit": units[cell.unit], "kept": kept.get(cell, 0), "counted": counted[cell]},
        )
        for cell in wrong
    )
    unlogged = Ballot.objects.filter(place=place, index__isnull=True).count()
    return Recount(counted.total(), len(cells), unlogged, tuple(findings))
