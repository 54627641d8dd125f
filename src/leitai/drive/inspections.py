"""A round of inspection opens when the meeting opens that is to hear of it; without an opening, when that is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.inspections import actions
from leitai.apps.ledger.errors import refuse
from leitai.apps.ledger.models import Event
from leitai.apps.occasions import queries as occasions
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, PeriodError

BY = "drive"


def open_rounds(place: Any, event: Event, now: datetime) -> bool:
    """Open the round that an occasion is for, of the occasion's own period, its visits over before it is held.

    Raises Refused where the rule-book has changed since and has no such inspection any more.
    """
    row = occasions.occasion(place, int(event.subject.partition(":")[2]))
    spec = occasions.spec_of(row) if row is not None else None
    if row is None or spec is None or spec.inspection is None:
        return False
    held = row.at.astimezone(place.zone).date()
    regime = regimes.regime_on(place, now.astimezone(place.zone).date())
    if spec.inspection not in regime.inspections:
        raise refuse("no-inspection", N_("The rule-book has no inspection %(key)s."), key=spec.inspection)
    every = regime.inspections[spec.inspection].every
    try:
        own = Period.parse(row.nominal)
    except PeriodError:  # it was called by an event
        own = Period.containing(every, held)
    period = own if own.kind == every else Period.containing(every, own.first)
    opened = actions.open_round(
        place=place,
        key=spec.inspection,
        period=period,
        until=held,
        cause=f"event:{event.seq}",
        by=BY,
        now=now,
    )
    return bool(opened)
