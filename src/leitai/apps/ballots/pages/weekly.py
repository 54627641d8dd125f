"""The week's two lists, for everybody; and for the office, whom to visit because nobody scans there.

By number a large hall is always first, and by rate whoever had three visitors; so the lists stand side by side,
each verdict's way apart, and nobody is named whose rate may be chance (`rules/ballots/weekly.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, page, public_page
from leitai.apps.regimes import queries as regimes
from leitai.rules.ballots import weekly as core
from leitai.rules.kernel import Period, PeriodError
from leitai.ui import words

from .. import queries, strips
from ..queries.counts import TallyView, view_of

SPANS = (30, 7)
A_PAGE = 40


@dataclass(frozen=True)
class Shown:
    """A line of a list: the unit, its place, its count, its rate with interval, and the picture of it."""

    unit: Any
    place: int
    count: core.Count
    rate: TallyView
    rest: float
    strip: SafeString | str = ""


@require_safe
@public_page
def week(request: HttpRequest, visit: Visit, key: str = "") -> HttpResponse:
    """The lists of a week; of the newest whole one unless another is asked for."""
    today = visit.now.astimezone(visit.place.zone).date()
    newest = Period.containing("week", today).previous()
    asked = _week(key) if key else newest
    if asked.first > today:
        raise Http404(_("This week is yet to come."))
    ways = queries.week_counts(visit.place, asked)
    whole = queries.sum_of_ways(ways.values())
    start = queries.first_day(visit.place)
    context: dict[str, Any] = {
        "visit": visit,
        "week": asked,
        "newest": newest,
        "earlier": asked.previous() if start is not None and start < asked.first else None,
        "later": asked.next() if asked.next().first <= today else None,
        "over": asked.last < today,
    }
    minimum = _minimum(visit, asked)
    if whole and minimum is not None:
        total = core.total(whole.values())
        way = _way(request.GET.get("by", ""), ways, minimum)
        most, apart = core.most(whole), core.apart(ways[way], minimum)
        units = queries.units_of_week(asked, {line.unit for line in (*most.lines, *apart.lines)})
        context |= {
            "minimum": minimum,
            "total": _view(total, minimum),
            "waiting": total.bad - total.upheld,
            "most": most,
            "counted": [_shown(line, units, minimum) for line in most.lines],
            "ways": [
                (one, core.WAY_NAMES[one], core.total(ways[one].values()).n)
                for one in core.WAY_NAMES
                if one in ways
            ],
            "way": way,
            "way_name": core.WAY_NAMES[way],
            "apart": apart,
            "rated": _pictured([_shown(line, units, minimum) for line in apart.lines]),
        }
    return render(request, "ballots/weekly.html", context)


def _week(key: str) -> Period:
    try:
        found = Period.parse(key)
    except PeriodError:
        found = None
    if found is None or found.kind != "week":
        raise Http404(_("This is no week: write it as 2026-W05."))
    return found


def _minimum(visit: Visit, asked: Period) -> int | None:
    try:
        return regimes.regime_on(visit.place, asked.last).ballots.minimum
    except regimes.NoRegime:
        return None


def _way(asked: str, ways: Mapping[str, Mapping[int, core.Count]], minimum: int) -> str:
    """The way that is asked for; else the first by which some unit can be judged; else the first there is."""
    if asked in ways:
        return asked
    there = [one for one in core.WAY_NAMES if one in ways]
    judged = (one for one in there if any(count.n >= minimum for count in ways[one].values()))
    return next(judged, there[0])


def _view(count: core.Count, minimum: int) -> TallyView:
    return view_of(*count, minimum=minimum)


def _shown(line: core.Line[int], units: Mapping[int, Any], minimum: int) -> Shown:
    rest = line.rest.bad / line.rest.n if line.rest.n else 0.0
    return Shown(units[line.unit], line.place, line.count, _view(line.count, minimum), rest)


def _pictured(rows: list[Shown]) -> list[Shown]:
    """The same, with a picture on one scale for all."""
    most = max((row.rate.high for row in rows), default=0.0)
    label = _("%(low)s to %(high)s; all others %(rest)s")
    return [
        replace(
            row,
            strip=strips.against(
                row.rate.low,
                row.rate.share or 0.0,
                row.rate.high,
                row.rest,
                most,
                label
                % {
                    "low": words.percent(row.rate.low),
                    "high": words.percent(row.rate.high),
                    "rest": words.percent(row.rest),
                },
            ),
        )
        for row in rows
    ]


@require_safe
@page("lead.see")
def silent(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Points to visit: no scan in the days asked for, or far too few. A lead to go and look, and no finding.

    `all` shows them on one page, to be printed.
    """
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(span) for span in SPANS} else SPANS[0]
    today = visit.now.astimezone(visit.place.zone).date()
    last = today - timedelta(days=1)
    rows, points = queries.silent_points(visit.place, last, days)
    text = request.GET.get("q", "").strip()[:60]
    found = rows
    if text:
        named = queries.picked(visit.place, queries.PointPick(text=text)).values_list("number", flat=True)
        numbers = set(named)
        found = [row for row in rows if row.number in numbers]
    whole = "all" in request.GET
    shown = Paginator(found, max(len(found), 1) if whole else A_PAGE).get_page(request.GET.get("page"))
    pick = queries.PointPick(numbers=[row.number for row in shown.object_list])
    there = {
        point.number: point
        for point in queries.picked(visit.place, pick).select_related("unit__parent", "hall")
    }
    lasts = queries.last_scans(there.values())
    context = {
        "visit": visit,
        "days": days,
        "spans": SPANS,
        "span": (last - timedelta(days=days - 1), last),
        "q": text,
        "page": shown,
        "rows": [(row, there[row.number], lasts.get(row.number)) for row in shown.object_list],
        "points": points,
        "none": sum(row.scans == 0 for row in rows),
        "few": sum(row.scans > 0 for row in rows),
        "elsewhere": queries.refused_elsewhere(visit.place, last - timedelta(days=days - 1), last),
        "whole": whole,
    }
    return render(request, "ballots/silent.html", context)
