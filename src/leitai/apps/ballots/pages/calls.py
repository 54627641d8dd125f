"""The queue of bad verdicts: each is called back, and found true or set aside with a reason that is public.

Whoever calls does not see the unit's version: nothing of the case that was opened for the unit is read here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.ballots import NATIONAL_FIVE, TWO
from leitai.rules.kernel import Text

from .. import actions, queries

# Names of grades by key, of either scale: a verdict keeps its grade when the place changes its scale.
GRADES = {grade.key: grade.name for scale in (NATIONAL_FIVE, TWO) for grade in scale.grades}


@require_safe
@page("ballot.call")
def queue(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Bad verdicts that nobody has verified yet, the oldest first; of one unit, if the address names it."""
    text = request.GET.get("q", "").strip()
    found = Paginator(queries.waiting(visit.place, text), 40).get_page(request.GET.get("page"))
    for row in found.object_list:
        row.graded = GRADES.get(row.grade, row.grade)
    context = {"visit": visit, "page": found, "total": found.paginator.count, "text": text}
    return render(request, "ballots/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("ballot.call")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One of them, with what the citizen added; posting says what the call-back found."""
    row = queries.waiting(visit.place).filter(pk=number).first()
    if row is None:
        raise Http404(_("This verdict is not waiting to be verified."))
    refusal = ""
    if request.method == "POST":
        try:
            actions.verify(
                ballot=row,
                upheld=request.POST.get("found") == "true",
                reason=request.POST.get("reason", ""),
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("The verdict on %(unit)s is verified.") % {"unit": row.unit.name})
            return redirect("ballots:queue", visit.place.key)
    day = row.cast_at.astimezone(visit.place.zone).date()
    known = regimes.regime_on(visit.place, day).ballots.reasons
    context: dict[str, Any] = {
        "visit": visit,
        "ballot": row,
        "refusal": refusal,
        "grade": GRADES.get(row.grade, row.grade),
    }
    context["may_read"] = visit.viewer.may("ballot.words")
    context["typed"] = request.POST
    if context["may_read"]:
        reasons, words, phone = queries.words(row)
        context |= {
            "reasons": [known.get(key, Text(en=key)) for key in reasons],
            "words": words,
            "phone": phone,
        }
    return render(request, "ballots/one.html", context, status=409 if refusal else 200)
