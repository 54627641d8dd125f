"""The line that messages wait in: how one gets in, and how a worker takes hold of a channel and of what is due.

Nothing here is an act of anybody: a message is the copy of an event that stands in the ledger, and a lease is forgotten
when it ends. What became of a message is told by `actions.note_delivery`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from .models import Channel, Kind, Message
from .timing import Manner, slot

LEASE = timedelta(minutes=2)  # longer than any worker stays with a channel
TOGETHER = 50  # messages told at once
ALONE = 3  # a message tried more often goes by itself: the fault may lie in it
ROBOTS = (Kind.WECOM, Kind.DINGTALK, Kind.FEISHU)
# What each kind takes: so many in one go, then one each so long. WeCom and DingTalk allow 20 in any minute.
PACE: Mapping[str, tuple[int, timedelta]] = {
    Kind.WECOM: (10, timedelta(seconds=6)),
    Kind.DINGTALK: (10, timedelta(seconds=6)),
    Kind.FEISHU: (5, timedelta(seconds=1)),
    Kind.MAIL: (20, timedelta(seconds=1)),
    Kind.SMS: (10, timedelta(seconds=2)),
    Kind.WEBHOOK: (100, timedelta(milliseconds=50)),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be told: `seq` and `kind` of the event, its words, its address, and the facts for other systems.

    `urgent` goes out at once where the channel says so.
    """

    seq: int
    kind: str
    at: datetime
    title: str
    text: str
    url: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False


def put(channels: Iterable[Channel], matter: Matter, zone: Any, now: datetime) -> int:
    """Have channels tell of a matter, each when its manner says; how many. One that has it already keeps it."""
    rows = []
    for channel in channels:
        at = None if matter.urgent and channel.urgent else slot(manner_of(channel), now, zone)
        rows.append(
            Message(
                channel=channel,
                seq=matter.seq,
                kind=matter.kind,
                title=matter.title[:120],
                text=matter.text[:300],
                url=matter.url[:400],
                at=matter.at,
                data=dict(matter.data),
                slot=at,
                due_at=at or now,
            )
        )
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def manner_of(channel: Channel) -> Manner:
    """When a channel is written to."""
    return Manner(channel.digest, channel.daily_at, channel.quiet_from, channel.quiet_to)


def waiting() -> Q:
    """Messages that have yet to go out; what the index of those that wait is limited to."""
    return Q(sent_at__isnull=True, laid_at__isnull=True)


def free(now: datetime) -> Q:
    """Channels that may be written to now and that no worker holds."""
    rested = Q(rest_until__isnull=True) | Q(rest_until__lte=now)
    return Q(active=True) & rested & (Q(held_until__isnull=True) | Q(held_until__lte=now))


def claim(number: int, token: str, now: datetime) -> Channel | None:
    """Take hold of a channel, for two minutes at most; None where another worker was first or it rests."""
    taken = Channel.objects.filter(free(now), pk=number).update(held_until=now + LEASE, held_by=token)
    return Channel.objects.select_related("place", "unit").get(pk=number) if taken else None


def release(number: int, token: str) -> None:
    """Let go of a channel, unless the lease has ended and it is another's by now."""
    Channel.objects.filter(pk=number, held_by=token).update(held_until=None, held_by="")


def is_paced(channel: Channel, now: datetime) -> bool:
    """Whether one more may go out now without passing what the channel's maker allows."""
    burst, gap = PACE[channel.kind]
    return channel.paced_at is None or channel.paced_at <= now + (burst - 1) * gap


def paced(channel: Channel, now: datetime) -> datetime:
    """Where the pace stands after one more: the instant by which as many would have gone out one by one."""
    return max(channel.paced_at or now, now) + PACE[channel.kind][1]


def take(channel: Channel, now: datetime) -> list[Message]:
    """The messages that go out next as one, oldest first; none where nothing is due.

    To a robot all that is due goes together, since it takes few in a minute. Otherwise those of one slot do, always the
    same ones, so that their key is the same at every try.
    """
    due = Message.objects.filter(waiting(), channel=channel, due_at__lte=now).order_by("due_at", "pk")
    first = due.first()
    if first is None:
        return []
    if channel.kind in ROBOTS:
        return [first] if first.tries > ALONE else list(due.filter(tries__lte=ALONE)[:TOGETHER])
    if first.slot is None:
        return [first]
    return list(Message.objects.filter(waiting(), channel=channel, slot=first.slot).order_by("pk"))


def key_of(messages: list[Message]) -> str:
    """What a receiver knows a double by: the same for every try of the same messages."""
    first = messages[0]
    of = f"s{first.slot:%Y%m%dT%H%M%S}" if first.slot else f"e{first.seq}" if first.seq else f"t{first.pk}"
    return f"{first.channel.place.key}-{first.channel_id}-{of}"
