"""The office's codes: which hang where and what was heard of each; newer ones for old, taken down, added.

Whatever stops a printed code from working is asked again first, with what it means.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_

from .. import actions, queries
from ..models import Point
from ..models.points import Kind, Oddity
from ..signs import Signs
from .choice import Chosen, asked, chosen, since
from .sheets import base_of, drawn

A_PAGE = 40
NAMED = 12  # points that a question names before it only counts


@require_safe
@page("point.manage")
def codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The points with what was heard of each in thirty days, narrowed by name, unit, hall, kind and state."""
    told = asked(request.GET, visit)
    found = Paginator(queries.picked(visit.place, told.points(visit)), A_PAGE).get_page(
        request.GET.get("page")
    )
    strays = queries.strays_at(visit.place, since(visit))
    heard = queries.verdicts_at(visit.place, found.object_list, since(visit))
    context = {
        "visit": visit,
        "page": found,
        "rows": [
            (row, heard.get(row.number, 0), _refused(strays.get(row.number, {}))) for row in found.object_list
        ],
        "asked": told,
        "kinds": Kind.choices,
        "halls": queries.halls(visit.place),
        "states": (
            ("used", _("in use")),
            ("refused", _("with refused scans")),
            ("retired", _("taken down")),
            ("all", _("all")),
        ),
        "nowhere": sum(
            n
            for number, kinds in strays.items()
            for kind, n in kinds.items()
            if number == 0 or kind == Oddity.UNKNOWN
        ),
    }
    return render(request, "ballots/codes.html", context)


def _refused(kinds: dict[str, int]) -> list[tuple[str, str, int]]:
    """Refused scans: what is odd about the code, the same in a word, and how many."""
    words = {
        Oddity.RETIRED: _("old print"),
        Oddity.ALTERED: _("made-up code"),
        Oddity.UNKNOWN: _("unknown code"),
    }
    return [(kind, words[Oddity(kind)], n) for kind, n in sorted(kinds.items())]


@require_http_methods(["GET", "HEAD", "POST"])
@page("point.manage")
def code(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One point: its sign, what was heard of it, its name; posting gives it another name."""
    point = queries.picked(visit.place, queries.PointPick(state="", numbers=[number])).first()
    if point is None:
        raise Http404(_("There is no point of this number here."))
    refusal = ""
    if request.method == "POST":
        names = {name: request.POST.get(name, "") for name in ("name_zh", "name_en")}
        try:
            if actions.rename_point(point=point, **names, by=visit.viewer.name, now=visit.now):
                messages.success(request, _("The point has its new name; its code is the same."))
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("ballots:code", visit.place.key, number)
    context = {
        "visit": visit,
        "point": point,
        "refusal": refusal,
        "typed": request.POST,
        "heard": queries.verdicts_at(visit.place, [point], since(visit)).get(number, 0),
        "refused": _refused(queries.strays_at(visit.place, since(visit), [number]).get(number, {})),
    }
    if point.retired_at is None:
        signs = Signs(visit.place, base_of(request))
        context |= {"sign": drawn(signs, [point])[0], "address": signs.address(point)}
    return render(request, "ballots/points_one.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page("point.manage")
def change_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Asks whether the codes of the chosen points are to be replaced or taken down; posting does it."""
    values = request.POST if request.method == "POST" else request.GET
    do = "retire" if values.get("do") == "retire" else "rotate"
    choice = chosen(values, visit)
    total = choice.points.count()
    if not total:
        messages.warning(request, _("Tick codes that are in use first."))
        return redirect("ballots:codes", visit.place.key)
    seen, refusal = choice.mark, ""
    if request.method == "POST":
        try:
            if values.get("seen") != seen:
                raise refuse(
                    "points-changed", N_("Somebody changed these codes in the meantime; look again.")
                )
            return _change(request, visit, do, choice)
        except Refused as told:
            refusal = str(told)
    context = {
        "visit": visit,
        "do": do,
        "points": choice.points[:NAMED],
        "more": max(0, total - NAMED),
        "total": total,
        "fields": choice.fields(),
        "seen": seen,
        "refusal": refusal,
    }
    return render(request, "ballots/points_change.html", context, status=409 if refusal else 200)


def _change(request: HttpRequest, visit: Visit, do: str, choice: Chosen) -> HttpResponse:
    by, now, points = visit.viewer.name, visit.now, list(choice.points)
    n = len(points)
    if do == "retire":
        actions.retire_points(points=points, by=by, now=now)
        said = ngettext("%(n)s code was taken down.", "%(n)s codes were taken down.", n)
        messages.success(request, said % {"n": n})
        return redirect("ballots:codes", visit.place.key)
    actions.rotate_points(points=points, by=by, now=now)
    said = ngettext(
        "%(n)s code was replaced: print the new one and hang it up today.",
        "%(n)s codes were replaced: print the new ones and hang them up today.",
        n,
    )
    messages.success(request, said % {"n": n})
    return redirect(f"{reverse('ballots:print-codes', args=[visit.place.key])}?{choice.query}")


@require_http_methods(["GET", "HEAD", "POST"])
@page("point.manage")
def add_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Adds one point, or one for every unit that has none in use."""
    values = request.POST if request.method == "POST" else request.GET
    every = "every" in values
    above = people.key_of(visit.place, values["unit"]) if every and values.get("unit") else ""
    without = queries.without_point(visit.place, above) if every else []
    refusal = ""
    if request.method == "POST":
        try:
            drafts = [_of_unit(unit) for unit in without] if every else [_draft(values, visit)]
            made = actions.put_points(place=visit.place, drafts=drafts, by=visit.viewer.name, now=visit.now)
        except Refused as told:
            refusal = str(told)
        else:
            return _added(request, visit, made)
    context = {
        "visit": visit,
        "refusal": refusal,
        "typed": values,
        "kinds": Kind.choices,
        "halls": queries.halls(visit.place),
        "every": every,
        "without": without[:NAMED],
        "more": max(0, len(without) - NAMED),
        "total": len(without),
    }
    return render(request, "ballots/points_add.html", context, status=409 if refusal else 200)


def _added(request: HttpRequest, visit: Visit, made: list[Point]) -> HttpResponse:
    said = ngettext("%(n)s code is there to be printed.", "%(n)s codes are there to be printed.", len(made))
    messages.success(request, said % {"n": len(made)})
    if len(made) == 1:
        return redirect("ballots:code", visit.place.key, made[0].number)
    return redirect("ballots:codes", visit.place.key)


def _of_unit(unit: Any) -> actions.PointDraft:
    return actions.PointDraft(unit, name_zh=unit.name_zh, name_en=unit.name_en)


def _draft(values: QueryDict, visit: Visit) -> actions.PointDraft:
    """The point that the form describes; one of a whole unit has the unit's names unless others are given."""
    typed, kind = values.get("unit", ""), values.get("kind", "")
    unit = people.unit(visit.place, people.key_of(visit.place, typed))
    if unit is None:
        raise refuse("unknown-unit", N_("No unit is called “%(unit)s”."), unit=typed)
    names = [values.get("name_zh", "").strip(), values.get("name_en", "").strip()]
    if kind == Kind.UNIT and not any(names):
        names = [unit.name_zh, unit.name_en]
    number = values.get("hall", "")
    hall = next((row for row in queries.halls(visit.place) if str(row.number) == number), None)
    if number and hall is None:
        raise refuse("unknown-hall", N_("This service hall is not in use."))
    return actions.PointDraft(unit, kind, *names, hall)
