"""The public notice of an honour (公示): what is proposed for whom and why, until when, and where to object."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, public_page
from leitai.ui.typed import plain

from . import actions, evidence, queries
from .actions.filing import ONE_OBJECTION as MOST


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def notice(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One honour in its public notice; what is sent is an objection, which only whoever decides reads."""
    row = queries.proposal(visit.place, number)
    if row is None or not queries.is_announced(row, visit.now):
        raise Http404(_("There is no such public notice, or it is over."))
    refusal = ""
    if request.method == "POST":
        text = plain(request.POST.get("text", ""))
        try:
            actions.object_to(proposal=row, text=text, by=visit.viewer.name, now=visit.now)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Your objection is on file; whoever decides will have read it."))
            return redirect("merits:notice", visit.place.key, row.pk)
    context = {
        "visit": visit,
        "row": row,
        "name": queries.name(row),
        "spec": queries.spec_of(row),
        "pieces": [one for one in evidence.pieces(visit, row) if one.url],
        "refusal": refusal,
        "typed": request.POST,
        "most": MOST,
    }
    return render(request, "merits/notice.html", context, status=409 if refusal else 200)
