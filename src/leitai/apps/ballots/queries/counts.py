"""The count of verdicts, from the tallies kept as they came: rates with how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import Period
from leitai.rules.scoring import wilson

from ..models import Standing, Tally


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


def _view(n: int, bad: int, upheld: int, aside: int, minimum: int) -> TallyView:
    low, high = wilson(bad, n) if n else (0.0, 1.0)
    return TallyView(n, bad, upheld, aside, bad / n if n else None, low, high, core.too_few(n, minimum))


# Not `n`, `bad`: those are columns.
_SUMS = {
    "counted": Coalesce(Sum("n", filter=~Q(standing=Standing.SET_ASIDE)), 0),
    "bads": Coalesce(Sum("n", filter=Q(bad=True) & ~Q(standing=Standing.SET_ASIDE)), 0),
    "upheld": Coalesce(Sum("n", filter=Q(standing=Standing.UPHELD)), 0),
    "aside": Coalesce(Sum("n", filter=Q(standing=Standing.SET_ASIDE)), 0),
}


def _of(rows: QuerySet[Tally], minimum: int) -> TallyView:
    found = rows.aggregate(**_SUMS)
    return _view(found["counted"], found["bads"], found["upheld"], found["aside"], minimum)


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
        .annotate(**_SUMS)
    )
    kind = months[0].kind
    counts = {month: [0, 0, 0, 0] for month in months}
    for row in rows:
        found = counts.get(Period.containing(kind, row["day"]))
        if found is not None:
            for at, name in enumerate(("counted", "bads", "upheld", "aside")):
                found[at] += row[name]
    minimum = _minimum(unit.place, months[-1].last)
    return [_view(*counts[month], minimum=minimum) for month in months]


def _minimum(place: Any, day: date) -> int:
    return regimes.regime_on(place, day).ballots.minimum


def counts_by_unit(place: Any, first: date, last: date, channel: str = "") -> dict[int, tuple[int, int, int]]:
    """(counted, bad, found true) by unit id, from day `first` to day `last`, both included."""
    rows = Tally.objects.filter(place=place, day__gte=first, day__lte=last)
    if channel:
        rows = rows.filter(channel=channel)
    found = rows.values("unit_id").annotate(**_SUMS)
    return {row["unit_id"]: (row["counted"], row["bads"], row["upheld"]) for row in found}
