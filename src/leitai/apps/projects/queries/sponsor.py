"""What a leader answers for: enterprises with their problems, projects with their lights, what is promised next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from leitai.apps.casework import queries as cases
from leitai.apps.people import queries as people

from ..models import Milestone, Project
from ..rows import local_day
from .library import WORST_FIRST

AHEAD = timedelta(days=31)
MOST = 200
SHOWN = 15
WORRYING = ("red", "yellow")


@dataclass(frozen=True)
class Sponsor:
    """A leader's page: projects behind or stuck, those to plan, enterprises with problems or none, what is due."""

    projects: tuple[Project, ...]
    calm: tuple[Project, ...]
    firms: tuple[cases.Sponsored, ...]
    quiet: tuple[Any, ...]
    promised: tuple[Milestone, ...]
    open: int
    late: int
    today: date


def sponsor(viewer: Any, place: Any, now: datetime) -> Sponsor:
    """What a viewer answers for as a sponsor."""
    today = local_day(place, now)
    firms = cases.sponsored(viewer, place, now)
    mine = Project.objects.filter(place=place, closed_on__isnull=True)
    if viewer.account is None:
        rows: list[Project] = []
    else:
        own = Q(sponsor=viewer.account) | Q(enterprise__in=people.sponsored(viewer.account, place))
        rows = list(
            mine.filter(own).select_related("unit", "enterprise", "path_unit").order_by(*WORST_FIRST)[:MOST]
        )
    promised = Milestone.objects.filter(
        project__in=rows, fact__isnull=True, plan__lte=today + AHEAD
    ).select_related("project__unit")
    held = [one for firm in firms for one in firm.cases]
    return Sponsor(
        tuple(row for row in rows if row.light in WORRYING or row.path_what),
        tuple(row for row in rows if not (row.light in WORRYING or row.path_what)),
        tuple(firm for firm in firms if firm.cases),
        tuple(firm.enterprise for firm in firms if not firm.cases),
        tuple(promised.order_by("plan", "pk")[:SHOWN]),
        len(held),
        sum(one.view.light == "red" for one in held),
        today,
    )
