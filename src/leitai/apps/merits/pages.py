"""The file of a consequence: rule, evidence, the reply of the one concerned, who decides and by when.

Nothing is decided before the reply or the end of the time for it; the page shows which of the two is awaited.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page

from . import actions, queries
from .models import Proposal, ProposalState


@require_safe
@page("merit.see")
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open files, what must be answered first first; then those decided lately."""
    context = {
        "visit": visit,
        "open": queries.named(visit.place, queries.open_for(visit.place, visit.viewer)),
        "decided": queries.named(visit.place, queries.decided(visit.place, visit.viewer)),
    }
    return render(request, "merits/list.html", context)


@require_safe
@page("desk.see")
def awaiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Files that wait for this viewer, as a part of the desk: a clerk's reply, a leader's decision."""
    rows = queries.open_for(visit.place, visit.viewer) if visit.viewer.may("merit.see") else []
    replying, deciding = visit.viewer.may("merit.reply"), visit.viewer.may("merit.decide")
    waiting = [
        row
        for row in rows
        if (replying and row.state == ProposalState.PROPOSED and row.reply_by is not None)
        or (deciding and queries.check_decide(row, visit.now) is None)
    ]
    found = queries.named(visit.place, waiting)
    return render(request, "merits/_awaiting.html", {"visit": visit, "rows": found, "deciding": deciding})


@require_safe
@page("merit.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One file."""
    return _show(request, visit, _file(visit, number, "merit.see"))


@require_POST
@page("merit.reply")
def reply(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What the unit says to it."""
    row = _file(visit, number, "merit.reply")
    try:
        actions.reply(proposal=row, text=request.POST.get("text", ""), by=visit.viewer.name, now=visit.now)
    except Refused as refusal:
        return _show(request, visit, row, refusal=str(refusal), typed=request.POST, status=409)
    messages.success(request, _("Your reply is on file; whoever decides will have read it."))
    return redirect("merits:one", visit.place.key, row.pk)


@require_POST
@page("merit.decide")
def decide(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The decision, with its grounds."""
    row = _file(visit, number, "merit.decide")
    try:
        actions.decide(
            proposal=row,
            upheld=request.POST.get("upheld") == "1",
            decision=request.POST.get("decision", ""),
            by=visit.viewer.name,
            now=visit.now,
        )
    except Refused as refusal:
        return _show(request, visit, row, refusal=str(refusal), typed=request.POST, status=409)
    return redirect("merits:one", visit.place.key, row.pk)


def _file(visit: Visit, number: int, permission: str) -> Proposal:
    """The file, if the permission holds for its unit: else 404 or 403."""
    row = queries.proposal(visit.place, number)
    if row is None:
        raise Http404(_("There is no such file."))
    visit.viewer.check("merit.see", row.unit)
    visit.viewer.check(permission, row.unit)
    return row


def _show(
    request: HttpRequest, visit: Visit, row: Proposal, *, status: int = 200, **more: Any
) -> HttpResponse:
    spec = queries.spec_of(row)
    is_open = row.state != ProposalState.DECIDED
    not_yet = queries.check_decide(row, visit.now) if is_open else None
    user = row.decided_by.removeprefix("account:")
    context = {
        "visit": visit,
        "row": row,
        "name": queries.name(row),
        "spec": spec,
        "is_open": is_open,
        "not_yet": tell(not_yet) if not_yet else "",
        "awaited": row.reply_by is not None and not row.reply and visit.now < row.reply_by,
        "number": _number(row.evidence),
        "can_reply": is_open and visit.viewer.may("merit.reply", row.unit),
        "can_decide": is_open and visit.viewer.may("merit.decide", row.unit),
        "decider": people.accounts([user]).get(user, user) if user else "",
        **more,
    }
    return render(request, "merits/one.html", context, status=status)


def _number(evidence: str) -> int | None:
    """The number in the ledger of the event that a file rests on."""
    kind, _colon, rest = evidence.partition(":")
    digits = rest.partition("/")[0]
    return int(digits) if kind == "event" and digits.isdecimal() else None
