"""Where a verdict came from, without saying who: keyed digests of the network and of the device, for some days.

A hundred verdicts within the hour from one telephone or one office's network must be seen to be that, and nobody
must be found by them. So the address and what the browser calls itself are kept only as digests under a key of
the house, and `purge_origins` deletes them. A device's key changes every day: two of one day can be compared, two of
different days cannot. A network's, which is that of many people, stays, so that a month shows what is usual.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings

from leitai.ui.addresses import address_of, network_of, packed_of

BYTES = 8
__all__ = ["BYTES", "NOWHERE", "Origin", "address_of", "origin_of"]


class Origin(NamedTuple):
    """16 hex digits each; empty where the address could not be read.

    network: the address's /24 (IPv4) or /48 (IPv6). device: the whole address and what the browser calls itself.
    """

    network: str
    device: str


NOWHERE = Origin("", "")


def origin_of(address: str, agent: str, day: date) -> Origin:
    """The digests (BLAKE2b, RFC 7693, keyed) of a client's address and browser, under the key of a day of the place."""
    packed = packed_of(address)
    if packed is None:
        return NOWHERE
    today, always = _key(settings.DATA_KEY, day.isoformat()), _key(settings.DATA_KEY, "networks")
    network = network_of(packed)
    device = packed + agent.encode("utf-8", "replace")
    return Origin(
        blake2b(network, digest_size=BYTES, key=always, person=b"network").hexdigest(),
        blake2b(device, digest_size=BYTES, key=today, person=b"device").hexdigest(),
    )


@lru_cache(maxsize=16)
def _key(secret: str, what: str) -> bytes:
    house = blake2b(secret.encode(), person=b"leitai/origins/1").digest()
    return blake2b(what.encode(), key=house).digest()
