"""Whatever is sent, the answer is a clear 4xx in one shape, and what was there before is there still."""

from __future__ import annotations

import json
from typing import Any

from django.db import OperationalError
from django.test import Client, RequestFactory

from leitai.api.app import api
from leitai.apps.ballots.models import Ballot, Ticket
from leitai.apps.ledger.models import Event
from tests.factories import Town

from .conftest import Caller

GOOD = {"source": "old", "ballots": [{"source_id": "1", "unit": "tax", "grade": "satisfied"}]}


def told(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"code", "error", "where"}
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, body["code"]


BODIES: list[tuple[bytes, tuple[int, str]]] = [
    (b'{"source": "\xff\xfe"}', (400, "not-utf8")),
    ('{"source": "old"}'.encode("utf-16"), (400, "not-utf8")),
    (b"{", (400, "not-json")),
    (b"\x00", (400, "not-json")),
    (b'{"a": NaN}', (400, "not-json")),
    (b'{"a": Infinity}', (400, "not-json")),
    (b"[" * 100_000, (400, "not-json")),
    (b"1" * 10_000, (400, "not-json")),
    (b"", (422, "invalid")),
    (b"null", (422, "invalid")),
    (b"[]", (422, "invalid")),
    (b'"text"', (422, "invalid")),
    (b"{}", (422, "invalid")),
    (b'{"source": "old", "ballots": []}', (422, "invalid")),
    (b'{"source": "old", "ballots": {}}', (422, "invalid")),
    (b'{"source": "\\ud800", "ballots": [1]}', (422, "invalid")),
    (b'{"source": "a\\u0000", "ballots": [1]}', (422, "invalid")),
    (b'{"source": "old", "ballots": [1], "more": 1}', (422, "invalid")),
    (b" " * 3_000_000, (413, "too-big")),
    (b"x" * 10_000_000, (413, "too-big")),
]


def test_a_body_that_cannot_be_read_is_told_and_changes_nothing(town: Town, platform: Caller) -> None:
    before = Event.objects.count()
    for body, expected in BODIES:
        assert told(platform.raw("ballots", body)) == expected, body[:40]
    assert Event.objects.count() == before
    assert not Ballot.objects.exists()


def test_a_body_is_sent_as_json(town: Town, platform: Caller) -> None:
    body = json.dumps(GOOD).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert told(platform.raw("ballots", body, kind)) == (415, "not-json-type"), kind


def test_a_mark_before_the_json_is_no_fault(town: Town, platform: Caller) -> None:
    answer = platform.raw(
        "ballots", b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "application/json; charset=utf-8"
    )
    assert answer.status_code == 200 and answer.json()["rejected"][0]["where"][0]["loc"] == ["cast_at"]


NOWHERE = [
    "/api/v1/nowhere/log/checkpoint",
    "/api/v1/nowhere/open/verdicts.csv",
    "/api/v1/no%00where/log/key",
    "/api/v1/town/unheard/of",
    "/api/v1/",
    "/api/v2/town/tickets",
    "/api/",
    "/api/v1/town/log/tile/0/-1",
    "/api/v1/town/log/tile/0/x",
    "/api/v1/%E9%95%87/log/key",
    "/api/v1/%ff/log/key",
]


def test_an_address_where_nothing_is_says_so(town: Town) -> None:
    for path in NOWHERE:
        answer = Client(headers={"accept-language": "en"}).get(path)
        assert told(answer)[0] in (404, 422), path


def test_the_wrong_method_is_told_the_right_one(town: Town, machine: Caller) -> None:
    for path, allowed in (("tickets", "POST"), ("log/key", "GET")):
        for method in ("put", "delete", "patch", "options", "trace"):
            answer = getattr(machine.client, method)(f"/api/v1/town/{path}")
            assert told(answer) == (405, "wrong-method")
            assert answer["Allow"] == allowed
    assert not Ticket.objects.exists()


ARGUMENTS: list[tuple[str, dict[str, str], list[str]]] = [
    ("log/tile/9/0", {}, ["path", "level"]),
    ("log/tile/0/99999999999999999999", {}, ["path", "number"]),
    ("log/checkpoint", {"size": "0"}, ["query", "size"]),
    ("log/checkpoint", {"size": "9" * 5000}, ["query", "size"]),
    ("log/checkpoint", {"size": "many"}, ["query", "size"]),
    ("log/checkpoints", {"limit": "1001"}, ["query", "limit"]),
    ("log/proof/inclusion", {}, ["query", "receipt"]),
    ("log/proof/inclusion", {"receipt": "x" * 41}, ["query", "receipt"]),
    ("log/proof/consistency", {"first": "1"}, ["query", "second"]),
    ("open/verdicts.csv", {"from_": "2024"}, ["query", "from"]),
    ("open/verdicts.csv", {"to": "2024-13"}, ["query", "to"]),
    ("open/verdicts.parquet", {"to": "0000-01"}, ["query", "to"]),
]


def test_an_argument_that_cannot_be_is_named(town: Town, anyone: Caller) -> None:
    for path, query, way in ARGUMENTS:
        answer = anyone.get(path, **query)
        assert told(answer) == (422, "invalid"), way
        assert answer.json()["where"][0]["loc"] == way
        assert answer.json()["where"][0]["error"]


def test_a_fault_is_kept_by_no_cache_and_sets_no_cookie(town: Town, anyone: Caller) -> None:
    for answer in (anyone.get("log/nothing"), anyone.post("tickets", {}), anyone.get("log/key")):
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_a_database_that_is_busy_is_told_as_such() -> None:
    request = RequestFactory().get("/api/v1/town/log/key")
    answer = api.on_exception(request, OperationalError("database is locked"))
    assert answer.status_code == 503 and json.loads(answer.content)["code"] == "busy"
    assert answer["Retry-After"] == "2"


def test_no_address_has_a_page_that_loads_from_elsewhere(town: Town) -> None:
    client = Client()
    assert client.get("/api/v1/docs").status_code == 404
    described = client.get("/api/v1/openapi.json").json()
    assert described["info"]["title"] == "Leitai"
    assert set(described["components"]["securitySchemes"]) == {"Key", "Signed"}
