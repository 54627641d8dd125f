"""The calendar of occasions: a month at a glance, what came of each, and one press to mark one as held."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page, public_page
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import Period, PeriodError, Text

from . import actions, queries


def _month(request: HttpRequest, visit: Visit) -> Period:
    text = request.GET.get("month", "")
    if not text:
        return Period.containing("month", visit.now.astimezone(visit.place.zone).date())
    try:
        found = Period.parse(text)
    except PeriodError:
        found = None
    if found is None or found.kind != "month":
        raise Http404(_("Write a month as 2022-03."))
    return found


def _named(visit: Visit, rows: list[Any], day: date) -> list[dict[str, Any]]:
    """Occasions with the names, readers and tables that the month's rule-book has for them."""
    if not rows:
        return []
    regime = regimes.regime_on(visit.place, day)
    latest = {view.table.arena: view for view in tables.latest(visit.place)}
    found = []
    for row in rows:
        spec = regime.cadence.get(row.key)
        found.append(
            {
                "row": row,
                "day": row.at.astimezone(visit.place.zone).date(),
                "name": spec.name if spec else Text(en=row.key),
                "who": spec.who if spec else None,
                "reads": [latest[key] for key in spec.reads if key in latest] if spec else [],
                "past": row.at <= visit.now,
            }
        )
    return found


@require_safe
@public_page
def calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A month of occasions: a grid on a wide screen, a list on a phone."""
    month = _month(request, visit)
    rows = _named(visit, queries.month(visit.place, month.first.year, month.first.month), month.last)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    today = visit.now.astimezone(visit.place.zone).date()
    weeks = [
        [
            {"day": day, "rows": by_day.get(day, []), "inside": day in month, "today": day == today}
            for day in week
        ]
        for week in Calendar(firstweekday=0).monthdatescalendar(month.first.year, month.first.month)
    ]
    overdue = [row for row in queries.coming(visit.place, visit.now, days=0) if row.at <= visit.now]
    context = {
        "visit": visit,
        "month": month,
        "weeks": weeks,
        "rows": rows,
        "overdue": _named(visit, overdue[-10:], today) if visit.viewer.may("occasion.hold") else [],
        "weekdays": [date(2024, 1, day) for day in range(1, 8)],
    }
    return render(request, "occasions/calendar.html", context)


@require_POST
@page("occasion.hold")
def hold(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Mark an occasion as held, with its minutes."""
    row = queries.occasion(visit.place, number)
    if row is None:
        raise Http404(_("There is no such occasion."))
    try:
        actions.hold(occasion=row, note=request.POST.get("note", ""), by=visit.viewer.name, now=visit.now)
        messages.success(request, _("Noted: held."))
    except Refused as refused:
        messages.error(request, str(refused))
    month = Period.containing("month", row.at.astimezone(visit.place.zone).date()).key
    response = redirect("occasions:calendar", visit.place.key)
    response["Location"] += f"?month={month}"
    return response
