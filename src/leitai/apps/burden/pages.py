"""The burden meter: units by week; red on the office where a month is above the ceiling, with what did it.

A unit is never shown in red for what is asked of it: whoever asks is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS, Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.cadence.burden import CAUSES
from leitai.rules.kernel import Period, PeriodError
from leitai.ui import words
from leitai.ui.typed import plain

from . import queries, sheet

PER_PAGE = 50
WEEKS, MONTHS = 8, 6
EXCESSES = 20  # months of units above the ceiling that are opened up on the page
CAUSES_SHOWN = 3


def sees_all(visit: Visit) -> bool:
    """Whether a viewer sees the burden of every unit."""
    return bool(visit.viewer.roles & PERMISSIONS["burden.see"][0])


def _units(visit: Visit, text: str) -> list[Any]:
    """The units a viewer sees, those whose name or key holds a text."""
    rows = people.units(visit.place, text)
    if sees_all(visit):
        return list(rows)
    below = people.descendants(visit.place)
    own = {pk for unit in visit.viewer.units for pk in below[unit.pk]}
    return [unit for unit in rows if unit.pk in own]


def asked_for(request: HttpRequest, visit: Visit) -> tuple[list[Period], str]:
    """The weeks or months that an address names, the last one first named, and the text units are narrowed by."""
    kind, many = ("month", MONTHS) if request.GET.get("by") == "month" else ("week", WEEKS)
    today = visit.now.astimezone(visit.place.zone).date()
    last = Period.containing(kind, today)  # type: ignore[arg-type]
    try:
        named = Period.parse(request.GET["until"]) if request.GET.get("until") else last
    except PeriodError:
        raise Http404(_("Write a week as 2022-W05, a month as 2022-03.")) from None
    periods = [min(named, last) if named.kind == kind else last]
    while len(periods) < many:
        periods.insert(0, periods[0].previous())
    return periods, plain(request.GET.get("q", ""), 60)


def _rows(visit: Visit, periods: list[Period], picks: queries.Picks) -> list[queries.Meter]:
    today = visit.now.astimezone(visit.place.zone).date()
    return queries.metered(visit.place, periods, today, picks)


@require_safe
@page("burden.see")
def meter(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Units by week or month, the most burdened first; above them what is above the ceiling, on the office."""
    periods, text = asked_for(request, visit)
    context: dict[str, Any] = {
        "visit": visit,
        "q": text,
        "by": periods[0].kind,
        "periods": periods,
        "query": request.GET.urlencode(),
        "whole": sees_all(visit),
        "earlier": periods[0].previous().key,
        "later": periods[-1].next().key
        if periods[-1].last < visit.now.astimezone(visit.place.zone).date()
        else "",
        "to_answer": queries.to_answer(visit.viewer, visit.place),
    }
    try:
        picks = queries.Picks(visit.place, _units(visit, text))
        rows = _rows(visit, periods, picks)
        if context["whole"]:
            context |= _ceiling(visit, queries.Picks(visit.place) if text else picks)
    except regimes.NoRegime:
        rows = []
    most = max((max(one.minutes) for one in rows), default=0)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "page": shown,
        "rows": [(one, [(minutes, _shade(minutes, most)) for minutes in one.minutes]) for one in shown],
        "sums": [sum(one.minutes[at] for one in rows) for at in range(len(periods))],
        "total": sum(one.total for one in rows),
    }
    return render(request, "burden/meter.html", context)


def _shade(minutes: int, most: int) -> int:
    """How strong a cell is, 0 to 4, by its share of the highest."""
    return 0 if not minutes or not most else min(4, 1 + 4 * minutes // (most + 1))


def _ceiling(visit: Visit, picks: queries.Picks) -> dict[str, Any]:
    """The present month and the two before against the ceiling: which units are above it, and by what."""
    today = visit.now.astimezone(visit.place.zone).date()
    ceiling = regimes.regime_on(visit.place, today).burden.ceiling
    if ceiling is None:
        return {"ceiling": None}
    month = Period.containing("month", today)
    told = queries.excesses(visit.place, [month.previous(), month.previous().previous()])
    spent = {
        one: queries.spent(visit.place, one.first, min(one.last, today), picks=picks)
        for one in _months(month, told)
    }
    totals = queries.total_by_unit(spent[month])
    units = {unit.pk: unit for unit in picks.units}
    above = [
        (units[pk], month, total, ceiling) for pk, total in totals.items() if total > ceiling and pk in units
    ]
    above.sort(key=lambda one: (-one[2], one[0].key))
    above += [(row.unit, Period.parse(row.month), row.minutes, row.ceiling) for row in told]
    opened = [
        (unit, period.key, minutes, limit, _by(queries.by_cause(spent[period], unit.pk)))
        for unit, period, minutes, limit in above[:EXCESSES]
    ]
    return {"ceiling": ceiling, "above": opened, "unlisted": len(above) - len(opened), "month": month.key}


def _months(month: Period, told: Iterable[Any]) -> list[Period]:
    return list(dict.fromkeys([month, *(Period.parse(row.month) for row in told)]))


def _by(causes: dict[Any, int]) -> list[tuple[str, int]]:
    return [(_(CAUSES[cause]), minutes) for cause, minutes in list(causes.items())[:CAUSES_SHOWN]]


@require_safe
@page("burden.see")
def unit(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """What took a unit's time in a week or a month, line by line, each with where it comes from."""
    row = people.unit(visit.place, plain(key, 200))
    if row is None:
        raise Http404(_("There is no such unit."))
    if not sees_all(visit) and not visit.viewer.may("burden.see", row):
        raise PermissionDenied(_("This is another unit's."))
    row.place = visit.place
    period, today = _period(request, visit), visit.now.astimezone(visit.place.zone).date()
    try:
        lines = queries.spent(visit.place, period.first, min(period.last, today), row)
        ceiling = regimes.regime_on(visit.place, period.first).burden.ceiling
    except regimes.NoRegime:
        lines, ceiling = [], None
    total = sum(one.minutes for one in lines)
    context = {
        "visit": visit,
        "unit": row,
        "period": period.key,
        "kind": period.kind,
        "other": Period.containing(
            "week" if period.kind == "month" else "month", min(period.last, today)
        ).key,
        "earlier": period.previous().key,
        "later": period.next().key if period.last < today else "",
        "total": total,
        "ceiling": ceiling if period.kind == "month" else None,
        "above": ceiling is not None and period.kind == "month" and total > ceiling,
        "causes": [(_(CAUSES[cause]), took) for cause, took in queries.by_cause(lines, row.pk).items()],
        "lines": [(one, _(CAUSES[one.cause]), address(visit, one.subject)) for one in lines],
    }
    return render(request, "burden/unit.html", context)


def _period(request: HttpRequest, visit: Visit) -> Period:
    """The week or month an address names; without one the present month. Raises Http404."""
    today = visit.now.astimezone(visit.place.zone).date()
    try:
        named = request.GET.get("period") or Period.containing("month", today).key
        period = Period.parse(named)
    except PeriodError:
        raise Http404(_("Write a week as 2022-W05, a month as 2022-03.")) from None
    if period.kind not in ("week", "month") or period.first > today:
        raise Http404(_("Write a week as 2022-W05, a month as 2022-03."))
    return period


def address(visit: Visit, subject: str) -> str:
    """Where what took the time is shown, by what the ledger calls it."""
    room, _colon, rest = subject.partition(":")
    place = visit.place.key
    if room == "case":
        return reverse("casework:case", args=[place, rest])
    if room == "ask":
        return reverse("burden:ask", args=[place, int(rest)])
    if room == "inspection-visit":
        return reverse("inspections:visit", args=[place, int(rest)])
    if room == "measure":
        return reverse("measures:definition", args=[place, rest.partition("@")[0]])
    return reverse("occasions:meeting", args=[place, int(rest)])


@require_safe
@page("burden.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The units and weeks that are seen, on however many pages, in Excel."""
    periods, text = asked_for(request, visit)
    rows = _rows(visit, periods, queries.Picks(visit.place, _units(visit, text)))
    title = f"{visit.place.name} · {_('Burden of the units, in minutes')}"
    heads = [(_("Unit"), 34), *((words.period(one.key), 11) for one in periods), (_("Together"), 12)]
    values = ([one.unit.name, *one.minutes, one.total] for one in rows)
    return as_file(visit, title, heads, values)


def as_file(
    visit: Visit, title: str, heads: list[tuple[str, int]], rows: Iterable[list[Any]]
) -> HttpResponse:
    """A list as an Excel file, named after the place, the list and the minute."""
    answer = HttpResponse(sheet.workbook(title, heads, rows), content_type=sheet.EXCEL)
    name = f"{title.replace(' · ', ' ')} {visit.now.astimezone(visit.place.zone):%Y-%m-%d %H%M}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
