# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Projects for other systems: read as they stand; sums noted and milestones reached, with what shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from leitai.apps.projects import actions, queries
from leitai.apps.projects.models import Project
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from .door import Caller, Key, caller
from .faults import KEYED, POSTED, Problem, faults
from .shapes import PLACE, In, PlaceKey

router = Router(tags=["projects"])
MOST_PAGE = 500
Code = Annotated[
    str, Path(..., min_length=1, max_length=60, pattern=r"^[\w][\w.-]*$", description="the project's code")
]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=2, allow_inf_nan=False)]
Words = Annotated[str, Field(min_length=2, max_length=500, description="what can be looked at")]


class MilestoneOut(BaseModel):
    """A milestone: its plan, when it is foreseen, when it was reached."""

    key: str
    name: str
    plan: date
    forecast: date | None
    fact: date | None
    evidence: str


class ProjectOut(BaseModel):
    """A project as it stands; sums in yuan, null where nobody said."""

    code: str
    name: str
    kind: str
    level: str
    chain: str
    unit: str
    enterprise: str = Field(description="its key, or its name where it is in no list")
    stage: str
    stage_since: date
    light: Literal["none", "green", "yellow", "red", "done"]
    slip_days: int = Field(description="days behind the plan that count")
    excused_days: int
    judged_on: date | None
    planned: Decimal | None
    contracted: Decimal | None
    arrived: Decimal | None
    invested: Decimal | None
    milestones: list[MilestoneOut]


class ProjectsOut(BaseModel):
    """Projects by code; `more` says that there are further ones after the last."""

    projects: list[ProjectOut]
    more: bool


class SumsIn(In):
    """What sums of a project were on a day, in yuan."""

    on: date
    source: Words
    planned: Yuan | None = None
    contracted: Yuan | None = None
    arrived: Yuan | None = None
    invested: Yuan | None = None


class ReachedIn(In):
    """A milestone was reached on a day, with what shows it."""

    on: date
    evidence: Words


def told(row: Project) -> ProjectOut:
    """A project as the interface answers it."""
    marks = sorted(row.milestones.all(), key=lambda one: (one.plan, one.key))
    return ProjectOut(
        code=row.code, name=row.name, kind=row.kind, level=row.level, chain=row.chain,
        unit=row.unit.key if row.unit else "",
        enterprise=row.enterprise.key if row.enterprise else row.firm,
        stage=row.stage, stage_since=row.stage_since, light=row.light, slip_days=row.slip, excused_days=row.excused,
        judged_on=row.judged_on, planned=row.planned, contracted=row.contracted, arrived=row.arrived,
        invested=row.invested,
        milestones=[
            MilestoneOut(
                key=one.key, name=one.name, plan=one.plan, forecast=one.forecast, fact=one.fact, evidence=one.evidence
            )
            for one in marks
        ],
    )  # fmt: skip


def own(comer: Caller, code: str) -> Project:
    """The project of a code that the caller may speak for. Raises Problem."""
    row = queries.project(comer.place, code)
    if row is None or (comer.units is not None and (row.unit_id is None or not comer.may(row.unit_id))):
        raise Problem(404, "unknown-project", N_("There is no such project."))
    return row


@router.get(
    f"{PLACE}/projects",
    auth=Key("projects:read"),
    response={200: ProjectsOut, **faults(KEYED)},
    summary="Projects in the library",
)
def projects(
    request: HttpRequest,
    place: PlaceKey,
    after: Annotated[str, Query("", max_length=60, description="code of the last one of the answer before")],
    limit: Annotated[int, Query(100, ge=1, le=MOST_PAGE, description="how many at most")],
) -> ProjectsOut:
    """Projects by code, those of the key's unit and below it alone where it is a unit's."""
    comer = caller(request)
    rows = queries.narrowed(comer.place).filter(code__gt=plain(after))
    if comer.units is not None:
        rows = rows.filter(unit_id__in=comer.units)
    rows = rows.select_related("unit", "enterprise").prefetch_related("milestones").order_by("code")
    found = list(rows[: limit + 1])
    return ProjectsOut(projects=[told(row) for row in found[:limit]], more=len(found) > limit)


@router.get(
    f"{PLACE}/projects/{{code}}",
    auth=Key("projects:read"),
    response={200: ProjectOut, **faults(KEYED)},
    summary="One project",
)
def project(request: HttpRequest, place: PlaceKey, code: Code) -> ProjectOut:
    """A project by its code, also one that has left the library."""
    return told(own(caller(request), code))


@router.post(
    f"{PLACE}/projects/{{code}}/sums",
    auth=Key("projects:report"),
    response={200: ProjectOut, **faults(POSTED)},
    summary="Note sums of a project",
)
def note_project_sums(request: HttpRequest, place: PlaceKey, code: Code, body: SumsIn) -> ProjectOut:
    """Sums on a day, kept beside those of other days; sent again, nothing changes."""
    comer = caller(request)
    said = {name: getattr(body, name) for name in ("planned", "contracted", "arrived", "invested")}
    sums = {name: yuan for name, yuan in said.items() if yuan is not None}
    row = own(comer, code)
    actions.note_sums(
        project=row, sums=sums, on=body.on, source=plain(body.source), by=comer.by, now=comer.now
    )
    return told(own(comer, code))


@router.post(
    f"{PLACE}/projects/{{code}}/milestones/{{key}}",
    auth=Key("projects:report"),
    response={200: ProjectOut, **faults(POSTED)},
    summary="Tell that a milestone was reached",
)
def reach_milestone(
    request: HttpRequest,
    place: PlaceKey,
    code: Code,
    key: Annotated[str, Path(..., min_length=1, max_length=40, description="the milestone's key")],
    body: ReachedIn,
) -> ProjectOut:
    """A milestone was reached, with what can be looked at; once."""
    comer = caller(request)
    mark = next((one for one in own(comer, code).milestones.all() if one.key == key), None)
    if mark is None:
        raise Problem(404, "unknown-milestone", N_("There is no such milestone."))
    words = plain(body.evidence)
    actions.reach(milestone=mark, fact=body.on, evidence=words, by=comer.by, now=comer.now)
    return told(own(comer, code))
