"""Rounds of inspection: opened with visits planned, a visit moved or dropped with its reason, closed with a report."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.cadence.inspections import REST, plan
from leitai.rules.kernel import N_, Period
from leitai.rules.ledger import canonical

from ..models import Round, Visit
from ..queries.reports import report_of
from ..rows import facts, fresh_round, fresh_visit

SHORTEST = 20  # workdays over which visits are spread where nothing says until when
FAR = 200


@action("inspection.opened")
def open_round(
    *,
    place: Any,
    key: str,
    period: Period,
    until: date | None = None,
    cause: str = "",
    by: str,
    now: datetime,
) -> Round:
    """Open a period's round of an inspection, once, with its visits spread over the workdays from tomorrow to `until`.

    Without `until`, or where it is over, over the next twenty workdays. A unit that cannot be left the thirty days
    since its last visit is entered as not held, with the reason. Raises Refused for an inspection that is unknown.
    """
    today = now.astimezone(place.zone).date()
    regime = regimes.regime_on(place, today)
    spec = regime.inspections.get(key)
    if spec is None:
        raise refuse("no-inspection", N_("The rule-book has no inspection %(key)s."), key=key)
    row, new = Round.objects.get_or_create(
        place=place, key=key, period=period.key, defaults={"opened_at": now}
    )
    if not new:
        return UNCHANGED
    calendar = regimes.calendars(regime)[spec.on]
    ahead = [today + timedelta(days=n) for n in range(1, FAR)]
    working = [day for day in ahead if calendar.day(day).working] or ahead
    days = [day for day in working if until is not None and day <= until] or working[:SHORTEST]
    areas = {name: people.picked(place, group.area) for name, group in spec.groups.items()}
    units = {unit.key: unit for area in areas.values() for unit in area}
    stops = plan(
        {name: [unit.key for unit in area] for name, area in areas.items()}, days, _last(place, days[0])
    )
    visits = [
        Visit(
            round=row,
            group=one.group,
            unit=units[one.unit],
            planned=one.day,
            dropped_why=_too_soon(place, one.since) if one.since else "",
        )
        for one in stops
    ]
    Visit.objects.bulk_create(visits, batch_size=500)
    left_out = sum(bool(one.dropped_why) for one in visits)
    record(
        place=place,
        kind="inspection.opened",
        by=by,
        now=now,
        subject=f"inspection:{row.pk}",
        data={"inspection.key": key, "period": period.key, "visits": len(visits), "left_out": left_out},
        cause=cause,
    )
    return row


def _last(place: Any, first: date) -> dict[str, date]:
    """The day of the last visit of each unit that had one so lately that it matters, by key."""
    rows = Visit.objects.filter(round__place=place, ended_at__isnull=False, planned__gte=first - 4 * REST)
    found: dict[str, date] = {}
    for key, at in rows.order_by("ended_at").values_list("unit__key", "ended_at"):
        found[key] = at.astimezone(place.zone).date()
    return found


def _too_soon(place: Any, since: date) -> str:
    with translation.override(place.language):
        return _("Visited on %(day)s, less than %(days)s days before") % {"day": since, "days": REST.days}


@action("inspection.moved")
def shift_visit(*, visit: Visit, day: date, why: str, by: str, now: datetime) -> Visit:
    """Put a visit that was not begun on another day, with the reason; one that had been left out is taken back in."""
    visit = fresh_visit(visit)
    _check_open(visit)
    if day < now.astimezone(visit.round.place.zone).date():
        raise refuse("day-over", N_("That day is over."))
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    before, visit.planned, visit.dropped_why = visit.planned, day, ""
    visit.save()
    _told(visit, "inspection.moved", by, now, {"from": before, "to": day, "why": why.strip()})
    return visit


@action("inspection.dropped")
def drop_visit(*, visit: Visit, why: str, by: str, now: datetime) -> Visit:
    """Do not hold a visit that was planned, and say why."""
    visit = fresh_visit(visit)
    _check_open(visit)
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    visit.dropped_why = why.strip()[:300]
    visit.save()
    _told(visit, "inspection.dropped", by, now, {"why": visit.dropped_why})
    return visit


@action("inspection.closed")
def close_round(*, row: Round, by: str, now: datetime) -> Round:
    """Close a round with its report, which is written down as it is now and never changes.

    Raises Refused while a visit is neither over nor dropped with its reason.
    """
    row = fresh_round(row)
    if row.closed_at is not None:
        raise refuse("round-closed", N_("This round is closed already."))
    waiting = row.visits.filter(ended_at__isnull=True, dropped_why="").count()
    if waiting:
        raise refuse(
            "visits-waiting",
            N_("%(n)s visits are neither over nor dropped with a reason."),
            n=waiting,
        )
    report = report_of(row, now)
    row.closed_at, row.report = now, canonical(report).decode()
    row.save()
    record(
        place=row.place,
        kind="inspection.closed",
        by=by,
        now=now,
        subject=f"inspection:{row.pk}",
        data={
            "inspection.key": row.key,
            "period": row.period,
            **report["visits"],
            "minutes": report["minutes"],
        },
    )
    return row


def _check_open(visit: Visit) -> None:
    if visit.round.closed_at is not None:
        raise refuse("round-closed", N_("This round is closed already."))
    if visit.began_at is not None:
        raise refuse("visit-begun", N_("This visit was begun."))


def _told(visit: Visit, kind: str, by: str, now: datetime, data: dict[str, Any]) -> None:
    record(
        place=visit.round.place,
        kind=kind,
        by=by,
        now=now,
        subject=f"inspection-visit:{visit.pk}",
        data=facts(visit) | data,
    )
