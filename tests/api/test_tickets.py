"""Tickets: issued once for a service, used once, singly or a thousand together, whatever the network does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db.models import F
from django.test import override_settings

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.actions import TicketAsk
from leitai.apps.ballots.models import Ballot, Point, Ticket
from leitai.apps.ledger.models import Event
from leitai.rules.kernel import Finding
from tests.factories import BY, DAY, NOW, Town, at_once, build

from .conftest import Caller, keyed


def ask(town: Town, ref: str, /, **more: Any) -> dict[str, Any]:
    return {"point": town.points["tax-window"].number, "channel": "visit", "ref": ref} | more


def issue(town: Town, *asks: TicketAsk, at: datetime = NOW) -> list[Any]:
    return actions.issue_tickets(place=town.place, asks=asks, by=BY, now=at)


def test_a_ticket_gives_one_verdict(town: Town, machine: Caller) -> None:
    answer = machine.post("tickets", ask(town, "A001"))
    assert answer.status_code == 201
    ticket = answer.json()
    assert ticket["used"] is False and ticket["ref"] == "A001" and ticket["channel"] == "visit"
    assert ticket["url"].endswith(f"/b/{ticket['token']}")
    assert answer["Cache-Control"] == "no-store"
    scan = queries.scanned(ticket["token"])
    assert scan.finding is None and scan.point == town.points["tax-window"]
    cast = {"unit": scan.point.unit, "point": scan.point, "serial": scan.serial, "grade": "satisfied"}
    row = actions.cast(**cast, once="o" * 20, by="anyone", now=datetime.now(UTC))
    assert row.channel == "visit"
    assert machine.get("tickets/A001").json()["used"] is False, (
        "told the same day it would say whose verdict it was"
    )
    Ballot.objects.update(cast_at=F("cast_at") - timedelta(days=1))
    assert machine.get("tickets/A001").json()["used"] is True
    assert row.receipt not in machine.get("tickets/A001").content.decode()


def test_the_same_reference_is_the_same_ticket(town: Town, machine: Caller) -> None:
    first = machine.post("tickets", ask(town, "A001"))
    again = machine.post("tickets", ask(town, "A001", point=town.points["harbour"].number))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    matter = machine.post("tickets", ask(town, "A001", channel="matter"))
    assert matter.status_code == 201 and matter.json()["token"] != first.json()["token"]
    assert Event.objects.filter(kind="tickets.issued").count() == 2
    assert machine.get("tickets/A001", channel="matter").json()["token"] == matter.json()["token"]


def test_a_point_goes_by_its_number_or_its_code(town: Town, machine: Caller) -> None:
    point = town.points["tax-window"]
    said: list[Any] = [point.number, str(point.number), queries.code_of(point)]
    answers = [machine.post("tickets", ask(town, f"A{n}", point=one)) for n, one in enumerate(said)]
    assert [one.status_code for one in answers] == [201, 201, 201]
    assert {one.json()["point"] for one in answers} == {point.number}


# What is wrong with an ask, and the code it is answered with.
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"point": 8_000_000}, "point-unknown"),
    ({"point": "0000000000000000"}, "code-unknown-key"),
    ({"point": "hall one"}, "code-malformed"),
    ({"expires_at": "2020-01-01T00:00:00+08:00"}, "ticket-past"),
    ({"expires_at": "2999-01-01T00:00:00Z"}, "ticket-too-long"),
    ({"expires_at": "0001-01-01T00:00:00+14:00"}, "invalid"),
    ({"expires_at": "9999-12-31T23:59:59-14:00"}, "invalid"),
    ({"expires_at": "2030-01-01T00:00:00"}, "invalid"),
    ({"expires_at": 1_900_000_000}, "invalid"),
    ({"ref": ""}, "invalid"),
    ({"ref": " A1"}, "invalid"),
    ({"ref": "A\x001"}, "invalid"),
    ({"ref": "A\ud800"}, "invalid"),
    ({"ref": "x" * 121}, "invalid"),
    ({"ref": 7}, "invalid"),
    ({"channel": "invited"}, "invalid"),
    ({"point": True}, "invalid"),
    ({"point": -1}, "invalid"),
    ({"point": 1.5}, "invalid"),
    ({"colour": "red"}, "invalid"),
]


def test_what_cannot_be_issued_is_told(town: Town, machine: Caller) -> None:
    for more, code in WRONG:
        answer = machine.post("tickets", ask(town, "A001", **more))
        assert (answer.status_code, answer.json()["code"]) == (422, code), more
        assert answer.json()["error"], more
        assert code != "invalid" or answer.json()["where"][0]["loc"][-1] == next(iter(more))
    assert not Ticket.objects.exists() and Point.objects.filter(serials__gt=0).count() == 0


def test_a_point_taken_down_or_with_a_newer_code_issues_nothing(town: Town, machine: Caller) -> None:
    point = town.points["tax-window"]
    old = queries.code_of(point)
    Point.objects.filter(pk=point.pk).update(generation=2)
    assert machine.post("tickets", ask(town, "A1", point=old)).json()["code"] == "code-retired"
    token = machine.post("tickets", ask(town, "A2")).json()["token"]
    assert machine.post("tickets", ask(town, "A3", point=token)).json()["code"] == "code-of-ticket"
    actions.retire_point(point=Point.objects.get(pk=point.pk), by=BY, now=NOW)
    assert machine.post("tickets", ask(town, "A4")).json()["code"] == "point-retired"
    assert machine.post("tickets", ask(town, "A2")).json()["token"] == token


def test_no_other_places_point(town: Town, vale: Town, machine: Caller) -> None:
    answer = machine.post("tickets", ask(town, "A1", point=vale.points["tax-window"].number))
    assert answer.json()["code"] == "point-unknown"
    (found,) = issue(town, TicketAsk(vale.points["tax-window"].number, "visit", "A1"))
    assert isinstance(found, Finding) and found.code == "point-unknown"


def test_a_batch_loses_nothing(town: Town, machine: Caller) -> None:
    machine.post("tickets", ask(town, "known"))
    lines = [
        ask(town, "new"),
        {"channel": "visit", "ref": "no point"},
        ask(town, "known"),
        "not even an object",
        ask(town, "elsewhere", point=8_000_000),
        ask(town, "new"),
        ask(town, "late", expires_at="2999-01-01T00:00:00Z"),
        ask(town, "harbour", point=town.points["harbour"].number),
    ]
    found = machine.post("tickets/bulk", {"tickets": lines}).json()
    assert (found["issued"], found["known"]) == (2, 2)
    assert [(one["index"], one["ref"], one["new"]) for one in found["tickets"]] == [
        (0, "new", True),
        (2, "known", False),
        (5, "new", False),
        (7, "harbour", True),
    ]
    assert [(one["index"], one["code"]) for one in found["rejected"]] == [
        (1, "invalid"),
        (3, "invalid"),
        (4, "point-unknown"),
        (6, "ticket-too-long"),
    ]
    assert found["rejected"][0]["error"] == "point: this is missing"
    assert found["rejected"][0]["where"] == [
        {"loc": ["point"], "code": "missing", "error": "this is missing"}
    ]
    assert found["tickets"][0]["token"] == found["tickets"][2]["token"]


def test_a_thousand_are_taken_and_one_more_is_not(town: Town, machine: Caller) -> None:
    lines = [ask(town, f"A{n:04}") for n in range(1001)]
    refused = machine.post("tickets/bulk", {"tickets": lines})
    assert refused.status_code == 422
    assert refused.json()["where"][0] == {
        "loc": ["body", "tickets"],
        "code": "too-long",
        "error": "this has more than 1000 entries",
    }
    assert not Ticket.objects.exists()
    found = machine.post("tickets/bulk", {"tickets": lines[:1000]}).json()
    assert (found["issued"], found["rejected"]) == (1000, [])
    assert len({one["token"] for one in found["tickets"]}) == 1000
    event = Event.objects.get(kind="tickets.issued")
    assert event.subject == f"point:{town.points['tax-window'].number}" and event.by == "key:machine"
    assert json.loads(event.data) == {"count": 1000, "first": 1, "last": 1000, "visit": 1000}


def test_serials_have_no_gaps(town: Town) -> None:
    number = town.points["tax-window"].number
    issue(
        town,
        TicketAsk(number, "visit", "1"),
        TicketAsk(1 << 22, "visit", "x"),
        TicketAsk(number, "matter", "1"),
    )
    issue(town, TicketAsk(number, "visit", "1"), TicketAsk(number, "visit", "2"))
    rows = Ticket.objects.order_by("serial").values_list("serial", "channel", "ref")
    assert list(rows) == [(1, "visit", "1"), (2, "matter", "1"), (3, "visit", "2")]
    told = Event.objects.filter(kind="tickets.issued").order_by("id")
    assert [json.loads(one.data) for one in told] == [
        {"count": 2, "first": 1, "last": 2, "matter": 1, "visit": 1},
        {"count": 1, "first": 3, "last": 3, "visit": 1},
    ]


def test_a_ticket_lasts_as_the_rule_book_says_or_shorter(town: Town) -> None:
    number = town.points["tax-window"].number
    whole, short, long, past = issue(
        town,
        TicketAsk(number, "visit", "1"),
        TicketAsk(number, "visit", "2", NOW + DAY),
        TicketAsk(number, "visit", "3", NOW + 30 * DAY + timedelta(seconds=1)),
        TicketAsk(number, "visit", "4", NOW),
    )
    assert (whole.expires_at, short.expires_at) == (NOW + 30 * DAY, NOW + DAY)
    assert (long.code, past.code) == ("ticket-too-long", "ticket-past")
    assert "30" in long.text


def test_an_ask_that_no_system_may_make_is_told(town: Town) -> None:
    wrong = {"channel-unknown": ("standing", "1"), "ref-malformed": ("visit", "a\nb")}
    for code, (channel, ref) in wrong.items():
        (found,) = issue(town, TicketAsk(town.points["tax-window"].number, channel, ref))
        assert found.code == code and found.text


@override_settings(PUBLIC_URL="https://leitai.example.org")
def test_the_address_is_the_public_one(town: Town, machine: Caller) -> None:
    found = machine.post("tickets", ask(town, "A001")).json()
    assert found["url"] == f"https://leitai.example.org/b/{found['token']}"


def test_a_reference_may_have_slashes_and_chinese_letters(town: Town, machine: Caller) -> None:
    for ref in ("2024/04/10/A017", "鲁政务〔2024〕17号", "a b", "100%", "?x=1&y=2", "#1"):
        made = machine.post("tickets", ask(town, ref)).json()
        assert made["ref"] == ref
        assert machine.get(f"tickets/{quote(ref)}").json()["token"] == made["token"]
    assert machine.get("tickets/unheard-of").json()["code"] == "unknown-ticket"
    assert machine.get("tickets/%00").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_machines_that_ask_at_once_get_one_ticket_for_a_reference(transactional_db: None) -> None:
    town = build("town")
    machine = keyed(town, "machine", "tickets:issue")
    points = [town.points["tax-window"].number, town.points["harbour"].number]

    def batch(turn: int) -> Any:
        lines = [ask(town, f"R{n}", point=points[(n + turn) % 2]) for n in range(40)]
        lines = lines if turn < 2 else lines[::-1]
        return Caller("town", machine.secret).post("tickets/bulk", {"tickets": lines})

    answers = at_once(*(lambda turn=turn: batch(turn) for turn in range(4)))
    assert [one.status_code for one in answers] == [200] * 4
    found = [{one["ref"]: one["token"] for one in answer.json()["tickets"]} for answer in answers]
    assert found[0] == found[1] == found[2] == found[3]
    assert len(set(found[0].values())) == 40 == Ticket.objects.count()
    assert sum(answer.json()["issued"] for answer in answers) == 40
    for point in Point.objects.filter(number__in=points):
        serials = sorted(point.tickets.values_list("serial", flat=True))
        assert serials == list(range(1, point.serials + 1))
