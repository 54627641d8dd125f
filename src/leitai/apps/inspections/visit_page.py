"""A visit, for a phone in one hand: begin, answer the checklist, note what is found, end; the unit's replies.

A unit sees a visit from its beginning on, not before: what is looked at is its everyday, not what it got ready.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from leitai.apps.casework.queries.about import about
from leitai.apps.ledger.errors import Refused, refuse, tell
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_, Text
from leitai.ui.typed import plain

from . import actions, queries
from .models import Visit as Row


def _row(visit: Visit, number: int) -> Row:
    """The visit of an address, for those who may see it. Raises Http404, PermissionDenied."""
    row = queries.visit(visit.place, number)
    if row is None:
        raise Http404(_("There is no such visit."))
    if not queries.sees_all(visit.viewer) and row.began_at is None:
        raise Http404(_("There is no such visit."))
    if not (queries.sees_all(visit.viewer) or visit.viewer.may("desk.see", row.unit)):
        raise PermissionDenied(_("This visit is to another unit."))
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("desk.see")
def visit(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A visit; posting begins it, keeps answers, notes something found, or ends it."""
    row, refusal = _row(visit, number), ""
    if request.method == "POST":
        visit.viewer.check("inspection.visit")
        barred = queries.check_visitor(row, visit.viewer)
        if barred is not None:
            raise PermissionDenied(tell(barred))
        try:
            _do(request, visit, row)
            return redirect("inspections:visit", visit.place.key, number)
        except Refused as refused:
            refusal = str(refused)
    context = _context(request, visit, row) | {"refusal": refusal}
    return render(request, "inspections/visit.html", context, status=409 if refusal else 200)


def _do(request: HttpRequest, visit: Visit, row: Row) -> None:
    """What the pressed button says. Raises Refused."""
    posted, by, now = request.POST, visit.viewer.name, visit.now
    spec = queries.spec_of(row.round)
    what = posted.get("do", "")
    answers = {item: plain(posted.get(f"item-{item}", ""), 300) for item in spec.checklist}
    if what == "begin":
        actions.begin_visit(visit=row, by=by, now=now)
    elif what == "note":
        actions.note(visit=row, answers=answers, by=by, now=now)
        messages.success(request, _("Kept."))
    elif what == "find":
        text = plain(posted.get("text", ""), 500)
        actions.find(visit=row, item=posted.get("item", ""), text=text, by=by, now=now)
        messages.success(request, _("On record. The unit is told, and a case follows by the rule-book."))
    elif what == "end":
        minutes = posted.get("minutes", "").strip()
        actions.end_visit(
            visit=row,
            minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0,
            words=plain(posted.get("note", ""), 2000),
            by=by,
            now=now,
        )
        messages.success(request, _("The visit is over."))
    else:
        raise refuse("no-deed", N_("Say what you want to do."))


@require_POST
@page("inspection.run")
def plan(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Put a visit on another day, or drop it; both with the reason."""
    row, posted = _row(visit, number), request.POST
    why, by, now = plain(posted.get("why", ""), 300), visit.viewer.name, visit.now
    try:
        if posted.get("do") == "drop":
            actions.drop_visit(visit=row, why=why, by=by, now=now)
            messages.success(request, _("Dropped, with the reason."))
        else:
            actions.shift_visit(visit=row, day=_day(posted.get("day", "")), why=why, by=by, now=now)
            messages.success(request, _("Planned for another day."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("inspections:visit", visit.place.key, number)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("no-day", N_("Write a day as 2022-03-31.")) from None


@require_POST
@page("inspection.reply")
def reply(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What the unit says to a finding."""
    row = queries.finding(visit.place, number)
    if row is None:
        raise Http404(_("There is no such finding."))
    visit.viewer.check("inspection.reply", row.visit.unit)
    try:
        text = plain(request.POST.get("text", ""), 500)
        actions.reply(finding=row, text=text, by=visit.viewer.name, now=visit.now)
        messages.success(request, _("Your reply stands beside the finding."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("inspections:visit", visit.place.key, row.visit_id)


def _context(request: HttpRequest, visit: Visit, row: Row) -> dict[str, Any]:
    spec = queries.spec_of(row.round)
    said = {one.item: one.value for one in row.answers.all()}
    typed = request.POST if request.method == "POST" else {}
    found = list(row.findings.order_by("at", "pk"))
    cases = about(visit.place, (f"finding:{one.pk}" for one in found))
    visits = visit.viewer.may("inspection.visit") and queries.check_visitor(row, visit.viewer) is None
    group = spec.groups.get(row.group)
    gone = round((visit.now - row.began_at).total_seconds() / 60) if row.began_at else 0
    return {
        "visit": visit,
        "row": row,
        "name": spec.name,
        "group": group.name if group else Text(en=row.group),
        "lines": [
            (key, one, typed.get(f"item-{key}", said.get(key, ""))) for key, one in spec.checklist.items()
        ],
        "answered": len(said),
        "found": [
            (
                one,
                spec.checklist[one.item].name if one.item in spec.checklist else Text(en=one.item),
                cases.get(f"finding:{one.pk}"),
            )
            for one in found
        ],
        "running": row.began_at is not None and row.ended_at is None,
        "waits": row.began_at is None and not row.dropped_why and row.round.closed_at is None,
        "visits": visits,
        "runs": visit.viewer.may("inspection.run"),
        "replies": visit.viewer.may("inspection.reply", row.unit) and row.round.closed_at is None,
        "minutes": typed.get("minutes") or max(gone, 1),
        "gone": gone,
        "typed": typed,
        "today": visit.now.astimezone(visit.place.zone).date(),
    }
