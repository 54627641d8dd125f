"""Sending what waits: channel by channel, each by one worker at a time, none held up by another that is dead.

A message goes out first and is noted as sent afterwards: a kill in between sends it again under the same key, and
loses none. The worker's own loop never waits for a receiver; clocks are told while a dead one is being rung.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leitai.apps.outbox import actions, queries, rows
from leitai.apps.outbox.models import Channel, Kind, Message
from leitai.notify import Message as Letter
from leitai.notify import NotSent, Sender, http, robots, webhooks
from leitai.rules.kernel import N_

log = logging.getLogger(__name__)

BY = "drive"
STAY = 20.0  # seconds that a worker goes on with one channel; well within its lease
SMS_LINES, MAIL_LINES = 3, 200


def deliver(place: Any, sender: Sender | None, *, reach: http.Reach, now: datetime) -> int:
    """Send what is due of a place, one channel after the other; how many messages went out."""
    return sum(work(row.pk, sender, reach=reach, now=now) for row in queries.due(place, now))


class Courier:
    """Sends in threads of its own. Channels that have failed have threads apart, so that they keep nobody waiting."""

    def __init__(self, sender: Sender | None, reach: http.Reach, *, swift: int = 8, slow: int = 4) -> None:
        self._sender, self._reach = sender, reach
        self._swift = ThreadPoolExecutor(swift, "courier")
        self._slow = ThreadPoolExecutor(slow, "courier-slow")
        self._under_way: dict[int, Future[int]] = {}

    def send(self, place: Any, *, now: datetime) -> list[Future[int]]:
        """Begin to send what is due of a place, and come back at once. What is begun is in the answer."""
        self._under_way = {pk: one for pk, one in self._under_way.items() if not one.done()}
        begun = []
        for row in queries.due(place, now):
            if row.pk not in self._under_way:
                pool = self._slow if row.fails else self._swift
                self._under_way[row.pk] = pool.submit(self._work, row.pk, now)
                begun.append(self._under_way[row.pk])
        return begun

    def close(self) -> None:
        """Begin nothing more; what is under way ends by itself."""
        for pool in (self._swift, self._slow):
            pool.shutdown(wait=False, cancel_futures=True)

    def _work(self, number: int, now: datetime) -> int:
        try:
            return work(number, self._sender, reach=self._reach, now=now)
        except Exception:
            # A database that is away comes back; the lease ends, and what waits is sent then.
            log.exception("sending to channel %s", number)
            return 0
        finally:
            connection.close()


def forget(place: Any, now: datetime) -> object:
    """Once a day: delete what was sent long ago."""
    return actions.purge_messages(place=place, by=BY, now=now)


def work(number: int, sender: Sender | None, *, reach: http.Reach, now: datetime) -> int:
    """Take hold of a channel and send what is due, until something fails, the pace says wait, or time is up.

    How many messages went out; none where another worker holds the channel.
    """
    token = secrets.token_hex(8)
    channel = rows.claim(number, token, now)
    if channel is None:
        return 0
    sent, end = 0, time.monotonic() + STAY
    try:
        while time.monotonic() < end and rows.is_paced(channel, now) and (parcel := rows.take(channel, now)):
            fault = _sent(channel, parcel, sender, reach, now)
            channel = actions.note_delivery(channel=channel, messages=parcel, fault=fault, by=BY, now=now)
            if fault is not None:
                break
            sent += len(parcel)
    finally:
        rows.release(number, token)
    return sent


def _sent(
    channel: Channel, parcel: Sequence[Message], sender: Sender | None, reach: http.Reach, now: datetime
) -> NotSent | None:
    """Send messages as one; why not, where they did not go out."""
    try:
        with translation.override(channel.place.language):
            _send(channel, parcel, sender, reach, now)
    except NotSent as fault:
        return fault
    except Exception as fault:
        # Whatever it is, it must not be met again half a second later, for ever: the channel rests, and people see it.
        log.exception("channel %s", channel.pk)
        return NotSent(N_("the message could not be sent"), type(fault).__name__)
    return None


def _send(
    channel: Channel, parcel: Sequence[Message], sender: Sender | None, reach: http.Reach, now: datetime
) -> None:
    """Raises NotSent."""
    # A demonstration lives in the past; those outside hold a signature to the clock's present.
    clock = now + channel.place.lag
    access, key = queries.access(channel), rows.key_of(list(parcel))
    if channel.kind in robots.KINDS:
        url, body = robots.request(channel.kind, access.address, access.secret, _post(channel, parcel), clock)
        robots.check(channel.kind, http.post(url, body, _JSON, reach=reach))
    elif channel.kind == Kind.WEBHOOK:
        body, headers = webhooks.request(access.secret, key, _value(channel, parcel[0], key), clock)
        webhooks.check(http.post(access.address, body, headers, reach=reach))
    elif sender is None:
        raise NotSent(N_("no gateway is set up: LEITAI_NOTIFY"))
    else:
        post = _post(channel, parcel)
        most = SMS_LINES if channel.kind == Kind.SMS else MAIL_LINES
        sender.send(Letter(access.address, post.title, _letter(post, most), key))


_JSON = {"Content-Type": "application/json; charset=utf-8"}


def _post(channel: Channel, parcel: Sequence[Message]) -> robots.Post:
    """Messages under one title, in the language that is switched on."""
    n = len(parcel)
    if n == 1:
        what = parcel[0].title
    else:
        what = ngettext("%(n)s message", "%(n)s messages", n) % {"n": n}
    title = _("%(place)s: %(what)s") % {"place": channel.place.name, "what": what}
    return robots.Post(title, tuple(robots.Line(one.text, one.url) for one in parcel), _more)


def _more(n: int) -> robots.Line:
    return robots.Line(ngettext("and %(n)s more", "and %(n)s more", n) % {"n": n})


def _letter(post: robots.Post, most: int) -> str:
    """The lines as a mail or SMS has them: words, then the address."""
    lines, left = post.lines[:most], len(post.lines) - most
    if left > 0:
        lines += (_more(left),)
    return "\n".join(" ".join(part for part in (one.text, one.url) if part) for one in lines)


def _value(channel: Channel, message: Message, key: str) -> dict[str, Any]:
    """What another system is told: see docs/how-to/send-messages.md."""
    return {
        "format": "leitai.message/1",
        "key": key,
        "place": channel.place.key,
        "event": message.seq,
        "kind": message.kind,
        "at": message.at.isoformat(),
        "text": message.text,
        "url": message.url,
        "facts": message.data,
    }
