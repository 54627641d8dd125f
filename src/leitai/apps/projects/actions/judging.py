"""The light of each project, worked out anew once a day for those whose light can have turned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, Draft, action, nothing_new, record_many, update_many
from leitai.apps.regimes import queries as regimes

from ..lights import turned
from ..models import Delay, Milestone, Project
from ..rows import JUDGED, judged, local_day, subject

BATCH = 500


@action("project.light")
def judge(*, place: Any, by: str, now: datetime) -> int:
    """Work out the light of up to 500 projects that are due for it; how many were. Each turn of a light is an event.

    An event takes effect at the place's midnight of the day on which the light turned, whenever this is run.
    """
    today = local_day(place, now)
    spec = regimes.regime_on(place, today).projects
    if spec is None:
        return UNCHANGED
    due = Project.objects.filter(place=place, turns_on__lte=today).order_by("turns_on", "pk")
    rows = list(due.select_for_update(of=("self",)).select_related("unit")[:BATCH])
    if not rows:
        return UNCHANGED
    marks: dict[int, list[Milestone]] = {}
    for mark in Milestone.objects.filter(project__in=rows):
        marks.setdefault(mark.project_id, []).append(mark)
    stops: dict[int, list[Delay]] = {}
    for stop in Delay.objects.filter(project__in=rows, state="agreed"):
        stops.setdefault(stop.project_id, []).append(stop)
    turns = []
    for row in rows:
        before = row.light
        stands = judged(row, marks.get(row.pk, ()), stops.get(row.pk, ()), spec, today)
        if row.light != before:
            data = turned(row, before, stands)
            turns.append(Draft(place.pk, "project.light", now, now, by, subject(row), data))
    update_many(Project, JUDGED, [(row.pk, *(getattr(row, name) for name in JUDGED)) for row in rows])
    record_many(turns)
    nothing_new()
    return len(rows)
