"""What clocks do when nobody is looking: warnings, breaches and slips at their own instants, pauses that end, years
that are announced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from leitai.apps.ledger.actions import UNCHANGED, action, record, record_many, update_many
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_

from ..models import Case, Clock, Slip
from ..rows import facts, fill, value
from ..running import drafts, give_slips, locked, resumed, rules_of, set_due, write_down

# What a tick reads: the whole clock, and of its case and unit what its events say.
READ = (
    *(field.attname for field in Clock._meta.concrete_fields if field.name != "case"),
    *(
        f"case__{name}"
        for name in ("place", "ref", "kind", "state", "complex", "channel", "returns", "transfers")
    ),
    *(f"case__{name}" for name in ("relapse_of", "slip", "opened_at", "unit__key", "unit__kind")),
)
# What a tick changes of a clock's row.
TOLD = ("warned_at", "breached_at", "rung", "next_at")


@action("clock.warned", "clock.breached", "slip.issued")
def tick_clocks(*, place: Any, limit: int = 500, by: str, now: datetime) -> int:
    """Tell what clocks did since they were looked at: each warning, breach and slip once, at its own instant.

    Costs what is due, not what is open. Several workers share the rows by skipping each other's locked ones.
    """
    rows = (
        Clock.objects.filter(case__place=place, next_at__lt=now)
        .select_related("case__unit")
        .only(*READ)
        .order_by("next_at")[:limit]
        # The case with its clock, as whoever moves it on takes it first: so neither waits for the other for ever.
        .select_for_update(
            of=("self", "case"), skip_locked=connection.features.has_select_for_update_skip_locked
        )
    )
    told, touched, slips = [], [], []
    for row in rows:
        row.case.place = place  # one object, so that its rule-books are read once
        clock, happened = core.tick(value(row), now)
        touched.append(fill(row, clock))
        told += drafts(place, row.case, happened, by=by, now=now)
        slips += [(row.case, row, one) for one in happened if one.kind == "slip.issued"]
    if not touched:
        return UNCHANGED
    update_many(Clock, TOLD, [(row.pk, *(getattr(row, name) for name in TOLD)) for row in touched])
    if slips:
        _give(slips)
    record_many(told)
    return len(touched)


def _give(slips: list[tuple[Case, Clock, core.Happening]]) -> None:
    give_slips(slips)
    gravest: dict[int, str] = {}
    for case, _row, _one in slips:
        gravest[case.pk] = max(gravest.get(case.pk, ""), case.slip, key=core.GRAVITY.index)
    update_many(Case, ("slip",), gravest.items())


@action("slip.seen")
def sign_slip(*, slip: Slip, by: str, now: datetime) -> Slip:
    """Sign for a slip: whoever it went to has seen it. The first signature stands."""
    slip = Slip.objects.select_for_update().select_related("case__place").get(pk=slip.pk)
    if slip.seen_at is not None:
        raise refuse("slip-seen", N_("This slip was signed for already."))
    slip.seen_by, slip.seen_at = by, now
    slip.save(update_fields=["seen_by", "seen_at"])
    record(
        place=slip.case.place,
        kind="slip.seen",
        by=by,
        now=now,
        subject=f"case:{slip.case.ref}",
        data={"slip.colour": slip.colour, "slip.rung": slip.rung},
    )
    return slip


@action("case.resumed")
def end_pause(*, case: Case, by: str, now: datetime) -> Any:
    """End a pause whose time is over, at its own instant."""
    case = locked(case)
    if case.paused_until is None or case.paused_until > now:
        return UNCHANGED
    at, subject = resumed(case, role="none", by=by, now=now), f"case:{case.ref}"
    record(place=case.place, kind="case.resumed", by=by, now=now, at=at, subject=subject, data=facts(case))
    return case


@action("clock.repinned")
def repin_clock(*, row: Clock, by: str, now: datetime) -> Any:
    """Reckon a provisional due time again, once, when the year that it rests on is announced."""
    case = locked(row.case)
    row = Clock.objects.select_for_update().get(pk=row.pk)
    regime, _spec, _flow = rules_of(case)
    before = row.due_at
    clock = core.repin(value(row), regimes.calendars(regime)[row.calendar])
    if clock is None:
        return UNCHANGED
    write_down(case, [clock], by=by, now=now)
    fill(row, clock).save()
    set_due(case)
    record(
        place=case.place,
        kind="clock.repinned",
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case) | {"clock.key": row.key, "before": before, "due": row.due_at},
    )
    return row
