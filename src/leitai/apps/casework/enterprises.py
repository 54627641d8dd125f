"""The ledger of sponsored enterprises: who answers for each, who is its liaison, and what it is waiting for."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page

from . import queries

PER_PAGE = 100


@require_safe
@page("enterprise.manage")
def enterprises(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The enterprises of the place, by key."""
    waiting = queries.of_enterprises(visit.place, visit.now)
    shown = Paginator(people.enterprises(visit.place), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, *waiting.get(one.pk, (0, 0))) for one in shown.object_list]
    return render(request, "casework/enterprises.html", {"visit": visit, "page": shown, "rows": rows})
