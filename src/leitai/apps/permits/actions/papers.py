"""Papers of a start: handed in once for all its permits, and returned where they are not in order."""

from __future__ import annotations

from datetime import datetime

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.projects import permits as core

from ..models import GRANTED, WORKING, Duty, Paper, Start
from ..moving import advance, check_open, put_back
from ..rows import adding, facts, fresh, held, permits_of, spec_of


@action("paper.given")
def give_paper(
    *, start: Start, key: str, note: str = "", taken_from: Paper | None = None, by: str, now: datetime
) -> Paper:
    """Hand in a paper: every permit that asks for it has it. `taken_from` is the one of an earlier start that is meant.

    Raises Refused for a paper that nobody asks for, or that is there already.
    """
    start = fresh(start)
    check_open(start)
    if key not in spec_of(start).papers:
        raise refuse("unknown-paper", N_("Nobody asks for this paper."))
    row = Paper.objects.filter(start=start, key=key).first()
    if row is not None and row.returned_at is None:
        raise refuse("paper-there", N_("This paper is there already; it is not asked for again."))
    row = row or Paper(start=start, key=key)
    row.given_at, row.given_by, row.note = now, by, note.strip()[:200]
    row.taken_from, row.returned_at, row.returned_why = taken_from, None, ""
    row.save()
    record(
        place=start.place,
        kind="paper.given",
        by=by,
        now=now,
        subject=f"start:{start.pk}",
        data={"start.key": start.key, "paper": key},
    )
    _fulfil(start, by=by, now=now)
    advance(start, by=by, now=now)
    return row


def _fulfil(start: Start, *, by: str, now: datetime) -> None:
    """Duties whose papers are all there are done."""
    there = held(start)
    due = Duty.objects.filter(permit__start=start, state="open").select_related("permit__unit")
    for duty in due.order_by("pk"):
        if not core.lacking(duty.papers, there):
            duty.permit.start = start
            duty.state, duty.at = "done", now
            duty.save()
            record(
                place=start.place,
                kind="duty.done",
                by=by,
                now=now,
                subject=f"permit:{duty.permit_id}",
                data=facts(duty.permit) | {"papers": duty.papers, "duty.in_time": now <= duty.due_at},
            )


@action("paper.returned")
def return_paper(*, paper: Paper, why: str, by: str, now: datetime) -> Paper:
    """Return a paper that is not in order, saying all that is wrong with it; what is worked on waits for it again.

    A permit that was granted stands. One that was granted on the promise of this paper is owed it anew, for the
    time that the rule-book gives.
    """
    start = fresh(paper.start)
    check_open(start)
    row = Paper.objects.get(pk=paper.pk)
    if row.returned_at is not None:
        raise refuse("returned-already", N_("This paper was returned already."))
    if not why.strip():
        raise refuse("no-reason", N_("Say all that is wrong with it at once."))
    row.returned_at, row.returned_why = max(now, row.given_at), why.strip()[:300]
    row.save()
    record(
        place=start.place,
        kind="paper.returned",
        by=by,
        now=now,
        subject=f"start:{start.pk}",
        data={"start.key": start.key, "paper": row.key, "why": row.returned_why},
    )
    spec, later = spec_of(start), adding(start)
    for permit in permits_of(start):
        asks = row.key in spec.permits[permit.key].asks
        if asks and permit.state == WORKING and permit.committed_at is None:
            put_back(permit, row.returned_why, by=by, now=now, cause="")
        if permit.state == GRANTED:
            last = Duty.objects.filter(permit=permit).order_by("-pk").first()
            promise = spec.permits[permit.key].promise
            if last is not None and last.state == "done" and row.key in last.papers and promise is not None:
                last.state, last.at, last.due_at = "open", None, max(last.due_at, later(now, promise))
                last.save()
    advance(start, by=by, now=now)
    return row
