"""Screens without a keyboard: each comes in by an address of its own, which an administrator can end at any time.

The address holds the screen's key and a secret that is worked out from it, so that none is kept; whether the screen
still hangs there is read from the ledger.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from leitai.apps.ledger import queries as ledger

OPENED, ENDED = "wall.screen_opened", "wall.screen_ended"
_BYTES = 20


@dataclass(frozen=True)
class Screen:
    """A screen: its key and name, since when, by whom; when it ended, or None while it hangs."""

    key: str
    name: str
    since: datetime
    by: str
    ended: datetime | None


def secret(place: Any, key: str) -> str:
    """The secret of a screen's address: 160 bits, letters and digits."""
    sealing = hashlib.sha256(b"leitai/wall-screens/1\n" + settings.DATA_KEY.encode()).digest()
    found = hmac.digest(sealing, f"{place.key}\n{key}".encode(), "sha256")
    return base64.b32encode(found[:_BYTES]).decode().lower()


def token(place: Any, key: str) -> str:
    """What stands in a screen's address."""
    return f"{key}-{secret(place, key)}"


def screens(place: Any) -> list[Screen]:
    """All screens of a place, those that hang first, the newest first."""
    told = list(ledger.told(place, OPENED, ENDED))
    ended = {one.subject: one.noted_at for one in told if one.kind == ENDED}
    found = [
        Screen(
            one.subject.partition(":")[2],
            ledger.data(one)["name"],
            one.noted_at,
            one.by,
            ended.get(one.subject),
        )
        for one in reversed(told)
        if one.kind == OPENED
    ]
    return sorted(found, key=lambda one: one.ended is not None)


def hangs(place: Any, said: str) -> bool:
    """Whether an address's token is a screen's that has not been ended; as slow for a wrong one as for a right one."""
    key, _dash, given = said.partition("-")
    right = hmac.compare_digest(secret(place, key).encode(), given.encode())
    return right and any(one.key == key and one.ended is None for one in screens(place))
