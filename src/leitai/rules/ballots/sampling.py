"""Whom the second channel asks: a sample of those who were served, which a seed draws and anyone can draw again.

A code on the wall is used by who wants to. To see what that hides, some of those whom the records say were
served are drawn at random and asked. Whoever keeps the records could otherwise pick the contented: so the order
is that of a digest over a seed which is made after the records are in.

>>> sampled(["a", "b", "c"], 2, b"seed") == sampled(["c", "b", "a"], 2, b"seed")
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def sample_size(n: int, share: float, least: int) -> int:
    """How many of n records are drawn: a share of them, rounded, but at least `least` where there are as many."""
    return min(n, max(least, round(n * share)))


def sampled(keys: Iterable[str], size: int, seed: bytes) -> tuple[str, ...]:
    """The `size` keys whose SHA-256 over seed and key is smallest, in that order; every sample is equally likely."""
    return tuple(sorted(set(keys), key=lambda key: (_place(key, seed), key))[:size])


def _place(key: str, seed: bytes) -> bytes:
    return hashlib.sha256(b"leitai sample 1\n" + len(seed).to_bytes(4, "big") + seed + key.encode()).digest()
