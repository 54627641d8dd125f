"""Taking another system's cases as they are: what is over is history, what is open keeps its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, insert_many, record
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.ledger import canonical, digest

from ..models import Case, Clock
from ..rows import local_day


@dataclass(frozen=True)
class CaseRecord:
    """A case as another system kept it. Instants are UTC; `due` is that system's own target."""

    source_id: str
    unit_id: int
    title: str
    opened: datetime
    due: datetime | None = None
    closed: datetime | None = None
    where: str = ""
    channel: str = ""
    enterprise_id: int | None = None


CASE_COLUMNS = (
    "place_id", "ref", "kind", "state", "holder", "unit_id", "enterprise_id", "title", "where", "channel",
    "source", "source_id", "opened_at", "due_at", "next_due_at", "closed_at",
)  # fmt: skip
CLOCK_COLUMNS = (
    "case_id", "key", "since", "until", "within", "calendar", "started_at", "due_at", "met_at", "breached_at",
    "next_at",
)  # fmt: skip


@action("cases.imported")
def import_cases(
    *, place: Any, kind: str, source: str, records: Sequence[CaseRecord], by: str, now: datetime
) -> int:
    """Take a batch of another system's cases; those already here by source id are left alone. Returns how many.

    What is over is history: its clock is judged by its own records and sets nothing going. What is still open
    keeps its clock, which the drive will hold to.
    """
    # `exclude` says again what the index is limited to; without it no database uses the index.
    known = set(
        Case.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in records])
        .exclude(source_id="")
        .values_list("source_id", flat=True)
    )
    fresh = [one for one in records if one.source_id not in known]
    if not fresh:
        return UNCHANGED
    _regime, spec = regimes.shelf(place).kind(local_day(place, fresh[0].opened), kind)
    flow = core.flow_of(spec)
    given = [(key, clock) for key, clock in spec.clocks.items() if clock.within == core.GIVEN]
    working = next(state for state in flow.states if state.owner == "unit")
    over = next(state for state in flow.states if state.terminal)
    insert_many(
        Case,
        CASE_COLUMNS,
        [
            (
                place.pk, f"{source}-{one.source_id}"[:40], kind, state.key, state.owner, one.unit_id,
                one.enterprise_id, one.title[:300], one.where[:200], one.channel[:40], source, one.source_id,
                one.opened, one.due, one.due if given and not one.closed else None, one.closed,
            )
            for one in fresh
            for state in (over if one.closed else working,)
        ],
    )  # fmt: skip
    ids = dict(
        Case.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in fresh])
        .exclude(source_id="")
        .values_list("source_id", "pk")
    )
    clocks = []
    for one in fresh if given else ():
        if one.due is None:
            continue
        for key, spec_clock in given:
            judged = core.judge(key, one.opened, one.due, one.closed, one.closed or one.opened)
            clocks.append(
                (
                    ids[one.source_id], key, judged.since, judged.until, judged.within, spec_clock.on,
                    judged.started, judged.due, judged.met, judged.breached, core.next_instant(judged),
                )
            )  # fmt: skip
    insert_many(Clock, CLOCK_COLUMNS, clocks)
    record(
        place=place,
        kind="cases.imported",
        by=by,
        now=now,
        subject=f"source:{source}",
        data={
            "kind": kind,
            "count": len(fresh),
            "first": fresh[0].source_id,
            "last": fresh[-1].source_id,
            "digest": digest(canonical([[one.source_id, one.opened, one.due, one.closed] for one in fresh])),
        },
    )
    return len(fresh)
