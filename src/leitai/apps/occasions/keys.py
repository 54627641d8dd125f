"""The key of personal calendar links: from it and the account comes a link's secret, so that none is kept.

A link that is renewed has another secret: the generation is in it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

_BYTES = 20


def link_secret(place: str, account: int, generation: int) -> str:
    """The secret of an account's calendar link in a place: 160 bits, letters and digits."""
    key = hashlib.sha256(b"leitai/calendar-links/1\n" + settings.DATA_KEY.encode()).digest()
    found = hmac.digest(key, f"{place}\n{account}\n{generation}".encode(), "sha256")
    return base64.b32encode(found[:_BYTES]).decode().lower()
