"""An enterprise's own starts, by its secret link: who holds which permit, what is lacking, and handing it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.ui.typed import line

from . import actions, pages, queries
from .models import Start


@require_safe
@never_cache
@public_page
def index(request: HttpRequest, visit: Visit, enterprise: str, secret: str) -> HttpResponse:
    """The enterprise's starts, the newest first."""
    firm = _firm(visit, enterprise, secret)
    context = {
        "visit": visit,
        "firm": firm,
        "secret": secret,
        "lines": queries.of_enterprise(firm, visit.now),
    }
    return _private(render(request, "permits/door.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_page
def one(request: HttpRequest, visit: Visit, enterprise: str, secret: str, number: int) -> HttpResponse:
    """One start of the enterprise; posting to it hands a paper in, or commits the enterprise to bring it later."""
    firm = _firm(visit, enterprise, secret)
    row = queries.start(visit.place, number)
    if row is None or row.enterprise_id != firm.pk:
        raise Http404(_("There is no such start."))
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(visit, firm, row, request.POST))
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("permits:door_one", visit.place.key, enterprise, secret, number)
    context = pages.told(request, visit, row) | {"firm": firm, "secret": secret}
    context["refusal"] = refusal or context["refusal"]
    account = context["account"]
    context["waiting_for_us"] = row.given_up_at is None and (
        any(not paper.held for paper in account.papers) or any(one.may_commit for one in account.permits)
    )
    return _private(render(request, "permits/door_one.html", context, status=409 if refusal else 200))


def _act(visit: Visit, firm: Any, row: Start, posted: Any) -> str:
    who: dict[str, Any] = {"by": f"enterprise:{firm.key}", "now": visit.now}
    if posted.get("do") == "give":
        key, note = line(posted.get("paper", ""), 40), line(posted.get("note", ""), 200)
        actions.give_paper(start=row, key=key, note=note, **who)
        return _("Handed in for all permits that ask for it.")
    permit = row.permits.filter(key=posted.get("permit", "")).select_related("unit", "start__place").first()
    if posted.get("do") != "commit" or permit is None:
        raise Http404(_("There is no such step."))
    actions.commit(permit=permit, **who)
    return _("Taken up on your commitment.")


def _firm(visit: Visit, key: str, secret: str) -> Any:
    firm = people.enterprise_by_link(visit.place, key, secret)
    if firm is None:
        raise Http404(_("This link is not valid. Ask your liaison officer for a new one."))
    return firm


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "same-origin"
    return answer
