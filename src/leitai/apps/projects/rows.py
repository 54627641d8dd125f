"""A project's rows as the core sees them, and its light worked out from them; nothing here is a write of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework
from leitai.rules import projects as core
from leitai.rules.kernel import N_, Text
from leitai.rules.regime.ventures import ProjectsSpec

from .models import Delay, Milestone, Project

JUDGED = ("light", "slip", "excused", "judged_on", "turns_on", "next_on")


def local_day(place: Any, now: datetime) -> date:
    """The place's own day."""
    return now.astimezone(place.zone).date()


def spec_on(place: Any, day: date) -> ProjectsSpec:
    """What the rule-book says of projects on a day. Raises Refused where it says nothing."""
    spec = regimes.regime_on(place, day).projects
    if spec is None:
        raise refuse("no-projects", N_("This place's rule-book says nothing of projects."))
    return spec


def problem_kinds(place: Any, now: datetime) -> dict[str, Text]:
    """The kinds of case that can be opened about a project: the office's, which ask nothing of their own."""
    regime = regimes.regime_on(place, local_day(place, now))
    return {
        key: spec.name
        for key, spec in regime.cases.items()
        if "office" in (spec.doors or ("office",))
        and casework.flow_of(spec).state(casework.flow_of(spec).start).owner in ("office", "unit")
        and not any(question.needed for question in spec.form.values())
    }


def subject(project: Project) -> str:
    """How events and cases name a project: `project:<code>`."""
    return f"project:{project.code}"


def fresh(project: Project) -> Project:
    """The project as it is now, its row held until the act is over. Raises Refused for one that was given up."""
    row = Project.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=project.pk)
    if row.closed_on is not None:
        raise refuse("project-closed", N_("This project has left the library."))
    return row


def facts(project: Project) -> dict[str, Any]:
    """What an event tells of a project, for rules to ask of."""
    told = {
        "project.code": project.code,
        "project.kind": project.kind,
        "project.level": project.level,
        "project.chain": project.chain,
        "project.stage": project.stage,
        "project.light": project.light,
        "project.slip": project.slip,
    }
    unit = project.unit
    return told | {"unit.key": unit.key if unit else "", "unit.kind": unit.kind if unit else ""}


def mark(row: Milestone) -> core.Mark:
    """A milestone as the core sees it."""
    return core.Mark(row.key, row.plan, row.set_on, row.forecast, row.fact, row.outdoors)


def stop(row: Delay) -> core.Stop:
    """An agreed delay as the core sees it."""
    return core.Stop(row.cause, row.first, row.last)


def judged(
    project: Project,
    milestones: Iterable[Milestone],
    delays: Iterable[Delay],
    spec: ProjectsSpec,
    today: date,
) -> core.Standing:
    """How a project stands; its own columns are set to it, and left to the caller to save."""
    agreed = [stop(row) for row in delays if row.state == "agreed"]
    last = list(spec.stages)[-1]
    stands = core.standing([mark(row) for row in milestones], agreed, spec, today, over=project.stage == last)
    project.light = stands.light
    project.slip = stands.worst.counted if stands.worst else 0
    project.excused = stands.worst.excused if stands.worst else 0
    project.judged_on = today
    project.turns_on = stands.turns_on
    project.next_on = stands.next.plan if stands.next else None
    return stands
