"""Starts as they stand: the list, and one with its graph, its critical path, and what if."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_safe

from leitai.apps.ledger.errors import tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.projects.paths import NOTHING
from leitai.ui import words
from leitai.ui.typed import line

from . import queries, sheet
from .drawing import drawn
from .forms import what_if
from .models import Start
from .queries.lists import STATES

PER_PAGE = 50
SAID = {
    "waiting": N_("waits for others"),
    "asking": N_("waits for papers"),
    "working": N_("being decided on"),
    "late": N_("late"),
    "granted": N_("permit granted"),
    "dropped": N_("not needed here"),
}
NAMED = {
    "open": N_("under way"),
    "reopened": N_("open again after a start"),
    "started": N_("started"),
    "given-up": N_("given up"),
}


@require_safe
@page("project.see")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The starts of the place, who holds each up, and when each can be made."""
    narrow = _asked(request)
    shown = Paginator(queries.listed(visit.place, narrow), PER_PAGE).get_page(request.GET.get("page"))
    starts = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date()).starts
    context = {
        "visit": visit,
        "page": shown,
        "lines": queries.lines(shown.object_list, visit.now),
        "narrow": narrow,
        "states": [(key, _(NAMED[key])) for key in STATES],
        "query": _query(request),
        "can_open": bool(starts) and visit.viewer.may("permit.work"),
        "has_starts": bool(starts),
    }
    return render(request, "permits/index.html", context)


def _asked(request: HttpRequest) -> queries.Narrow:
    state = request.GET.get("state", "open")
    return queries.Narrow(
        state if state in (*STATES, "") else "open",
        line(request.GET.get("project", ""), 60),
        people.key_of(request.visit.place, line(request.GET.get("unit", ""), 100)),  # type: ignore[attr-defined]
        line(request.GET.get("q", ""), 60),
    )


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


@require_safe
@page("project.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The starts that the filter shows, in Excel."""
    rows = queries.listed(visit.place, _asked(request))[: sheet.MOST]
    title = f"{visit.place.name} · {_('Starts as one matter')}"
    answer = HttpResponse(
        sheet.workbook(title, queries.lines(rows, visit.now), visit), content_type=sheet.EXCEL
    )
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title.replace(' · ', ' '))}.xlsx"
    return answer


@require_safe
@page("project.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One start: who holds it, when it can be made at the earliest, its permits, papers and duties."""
    return show(request, visit, found(visit, number))


def found(visit: Visit, number: int) -> Start:
    """The start of an address. Raises Http404."""
    row = queries.start(visit.place, number)
    if row is None:
        raise Http404(_("There is no such start."))
    return row


def show(request: HttpRequest, visit: Visit, row: Start, refusal: str = "") -> HttpResponse:
    """The page of a start, with the reason where something was refused."""
    context = told(request, visit, row)
    viewer = visit.viewer
    works = {one.row.key for one in context["account"].permits if viewer.may("permit.work", one.row.unit)}
    context |= {"works": works, "runs": viewer.may("project.run"), "refusal": refusal or context["refusal"]}
    context["can_paper"] = bool(works) or context["runs"]
    return render(request, "permits/one.html", context, status=409 if refusal else 200)


def told(request: HttpRequest, visit: Visit, row: Start) -> dict[str, Any]:
    """What every page of a start is made of, for whoever it is shown to."""
    states = dict(row.permits.values_list("key", "state"))
    what, wrong = what_if(request.GET, states, visit.place.zone)
    account = queries.account(row, visit.now, what)
    today = visit.now.astimezone(visit.place.zone).date()
    language = get_language() or "zh-hans"
    earliest = words.instant(account.plan.at, visit.place.zone, "day")
    return {
        "visit": visit,
        "row": row,
        "account": account,
        "asks": what is not NOTHING,
        "asked": request.GET,
        "moved": abs(account.moved.days) if account.moved is not None else None,
        "nearer": account.moved is not None and account.moved.total_seconds() < 0,
        "refusal": tell(wrong) if wrong is not None else "",
        "said": {key: _(text) for key, text in SAID.items()},
        "today": today,
        "over": row.started_on is not None or row.given_up_at is not None,
        "done": [one for one in account.permits if one.row.state in ("granted", "dropped")],
        "open": [one for one in account.permits if one.row.state in ("waiting", "asking", "working")],
        "owed": [one for one in account.owed if one.row.state == "open"],
        "past": [one for one in account.owed if one.row.state in ("done", "missed")],
        "graph": drawn(
            account,
            language,
            {key: _(text) for key, text in SAID.items()} | {"d": _(" d")},
            _("Start") + "\n" + (earliest if account.path else _("may be made")),
            _("Permits of %(title)s; the list below says the same") % {"title": row.title},
        ),
    }
