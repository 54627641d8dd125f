"""What somebody with ill will sends to the pages of the year's rooms, and who may not read what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leitai.apps.bulletins.models import Bulletin
from leitai.apps.burden import actions as burden
from leitai.apps.burden.models import Ask, Reply
from leitai.apps.contests.models import Challenge, Nomination
from leitai.apps.inspections.models import Answer, Finding, Visit
from leitai.apps.merits import actions as merits
from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions.models import Commitment, Occasion, Statement
from leitai.apps.people import actions as people
from tests.apps import rounds_town
from tests.apps.contest_town import at_vote, called, contest_town
from tests.apps.meeting_town import begun, meeting_town, review
from tests.factories import BY, DAY, HOUR, NOW, Town

from .rooms import Rooms, text

NUL = "It was \0 said"
LONG = "x" * 10_000_000
HUGE = "9" * 5000
ASK = {"title": NUL, "basis": NUL, "minutes": "30", "due": "2024-04-20", "period": "", "unit": "water\0"}


def clerk_at(rooms: Rooms, unit: str) -> Any:
    """A client signed in as a clerk of a unit."""
    rooms.town.posts[unit] = people.appoint(
        place=rooms.town.place,
        username=unit,
        role="clerk",
        unit=rooms.town.units[unit],
        password="pass the long way",
        by=BY,
        now=NOW,
    )
    return rooms.door(unit)


def questions(client: Client, path: str) -> int:
    """How many questions to the database a page takes."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_what_no_database_can_hold_is_taken_out_of_what_is_said_in_contests(db: None) -> None:
    rooms = Rooms(contest_town())
    row = called(rooms.town)
    rooms.at(row.opened_at + HOUR)
    office, at = rooms.door("office"), f"/town/contests/{row.pk}"
    sent = {"unit": "water\0", "why": NUL, "subject": ["case:1\0"], "shows": [NUL], "official": "\0"}
    assert office.post(f"{at}/nominate", sent).status_code == 302
    assert office.post(f"{at}/jury", {"jurors": "gho\0st"}).status_code == 409
    assert Nomination.objects.get().why == "It was  said"


def test_what_no_database_can_hold_is_taken_out_of_objections(db: None) -> None:
    rooms = Rooms(contest_town())
    row, (made,) = at_vote(rooms.town, "water")
    rooms.at(row.nominations_until + HOUR / 2)
    anyone, office = Client(), rooms.door("patrol")
    assert anyone.post(f"/town/nominations/{made.pk}/object", {"text": NUL}).status_code == 302
    said = Challenge.objects.get()
    assert said.text == "It was  said"
    assert office.post(f"/town/objections/{said.pk}/answer", {"answer": NUL}).status_code == 403
    assert anyone.post(f"/town/nominations/{made.pk}/object", {"text": LONG}).status_code < 500


def test_what_no_database_can_hold_is_taken_out_of_asks(db: None) -> None:
    rooms = Rooms(rounds_town.town())
    rooms.at(NOW)
    office, clerk = rooms.door("office"), rooms.door("clerk")
    assert office.post("/town/burden/asks", ASK).status_code == 302
    row = Ask.objects.get()
    assert clerk.post(f"/town/burden/asks/{row.pk}", {"unit": "water\0", "text": NUL}).status_code == 302
    assert office.post(f"/town/burden/asks/{row.pk}/withdraw", {"why": NUL}).status_code == 302
    row.refresh_from_db()
    assert {row.title, row.basis, row.withdrawn_why, Reply.objects.get().text} == {"It was  said"}
    for path in ("/asks?q=a%00", "?q=a%00", "/export?q=a%00", "/asks/export?q=a%00"):
        assert office.get(f"/town/burden{path}").status_code == 200
    assert office.get("/town/burden/units/water%00x").status_code == 404
    assert office.post("/town/burden/asks", ASK | {"due": "9999-12-31", "minutes": HUGE}).status_code == 409


def test_what_no_database_can_hold_is_taken_out_of_inspections(db: None) -> None:
    rooms = Rooms(rounds_town.town())
    row: Visit = rounds_town.opened(rooms.town).visits.get(unit=rooms.town.units["water"])
    rooms.at(NOW)
    patrol, office, at = rooms.door("patrol"), rooms.door("office"), f"/town/inspections/visits/{row.pk}"
    assert office.post(f"{at}/plan", {"day": "9999-12-31", "why": NUL}).status_code == 302
    patrol.post(at, {"do": "begin"})
    said = {"item-window": "no", "item-papers": "1e9", "item-words": NUL}
    assert patrol.post(at, {"do": "note", **said}).status_code == 302
    assert patrol.post(at, {"do": "find", "item": "window", "text": NUL}).status_code == 302
    assert patrol.post(at, {"do": "find", "item": "win\0dow", "text": NUL}).status_code == 409
    assert patrol.post(at, {"do": "end", "minutes": HUGE, "note": NUL}).status_code == 409
    assert patrol.post(at, {"do": "end", "minutes": "30", "note": NUL}).status_code == 302
    found = Finding.objects.get()
    reply = {"text": NUL}
    assert rooms.door("clerk").post(f"/town/inspections/findings/{found.pk}/reply", reply).status_code == 302
    found.refresh_from_db()
    row.refresh_from_db()
    words = {found.text, found.reply, row.note, Answer.objects.get(item="words").value}
    assert words == {"It was  said"}
    assert office.get(f"/town/inspections/{row.round_id}", {"q": "\0", "group": "\0"}).status_code == 200


@pytest.mark.parametrize("number", ["²", HUGE, "-1", "\0"])
def test_a_number_that_is_none_does_not_stop_a_bulletin(db: None, number: str) -> None:
    rooms = Rooms(rounds_town.town())
    rooms.at(NOW)
    office = rooms.door("office")
    assert office.post("/town/bulletins/new", {"about": "|", "title": f"Notice {NUL}"}).status_code == 302
    row = Bulletin.objects.get()
    at = f"/town/bulletins/{row.pk}"
    boxes = {
        "title": "Notice",
        "b-0-kind": "paragraph",
        "b-0-text": NUL,
        f"b-{number}-kind": "source",
        "b-1-kind": "source",
        "b-1-at": number,
    }
    for do in ("save", f"add:{number}", f"up:{number}", f"remove:{number}"):
        assert office.post(f"{at}/edit", boxes | {"do": do}).status_code < 500
    assert office.post(f"{at}/cite", {"table": number, "unit": number}).status_code == 404
    for about in (f"meeting|occasion:{number}", f"inspection|round:{number}", f"exposure|ballot:{number}"):
        assert office.post("/town/bulletins/new", {"about": about}).status_code == 409
    assert office.post("/town/bulletins/new", {"case": number}).status_code == 409


@pytest.mark.parametrize("figure", ["1" + "0" * 30, "0.1234567", "1e400", "-1e17000"])
def test_a_figure_that_no_row_can_hold_is_refused_with_a_reason(db: None, figure: str) -> None:
    rooms = Rooms(meeting_town())
    row = begun(rooms.town)
    rooms.at(row.at + HOUR)
    form = {
        "unit": "roads",
        "text": "More",
        "by": "measure",
        "measure": "funds",
        "period": "2024-04",
        "sense": "ge",
        "target": figure,
        "due": "2024-05-09",
    }
    assert rooms.door("office").post(f"/town/o/{row.pk}/promise", form).status_code == 409
    assert not Commitment.objects.exists()


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59", "9999-12-31T23:59+00:00", "0001-01-01T00:00", "2031-02-30"]
)
def test_a_time_beyond_every_calendar_moves_no_meeting(db: None, at: str) -> None:
    rooms = Rooms(meeting_town())
    row = review(rooms.town)
    rooms.at(NOW)
    office = rooms.door("office")
    assert office.post(f"/town/calendar/{row.pk}/shift", {"at": at, "reason": "Never"}).status_code == 302
    assert Occasion.objects.get(pk=row.pk).at == row.at
    for month in ("2200-12", "1900-01"):
        assert office.get("/town/calendar", {"month": month}).status_code == 200


def speaking(rooms: Rooms) -> tuple[Occasion, Statement]:
    """A review before it begins, and what the water bureau handed in for it."""
    town: Town = rooms.town
    row = review(town)
    town.drive(NOW)
    rooms.at(NOW)
    one = Statement.objects.get(occasion=row, unit=town.units["water"])
    occasions.give_statement(statement=one, text="We mended every pipe", by="account:clerk", now=NOW)
    return review(town), one


def test_what_a_unit_will_say_is_not_read_by_other_units_before_the_meeting(db: None) -> None:
    rooms = Rooms(meeting_town())
    row, one = speaking(rooms)
    other, said = clerk_at(rooms, "roads"), "We mended every pipe"
    paths = (f"/town/o/say/{one.pk}", f"/town/o/{row.pk}", f"/town/o/{row.pk}/wall")
    for path in paths:
        assert said not in text(other.get(path)), path
        assert said in text(rooms.door("office").get(path)), path
    for path in paths[:2]:
        assert said in text(rooms.door("clerk").get(path)), path
    assert other.get(f"/town/o/{row.pk}.docx").status_code == 200
    rooms.at(row.at)
    assert said in text(other.get(paths[0])) and said in text(other.get(paths[1]))


def test_who_objected_to_an_honour_is_not_read_by_the_unit_that_is_honoured(db: None) -> None:
    rooms = Rooms(contest_town())
    town = rooms.town
    row = merits.propose(
        place=town.place,
        unit=town.units["water"],
        merit="flag",
        target="unit",
        rule="rule 8",
        reason="First",
        evidence="event:1/x",
        links=["event:1"],
        at=NOW,
        by="drive",
        now=NOW,
    )
    rooms.at(NOW + HOUR)
    assert (
        Client().post(f"/town/notices/{row.pk}", {"text": "I, their cashier, know better"}).status_code == 302
    )
    assert "cashier" not in text(rooms.door("clerk").get(f"/town/merits/{row.pk}"))
    assert "cashier" in text(rooms.door("leader").get(f"/town/merits/{row.pk}"))


def test_the_jury_form_tells_nothing_of_accounts_elsewhere(db: None) -> None:
    contest_town("vale")
    rooms = Rooms(contest_town())
    row = called(rooms.town)
    rooms.at(row.opened_at + HOUR)
    names = "leader-town inspector-town office-town leader-vale"
    answer = rooms.door("office").post(f"/town/contests/{row.pk}/jury", {"jurors": names})
    assert answer.status_code == 409 and "Nobody signs in as leader-vale." in text(answer)
    assert not row.jurors.exists()


def test_more_asks_and_promises_take_no_more_questions(db: None) -> None:
    rooms = Rooms(rounds_town.town())
    rooms.at(NOW)
    clerk, office = rooms.door("clerk"), rooms.door("office")
    pages = ((clerk, "/town/burden/asks"), (office, "/town/burden/asks/export"))

    def ask(n: int) -> None:
        burden.make(
            place=rooms.town.place,
            title="qwertzuiop"[n] * 9,
            basis="Law",
            minutes=5,
            due=NOW + DAY,
            units=[rooms.town.units["water"]],
            by=BY,
            now=NOW,
        )

    ask(0)
    before = [questions(*one) for one in pages]
    for n in range(1, 7):
        ask(n)
    assert [questions(*one) for one in pages] == before
