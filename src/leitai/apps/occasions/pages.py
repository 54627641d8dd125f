"""The calendar of occasions: a month at a glance, what is with each, and what people do about it.

One press notes one as held; the office moves or cancels one, with its reason.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page, public_page
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import Period, PeriodError, Text
from leitai.ui.typed import plain

from . import actions, queries
from .feed import addresses
from .forms import local_time
from .models import Occasion, OccasionState
from .openings import LEADERS_TOLD, OFFICE_TOLD

NAMED = 5  # units that come are named up to here, more are counted


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


def _named(visit: Visit, rows: list[Occasion], day: date) -> list[dict[str, Any]]:
    """Occasions with the names, readers and tables that the month's rule-book has for them."""
    if not rows:
        return []
    regime = regimes.regime_on(visit.place, day)
    latest = {view.table.arena: view for view in tables.latest(visit.place)}
    ready = queries.readiness(rows)
    comers: dict[str, list[Any]] = {}
    found = []
    for row in rows:
        row.place = visit.place
        spec = regime.cadence.get(row.key)
        if row.key not in comers:
            comers[row.key] = queries.comers(row)
        of = ready.get(row.pk, {}) if visit.viewer.account else {}
        colour, word = _state(row, visit.now, of.get("missed", 0))
        found.append(
            {
                "row": row,
                "day": row.at.astimezone(visit.place.zone).date(),
                "name": spec.name if spec else Text(en=row.key),
                "who": spec.who if spec else None,
                "minutes": spec.minutes if spec else None,
                "comers": comers[row.key],
                "named": len(comers[row.key]) <= NAMED,
                "reads": [latest[key] for key in spec.reads if key in latest] if spec else [],
                "ready": of,
                "colour": colour,
                "word": word,
                "still": row.state in (OccasionState.PLANNED, OccasionState.OPEN) and row.at > visit.now,
                "over": row.state in (OccasionState.HELD, OccasionState.CANCELLED),
                "local": row.at.astimezone(visit.place.zone).strftime("%Y-%m-%dT%H:%M"),
            }
        )
    return found


def _state(row: Occasion, now: datetime, missed: int) -> tuple[str, str]:
    """What is with an occasion, as the colour of its light and its word."""
    if row.state == OccasionState.HELD:
        return "done", _("held")
    if row.state == OccasionState.CANCELLED:
        return "grey", _("cancelled")
    if missed:
        return "red", ngettext("%(n)s not ready", "%(n)s not ready", missed) % {"n": missed}
    if row.at <= now:
        return "yellow", _("to be held")
    if row.state == OccasionState.OPEN:
        return "green", _("being prepared")
    return "grey", _("planned")


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
    holds = visit.viewer.may("occasion.hold")
    runs = visit.viewer.may("occasion.run")
    mine = queries.to_prepare(visit.viewer, visit.place) if visit.viewer.may("preparation.do") else []
    missed = queries.missed(visit.place, OFFICE_TOLD if runs else LEADERS_TOLD) if holds else ()
    context = {
        "visit": visit,
        "month": month,
        "weeks": weeks,
        "rows": rows,
        "overdue": _named(visit, overdue[-10:], today) if holds else [],
        "weekdays": [date(2024, 1, day) for day in range(1, 8)],
        "runs": runs,
        "waiting": [one for one in mine if one.done_at is None],
        "missed": [
            {"row": one, "name": queries.called(one), "of": queries.name(one.occasion)} for one in missed
        ],
        "links": addresses(request, visit),
    }
    return render(request, "occasions/calendar.html", context)


@require_POST
@page("occasion.hold")
def hold(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Mark an occasion as held, with its minutes."""

    def act(row: Occasion) -> str:
        note, nothing = plain(request.POST.get("note", "")), bool(request.POST.get("nothing"))
        actions.hold(occasion=row, note=note, nothing=nothing, by=visit.viewer.name, now=visit.now)
        return _("Noted: held.")

    return _done(request, visit, number, act)


@require_POST
@page("occasion.run")
def shift(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Move an occasion to another time, with a reason."""

    def act(row: Occasion) -> str:
        at, reason = local_time(visit.place, request.POST.get("at", "")), request.POST.get("reason", "")
        actions.shift(occasion=row, at=at, reason=plain(reason, 200), by=visit.viewer.name, now=visit.now)
        return _("Moved. It shows on every calendar with its reason.")

    return _done(request, visit, number, act)


@require_POST
@page("occasion.run")
def cancel(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Cancel an occasion, with a reason."""

    def act(row: Occasion) -> str:
        reason = plain(request.POST.get("reason", ""), 300)
        actions.cancel(occasion=row, reason=reason, by=visit.viewer.name, now=visit.now)
        return _("Cancelled. It stays on the calendar with its reason.")

    return _done(request, visit, number, act)


def _done(request: HttpRequest, visit: Visit, number: int, act: Callable[[Occasion], str]) -> HttpResponse:
    """Do something about an occasion, and go back to the month in which it is."""
    row = queries.occasion(visit.place, number)
    if row is None:
        raise Http404(_("There is no such occasion."))
    try:
        messages.success(request, act(row))
    except Refused as refused:
        messages.error(request, str(refused))
    row.refresh_from_db(fields=["at"])
    month = Period.containing("month", row.at.astimezone(visit.place.zone).date()).key
    response = redirect("occasions:calendar", visit.place.key)
    response["Location"] += f"?month={month}"
    return response
