"""The keys of this room: one signs codes on walls, another seals what citizens add in words, and hides what binds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings

from leitai.rules.ballots import RECEIPT_BYTES

KEY_ID = 1


@lru_cache(maxsize=4)
def _signing(secret: str) -> bytes:
    return hashlib.sha256(b"leitai/codes/1\n" + secret.encode()).digest()


def signing_keys() -> dict[int, bytes]:
    """The keys that codes may be signed with, by id."""
    return {KEY_ID: _signing(settings.CODE_KEY)}


def receipts(place: str, keys: Iterable[str]) -> Iterator[bytes]:
    """The receipts of a place, as bytes, of verdicts with these idempotency keys: always the same, told by nobody else.

    BLAKE2b (RFC 7693), keyed with a secret of the house.
    """
    start = blake2b(f"{place}\n".encode(), digest_size=RECEIPT_BYTES, key=_receipts(settings.DATA_KEY))
    for key in keys:
        digest = start.copy()
        digest.update(key.encode())
        yield digest.digest()


@lru_cache(maxsize=4)
def _receipts(secret: str) -> bytes:
    return hashlib.sha256(b"leitai/receipts/1\n" + secret.encode()).digest()


def _fernet() -> Fernet:
    key = hashlib.sha256(b"leitai/words/1\n" + settings.DATA_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(value: Any) -> bytes:
    """A JSON value, encrypted and authenticated."""
    return _fernet().encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(data: bytes) -> Any:
    """The value that was sealed. Raises cryptography's InvalidToken where it was tampered with."""
    return json.loads(_fernet().decrypt(bytes(data)))


def seal_bytes(data: bytes) -> bytes:
    """Bytes, encrypted and authenticated."""
    return _fernet().encrypt(data)


def unseal_bytes(data: bytes) -> bytes:
    """The bytes that were sealed. Raises cryptography's InvalidToken where they were tampered with."""
    return _fernet().decrypt(bytes(data))


def contact_digest(contact: str) -> str:
    """What a telephone or mail address is known by without saying it: 16 letters of a keyed digest."""
    key = hashlib.sha256(b"leitai/contacts/1\n" + settings.DATA_KEY.encode()).digest()
    tidy = "".join(letter for letter in contact.lower() if letter not in " -()")
    return hmac.digest(key, tidy.encode(), "sha256").hex()[:16]


def bound(what: str, text: str) -> str:
    """The digest, in hex, that binds a text to an event; salted, as a short text could be guessed from its digest.

    `what` names the thing and makes the salt. The house can make it again, so that nothing more is to be kept, and
    can show it for one thing alone.
    """
    key = hashlib.sha256(b"leitai/salts/1\n" + settings.DATA_KEY.encode()).digest()
    salt = hmac.digest(key, what.encode(), "sha256")
    return hashlib.sha256(salt + text.encode()).hexdigest()
