"""The clerk's desk and the page of one case: what must be done now, by when, and who holds it.

A button shows only a move that the flow and the post allow; the action asks the same question again, so a
page that has grown stale is answered with the reason (409), and what was typed is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS, Viewer, Visit, page
from leitai.rules.casework import ROLES

from . import actions, queries
from .forms import written
from .models import Case


def may_see(viewer: Viewer, case: Case) -> bool:
    """Whether a case is the viewer's to see: of their unit or one below it, or of the whole place.

    What no unit holds yet is for those alone who see the whole place.
    """
    if case.unit is None:
        return bool(viewer.roles & PERMISSIONS["case.see"][0])
    return viewer.may("case.see", case.unit)


def case_for(visit: Visit, ref: str) -> Case:
    """The case of a page's address, if the viewer may see it: else 404 or 403."""
    case = queries.case(visit.place, ref)
    if case is None:
        raise Http404(_("There is no such case."))
    if not may_see(visit.viewer, case):
        raise PermissionDenied(_("This case is another unit's."))
    return case


def names(writers: Iterable[str]) -> dict[str, str]:
    """What to call those who wrote in the ledger: their full name where they have an account."""
    accounts = {name: name.removeprefix("account:") for name in set(writers) if name.startswith("account:")}
    known = people.accounts(accounts.values())
    return {name: str(known.get(user, user)) for name, user in accounts.items()}


def _firm(row: Case) -> dict[str, str]:
    """The case's enterprise, as it is named where it wrote itself."""
    return {f"enterprise:{row.enterprise.key}": row.enterprise.name} if row.enterprise else {}


@require_safe
@page("desk.see")
def desk(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is due first, first."""
    found = queries.desk(visit.viewer, visit.place, visit.now)
    context = {
        "visit": visit,
        "desk": found,
        "unlisted": found.waiting - len(found.mine),
        "more": found.others - len(found.rest),
        "sponsored": queries.sponsored(visit.viewer, visit.place, visit.now),
        "one_unit": len(visit.viewer.units) == 1,
    }
    return render(request, "casework/desk.html", context)


@require_safe
@page("case.see")
def case(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """Who holds it, since when, what next."""
    return _show(request, visit, case_for(visit, ref))


@require_GET
@page("case.see")
def answer(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """The forms of a case's moves by themselves, opened in a line of the desk."""
    row = case_for(visit, ref)
    context = {
        "visit": visit,
        "case": row,
        "moves": queries.moves(row, visit.viewer),
        "inline": True,
    }
    return render(request, "casework/_moves.html", context)


@require_POST
@page("case.see")
def move(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """Take a move: back to where it was asked for, or the page again with the reason why not."""
    row = case_for(visit, ref)
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
        row = actions.move_case(case=row, move=key, role=role, form=form, by=visit.viewer.name, now=visit.now)
    except Refused as refusal:
        if request.htmx:
            found = queries.moves(row, visit.viewer)
            context = {"visit": visit, "case": row, "moves": found, "inline": True}
            context |= {"refusal": str(refusal), "tried": key, "typed": request.POST}
            return render(request, "casework/_moves.html", context)
        return _show(request, visit, row, refusal=str(refusal), tried=key, typed=request.POST, status=409)
    if request.htmx:
        state = queries.flow(row).state(row.state)
        context = {
            "visit": visit,
            "case": row,
            "done": step.label,
            "state": state.label,
            "holder": ROLES[state.owner],
        }
        return render(request, "casework/_moved.html", context)
    return redirect("casework:case", visit.place.key, row.ref)


def _show(request: HttpRequest, visit: Visit, row: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    found = queries.clocks(row, visit.now)
    language = get_language() or "zh-hans"
    lines = queries.timeline(row)
    state = queries.flow(row).state(row.state)
    context = {
        "visit": visit,
        "case": row,
        "kind": queries.kind_label(row),
        "state": state,
        "holder": ROLES[state.owner],
        "since": lines[-1].at if lines else row.opened_at,
        "clocks": [(one, queries.time_sheet(one.row, visit.now, language)) for one in found],
        "lines": lines,
        "names": names(line.by for line in lines) | _firm(row),
        "moves": queries.moves(row, visit.viewer),
        **more,
    }
    return render(request, "casework/case.html", context, status=status)
