"""What happens when nobody is looking: a promised paper did not come, and the permit that rested on it falls back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ledger.actions import UNCHANGED, action, record

from ..models import GRANTED, Duty
from ..moving import fall_back
from ..rows import facts, fresh

BATCH = 200


@action("duty.missed")
def tick_duties(*, place: Any, by: str, now: datetime) -> int:
    """Duties that are due and not done are missed as of the instant they were due; their permits fall back.

    Returns how many. A start that was given up owes nothing.
    """
    due = Duty.objects.filter(
        permit__start__place=place, state="open", due_at__lt=now, permit__start__given_up_at__isnull=True
    )
    missed = 0
    for number in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH]):
        # The row itself says whether it is still open: another worker may have been here.
        if not Duty.objects.filter(pk=number, state="open").update(state="missed", at=_due(number)):
            continue
        missed += 1
        duty = Duty.objects.select_related("permit__start__place", "permit__unit").get(pk=number)
        start, permit = fresh(duty.permit.start), duty.permit
        permit.start = start
        with translation.override(place.language):
            why = _("The papers that were promised did not come by %(day)s") % {
                "day": duty.due_at.astimezone(place.zone).date()
            }
        record(
            place=place,
            kind="duty.missed",
            by=by,
            now=now,
            at=duty.due_at,
            subject=f"permit:{permit.pk}",
            data=facts(permit) | {"papers": duty.papers},
        )
        permit.refresh_from_db(fields=["state"])
        if permit.state == GRANTED:
            fall_back(start, permit, why, by=by, now=now, cause=f"duty:{duty.pk}")
    return missed or UNCHANGED


def _due(number: int) -> Any:
    return Duty.objects.values_list("due_at", flat=True).get(pk=number)
