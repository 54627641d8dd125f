"""The key that seals officials' names: not that of citizens' words, nor of reporters."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.fernet import Fernet
from django.conf import settings


def _fernet() -> Fernet:
    key = hashlib.sha256(b"leitai/officials/1\n" + settings.DATA_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(value: dict[str, str]) -> bytes:
    """Names, encrypted and authenticated."""
    return _fernet().encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(data: bytes) -> dict[str, str]:
    """What was sealed. Raises cryptography's InvalidToken where it was tampered with."""
    found: dict[str, str] = json.loads(_fernet().decrypt(bytes(data)))
    return found
