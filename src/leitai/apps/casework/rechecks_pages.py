"""Looking again at closed cases, for a phone in one hand; and what it says of each unit, for those who oversee.

Whoever looks again is shown the problem, where it is and how it was: not the unit, nor what it says it did, until they
have said what they found. A telephone number is shown to the one who calls, and to nobody once the case is done.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.ui.typed import plain

from . import actions, queries
from .models import Recheck
from .queries import rechecks as look
from .queries.cases import said_in_form

OUTCOMES = {
    "over": (gettext_lazy("It is over"), gettext_lazy("The problem is gone.")),
    "not-over": (
        gettext_lazy("It is not over"),
        gettext_lazy("The problem is still there, or there again. What follows is for the rule-book."),
    ),
    "cannot-tell": (
        gettext_lazy("It cannot be told"),
        gettext_lazy("Nobody was reached, or the place was not found. It counts neither way."),
    ),
}


@require_safe
@page("case.recheck")
def to_do(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits to be looked at again, without those that this person may not look at."""
    rows = look.to_do(visit.place, visit.viewer.name)
    context = {"visit": visit, "rows": [(row, queries.kind_label(row.case)) for row in rows]}
    return render(request, "casework/rechecks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("case.recheck")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One problem to be looked at again; posting shows the number to call, or says what was found."""
    row = _row(visit, number)
    by, now, refusal = visit.viewer.name, visit.now, ""
    try:
        if request.method == "POST" and "call" in request.POST:
            actions.show_phone(recheck=row, by=by, now=now)
            return redirect("casework:recheck", visit.place.key, number)
        if request.method == "POST":
            actions.finish_recheck(
                recheck=row,
                outcome=plain(request.POST.get("outcome", ""), 20),
                note=plain(request.POST.get("note", ""), 2000),
                by=by,
                now=now,
            )
            messages.success(request, _("What you found is on record."))
            return redirect("casework:recheck", visit.place.key, number)
    except Refused as told:
        refusal = str(told)
    return render(
        request,
        "casework/recheck.html",
        _context(request, visit, row, refusal),
        status=409 if refusal else 200,
    )


@require_safe
@page("case.recheck")
def photo(_request: HttpRequest, visit: Visit, number: int, photo: int) -> HttpResponse:
    """A photo of how it was, by an address that does not lead to the case."""
    row = _row(visit, number)
    shown = photo in {one.pk for one in look.before(row.case)}
    picture = queries.photo(row.case, photo) if shown else None
    if picture is None:
        raise Http404(_("There is no such photo."))
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@require_safe
@page("lead.see")
def bounds(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What re-inspection says of the closings of each unit, period by period."""
    periods = look.periods(visit.place)
    asked = request.GET.get("period", "")
    chosen = asked if asked in periods else next(iter(periods), "")
    context = {
        "visit": visit,
        "periods": [(key, key == chosen) for key in periods],
        "period": chosen,
        "rows": look.bounds(visit.place, chosen) if chosen else [],
    }
    return render(request, "casework/recheck_bounds.html", context)


def _row(visit: Visit, number: int) -> Recheck:
    row = look.recheck(visit.place, number)
    if row is None:
        raise Http404(_("There is no such re-inspection."))
    return row


def _context(request: HttpRequest, visit: Visit, row: Recheck, refusal: str) -> dict[str, Any]:
    """What the page shows: the unit's account only when the finding is on record."""
    by = visit.viewer.name
    barred = look.check_inspector(row, by) if not row.outcome else None
    calling = look.caller(row, visit.now) if not row.outcome and row.way == "callback" else ""
    return {
        "visit": visit,
        "row": row,
        "kind": queries.kind_label(row.case),
        "answers": said_in_form(row.case),
        "photos": look.before(row.case),
        "barred": barred,
        "busy": bool(calling and calling != by),
        "phone": look.phone(row.case) if calling == by else "",
        "outcome": OUTCOMES[row.outcome][0] if row.outcome else "",
        "outcomes": [(key, *words, request.POST.get("outcome") == key) for key, words in OUTCOMES.items()],
        "typed": request.POST,
        "account": queries.timeline(row.case) if row.outcome else (),
        "refusal": refusal,
    }
