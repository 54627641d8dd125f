"""The week's plan, the month's dispatch, the quarter's review: the same rows, read over a week, a month, a quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from leitai.rules import projects as core
from leitai.rules.kernel import Period

from ..models import Amount, Milestone, Project, Task
from ..rows import mark
from .library import WORST_FIRST, Filter, narrowed

History = dict[int, dict[str, list[tuple[date, Decimal]]]]


@dataclass(frozen=True)
class Row:
    """A project in a period: what it came to, the milestones planned for it or reached in it, its tasks."""

    project: Project
    review: core.Review
    marks: tuple[Milestone, ...]
    tasks: tuple[Task, ...]


def reviewed(place: Any, period: Period, by: Filter) -> tuple[QuerySet[Project], core.Review]:
    """The projects for which something was planned, reached or noted in a period; what all of it came to together."""
    base = narrowed(place, by)
    within = (period.first, period.last)
    weeks = _weeks(period)
    planned = Q(plan__range=within)
    marks = Milestone.objects.filter(planned | Q(fact__range=within))
    own = OuterRef("pk")
    shown = base.filter(
        Exists(marks.filter(project=own))
        | Exists(Task.objects.filter(project=own, week__in=weeks))
        | Exists(Amount.objects.filter(project=own, on__range=within))
    )
    counted = marks.filter(project__in=base).aggregate(
        due=Count("pk", filter=planned),
        on_time=Count("pk", filter=planned & Q(fact__lte=F("plan"))),
        late=Count("pk", filter=planned & Q(fact__gt=F("plan"))),
        reached=Count("pk", filter=Q(fact__range=within)),
    )
    tasks = Task.objects.filter(project__in=base, week__in=weeks).aggregate(
        planned=Count("pk"),
        done=Count("pk", filter=Q(outcome="done")),
        missed=Count("pk", filter=Q(outcome="not-done")),
    )
    changed = Amount.objects.filter(project__in=base, on__range=within)
    added = _added(changed.values("project_id"), period)
    total = core.Review(
        **counted,
        open=counted["due"] - counted["on_time"] - counted["late"],
        tasks=core.Done(**tasks),
        added={what: added[what] for what in core.SUMS if what in added},
    )
    return shown.select_related("unit").order_by(*WORST_FIRST), total


def rows(projects: Iterable[Project], period: Period) -> list[Row]:
    """Projects with what the period came to for each."""
    found = list(projects)
    within = (period.first, period.last)
    marks: dict[int, list[Milestone]] = defaultdict(list)
    planned = Q(plan__range=within) | Q(fact__range=within)
    for one in Milestone.objects.filter(planned, project__in=found).order_by("plan", "key"):
        marks[one.project_id].append(one)
    tasks: dict[int, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(project__in=found, week__in=_weeks(period)).order_by("week", "pk"):
        tasks[task.project_id].append(task)
    history = _history([row.pk for row in found], period)
    return [
        Row(
            row,
            core.review(
                period,
                [mark(one) for one in marks[row.pk]],
                [one.outcome for one in tasks[row.pk]],
                history.get(row.pk, {}),
            ),
            tuple(marks[row.pk]),
            tuple(tasks[row.pk]),
        )
        for row in found
    ]


def _history(projects: Any, period: Period) -> History:
    """What sums of projects were, day by day, up to the end of a period."""
    found: History = defaultdict(lambda: defaultdict(list))
    held = Amount.objects.filter(project__in=projects, on__lte=period.last)
    for pk, what, on, yuan in held.values_list("project_id", "what", "on", "yuan"):
        found[pk][what].append((on, yuan))
    return found


def _added(projects: Any, period: Period) -> dict[str, Decimal]:
    """By how much each sum of projects grew in a period, all together: as `core.review`, in one pass."""
    nothing = Decimal(0)
    ends: dict[tuple[int, str], tuple[Decimal, Decimal]] = {}
    held = Amount.objects.filter(project__in=projects, on__lte=period.last).order_by("on")
    for pk, what, on, yuan in held.values_list("project_id", "what", "on", "yuan"):
        before = yuan if on < period.first else ends.get((pk, what), (nothing, nothing))[0]
        ends[pk, what] = (before, yuan)
    added: dict[str, Decimal] = {}
    for (_pk, what), (before, after) in ends.items():
        added[what] = added.get(what, nothing) + after - before
    return added


def _weeks(period: Period) -> list[str]:
    """The weeks whose tasks belong to a period: a longer one has those that begin in it."""
    if period.kind == "week":
        return [period.key]
    return [one.key for one in period.within("week")]
