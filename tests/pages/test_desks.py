"""Desks, the office and the page of a case: what is due first, filtered by the address, exported as it is seen."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leitai.apps.casework import actions
from leitai.apps.casework.models import Case
from tests.factories import BY, DAY, HOUR, MINUTE, NOW

from .rooms import WHY, Rooms, rooms, text

REPLY = {"owner": "Li Hua", "next_step": "Send a crew out tomorrow", "time": "2024-04-12"}
TITLE = re.compile(r'<a class="strong" href="[^"]+">([^<]+)</a>')


@pytest.fixture
def here(db: None) -> Rooms:
    return rooms()


def rows(answer: Any) -> list[list[Any]]:
    """The rows of a workbook below its head."""
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]


# --- the clerk's desk -------------------------------------------------------------------------------


def test_a_desk_is_narrowed_by_its_address_and_exported_as_it_stands(here: Rooms) -> None:
    town = here.town
    town.case("question", title="Ten minutes")
    town.case("question", at=NOW - HOUR, title="=An hour late")
    here.hole()
    clerk = here.door("clerk")
    assert TITLE.findall(text(clerk.get("/town/desk"))) == [
        "=An hour late",
        "Ten minutes",
        "Hole in Mill Lane",
    ]
    for query, titles in (
        ({"light": "red"}, ["=An hour late"]),
        ({"light": "green"}, ["Ten minutes", "Hole in Mill Lane"]),
        ({"kind": "hole"}, ["Hole in Mill Lane"]),
        ({"q": "minutes"}, ["Ten minutes"]),
        ({"light": "grey"}, []),
        ({"light": "purple"}, []),
    ):
        assert TITLE.findall(text(clerk.get("/town/desk", query))) == titles, query
        assert [row[3] for row in rows(clerk.get("/town/desk.xlsx", query))] == titles, query
    here.at(NOW + 6 * MINUTE)
    assert TITLE.findall(text(clerk.get("/town/desk", {"light": "yellow"}))) == ["Ten minutes"]
    assert TITLE.findall(text(here.door("roads").get("/town/desk"))) == []


def test_a_sponsor_reads_who_holds_each_problem_and_for_how_long(here: Rooms) -> None:
    town = here.town
    case = town.case("question", title="A bus stop", enterprise=town.firm)
    page = text(here.door("leader").get("/town/desk"))
    assert "A bus stop" in page and "Water Bureau</b> for 0 minutes" in page
    town.move(case, "answer", "unit", NOW + HOUR, done="The stop opens on Monday")
    here.at(NOW + 4 * HOUR)
    page = text(here.door("leader").get("/town/desk"))
    assert "held by <b>Firm</b> for 3 hours" in page


# --- the office -------------------------------------------------------------------------------------


@pytest.fixture
def taught(here: Rooms) -> Rooms:
    """Pipes went to water and holes to roads, sixty times each, and it was learned."""
    past = [
        (f"Burst pipe floods street {n}", "water") if n % 2 else (f"Pothole asphalt lane {n}", "roads")
        for n in range(150)
    ]
    units = here.town.units
    records = [
        actions.CaseRecord(str(n), units[unit].pk, title, NOW - (300 - n) * HOUR, closed=NOW - HOUR)
        for n, (title, unit) in enumerate(past)
    ]
    actions.import_cases(place=here.town.place, kind="errand", source="old", records=records, by=BY, now=NOW)
    actions.learn(place=here.town.place, by=BY, now=NOW)
    return here


def boxes(page: str) -> Iterator[tuple[str, str]]:
    """Of each line of the queue, its reference and what stands in its unit's box."""
    yield from re.findall(r'name="line" value="([^"]+)"><input [^>]*value="([^"]*)"', page)


def test_a_suggested_unit_stands_in_its_box_and_nothing_goes_without_a_press(taught: Rooms) -> None:
    pipe = taught.town.case("finding", None, title="Burst pipe floods the square")
    hole = taught.town.case("finding", None, title="Pothole in the asphalt")
    odd = taught.town.case("finding", None, title="Zzz")
    office = taught.door("office")
    page = text(office.get("/town/office"))
    found = dict(boxes(page))
    assert found[pipe.ref] == "Water Bureau · water" and found[hole.ref] == "Roads Bureau · roads"
    assert re.search(r"suggested, \d+(\.\d)?% sure", page)
    assert re.search(r"\d+(\.\d)?% of the last \d+ went where they said", page)
    assert {Case.objects.get(pk=case.pk).unit for case in (pipe, hole, odd)} == {None}
    lines = list(found)
    sent = {
        "queue": "undispatched",
        "unit": ["", *found.values()],
        "line": lines,
        "ref": [pipe.ref, hole.ref],
    }
    assert "2 cases dispatched" in text(office.post("/town/office/dispatch", sent, follow=True))
    assert [Case.objects.get(pk=case.pk).unit.key for case in (pipe, hole)] == ["water", "roads"]
    together = sent | {"unit": ["Tax Bureau · tax", *found.values()], "ref": [odd.ref]}
    office.post("/town/office/dispatch", together)
    assert Case.objects.get(pk=odd.pk).unit.key == "tax", "the unit for all goes before those in the lines"
    again = taught.town.case("finding", None, title="Burst pipe floods the square")
    assert 'value="Water Bureau · water"' in text(office.get(f"/town/c/{again.ref}"))


def test_a_unit_named_at_the_door_stands_in_its_box_until_the_office_sends_it(here: Rooms) -> None:
    case, office = here.town.case("finding", "tax", title="Lamp out at the gate"), here.door("office")
    assert dict(boxes(text(office.get("/town/office")))) == {case.ref: "Tax Bureau · tax"}
    assert case.ref not in text(office.get("/town/office?queue=to_verify"))
    sent = {"queue": "undispatched", "unit": ["", "Tax Bureau · tax"], "line": [case.ref], "ref": [case.ref]}
    office.post("/town/office/dispatch", sent)
    assert Case.objects.get(pk=case.pk).state == "dispatched"
    here.town.move(case, "answer", "unit", NOW + HOUR, done="The lamp was replaced on Friday")
    assert case.ref in text(office.get("/town/office?queue=to_verify"))
    assert case.ref not in text(office.get("/town/office?queue=undispatched"))


def test_strike_off_needs_evidence_and_is_an_act_for_each(here: Rooms) -> None:
    done = {"done": "The pipe was replaced on Friday"}
    cases = [
        here.town.move(
            here.town.move(here.town.case("finding", None), "dispatch", "office", unit=unit),
            "answer",
            "unit",
            **done,
        )
        for unit in ("water", "tax")
    ]
    office = here.door("office")
    chosen = {"ref": [case.ref for case in cases], "queue": "to_verify", "f-light": "grey"}
    bare = office.post("/town/office/strike-off", chosen | {"evidence": " "}, follow=True)
    assert text(bare).count(cases[0].ref) and "struck off" not in text(bare)
    seen = office.post(
        "/town/office/strike-off", chosen | {"evidence": "Seen on site by two of us on 9 April"}
    )
    assert seen["Location"] == "/town/office?queue=to_verify&light=grey", (
        "back to the queue, narrowed as it was"
    )
    assert {Case.objects.get(pk=case.pk).state for case in cases} == {"closed"}
    assert office.get("/town/office/strike-off").status_code == 302


def test_who_is_posted_at_a_unit_strikes_nothing_of_it_off(here: Rooms) -> None:
    from leitai.apps.people import actions as people

    sent = here.town.move(here.town.case("finding", None), "dispatch", "office", unit="water")
    case = here.town.move(sent, "answer", "unit", done="The pipe was replaced on Friday")
    account = here.town.posts["office"].account
    people.appoint(
        place=here.town.place, username=account.username, role="clerk", unit=here.town.units["water"],
        password="pass the long way", by=BY, now=NOW,
    )  # fmt: skip
    form = {"ref": [case.ref], "evidence": "Seen on site by two of us on 9 April", "queue": "to_verify"}
    assert "somebody else must decide" in text(
        here.door("office").post("/town/office/strike-off", form, follow=True)
    )
    assert Case.objects.get(pk=case.pk).state == "answered"


def test_overdue_stands_by_rung_and_is_narrowed_by_it(here: Rooms) -> None:
    late, later = here.hole(), here.hole(at=NOW - 5 * DAY)
    here.tick(NOW + DAY + 2 * HOUR)
    office = here.door("office")
    page = text(office.get("/town/office?queue=overdue"))
    assert "?queue=overdue&amp;slip=red" in page and "?queue=overdue&amp;slip=yellow" in page
    red = text(office.get("/town/office?queue=overdue&slip=red"))
    assert later.ref in red and late.ref not in red
    sheet = rows(office.get("/town/office.xlsx?queue=overdue&slip=yellow"))
    assert [row[1] for row in sheet] == [late.ref]
    assert sheet[0][12] == "yellow slip" and sheet[0][10] == 1.5


def test_everything_open_is_a_ledger(here: Rooms) -> None:
    case = here.hole("tax")
    office = here.door("office")
    assert [row[1] for row in rows(office.get("/town/office.xlsx?queue=open&unit=tax"))] == [case.ref]
    assert rows(office.get("/town/office.xlsx?queue=open&unit=water")) == []


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("clerk", "/town/desk"),
        ("roads", "/town/desk"),
        ("office", "/town/office?queue=undispatched"),
        ("office", "/town/office?queue=requests"),
        ("office", "/town/office?queue=overdue"),
        ("clerk", "/town/slips"),
        ("inspector", "/town/slips"),
        ("inspector", "/town/breaches?period=all"),
    ],
)
def test_a_longer_list_asks_the_database_no_more_often(here: Rooms, who: str, url: str) -> None:
    client, water = here.door(who), here.town.units["water"]

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def more(n: int) -> None:
        for number in range(n):
            here.hole(None)
            here.hole(("water", "tax")[number % 2], at=NOW - 5 * DAY)
            case = here.hole()
            ask = {"case": case, "text": WHY, "unit": water, "by": "account:clerk-town", "now": NOW}
            actions.ask(kind="help", to_unit=here.town.units["roads"], **ask)
            actions.ask(kind="pause", ground="frost", until=NOW + 3 * DAY, **ask)
        here.tick(NOW + HOUR)

    more(2)
    asked()
    few = asked()
    more(6)
    assert asked() <= few + 1


# --- the page of a case -----------------------------------------------------------------------------


def test_a_case_tells_in_whose_hands_it_was_and_what_its_form_says(here: Rooms) -> None:
    case = here.town.case(
        "hole", None, title="Hole", text="Since Monday", form={"depth": "deep", "width": "40"}
    )
    case = here.town.move(case, "dispatch", "office", NOW + HOUR, unit="water")
    here.at(NOW + 4 * HOUR + timedelta(seconds=30))
    page = text(here.door("clerk").get(f"/town/c/{case.ref}"))
    assert re.search(r"the office <span class=\"end\">1 h ", page)
    assert re.search(r"Water Bureau <span class=\"end\">3 h ", page)
    assert "Deep" in page and "Width in cm" in page and "Since Monday" in page
    assert 'class="plot hands"' in page


def test_the_time_sheet_is_a_page_for_both_sides_and_for_nobody_else(here: Rooms) -> None:
    case = here.hole()
    here.tick(NOW + 2 * DAY)
    for name in ("clerk", "inspector", "office"):
        page = text(here.door(name).get(f"/town/c/{case.ref}/sheet"))
        assert "Mend · late" in page and "every verdict is the one that is stored" in page
        assert "2024-04-11 Thu" in page and "yellow slip to the unit&#x27;s head" in page
    assert here.door("tax").get(f"/town/c/{case.ref}/sheet").status_code == 403


def test_of_a_verdict_the_unit_sees_every_day_of_the_count_and_no_hour(here: Rooms) -> None:
    """Given at 10:17:23, called back at 15:41:09: neither may be read, nor be worked out, from the unit's pages."""
    from leitai.apps.people import actions as people

    town, given = here.town, NOW + timedelta(minutes=17, seconds=23)
    people.appoint(
        place=town.place, username="window", role="clerk", unit=town.units["tax-window"], password="pass the long way",
        by=BY, now=NOW,
    )  # fmt: skip
    town.found(town.verdict(at=given), at=NOW + timedelta(hours=5, minutes=41, seconds=9))
    at = NOW + 2 * DAY + 3 * HOUR
    town.drive(at)
    here.at(at)
    case = Case.objects.get(kind="bad-verdict")
    client = here.door("tax")
    pages = [text(client.get(f"/town/c/{case.ref}{end}")) for end in ("", "/sheet")]
    for page in pages:
        said = re.sub(r'As of.*?</time>|data-now="[^"]+"', "", page, flags=re.DOTALL)
        hours = set(re.findall(r"\d{2}:\d{2}(?::\d{2})?", said.replace("+08:00", "").replace("+00:00", "")))
        assert hours <= {"17:30", "17:30:00", "09:30:00"}, (
            "the end of the office's day alone, there and in UTC"
        )
        assert "2024-04-11 Thu" in said and "1 of 5 workdays" in said and "2 of 5 workdays" in said
        assert "its day is not counted" in said
        assert not re.search(r"\d+ (h|min|s)\b", said), "nor how many hours somebody had it"
    assert "2 days" in pages[1]
    (row,) = rows(client.get("/town/desk.xlsx"))
    assert row[1] == case.ref and str(row[8]) == "2024-04-10 00:00:00", "nor in the file"
    outside = text(here.door("inspector").get(f"/town/c/{case.ref}/sheet"))
    assert "10:17:23" in outside, "whoever reviews sees all of it"
