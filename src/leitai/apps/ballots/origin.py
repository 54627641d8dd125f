"""Where a verdict came from, without saying who: keyed digests of the network and of the device, for some days.

A hundred verdicts within the hour from one telephone or one office's network must be seen to be that, and nobody
must be found by them. So the address and what the browser calls itself are kept only as digests under a key of
the house, and `purge_origins` deletes them. A device's key changes every day: two of one day can be compared, two of
different days cannot. A network's, which is that of many people, stays, so that a month shows what is usual.

LEITAI_TRUSTED_PROXY says how many proxies stand before the house. Each adds to X-Forwarded-For the address that it
was asked from, so as many of its last entries can be believed, and no others: a browser may send any.
"""

from __future__ import annotations

import socket
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings

BYTES = 8


class Origin(NamedTuple):
    """16 hex digits each; empty where the address could not be read.

    network: the address's /24 (IPv4) or /48 (IPv6). device: the whole address and what the browser calls itself.
    """

    network: str
    device: str


NOWHERE = Origin("", "")


def address_of(peer: str, forwarded: str, proxies: int) -> str:
    """The client's address: the `peer` of the connection, or what the outermost trusted proxy saw.

    peer: with or without its port. forwarded: X-Forwarded-For as it came. proxies: how many are trusted.
    """
    if proxies:
        hops = forwarded.split(",")
        if len(hops) >= proxies:
            peer = hops[-proxies].strip()
    if peer.startswith("["):
        return peer[1:].partition("]")[0]
    return peer.partition(":")[0] if peer.count(":") == 1 else peer


def origin_of(address: str, agent: str, day: date) -> Origin:
    """The digests (BLAKE2b, RFC 7693, keyed) of a client's address and browser, under the key of a day of the place."""
    packed = _packed(address)
    if packed is None:
        return NOWHERE
    today, always = _key(settings.DATA_KEY, day.isoformat()), _key(settings.DATA_KEY, "networks")
    network = packed[:3] if len(packed) == 4 else packed[:6]
    device = packed + agent.encode("utf-8", "replace")
    return Origin(
        blake2b(network, digest_size=BYTES, key=always, person=b"network").hexdigest(),
        blake2b(device, digest_size=BYTES, key=today, person=b"device").hexdigest(),
    )


def _packed(address: str) -> bytes | None:
    """The bytes of an address, 4 or 16; an IPv4 address in the clothes of IPv6 is what it is."""
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)
        long = socket.inet_pton(socket.AF_INET6, address)
    except (OSError, ValueError):
        return None
    return long[12:] if long[:12] == bytes(10) + b"\xff\xff" else long


@lru_cache(maxsize=16)
def _key(secret: str, what: str) -> bytes:
    house = blake2b(secret.encode(), person=b"leitai/origins/1").digest()
    return blake2b(what.encode(), key=house).digest()
