"""What a unit is asked to report, entered once; and the office's check of what was reported.

Asked are only figures that the house cannot compute from its records; each names the rule that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, PeriodError
from leitai.rules.regime.model import Regime

from . import actions, queries
from .models import Reading

MOST_MISSING = 200  # shown of the figures that did not come


@dataclass(frozen=True)
class Box:
    """One figure to be reported: what is asked, whether its target comes with it, what stood there before."""

    asked: queries.Asked
    unit: Any
    with_target: bool
    last: Reading | None


@require_http_methods(["GET", "HEAD", "POST"])
@page("reading.report")
def report(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The figures asked of the viewer's units; posting reports one of them, or corrects it with a reason."""
    refusal = None
    if request.method == "POST":
        try:
            told = _report(visit, request.POST)
        except Refused as reason:
            refusal = str(reason)
        else:
            messages.success(request, told)
            return redirect("measures:report", visit.place.key)
    boxes = _boxes(visit)
    context = {
        "visit": visit,
        "boxes": boxes,
        "books": list(dict.fromkeys((box.unit, box.asked.period) for box in boxes)),
        "several": len({box.unit for box in boxes}) > 1,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "measures/report.html", context, status=409 if refusal else 200)


@require_safe
@page("desk.see")
def asked(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same in short, as a part of the desk; nothing where nothing is asked."""
    boxes = (
        [box for box in _boxes(visit) if box.asked.reading is None]
        if visit.viewer.may("reading.report")
        else []
    )
    return render(request, "measures/_asked.html", {"visit": visit, "boxes": boxes})


@require_safe
@page("desk.see")
def readings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was reported for a period: the office verifies it here; a clerk's own are on their page."""
    if not visit.viewer.may("reading.verify"):
        return redirect("measures:report", visit.place.key)
    regime = _regime(visit)
    kinds = {
        key: spec for key, spec in regime.measures.items() if spec.from_ in ("reported", "readings.rate")
    }
    period = period_of(visit, request.GET.get("period", ""))
    wanted = request.GET.get("measure", "")
    asked = [key for key, spec in kinds.items() if spec.every == period.kind and wanted in ("", key)]
    aims = queries.standing_aims(visit.place, period.key)
    absent = [
        one
        for one in queries.asks(visit.place, regime, period, visit.now)
        if one.reading is None and one.key in asked
    ]
    found = Paginator(queries.standing(visit.place, asked, period.key), 60).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "page": found,
        "rows": [
            (kinds[row.measure], row, row.unit, aims.get((row.unit_id, row.measure), row.target))
            for row in found.object_list
        ],
        "kinds": kinds,
        "measure": wanted,
        "period": period,
        "missing": absent[:MOST_MISSING],
        "missing_count": len(absent),
        "late_count": sum(one.state == "late" for one in absent),
        "waiting": queries.standing(visit.place, asked, period.key).filter(state="reported").count(),
    }
    return render(request, "measures/readings.html", context)


@require_POST
@page("reading.verify")
def verify(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The office has checked a figure."""
    period, measure = period_of(visit, request.POST.get("period", "")), request.POST.get("measure", "")
    row = queries.standing(visit.place, [measure], period.key).filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no such reading."))
    try:
        actions.verify(reading=row, by=visit.viewer.name, now=visit.now)
    except Refused as told:
        if not request.htmx:
            messages.error(request, str(told))
            return redirect("measures:reading", visit.place.key, row.pk)
    if request.htmx:
        return render(request, "measures/_state.html", {"visit": visit, "row": row})
    return redirect("measures:readings", visit.place.key)


def _regime(visit: Visit) -> Regime:
    return regimes.regime_on(visit.place, _today(visit))


def _today(visit: Visit) -> Any:
    return visit.now.astimezone(visit.place.zone).date()


def period_of(visit: Visit, key: str) -> Period:
    """The period an address names; the last full month where it names none."""
    try:
        return Period.parse(key)
    except PeriodError:
        return Period.containing("month", _today(visit)).previous()


def _boxes(visit: Visit) -> list[Box]:
    regime, found = _regime(visit), []
    for post in visit.viewer.posts:
        if post.role != "clerk" or post.unit is None:
            continue
        rows = queries.asked(post.unit, regime, _today(visit))
        before = {
            row.measure: row
            for row in queries.readings(post.unit, {one.period.previous().key for one in rows})
        }
        for one in rows:
            points = regime.measures[one.key].points
            bare = points.by == "target" and points.target is None and one.target is None
            found.append(Box(one, post.unit, bare, before.get(one.key)))
    return found


def _report(visit: Visit, posted: Mapping[str, str]) -> str:
    """Reports one figure, or corrects it where a reason is given; says what was done."""
    unit = people.unit(visit.place, posted.get("unit", ""))
    if unit is None:
        raise Http404(_("There is no such unit."))
    if not visit.viewer.may("reading.report", unit):
        raise PermissionDenied(_("This unit's figures are not yours to report."))
    measure = posted.get("measure", "")
    try:
        period = Period.parse(posted.get("period", ""))
    except PeriodError:
        raise Http404(_("There is no such period.")) from None
    value = number_of(posted.get("value", ""))
    if "why" in posted:
        row = next(
            (one for one in queries.current(visit.place, measure, [period.key]) if one.unit_id == unit.pk),
            None,
        )
        if row is None:
            raise Http404(_("There is no such reading."))
        actions.correct(reading=row, value=value, why=posted["why"], by=visit.viewer.name, now=visit.now)
        return _("Corrected; the earlier figure stays in the ledger.")
    actions.report(
        unit=unit,
        measure=measure,
        period=period,
        value=value,
        target=number_of(posted["target"]) if posted.get("target", "").strip() else None,
        by=visit.viewer.name,
        now=visit.now,
    )
    return _("Reported.")


def number_of(text: str) -> Decimal:
    """A number as somebody typed it. Raises Refused."""
    try:
        value = queries.decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= Decimal(10) ** 17:
        raise refuse("not-a-number", N_("“%(text)s” is not a number."), text=text[:40])
    return value
