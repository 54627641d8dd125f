"""What every act on a start does to its permits: those that may begin begin, those whose ground is gone wait again."""

from __future__ import annotations

from datetime import datetime

from leitai.apps.ledger.actions import record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.projects import permits as core

from .models import ASKING, GRANTED, WAITING, WORKING, Duty, Hold, Permit, Start
from .rows import adding, facts, granted, held, needs_of, permits_of, spec_of

BEGUN = (ASKING, WORKING, GRANTED)


def check_open(start: Start) -> None:
    """Raises Refused for a start that was given up."""
    if start.given_up_at is not None:
        raise refuse("given-up", N_("This start was given up: %(why)s"), why=start.given_up_why)


def advance(start: Start, *, by: str, now: datetime, cause: str = "") -> list[Permit]:
    """Let every permit begin that may: its needs granted, its papers there or promised. How the permits are then."""
    rows = permits_of(start)
    spec, there = spec_of(start), held(start)
    may = set(core.ready(needs_of(start, rows), granted(rows)))
    for row in rows:
        if row.key not in may or row.state not in (WAITING, ASKING):
            continue
        lacks = core.lacking(spec.permits[row.key].asks, there)
        if not lacks or row.committed_at is not None:
            _begin(start, row, by=by, now=now, cause=cause)
        elif row.state == WAITING:
            put(row, ASKING, "enterprise", now)
            record(
                place=start.place,
                kind="permit.asked",
                by=by,
                now=now,
                subject=f"permit:{row.pk}",
                data=facts(row) | {"papers": list(lacks)},
                cause=cause,
            )
    return rows


def _begin(start: Start, row: Permit, *, by: str, now: datetime, cause: str) -> None:
    row.round += 1
    row.due_at = adding(start)(now, spec_of(start).permits[row.key].within)
    put(row, WORKING, f"unit:{row.unit.key}", now)
    record(
        place=start.place,
        kind="permit.begun",
        by=by,
        now=now,
        subject=f"permit:{row.pk}",
        data=facts(row) | {"due": row.due_at},
        cause=cause,
    )


def put(row: Permit, state: str, holder: str, now: datetime) -> None:
    """Bring a permit to a state, and into somebody's hands, from this instant on."""
    row.state, row.since = state, now
    if state != WORKING:
        row.due_at = None
    row.save()
    Hold.objects.create(permit=row, at=now, holder=holder)


def put_back(row: Permit, why: str, *, by: str, now: datetime, cause: str) -> None:
    """A permit that was begun or granted waits again; what it was granted on is void with it."""
    row.number, row.committed_at, row.committed_by = "", None, ""
    put(row, WAITING, "none", now)
    Duty.objects.filter(permit=row, state="open").update(state="void", at=now)
    record(
        place=row.start.place,
        kind="permit.reopened",
        by=by,
        now=now,
        subject=f"permit:{row.pk}",
        data=facts(row) | {"why": why},
        cause=cause,
    )


def fall_back(start: Start, row: Permit, why: str, *, by: str, now: datetime, cause: str) -> None:
    """A granted permit is granted no longer: it and all that rests on it are gone through anew, and so is the start."""
    rows = permits_of(start)
    begun = {one.key for one in rows if one.state in BEGUN}
    again = {row.key, *core.reopened(needs_of(start, rows), begun, row.key)}
    for one in rows:
        if one.key in again:
            put_back(one, why, by=by, now=now, cause=cause)
    if start.started_on is not None:
        was, start.started_on, start.reopened_at = start.started_on, None, now
        start.save()
        record(
            place=start.place,
            kind="start.reopened",
            by=by,
            now=now,
            subject=f"start:{start.pk}",
            data={"start.key": start.key, "started": was, "permits": sorted(again), "why": why},
            cause=cause,
        )
    advance(start, by=by, now=now, cause=cause)
