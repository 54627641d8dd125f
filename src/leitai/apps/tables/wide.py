"""Pages that lay tables side by side: a period's arenas, a table as a heat map, units compared, editions.

Each answers for what it shows: an interval with every rank, a reason in every empty cell, and an Excel file of what
is seen, by the same filters in the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.rules.kernel import Period, PeriodError, Text
from leitai.ui import words

from . import books, funnel, heat, lines, lists, periods, queries, sides
from .models import Standing, Table
from .pages import PER_PAGE, filters, sees_drafts, table_of


def _show(text: Text | str) -> str:
    return text.show(get_language() or "zh-hans") if isinstance(text, Text) else text


# --- a period --------------------------------------------------------------------------------------


def _period(visit: Visit, key: str) -> tuple[Period, list[queries.TableView]]:
    try:
        period = Period.parse(key)
    except PeriodError:
        raise Http404(_("Write a period as 2022-03, 2022-Q1, 2022-H1 or 2022.")) from None
    found = periods.views(visit.place, period)
    if not found:
        raise Http404(_("No table of this period has been published."))
    return period, found


@require_safe
@public_page
def period(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """All tables of a period: units by arena, group by group."""
    one, found = _period(visit, key)
    text, by = request.GET.get("q", "").strip()[:60], request.GET.get("by", "")
    context = {
        "visit": visit,
        "period": one,
        "views": found,
        "groups": periods.groups(visit.place, found, by, text),
        "around": periods.around(one, periods.told(visit.place)),
        "q": text,
        "filter": request.GET.urlencode(),
        "mine": {unit.pk for unit in visit.viewer.units},
    }
    return render(request, "tables/period.html", context)


@require_safe
@public_page
def period_sheet(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """The same as Excel: a sheet for each group."""
    one, found = _period(visit, key)
    text, by = request.GET.get("q", "").strip()[:60], request.GET.get("by", "")
    sheets: list[tuple[str, Sequence[str], books.Rows]] = []
    for group in periods.groups(visit.place, found, by, text):
        head = [_("Unit")]
        for view in group.columns:
            name = _show(view.name)
            head += [f"{name}{_(': ')}{what}" for what in (_("Rank"), _("Best"), _("Worst"), _("Gained"))]
        rows = []
        for line in group.lines:
            values: list[Any] = [line.unit.name]
            for cell in line.cells:
                row, gain = cell.row, cell.gain
                values += [row.rank, row.rank_low, row.rank_high] if row else [None] * 3
                values.append(gain.places if gain else None)
            rows.append(values)
        sheets.append((_show(group.name), head, rows))
    about = [(_show(view.name), words.period(one.key), view.table.digest) for view in found]
    content = books.book(sheets, [(_("Place"), visit.place.name), *about])
    return books.answer(content, f"{visit.place.key}-{one.key}")


# --- a table as a heat map -------------------------------------------------------------------------


def _heat(
    request: HttpRequest, row: Table, view: queries.TableView, whole: bool
) -> tuple[dict[str, Any], list[Standing]]:
    """What the map and its sheet share: filters, columns, and the standings of the page or all."""
    group, text = filters(request, view.groups)
    columns = heat.columns(row, view)
    by = request.GET.get("by", "")
    if by not in {one.key for one in columns}:
        by = ""
    down = request.GET.get("way", "down") != "up"
    found = queries.standings(row, group, text)
    page: Page[Any] | None = None
    if by:
        listed = list(found.values_list("pk", "group", "unit__key"))
        numbers = heat.order(row, listed, by, down)
        if not whole:
            page = Paginator(numbers, PER_PAGE).get_page(request.GET.get("page"))
            numbers = list(page.object_list)
        rows = {one.pk: one for one in found.filter(pk__in=numbers)} if len(numbers) <= PER_PAGE else {}
        rows = rows or {one.pk: one for one in found}
        shown = [rows[number] for number in numbers]
    elif whole:
        shown = list(found)
    else:
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
    context = {"group": group, "q": text, "columns": columns, "by": by, "down": down, "page": page}
    return context, shown


@require_safe
@public_page
def heat_map(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A table as units by measures."""
    row = table_of(visit, number)
    view = queries.view(row)
    context, shown = _heat(request, row, view, whole=False)
    found = heat.lines(row, shown, context["columns"])
    context |= {
        "visit": visit,
        "table": row,
        "view": view,
        "lines": found,
        "filter": request.GET.urlencode(),
        "mine": {unit.pk for unit in visit.viewer.units},
    }
    return render(request, "tables/heat.html", context)


@require_safe
@public_page
def heat_sheet(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The map as Excel: value and points of every measure."""
    row = table_of(visit, number)
    view = queries.view(row)
    context, shown = _heat(request, row, view, whole=True)
    columns = context["columns"]
    head = [_("Unit"), _("Group"), _("Rank"), _("Best"), _("Worst"), _("Score")]
    for column in columns:
        head += [_show(column.name), _("%(name)s: points") % {"name": _show(column.name)}]
    rows = []
    for line in heat.lines(row, shown, columns):
        one = line.row
        name = _show(view.groups.get(one.group, one.group))
        values: list[Any] = [one.unit.name, name, one.rank, one.rank_low, one.rank_high, one.score]
        for cell in line.cells:
            values += [cell.part.raw, cell.part.points]
        rows.append(values)
    about = [
        (_("Place"), visit.place.name),
        (_("Arena"), _show(view.name)),
        (_("Period"), words.period(row.period)),
        (_("Edition"), row.edition),
        (_("Digest"), row.digest),
    ]
    content = books.book([(_("Table"), head, rows)], about)
    return books.answer(content, f"{visit.place.key}-{row.arena}-{row.period}-measures")


@require_safe
@public_page
def funnel_plot(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A rate of a table over how many each unit's rests on, between the limits of chance."""
    row = table_of(visit, number)
    view = queries.view(row)
    rates = funnel.rates(heat.columns(row, view))
    if not rates:
        raise Http404(_("This table weighs no rate."))
    sizes = lists.counts(row)
    groups = {key: name for key, name in view.groups.items() if key in sizes}
    group = request.GET.get("group", "")
    group = group if group in groups else next(iter(groups))
    column = next((one for one in rates if one.key == request.GET.get("by")), rates[0])
    context = {
        "visit": visit,
        "table": row,
        "view": view,
        "groups": groups,
        "group": group,
        "rates": rates,
        "column": column,
        "picture": funnel.picture(row, column, group),
    }
    return render(request, "tables/funnel.html", context)


# --- what really changed ---------------------------------------------------------------------------

MOVERS, DRIFTERS = 20, 100


@require_safe
@public_page
def changes(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Since the period before: movers beyond noise first, each with its account; the rest folded.

    Of a table of thousands an account is fetched when it is opened; with `accounts` in the address all are there.
    """
    row = table_of(visit, number)
    earlier = queries.previous(row)
    if earlier is None:
        raise Http404(_("There is no published table of the period before."))
    view = queries.view(row)
    group, text = filters(request, view.groups)
    ranked = queries.standings(row, group, text).filter(rank__isnull=False)
    fields = ("pk", "unit_id", "group", "rank_low", "rank", "rank_high")
    lines_now = list(ranked.values_list(*fields, named=True))
    gains = lines.gains(earlier, lines_now)
    moved = [(one.pk, gains[one.unit_id]) for one in lines_now if one.unit_id in gains]
    moved = sorted((pair for pair in moved if pair[1].places), key=lambda pair: -abs(pair[1].places))
    drifted = [pair for pair in moved if pair[1].noise]
    shown = [*(pair for pair in moved if not pair[1].noise), *drifted[:DRIFTERS]]
    rows = queries.standings(row).in_bulk([pk for pk, _gain in shown])
    real = [(rows[pk], gain) for pk, gain in shown if not gain.noise]
    drift = [(rows[pk], gain) for pk, gain in shown if gain.noise]
    later = len(lists.sketch(row).rows) > lists.MANY and "accounts" not in request.GET
    context = {
        "visit": visit,
        "table": row,
        "view": view,
        "earlier": earlier,
        "group": group,
        "q": text,
        "later": later,
        "real": [
            (one, gain, None if later else queries.change_account(row, one.unit.key, earlier))
            for one, gain in real[:MOVERS]
        ],
        "real_rest": real[MOVERS:],
        "drift": drift,
        "drift_count": len(drifted),
        "still": len(gains) - len(moved),
    }
    return render(request, "tables/changes.html", context)


# --- editions --------------------------------------------------------------------------------------


@require_safe
@public_page
def editions(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """All editions of a table, and what this one has otherwise than the one before, or than the one of `from`."""
    row = table_of(visit, number)
    known = [one for one in queries.editions(row) if one.published_at or sees_drafts(visit)]
    asked = request.GET.get("from", "")
    other = next((one for one in known if str(one.pk) == asked and one.pk != row.pk), None)
    other = other or next((one for one in reversed(known) if one.edition < row.edition), None)
    context: dict[str, Any] = {
        "visit": visit,
        "table": row,
        "view": queries.view(row),
        "editions": known,
        "other": other,
    }
    if other is not None:
        other.place = visit.place
        context["differs"] = queries.difference(other, row)
    return render(request, "tables/editions.html", context)


# --- units side by side ----------------------------------------------------------------------------


@require_safe
@public_page
def compare(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Two to five units side by side: /compare?u=a&u=b; one typed into the box joins them."""
    keys = request.GET.getlist("u")
    typed = request.GET.get("unit", "").strip()[:200]
    units, unknown = sides.chosen(visit.place, keys)
    if typed:
        key = people.key_of(visit.place, typed)
        if people.units(visit.place).filter(key=key).exists():
            address = reverse("tables:compare", args=[visit.place.key])
            wanted = [*(unit.key for unit in units), key]
            return redirect(f"{address}?{urlencode([('u', one) for one in dict.fromkeys(wanted)])}")
        unknown = [typed, *unknown]
    enough = len(units) >= sides.LEAST
    context = {
        "visit": visit,
        "units": units,
        "unknown": unknown,
        "left_out": max(len(dict.fromkeys(keys)) - sides.MOST, 0),
        "others": [(unit, _without(units, unit)) for unit in units],
        "room": len(units) < sides.MOST,
        "arenas": sides.arenas(visit.place, units) if enough else [],
        "enough": enough,
        "filter": urlencode([("u", unit.key) for unit in units]),
    }
    return render(request, "tables/compare.html", context)


def _without(units: Sequence[Any], unit: Any) -> str:
    return urlencode([("u", one.key) for one in units if one.pk != unit.pk])


@require_safe
@public_page
def compare_sheet(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same as Excel: a sheet for each arena."""
    units, _unknown = sides.chosen(visit.place, request.GET.getlist("u"))
    if len(units) < sides.LEAST:
        raise Http404(_("Choose at least two units."))
    sheets: list[tuple[str, Sequence[str], books.Rows]] = []
    about: list[Sequence[Any]] = [(_("Place"), visit.place.name)]
    for arena in sides.arenas(visit.place, units):
        rows: list[list[Any]] = [
            [label, *(getattr(row, name) if row else None for row in arena.rows)]
            for label, name in (
                (_("Rank"), "rank"),
                (_("Best"), "rank_low"),
                (_("Worst"), "rank_high"),
                (_("Score"), "score"),
            )
        ]
        for one in arena.measures:
            name = _show(one.column.name)
            rows.append([name, *(cell.part.raw if cell else None for cell in one.cells)])
            points = _("%(name)s: points") % {"name": name}
            rows.append([points, *(cell.part.points if cell else None for cell in one.cells)])
        name = _show(arena.view.name)
        sheets.append((name, ["", *(unit.name for unit in units)], rows))
        about.append((name, words.period(arena.view.period.key), arena.view.table.digest))
    return books.answer(books.book(sheets, about), f"{visit.place.key}-compare")
