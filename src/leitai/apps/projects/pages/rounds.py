"""The week's plan, the month's dispatch, the quarter's review, on one page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import Period, PeriodError

from .. import queries
from ..queries import Filter
from ..rows import local_day

KINDS = ("week", "month", "quarter")
PER_PAGE = 50


@require_safe
@page("project.see")
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A week, a month or a quarter of the projects that the filter leaves."""
    today = local_day(visit.place, visit.now)
    period = _period(request.GET.get("period", ""), today)
    by = Filter.of(request.GET)
    found, total = queries.reviewed(visit.place, period, by)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "visit": visit,
        "period": period,
        "over": period.last < today,
        "spans": [Period.containing(kind, min(today, period.last)) for kind in KINDS],
        "before": period.previous(),
        "after": period.next(),
        "by": by,
        "total": total,
        "page": shown,
        "rows": queries.rows(shown.object_list, period),
        **queries.options(visit.place, visit.now),
    }
    return render(request, "projects/review.html", context)


def _period(text: str, today: Any) -> Period:
    try:
        found = Period.parse(text[:10])
    except PeriodError:
        found = None
    return found if found is not None and found.kind in KINDS else Period.containing("week", today)
