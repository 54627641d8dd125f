"""Campaigns: all of them by kind with their lights; one with its goals, what they are judged by, and its evidence."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from . import actions, queries, sheet, wording


@require_safe
@page("project.see")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every campaign by kind, with how many of its goals have which light."""
    found = queries.campaigns(visit.place, visit.now)
    context = {
        "visit": visit,
        "kinds": [
            (wording.kind(kind), kind, [one for one in found if one.spec.of == kind])
            for kind in queries.KINDS
            if any(one.spec.of == kind for one in found)
        ],
    }
    return render(request, "campaigns/index.html", context)


@require_safe
@page("project.see")
def export(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same in Excel, goal by goal."""
    data = sheet.workbook(visit.place, queries.campaigns(visit.place, visit.now), visit.now)
    answer = HttpResponse(data, content_type=sheet.EXCEL)
    name = f"{visit.place.name} {_('Campaigns')} {visit.now.astimezone(visit.place.zone):%Y-%m-%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@page("project.see")
def one(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """A campaign's goals; posting offers evidence for one, or answers evidence that was offered."""
    found = queries.campaigns(visit.place, visit.now, key)
    if not found or not key:
        raise Http404(_("There is no such campaign."))
    refusal = ""
    if request.method == "POST":
        try:
            _act(request.POST, visit, found[0])
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("campaigns:one", visit.place.key, key)
    context = {
        "visit": visit,
        "one": found[0],
        "kind": wording.kind(found[0].spec.of),
        "goals": [(goal, _may(visit, goal)) for goal in found[0].goals],
        "answers": visit.viewer.may("project.run"),
        "proofs": queries.proofs(visit.place, key),
        "names": {name: goal.name for name, goal in found[0].spec.goals.items()},
        "refusal": refusal,
    }
    return render(request, "campaigns/one.html", context, status=409 if refusal else 200)


def _may(visit: Visit, goal: queries.Goal) -> bool:
    """Whether the viewer may offer evidence for a goal: its owner, or the office."""
    if goal.spec.measure is not None:
        return False
    if goal.owner is None:
        return visit.viewer.may("project.run")
    return visit.viewer.may("campaign.work", goal.owner)


def _act(posted: QueryDict, visit: Visit, campaign: queries.Campaign) -> None:
    who: dict[str, Any] = {"by": visit.viewer.name, "now": visit.now}
    if posted.get("do") == "offer":
        goal = next((one for one in campaign.goals if one.key == posted.get("goal")), None)
        if goal is None:
            raise refuse("no-goal", N_("The rule-book has no such goal."))
        visit.viewer.check("campaign.work" if goal.owner is not None else "project.run", goal.owner)
        actions.offer(
            place=visit.place,
            campaign=campaign.key,
            goal=goal.key,
            text=plain(posted.get("text", "")),
            ref=plain(posted.get("ref", "")),
            **who,
        )
        return
    visit.viewer.check("project.run")  # the office looks at evidence; an owner does not accept its own
    number = posted.get("proof", "")
    row = queries.proof(visit.place, int(number)) if number.isdecimal() and len(number) < 19 else None
    if row is None or row.campaign != campaign.key:
        raise refuse("no-evidence", N_("There is no such evidence."))
    accepted = posted.get("do") == "accept"
    actions.answer(proof=row, accepted=accepted, reply=plain(posted.get("reply", "")), **who)
