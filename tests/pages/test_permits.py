"""Pages of starts: who holds the permit, what if, acts of units and office, an enterprise by its secret link."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from leitai.apps.permits import actions
from leitai.apps.permits.models import Start
from tests.apps.start_town import PAPERS, grant, opened, permit, states, town
from tests.factories import BY, DAY, HOUR, NOW

from .rooms import Rooms, text


@pytest.fixture
def rooms(db: None) -> Rooms:
    """The town with its start, and a clerk of the roads."""
    from leitai.apps.people import actions as people

    place = town()
    for unit in ("roads", "tax"):
        place.posts[unit] = people.appoint(
            place=place.place,
            username=unit,
            role="clerk",
            unit=place.units[unit],
            password="pass the long way",
            by=BY,
            now=NOW,
        )
    found = Rooms(place)
    found.at(NOW)
    return found


def door(rooms: Rooms, start: Any) -> str:
    return f"/town/starts/of/firm/{rooms.town.secret}/{start.pk}"


def flat(answer: Any) -> str:
    """What a page says, tags and line breaks left out."""
    import re

    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def test_the_first_thing_is_who_holds_the_permit(rooms: Rooms) -> None:
    start = opened(rooms.town, *PAPERS)
    rooms.at(NOW + 3 * DAY - HOUR)
    said = flat(rooms.door("leader").get(f"/town/starts/{start.pk}"))
    assert "Who holds it now Roads Bureau Land permit · being decided on" in said
    assert "What decides the day: Land permit → Planning permit → Construction permit → start" in said
    assert "Had it: Roads Bureau 3 days" in said
    assert "Permits left 4 of 4" in said


def test_the_graph_is_drawn_with_its_path_and_the_list_says_the_same(rooms: Rooms) -> None:
    start = opened(rooms.town, *PAPERS)
    said = text(rooms.door("office").get(f"/town/starts/{start.pk}"))
    svg = said[said.index('<svg class="permits"') : said.index("</svg>", said.index('<svg class="permits"'))]
    assert (
        svg.count("<rect") == 5 and svg.count('class="way critical"') == 3 and svg.count('class="way"') == 1
    )
    for name in ("Land permit", "Planning permit", "Energy review", "Construction permit"):
        assert name in svg and f">{name}</span>" in said
    assert "style=" not in svg, "the content policy takes no inline style"


def test_what_if_answers_on_the_page(rooms: Rooms) -> None:
    start = opened(rooms.town, *PAPERS)
    leader = rooms.door("leader")
    page = f"/town/starts/{start.pk}"
    assert "Earliest start, if that were so" not in text(leader.get(page))
    nearer = flat(leader.get(page + "?if=land&by=2024-04-10&takes="))
    assert "Earliest start, if that were so" in nearer and "days nearer" in nearer
    later = flat(leader.get(page + "?if=energy&takes=60&by="))
    assert "days later" in later and "What decides the day: Energy review → Construction permit" in later
    assert "whole number" in flat(leader.get(page + "?if=energy&takes=many"))
    assert "by which day" in flat(leader.get(page + "?if=energy&by=soon"))
    grant(rooms.town, start, "energy")
    assert "granted or left out already" in flat(leader.get(page + "?if=energy&takes=3"))
    assert "no such permit" in flat(leader.get(page + "?if=fire&takes=3"))


def test_a_unit_grants_its_own_permits_and_no_others(rooms: Rooms) -> None:
    start = opened(rooms.town, *PAPERS)
    page = f"/town/starts/{start.pk}/permits/land"
    assert rooms.door("tax").post(page, {"do": "grant"}).status_code == 403
    assert rooms.door("leader").post(page, {"do": "grant"}).status_code == 403
    answer = rooms.door("roads").post(page, {"do": "grant", "number": "L-1"})
    assert answer.headers["Location"] == f"/town/starts/{start.pk}#permit-land"
    assert states(start)["land"] == "granted" and permit(start, "land").number == "L-1"
    assert rooms.door("roads").post(page, {"do": "grant"}).status_code == 409
    assert rooms.door("roads").post(page, {"do": "drop", "why": "x"}).status_code == 403
    assert rooms.door("roads").post(page, {"do": "fly"}).status_code == 404


def test_the_office_withdraws_leaves_out_makes_and_gives_up(rooms: Rooms) -> None:
    start = opened(rooms.town, *PAPERS)
    office, page = rooms.door("office"), f"/town/starts/{start.pk}"
    assert office.post(f"{page}/permits/energy", {"do": "drop", "why": ""}).status_code == 409
    assert office.post(f"{page}/permits/energy", {"do": "drop", "why": "Too small"}).status_code == 302
    assert "Nothing may be started before these are granted: Land permit" in flat(
        office.post(f"{page}/do", {"do": "make", "on": "2024-04-10"})
    )
    grant(rooms.town, start, "land", "planning", "construction")
    assert office.post(f"{page}/do", {"do": "make", "on": "today"}).status_code == 409
    assert office.post(f"{page}/do", {"do": "make", "on": "2024-04-10"}).status_code == 302
    assert Start.objects.get().started_on is not None
    office.post(f"{page}/permits/land", {"do": "withdraw", "why": "The boundary was wrong"})
    said = flat(office.get(page))
    assert "It had been started. A permit was withdrawn or fell back" in said
    assert office.post(f"{page}/do", {"do": "give-up", "why": "Sold"}).status_code == 302
    assert "This start was given up: Sold" in flat(office.get(page))


def test_papers_are_taken_in_taken_over_and_returned(rooms: Rooms) -> None:
    opened(rooms.town, "licence", title="An older plant")
    start = opened(rooms.town)
    office, page = rooms.door("office"), f"/town/starts/{start.pk}"
    assert "Take the one of “An older plant”" in text(office.get(page))
    assert office.post(f"{page}/papers/licence", {"do": "take"}).status_code == 302
    assert office.post(f"{page}/papers/contract", {"do": "take"}).status_code == 409
    assert office.post(f"{page}/papers/contract", {"do": "give", "note": "No. 7"}).status_code == 302
    assert states(start)["land"] == "working"
    assert office.post(f"{page}/papers/contract", {"do": "return", "why": "Not signed"}).status_code == 302
    assert "Returned: Not signed" in flat(office.get(page))
    assert office.post(f"{page}/papers/contract", {"do": "return", "why": "Not signed"}).status_code == 409


def test_a_start_is_opened_once_and_what_cannot_be_is_told(rooms: Rooms) -> None:
    office = rooms.door("office")
    said = text(office.get("/town/starts/new"))
    assert "Planning permit" in said and 'name="why-construction"' not in said, "without it nothing starts"
    form = {
        "key": "plant",
        "title": "A mill",
        "enterprise": "firm",
        "why-energy": "Too small",
        "once": "k" * 20,
    }
    first = office.post("/town/starts/new", form)
    assert office.post("/town/starts/new", form).headers["Location"] == first.headers["Location"]
    start = Start.objects.get()
    assert states(start)["energy"] == "dropped" and start.enterprise == rooms.town.firm
    wrong = office.post("/town/starts/new", form | {"once": "", "project": "P-404"})
    assert wrong.status_code == 409 and "There is no project P-404" in text(wrong) and "A mill" in text(wrong)
    assert office.post("/town/starts/new", form | {"once": "", "enterprise": "none"}).status_code == 409
    assert rooms.door("leader").get("/town/starts/new").status_code == 403


def test_the_list_filters_and_exports_what_is_seen(rooms: Rooms) -> None:
    one = opened(rooms.town, *PAPERS, title="A mill")
    other = opened(rooms.town, title="A quarry")
    actions.give_up(start=other, why="Sold", by=BY, now=NOW)
    leader = rooms.door("leader")
    said = flat(leader.get("/town/starts"))
    assert "A mill" in said and "A quarry" not in said
    assert "Land permit Roads Bureau in these hands since 10 Apr" in said
    assert "A quarry" in text(leader.get("/town/starts?state=given-up"))
    assert "No start matches." in text(leader.get("/town/starts?state=started"))
    assert "A mill" in text(leader.get("/town/starts?unit=roads"))
    assert "No start matches." in text(leader.get("/town/starts?unit=water"))
    sheet = load_workbook(io.BytesIO(leader.get("/town/starts/export?q=mill").content)).active
    rows = list(sheet.values)
    assert [row[0] for row in rows[2:]] == ["A mill"] and rows[2][9:11] == ("Land permit", "Roads Bureau")
    assert one.pk


def test_an_enterprise_sees_and_hands_in_by_its_secret_link_alone(rooms: Rooms) -> None:
    start = opened(rooms.town)
    firm = Client(headers={"accept-language": "en"})
    said = flat(firm.get(door(rooms, start)))
    assert "Who holds it now Firm" in said and "Licence · Land permit" in said
    assert firm.get(door(rooms, start))["Referrer-Policy"] == "same-origin"
    assert "A plant" in text(firm.get(f"/town/starts/of/firm/{rooms.town.secret}"))
    for paper in ("licence", "contract"):
        assert firm.post(door(rooms, start), {"do": "give", "paper": paper}).status_code == 302
    assert firm.post(door(rooms, start), {"do": "give", "paper": "contract"}).status_code == 409
    assert states(start)["land"] == "working"
    grant(rooms.town, start, "land")
    assert "if you commit yourselves" in flat(firm.get(door(rooms, start)))
    assert firm.post(door(rooms, start), {"do": "commit", "permit": "planning"}).status_code == 302
    assert states(start)["planning"] == "working"
    assert firm.post(door(rooms, start), {"do": "grant", "permit": "planning"}).status_code == 404
    for wrong in (door(rooms, start).replace("link", "lark"), door(rooms, start) + "9"):
        assert firm.get(wrong).status_code == 404
    assert "login" in firm.get(f"/town/starts/{start.pk}").headers["Location"]


def test_a_start_of_another_enterprise_is_not_found_by_this_one_s_link(rooms: Rooms) -> None:
    from leitai.apps.people import actions as people

    place = rooms.town.place
    other = people.add_enterprise(
        place=place, key="rival", name_zh="对手", name_en="Rival", secret="another-secret", liaison=None,
        sponsor=None, by=BY, now=NOW,
    )  # fmt: skip
    start = opened(rooms.town, enterprise=other)
    assert Client().get(door(rooms, start)).status_code == 404
