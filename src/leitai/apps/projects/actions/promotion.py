"""Investment promotion: teams, leads and their steps, landing one as a project, twins, joint starts and signings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.projects.promotion import LOST, STEPS, plain

from ..drafts import amount
from ..models import Gathering, Lead, LeadStep, Part, Project, Team, Twins
from ..rows import local_day

_CODE = re.compile(r"[\w][\w.-]{0,59}")
ONCE = ("found", "signed", "landed")


@action("promotion.team_added")
def add_team(*, place: Any, key: str, name: str, unit: Any, by: str, now: datetime) -> Team:
    """Add a team that goes out for a unit."""
    row, new = Team.objects.get_or_create(
        place=place, key=key, defaults={"name": name.strip()[:200], "unit": unit}
    )
    if not new:
        return UNCHANGED
    data = {"team": key, "name": row.name, "unit": unit.key}
    record(place=place, kind="promotion.team_added", by=by, now=now, subject=f"team:{key}", data=data)
    return row


@action("promotion.stepped")
def add_lead(
    *,
    place: Any,
    code: str,
    firm: str,
    name: str,
    unit: Any,
    on: date,
    text: str = "",
    team: Team | None = None,
    chain: str = "",
    yuan: Decimal | None = None,
    by: str,
    now: datetime,
) -> Lead:
    """Note a firm that might come, as a unit follows it."""
    if not _CODE.fullmatch(code):
        raise refuse("bad-code", N_("A code is letters, digits, dots and hyphens, at most 60."))
    if not firm.strip() or not name.strip():
        raise refuse("no-name", N_("Say which firm it is, and what it would build."))
    if Lead.objects.filter(place=place, code=code).exists():
        raise refuse("code-taken", N_("The code %(taken)s is taken."), taken=code)
    _check_day(place, on, now)
    row = Lead.objects.create(
        place=place,
        code=code,
        firm=firm.strip()[:200],
        plain=plain(firm)[:200],
        name=name.strip()[:300],
        unit=unit,
        team=team,
        chain=chain,
        yuan=amount(yuan) if yuan is not None else None,
        step_on=on,
    )
    _step(row, "found", on, text.strip() or row.name, by, now)
    return row


@action("promotion.stepped")
def step_lead(*, lead: Lead, step: str, on: date, text: str, by: str, now: datetime) -> Lead:
    """A lead's next step: visited, talks, signed, lost; what was said or agreed. Landing has its own action."""
    row = _fresh(lead)
    if step not in (*STEPS[1:-1], LOST):
        raise refuse("no-step", N_("There is no such step of a lead."))
    if step != LOST and STEPS.index(step) < STEPS.index(row.step):
        raise refuse("past-step", N_("This lead is further than that."))
    if step in ONCE and row.steps.filter(step=step).exists():
        raise refuse("past-step", N_("This lead is further than that."))
    if on < row.step_on:
        raise refuse("no-such-day", N_("It was in its stage since %(since)s."), since=row.step_on)
    if len(text.strip()) < 2:
        raise refuse("no-words", N_("Say what was said or agreed."))
    _check_day(row.place, on, now)
    row.step, row.step_on = step, on
    row.save(update_fields=["step", "step_on"])
    _step(row, step, on, text.strip(), by, now)
    return row


@action("promotion.stepped")
def land(*, lead: Lead, project: Project, on: date, text: str, by: str, now: datetime) -> Lead:
    """A lead has landed: it is this project now."""
    row = _fresh(lead)
    if project.place_id != row.place_id:
        raise refuse("other-place", N_("This belongs to another place."))
    if on < row.step_on:
        raise refuse("no-such-day", N_("It was in its stage since %(since)s."), since=row.step_on)
    _check_day(row.place, on, now)
    row.step, row.step_on, row.project = "landed", on, project
    row.save(update_fields=["step", "step_on", "project"])
    _step(row, "landed", on, text.strip() or project.name, by, now)
    return row


@action("promotion.twins_decided")
def decide_twins(*, leads: tuple[Lead, Lead], same: bool, note: str, by: str, now: datetime) -> Twins:
    """Two leads are one firm followed twice, or two; a person says so, with a note."""
    first, second = sorted(leads, key=lambda one: one.pk)
    if first.place_id != second.place_id or first.pk == second.pk:
        raise refuse("other-place", N_("This belongs to another place."))
    if len(note.strip()) < 2:
        raise refuse("no-reason", N_("Say why."))
    row, new = Twins.objects.get_or_create(
        first=first,
        second=second,
        defaults={"same": same, "note": note.strip()[:300], "by": by, "at": now},
    )
    if not new:
        raise refuse("answered", N_("This was answered."))
    record(
        place=first.place,
        kind="promotion.twins_decided",
        by=by,
        now=now,
        subject=f"promotion:{first.code}",
        data={"leads": [first.code, second.code], "same": same, "note": row.note},
    )
    return row


@action("project.gathered")
def gather(
    *,
    place: Any,
    kind: str,
    on: date,
    name: str,
    projects: Iterable[Project],
    where: str = "",
    occasion: int | None = None,
    by: str,
    now: datetime,
) -> Gathering:
    """A joint start or signing on a day, with its projects; more may be added by saying it again."""
    if kind not in Gathering.KINDS:
        raise refuse("no-kind", N_("There are joint starts and joint signings."))
    row, new = Gathering.objects.get_or_create(
        place=place,
        kind=kind,
        on=on,
        defaults={"name": name.strip()[:200], "where": where.strip()[:200], "occasion": occasion},
    )
    held = set(row.parts.values_list("project_id", flat=True))
    fresh = [one for one in projects if one.pk not in held]
    if any(one.place_id != place.pk for one in fresh):
        raise refuse("other-place", N_("This belongs to another place."))
    if not new and not fresh and occasion in (None, row.occasion):
        return UNCHANGED
    if occasion is not None and row.occasion != occasion:
        row.occasion = occasion
        row.save(update_fields=["occasion"])
    Part.objects.bulk_create(Part(gathering=row, project=one) for one in fresh)
    data = {"kind": kind, "on": on, "projects": [one.code for one in fresh], "occasion": row.occasion}
    record(place=place, kind="project.gathered", by=by, now=now, subject=f"gathering:{row.pk}", data=data)
    return row


def _fresh(lead: Lead) -> Lead:
    row = Lead.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=lead.pk)
    if row.step in ("landed", LOST):
        raise refuse("lead-over", N_("This lead has landed or was lost."))
    return row


def _check_day(place: Any, on: date, now: datetime) -> None:
    if on > local_day(place, now):
        raise refuse("not-yet", N_("%(day)s has not come yet."), day=on)


def _step(row: Lead, step: str, on: date, text: str, by: str, now: datetime) -> None:
    LeadStep.objects.create(lead=row, step=step, on=on, text=text[:500], by=by, at=now)
    data = {
        "lead": row.code,
        "firm": row.firm,
        "step": step,
        "on": on,
        "unit": row.unit.key,
        "text": text[:500],
        "project": row.project.code if row.project is not None else "",
    }
    record(
        place=row.place, kind="promotion.stepped", by=by, now=now, subject=f"promotion:{row.code}", data=data
    )
