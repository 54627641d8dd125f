"""The ledger of sponsored enterprises: who answers for each, who is its liaison, and what it is waiting for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page

from . import queries


@require_safe
@page("enterprise.manage")
def enterprises(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All enterprises of the place."""
    waiting = queries.of_enterprises(visit.place, visit.now)
    rows = [(one, *waiting.get(one.pk, (0, 0))) for one in people.enterprises(visit.place)]
    return render(request, "casework/enterprises.html", {"visit": visit, "rows": rows})
