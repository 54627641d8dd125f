"""Chains as the office, a chief, a park and a stranger see them."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from leitai.apps.chains.models import Gap, Member
from tests.apps.chains_town import gap, town
from tests.factories import BY, NOW

from .rooms import Rooms, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def rooms(db: None) -> Rooms:
    from leitai.apps.people import actions as people

    found = Rooms(town())
    for unit in ("roads", "tax"):
        found.town.posts[unit] = people.appoint(
            place=found.town.place,
            username=unit,
            role="clerk",
            unit=found.town.units[unit],
            password="pass the long way",
            by=BY,
            now=NOW,
        )
    found.at(NOW)
    return found


def test_all_chains_then_one_drawn_and_listed(rooms: Rooms) -> None:
    office = rooms.door("office")
    page = text(office.get("/town/chains"))
    assert "both ends outside" in page and "<strong>25%</strong>" in page and 'class="chain-small"' in page
    assert 'class="chain-map' not in page and "nobody here" in text(office.get("/town/chains?drawn=1"))
    page = text(office.get("/town/chains/metal"))
    assert page.count('class="link') == 4 and page.count('class="link missing"') == 2
    assert "50% of the chain" in page and "Nobody here makes it, and 1 link here needs it." in page
    assert "No links have been entered" in text(office.get("/town/chains/food"))
    assert office.get("/town/chains/glass").status_code == 404
    assert office.get("/town/chains/metal/glass").status_code == 404


@pytest.mark.parametrize("link", ["ore", "metal", "wheels", "tyres"])
def test_every_link_has_its_page_also_one_that_nobody_here_makes(rooms: Rooms, link: str) -> None:
    page = text(rooms.door("office").get(f"/town/chains/metal/{link}"))
    assert ("nobody here makes it" in page) == (link in ("ore", "tyres"))
    assert ("Stops without it" in page) == (link not in ("ore", "tyres"))


def test_a_stranger_sees_none_of_it(rooms: Rooms) -> None:
    from django.test import Client

    row = gap(rooms.town)
    for path in (
        "chains",
        "chains/metal",
        "chains/metal/metal",
        "chains/push",
        f"chains/gaps/{row.pk}",
        "chains/export",
    ):
        answer = Client().get(f"/town/{path}")
        assert answer.status_code == 302 and "/login/" in answer["Location"]


def test_the_office_makes_a_gap_work_and_a_refusal_keeps_what_was_typed(rooms: Rooms) -> None:
    office = rooms.door("office")
    typed = {"link": "tyres", "kind": "fill", "text": "One <maker>", "unit": "water", "due": "2024-06-30"}
    answer = office.post("/town/chains/metal", typed | {"due": "soon"})
    assert answer.status_code == 409 and "One &lt;maker&gt;</textarea>" in text(answer)
    assert "One &lt;maker&gt;" in text(office.post("/town/chains/metal", typed, follow=True))
    row = Gap.objects.get()
    assert (row.unit.key, str(row.due_on)) == ("water", "2024-06-30")
    assert rooms.door("tax").post("/town/chains/metal", typed).status_code == 403
    assert rooms.door("roads").post("/town/chains/metal", typed | {"kind": "extend"}).status_code == 302


def test_whoever_works_on_a_gap_speaks_of_it_and_does_not_strike_it_off(rooms: Rooms) -> None:
    row = gap(rooms.town)
    at, clerk = f"/town/chains/gaps/{row.pk}", rooms.door("clerk")
    page = text(clerk.post(at, {"do": "say", "text": "Two visited"}, follow=True))
    assert "Two visited" in page and "It is done" not in page
    assert clerk.post(at, {"do": "done", "how": "We say so"}).status_code == 403
    assert rooms.door("tax").post(at, {"do": "say", "text": "x"}).status_code == 403
    assert clerk.post(at, {"do": "tie", "what": "project", "code": "p9"}).status_code == 409
    assert clerk.post(at, {"do": "wish"}).status_code == 404
    page = text(rooms.door("roads").post(at, {"do": "done", "how": "It runs"}, follow=True))
    assert "It runs" in page and "Say</button>" not in page
    row.refresh_from_db()
    assert row.state == "done"


def test_the_chains_own_unit_does_not_strike_off_its_own_work(rooms: Rooms) -> None:
    row = gap(rooms.town, unit="roads")
    answer = rooms.door("roads").post(f"/town/chains/gaps/{row.pk}", {"do": "done", "how": "We say so"})
    assert answer.status_code == 403


def test_a_park_puts_its_own_firms_right(rooms: Rooms) -> None:
    at, clerk = "/town/chains/metal/metal", rooms.door("clerk")
    page = text(clerk.get(at))
    assert "&lt;Smelter&gt; &amp; Sons" in page and page.count("Put it right") == 1
    own, other = Member.objects.get(key="smelter"), Member.objects.get(key="forge")
    said = {"capacity": "45.5", "produces": "1", "as_of": "2024-04-10", "source": "letter"}
    assert clerk.post(at, said | {"firm": other.pk}).status_code == 403
    assert clerk.post(at, said | {"firm": own.pk, "capacity": "many"}).status_code == 409
    assert "65.5 kt" in text(clerk.post(at, said | {"firm": own.pk}, follow=True))
    assert clerk.post("/town/chains/metal/wheels", said | {"firm": own.pk}).status_code == 404


def test_a_chief_finds_what_to_push(rooms: Rooms) -> None:
    gap(rooms.town, due="2024-04-30")
    page = text(rooms.door("leader").get("/town/chains/push"))
    assert (
        "Of the chains whose chief you are" in page
        and "due this month" in page
        and "One maker of tyres" in page
    )
    page = text(rooms.door("office").get("/town/chains/push?chain=food"))
    assert "Nothing at work needs a word this month." in page


def test_all_of_it_in_excel_and_words_stand_as_words(rooms: Rooms) -> None:
    row = gap(rooms.town)
    Gap.objects.filter(pk=row.pk).update(text="=1+1")
    answer = rooms.door("office").get("/town/chains/export?chain=metal")
    book = load_workbook(BytesIO(answer.content))
    assert [sheet.max_row for sheet in book] == [5, 4, 7, 2]
    assert book["Links"]["G3"].value == pytest.approx(0.25) and book["Links"]["G3"].number_format == "0.0%"
    cell = book["Gaps at work"]["D2"]
    assert cell.value == "=1+1" and cell.data_type == "s"
