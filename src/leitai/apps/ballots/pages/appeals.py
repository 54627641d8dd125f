"""A bad verdict as the unit it is about sees it: what was given on which day, what was found, and the way to appeal.

Nothing here tells who gave it or who called: no name, no telephone number, no words, no time of the day.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people.access import Visit, page
from leitai.rules.ballots import calling
from leitai.rules.kernel import Text
from leitai.ui import words

from .. import actions, queries
from ..models import Ballot, Outcome
from ..queries import verification as look
from .calls import GRADES


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The verdict and where it stands; posting appeals."""
    row = _ballot(visit, number)
    if request.method == "POST":
        visit.viewer.check("ballot.appeal", row.unit)
        try:
            actions.appeal(ballot=row, text=request.POST.get("text", ""), by=visit.viewer.name, now=visit.now)
        except Refused as refusal:
            context = _context(visit, row) | {"refusal": str(refusal), "typed": request.POST}
            return render(request, "ballots/appeal.html", context, status=409)
        messages.success(request, _("Your appeal is on record; a reviewer who is not of your unit decides."))
        return redirect("ballots:verdict", visit.place.key, number)
    return render(request, "ballots/appeal.html", _context(visit, row))


@require_safe
@page("case.see")
def part(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The same in short, as a part of the page of the case about it."""
    return render(request, "ballots/_stands.html", _context(visit, _ballot(visit, number)))


def _ballot(visit: Visit, number: int) -> Ballot:
    row = queries.by_subject(visit.place, f"ballot:{number}")
    if row is None or look.stage(row) is None:
        raise Http404(_("There is no such verdict."))
    visit.viewer.check("case.see", row.unit)
    return row


def _context(visit: Visit, row: Ballot) -> dict[str, Any]:
    place, viewer = visit.place, visit.viewer
    call, spec = look.call_of(row), look.rules(row)
    stage = look.stage(row)
    reasons, _words, _phone = queries.words(row)
    asked = look.reviews_of(row)
    why = look.check_appeal(row, visit.now)
    near = look.near(place, row.unit, viewer.account.username)
    mine = call is not None and call.caller_id == viewer.account.pk

    def day(at: Any) -> str:
        return words.instant(at, place.zone, "day")

    return {
        "visit": visit,
        "ballot": row,
        "grade": GRADES.get(row.grade, row.grade),
        "day": day(row.cast_at),
        "reasons": [spec.reasons.get(key, Text(en=key)) for key in reasons],
        "stage": calling.STAGES[stage] if stage is not None else None,
        "calling": stage in calling.ACTS["pass-on"],
        "outcome": Outcome(call.outcome).label if call is not None and call.outcome else "",
        "found": day(call.done_at) if call is not None and call.done_at else "",
        "tries": call.tries if call is not None else 0,
        "needed": spec.tries,
        "appeal": next((one for one in asked if one.ask == "appeal"), None),
        "decided": [(one, day(one.decided_at)) for one in asked if one.decided_at is not None],
        "may_appeal": viewer.may("ballot.appeal", row.unit),
        "cannot": tell(why) if why is not None else "",
        "account": look.window(row, "appeal").account,
        "call_link": stage in calling.ACTS["pass-on"]
        and viewer.may("ballot.call")
        and not near
        and (mine or viewer.may("ballot.words")),
        "review": next((one for one in asked if one.granted is None), None)
        if viewer.may("ballot.review") and not near
        else None,
        "typed": {},
    }
