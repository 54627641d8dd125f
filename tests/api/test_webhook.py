"""Cases by signed webhooks: only what a key signed, lately, and each message once."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from typer.testing import CliRunner

from leitai.api import webhook
from leitai.apps.casework.models import Case
from leitai.apps.people.actions import revoke_api_key
from leitai.apps.people.models import ApiKey
from tests.factories import BY, NOW, Town

from .conftest import keyed

BODY = {"kind": "finding", "title": "A leak"}
FOREIGN = {
    "issue": {"id": 4711, "subject": "A leak", "tags/all": ["wet", "deep"], "spot": [36.5, 118.5]},
    "contact": [{"phone": 13800000001}],
}
WAY = {
    "kind": "hole",
    "once": "/issue/id",
    "title": "/issue/subject",
    "latitude": "/issue/spot/0",
    "longitude": "/issue/spot/1",
    "form.depth": "/issue/tags~1all/1",
    "reporter.phone": "/contact/0/phone",
    "reporter.mail": "/contact/7/mail",
}


@pytest.fixture
def key(town: Town) -> ApiKey:
    """A key that signs."""
    keyed(town, "platform", "cases:hook")
    return ApiKey.objects.get()


def call(
    key: ApiKey, body: Any = None, *, number: str = "msg_1", ago: float = 0, place: str = "town", **more: Any
) -> Any:
    """The answer to a signed message; `signed` replaces the signature, `way` is what the address says."""
    data = json.dumps(BODY if body is None else body).encode()
    seconds = str(int(time.time() - ago))
    signed = more.get("signed", webhook.signature(webhook.secret(key), number, seconds, data))
    headers = {"webhook-id": number, "webhook-timestamp": seconds, "webhook-signature": signed}
    asked = urlencode({"key": more.get("name", key.name)} | more.get("way", {}))
    sent = data.replace(b"leak", b"LEAK") if more.get("changed") else data
    return Client(headers={"accept-language": "en"}).post(
        f"/api/v1/{place}/hooks/cases?{asked}", sent, content_type="application/json", headers=headers
    )


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification's own libraries.
    secret, number = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    found = webhook.signature(secret, number, "1614265330", b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signed_message_opens_a_case_once(key: ApiKey) -> None:
    first = call(key)
    assert first.status_code == 201, first.content
    assert (first.json()["channel"], first.json()["title"]) == ("hook", "A leak")
    again = call(key, ago=10)
    assert (again.status_code, again.json()["ref"]) == (200, first.json()["ref"])
    assert call(key, number="msg_2").json()["ref"] != first.json()["ref"]


def test_the_address_says_where_things_are(key: ApiKey) -> None:
    answer = call(key, FOREIGN, way=WAY)
    assert answer.status_code == 201, answer.content
    row = Case.objects.get()
    assert (row.kind, row.title, row.latitude, row.form) == ("hole", "A leak", 36.5, {"depth": "deep"})
    assert row.reporter.sealed
    assert call(key, FOREIGN, way=WAY, number="msg_2").json()["ref"] == row.ref, "its own number goes first"
    assert told(call(key, FOREIGN, way=WAY | {"title": "/issue/none", "once": "/issue/subject"})) == (
        422,
        "invalid",
    )
    assert told(call(key, FOREIGN, way=WAY | {"title": "/issue"}, number="msg_3")) == (422, "invalid")
    for name in ("colour", "form", "title.en"):
        assert told(call(key, FOREIGN, way=WAY | {name: "x"})) == (422, "unknown-field")


def test_who_overhears_a_message_makes_no_second_case_of_it_by_another_address(key: ApiKey) -> None:
    first = call(key, FOREIGN, way=WAY)
    assert first.status_code == 201
    for number in ("4712", "x", "msg_2"):
        assert told(call(key, FOREIGN, way=WAY | {"once": number})) == (422, "once-not-signed")
    again = call(key, FOREIGN, way=WAY | {"title": "Another title", "kind": "finding"})
    assert (again.status_code, again.json()["title"]) == (200, "A leak")
    assert Case.objects.count() == 1


def test_what_is_not_rightly_signed_opens_nothing(town: Town, vale: Town, key: ApiKey) -> None:
    wrong = webhook.signature("whsec_c2VjcmV0", "msg_1", str(int(time.time())), json.dumps(BODY).encode())
    for more in (
        {"signed": ""},
        {"signed": wrong},
        {"signed": "v1,ü"},
        {"name": "nobody"},
        {"changed": True},
        {"number": ""},
    ):
        assert told(call(key, **more)) == (401, "bad-signature")  # type: ignore[arg-type]
    assert told(call(key, place="vale")) == (401, "bad-signature")
    for ago in (301, -310, 86_400):
        assert told(call(key, ago=ago)) == (401, "stale")
    assert call(key, signed=wrong + " " + "v1,x").status_code == 401
    keyed(town, "machine", "cases:open")
    assert told(call(ApiKey.objects.get(name="machine"))) == (403, "not-in-scope")
    revoke_api_key(key=key, by=BY, now=NOW)
    assert told(call(key)) == (401, "bad-signature")
    assert not Case.objects.exists()


def test_the_secret_is_shown_by_command(key: ApiKey) -> None:
    from leitai.cli.api import app

    shown = CliRunner().invoke(app, ["key", "hook", "--place", "town", "--name", "platform"])
    assert shown.stdout.strip() == webhook.secret(key), shown.output
    assert CliRunner().invoke(app, ["key", "hook", "--place", "town", "--name", "nobody"]).exit_code == 2
