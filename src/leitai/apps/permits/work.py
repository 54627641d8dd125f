"""What the office and the granting units do on a start: open it, grant, withdraw, take papers in, make it."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.ui.typed import line

from . import actions, pages, queries
from .forms import day
from .models import Paper, Start


@require_http_methods(["GET", "HEAD", "POST"])
@page("permit.work")
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open a start: what, whose, for which project, and which permits it does not need."""
    starts = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date()).starts
    if not starts:
        raise Http404(_("The rule-book of this place has no start as one matter."))
    refusal = ""
    posted = request.POST
    if request.method == "POST":
        try:
            row = _open(visit, posted)
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("permits:one", visit.place.key, row.pk)
    key = (posted or request.GET).get("key", "")
    key = key if key in starts else next(iter(starts))
    context = {
        "visit": visit,
        "starts": [(name, spec.name) for name, spec in starts.items()],
        "key": key,
        "permits": [
            (name, one.name) for name, one in starts[key].permits.items() if name not in starts[key].start
        ],
        "firms": people.enterprises(visit.place),
        "typed": posted or request.GET,
        "why": {name[4:]: text for name, text in posted.items() if name.startswith("why-")},
        "refusal": refusal,
        "once": line(posted.get("once", ""), 64) or secrets.token_urlsafe(18),
    }
    return render(request, "permits/new.html", context, status=409 if refusal else 200)


def _open(visit: Visit, posted: Any) -> Start:
    firm_key = line(posted.get("enterprise", ""), 100)
    firm = people.enterprise(visit.place, firm_key) if firm_key else None
    if firm_key and firm is None:
        raise refuse("unknown-enterprise", N_("There is no enterprise %(key)s."), key=firm_key)
    start: Start = actions.open_start(
        place=visit.place,
        key=line(posted.get("key", ""), 40),
        title=line(posted.get("title", "")),
        enterprise=firm,
        project=line(posted.get("project", ""), 60),
        not_needed={
            name[4:]: line(text) for name, text in posted.items() if name.startswith("why-") and line(text)
        },
        once=line(posted.get("once", ""), 64),
        by=visit.viewer.name,
        now=visit.now,
    )
    return start


@require_POST
@page("permit.work")
def permit(request: HttpRequest, visit: Visit, number: int, key: str) -> HttpResponse:
    """Grant a permit, take it up on a commitment, withdraw it, or do without it."""
    start = pages.found(visit, number)
    row = start.permits.select_related("unit__parent", "start__place").filter(key=key).first()
    if row is None:
        raise Http404(_("There is no such permit in this start."))
    do, posted = request.POST.get("do", ""), request.POST
    visit.viewer.check("project.run" if do == "drop" else "permit.work", row.unit)
    who: dict[str, Any] = {"by": visit.viewer.name, "now": visit.now}
    acts = {
        "grant": lambda: actions.grant(permit=row, number=line(posted.get("number", ""), 100), **who),
        "commit": lambda: actions.commit(permit=row, **who),
        "withdraw": lambda: actions.withdraw(permit=row, why=line(posted.get("why", "")), **who),
        "drop": lambda: actions.drop(permit=row, why=line(posted.get("why", "")), **who),
    }
    done = {
        "grant": N_("Granted; what waited for it may begin."),
        "commit": N_("Taken up on the enterprise's commitment."),
        "withdraw": N_("Withdrawn; it and what rested on it are open again."),
        "drop": N_("Left out of this start."),
    }
    return _did(request, visit, start, acts.get(do), done.get(do, ""), f"#permit-{key}")


@require_POST
@page("permit.work")
def paper(request: HttpRequest, visit: Visit, number: int, key: str) -> HttpResponse:
    """Take a paper in, one of an earlier start too, or return it saying all that is wrong."""
    start = pages.found(visit, number)
    do, posted = request.POST.get("do", ""), request.POST
    there = start.papers.filter(key=key, returned_at__isnull=True).first()
    who: dict[str, Any] = {"by": visit.viewer.name, "now": visit.now}

    def give(taken: Paper | None = None) -> object:
        note = taken.note if taken is not None else line(posted.get("note", ""), 200)
        return actions.give_paper(start=start, key=key, note=note, taken_from=taken, **who)

    def back() -> object:
        if there is None:
            raise refuse("returned-already", N_("This paper was returned already."))
        return actions.return_paper(paper=there, why=line(posted.get("why", "")), **who)

    def take() -> object:
        offer = next((one.offer for one in queries.account(start, visit.now).papers if one.key == key), None)
        if offer is None:
            raise refuse("no-offer", N_("No earlier start of the enterprise holds this paper."))
        return give(offer)

    acts = {"give": give, "take": take, "return": back}
    done = {
        "give": N_("Taken in for all permits that ask for it."),
        "take": N_("Taken over; it is not asked for again."),
        "return": N_("Returned to the enterprise with the reason."),
    }
    return _did(request, visit, start, acts.get(do), done.get(do, ""), "#papers")


@require_POST
@page("permit.work")
def do(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Put the start on record as made, or give it up."""
    visit.viewer.check("project.run")
    start, posted = pages.found(visit, number), request.POST
    who: dict[str, Any] = {"by": visit.viewer.name, "now": visit.now}

    def make() -> object:
        on = day(posted.get("on", ""))
        if on is None:
            raise refuse("no-such-day", N_("Say on which day the start was made."))
        return actions.make_start(start=start, on=on, **who)

    acts = {
        "make": make,
        "give-up": lambda: actions.give_up(start=start, why=line(posted.get("why", "")), **who),
    }
    done = {"make": N_("The start is on record."), "give-up": N_("Given up.")}
    asked = posted.get("do", "")
    return _did(request, visit, start, acts.get(asked), done.get(asked, ""), "")


def _did(request: HttpRequest, visit: Visit, start: Start, act: Any, done: str, at: str) -> HttpResponse:
    """Do what was asked and go back to the page; or show it again with the reason."""
    if act is None:
        raise Http404(_("There is no such step."))
    try:
        act()
    except Refused as told:
        return pages.show(request, visit, pages.found(visit, start.pk), str(told))
    messages.success(request, _(done))
    answer = redirect("permits:one", visit.place.key, start.pk)
    answer["Location"] += at
    return answer
