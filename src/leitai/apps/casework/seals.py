"""The key that a reporter's name, telephone and mail are sealed with; it is another than that of citizens' words."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.fernet import Fernet
from django.conf import settings


def _fernet() -> Fernet:
    key = hashlib.sha256(b"leitai/reporters/1\n" + settings.DATA_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(value: dict[str, str]) -> bytes:
    """Names and texts, encrypted and authenticated."""
    return _fernet().encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(data: bytes) -> dict[str, str]:
    """What was sealed. Raises cryptography's InvalidToken where it was tampered with."""
    found: dict[str, str] = json.loads(_fernet().decrypt(bytes(data)))
    return found
