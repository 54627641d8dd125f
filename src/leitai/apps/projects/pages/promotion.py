"""Investment promotion: the funnel, the leads, pairs that may be one firm's, joint starts and signings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_
from leitai.rules.projects.promotion import LOST, STEPS

from .. import actions, queries
from ..rows import local_day
from .forms import day_of, plain, sums_of

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("project.see")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The funnel and the leads; posting notes a new one."""
    refusal = ""
    if request.method == "POST":
        try:
            row = _add(visit, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("projects:lead", visit.place.key, row.code)
    step, unit, text = (plain(request.GET.get(name), 60) for name in ("step", "unit", "q"))
    rows = queries.leads(visit.place, step, unit, text)
    context = {
        "visit": visit,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "board": queries.board(visit.place),
        "twins": queries.twins(visit.place)[:20],
        "joint": queries.gatherings(visit.place),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "step": step,
        "unit": unit,
        "q": text,
        "steps": (*STEPS, LOST),
        "today": local_day(visit.place, visit.now),
        **queries.options(visit.place, visit.now),
    }
    return render(request, "projects/promotion.html", context, status=409 if refusal else 200)


def _add(visit: Visit, said: Any) -> Any:
    unit = people.unit(visit.place, people.key_of(visit.place, plain(said.get("unit"))))
    if unit is None:
        raise refuse("no-unit", N_("Say which unit answers for it."))
    visit.viewer.check("lead.investment", unit)
    return actions.add_lead(
        place=visit.place,
        code=plain(said.get("code"), 60),
        firm=plain(said.get("firm"), 200),
        name=plain(said.get("name"), 300),
        unit=unit,
        on=day_of(said.get("on")),
        chain=plain(said.get("chain"), 40),
        yuan=sums_of(said).get("planned"),
        by=visit.viewer.name,
        now=visit.now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("project.see")
def lead(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """A lead with its road; posting takes its next step, or lands it as a project."""
    row, refusal = queries.lead(visit.place, code), ""
    if row is None:
        raise Http404(_("There is no such lead."))
    mine = visit.viewer.may("lead.investment", row.unit)
    if request.method == "POST":
        if not mine:
            raise PermissionDenied(_("This lead is another unit's."))
        try:
            _step(visit, row, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Kept."))
            return redirect("projects:lead", visit.place.key, code)
    over = row.step in ("landed", LOST)
    ahead = STEPS[max(1, STEPS.index(row.step)) : -1] if not over else ()
    context = {
        "visit": visit,
        "row": row,
        "refusal": refusal,
        "road": row.steps.order_by("-on", "-at"),
        "mine": mine and not over,
        "next": (*(one for one in ahead if one != "signed" or row.step != "signed"), LOST),
        "today": local_day(visit.place, visit.now),
        "twins": [one for one in queries.twins(visit.place) if row.pk in (one.first.pk, one.second.pk)],
    }
    return render(request, "projects/lead.html", context, status=409 if refusal else 200)


def _step(visit: Visit, row: Any, said: Any) -> None:
    on, text, by, now = day_of(said.get("on")), plain(said.get("text"), 500), visit.viewer.name, visit.now
    if said.get("step") != "landed":
        actions.step_lead(lead=row, step=plain(said.get("step"), 10), on=on, text=text, by=by, now=now)
        return
    project = queries.project(visit.place, plain(said.get("project"), 60))
    if project is None:
        raise refuse("no-project", N_("Say by its code which project it became."))
    actions.land(lead=row, project=project, on=on, text=text, by=by, now=now)


@require_POST
@page("project.run")
def decide_twins(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say of two leads whether they are one firm's."""
    pair = [queries.lead(visit.place, plain(request.POST.get(name), 60)) for name in ("first", "second")]
    if None in pair:
        raise Http404(_("There is no such lead."))
    try:
        actions.decide_twins(
            leads=(pair[0], pair[1]),
            same=request.POST.get("same") == "yes",
            note=plain(request.POST.get("note"), 300),
            by=visit.viewer.name,
            now=visit.now,
        )
        messages.success(request, _("Kept."))
    except Refused as told:
        messages.error(request, str(told))
    return redirect("projects:promotion", visit.place.key)
