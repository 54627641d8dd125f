"""Inspections as a patrol with a phone, the office, and the unit that is visited see them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from leitai.apps.inspections.models import Finding, Round, Visit
from tests.apps.rounds_town import opened, town
from tests.factories import DAY, NOW

from .rooms import Rooms, text

pytestmark = pytest.mark.django_db
ANSWERS = {"item-window": "no", "item-papers": "3", "item-words": "Two of four there"}


@pytest.fixture
def rooms(db: None) -> Rooms:
    found = Rooms(town())
    found.at(NOW)
    return found


@pytest.fixture
def row(rooms: Rooms) -> Visit:
    """The visit to the clerk's unit."""
    return opened(rooms.town).visits.get(unit=rooms.town.units["water"])


def at(row: Visit) -> str:
    return f"/town/inspections/visits/{row.pk}"


def test_a_patrol_holds_a_visit_from_begin_to_end(rooms: Rooms, row: Visit) -> None:
    patrol = rooms.door("patrol")
    page = text(patrol.get(at(row)))
    assert "We are there: begin" in page and "The window is staffed" not in page
    page = text(patrol.post(at(row), {"do": "begin"}, follow=True))
    assert "The window is staffed" in page and "End the visit" in page
    answer = patrol.post(at(row), {"do": "end", "minutes": "60", "note": "Short of hands"})
    assert (
        answer.status_code == 409
        and "3 lines of the checklist" in text(answer)
        and ">Short of hands<" in text(answer)
    )
    answer = patrol.post(at(row), {"do": "note", **ANSWERS, "item-papers": "few"})
    assert (
        answer.status_code == 409 and "few is not a number" in text(answer) and 'value="few"' in text(answer)
    )
    assert "3 / 3" in text(patrol.post(at(row), {"do": "note", **ANSWERS}, follow=True))
    found = {"do": "find", "item": "window", "text": "Nobody at <window> 3"}
    assert "Nobody at &lt;window&gt; 3" in text(patrol.post(at(row), found, follow=True))
    page = text(patrol.post(at(row), {"do": "end", "minutes": "75"}, follow=True))
    assert (
        "it took the unit 75 minutes" in page and "Two of four there" in page and "End the visit" not in page
    )
    assert patrol.post(at(row), found).status_code == 409 and patrol.post(at(row), {}).status_code == 409


def test_a_unit_sees_its_visit_when_it_has_begun_and_replies(rooms: Rooms, row: Visit) -> None:
    patrol, clerk = rooms.door("patrol"), rooms.door("clerk")
    assert clerk.get(at(row)).status_code == 404 and "has not been visited" in text(
        clerk.get("/town/inspections")
    )
    patrol.post(at(row), {"do": "begin"})
    patrol.post(at(row), {"do": "find", "item": "window", "text": "Nobody at window 3"})
    assert at(row) in text(clerk.get("/town/inspections"))
    page = text(clerk.get(at(row)))
    assert "Nobody at window 3" in page and "What do you say to it?" in page and "End the visit" not in page
    assert clerk.post(at(row), {"do": "end", "minutes": "1"}).status_code == 403
    number = Finding.objects.get().pk
    url = f"/town/inspections/findings/{number}/reply"
    assert patrol.post(url, {"text": "Not theirs"}).status_code == 403
    assert "It was the fire drill" in text(clerk.post(url, {"text": "It was the fire drill"}, follow=True))
    assert "replied to this already" in text(clerk.post(url, {"text": "More"}, follow=True))
    assert "It was the fire drill" in text(patrol.get(at(row)))


def test_a_clerk_sees_nothing_of_another_units_visit(rooms: Rooms, row: Visit) -> None:
    other = row.round.visits.get(unit=rooms.town.units["roads"])
    rooms.door("patrol").post(at(other), {"do": "begin"})
    clerk = rooms.door("clerk")
    assert clerk.get(at(other)).status_code == 403
    assert clerk.get(f"/town/inspections/{row.round_id}").status_code == 403
    assert clerk.get(f"/town/inspections/{row.round_id}/export").status_code == 403
    assert "Roads" not in text(clerk.get("/town/inspections"))


def test_the_office_moves_and_drops_with_a_reason(rooms: Rooms, row: Visit) -> None:
    office = rooms.door("office")
    plan = f"{at(row)}/plan"
    assert rooms.door("patrol").post(plan, {"do": "drop", "why": "rain"}).status_code == 403
    assert "Say why" in text(office.post(plan, {"do": "drop", "why": ""}, follow=True))
    assert "Write a day" in text(office.post(plan, {"do": "move", "day": "soon", "why": "x"}, follow=True))
    office.post(plan, {"do": "move", "day": "2024-04-25", "why": "They hold an election"})
    assert "2024-04-25" in text(office.get(at(row)))
    assert "Flood &amp; mud" in text(office.post(plan, {"do": "drop", "why": "Flood & mud"}, follow=True))


def test_a_round_is_opened_narrowed_exported_and_closed(rooms: Rooms) -> None:
    office = rooms.door("office")
    assert "Open the round" in text(office.get("/town/inspections"))
    assert rooms.door("leader").post("/town/inspections/open", {"inspection": "conduct"}).status_code == 403
    page = text(office.post("/town/inspections/open", {"inspection": "conduct"}, follow=True))
    assert "of 4 planned" in page
    office.post("/town/inspections/open", {"inspection": "conduct"})
    row = Round.objects.get()
    url = f"/town/inspections/{row.pk}"
    for query, there, gone in (("?group=second", "North", "Tax Bureau"), ("?q=tax", "Tax Bureau", "North")):
        page = text(office.get(url + query))
        assert there in page and gone not in page
        sheet = load_workbook(BytesIO(office.get(f"{url}/export{query}").content)).worksheets[0]
        assert [line[1].value for line in sheet.iter_rows(min_row=3)] == [
            there + (" District" if there == "North" else "")
        ]
    assert "neither over nor dropped" in text(office.post(f"{url}/close", follow=True))
    for one in row.visits.all():
        office.post(f"/town/inspections/visits/{one.pk}/plan", {"do": "drop", "why": "Flood"})
    assert "Report, as it was" in text(office.post(f"{url}/close", follow=True))
    rooms.at(NOW + DAY)
    assert "Report, as it was" in text(rooms.door("inspector").get(url))


def test_what_is_not_there_is_not_found(rooms: Rooms) -> None:
    office: Any = rooms.door("office")
    for path in ("inspections/9", "inspections/visits/9", "inspections/9/export"):
        assert office.get(f"/town/{path}").status_code == 404
