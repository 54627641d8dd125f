"""What projects say of a period by the unit that answers for them, for measures: counts, sums and shares of records.

A project counts for the unit that has it now, one that was given up too: what it came to in a period it did come to.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min

from leitai.apps.regimes import queries as regimes
from leitai.rules import projects as core
from leitai.rules.kernel import Period

from ..models import Amount, Delay, Entry, Milestone, Project
from ..rows import mark, stop


def entered(place: Any, stage: str, period: Period, library: str = "") -> dict[int, int]:
    """How many projects entered a stage for the first time in a period, by unit id; falling back counts for nothing."""
    entries = Entry.objects.filter(project__in=_owned(place, library), stage=stage, back=False)
    first = entries.values("project_id", "project__unit_id").annotate(first=Min("on"))
    found: dict[int, int] = defaultdict(int)
    for _project, unit, day in first.values_list("project_id", "project__unit_id", "first"):
        found[unit] += day in period
    return dict(found)


def arrived(place: Any, period: Period, library: str = "") -> dict[int, Decimal]:
    """What arrived at projects in a period, yuan, by unit id: the sum on its last day less that before its first."""
    held = Amount.objects.filter(project__in=_owned(place, library), what="arrived", on__lte=period.last)
    rows = held.order_by("on").values_list("project_id", "project__unit_id", "on", "yuan")
    ends: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    for project, unit, on, yuan in rows:
        before = yuan if on < period.first else ends.get((project, unit), (Decimal(0), Decimal(0)))[0]
        ends[project, unit] = (before, yuan)
    found: dict[int, Decimal] = defaultdict(Decimal)
    for (_project, unit), (before, after) in ends.items():
        found[unit] += after - before
    return dict(found)


def on_time(place: Any, period: Period, library: str = "") -> dict[int, tuple[int, int]]:
    """(reached by its day, fell due) of the milestones planned for a period, by unit id; excused days move the day.

    One that is open when the period is over is late; where excused days move it past the period, it has not fallen due.
    """
    spec = regimes.regime_on(place, period.last).projects
    if spec is None:
        return {}
    planned = Milestone.objects.filter(
        project__in=_owned(place, library), plan__range=(period.first, period.last)
    ).select_related("project")
    rows = list(planned)
    stops: dict[int, list[core.Stop]] = defaultdict(list)
    for row in Delay.objects.filter(project__milestones__in=planned, state="agreed").distinct():
        stops[row.project_id].append(stop(row))
    found: dict[int, tuple[int, int]] = {}
    after = period.last + timedelta(days=1)
    for one in rows:
        late = core.slippage(mark(one), stops[one.project_id], spec, after).counted > 0
        if one.fact is None and not late:
            continue
        hits, whole = found.get(one.project.unit_id, (0, 0))
        found[one.project.unit_id] = (hits + (not late), whole + 1)
    return found


def _owned(place: Any, library: str) -> Any:
    """The projects that a unit answers for, of one library where it is named."""
    rows = Project.objects.filter(place=place, unit__isnull=False)
    return rows.filter(memberships__library=library) if library else rows
