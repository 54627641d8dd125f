"""Reading re-inspections: what waits to be looked at, by whom it may be, and what is known of a unit's closings.

Whoever looks again is shown the problem and where it is, not what the unit says it did, until they have said what they
found: one who has read "repaired on Monday" sees a repair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from leitai.apps.ledger import queries as ledger
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_, Finding, Period, PeriodKind, Text

from ..models import Case, Photo, Recheck, Step
from .photos import reporter

EVERY: tuple[PeriodKind, ...] = ("month", "quarter")
CALLING = timedelta(days=3)  # for so long a number that was shown is one caller's


@dataclass(frozen=True)
class Bound:
    """What re-inspection says of a unit's closings of a kind in a period.

    `closed` cases, of which `drawn` were to be looked at; `checked` were decided, `false` of them not over; `unclear`
    could not be told, `waiting` were not looked at yet. At `confidence`, at most the share `most` of all is false.
    """

    unit: Any
    kind: Text
    closed: int
    drawn: int
    checked: int
    false: int
    unclear: int
    waiting: int
    most: float
    bound: float
    confidence: float


def drawn(place: Any, period: str) -> Any:
    """The event by which a period's cases were drawn; None before."""
    found = ledger.road(place, subject(period))
    return found[0] if found else None


def subject(period: str) -> str:
    """How events name a period's re-inspections."""
    return f"rechecks:{period}"


def specs(place: Any, period: Period) -> dict[str, Any]:
    """The kinds of which cases are drawn for periods of this sort, with what the rule-book asks, as of its last day."""
    kinds = regimes.shelf(place).on(period.last).cases
    return {
        key: spec
        for key, spec in kinds.items()
        if spec.recheck is not None and spec.recheck.every == period.kind
    }


def closings(place: Any, period: Period, kinds: Iterable[str]) -> QuerySet[Case]:
    """The cases of some kinds that a unit had and that were closed in a period as done."""
    start, end = period.bounds(place.zone)
    rows = Case.objects.filter(place=place, kind__in=list(kinds), unit__isnull=False, ref__isnull=False)
    return rows.filter(closed_at__gte=start, closed_at__lt=end).exclude(state="set-aside").order_by("id")


def rechecks_due(place: Any, now: datetime) -> list[str]:
    """The month and the quarter that ended last, where the rule-book wants cases of it looked at and none was drawn."""
    day = now.astimezone(place.zone).date()
    ended = [Period.containing(every, day).previous() for every in EVERY]
    return [one.key for one in ended if specs(place, one) and drawn(place, one.key) is None]


def to_do(place: Any, by: str) -> list[Recheck]:
    """What waits to be looked at and may be by somebody, what was drawn first first."""
    rows = Recheck.objects.filter(place=place, outcome="").exclude(unit__in=_near(place, by))
    rows = rows.exclude(case__in=_worked(by).filter(case__place=place).values("case"))
    return list(rows.select_related("case", "case__place").order_by("drawn_at", "id"))


def recheck(place: Any, number: int) -> Recheck | None:
    """A re-inspection by its number, with its case."""
    rows = Recheck.objects.filter(place=place, pk=number)
    return rows.select_related("case__unit", "case__place", "case__enterprise", "unit").first()


def check_inspector(row: Recheck, by: str) -> Finding | None:
    """Why somebody may not look at a case again; None where they may: they have no part in what was done."""
    if row.unit_id in _near(row.case.place, by):
        return Finding(
            "own-unit", N_("You are posted at this unit, above it or below it; somebody else must look.")
        )
    if _worked(by).filter(case=row.case_id).exists():
        return Finding("own-work", N_("You worked on this case or closed it; somebody else must look."))
    return None


def caller(row: Recheck, now: datetime) -> str:
    """Who was shown the number of whoever reported it, and calls; nobody after three days without a finding."""
    shown = [event for event in ledger.road(row.case.place, f"recheck:{row.pk}") if event.at > now - CALLING]
    return shown[-1].by if shown else ""


def phone(case: Case) -> str:
    """The telephone of whoever reported a case, as far as it was given and is kept still."""
    return reporter(case).get("phone", "")


def before(case: Case) -> list[Photo]:
    """The photos that show the problem, without their pictures."""
    return list(Photo.objects.filter(case=case, when="before").defer("picture").order_by("at", "id"))


def periods(place: Any) -> list[str]:
    """The periods of which cases were drawn, the newest first."""
    keys = Recheck.objects.filter(place=place).order_by().values_list("period", flat=True).distinct()
    return sorted(keys, key=lambda key: (Period.parse(key).last, key), reverse=True)


def bounds(place: Any, period: str) -> list[Bound]:
    """What is known of each unit's closings of each kind in a period, the greatest bound first."""
    event = drawn(place, period)
    if event is None:
        return []
    found: dict[tuple[str, str], Counter[str]] = {}
    units = {}
    for row in Recheck.objects.filter(place=place, period=period).select_related("unit", "case"):
        units[row.unit.key] = row.unit
        found.setdefault((row.unit.key, row.case.kind), Counter())[row.outcome] += 1
    kinds = specs(place, Period.parse(period))
    lines = [
        _bound(units[unit], kinds[kind], closed, size, found[unit, kind])
        for unit, kind, closed, size in ledger.data(event)["groups"]
        if (unit, kind) in found and kind in kinds
    ]
    return sorted(lines, key=lambda one: (-one.false, -one.most, one.unit.key))


def _bound(unit: Any, spec: Any, closed: int, size: int, counted: Counter[str]) -> Bound:
    false, checked = counted["not-over"], counted["not-over"] + counted["over"]
    sure = spec.recheck.confidence
    return Bound(
        unit=unit,
        kind=spec.name,
        closed=closed,
        drawn=size,
        checked=checked,
        false=false,
        unclear=counted["cannot-tell"],
        waiting=counted[""],
        most=core.upper_bound(closed, checked, false, sure),
        bound=spec.recheck.bound,
        confidence=sure,
    )


def _near(place: Any, by: str) -> set[int]:
    """The units at which somebody is posted, those above and those below."""
    posts = place.posts.filter(account__username=by.removeprefix("account:"), unit__isnull=False)
    mine = set(posts.values_list("unit_id", flat=True))
    found = set[int]()
    for pk, below in people.descendants(place).items():
        if pk in mine:
            found |= below
        elif mine & below:
            found.add(pk)
    return found


def _worked(by: str) -> QuerySet[Step]:
    """What somebody did on cases beyond entering them."""
    return Step.objects.filter(by=by).exclude(move="open")
