"""Messages that leave the house: by SMS or mail through whatever gateway a place has, to group robots, to systems.

A message goes out at least once, never surely only once: whoever receives it can tell doubles by its key. What a
gateway is, is data: an address of Apprise (https://github.com/caronc/apprise/wiki) with `{to}`, `{key}`, and
for mail and SMS each one, such as

    sms=jsons://user:secret@gateway.example/send?:to={to}&+X-Idempotency-Key={key}
    mail=mailtos://user:secret@mail.example?from=office@example.org&to={to}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from leitai.rules.kernel import N_

from .sending import NotSent, SettingError

__all__ = ["Gateway", "Message", "NotSent", "Sender", "SettingError", "gateway", "way_to"]

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: to a telephone's number or a mail address, under a key by which a double is known."""

    to: str
    subject: str
    body: str
    key: str


class Sender(Protocol):
    """Whatever sends messages: a gateway, or what stands for one in tests."""

    def reaches(self, to: str) -> bool:
        """Whether there is a way to this address."""

    def send(self, message: Message) -> None:
        """Hand a message over. Returns when the gateway has taken it; raises NotSent where it has not."""


def way_to(to: str) -> str:
    """`sms` or `mail`, by what an address looks like; empty for what is neither."""
    if MAIL.fullmatch(to):
        return "mail"
    return "sms" if PHONE.fullmatch(to) else ""


@dataclass(frozen=True)
class Gateway:
    """Ways to send, by kind: templates of Apprise addresses."""

    ways: Mapping[str, str]

    def reaches(self, to: str) -> bool:
        """Whether there is a way to this address."""
        return way_to(to) in self.ways

    def send(self, message: Message) -> None:
        """Hand a message to Apprise. Raises NotSent."""
        import apprise  # slow to import, and seldom needed

        template = self.ways.get(way_to(message.to))
        if template is None:
            raise NotSent(N_("no gateway is set up for this kind of address"))
        address = template.replace("{to}", quote(message.to, safe="")).replace(
            "{key}", quote(message.key, safe="")
        )
        service = apprise.Apprise.instantiate(address)
        if service is None:
            raise NotSent(N_("the gateway's address in LEITAI_NOTIFY is not understood"))
        try:
            taken = service.notify(title=message.subject, body=message.body)
        except Exception as fault:
            raise NotSent(N_("the gateway failed"), type(fault).__name__) from fault
        if not taken:
            raise NotSent(N_("the gateway did not take it"))


def gateway(settings: Sequence[str]) -> Gateway | None:
    """The gateway that LEITAI_NOTIFY describes, or None where it is empty. Raises SettingError."""
    ways = {}
    for one in settings:
        kind, _, template = one.partition("=")
        if kind not in ("sms", "mail") or "{to}" not in template:
            raise SettingError(
                f"LEITAI_NOTIFY: {kind!r} is not sms=ADDRESS or mail=ADDRESS with {{to}} in it"
            )
        ways[kind] = template
    return Gateway(ways) if ways else None
