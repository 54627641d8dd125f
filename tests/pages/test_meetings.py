"""The page of a meeting, its wall and its paper; statements and evidence by those who owe them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from leitai.apps.occasions import queries
from leitai.apps.occasions.models import Commitment, Minute
from tests.apps.meeting_town import MAY, begun, meeting_town, promised, review
from tests.factories import BY, DAY, HOUR, NOW, Town

from .rooms import Rooms, text


@pytest.fixture
def rooms(db: None) -> Rooms:
    """The town whose review has people speak, at the time of its first review."""
    from leitai.apps.people import actions as people

    town = meeting_town()
    for unit in ("roads", "tax"):
        town.posts[unit] = people.appoint(
            place=town.place,
            username=unit,
            role="clerk",
            unit=town.units[unit],
            password="pass the long way",
            by=BY,
            now=NOW,
        )
    found = Rooms(town)
    found.at(begun(town).at + HOUR)
    return found


def page(rooms: Rooms, row: Any, rest: str = "") -> str:
    return f"/{rooms.town.place.key}/o/{row.pk}{rest}"


FORM = {
    "unit": "roads",
    "text": "Nine million more",
    "by": "measure",
    "measure": "funds",
    "period": "2024-04",
    "sense": "ge",
    "target": "9",
    "due": "2024-05-09",
}


def test_the_first_thing_is_what_was_promised(rooms: Rooms) -> None:
    row = review(rooms.town)
    said = text(rooms.door("office").get(page(rooms, row)))
    assert said.index("Promises of last time") < said.index("Where everyone stands")
    assert "Nothing was promised last time." in said
    assert f"/town/t/{_table(rooms.town)}/u/water" in said, "a figure leads to what it rests on"
    assert queries.kept(row).digest[:10] in said  # type: ignore[union-attr]


def _table(town: Town) -> int:
    from leitai.apps.tables.models import Table

    return Table.objects.get(place=town.place, arena="works").pk


def test_one_press_leads_to_the_form_and_it_notes_a_promise(rooms: Rooms) -> None:
    row, office = review(rooms.town), rooms.door("office")
    said = text(office.get(page(rooms, row)))
    assert 'href="#promise"' in said and 'id="promise"' in said
    assert 'value="2024-05-09"' in said, "the day before the next review"
    answer = office.post(page(rooms, row, "/promise"), FORM)
    assert answer.headers["Location"] == page(rooms, row) + "#promised"
    made = Commitment.objects.get()
    assert (made.unit.key, made.measure, made.made_by) == ("roads", "funds", "account:office-town")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"unit": "nobody"}, "There is no unit “nobody” here."),
        ({"due": "tomorrow"}, "Give a day, and a figure as 12.5 or 90%."),
        ({"target": "much"}, "Give a day, and a figure as 12.5 or 90%."),
        ({"target": "NaN"}, "Give a day, and a figure as 12.5 or 90%."),
        ({"measure": ""}, "Choose the measure that tells whether it was kept."),
        ({"period": "2024-05"}, "it can be tested only by a later day"),
    ],
)
def test_a_refused_promise_keeps_what_was_typed(rooms: Rooms, change: dict[str, str], told: str) -> None:
    row = review(rooms.town)
    answer = rooms.door("office").post(page(rooms, row, "/promise"), FORM | change)
    assert answer.status_code == 409
    assert told in text(answer) and "Nine million more" in text(answer)
    assert not Commitment.objects.exists()


def test_the_units_own_last_figure_stands_beside_the_form(rooms: Rooms) -> None:
    office = rooms.door("office")
    said = text(office.get("/town/o/figure", {"unit": "roads", "measure": "funds"}))
    assert "<b>7</b>" in said and "every month" in said
    assert "No figure of this unit" in text(
        office.get("/town/o/figure", {"unit": "tax-window", "measure": "funds"})
    )
    assert text(office.get("/town/o/figure", {"unit": "roads", "measure": "gone"})).strip() == ""


def test_minutes_are_taken_below_their_part(rooms: Rooms) -> None:
    row, office = review(rooms.town), rooms.door("office")
    office.post(page(rooms, row, "/note"), {"part": "standings", "text": "Water leads\nagain"})
    said = text(office.get(page(rooms, row)))
    assert "Water leads<br>again" in said
    assert office.post(page(rooms, row, "/note"), {"part": "dinner", "text": "x"}).status_code == 409
    assert Minute.objects.count() == 1


def test_it_is_closed_with_a_word_on_promises(rooms: Rooms) -> None:
    row, leader = review(rooms.town), rooms.door("leader")
    answer = leader.post(page(rooms, row, "/held"), {"note": "We met"})
    assert answer.status_code == 409 and "Note what was promised, or say that nothing was." in text(answer)
    leader.post(page(rooms, row, "/held"), {"note": "We met", "nothing": "1"})
    said = text(leader.get(page(rooms, row)))
    assert "Nothing was promised at this meeting." in said
    assert 'id="promise"' not in said and "Take minutes" not in said


def test_a_missed_promise_is_promised_again_from_where_it_is_told(rooms: Rooms) -> None:
    first = promised(rooms.town, review(rooms.town))
    row = begun(rooms.town, "2024-05")
    rooms.at(MAY + HOUR)
    office = rooms.door("office")
    said = text(office.get(page(rooms, row)))
    assert f'href="?again={first.pk}#promise"' in said and "The figure is missing." in said
    form = text(office.get(page(rooms, row), {"again": str(first.pk)}))
    assert f'name="again" value="{first.pk}"' in form and "promised this 1 times already" in form
    office.post(
        page(rooms, row, "/promise"),
        FORM | {"again": str(first.pk), "period": "2024-05", "due": "2024-06-09"},
    )
    assert Commitment.objects.latest("pk").times == 2
    again = text(office.get(f"/town/promises/{first.pk}"))
    assert "Promised again" in again


def test_who_may_not_take_minutes_sees_no_form_and_is_refused(rooms: Rooms) -> None:
    row, clerk = review(rooms.town), rooms.door("clerk")
    said = text(clerk.get(page(rooms, row)))
    assert 'id="promise"' not in said and "Take minutes" not in said and "Close the meeting" not in said
    for rest, form in (
        ("/promise", FORM),
        ("/note", {"part": "words", "text": "x"}),
        ("/held", {"note": "x"}),
    ):
        assert clerk.post(page(rooms, row, rest), form).status_code == 403
    assert not Minute.objects.exists() and not Commitment.objects.exists()


def test_nobody_reads_it_without_signing_in_or_in_another_place(rooms: Rooms) -> None:
    from django.test import Client

    row = review(rooms.town)
    for rest in ("", "/wall", ".docx"):
        assert Client().get(page(rooms, row, rest)).status_code == 302
    meeting_town("vale")
    stranger = rooms.door("office").get(f"/vale/o/{row.pk}")
    assert stranger.status_code in (403, 404)


def test_a_clerk_sees_only_the_red_cases_of_their_own_unit(rooms: Rooms) -> None:
    mine = rooms.town.move(rooms.town.case("finding", None), "dispatch", "office", unit="water")
    other = rooms.town.move(rooms.town.case("finding", None), "dispatch", "office", unit="tax")
    row = begun(rooms.town, "2024-05")
    rooms.at(MAY + HOUR)
    seen, all_of_them = (text(rooms.door(role).get(page(rooms, row))) for role in ("clerk", "office"))
    assert f"/town/c/{mine.ref}" in seen and f"/town/c/{other.ref}" not in seen
    assert "1 more is overdue" in seen
    assert f"/town/c/{other.ref}" in all_of_them


def test_a_clerk_hands_in_what_the_unit_will_say_from_the_desk(rooms: Rooms) -> None:
    rooms.at(NOW)
    (asked,) = [one for one in queries.statements_of(review(rooms.town)) if one.unit.key == "tax"]
    tax, roads = rooms.door("tax"), rooms.door("roads")
    address = f"/town/o/say/{asked.pk}"
    desk = text(tax.get("/town/o/asked"))
    assert address in desk and "Make a statement" in desk
    assert text(roads.get("/town/o/asked")).strip() == ""
    assert roads.post(address, {"text": "Not ours"}).status_code == 403
    assert tax.post(address, {"text": " "}).status_code == 409
    assert tax.post(address, {"text": "We will be faster"}).status_code == 302
    assert "We will be faster" in text(tax.get(address))
    assert text(tax.get("/town/o/asked")).strip() == ""


def test_evidence_goes_from_the_units_desk_to_the_offices(rooms: Rooms) -> None:
    made = promised(rooms.town, review(rooms.town), measure="", text="Mend Mill Lane")
    roads, office, address = rooms.door("roads"), rooms.door("office"), f"/town/promises/{made.pk}"
    assert address in text(roads.get("/town/o/asked"))
    assert rooms.door("tax").post(address, {"do": "show", "evidence": "x"}).status_code == 403
    assert office.post(address, {"do": "accept", "accepted": "1"}).status_code == 409, "nothing is shown yet"
    roads.post(address, {"do": "show", "evidence": "https://photos.example/12"})
    assert roads.post(address, {"do": "accept", "accepted": "1"}).status_code == 403
    assert address in text(office.get("/town/o/asked"))
    assert office.post(address, {"do": "accept", "accepted": "0"}).status_code == 409, "a no says why"
    office.post(address, {"do": "accept", "accepted": "1"})
    made.refresh_from_db()
    assert (made.accepted, made.accepted_by) == (True, "account:office-town")
    said = text(office.get("/town/promises"))
    assert "shown and accepted" in said and "Mend Mill Lane" in said


def test_a_promise_whose_day_is_over_says_when_it_is_tested(rooms: Rooms) -> None:
    made = promised(rooms.town, review(rooms.town), measure="", text="Mend Mill Lane")
    office, over = rooms.door("office"), "its day is over"
    assert "Mend Mill Lane" in text(office.get("/town/promises"))
    assert over not in text(office.get("/town/promises"))
    rooms.at(datetime(made.due.year, made.due.month, made.due.day, 20, tzinfo=UTC) + DAY)
    assert over in text(office.get("/town/promises"))


def test_a_promise_tells_of_every_test(rooms: Rooms) -> None:
    made = promised(rooms.town, review(rooms.town))
    begun(rooms.town, "2024-05")
    rooms.town.report("roads", "2024-04", 9, at=MAY + DAY)
    rooms.town.drive(MAY + DAY)
    rooms.at(MAY + 2 * DAY)
    said = text(rooms.door("clerk").get(f"/town/promises/{made.pk}"))
    assert "tested again after a figure or evidence changed" in said
    assert said.index("The figure is missing.") < said.rindex("Found 9; promised was at least 9.")


def test_the_wall_has_a_screen_for_each_part(rooms: Rooms) -> None:
    row = review(rooms.town)
    promised(rooms.town, row)
    said = text(rooms.door("leader").get(page(rooms, row, "/wall")))
    parts = queries.read(row, row.at, queries.kept(row))["parts"]
    assert said.count('class="screen"') == len(parts) + 2
    assert "<form" not in said and "wall.js" in said


def test_the_word_file_has_agenda_pack_minutes_and_promises(rooms: Rooms) -> None:
    from docx import Document

    row, office = review(rooms.town), rooms.door("office")
    promised(rooms.town, row)
    office.post(page(rooms, row, "/note"), {"part": "standings", "text": "Water leads"})
    answer = office.get(page(rooms, row, ".docx"))
    assert "Review" in answer.headers["Content-Disposition"]
    lines = [one.text for one in Document(io.BytesIO(answer.content)).paragraphs]
    assert lines[0].endswith("Review 2024-04-10")
    assert "Water leads" in lines
    assert any("Nine million more" in one and "at least 9" in one and "2024-05-09" in one for one in lines)
    assert any(one.startswith("1 of 3") for one in lines)
    assert any(queries.kept(row).digest[:16] in one for one in lines)  # type: ignore[union-attr]


def test_the_page_holds_for_every_state(rooms: Rooms) -> None:
    from leitai.apps.occasions import actions

    office = rooms.door("office")
    later = review(rooms.town, "2024-06")
    assert "What is read changes until the meeting begins" in text(office.get(page(rooms, later)))
    actions.cancel(occasion=later, reason="A flood", by=BY, now=datetime(2024, 4, 11, tzinfo=UTC))
    assert "A flood" in text(office.get(page(rooms, later)))
    assert office.get("/town/o/999999").status_code == 404
    assert office.get("/town/promises/999999").status_code == 404
    assert office.get("/town/o/say/999999").status_code == 404
