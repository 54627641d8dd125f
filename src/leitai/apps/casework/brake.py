"""A brake on a public door: so many forms an hour from one address, and so many from one network.

Counted in each process' memory and forgotten with the hour; several processes allow a few more in all. Nothing of an
address is written anywhere. A network is that of many people behind one mobile carrier's gate, so its limit is wide.
"""

from __future__ import annotations

import time
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from leitai.ui.addresses import address_of, network_of, packed_of

WINDOW = 3600  # seconds
FROM_ADDRESS = 12
FROM_NETWORK = 120
MOST = 200_000  # keys that are held; past them the hour begins anew


class Brake:
    """Counts of one window. `hour` is any number that changes with the window."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour = -1
        self._counts: dict[bytes, int] = {}

    def passes(self, address: str, hour: int) -> bool:
        """Count one form from an address; whether it is within the limits. What is no address is one address."""
        packed = packed_of(address) or b"?"
        with self._lock:
            if hour != self._hour or len(self._counts) > MOST:
                self._hour, self._counts = hour, {}
            fine = True
            for key, most in ((b"a" + packed, FROM_ADDRESS), (b"n" + network_of(packed), FROM_NETWORK)):
                self._counts[key] = self._counts.get(key, 0) + 1
                fine = fine and self._counts[key] <= most
            return fine


_brake = Brake()


def passes(request: HttpRequest) -> bool:
    """Whether a form may be taken from where it comes from."""
    meta = request.META
    address = address_of(
        meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXY
    )
    return _brake.passes(address, int(time.monotonic() // WINDOW))
