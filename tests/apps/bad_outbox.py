"""Rows of channels and messages that the database must refuse."""

from __future__ import annotations

from datetime import time
from typing import Any

from leitai.apps.outbox import actions
from leitai.apps.outbox.actions import ChannelDraft
from leitai.apps.outbox.models import Channel, Message
from leitai.apps.outbox.rows import Matter, put
from tests.apps.bad import again, bad, changed
from tests.factories import BY, NOW, Town


def channel(town: Town) -> Any:
    draft = ChannelDraft("n", ["case.opened"], "a@b.example")
    return actions.add_channel(place=town.place, unit=None, kind="mail", draft=draft, by=BY, now=NOW)


def message(town: Town) -> Message:
    put([channel(town)], Matter(1, "case.opened", NOW, "t", "t"), town.place.zone, NOW)
    return Message.objects.get()


bad(Channel, "channel_name_once")(lambda t: again(channel(t)))
bad(Channel, "channel_kind_known")(lambda t: changed(channel(t), kind="pigeon"))
bad(Channel, "channel_daily_has_time")(lambda t: changed(channel(t), digest="daily"))
bad(Channel, "channel_quiet_is_a_pair")(lambda t: changed(channel(t), quiet_from=time(20)))
bad(Channel, "webhook_at_once")(lambda t: changed(channel(t), kind="webhook", digest="hourly"))
bad(Channel, "channel_removed_without_address")(lambda t: changed(channel(t), removed_at=NOW))
bad(Message, "message_once")(lambda t: again(message(t)))
bad(Message, "message_sent_or_laid_aside")(lambda t: changed(message(t), sent_at=NOW, laid_at=NOW))
bad(Message, "message_failed_was_tried")(lambda t: changed(message(t), failed_at=NOW))
