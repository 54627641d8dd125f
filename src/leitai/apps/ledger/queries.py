"""Reading the ledger: events, heads, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from leitai.rules import ledger as core

from .models import Chain, Event, Head
from .sealing import body


def events(
    place: Any,
    *,
    subject: str | None = None,
    kind: str | None = None,
    before_seq: int | None = None,
    limit: int = 50,
) -> list[Event]:
    """The newest sealed events of a place first."""
    rows = Event.objects.filter(place=place, seq__isnull=False).order_by("-seq")
    if subject is not None:
        rows = rows.filter(subject=subject)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if before_seq is not None:
        rows = rows.filter(seq__lt=before_seq)
    return list(rows[:limit])


def road(place: Any, subject: str) -> list[Event]:
    """Everything that happened to one thing, oldest first, sealed or about to be."""
    return list(Event.objects.filter(place=place, subject=subject).order_by("at", "id"))


def data(event: Event) -> dict[str, Any]:
    """What an event says, as values."""
    return json.loads(event.data)


def after(place: Any, seq: int, limit: int) -> QuerySet[Event]:
    """Sealed events from number `seq` on, in order."""
    return Event.objects.filter(place=place, seq__gte=seq).order_by("seq")[:limit]


def chain(place: Any) -> Chain | None:
    """Where the place's chain stands, or None before the first event is sealed."""
    return Chain.objects.filter(place=place).first()


def unsealed(place: Any) -> int:
    """How many events wait to be given their number."""
    return Event.objects.filter(place=place, seq__isnull=True).count()


def heads(place: Any, limit: int = 20) -> list[Head]:
    """The newest heads first."""
    return list(Head.objects.filter(place=place).order_by("-size")[:limit])


def rows(place: Any, first: int = 1) -> Iterator[tuple[int, bytes, str]]:
    """(number, canonical bytes, link) of sealed events from `first` on, streamed."""
    found = Event.objects.filter(place=place, seq__gte=first).order_by("seq")
    for row in found.iterator(chunk_size=5000):
        yield row.seq, body(place.key, row), row.link


def verify(place: Any, *, last: int | None = None) -> core.Checked:
    """Recompute the chain, all of it or its last events, against what the sealer's row says it should end in."""
    standing = chain(place)
    if standing is None:
        return core.Checked(0, core.genesis(place.key), ())
    start = core.genesis(place.key)
    if last is not None and standing.size > last:
        before = Event.objects.filter(place=place, seq=standing.size - last).first()
        if before is not None:
            start = core.Head(before.seq, bytes.fromhex(before.link))
    end = core.Head(standing.size, bytes.fromhex(standing.link))
    return core.verify(rows(place, start.seq + 1), start, head=end)
