"""Writing what is made ready before an occasion: handed in by those who were asked, or told of as missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from leitai.apps.ledger.actions import UNCHANGED, action, record, record_many
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest

from ..models import OccasionState, Preparation
from ..openings import LEADERS_TOLD, climb


@action("preparation.done")
def prepare(*, preparation: Preparation, text: str, by: str, now: datetime) -> Preparation:
    """Hand in what was prepared; until it is due it may be handed in anew.

    Late is late, whether or not the drive had noticed: it is told as missed first, at the instant it was due.
    """
    row = (
        Preparation.objects.select_for_update(of=("self",))
        .select_related("occasion__place", "unit")
        .get(pk=preparation.pk)
    )
    if row.occasion.state in (OccasionState.HELD, OccasionState.CANCELLED):
        raise refuse("occasion-over", N_("The occasion is over; nothing is prepared for it any more."))
    if row.done_at is not None and now > row.due:
        raise refuse("prepared-already", N_("This was handed in, and the time to change it is over."))
    if not text.strip():
        raise refuse("nothing-prepared", N_("Write what was prepared, or where it is to be found."))
    if row.done_at is None:
        record_many(climb([row], by=by, now=now))
    row.text, row.done_at, row.done_by = text.strip(), now, by
    row.save(update_fields=["text", "done_at", "done_by"])
    record(
        place=row.occasion.place,
        kind="preparation.done",
        by=by,
        now=now,
        subject=f"occasion:{row.occasion_id}",
        data={
            "preparation": row.pk,
            "preparation.key": row.key,
            "occasion.key": row.occasion.key,
            "unit.key": row.unit.key if row.unit else "",
            "late": row.rung > 0,
            "digest": digest(row.text.encode()),
        },
    )
    return row


@action("preparation.missed")
def tick_preparations(*, place: Any, limit: int = 200, by: str, now: datetime) -> int:
    """Tell of what was not ready in time: to the office when that is over, to the leaders when the occasion is."""
    rows = (
        Preparation.objects.filter(
            Q(rung=0) | Q(occasion__at__lte=now),
            occasion__place=place,
            done_at__isnull=True,
            rung__lt=LEADERS_TOLD,
            due__lt=now,
        )
        .exclude(occasion__state=OccasionState.CANCELLED)
        .select_for_update(of=("self",))
        .select_related("occasion", "unit")
        .order_by("due", "pk")
    )
    told = climb(list(rows[:limit]), by=by, now=now)
    record_many(told)
    return len(told) or UNCHANGED
