"""Which hash: SHA-256, unless a place's law asks for another (SM3, GB/T 32905-2016)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Protocol


class Hash(Protocol):
    """The part of a hashlib object that the ledger uses."""

    def digest(self) -> bytes:
        """The hash as bytes."""

    def hexdigest(self) -> str:
        """The hash as lower-case hex."""


@cache
def hash_of(name: str) -> Callable[[bytes], Hash]:
    """The maker of a hash by its name. Raises ValueError, saying so, where this machine lacks it."""
    if name == "sha256":
        return hashlib.sha256
    try:
        hashlib.new(name)
    except ValueError:
        raise ValueError(f"this machine's OpenSSL has no hash {name!r}: use sha256") from None
    return lambda data: hashlib.new(name, data)


@cache
def hash_size(name: str) -> int:
    """The length of a hash in bytes."""
    return len(hash_of(name)(b"").digest())
