"""Closings that are too much alike: which wait for a person, both side by side, and what it was.

The office asks: is this one piece of work shown for two problems? So what is the same in both is marked, and who
closed what, when and where stands above it. Nothing follows from a likeness until somebody has said what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.rules.casework.likeness import side_by_side
from leitai.ui.typed import plain

from . import actions, queries
from .models import Likeness, Sketch
from .queries import likeness as look

A_PAGE = 40
OUTCOMES = {
    "": gettext_lazy("To be looked at"),
    "copied": gettext_lazy("Copied"),
    "harmless": gettext_lazy("Harmless"),
}
SORTS = {"text": gettext_lazy("Words"), "photo": gettext_lazy("Photos")}


@dataclass(frozen=True)
class Side:
    """One of two closings: its sketch, its kind of case, who gave it, and its words in pieces, common or not."""

    name: str
    label: Any
    sketch: Sketch
    kind: Any
    by: str
    pieces: tuple[tuple[str, bool], ...]


@require_safe
@page("lead.see")
def board(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Pairs by what was found of them and by sort, those that wait first."""
    outcome, what = request.GET.get("outcome", ""), request.GET.get("what", "")
    outcome = outcome if outcome in OUTCOMES else ""
    what = what if what in SORTS else ""
    found = Paginator(look.leads(visit.place, outcome=outcome, what=what), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "visit": visit,
        "page": found,
        "total": found.paginator.count,
        "rows": [(row, SORTS[row.newer.what]) for row in found.object_list],
        "outcomes": [(key, label, key == outcome) for key, label in OUTCOMES.items()],
        "sorts": [(key, label, key == what) for key, label in SORTS.items()],
        "outcome": outcome,
    }
    return render(request, "casework/likenesses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("lead.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Both closings side by side; posting says what it was."""
    row = _row(visit, number)
    refusal = ""
    if request.method == "POST":
        visit.viewer.check("lead.decide")
        try:
            actions.decide_likeness(
                likeness=row,
                outcome=plain(request.POST.get("outcome", "")),
                note=plain(request.POST.get("note", ""), 1000),
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("What you found is on record."))
            return redirect("casework:likenesses", visit.place.key)
    many, others = look.copies(row.newer, row.older.case_id)
    context = {
        "visit": visit,
        "lead": row,
        "what": row.newer.what,
        "sides": _sides(row),
        "others": others,
        "more": many,
        "outcome": OUTCOMES[row.outcome],
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "casework/likeness.html", context, status=409 if refusal else 200)


def _row(visit: Visit, number: int) -> Likeness:
    row = look.lead(visit.place, number)
    if row is None:
        raise Http404(_("There is no such pair of closings."))
    return row


def _sides(row: Likeness) -> tuple[Side, Side]:
    """The older closing and the newer one, each with what stands in the other too."""
    older, newer = row.older, row.newer
    texts = [look.words(one.step) if one.step and one.what == "text" else "" for one in (older, newer)]
    first, second = side_by_side(*texts)
    return (
        Side("older", _("The earlier closing"), older, queries.kind_label(older.case), _by(older), first),
        Side("newer", _("The later closing"), newer, queries.kind_label(newer.case), _by(newer), second),
    )


def _by(sketch: Sketch) -> str:
    """Who gave it."""
    if sketch.photo is not None:
        return sketch.photo.by
    return sketch.step.by if sketch.step else ""
