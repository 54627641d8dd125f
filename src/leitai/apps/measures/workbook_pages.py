"""The workbook of a unit and a period: downloaded, filled in, and sent back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse, tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_

from . import incoming, queries
from .pages import period_of
from .workbook import MOST_BYTES, filled, template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@page("reading.report")
def workbook(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The workbook of one of the viewer's units; posting takes a filled one in and says what became of each cell."""
    context: dict[str, Any] = {"visit": visit}
    try:
        if request.method != "POST":
            return _download(request, visit)
        context |= _take(request, visit)
    except Refused as told:
        context["refusal"] = str(told)
    return render(request, "measures/workbook.html", context, status=409 if "refusal" in context else 200)


def _download(request: HttpRequest, visit: Visit) -> HttpResponse:
    unit = people.unit(visit.place, request.GET.get("unit", "")) or next(iter(visit.viewer.units), None)
    if unit is None:
        raise Http404(_("There is no such unit."))
    if not visit.viewer.may("reading.report", unit):
        raise PermissionDenied(_("This unit's figures are not yours to report."))
    period = period_of(visit, request.GET.get("period", ""))
    regime = regimes.regime_on(visit.place, period.last)
    answer = HttpResponse(template(visit.place, [unit], regime, period, visit.now), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{unit.key}-{period.key}.xlsx")
    return answer


def _take(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """What became of a workbook that was sent."""
    file = request.FILES.get("file")
    if file is None:
        raise refuse("no-file", N_("Choose the workbook you filled in."))
    if (file.size or 0) > MOST_BYTES:
        raise refuse("too-big", N_("The file is larger than %(most)s MB."), most=MOST_BYTES >> 20)
    lines, faults, period = filled(
        visit.place, file.read(), lambda period: regimes.regime_on(visit.place, period.last)
    )
    told = incoming.take(
        visit.place,
        lines,
        lambda unit: visit.viewer.may("reading.report", unit),
        by=visit.viewer.name,
        now=visit.now,
    )
    regime = regimes.regime_on(visit.place, period.last)
    mine = {unit.pk for unit in visit.viewer.units}
    still = [
        one
        for one in queries.asks(visit.place, regime, period, visit.now)
        if one.reading is None and one.unit.pk in mine
    ]
    return {
        "told": told,
        "period": period,
        "rejected": [(where, tell(finding)) for where, finding in [*faults, *told.rejected]],
        "still": still,
    }
