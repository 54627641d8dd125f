"""Writing occasions: planning what comes round, telling when it is due, noting that it was held."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import cadence as core
from leitai.rules.kernel import N_

from .models import Occasion, OccasionState

AHEAD = timedelta(days=100)
LATE = timedelta(hours=1)


@action("occasions.planned")
def plan(*, place: Any, since: datetime | None = None, by: str, now: datetime) -> int:
    """Enter the occasions of the rule-book from `since` (default now) to a hundred days ahead; each once.

    What was planned ahead and is in the rule-book no longer, or at another time, is taken back and entered anew.
    """
    regime = regimes.regime_on(place, now.astimezone(place.zone).date())
    calendars = regimes.calendars(regime)
    start = since or now
    coming = {
        (key, one.mark): one
        for key, spec in regime.cadence.items()
        if spec.every is not None
        for one in core.between(spec, start, now + AHEAD, calendars[spec.on], place.zone)
    }
    ahead = Occasion.objects.filter(place=place, at__gt=now, state=OccasionState.PLANNED, called=False)
    stale = [
        row.pk
        for row in ahead
        if (row.key, row.nominal) not in coming or coming[row.key, row.nominal].at != row.at
    ]
    Occasion.objects.filter(pk__in=stale).delete()
    have = set(
        Occasion.objects.filter(place=place, nominal__in={mark for _, mark in coming}).values_list(
            "key", "nominal"
        )
    )
    fresh = [_row(place, key, mark, one) for (key, mark), one in coming.items() if (key, mark) not in have]
    if not fresh and not stale:
        return UNCHANGED
    Occasion.objects.bulk_create(fresh, batch_size=500)
    record(
        place=place,
        kind="occasions.planned",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": len(fresh), "taken_back": len(stale), "keys": sorted({row.key for row in fresh})},
    )
    return len(fresh)


def _row(place: Any, key: str, nominal: str, coming: Any) -> Occasion:
    reason = coming.reason.show(place.language) if coming.moved and coming.reason else ""
    return Occasion(place=place, key=key, nominal=nominal, at=coming.at, moved=reason[:200])


@action("occasion.called")
def call(*, place: Any, key: str, at: datetime, mark: str, cause: str, by: str, now: datetime) -> Occasion:
    """Enter an occasion that an event calls, `within` its time after the event."""
    regime = regimes.regime_on(place, at.astimezone(place.zone).date())
    spec = regime.cadence[key]
    coming = core.called(spec, at, regimes.calendars(regime)[spec.on], place.zone)
    row, new = Occasion.objects.get_or_create(
        place=place, key=key, nominal=mark, defaults={"at": coming.at, "called": True}
    )
    if not new:
        return UNCHANGED
    record(
        place=place,
        kind="occasion.called",
        by=by,
        now=now,
        subject=f"occasion:{row.pk}",
        data={"occasion.key": key, "at": row.at},
        cause=cause,
    )
    return row


@action("occasion.due")
def tell_due(*, place: Any, limit: int = 200, by: str, now: datetime) -> int:
    """Tell of occasions whose time has come, each once; late ones say so."""
    rows = list(
        Occasion.objects.filter(place=place, state=OccasionState.PLANNED, at__lte=now)
        .select_for_update()
        .order_by("at")[:limit]
    )
    if not rows:
        return UNCHANGED
    for row in rows:
        row.state = OccasionState.DUE
        row.late = now - row.at > LATE
        record(
            place=place,
            kind="occasion.due",
            by=by,
            now=now,
            at=row.at,
            subject=f"occasion:{row.pk}",
            data={"occasion.key": row.key, "occasion.late": row.late},
        )
    Occasion.objects.bulk_update(rows, ["state", "late"], batch_size=500)
    return len(rows)


@action("occasion.held")
def hold(*, occasion: Occasion, note: str, by: str, now: datetime) -> Occasion:
    """Note that an occasion was held, with its minutes."""
    occasion = Occasion.objects.select_for_update(of=("self",)).select_related("place").get(pk=occasion.pk)
    if occasion.state == OccasionState.HELD:
        raise refuse("held-already", N_("This was noted as held already."))
    if now < occasion.at - timedelta(days=1):
        raise refuse("too-early", N_("It is not held before its day."))
    if not note.strip():
        raise refuse("no-minutes", N_("Write down what was decided."))
    occasion.state, occasion.held_at, occasion.note = OccasionState.HELD, now, note.strip()
    occasion.save()
    record(
        place=occasion.place,
        kind="occasion.held",
        by=by,
        now=now,
        subject=f"occasion:{occasion.pk}",
        data={"occasion.key": occasion.key, "occasion.late": occasion.late},
    )
    return occasion
