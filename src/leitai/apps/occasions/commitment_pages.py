"""What units owe to meetings: what they will say, and what they promised; the unit shows it, the office looks at it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.ui.typed import plain

from . import actions, queries
from .meeting_pages import as_shown
from .models import Commitment, Statement

_OVER = ("held", "cancelled")
PER_PAGE = 30


@require_safe
@page("desk.see")
def asked(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What meetings wait for from the viewer, as a part of the desk; nothing where nothing is asked."""
    context = {
        "visit": visit,
        "say": [_to_say(one) for one in queries.to_say(visit.viewer, visit.place)],
        "show": [as_shown(one) for one in queries.to_show(visit.viewer, visit.place)],
        "accept": [as_shown(one) for one in _to_accept(visit)],
    }
    return render(request, "occasions/_asked.html", context)


def _to_say(row: Statement) -> dict[str, Any]:
    return {"row": row, "name": queries.name(row.occasion)}


def _to_accept(visit: Visit) -> list[Commitment]:
    if not visit.viewer.may("commitment.note"):
        return []
    return [one for one in queries.to_accept(visit.place) if queries.may_accept(visit.viewer, one)]


@require_http_methods(["GET", "HEAD", "POST"])
@page("desk.see")
def statement(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What a unit will say at a meeting, and why it is asked; handed in by the unit."""
    row = queries.statement(visit.place, number)
    if row is None:
        raise Http404(_("There is no such statement."))
    gives = visit.viewer.may("statement.give", row.unit)
    refusal = ""
    if request.method == "POST":
        if not gives:
            raise PermissionDenied(_("Only the unit itself hands in what it will say."))
        try:
            text = plain(request.POST.get("text", ""))
            actions.give_statement(statement=row, text=text, by=visit.viewer.name, now=visit.now)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(
                request, _("Handed in. It is read before the meeting, and compared with what follows.")
            )
            return redirect("occasions:statement", visit.place.key, row.pk)
    spec = queries.spec_of(row.occasion)
    earlier = [one for one in queries.said_by_unit(row.unit) if one.pk != row.pk and one.given_at]
    context = {
        "visit": visit,
        "row": row,
        "name": queries.name(row.occasion),
        "speaking": spec.speaking if spec is not None else None,
        "gives": gives
        and row.occasion.state not in _OVER
        and not (row.given_at and visit.now >= row.occasion.at),
        "said": row.text if queries.may_read(visit.viewer, row, visit.now) else "",
        "earlier": [one for one in earlier if queries.may_read(visit.viewer, one, visit.now)],
        "typed": request.POST.get("text", row.text),
        "refusal": refusal,
    }
    return render(request, "occasions/statement.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page("desk.see")
def commitment(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One promise: what came of it, how often it was made; evidence shown by the unit and looked at by another."""
    row = queries.commitment(visit.place, number)
    if row is None:
        raise Http404(_("There is no such commitment."))
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, visit, row))
        except Refused as refused:
            refusal = str(refused)
        else:
            return redirect("occasions:commitment", visit.place.key, row.pk)
    context = {
        "visit": visit,
        "one": as_shown(row),
        "row": row,
        "name": queries.name(row.occasion),
        "chain": queries.chain(row)[1:],
        "next": queries.promised_again(row),
        "tests": queries.tests(row),
        "may_show": queries.may_show(visit.viewer, row) and not row.accepted,
        "may_accept": queries.may_accept(visit.viewer, row),
        "typed": request.POST,
        "refusal": refusal,
    }
    return render(request, "occasions/commitment.html", context, status=409 if refusal else 200)


def _act(request: HttpRequest, visit: Visit, row: Commitment) -> str:
    """Show what was promised, or look at it. Raises PermissionDenied, Refused."""
    who = {"by": visit.viewer.name, "now": visit.now}
    if request.POST.get("do") == "show":
        visit.viewer.check("commitment.show", row.unit)
        actions.show(commitment=row, evidence=plain(request.POST.get("evidence", ""), 500), **who)
        return _("Shown. Somebody of the office looks at it.")
    visit.viewer.check("commitment.note")
    if visit.viewer.may("commitment.show", row.unit):
        raise PermissionDenied(_("Nobody accepts what their own unit shows."))
    accepted = request.POST.get("accepted") == "1"
    actions.accept(commitment=row, accepted=accepted, why=plain(request.POST.get("why", ""), 300), **who)
    return _("Accepted.") if accepted else _("Not accepted; the unit may show it anew.")


@require_safe
@page("desk.see")
def commitments(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was promised at meetings, what is open by day and what came of the rest."""
    rows = queries.all_commitments(visit.place, unit=plain(request.GET.get("unit", ""), 100))
    today = visit.now.astimezone(visit.place.zone).date()
    tested = Paginator([one for one in rows if one.verdict], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "open": [{**as_shown(one), "over": one.due < today} for one in rows if not one.verdict],
        "tested": [as_shown(one) for one in tested],
        "page": tested,
        "unit": plain(request.GET.get("unit", ""), 100),
    }
    return render(request, "occasions/commitments.html", context)
