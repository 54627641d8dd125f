"""A sender that keeps what it is given; `down` makes it fail as a gateway does that cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass, field

from leitai.notify import Message, NotSent, way_to


@dataclass
class FakeSender:
    """Keeps messages instead of sending them."""

    ways: tuple[str, ...] = ("sms", "mail")
    down: bool = False
    sent: list[Message] = field(default_factory=list)

    def reaches(self, to: str) -> bool:
        """Whether there is a way to this address."""
        return way_to(to) in self.ways

    def send(self, message: Message) -> None:
        """Keep a message. Raises NotSent where there is no way, or it is down."""
        if not self.reaches(message.to):
            raise NotSent("no gateway is set up for this kind of address")
        if self.down:
            raise NotSent("the gateway did not take it")
        self.sent.append(message)
