"""The address that a request came from, and its network.

LEITAI_TRUSTED_PROXY says how many proxies stand before the house. Each adds to X-Forwarded-For the address that it
was asked from, so as many of its last entries can be believed, and no others: a browser may send any.
"""

from __future__ import annotations

import socket


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


def network_of(packed: bytes) -> bytes:
    """The network of an address of 4 or 16 bytes: its /24 (IPv4) or /48 (IPv6)."""
    return packed[:3] if len(packed) == 4 else packed[:6]


def packed_of(address: str) -> bytes | None:
    """The bytes of an address, 4 or 16; an IPv4 address in the clothes of IPv6 is what it is."""
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)
        long = socket.inet_pton(socket.AF_INET6, address)
    except (OSError, ValueError):
        return None
    return long[12:] if long[:12] == bytes(10) + b"\xff\xff" else long
