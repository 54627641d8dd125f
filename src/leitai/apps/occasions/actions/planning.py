"""Writing occasions: planning what comes round, opening it, telling when it is due; moved and cancelled by people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record, record_many
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import cadence as core
from leitai.rules.kernel import N_

from ..models import Occasion, OccasionState, Preparation
from ..openings import LATE, ask_again, climb, open_now, opens_at

AHEAD = timedelta(days=100)
FARTHEST = timedelta(days=366)  # to which a meeting can be moved
_OVER = {
    OccasionState.DUE: N_("Its time has come: note what was decided, or cancel it."),
    OccasionState.HELD: N_("It was held already."),
    OccasionState.CANCELLED: N_("It was cancelled."),
}


@action("occasions.planned")
def plan(*, place: Any, since: datetime | None = None, by: str, now: datetime) -> int:
    """Enter the occasions of the rule-book from `since` (default now) to a hundred days ahead; each once.

    What was planned ahead and is in the rule-book no longer, or at another time, is taken back and entered anew;
    not what was opened, moved or cancelled, of which people were told.
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
    ahead = Occasion.objects.filter(
        place=place, at__gt=now, state=OccasionState.PLANNED, called=False, shifted_by=""
    )
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
    """Enter an occasion that an event at `at` calls, `within` its time after it; open where it is to be by now."""
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
    opens = opens_at(row)
    if opens is not None and opens <= now:
        # Nobody could have opened it before it was called.
        record_many([open_now(row, max(opens, at), by=by, now=now)])
    return row


@action("occasion.opened")
def open_due(*, place: Any, limit: int = 200, by: str, now: datetime) -> int:
    """Open the occasions whose opening has come, each once; late ones say so."""
    coming = {}
    for row in Occasion.objects.filter(place=place, state=OccasionState.PLANNED, at__lt=now + AHEAD):
        row.place = place  # whose rule-books are at hand
        opens = opens_at(row)
        if opens is not None and opens <= now:
            coming[row.pk] = opens
    if not coming:
        return UNCHANGED
    due = list(
        Occasion.objects.filter(pk__in=coming, state=OccasionState.PLANNED)
        .select_for_update()
        .order_by("at", "pk")[:limit]
    )
    for row in due:
        row.place = place
    record_many([open_now(row, coming[row.pk], by=by, now=now) for row in due])
    return len(due) or UNCHANGED


@action("occasion.due")
def tell_due(*, place: Any, limit: int = 200, by: str, now: datetime) -> int:
    """Tell of occasions whose time has come, each once; late ones say so."""
    rows = list(
        Occasion.objects.filter(
            place=place, state__in=(OccasionState.PLANNED, OccasionState.OPEN), at__lte=now
        )
        .select_for_update()
        .order_by("at", "pk")[:limit]
    )
    if not rows:
        return UNCHANGED
    for row in rows:
        late = now - row.at > LATE
        row.state, row.late = OccasionState.DUE, row.late or late
        record(
            place=place,
            kind="occasion.due",
            by=by,
            now=now,
            at=row.at,
            subject=f"occasion:{row.pk}",
            data={"occasion.key": row.key, "occasion.late": late},
        )
    Occasion.objects.bulk_update(rows, ["state", "late"], batch_size=500)
    return len(rows)


@action("occasion.shifted")
def shift(*, occasion: Occasion, at: datetime, reason: str, by: str, now: datetime) -> Occasion:
    """Move an occasion to another time, with a reason; the first time it was planned for is kept."""
    row = _locked(occasion)
    if row.state not in (OccasionState.PLANNED, OccasionState.OPEN) or row.at <= now:
        raise refuse("occasion-over", _OVER.get(OccasionState(row.state), _OVER[OccasionState.DUE]))
    if at <= now:
        raise refuse("shift-to-past", N_("Move it to a time to come."))
    if at > now + FARTHEST:
        raise refuse("shift-too-far", N_("Move it to a time within a year."))
    if at == row.at:
        raise refuse("shift-nowhere", N_("It is at this time already."))
    if not reason.strip():
        raise refuse("shift-no-reason", N_("Say why it is moved."))
    record_many(climb(_waiting(row), by=by, now=now))
    was = row.at
    row.planned_at, row.shifted_by, row.at = row.planned_at or row.at, by, at
    row.moved = reason.strip()[:200]
    row.save(update_fields=["planned_at", "shifted_by", "at", "moved"])
    record(
        place=row.place,
        kind="occasion.shifted",
        by=by,
        now=now,
        subject=f"occasion:{row.pk}",
        data={"occasion.key": row.key, "from": was, "to": at, "reason": row.moved},
    )
    opens = opens_at(row)
    if row.state == OccasionState.OPEN:
        ask_again(row, now)
    elif opens is not None and opens <= now:
        record_many([open_now(row, now, by=by, now=now)])
    return row


@action("occasion.cancelled")
def cancel(*, occasion: Occasion, reason: str, by: str, now: datetime) -> Occasion:
    """Cancel an occasion, with a reason; it stays on the calendar, and nothing more is asked for it."""
    row = _locked(occasion)
    if row.state in (OccasionState.HELD, OccasionState.CANCELLED):
        raise refuse("occasion-over", _OVER[OccasionState(row.state)])
    if not reason.strip():
        raise refuse("cancel-no-reason", N_("Say why it is cancelled."))
    record_many(climb(_waiting(row), by=by, now=now))
    row.state, row.cancelled_at, row.cancelled_why = OccasionState.CANCELLED, now, reason.strip()[:300]
    row.save(update_fields=["state", "cancelled_at", "cancelled_why"])
    record(
        place=row.place,
        kind="occasion.cancelled",
        by=by,
        now=now,
        subject=f"occasion:{row.pk}",
        data={"occasion.key": row.key, "occasion.late": row.late, "reason": row.cancelled_why},
    )
    return row


def _locked(occasion: Occasion) -> Occasion:
    return Occasion.objects.select_for_update(of=("self",)).select_related("place").get(pk=occasion.pk)


def _waiting(row: Occasion) -> list[Preparation]:
    rows = row.preparations.filter(done_at__isnull=True, rung__lt=2).select_for_update(of=("self",))
    return list(rows.select_related("occasion", "unit"))
