"""Writing channels, and what became of messages. No event holds an address, a secret or what a message said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.notify import NotSent, way_to
from leitai.notify.http import parse, read_reach
from leitai.rules.kernel import N_

from .keys import seal
from .models import TELLS, Channel, Digest, Kind, Message
from .rows import manner_of, paced, waiting
from .timing import is_quiet

LEAST_SECRET = 16  # letters of the secret that webhooks are signed with
KEEP = timedelta(days=30)  # how long what was sent is kept
# How long a channel rests after each failure in a row, and a message after each of its own; then always the last.
AGAIN = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 3600))
LIMIT = 6  # failures in a row after which a channel counts as failing; tries after which a message may be laid aside


@dataclass(frozen=True, slots=True)
class ChannelDraft:
    """A channel as somebody fills it in. An empty address or secret leaves what is there."""

    name: str
    tells: Sequence[str]
    address: str = ""
    secret: str = ""
    digest: str = ""
    daily_at: time | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    urgent: bool = True


@action("channel.added")
def add_channel(
    *, place: Any, unit: Any | None, kind: str, draft: ChannelDraft, by: str, now: datetime
) -> Channel:
    """A new channel of a unit, or of the whole place where `unit` is None. Raises Refused with the reason."""
    if kind not in Kind.values:
        raise refuse("unknown-kind", N_("Say what kind of channel it is."))
    row = Channel(place=place, unit=unit, kind=kind, added_at=now)
    _fill(row, draft)
    row.save()
    _told(row, "channel.added", by=by, now=now)
    return row


@action("channel.changed")
def change_channel(*, channel: Channel, draft: ChannelDraft, by: str, now: datetime) -> Channel:
    """Another name, address, manner. What waits keeps its time; a rest after failures ends."""
    row = _locked(channel)
    _fill(row, draft)
    row.rest_until = None
    row.save()
    _told(row, "channel.changed", by=by, now=now)
    return row


@action("channel.switched")
def switch_channel(*, channel: Channel, active: bool, by: str, now: datetime) -> Channel:
    """Stop a channel, or let it go on. While it is stopped nothing is written to it and nothing more waits for it."""
    row = _locked(channel)
    if row.active == active:
        return UNCHANGED
    row.active = active
    row.save()
    _told(row, "channel.switched", by=by, now=now, active=active)
    return row


@action("channel.removed")
def remove_channel(*, channel: Channel, by: str, now: datetime) -> Channel:
    """End a channel for good: its address and secret are deleted, and what waits for it with them."""
    row = _locked(channel)
    left, _ = row.messages.filter(sent_at__isnull=True).delete()
    row.active, row.address, row.secret, row.removed_at = False, b"", b"", now
    row.save()
    _told(row, "channel.removed", by=by, now=now, deleted=left)
    return row


@action("channel.tried")
def try_channel(*, channel: Channel, title: str, text: str, url: str = "", by: str, now: datetime) -> Message:
    """Send a trial at once, whatever the hour: it tells nothing but that the channel works."""
    row = _locked(channel)
    if not row.active:
        raise refuse("channel-stopped", N_("This channel is stopped: let it go on first."))
    if row.messages.filter(waiting(), kind="test").exists():
        raise refuse("trial-waits", N_("A trial waits to go out already."))
    row.rest_until = None
    row.save()
    _told(row, "channel.tried", by=by, now=now)
    return Message.objects.create(
        channel=row, kind="test", title=title, text=text, url=url, at=now, due_at=now
    )


@action("channel.retried")
def retry_channel(*, channel: Channel, by: str, now: datetime) -> int:
    """End a channel's rest, and let what was laid aside go out again. Returns how many messages wait now."""
    row = _locked(channel)
    row.rest_until = None
    row.save()
    row.messages.filter(laid_at__isnull=False).update(laid_at=None, tries=0, failed_at=None)
    found = row.messages.filter(waiting())
    found.filter(tries__gt=0).update(due_at=now)
    count = found.count()
    _told(row, "channel.retried", by=by, now=now, waiting=count)
    return count


@action("messages.sent", "channel.failing", "channel.recovered", "message.laid_aside")
def note_delivery(
    *, channel: Channel, messages: Sequence[Message], fault: NotSent | None = None, by: str, now: datetime
) -> Channel:
    """What became of messages that were sent as one: the receiver has them, or a fault says why not.

    After a failure the channel rests for longer and longer, and messages are never given up for it. Only one that went
    on failing while others got through is laid aside, for people to look at.
    """
    row = _row(channel)  # what was under way while the channel was removed is noted all the same
    row.paced_at = paced(row, now)
    mine = Message.objects.filter(waiting(), channel=row, pk__in=[one.pk for one in messages])
    if fault is None:
        mine.update(sent_at=now, fault="", detail="")
        failing, row.failing_since = row.failing_since, None
        row.fails, row.fault, row.detail, row.rest_until, row.sent_at = 0, "", "", None, now
        row.save()
        events = [one.seq for one in messages if one.seq]
        _told(row, "messages.sent", by=by, now=now, count=len(messages), events=events)
        if failing is not None:
            _told(row, "channel.recovered", by=by, now=now, since=failing)
        return row
    nothing_new()  # that it will be tried again is nobody's act
    row.fails += 1
    row.fault, row.detail = fault.why[:120], fault.detail[:200]
    row.rest_until = now + _rest(row.fails)
    if row.fails >= LIMIT and row.failing_since is None:
        row.failing_since = now
        _told(row, "channel.failing", by=by, now=now, fault=row.fault)
    row.save()
    _put_off(row, mine, by=by, now=now)
    return row


@action("messages.purged")
def purge_messages(*, place: Any, by: str, now: datetime) -> int:
    """Delete what was sent more than thirty days ago; the events that it told of stay. How many."""
    old = Message.objects.filter(sent_at__lt=now - KEEP, channel__place=place)
    count, _ = old.delete()
    if not count:
        return UNCHANGED
    record(
        place=place,
        kind="messages.purged",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": count},
    )
    return count


def _put_off(channel: Channel, messages: Iterable[Message], *, by: str, now: datetime) -> None:
    for one in messages:
        one.tries += 1
        one.failed_at = one.failed_at or now
        one.fault, one.detail = channel.fault, channel.detail
        others_got_through = channel.sent_at is not None and channel.sent_at > one.failed_at
        if one.tries >= LIMIT and others_got_through:
            one.laid_at = now
            _told(channel, "message.laid_aside", by=by, now=now, event=one.seq, tries=one.tries)
        else:
            one.due_at = now + _rest(one.tries)
        one.save()


def _rest(failures: int) -> timedelta:
    return AGAIN[min(failures, len(AGAIN)) - 1]


def _locked(channel: Channel) -> Channel:
    """The channel's row, kept from others. Raises Refused where it was removed."""
    row = _row(channel)
    if row.removed_at is not None:
        raise refuse("channel-removed", N_("This channel was removed."))
    return row


def _row(channel: Channel) -> Channel:
    rows = Channel.objects.select_for_update(of=("self",)).select_related("place", "unit")
    row: Channel = rows.get(pk=channel.pk)
    return row


def _fill(row: Channel, draft: ChannelDraft) -> None:
    """Bring a row to what a draft says. Raises Refused."""
    row.name = draft.name.strip()[:60]
    if not row.name:
        raise refuse("no-name", N_("Give the channel a name."))
    same = Channel.objects.filter(place=row.place, name=row.name, removed_at__isnull=True).exclude(pk=row.pk)
    if same.exists():
        raise refuse("name-taken", N_("Another channel has this name already."))
    row.tells = [kind for kind in TELLS if kind in draft.tells]
    if not row.tells:
        raise refuse("tells-nothing", N_("Tick what the channel is to tell of."))
    _address(row, draft.address.strip())
    _secret(row, draft.secret.strip())
    _manner(row, draft)


def _address(row: Channel, address: str) -> None:
    if not address and row.address:
        return
    if row.kind in (Kind.MAIL, Kind.SMS):
        if way_to(address) != row.kind:
            raise refuse("bad-address", N_("This is no mail address or telephone number."))
    else:
        try:
            parse(address, read_reach(settings.MESSAGE_HOSTS))
        except NotSent as fault:
            raise refuse("bad-address", fault.why) from fault
    row.address = seal(address)


def _secret(row: Channel, secret: str) -> None:
    if row.kind == Kind.WEBHOOK and len(secret) < LEAST_SECRET and (secret or not row.secret):
        raise refuse("short-secret", N_("The secret must have %(n)s letters or more."), n=LEAST_SECRET)
    if secret:
        row.secret = seal(secret)


def _manner(row: Channel, draft: ChannelDraft) -> None:
    if draft.digest not in Digest.values:
        raise refuse("unknown-digest", N_("Say how often the channel is written to."))
    row.digest, row.urgent = draft.digest, draft.urgent
    row.daily_at = draft.daily_at if draft.digest == Digest.DAILY else None
    row.quiet_from, row.quiet_to = draft.quiet_from, draft.quiet_to
    if row.kind == Kind.WEBHOOK:  # a machine keeps no hours, and puts things together as it likes
        row.digest, row.daily_at, row.quiet_from, row.quiet_to = "", None, None, None
    if row.digest == Digest.DAILY and row.daily_at is None:
        raise refuse("no-time", N_("Say at what time of day."))
    if (row.quiet_from is None) != (row.quiet_to is None) or (
        row.quiet_from and row.quiet_from == row.quiet_to
    ):
        raise refuse("bad-quiet", N_("Quiet hours need a beginning and another end."))
    if row.daily_at is not None and is_quiet(manner_of(row), row.daily_at):
        raise refuse("digest-in-quiet", N_("The time of day lies in the quiet hours."))


def _told(row: Channel, kind: str, *, by: str, now: datetime, **more: Any) -> None:
    # Not the name: somebody typed it, it may be a person's, and what the ledger holds it holds for ever.
    facts = {"channel.kind": row.kind, "unit.key": row.unit.key if row.unit else ""}
    record(place=row.place, kind=kind, by=by, now=now, subject=f"channel:{row.pk}", data=facts | more)
