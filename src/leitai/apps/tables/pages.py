"""Tables as pages: the list, one table with how sure each rank is, and why a unit stands where it stands.

Never an order without its interval: every rank is shown with the ranks it may truly have, and neighbours that
cannot be told apart are said to be so.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page, public_page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, PeriodError
from leitai.ui import words

from . import actions, funnel, heat, lines, lists, periods, queries
from .models import Table
from .sheet import workbook
from .why import account

PER_PAGE = 100


def table_of(visit: Visit, number: int) -> Table:
    """The table of the address; drafts are for those who freeze or publish them."""
    row = queries.table(visit.place, number, drafts=sees_drafts(visit))
    if row is None:
        raise Http404(_("There is no such table, or it is not published yet."))
    row.place = visit.place
    return row


def sees_drafts(visit: Visit) -> bool:
    """Whether the viewer is one of those who freeze or publish."""
    return visit.viewer.may("table.freeze") or visit.viewer.may("table.publish")


@require_safe
@public_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All tables, by arena; for the office also what is to be frozen next."""
    drafts = sees_drafts(visit)
    found = queries.tables(visit.place, drafts=drafts, limit=300)
    today = visit.now.astimezone(visit.place.zone).date()
    try:
        arenas = regimes.regime_on(visit.place, today).arenas
    except regimes.NoRegime:
        arenas = {}
    newest: dict[tuple[str, str], Table] = {}
    for row in found:
        kept = newest.get((row.arena, row.period))
        if kept is None or row.edition > kept.edition:
            newest[row.arena, row.period] = row
    shelves = []
    first = min((row.in_force for row in regimes.versions(visit.place)), default=today)
    for key, spec in arenas.items():
        of_arena = [row for (arena, _period), row in newest.items() if arena == key]
        of_arena.sort(key=lambda row: Period.parse(row.period).first, reverse=True)
        ended = Period.containing(spec.every, today).previous()
        shelves.append(
            {
                "key": key,
                "spec": spec,
                "tables": of_arena,
                "next": ended if ended.last >= first else None,
                "frozen": newest.get((key, ended.key)),
            }
        )
    context = {"visit": visit, "shelves": shelves, "periods": periods.told(visit.place)}
    return render(request, "tables/index.html", context)


def filters(request: HttpRequest, groups: Any) -> tuple[str, str]:
    """The group and the text that a page of a table is narrowed to; the only group where there is but one."""
    group = request.GET.get("group", "")
    if group not in groups:
        group = next(iter(groups), "") if len(groups) == 1 else ""
    return group, request.GET.get("q", "").strip()[:60]


@require_safe
@public_page
def table(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One table: interval ranks, with what really changed and how to recompute it."""
    row = table_of(visit, number)
    view = queries.view(row)
    sizes = lists.counts(row)
    group, text = filters(request, view.groups)
    found = Paginator(queries.standings(row, group, text), PER_PAGE).get_page(request.GET.get("page"))
    shown = group or next((key for key in view.groups if key in sizes), "")
    mine = lists.mine(row, visit.viewer.units) if visit.viewer.units else []
    picked = [one.rank for one in mine if one.group == shown and one.rank]
    intervals = lists.intervals(row, shown) if shown else ()
    earlier = queries.previous(row)
    context = {
        "visit": visit,
        "table": row,
        "view": view,
        "sizes": {key: sizes[key] for key in view.groups if key in sizes},
        "group": group,
        "shown": shown,
        "shown_size": sizes.get(shown),
        "q": text,
        "page": found,
        "lines": lines.lines(row, view, found.object_list, earlier, whole=not text),
        "named": lines.named(row, {key: name for key, name in view.groups.items() if key in sizes}, group),
        "earlier": earlier,
        "rates": funnel.rates(heat.columns(row, view)),
        "intervals": intervals,
        "exact": bool(intervals) and all(low == high for low, _rank, high in intervals),
        "picked": picked[0] if picked else None,
        "mine": {one.unit_id for one in mine},
        "moves": lists.moves(row, group, earlier=earlier),
        "editions": queries.editions(row),
        "filter": request.GET.urlencode(),
    }
    return render(request, "tables/table.html", context)


@require_safe
@public_page
def why(request: HttpRequest, visit: Visit, number: int, key: str) -> HttpResponse:
    """Why a unit stands where it stands: what its score is made of, its distance to its neighbours, its accounts.

    The accounts ask every unit of two tables. Where those are thousands they are fetched when the rest is there.
    """
    row = table_of(visit, number)
    known = lists.sketch(row)
    context = {"visit": visit, "table": row, "key": key}
    part = request.htmx and not request.htmx.boosted
    try:
        if part and "accounts" in request.GET:
            return render(request, "tables/accounts.html", context | _accounts(row, key))
        found = account(row, known.around(key), key)
    except KeyError:
        raise Http404(_("This unit is not in the table.")) from None
    context["view"] = view = queries.view(row)
    later = len(known.rows) > lists.MANY and "accounts" not in request.GET
    context |= {
        "why": found,
        "open": lines.open_values(row, view, found.explanation.row),
        "later": later,
        **({} if later else _accounts(row, key)),
    }
    return render(request, "tables/why_part.html" if part else "tables/why.html", context)


def _accounts(row: Table, key: str) -> dict[str, Any]:
    """Why the unit moved since the period before, and what would move it. Raises KeyError."""
    return {"change": queries.change_account(row, key), "climbs": queries.climbs(row, key)}


@require_safe
@public_page
def sheet(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What is seen, as Excel: the same filters as the page."""
    row = table_of(visit, number)
    view = queries.view(row)
    group, text = filters(request, view.groups)
    content = workbook(row, view, queries.standings(row, group, text), lists.sketch(row))
    name = f"{visit.place.key}-{row.arena}-{row.period}.xlsx"
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@public_page
def pack(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Everything needed to recompute the table, as JSON."""
    row = table_of(visit, number)
    name = f"{visit.place.key}-{row.arena}-{row.period}-{row.edition}.json"
    return JsonResponse(
        queries.pack(row),
        json_dumps_params={"ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@page("table.freeze")
def freeze(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Freeze an arena's table for a period, as told by the form."""
    try:
        period = Period.parse(request.POST.get("period", ""))
        row = actions.freeze(
            place=visit.place,
            arena=request.POST.get("arena", ""),
            period=period,
            why=request.POST.get("why", ""),
            by=visit.viewer.name,
            now=visit.now,
        )
    except PeriodError:
        messages.error(request, _("Write a period as 2022-03, 2022-Q1, 2022-H1 or 2022."))
        return redirect("tables:index", visit.place.key)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("tables:index", visit.place.key)
    said = _("Frozen: %(period)s, edition %(edition)s. A second person publishes it.")
    messages.success(request, said % {"period": words.period(row.period), "edition": row.edition})
    return redirect("tables:table", visit.place.key, row.pk)


@require_POST
@page("table.publish")
def publish(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Publish a frozen table."""
    row = table_of(visit, number)
    try:
        actions.publish(table=row, by=visit.viewer.name, now=visit.now)
        messages.success(request, _("Published. What the rules make of it follows by itself."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("tables:table", visit.place.key, row.pk)
