"""The units of a place, and one unit: how is this office doing, what does it owe, where does it stand.

Figures under the rule-book's minimum are not shown as rates: it is said that they are too few to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.ballots import queries as ballots
from leitai.apps.burden import queries as burden
from leitai.apps.casework import queries as casework
from leitai.apps.merits import queries as merits
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import lines, lists, sides
from leitai.apps.tables import queries as tables
from leitai.apps.tables.streaks import streaks
from leitai.rules.ballots.weekly import WAY_NAMES
from leitai.rules.kernel import Period, Text
from leitai.ui import words
from leitai.ui.charts import Point

PER_PAGE = 50
MONTHS = 12
NO_POINT = Text(zh="不在本系统的点位", en="At no point of this house")
EARLIER = 12  # standings of an arena shown with the present one


@require_safe
@public_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The units of a place, by name, with where they stand in the latest tables."""
    text = request.GET.get("q", "").strip()[:60]
    kind = request.GET.get("kind", "")
    every = people.units(visit.place, text).select_related("parent")
    kinds = [
        one
        for one in people.units(visit.place).order_by("kind").values_list("kind", flat=True).distinct()
        if one
    ]
    rows = every.filter(kind=kind) if kind else every
    page = Paginator(rows.order_by("parent_id", "key"), PER_PAGE).get_page(request.GET.get("page"))
    latest = tables.latest(visit.place)
    views = {view.table.pk: view for view in latest}
    standings = lists.standings_of(page.object_list, [view.table for view in latest])
    context = {
        "visit": visit,
        "q": text,
        "kind": kind,
        "kinds": kinds,
        "names": _kinds(visit),
        "page": page,
        "rows": [
            {"unit": one, "standings": [{"row": s, "view": views[s.table_id]} for s in standings[one.pk]]}
            for one in page.object_list
        ],
    }
    return render(request, "web/units.html", context)


@require_safe
@public_page
def unit(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """One unit in public."""
    return render(request, "web/unit.html", told(visit, unit_of(visit, key)))


def unit_of(visit: Visit, key: str) -> Any:
    """The unit of the address. Raises Http404."""
    row = people.units(visit.place).filter(key=key).select_related("parent").first()
    if row is None:
        raise Http404(_("There is no such unit."))
    row.place = visit.place
    return row


def told(visit: Visit, row: Any) -> dict[str, Any]:
    """All that is told of a unit in public; the page and its Excel file say the same."""
    return {
        "visit": visit,
        "unit": row,
        "kinds": _kinds(visit),
        "below": list(people.units(visit.place).filter(parent=row)[:100]),
        "points": ballots.points(visit.place, row),
        **_verdicts(visit, row),
        "arenas": _standings(visit, row),
        **_promises(visit, row),
        "merits": _consequences(visit, row),
        "notices": merits.named(visit.place, merits.announced(visit.place, visit.now, row)),
        "burden": burden.of_unit(row, visit.now),
    }


def _kinds(visit: Visit) -> Mapping[str, Text]:
    """What the rule-book in force calls the kinds of unit."""
    try:
        return regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date()).kinds
    except regimes.NoRegime:
        return {}


def _verdicts(visit: Visit, row: Any) -> dict[str, Any]:
    """The bad share over a year with its interval, month by month, by way and by point."""
    today = visit.now.astimezone(visit.place.zone).date()
    last = Period.containing("month", today)
    months = [last]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    try:
        series = ballots.series(row, months)
        year = ballots.rate(row, months[0].first, today)
        ways = ballots.by_way(row, months[0].first, today)
        points_of = ballots.by_point(row, months[0].first, today)
    except regimes.NoRegime:
        return {"year": None}
    points = tuple(
        Point(words.month(month.first.month), None if one.few else one.share, one.low, one.high, one.n)
        for month, one in zip(months, series, strict=True)
    )
    table = [
        {"month": words.period(month.key), "tally": one} for month, one in zip(months, series, strict=True)
    ]
    return {
        "year": year,
        "points": points,
        "months": table,
        "judged": sum(p.share is not None for p in points),
        "ways": [(WAY_NAMES[way], tally) for way, tally in ways.items()],
        "at_points": _at_points(row, points_of) if len(points_of) > 1 else [],
    }


def _at_points(row: Any, tallies: Mapping[int, Any]) -> list[tuple[str | Text, Any]]:
    """The year's verdicts at each of the unit's points, by the point's name."""
    known = ballots.points_by_number(row)
    return [(known[at].name if at in known else NO_POINT, tally) for at, tally in tallies.items()]


def _standings(visit: Visit, row: Any) -> list[dict[str, Any]]:
    """In each arena: the unit's place now among its nearest, its streaks, and the periods before."""
    by_arena: dict[str, list[Any]] = {}
    for one in tables.history(row):
        by_arena.setdefault(one.table.arena, []).append(one)
    found = []
    for arena, kept in by_arena.items():
        now = kept[0]
        now.table.place, now.unit = visit.place, row
        gain = lines.gains(tables.previous(now.table), [now]).get(row.pk)
        near = lines.neighbours(now)
        found.append(
            {
                "arena": arena,
                "view": tables.view(now.table),
                "now": now,
                "gain": gain,
                "history": kept[:EARLIER],
                "streaks": streaks(kept),
                "near": near,
                "beside": "&".join(f"u={one.unit.key}" for one in near[: sides.MOST]),
            }
        )
    return sorted(found, key=lambda one: one["arena"])


def _promises(visit: Visit, row: Any) -> dict[str, Any]:
    """The open cases of public kinds; of the other kinds nothing is told."""
    try:
        regime = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date())
    except regimes.NoRegime:
        return {"public_kinds": [], "cases": []}
    kinds = [key for key, spec in regime.cases.items() if spec.public]
    return {
        "public_kinds": [regime.cases[key].name for key in kinds],
        "cases": casework.of_unit(row, visit.now, public_kinds=kinds, limit=50) if kinds else [],
    }


def _consequences(visit: Visit, row: Any) -> list[tuple[Any, Text]]:
    return merits.named(visit.place, merits.public(visit.place, visit.now, row, limit=12))
