"""The library: what is behind and where; the same in Excel, and as points for a map; a new project."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_

from .. import actions, queries, sheet
from ..drafts import Draft
from ..queries import Filter
from .forms import plain, sums_of

PER_PAGE = 50


@require_safe
@page("project.see")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The library by filter, the furthest behind first."""
    by = Filter.of(request.GET)
    chosen = queries.options(visit.place, visit.now)
    shown = Paginator(queries.listed(visit.place, by), PER_PAGE)
    tallies = queries.tallies(visit.place, by)
    # The counts by light hold the number of lines already.
    shown.count = sum(one.n for one in tallies if by.light in ("", one.light))
    found = shown.get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "page": found,
        "rows": list(found.object_list),
        "by": by,
        "tallies": tallies,
        "total": sum(one.n for one in tallies),
        "yuan": sum(one.yuan for one in tallies),
        "query": request.GET.urlencode(),
        **chosen,
    }
    return render(request, "projects/index.html", context)


@require_safe
@page("project.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the filter shows, in Excel."""
    by = Filter.of(request.GET)
    spec = queries.options(visit.place, visit.now).get("spec")
    data = sheet.workbook(visit, queries.listed(visit.place, by), spec)
    answer = HttpResponse(data, content_type=sheet.EXCEL)
    name = quote(f"{visit.place.name} {sheet.title()} {visit.now:%Y-%m-%d}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.xlsx"
    return answer


@require_safe
@page("project.see")
def points(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the filter shows as GeoJSON."""
    spec = queries.options(visit.place, visit.now).get("spec")
    told = queries.geojson(visit.place, Filter.of(request.GET), spec, visit.now)
    return HttpResponse(told, content_type="application/geo+json")


@require_http_methods(["GET", "HEAD", "POST"])
@page("project.run")
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter a project."""
    refusal = ""
    if request.method == "POST":
        try:
            row = _add(visit, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("projects:one", visit.place.key, row.code)
    context = {
        "visit": visit,
        "typed": request.POST,
        "refusal": refusal,
        "firms": people.enterprises(visit.place),
        "leaders": people.leaders(visit.place),
        **queries.options(visit.place, visit.now),
    }
    return render(request, "projects/add.html", context, status=409 if refusal else 200)


def _add(visit: Visit, posted: Any) -> Any:
    unit = people.unit(visit.place, people.key_of(visit.place, plain(posted.get("unit"))))
    if unit is None:
        raise refuse("no-unit", N_("Say which unit answers for it."))
    firm = people.enterprise(visit.place, plain(posted.get("enterprise")))
    sponsor = next(
        (one for one in people.leaders(visit.place) if one.username == plain(posted.get("sponsor"))), None
    )
    names = ("name", "kind", "level", "chain", "about", "where", "firm")
    values: dict[str, Any] = {name: plain(posted.get(name), 300) for name in names}
    draft = Draft(
        code=plain(posted.get("code"), 60),
        values=values | {"unit": unit, "enterprise": firm, "sponsor": sponsor},
        sums=sums_of(posted),
        libraries=tuple(posted.getlist("library")),
    )
    source = plain(posted.get("source"), 200)
    return actions.add(place=visit.place, draft=draft, source=source, by=visit.viewer.name, now=visit.now)
