"""Signed messages to other systems: what the other side can check with nothing but the secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from leitai.notify import NotSent, webhooks
from leitai.notify.http import Answer

AT = datetime(2024, 4, 10, 2, 0, tzinfo=UTC)


def test_the_other_side_can_check_who_sent_it_and_that_nothing_was_changed() -> None:
    body, headers = webhooks.request("a-secret-of-32-letters", "k-1", {"text": "时限已过"}, AT)
    stamp = headers["X-Leitai-Timestamp"]
    own = hmac.new(b"a-secret-of-32-letters", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Leitai-Signature"] == f"sha256={own}"
    assert int(stamp) == AT.timestamp()
    assert headers["X-Leitai-Key"] == "k-1"
    assert json.loads(body) == {"text": "时限已过"}


def test_a_changed_body_or_an_old_time_does_not_fit_the_signature() -> None:
    signed = webhooks.signature("secret", "100", b'{"a":1}')
    assert signed != webhooks.signature("secret", "100", b'{"a":2}')
    assert signed != webhooks.signature("secret", "101", b'{"a":1}')
    assert signed != webhooks.signature("Secret", "100", b'{"a":1}')


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_status_of_the_two_hundreds_is_taken(status: int) -> None:
    webhooks.check(Answer(status, b""))


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410, 429, 500, 503])
def test_anything_else_is_not(status: int) -> None:
    with pytest.raises(NotSent, match=str(status)):
        webhooks.check(Answer(status, b""))
