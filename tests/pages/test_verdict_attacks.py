"""Bending citizen verdicts: what clerks, callers, outsiders and other systems may try, and what comes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Ballot, Lead, Review, Stray
from leitai.apps.casework.models import Case
from leitai.apps.ledger.errors import Refused
from leitai.apps.people import actions as people
from tests.factories import BY, DAY, HOUR, NOW, Town, at_once, build, refused

AT = NOW - timedelta(hours=5, minutes=22, seconds=19)  # 04:37:41 in the place
WORDS, PHONE = "An hour before a shut window", "13900001234"
TRUE = "Told on the telephone, and the rota shows it"
SECRET = "leitai_the-attackers-own-secret-0001"
SCRIPT = {"accept": "application/json"}
UNFIT = "<script>alert(1)</script>%(x)s{{7*7}}"


def placed() -> Town:
    """The small place, whose present is ten in the morning of its day."""
    town = build("town")
    town.place.lag = timezone.now() - NOW
    town.place.save()
    return town


@pytest.fixture
def town(db: None) -> Town:
    return placed()


def anyone() -> Client:
    return Client(headers={"accept-language": "en"}, raise_request_exception=False)


def at_door(town: Town, role: str) -> Client:
    one = anyone()
    assert one.login(username=town.posts[role].account.username, password="pass the long way")
    return one


def cast(code: str, grade: str, once: str) -> Any:
    return anyone().post(f"/b/{code}", {"grade": grade, "once": once}, headers=SCRIPT)


def ticket(town: Town, ref: str, expires_at: Any = None) -> Any:
    ask = actions.TicketAsk(town.points["tax-window"].number, "visit", ref, expires_at)
    return actions.issue_tickets(place=town.place, asks=[ask], by=BY, now=NOW)[0]


def lead(town: Town, ballot: Ballot, **values: str) -> Lead:
    return Lead.objects.create(
        place=town.place,
        unit=ballot.unit,
        screen="bursts",
        mark="bursts-device",
        day=NOW.date(),
        p=0.001,
        score=1.0,
        message="On %(day)s: %(seen)s",
        values={"day": "today", "seen": "9"} | values,
        evidence={"leaves": [ballot.index]},
        found_at=NOW,
    )


def key(town: Town, *scopes: str, unit: str = "") -> Any:
    named = {"unit": town.units[unit]} if unit else {}
    return people.add_api_key(
        place=town.place, name="machine", scopes=scopes, secret=SECRET, by=BY, now=NOW, **named
    )


def send(path: str, body: bytes | str) -> Any:
    headers = {"authorization": f"Bearer {SECRET}"}
    return anyone().generic("POST", f"/api/v1/{path}", body, content_type="application/json", headers=headers)


# The unit


def test_a_clerk_of_the_unit_reads_nothing_of_who_said_it_or_who_called(town: Town) -> None:
    ballot = town.verdict(at=AT)
    actions.add_words(ballot=ballot, reasons=["slow"], words=WORDS, phone=PHONE, by="anyone", now=AT)
    town.drive(NOW)
    caller = queries.call_of(ballot).caller.username
    town.called(ballot, "not-upheld", TRUE)
    town.drive(NOW)
    unit = town.units["tax-window"]
    people.appoint(place=town.place, username="clerk-town", role="clerk", unit=unit, by=BY, now=NOW)
    clerk = at_door(town, "clerk")
    case = f"c/{Case.objects.get(place=town.place).ref}"
    for path in (f"verdicts/{ballot.pk}", f"verdicts/{ballot.pk}/part", "desk", "", case, "log"):
        answer = clerk.get(f"/town/{path}")
        assert answer.status_code == 200, path
        for word in (WORDS, PHONE, caller):
            assert word not in answer.content.decode(), path
    for path in ("u/tax-window", "u/tax-window/verdicts", case, f"verdicts/{ballot.pk}"):
        assert "04:37" not in clerk.get(f"/town/{path}").content.decode(), path
    inside = (f"verdicts/{ballot.pk}", f"verdicts/{ballot.pk}/photo", "verdicts", "reviews", "leads")
    for path in inside:
        assert clerk.get(f"/town/office/{path}").status_code == 403, path


@pytest.mark.parametrize("outcome", ["upheld", "not-upheld", "unreachable"])
def test_a_clerk_of_the_unit_is_not_told_when_the_call_was(town: Town, outcome: str) -> None:
    """Whom the telephone rang for at that minute, a camera of the hall could tell."""
    ballot = town.verdict(at=AT - DAY)
    town.drive(AT - DAY)
    town.called(ballot, outcome, TRUE if outcome != "unreachable" else "", at=AT)
    town.drive(AT)
    unit = town.units["tax-window"]
    people.appoint(place=town.place, username="clerk-town", role="clerk", unit=unit, by=BY, now=NOW)
    clerk = at_door(town, "clerk")
    case = f"c/{Case.objects.get(place=town.place).ref}"
    for path in ("desk", case, f"verdicts/{ballot.pk}", f"verdicts/{ballot.pk}/part"):
        assert "04:37" not in clerk.get(f"/town/{path}").content.decode(), path


def test_numbers_of_another_place_open_nothing(town: Town) -> None:
    vale = build("vale")
    ballot = town.verdict(at=AT)
    town.called(ballot, "not-upheld", TRUE)
    review = Review.objects.get(ballot=ballot)
    office = at_door(vale, "office")
    verdict = f"office/verdicts/{ballot.pk}"
    paths = [verdict, f"{verdict}/photo", f"verdicts/{ballot.pk}", f"office/reviews/{review.pk}"]
    for path in [*paths, f"office/leads/{lead(town, ballot).pk}"]:
        assert office.get(f"/vale/{path}").status_code == 404, path
        assert office.get(f"/town/{path}").status_code == 403, path


def test_what_was_typed_is_never_run(town: Town) -> None:
    ballot = town.verdict(at=NOW)
    actions.add_words(ballot=ballot, words=UNFIT, by="anyone", now=NOW)
    town.called(ballot, "not-upheld", UNFIT)
    town.drive(NOW)
    review = Review.objects.get(ballot=ballot)
    shown = lead(town, ballot, day=UNFIT, seen=UNFIT)
    office = at_door(town, "office")
    paths = [f"/town/office/verdicts/{ballot.pk}", f"/town/office/reviews/{review.pk}", "/town/office/leads"]
    paths += [f"/town/office/leads/{shown.pk}", f"/town/verdicts/{ballot.pk}", f"/r/{ballot.receipt}"]
    for path in paths:
        answer = office.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.content.decode(), path


# Who calls and who decides


def test_a_call_is_ended_by_its_caller_alone_and_says_something(town: Town) -> None:
    ballot = town.verdict(at=AT)
    town.drive(NOW)
    caller = f"account:{queries.call_of(ballot).caller.username}"
    for code, said in {
        "no-reason": {"outcome": "upheld", "reason": "\x00\x01 ", "by": caller},
        "unknown-outcome": {"outcome": "set_aside", "reason": TRUE, "by": caller},
        "not-drawn": {"outcome": "upheld", "reason": TRUE, "by": "account:clerk-town"},
    }.items():
        with refused(code):
            actions.finish_call(ballot=ballot, now=NOW, **said)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides() -> None:
    town = placed()
    ballot = town.verdict(at=AT)
    town.called(ballot, "not-upheld", TRUE)
    review = Review.objects.get(ballot=ballot)

    def decides(name: str, granted: bool) -> str:
        try:
            actions.decide(
                review=review, granted=granted, reason=TRUE, rule="rule 7", by=f"account:{name}", now=NOW
            )
        except Refused as told:
            return told.finding.code
        return "decided"

    told = at_once(lambda: decides("leader-town", True), lambda: decides("inspector-town", False))
    assert sorted(told) == ["decided", "decided-already"]


def test_nothing_is_asked_for_once_the_days_are_over(town: Town) -> None:
    aside, upheld = town.verdict(at=NOW - 40 * DAY), town.verdict(at=NOW - 40 * DAY)
    town.found(aside, False, at=NOW - 39 * DAY)
    town.found(upheld, True, at=NOW - 39 * DAY)
    said = {"do": "object", "words": "The window was shut at noon"}
    answer = anyone().post(f"/r/{aside.receipt}", said, headers=SCRIPT)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-late")
    with refused("too-late"):
        actions.appeal(ballot=upheld, text="The rota shows it open", by="account:clerk-town", now=NOW)


def test_an_objection_sent_twice_is_one(town: Town) -> None:
    ballot = town.verdict(at=AT)
    town.found(ballot, False)
    said = {"do": "object", "words": "The window was shut at noon"}
    answers = [anyone().post(f"/r/{ballot.receipt}", said, headers=SCRIPT).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert Review.objects.filter(ballot=ballot, ask="objection").count() == 1


# Tickets and keys


@pytest.mark.django_db(transaction=True)
def test_of_telephones_with_one_ticket_at_once_one_casts() -> None:
    town = placed()
    token = queries.token_of(ticket(town, "a"))
    phones = [f"phone-{number}-0123456789" for number in range(4)]
    told = at_once(*[lambda once=once: cast(token, "satisfied", once).status_code for once in phones])
    assert sorted(told) == [201, 409, 409, 409]
    assert Ballot.objects.count() == 1


def test_a_ticket_is_good_at_its_point_alone_and_by_the_places_clock(town: Town) -> None:
    here, elsewhere = ticket(town, "a", NOW + HOUR), build("vale").points["tax-window"]
    with refused("ticket-unknown"):
        actions.cast(
            unit=elsewhere.unit,
            grade="satisfied",
            once="x" * 16,
            point=elsewhere,
            serial=here.serial,
            by="anyone",
            now=NOW,
        )
    town.place.lag -= 2 * HOUR
    town.place.save()
    assert cast(queries.token_of(here), "satisfied", "y" * 16).status_code == 410
    assert not Ballot.objects.exists()


def test_a_form_sent_again_under_another_grade_or_ticket_changes_nothing(town: Town) -> None:
    first, second = (queries.token_of(ticket(town, ref)) for ref in "ab")
    cast(first, "dissatisfied", "k" * 16)
    cast(first, "satisfied", "k" * 16)
    cast(second, "satisfied", "k" * 16)
    assert [ballot.grade for ballot in Ballot.objects.all()] == ["dissatisfied"]
    assert cast(second, "satisfied", "z" * 16).status_code == 201, "and the other ticket is not spent"


def test_a_units_key_opens_its_own_unit_place_and_purpose_until_revoked(town: Town) -> None:
    build("vale")
    row = key(town, "tickets:issue", unit="water")
    body = json.dumps({"point": town.points["tax-window"].number, "channel": "visit", "ref": "a"})
    assert send("town/tickets", body).json()["code"] == "point-not-yours"
    assert send("town/ballots", "{}").status_code == 403
    assert send("vale/tickets", body).status_code == 403
    people.revoke_api_key(key=row, by=BY, now=NOW)
    assert send("town/tickets", body).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"tickets":[{"\\ud800":1}]}',
        b'{"tickets":[{"point":7,"channel":"visit","ref":"\\ud800"}]}',
        b'{"tickets":[{"point":1' + b"0" * 5000 + b',"channel":"visit","ref":"x"}]}',
        b'{"tickets":[{"point":1,"channel":"visit","ref":"a\\u0000b"}]}',
        b'{"tickets":[{"point":1,"channel":"visit","ref":"a\\u202eb"}]}',
        b'{"tickets":[{"point":1,"channel":"visit","ref":"r","expires_at":"9999-12-31T23:59:59-14:00"}]}',
        b'{"tickets":[{"point":{"a":1},"channel":["x"],"ref":{}}, null, 5]}',
        b"1e999",
        b"\xff\xfe{}",
    ],
    ids=range(11),
)
def test_no_body_breaks_the_interface_or_issues_anything(town: Town, body: bytes) -> None:
    key(town, "tickets:issue", "ballots:import")
    for path in ("tickets/bulk", "tickets", "ballots"):
        assert send(f"town/{path}", body).status_code < 500, path
    assert not any(point.tickets.exists() for point in town.points.values())


@pytest.mark.parametrize(
    "fields",
    [{"source_id": "a\nb"}, {"source_id": "\u2028x"}, {"channel": "a\nb"}, {"unit": "\ud800"}],
    ids=["line", "separator", "channel", "half"],
)
def test_no_line_of_a_leaf_is_smuggled_in_by_another_system(town: Town, fields: dict[str, str]) -> None:
    key(town, "ballots:import")
    line = {"source_id": "1", "unit": "tax-window", "grade": "satisfied", "cast_at": "2024-04-09T10:00:00Z"}
    answer = send("town/ballots", json.dumps({"source": "own", "ballots": [line | fields]}))
    assert answer.json()["taken"] == 0
    assert not Ballot.objects.exists()


# Outsiders


def test_a_flood_of_made_up_codes_leaves_a_few_rows_and_events(town: Town) -> None:
    good = queries.code_of(town.points["tax-window"])
    outsider, before = anyone(), len(town.kinds())
    for number, letter in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ"):
        outsider.get(f"/b/{number:05d}{'X' * number}")
        outsider.get(f"/b/{good[:-1]}{letter}")
    assert 1 <= Stray.objects.count() <= 3
    assert len(town.kinds()) - before <= 3


@pytest.mark.parametrize(
    "path",
    [
        "/r/%00",
        "/r/%ff",
        "/r/?receipt=%00",
        "/b/%00",
        "/town/verdicts/week/0001-W01",
        "/town/verdicts/week/9999-W52",
        "/town/verdicts/week/%00",
        "/town/log?kind=%00&before=%D9%A1",
        "/town/office/verdicts/99999999999999999999999",
        "/town/office/reviews/99999999999999999999",
        "/town/office/leads/99999999999999999999",
        "/api/v1/town/log/tile/7/9007199254740992",
        "/api/v1/town/log/tile/0/-1",
        "/api/v1/town/log/proof/consistency?first=1&second=9007199254740992",
        "/api/v1/town/log/checkpoint?size=9007199254740992",
        "/api/v1/town/log/proof/inclusion?receipt=%00&size=1",
        "/api/v1/town/open/verdicts.csv?from=0001-01&to=9999-12",
        "/r/RECEIPT/proof.json?size=999999999999999",
        "/r/RECEIPT/proof.json?size=-1",
        "/r/RECEIPT/proof.json?size=%D9%A1",
    ],
)
def test_no_address_breaks_a_page(town: Town, path: str) -> None:
    ballot = town.verdict(at=AT)
    for client in (anyone(), at_door(town, "office")):
        assert client.get(path.replace("RECEIPT", ballot.receipt)).status_code < 500
