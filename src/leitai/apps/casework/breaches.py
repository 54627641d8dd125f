"""What an inspector looks at: the limits that were broken and the slips that were given, by unit, kind and period.

Each opens to the time sheet of its case. The filter stands in the address; the file holds what is on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.casework import COLOURS
from leitai.rules.kernel import Period, PeriodError
from leitai.ui.typed import plain

from . import queries
from .queries import Narrow
from .rows import local_day
from .sheet import EXCEL, MOST, bold, cell
from .templatetags.casework import by_day

PER_PAGE = 100
MONTHS = 12


@require_safe
@page("case.see")
def breaches(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Breaches and slips of a period, by unit, by kind, and one by one."""
    asked = _asked(visit, request.GET)
    rows = queries.breaches(visit.viewer, visit.place, asked)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = queries.breach_views(shown.object_list, visit.place, visit.now)
    context = {
        "visit": visit,
        "asked": asked,
        "period": asked.period.key if asked.period else "",
        "periods": _periods(visit),
        "page": shown,
        "rows": [(one, by_day(one.row.case, visit)) for one in found],
        "units": queries.tallies(visit.viewer, visit.place, asked),
        "kinds": queries.kinds_broken(visit.viewer, visit.place, replace(asked, kind="")),
        "colours": COLOURS,
        "query": _query(asked),
    }
    return render(request, "casework/breaches.html", context)


@require_safe
@page("case.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All breaches that the filter finds, on however many pages, as a workbook."""
    asked = _asked(visit, request.GET)
    rows = queries.breaches(visit.viewer, visit.place, asked)[:MOST]
    name = f"{visit.place.name} {_('Breaches')} {asked.period.key if asked.period else ''}".strip()
    answer = HttpResponse(_workbook(visit, name, rows), content_type=EXCEL)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer


def _asked(visit: Visit, values: Any) -> Narrow:
    """What the address asks for; this month where it names no period, all of the time where it says so."""
    text = plain(values.get("period", ""), 20)
    try:
        period = None if text == "all" else Period.parse(text)
    except PeriodError:
        period = Period.containing("month", local_day(visit.place, visit.now))
    unit = people.key_of(visit.place, plain(values.get("unit", ""), 300))
    return Narrow(period, unit, plain(values.get("kind", ""), 40), plain(values.get("colour", ""), 10))


def _periods(visit: Visit) -> list[str]:
    """The periods to choose from: this month and those before it, this quarter, this year."""
    today = local_day(visit.place, visit.now)
    months = [Period.containing("month", today)]
    while len(months) < MONTHS:
        months.append(months[-1].previous())
    return [
        one.key for one in (*months, Period.containing("quarter", today), Period.containing("year", today))
    ]


def _query(asked: Narrow) -> str:
    pairs = {
        "period": asked.period.key if asked.period else "all",
        "unit": asked.unit,
        "kind": asked.kind,
        "colour": asked.colour,
    }
    return urlencode({name: value for name, value in pairs.items() if value})


def _workbook(visit: Visit, title: str, rows: Any) -> bytes:
    columns = (
        (_("No."), 6), (_("Reference"), 14), (_("Kind"), 16), (_("Matter"), 46), (_("Unit"), 24), (_("Limit"), 20),
        (_("Due"), 17), (_("Met"), 17), (_("Hours late"), 12), (_("Slip"), 14), (_("State"), 12),
    )  # fmt: skip
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Breaches")[:31])
    sheet.freeze_panes = "A4"
    for letter, (_name, width) in zip("ABCDEFGHIJK", columns, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([bold(sheet, title, 14)])
    sheet.append([_("As of %(time)s") % {"time": f"{visit.now.astimezone(visit.place.zone):%Y-%m-%d %H:%M}"}])
    sheet.append([bold(sheet, name) for name, _width in columns])
    for number, cells in enumerate(_values(visit, rows), 1):
        sheet.append([number, *(cell(sheet, value) for value in cells)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _values(visit: Visit, rows: Any) -> Iterator[tuple[Any, ...]]:
    """The cells of each breach after its number; wall clock of the place, days alone where the hour would tell."""
    language = get_language() or "zh-hans"

    def at(instant: Any, by_days: bool) -> Any:
        if instant is None:
            return None
        local = instant.astimezone(visit.place.zone).replace(tzinfo=None)
        return local.date() if by_days else local

    for one in queries.breach_views(rows, visit.place, visit.now):
        case, days = one.row.case, by_day(one.row.case, visit)
        yield (
            case.ref,
            one.kind.show(language),
            case.title,
            one.unit.name if one.unit else "",
            one.clock.show(language),
            at(one.row.due_at, days),
            at(one.row.met_at, days),
            None if days else round(one.seconds / 3600, 1),
            COLOURS[case.slip].show(language) if case.slip else "",
            _("still open") if one.open else _("kept late") if one.row.met_at else _("no longer running"),
        )
