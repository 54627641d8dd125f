"""The wall's stream as a real server: what a screen hears, what it missed, and who hears nothing."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger import sealing
from leitai.intake import walls
from tests.intake.door import WEB, Door, door
from tests.pages.place import BY, Shan, found


@pytest.fixture
def shan(leitai_environment: dict[str, str]) -> Shan:
    """The small place, committed, so that another process sees it."""
    shan = found()
    while sealing.seal(shan.place):
        pass
    return shan


@contextmanager
def listening(at: Door, place: Any, query: str = "", **headers: str) -> Iterator[http.client.HTTPResponse]:
    """The open stream of a place."""
    connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=30)
    try:
        connection.request("GET", f"/wall/{walls.ticket(place, timezone.now())}{query}", headers=headers)
        yield connection.getresponse()
    finally:
        connection.close()


def message(answer: http.client.HTTPResponse) -> tuple[int, dict[str, Any]]:
    """(number, what is told) of the next message."""
    number = 0
    while True:
        field, _colon, value = answer.readline().decode().strip().partition(": ")
        if field == "id":
            number = int(value)
        elif field == "data":
            return number, json.loads(value)


def size(place: Any) -> int:
    return ledger.chain(place).size


def test_a_screen_hears_of_what_changed_and_of_what_it_missed(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    with door(leitai_environment) as at:
        with listening(at, shan.place, f"?after={size(shan.place)}") as answer:
            assert answer.status == 200, (answer.read(), walls.ticket(shan.place, timezone.now()))
            assert answer.headers["content-type"] == "text/event-stream"
            assert answer.headers["access-control-allow-origin"] == WEB
            first, said = message(answer)
            assert first == size(shan.place) and said["tiles"] == [] and said["held"] == 0
            shan.verdict()
            sealing.seal(shan.place)
            number, said = message(answer)
            assert said["tiles"] == ["verdicts"] and number == size(shan.place)
            assert json.loads(at.ask("GET", "/healthz")[2])["screens"] == 1
        shan.question("Water is cut")
        sealing.seal(shan.place)
        with listening(at, shan.place, **{"last-event-id": str(number)}) as answer:
            later, said = message(answer)
            assert said["tiles"] == ["cases"] and later == size(shan.place) > number
        with listening(at, shan.place) as answer:  # who does not say what they know is told of everything
            assert set(message(answer)[1]["tiles"]) == set(walls.TILES)


def test_a_screen_of_another_place_hears_nothing_of_this_one(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    from leitai.apps.people import actions as people

    other = people.add_place(
        key="hai", name_zh="海县", name_en="Sea", timezone="Asia/Shanghai", by=BY, now=shan.now
    )
    sealing.seal(other)
    with (
        door(leitai_environment) as at,
        listening(at, other, f"?after={size(other)}") as theirs,
        listening(at, shan.place, f"?after={size(shan.place)}") as ours,
    ):
        assert message(theirs)[1]["tiles"] == message(ours)[1]["tiles"] == []
        shan.verdict()
        sealing.seal(shan.place)
        assert message(ours)[1]["tiles"] == ["verdicts"]
        people.add_enterprise(
            place=other,
            key="f",
            name_zh="企",
            name_en="F",
            secret="s" * 20,
            liaison=None,
            by=BY,
            now=shan.now,
        )
        people.put_units(place=other, drafts=[people.UnitDraft("u", "局", "Unit")], by=BY, now=shan.now)
        sealing.seal(other)
        number, said = message(theirs)  # the first it hears is its own
        assert number == size(other) and said["tiles"] == sorted(walls.TILES)


def test_without_a_ticket_nothing_is_told(shan: Shan, leitai_environment: dict[str, str]) -> None:
    old = walls.ticket(shan.place, timezone.now() - timedelta(seconds=walls.LIFE + 60))
    with door(leitai_environment) as at:
        for text in ("", "x", "1.9999999999.abc", "1", old):
            assert at.ask("GET", f"/wall/{text}")[0] == 403, text
