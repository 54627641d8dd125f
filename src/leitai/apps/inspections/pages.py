"""Rounds of inspection: what is planned, what was found and proved true, what it took of the units; the report."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import Text
from leitai.ui import words
from leitai.ui.typed import plain

from . import actions, queries, sheet
from .models import Round

PER_PAGE = 50
OWN_SHOWN = 20  # visits of a clerk's own units on the first page


@require_safe
@page("desk.see")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The rounds of the place; for a clerk the visits to their own units."""
    rows = queries.rounds(visit.place)
    context: dict[str, Any] = {"visit": visit, "sees_all": queries.sees_all(visit.viewer)}
    if context["sees_all"]:
        context["rounds"] = [(row, queries.name(row)) for row in rows]
        context["to_open"] = queries.to_open(visit.place, visit.now)
    else:
        own = [(row, one) for row in rows for one in queries.visits_of(row, visit.viewer)[:OWN_SHOWN]]
        context["own"] = [(one, queries.name(row)) for row, one in own]
    return render(request, "inspections/index.html", context)


@require_POST
@page("inspection.run")
def open_round(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open the round of the present period of an inspection."""
    asked = request.POST.get("inspection", "")
    coming = next((one for one in queries.to_open(visit.place, visit.now) if one[0] == asked), None)
    if coming is None:
        messages.error(request, _("There is no such inspection to open now."))
        return redirect("inspections:index", visit.place.key)
    row = actions.open_round(
        place=visit.place,
        key=asked,
        period=coming[2],
        until=coming[2].last,
        by=visit.viewer.name,
        now=visit.now,
    )
    if not row:
        messages.info(request, _("It was opened already."))
        return redirect("inspections:index", visit.place.key)
    return redirect("inspections:one", visit.place.key, row.pk)


def round_of(visit: Visit, number: int) -> Round:
    """The round of an address, for those who see all of it. Raises Http404, PermissionDenied."""
    row = queries.round_of(visit.place, number)
    if row is None:
        raise Http404(_("There is no such inspection."))
    if not queries.sees_all(visit.viewer):
        raise PermissionDenied(_("A round is seen by the office, patrols, leaders and inspectors."))
    return row


def asked_for(request: HttpRequest) -> tuple[str, str]:
    """The group and the text by which the visits of a round are narrowed."""
    return plain(request.GET.get("group", ""), 60), plain(request.GET.get("q", ""), 60)


@require_safe
@page("desk.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A round: its report so far or as it was frozen, and its visits."""
    row = round_of(visit, number)
    group, text = asked_for(request)
    spec = queries.spec_of(row)
    report = _said(queries.told(row, visit.now))
    shown = queries.narrowed(queries.visits_of(row), group, text)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "row": row,
        "name": spec.name,
        "report": report,
        "hours": words.worked(report["minutes"]),
        "stands": sheet.stands(),
        "groups": [(key, one.name) for key, one in spec.groups.items()],
        "group": group,
        "q": text,
        "query": request.GET.urlencode(),
        "page": page,
        "visits": [
            (one, spec.groups[one.group].name if one.group in spec.groups else Text(en=one.group))
            for one in page
        ],
        "today": visit.now.astimezone(visit.place.zone).date(),
    }
    return render(request, "inspections/one.html", context)


def _said(report: dict[str, Any]) -> dict[str, Any]:
    """A report with its names in the language of the page."""
    chinese = (get_language() or "zh").startswith("zh")

    def show(words: dict[str, str]) -> str:
        first, second = ("zh", "en") if chinese else ("en", "zh")
        return words.get(first) or words.get(second) or ""

    groups = [one | {"name": show(one["name"])} for one in report["groups"]]
    names = {one["key"]: one["name"] for one in groups}
    stands = sheet.stands()
    found = [
        one
        | {
            "name": show(one["name"]),
            "line": show(one["line"]),
            "group": names.get(one["group"], one["group"]),
            "said": stands[one["stands"]],
        }
        for one in report["found"]
    ]
    for one in groups:
        judged = one["findings"]["verified"] + one["findings"]["refuted"]
        one["share"] = one["findings"]["verified"] / judged if judged else None
    dropped = [one | {"name": show(one["name"])} for one in report["dropped"]]
    return report | {"groups": groups, "found": found, "dropped": dropped}


@require_POST
@page("inspection.run")
def close(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Close a round with its report."""
    row = round_of(visit, number)
    try:
        actions.close_round(row=row, by=visit.viewer.name, now=visit.now)
        messages.success(request, _("Closed. The report stands as it is now."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("inspections:one", visit.place.key, number)


@require_safe
@page("desk.see")
def export(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The visits that the filter shows, and what was found, in Excel."""
    row = round_of(visit, number)
    group, text = asked_for(request)
    rows = list(queries.narrowed(queries.visits_of(row), group, text))
    said = _said(queries.told(row, visit.now))
    title = f"{visit.place.name} · {queries.name(row).show(get_language() or 'zh-hans')} {row.period}"
    answer = HttpResponse(sheet.workbook(title, rows, said, visit), content_type=sheet.EXCEL)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title.replace(' · ', ' '))}.xlsx"
    return answer
