"""A unit's verdicts looked into, for whoever answers for the unit and for the office.

The public page shows the rate; here is what to do about it: where and when, what people ticked, what is still to
be called back, put right or verified, and how long answers take. Days, never instants; counts, never words: who
said what cannot be told from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from leitai.apps.ballots import queries as ballots
from leitai.apps.ballots import strips
from leitai.apps.casework import queries as casework
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.ballots import NATIONAL_FIVE, TWO
from leitai.rules.ballots.weekly import CHANNEL_NAMES, WAY_NAMES
from leitai.rules.kernel import Period, PeriodError, Text

from .units import MONTHS, NO_POINT

NEWEST = 20
CASES = 500
GRADES = {grade.key: grade for scale in (NATIONAL_FIVE, TWO) for grade in scale.grades}


@require_safe
@page("desk.see")
def unit(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """One unit's verdicts: the year, the open cases, one month day by day, reasons, the newest bad ones."""
    row = people.units(visit.place).filter(key=key).select_related("parent").first()
    if row is None:
        raise Http404(_("There is no such unit."))
    row.place = visit.place
    visit.viewer.check("desk.see", row)
    today = visit.now.astimezone(visit.place.zone).date()
    this = Period.containing("month", today)
    month = _month(request.GET.get("month", ""), this)
    start = this
    for _step in range(MONTHS - 1):
        start = start.previous()
    since, until = start.bounds(visit.place.zone)[0], this.bounds(visit.place.zone)[1]
    points = {number: one.name for number, one in ballots.points_by_number(row).items()}
    context: dict[str, Any] = {
        "visit": visit,
        "unit": row,
        "month": month,
        "later": month.next() if month.next().first <= today else None,
        "points": points,
        "no_point": NO_POINT,
        "grades": {key: grade.name for key, grade in GRADES.items()},
        "channels": CHANNEL_NAMES,
        "way_names": WAY_NAMES,
        "groups": _days(row, month, points),
        "answered": ballots.days_to_answer(row, since, until),
        "newest": ballots.bad_by_day(row, start.first, today, NEWEST),
        **_by_the_book(visit, row, start.first, today),
    }
    context["reasons"] = [
        (context["reason_names"].get(key, Text(en=key)), n)
        for key, n in ballots.reasons(row, since, until).items()
    ]
    return render(request, "web/unit_verdicts.html", context)


def _month(asked: str, this: Period) -> Period:
    """The month that is asked for; this one where none is, or none that can be."""
    try:
        found = Period.parse(asked)
    except PeriodError:
        return this
    return found if found.kind == "month" and found.first <= this.first else this


def _by_the_book(visit: Visit, row: Any, first: date, today: date) -> dict[str, Any]:
    """What depends on the rule-book: the year's rate, the names of reasons, the open cases about bad verdicts."""
    try:
        regime = regimes.regime_on(visit.place, today)
    except regimes.NoRegime:
        return {"year": None, "ways": {}, "reason_names": {}, "cases": []}
    kinds = [key for key, spec in regime.cases.items() if spec.flow == "verdict"]
    return {
        "year": ballots.rate(row, first, today),
        "ways": ballots.by_way(row, first, today),
        "reason_names": regime.ballots.reasons,
        "cases": _cases(visit, row, kinds) if kinds else [],
    }


def _cases(visit: Visit, row: Any, kinds: list[str]) -> list[tuple[Text, int, int]]:
    """(state, open cases in it, those of them that are overdue), in the order in which they come up."""
    there: Counter[Text] = Counter()
    late: Counter[Text] = Counter()
    for one in casework.of_unit(row, visit.now, public_kinds=kinds, limit=CASES):
        there[one.state] += 1
        late[one.state] += one.light == "red"
    return [(state, n, late[state]) for state, n in there.items()]


def _days(
    row: Any, month: Period, points: Mapping[int, str]
) -> list[tuple[str | Text, list[dict[str, Any]]]]:
    """The month's verdicts by point, a line for each channel and grade, on one scale at each point."""
    ways, order = list(CHANNEL_NAMES), list(GRADES)
    rows = ballots.by_day(row, month.first, month.last)
    rows.sort(
        key=lambda one: (
            one.point,
            ways.index(one.channel) if one.channel in ways else len(ways),
            one.channel,
            order.index(one.grade),
        )
    )
    found = []
    for number, lines in groupby(rows, key=lambda one: one.point):
        kept = list(lines)
        most = max(max(one.counts) for one in kept)
        drawn = [{"row": one, "strip": strips.days(one.counts, most, _told(one.counts))} for one in kept]
        found.append((points.get(number, NO_POINT), drawn))
    return found


def _told(counts: tuple[int, ...]) -> str:
    """What the picture of a line shows, for who cannot see it."""
    days = sum(count > 0 for count in counts)
    text = ngettext("on %(days)s day, at most %(most)s", "on %(days)s days, at most %(most)s a day", days)
    return text % {"days": days, "most": max(counts)}
