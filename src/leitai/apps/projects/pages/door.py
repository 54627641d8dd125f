"""An enterprise's projects, by its secret link: where they stand, who holds the path, and what is not so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page

from .. import actions, queries
from ..actions.delays import CORRECTED
from ..rows import local_day, spec_on
from .forms import plain


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_page
def projects(request: HttpRequest, visit: Visit, enterprise: str, secret: str) -> HttpResponse:
    """The page; posting to it says what is not so."""
    firm = people.enterprise_by_link(visit.place, enterprise, secret)
    if firm is None:
        raise Http404(_("This link is not valid. Ask your liaison officer for a new one."))
    rows, refusal = list(queries.of_enterprise(firm)), ""
    if request.method == "POST":
        row = next((one for one in rows if one.code == request.POST.get("code")), None)
        if row is None:
            raise Http404(_("There is no such project."))
        try:
            actions.correct(
                project=row,
                field=plain(request.POST.get("field"), 20),
                said=plain(request.POST.get("said"), 500),
                by=f"enterprise:{firm.key}",
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("On record. Whoever answers for the project looks at it."))
            return redirect("projects:door", visit.place.key, enterprise, secret)
    context = {
        "visit": visit,
        "firm": firm,
        "secret": secret,
        "shown": [_shown(visit, row) for row in rows],
        "fields": CORRECTED,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    answer = render(request, "projects/door.html", context, status=409 if refusal else 200)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "same-origin"
    return answer


def _shown(visit: Visit, row: Any) -> dict[str, Any]:
    today = local_day(visit.place, visit.now)
    spec = spec_on(visit.place, today)
    return {
        "row": row,
        "spec": spec,
        "account": queries.account(row, spec, visit.now),
        "stages": queries.stages(row, spec, today),
        "sums": queries.sums(row),
        "problems": queries.problems(row, visit.now),
        "corrections": row.corrections.order_by("-at")[:20],
    }
