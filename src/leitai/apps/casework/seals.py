"""The keys of this room: one seals a reporter's name, telephone and mail; another hides what binds words to an event;
a third keeps draws from being worked out beforehand.

None is that of citizens' words.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings

from leitai.rules.ledger import canonical


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


def draw_secret(place: str, period: str) -> str:
    """The secret of a period's draw, in hex. Shown with the draw, it tells nothing of another period's."""
    key = hashlib.sha256(b"leitai/draws/1\n" + settings.DATA_KEY.encode()).digest()
    return hmac.digest(key, f"{place}\n{period}".encode(), "sha256").hex()


def bound(what: str, value: Any) -> str:
    """The digest, in hex, that binds words to an event; salted, as a short text could be guessed from its digest.

    `what` names the row that keeps them ("step:12") and makes the salt, so that nothing more is to be kept, and the
    house can show it for one thing alone.
    """
    key = hashlib.sha256(b"leitai/case-salts/1\n" + settings.DATA_KEY.encode()).digest()
    salt = hmac.digest(key, what.encode(), "sha256")
    return hashlib.sha256(salt + canonical(value)).hexdigest()
