"""Forgetting where verdicts came from: the digests serve the screens for some days, and nobody afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.actions import UNCHANGED, action, record

from ..models import Ballot

KEEP_ORIGINS = timedelta(days=30)
PURGED = "ballots.origins_purged"


@action("ballots.origins_purged")
def purge_origins(*, place: Any, limit: int = 5000, by: str, now: datetime) -> int:
    """Empty network and device of verdicts older than 30 days, the oldest first and `limit` at a time; how many.

    To be called until there is nothing left to do: each call is a short transaction, so that the door never waits
    long. The event says how far it came, which is where the next call begins.
    """
    rows = Ballot.objects.filter(place=place, cast_at__lt=now - KEEP_ORIGINS)
    before = ledger.events(place, kind=PURGED, limit=1)
    if before:
        rows = rows.filter(cast_at__gte=datetime.fromisoformat(ledger.data(before[0])["until"]))
    rows = rows.filter(~Q(network="") | ~Q(device="")).order_by("cast_at", "pk")
    found = list(rows.values_list("pk", "cast_at")[:limit])
    if not found:
        return UNCHANGED
    for start in range(0, len(found), 500):
        keys = [pk for pk, _ in found[start : start + 500]]
        Ballot.objects.filter(pk__in=keys).update(network="", device="")
    data = {"count": len(found), "until": found[-1][1]}
    record(place=place, kind=PURGED, by=by, now=now, subject=f"place:{place.key}", data=data)
    return len(found)
