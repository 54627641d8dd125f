"""Leads of the screens: what looks odd, how unlikely it is by accident, and what a person made of it.

Nothing here is a verdict on anybody. A lead says what was seen and expected, and names the innocent reason first.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page

from .. import actions, queries
from ..actions.leads import ASIDE
from ..models import Lead, LeadState
from .calls import GRADES

A_PAGE = 40
NAMES = {
    "silent": N_("Silent codes"),
    "refused": N_("Refused codes"),
    "bursts": N_("Bursts"),
    "hidden": N_("Hidden services"),
    "channels": N_("Channels that disagree"),
    "words": N_("The same words"),
    "talked-away": N_("Talked away"),
}


def said(row: Lead) -> str:
    """A lead's sentence in the language of the page."""
    return _(row.message) % row.values


@require_safe
@page("lead.see")
def board(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Leads by state and screen, those that wait first."""
    state = request.GET.get("state", "")
    state = state if state in LeadState.values else LeadState.OPEN.value
    screen = request.GET.get("screen", "")
    screen = screen if screen in NAMES else ""
    found = Paginator(queries.leads(visit.place, state=state, screen=screen), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "visit": visit,
        "page": found,
        "total": found.paginator.count,
        "rows": [(row, _(NAMES.get(row.screen, row.screen)), said(row)) for row in found.object_list],
        "states": [(value, label, value == state) for value, label in LeadState.choices],
        "screens": [(key, _(name), key == screen) for key, name in NAMES.items()],
        "state": state,
    }
    return render(request, "ballots/leads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("lead.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One lead with its evidence; posting says what it was."""
    row = queries.lead(visit.place, number)
    if row is None:
        raise Http404(_("There is no such lead."))
    refusal = ""
    if request.method == "POST":
        visit.viewer.check("lead.decide")
        try:
            if request.POST.get("confirmed") not in ("1", "0"):
                return _show(request, visit, row, _("Say what it was."), 409)
            actions.decide_lead(
                lead=row,
                confirmed=request.POST["confirmed"] == "1",
                reason=request.POST.get("reason", ""),
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("What you found is on record."))
            return redirect("ballots:leads", visit.place.key)
    return _show(request, visit, row, refusal, 409 if refusal else 200)


def _show(request: HttpRequest, visit: Visit, row: Lead, refusal: str, status: int) -> HttpResponse:
    found = queries.verdicts_of(row)
    daily = row.evidence.get("daily-counts") or []
    context: dict[str, Any] = {
        "visit": visit,
        "lead": row,
        "name": _(NAMES.get(row.screen, row.screen)),
        "said": said(row),
        "refusal": refusal,
        "typed": request.POST,
        "daily": daily,
        "over": row.evidence.get("daily-over") or [],
        "most": max(daily, default=0),
        "missing": row.evidence.get("missing-numbers") or [],
        "verdicts": [(one, GRADES.get(one.grade, one.grade)) for one in found],
        "sets_aside": row.screen in ASIDE,
    }
    return render(request, "ballots/lead.html", context, status=status)
