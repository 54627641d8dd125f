"""What tests of messages share: channels to the receivers of `tests/fakes`, and a look at what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.models import Event
from leitai.apps.outbox import actions
from leitai.apps.outbox.actions import ChannelDraft
from leitai.apps.outbox.models import TELLS, Channel
from leitai.apps.outbox.rows import Matter, put, waiting
from leitai.drive import courier
from leitai.notify import http
from tests.factories import BY, NOW, Town
from tests.fakes.receivers import SECRET, Receivers
from tests.fakes.sender import FakeSender

HERE = http.read_reach(["127.0.0.1"])
SECOND = timedelta(seconds=1)


@dataclass
class Rig:
    """A town, the other side, and what sends between them."""

    town: Town
    side: Receivers
    sender: FakeSender

    def channel(
        self,
        kind: str = "wecom",
        unit: str = "",
        name: str = "",
        tells: Sequence[str] = tuple(TELLS),
        *,
        now: datetime = NOW,
        **manner: Any,
    ) -> Channel:
        """A channel of a unit or of the whole place, to the receiver of its kind."""
        address = {"mail": "li@office.example", "sms": "13800000000"}.get(kind) or self.side.url(kind)
        secret = "" if kind in ("wecom", "mail", "sms") else SECRET
        draft = ChannelDraft(name=name or kind, tells=tells, address=address, secret=secret, **manner)
        row = self.town.units[unit] if unit else None
        return actions.add_channel(place=self.town.place, unit=row, kind=kind, draft=draft, by=BY, now=now)

    def matter(self, *channels: Channel, n: int = 1, first: int = 1, at: datetime = NOW, **more: Any) -> None:
        """So many matters that channels are to tell of."""
        for seq in range(first, first + n):
            values = {"kind": "case.opened", "title": "a case", "text": f"matter {seq}", **more}
            put(channels, Matter(seq=seq, at=at, **values), self.town.place.zone, at)

    def deliver(self, at: datetime = NOW) -> int:
        """Send what is due at `at`; how many messages went out."""
        return courier.deliver(self.town.place, self.sender, reach=HERE, now=at)

    def waits(self, channel: Channel) -> int:
        """How many messages wait for a channel."""
        return channel.messages.filter(waiting()).count()

    def events(self, *kinds: str) -> list[str]:
        """The events of these kinds, in order."""
        rows = Event.objects.filter(place=self.town.place, kind__in=kinds).order_by("id")
        return list(rows.values_list("kind", flat=True))
