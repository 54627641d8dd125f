"""What looks bent among figures, for the office; and how much each unit is asked for."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period

from . import queries
from .pages import period_of

NAMES = {
    "zero": N_("0 where it was never near 0"),
    "heap": N_("Just above the threshold"),
    "last-day": N_("On the last day"),
    "twin": N_("Up, and its audit flat"),
}
WEEKS = 13
A_PAGE = 60


@require_safe
@page("lead.see")
def screens(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Signs over the year up to a period. Nothing is kept of them, and nobody is judged by them."""
    period = period_of(visit, request.GET.get("period", ""))
    regime = regimes.regime_on(visit.place, period.last)
    refusal = ""
    try:
        found = queries.screened(visit.place, regime, period)
    except Refused as told:
        found, refusal = [], str(told)
    context = {
        "visit": visit,
        "period": period,
        "refusal": refusal,
        "rows": [
            (
                one,
                _(NAMES[one.sign.screen]),
                _(one.sign.message) % one.sign.values,
                regime.measures.get(one.measure),
            )
            for one in found
        ],
    }
    return render(request, "measures/screens.html", context)


@require_safe
@page("desk.see")
def burden(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Asks per unit and week over the last quarter; a clerk sees their own unit's."""
    today = visit.now.astimezone(visit.place.zone).date()
    weeks = [Period.containing("week", today)]
    while len(weeks) < WEEKS:
        weeks.insert(0, weeks[0].previous())
    regime = regimes.regime_on(visit.place, today)
    rows = queries.burden(visit.place, regime, weeks)
    if not visit.viewer.may("merit.decide") and not visit.viewer.may("reading.verify"):
        rows = [one for one in rows if visit.viewer.may("desk.see", one.unit)]
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "page": found,
        "rows": found.object_list,
        "weeks": weeks,
        "most": rows[0] if rows else None,
    }
    return render(request, "measures/burden.html", context)
