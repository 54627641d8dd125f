"""Signed messages to another system's address: JSON that it can check, and can know a double of by its key.

    X-Leitai-Timestamp: 1712714400                       seconds, UTC
    X-Leitai-Signature: sha256=<hex of HMAC-SHA256(secret, timestamp + "." + body)>
    X-Leitai-Key: <the same for every try of the same message>

The timestamp is signed with the body, so that a message that was overheard cannot be sent again later.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leitai.rules.kernel import N_

from .http import Answer
from .sending import NotSent


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What stands in X-Leitai-Signature."""
    return "sha256=" + hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()


def request(secret: str, key: str, value: Mapping[str, Any], at: datetime) -> tuple[bytes, dict[str, str]]:
    """The body (JSON, UTF-8) and the headers of a message; `at` is the clock's instant."""
    body, stamp = json.dumps(value, ensure_ascii=False).encode(), str(int(at.timestamp()))
    return body, {
        "Content-Type": "application/json; charset=utf-8",
        "X-Leitai-Timestamp": stamp,
        "X-Leitai-Signature": signature(secret, stamp, body),
        "X-Leitai-Key": key,
    }


def check(answer: Answer) -> None:
    """Raises NotSent unless the other system has taken it, which any status of the two hundreds says."""
    if 300 <= answer.status < 400:
        raise NotSent(
            N_("the receiver leads elsewhere, and redirects are not followed"), f"HTTP {answer.status}"
        )
    if not 200 <= answer.status < 300:
        raise NotSent(N_("the receiver refused the message"), f"HTTP {answer.status}")
