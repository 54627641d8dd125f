"""The clerk's desk and the page of one case: what must be done now, by when, and who holds it.

A button shows only a move that the flow and the post allow; the action asks the same question again, so a
page that has grown stale is answered with the reason (409), and what was typed is not lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Viewer, Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.ui.typed import plain

from . import actions, queries
from .accounts import told
from .case_page import names, show, suggested
from .forms import written
from .models import Case
from .prints import picture
from .queries import Filter
from .rows import local_day
from .sheet import EXCEL, Head, workbook
from .templatetags.casework import by_day, tells_time

LIGHTS = {
    "red": gettext_lazy("overdue"),
    "yellow": gettext_lazy("due soon"),
    "green": gettext_lazy("on time"),
    "grey": gettext_lazy("no clock running"),
}
ASKED_SHOWN = 50
# Of an answer's photos, the box of the form they come in and what they show.
PHOTO_BOXES = {"photo-before": "before", "photo-after": "after"}
MOST_PHOTOS = 6


def may_see(viewer: Viewer, case: Case) -> bool:
    """Whether a case is the viewer's to see."""
    return bool(queries.seen(viewer, [case]))


def case_for(visit: Visit, ref: str) -> Case:
    """The case of a page's address, if the viewer may see it: else 404 or 403."""
    case = queries.case(visit.place, ref)
    if case is None:
        raise Http404(_("There is no such case."))
    if not may_see(visit.viewer, case):
        raise PermissionDenied(_("This case is another unit's."))
    return case


def asked_for(visit: Visit, values: Any) -> Filter:
    """What the address of a list narrows it to; a unit by its key, or as the box of a form names it."""
    return Filter(
        plain(values.get("q", ""), 100),
        plain(values.get("kind", ""), 40),
        people.key_of(visit.place, plain(values.get("unit", ""), 300)),
        plain(values.get("light", ""), 10),
        plain(values.get("slip", ""), 10),
    )


def query_of(asked: Filter, **more: str) -> str:
    """A filter as it stands in an address, after what else stands there."""
    pairs = more | {
        "q": asked.text,
        "kind": asked.kind,
        "unit": asked.unit,
        "light": asked.light,
        "slip": asked.slip,
    }
    return urlencode({name: value for name, value in pairs.items() if value})


def as_file(visit: Visit, title: str, rows: Any) -> HttpResponse:
    """The rows of a screen as a ledger in Excel, named after the place, the screen and the minute."""
    head = Head(f"{visit.place.name} · {title}", title, visit.now, visit.place.zone)
    name = f"{visit.place.name} {title} {visit.now.astimezone(visit.place.zone):%Y-%m-%d %H%M}.xlsx"
    answer = HttpResponse(workbook(head, rows), content_type=EXCEL)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@require_safe
@page("desk.see")
def desk(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is due first, first."""
    asked = asked_for(visit, request.GET)
    found = queries.desk(visit.viewer, visit.place, visit.now, asked=asked)
    waiting = queries.waiting_for(visit.viewer, visit.place)
    sponsored = queries.sponsored(visit.viewer, visit.place, visit.now)
    requests = queries.askings(waiting[:ASKED_SHOWN], visit.viewer, visit.place)
    context = {
        "visit": visit,
        "asked": asked,
        "query": query_of(asked),
        "desk": found,
        "unlisted": found.waiting - len(found.mine),
        "more": found.others - len(found.rest),
        "requests": requests,
        "names": names(one.row.asked_by for one in requests),
        "kinds": _kinds(visit),
        "lights": LIGHTS,
        "sponsored": sponsored,
        "idle": any(not firm.cases for firm in sponsored),
        "one_unit": len(visit.viewer.units) == 1,
    }
    return render(request, "casework/desk.html", context)


@require_safe
@page("desk.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The desk as it is on the screen, as a ledger in Excel: what waits for me, what is paused, what others hold."""
    found = queries.desk(visit.viewer, visit.place, visit.now, asked=asked_for(visit, request.GET))
    shown = [_as_shown(visit, one) for one in (*found.mine, *found.paused, *found.rest)]
    return as_file(visit, _("My desk"), shown)


def _as_shown(visit: Visit, one: queries.CaseView) -> queries.CaseView:
    """A line of a list with no hour in it that the viewer does not see on the screen."""
    if not by_day(one.case, visit):
        return one
    local = one.case.opened_at.astimezone(visit.place.zone)
    one.case.opened_at = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(one, clock=None) if one.clock is not None and tells_time(one.clock.row) else one


def _kinds(visit: Visit) -> list[tuple[str, Any]]:
    """The kinds of case of today's rule-book, for the filter of a list."""
    book = regimes.regime_on(visit.place, local_day(visit.place, visit.now))
    return [(key, spec.name) for key, spec in book.cases.items()]


@require_safe
@page("case.see")
def case(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """Who holds it, since when, what next."""
    return show(request, visit, case_for(visit, ref))


@require_safe
@page("case.see")
def sheet(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """The verdict on a case as a time sheet, line by line, to be printed and checked by both sides."""
    row = case_for(visit, ref)
    state, discreet = queries.flow(row).state(row.state), by_day(row, visit)
    context = {
        "visit": visit,
        "case": row,
        "kind": queries.kind_label(row),
        "state": state,
        "holder": queries.held_by(row, state.owner),
        "account": told(row, visit.now, days_only=discreet),
        "discreet": discreet,
    }
    return render(request, "casework/sheet.html", context)


@require_GET
@page("case.see")
def answer(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """The forms of a case's moves by themselves, opened in a line of the desk."""
    return _inline(request, visit, case_for(visit, ref))


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.see")
def move(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """Take a move: back to where it was asked for, or the page again with the reason why not."""
    row = case_for(visit, ref)
    if request.method != "POST":
        return redirect("casework:case", visit.place.key, row.ref)
    acting = queries.roles(row, visit.viewer)
    key = request.POST.get("move", "")
    step = next((one for one in queries.flow(row).moves if one.key == key), None)
    if step is None:
        raise Http404(_("There is no such step."))
    if not acting:
        raise PermissionDenied(_("Your post does not allow this step."))
    role = next((one for one in acting if one in step.by), acting[0])
    form = written(visit.place, request.POST, step.needs)
    try:
        _keep_photos(request, visit, row)
        row = actions.move_case(case=row, move=key, role=role, form=form, by=visit.viewer.name, now=visit.now)
    except Refused as refusal:
        more = {"refusal": str(refusal), "tried": key, "typed": request.POST}
        if request.htmx:
            return _inline(request, visit, row, **more)
        return show(request, visit, row, status=409, **more)
    if request.htmx:
        state = queries.flow(row).state(row.state)
        context = {
            "visit": visit,
            "case": row,
            "done": step.label,
            "state": state.label,
            "holder": queries.held_by(row, state.owner) if not state.terminal else "",
        }
        return render(request, "casework/_moved.html", context)
    return redirect("casework:case", visit.place.key, row.ref)


def _keep_photos(request: HttpRequest, visit: Visit, row: Case) -> None:
    """Keep the photos that came with a move's form. Raises Refused for what is no photo."""
    found = [
        (when, file) for box, when in PHOTO_BOXES.items() for file in request.FILES.getlist(box) if file.size
    ]
    made = [(when, picture(file.read())) for when, file in found[:MOST_PHOTOS]]
    for when, one in made:
        actions.add_photo(case=row, data=one, when=when, by=visit.viewer.name, now=visit.now)


def _inline(request: HttpRequest, visit: Visit, row: Case, **more: Any) -> HttpResponse:
    found = queries.moves(row, visit.viewer)
    context = {"visit": visit, "case": row, "moves": found, "suggested": suggested(visit, row, found)}
    return render(request, "casework/_moves.html", context | {"inline": True} | more)
