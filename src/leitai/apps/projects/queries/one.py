"""One project: what it is behind by and why, its open problems, who holds the critical path, its road."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leitai.apps.casework import queries as cases
from leitai.apps.regimes import queries as regimes
from leitai.rules import projects as core
from leitai.rules.kernel import Text
from leitai.rules.regime.ventures import ProjectsSpec

from ..models import Correction, Delay, Milestone, Project, Task
from ..models.projects import SUMS
from ..rows import local_day, mark, stop, subject
from .library import named


@dataclass(frozen=True)
class Due:
    """A milestone with the account of its days and the light these make."""

    row: Milestone
    slip: core.Slippage
    light: str
    causes: tuple[tuple[Text, int, bool], ...]


@dataclass(frozen=True)
class Account:
    """How a project stands today: its light with the milestone that makes it, each milestone, who holds the path.

    `holder` is a name, `holds` what it holds, `since` since when, `ref` the case it is in, if it is in one.
    """

    standing: core.Standing
    marks: tuple[Due, ...]
    worst: Due | None
    holder: str
    holds: str
    since: date | None
    ref: str


@dataclass(frozen=True)
class Line:
    """One line of a project's road: a day, a sort, what is told (words, or a name of the rule-book), by whom."""

    on: date
    sort: str
    text: str
    name: Text | None
    by: str


def account(row: Project, spec: ProjectsSpec, now: datetime) -> Account:
    """How a project stands. `spec` is the rule-book's word on projects of the day."""
    today = local_day(row.place, now)
    milestones = list(row.milestones.order_by("plan", "key"))
    stops = [stop(one) for one in row.delays.all() if one.state == "agreed"]
    last = list(spec.stages)[-1]
    standing = core.standing([mark(one) for one in milestones], stops, spec, today, over=row.stage == last)
    dues = tuple(_due(one, stops, spec, today) for one in milestones)
    worst = next(
        (due for due in dues if standing.worst is not None and due.row.key == standing.worst.key), None
    )
    return Account(standing, dues, worst, *_holder(row, standing, now))


def _due(one: Milestone, stops: list[core.Stop], spec: ProjectsSpec, today: date) -> Due:
    slip = core.slippage(mark(one), stops, spec, today)
    light = "done" if one.fact else core.light_of(slip, spec)
    if light == "green" and core.foreseen(mark(one), stops, spec, today).counted >= spec.yellow:
        light = "yellow"
    causes = tuple(
        (WINTER if key == core.WINTER else named(spec, "causes", key), days, core.excuses(spec, key))
        for key, days in slip.by.items()
    )
    return Due(one, slip, light, causes)


WINTER = Text(zh="冬季停工", en="winter stop")


def _holder(row: Project, standing: core.Standing, now: datetime) -> tuple[str, str, date | None, str]:
    """The permits say first; then the open problem that is due first; else the unit, with the next milestone."""
    if row.path_what:
        return row.path_unit.name if row.path_unit else "", row.path_what, row.path_since, row.path_ref
    found = problems(row, now, limit=1)
    if found:
        one = found[0]
        since = cases.held_since([one.case.pk]).get(one.case.pk, one.case.opened_at)
        holder = cases.held_by(one.case, one.holder)
        return holder, one.case.title, since.astimezone(row.place.zone).date(), f"case:{one.case.ref}"
    if standing.next is None or row.unit is None:
        return "", "", None, ""
    milestone = next(one for one in row.milestones.all() if one.key == standing.next.key)
    return row.unit.name, milestone.name, None, ""


def problems(row: Project, now: datetime, limit: int = 50) -> list[cases.CaseView]:
    """The open cases about a project, what is due first first."""
    rows = cases.open_cases(row.place).filter(about=subject(row)).exclude(about="")
    return cases.views(cases.in_order(rows)[:limit], now)


def stages(row: Project, spec: ProjectsSpec, today: date) -> list[dict[str, Any]]:
    """The rule-book's stages with when each was entered, how long it lasted, its evidence, and where it is now."""
    entries = list(row.entries.order_by("on", "at"))
    stays = core.stays([(one.stage, one.on) for one in entries])
    latest = {one.stage: (one, stay) for one, stay in zip(entries, stays, strict=True)}
    order = list(spec.stages)
    at = order.index(row.stage) if row.stage in order else -1
    calendar = regimes.calendars(regimes.regime_on(row.place, today))[spec.on]
    found = []
    for index, (key, one) in enumerate(spec.stages.items()):
        entry, stay = latest.get(key, (None, None))
        shown = entry is not None and index <= at
        found.append(
            {
                "key": key,
                "name": one.name,
                "entry": entry if shown else None,
                "days": stay.days(today) if shown and stay else None,
                "evidence": [(named_need(spec, need), words) for need, words in entry.evidence.items()]
                if shown and entry
                else [],
                "usual": core.due(spec, key, row.stage_since, calendar) if index == at else None,
                "here": index == at,
                "passed": index < at,
                "needs": core.needs(spec, row.stage, key) if index > at else {},
            }
        )
    return found


def named_need(spec: ProjectsSpec, need: str) -> Text:
    """What a piece of evidence is called."""
    found = next((one.needs[need] for one in spec.stages.values() if need in one.needs), None)
    return found or Text(en=need)


def sums(row: Project) -> list[tuple[str, Decimal | None, list[Any]]]:
    """Each sum of a project: its name, its last value in yuan, and its history, the newest first."""
    held: dict[str, list[Any]] = {}
    for one in row.amounts.order_by("-on"):
        held.setdefault(one.what, []).append(one)
    return [(what, getattr(row, what), held.get(what, [])) for what in SUMS]


def lines(row: Project, spec: ProjectsSpec) -> list[Line]:
    """A project's road, the newest first: stages, milestones reached, tasks, delays and what was answered."""
    zone = row.place.zone
    found = [
        Line(one.on, "back" if one.back else "stage", one.why, named(spec, "stages", one.stage), one.by)
        for one in row.entries.all()
    ]
    found += [
        Line(one.fact, "reached", f"{one.name} · {one.evidence}", None, "")
        for one in row.milestones.all()
        if one.fact
    ]
    found += [
        Line(
            one.closed_at.astimezone(zone).date(),
            one.outcome,
            f"{one.text} · {one.note}",
            None,
            one.closed_by,
        )
        for one in row.tasks.exclude(closed_at=None).order_by("-closed_at")[:40]
    ]
    found += [
        Line(
            one.claimed_at.astimezone(zone).date(),
            one.state,
            f"{one.first} – {one.last} · {one.text}",
            named(spec, "causes", one.cause),
            one.claimed_by,
        )
        for one in row.delays.all()
    ]
    return sorted(found, key=lambda line: line.on, reverse=True)


def milestone(row: Project, number: int) -> Milestone | None:
    """A milestone of a project by its number."""
    return row.milestones.filter(pk=number).first()


def task(row: Project, number: int) -> Task | None:
    """A week's task of a project by its number."""
    return row.tasks.filter(pk=number).first()


def delay(row: Project, number: int) -> Delay | None:
    """A delay of a project by its number."""
    return row.delays.filter(pk=number).first()


def correction(row: Project, number: int) -> Correction | None:
    """What an enterprise said of a project, by its number."""
    return row.corrections.filter(pk=number).first()


def of_enterprise(enterprise: Any) -> Iterable[Project]:
    """The projects of an enterprise that are in the library."""
    rows = Project.objects.filter(enterprise=enterprise, closed_on__isnull=True)
    return list(rows.select_related("place", "unit", "enterprise", "path_unit").order_by("code"))
