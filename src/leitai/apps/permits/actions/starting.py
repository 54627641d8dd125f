"""Opening a start as one matter, making it once everything is granted, giving it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from leitai.apps.ledger.actions import action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.apps.projects import queries as projects
from leitai.apps.regimes import queries as regimes
from leitai.rules.flows.permits import faults, without
from leitai.rules.kernel import N_, nearest
from leitai.rules.projects.paths import plan

from ..models import DROPPED, GRANTED, WAITING, Hold, Paper, Permit, Start
from ..moving import BEGUN, advance, check_open, put_back
from ..rows import adding, fresh, permits_of, shown, spec_of, steps_of


@action("start.opened")
def open_start(
    *,
    place: Any,
    key: str,
    title: str,
    enterprise: Any | None = None,
    project: str = "",
    not_needed: Mapping[str, str] | None = None,
    once: str = "",
    by: str,
    now: datetime,
) -> Start:
    """Open a start of the rule-book in force; the permits that need no other begin, or ask for their papers.

    `project` is the code of a project of the library, "" for none. `not_needed` has the permits that this start does
    without, each with the reason. Papers that the enterprise has handed in for the same project are held already.
    The graph is checked once more as this start has it. The same `once` again answers the same start.
    Raises Refused for a start, project, permit or unit that is not there, or where the start could not be reached.
    """
    found = Start.objects.filter(place=place, once=once).first() if once else None
    if found is not None:
        nothing_new()
        return found
    regime = regimes.regime_on(place, now.astimezone(place.zone).date())
    if key not in regime.starts:
        near = nearest(key, regime.starts) or "-"
        raise refuse(
            "unknown-start",
            N_("The rule-book has no start %(key)s; the nearest is %(near)s."),
            key=key,
            near=near,
        )
    if not title.strip():
        raise refuse("no-title", N_("Say in a few words what is to be started."))
    row = _project(place, project)
    dropped = {name: why.strip() for name, why in (not_needed or {}).items()}
    spec = regime.starts[key]
    _check_graph(spec, dropped)
    start = Start.objects.create(
        place=place,
        once=once or None,
        key=key,
        title=title.strip()[:300],
        enterprise=enterprise or (row.enterprise if row is not None else None),
        project=row,
        opened_at=now,
        opened_by=by,
    )
    for name, permit in spec.permits.items():
        unit = people.unit(place, permit.unit)
        if unit is None:
            raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=permit.unit)
        why = dropped.get(name, "")
        state = DROPPED if name in dropped else WAITING
        made = Permit.objects.create(start=start, key=name, unit=unit, state=state, since=now, why=why[:300])
        Hold.objects.create(permit=made, at=now, holder="none")
    _take_over(start)
    record(
        place=place,
        kind="start.opened",
        by=by,
        now=now,
        subject=f"start:{start.pk}",
        data={
            "start.key": key,
            "project": f"project:{row.code}" if row is not None else "",
            "not_needed": sorted(dropped),
        },
    )
    advance(start, by=by, now=now)
    return start


def _project(place: Any, code: str) -> Any | None:
    if not code:
        return None
    row = projects.project(place, code)
    if row is None:
        raise refuse("unknown-project", N_("There is no project %(project)s."), project=code)
    return row


def _check_graph(spec: Any, dropped: Mapping[str, str]) -> None:
    """The graph of this start is as sound as that of the rule-book, and what is left out says why."""
    needs = {name: permit.needs for name, permit in spec.permits.items()}
    for name, why in dropped.items():
        if name not in spec.permits:
            raise refuse("unknown-permit", N_("There is no permit %(key)s in this start."), key=name)
        if not why:
            raise refuse("no-reason", N_("Say why the start does not need %(key)s."), key=name)
    for fault in faults(without(needs, dropped), spec.start):
        raise refuse(
            "start-out-of-reach",
            N_("So the start could never be made: %(path)s. Leave that permit in."),
            path=shown(spec, fault.path),
        )


def _take_over(start: Start) -> None:
    """Papers that the same enterprise handed in for the same project are not asked for again."""
    if start.enterprise_id is None or start.project_id is None:
        return
    older = Paper.objects.filter(
        start__enterprise=start.enterprise_id, start__project=start.project_id, returned_at__isnull=True
    ).order_by("key", "-given_at")
    wanted = set(spec_of(start).papers)
    for row in older:
        if row.key in wanted:
            wanted.discard(row.key)
            Paper.objects.create(
                start=start,
                key=row.key,
                given_at=row.given_at,
                given_by=row.given_by,
                note=row.note,
                taken_from=row,
            )


@action("start.made")
def make_start(*, start: Start, on: date, by: str, now: datetime) -> Start:
    """Put on record that the start was made on a date of the place. Raises Refused while a permit is not granted."""
    start = fresh(start)
    check_open(start)
    if start.started_on is not None:
        raise refuse("started-already", N_("It was started on %(day)s already."), day=start.started_on)
    rows = permits_of(start)
    lacking = [row.key for row in rows if row.state not in (GRANTED, DROPPED)]
    if lacking:
        path = plan(steps_of(start, rows), spec_of(start).start, now, adding(start)).path or tuple(lacking)
        raise refuse(
            "not-granted",
            N_("Nothing may be started before these are granted: %(permits)s."),
            permits=shown(spec_of(start), path),
        )
    zone = start.place.zone
    if not start.opened_at.astimezone(zone).date() <= on <= now.astimezone(zone).date():
        raise refuse("bad-day", N_("The day of the start lies between the opening of this matter and today."))
    start.started_on = on
    start.save()
    record(
        place=start.place,
        kind="start.made",
        by=by,
        now=now,
        subject=f"start:{start.pk}",
        data={
            "start.key": start.key,
            "start.days": (on - start.opened_at.astimezone(zone).date()).days,
            "on": on,
        },
    )
    return start


@action("start.given_up")
def give_up(*, start: Start, why: str, by: str, now: datetime) -> Start:
    """Give a start up that was not made, with the reason; what is being worked on for it is laid down."""
    start = fresh(start)
    check_open(start)
    if start.started_on is not None:
        raise refuse("started-already", N_("It was started on %(day)s already."), day=start.started_on)
    if not why.strip():
        raise refuse("no-reason", N_("Say why it is given up."))
    for row in permits_of(start):
        if row.state in BEGUN and row.state != GRANTED:
            put_back(row, why.strip()[:300], by=by, now=now, cause="")
    start.given_up_at, start.given_up_why = now, why.strip()[:300]
    start.save()
    record(
        place=start.place,
        kind="start.given_up",
        by=by,
        now=now,
        subject=f"start:{start.pk}",
        data={"start.key": start.key, "why": start.given_up_why},
    )
    return start
