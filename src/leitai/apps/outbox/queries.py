"""Reading channels: whose they are, who may see them, what waits, what fails, which are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS

from .keys import unseal
from .models import Channel, Kind, Message
from .rows import free, is_paced, waiting


@dataclass(frozen=True)
class Access:
    """How a channel is reached. Never shown; `shown` is what may be."""

    address: str
    secret: str


def access(channel: Channel) -> Access:
    """A channel's address and secret. Raises cryptography's InvalidToken where they were sealed with another key."""
    return Access(unseal(channel.address), unseal(channel.secret))


def shown(channel: Channel) -> str:
    """An address as a page may show it: the host, and an end by which those who know it tell two apart."""
    try:
        address = unseal(channel.address)
    except InvalidToken:
        return "?"
    if channel.kind == Kind.MAIL:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}…@{host}"
    if channel.kind == Kind.SMS:
        return f"…{address[-4:]}"
    host = urlsplit(address).hostname or ""
    return host if channel.kind == Kind.WEBHOOK else f"{host} …{address[-4:]}"


def everywhere(viewer: Any) -> bool:
    """Whether a viewer may manage the channels of the whole place."""
    return bool(viewer.roles & PERMISSIONS["channel.manage"][0])


def manages(viewer: Any, unit: Any | None) -> bool:
    """Whether a viewer may manage the channels of a unit, or of the whole place where it is None."""
    return everywhere(viewer) or (unit is not None and viewer.may("channel.manage", unit))


def channels(place: Any, viewer: Any) -> QuerySet[Channel]:
    """The channels that a viewer may manage, failing ones first, with how many messages wait and were laid aside."""
    rows = Channel.objects.filter(place=place, removed_at__isnull=True)
    if not everywhere(viewer):
        below = people.descendants(place)
        mine = {pk for unit in viewer.units if viewer.may("channel.manage", unit) for pk in below[unit.pk]}
        rows = rows.filter(unit__in=mine)
    return (
        rows.select_related("place", "unit")
        .annotate(waits=_count(waiting()), laid=_count(Q(laid_at__isnull=False)))
        .order_by(F("failing_since").asc(nulls_last=True), "name")
    )


def _count(found: Q) -> Coalesce:
    """How many of a channel's messages are found; by an index of such messages alone."""
    rows = Message.objects.filter(found, channel=OuterRef("pk")).order_by().values("channel")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def channel(place: Any, viewer: Any, number: int) -> Channel | None:
    """One of the channels that a viewer may manage."""
    return channels(place, viewer).filter(pk=number).first()


def name_of(place: Any, number: int) -> str:
    """What a channel is called; empty where there is none of this number."""
    return Channel.objects.filter(place=place, pk=number).values_list("name", flat=True).first() or ""


def waits(channel: Channel, limit: int) -> list[Message]:
    """The messages that wait for a channel, the next first."""
    return list(channel.messages.filter(waiting()).order_by("due_at", "pk")[:limit])


def laid_aside(channel: Channel, limit: int) -> list[Message]:
    """The messages that were laid aside, the newest first."""
    return list(channel.messages.filter(laid_at__isnull=False).order_by("-laid_at", "-pk")[:limit])


def sent(channel: Channel, limit: int) -> list[Message]:
    """The messages that went out, the newest first."""
    return list(channel.messages.filter(sent_at__isnull=False).order_by("-sent_at", "-pk")[:limit])


def failing(place: Any) -> list[Channel]:
    """The channels that have not got through for long, for the office to look at."""
    rows = _active(place).filter(failing_since__isnull=False)
    return list(rows.select_related("place", "unit").order_by("failing_since"))


def is_told(place: Any, kind: str) -> bool:
    """Whether any channel of a place tells of events of a kind."""
    return any(kind in tells for tells in _active(place).values_list("tells", flat=True))


def _active(place: Any) -> QuerySet[Channel]:
    return Channel.objects.filter(place=place, active=True)


def telling(place: Any, kind: str, units: Iterable[str]) -> list[Channel]:
    """The active channels that tell of events of a kind: the whole place's, and those of the units (keys) or above."""
    found = [
        row for row in _active(place).select_related("place", "unit").order_by("pk") if kind in row.tells
    ]
    if not any(row.unit_id for row in found):
        return found
    above: set[int] = set()
    for key in units:
        unit = people.unit(place, key) if key else None
        while unit is not None and unit.pk not in above:
            above.add(unit.pk)
            unit = unit.parent
    return [row for row in found if row.unit_id is None or row.unit_id in above]


def due(place: Any, now: datetime) -> list[Channel]:
    """The channels that have something to send now and may be written to."""
    ready = Message.objects.filter(waiting(), channel=OuterRef("pk"), due_at__lte=now)
    rows = Channel.objects.filter(free(now), Exists(ready), place=place).order_by("fails", "pk")
    return [row for row in rows if is_paced(row, now)]
