"""Granting a permit, on its papers or on a commitment; withdrawing it; doing without it."""

from __future__ import annotations

from datetime import datetime

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.flows.permits import faults, without
from leitai.rules.kernel import N_
from leitai.rules.projects import permits as core

from ..models import ASKING, DROPPED, GRANTED, WORKING, Duty, Permit, Start
from ..moving import advance, check_open, fall_back, put, put_back
from ..rows import adding, facts, fresh, held, needs_of, permits_of, shown, spec_of


def _locked(permit: Permit) -> tuple[Start, Permit]:
    """The start and its permit as they are now, nobody else changing either until this act is over."""
    start = fresh(permit.start)
    check_open(start)
    row = Permit.objects.select_related("unit").get(pk=permit.pk)
    row.start = start
    return start, row


def _name(start: Start, row: Permit) -> str:
    return shown(spec_of(start), [row.key])


@action("permit.committed")
def commit(*, permit: Permit, by: str, now: datetime) -> Permit:
    """Put on record that the enterprise commits itself to bring what is lacking later: the permit is taken up on that.

    Raises Refused where the rule-book knows no commitment for this permit, nothing is lacking, or one was broken.
    """
    start, row = _locked(permit)
    spec = spec_of(start).permits[row.key]
    if row.state != ASKING:
        raise refuse("not-asking", N_("%(permit)s waits for no paper now."), permit=_name(start, row))
    if spec.promise is None:
        raise refuse(
            "no-commitment",
            N_("The rule-book does not let %(permit)s be granted on a commitment."),
            permit=_name(start, row),
        )
    if row.duties.filter(state="missed").exists():
        raise refuse(
            "commitment-broken",
            N_("A commitment for %(permit)s was broken; bring the papers first."),
            permit=_name(start, row),
        )
    row.committed_at, row.committed_by = now, by
    row.save()
    record(
        place=start.place,
        kind="permit.committed",
        by=by,
        now=now,
        subject=f"permit:{row.pk}",
        data=facts(row) | {"papers": list(core.lacking(spec.asks, held(start))), "within": spec.promise},
    )
    advance(start, by=by, now=now)
    row.refresh_from_db()
    return row


@action("permit.granted")
def grant(*, permit: Permit, number: str = "", by: str, now: datetime) -> Permit:
    """Grant a permit that is being worked on, with the document's number; those that waited for it begin.

    Where papers are lacking that were promised, they are a duty from now on, due within the rule-book's time.
    """
    start, row = _locked(permit)
    if row.state != WORKING:
        raise refuse(
            "not-worked-on",
            N_("%(permit)s cannot be granted now: it is not being worked on."),
            permit=_name(start, row),
        )
    spec = spec_of(start).permits[row.key]
    lacks = core.lacking(spec.asks, held(start))
    in_time = row.due_at is None or now <= row.due_at
    row.number = number.strip()[:100]
    put(row, GRANTED, "none", now)
    duty = None
    if lacks and spec.promise is not None:
        duty = Duty.objects.create(permit=row, papers=list(lacks), due_at=adding(start)(now, spec.promise))
    record(
        place=start.place,
        kind="permit.granted",
        by=by,
        now=now,
        subject=f"permit:{row.pk}",
        data=facts(row)
        | {
            "number": row.number,
            "permit.in_time": in_time,
            "owed": list(lacks),
            "owed_by": duty.due_at if duty else None,
        },
    )
    advance(start, by=by, now=now)
    return row


@action("permit.withdrawn")
def withdraw(*, permit: Permit, why: str, by: str, now: datetime) -> Permit:
    """Withdraw a granted permit with the reason: it and all that rested on it are gone through anew, the start too."""
    start, row = _locked(permit)
    if row.state != GRANTED:
        raise refuse("not-granted", N_("%(permit)s is not granted."), permit=_name(start, row))
    if not why.strip():
        raise refuse("no-reason", N_("Say why it is withdrawn, and under which provision."))
    record(
        place=start.place,
        kind="permit.withdrawn",
        by=by,
        now=now,
        subject=f"permit:{row.pk}",
        data=facts(row) | {"why": why.strip()[:300], "permit.started": start.started_on is not None},
    )
    fall_back(start, row, why.strip()[:300], by=by, now=now, cause="")
    row.refresh_from_db()
    return row


@action("permit.dropped")
def drop(*, permit: Permit, why: str, by: str, now: datetime) -> Permit:
    """Do without a permit that this start turns out not to need. Raises Refused where the start itself waits for it."""
    start, row = _locked(permit)
    if row.state in (GRANTED, DROPPED):
        raise refuse("over", N_("%(permit)s is granted or left out already."), permit=_name(start, row))
    if not why.strip():
        raise refuse("no-reason", N_("Say why the start does not need %(key)s."), key=_name(start, row))
    left = without(needs_of(start, permits_of(start)), {row.key})
    for fault in faults(left, spec_of(start).start):
        raise refuse(
            "start-out-of-reach",
            N_("So the start could never be made: %(path)s. Leave that permit in."),
            path=shown(spec_of(start), fault.path),
        )
    if row.state == WORKING:
        put_back(row, why.strip()[:300], by=by, now=now, cause="")
    row.why = why.strip()[:300]
    put(row, DROPPED, "none", now)
    record(
        place=start.place,
        kind="permit.dropped",
        by=by,
        now=now,
        subject=f"permit:{row.pk}",
        data=facts(row) | {"why": row.why},
    )
    advance(start, by=by, now=now)
    return row
