"""The meter and the register of asks as the office, a clerk and a resident see them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from leitai.apps.burden import actions
from leitai.apps.burden.models import Ask
from tests.apps.rounds_town import town
from tests.factories import BY, DAY, NOW

from .rooms import Rooms, text

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Boilers older than ten years", "basis": "Fire law, article 53", "group": "bureaus", "minutes": "290",
    "due": "2024-04-20", "period": "",
}  # fmt: skip
ASKS = "/town/burden/asks"


@pytest.fixture
def rooms(db: None) -> Rooms:
    found = Rooms(town())
    found.at(NOW)
    return found


def cells(answer: Any) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    return [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]


def test_an_ask_is_made_answered_and_taken_back(rooms: Rooms) -> None:
    office, clerk = rooms.door("office"), rooms.door("clerk")
    page = text(office.post(ASKS, FORM, follow=True))
    assert "0 of 3 units have answered" in page and "14 h 30 min" in page and "Fire law, article 53" in page
    row = Ask.objects.get()
    url = f"{ASKS}/{row.pk}"
    assert row.title in text(clerk.get("/town/burden/asks/waiting")) and row.title in text(
        clerk.get("/town/burden")
    )
    page = text(clerk.get(url))
    assert "Your answer is waited for" in page and "Roads Bureau" not in page
    assert clerk.post(url, {"unit": "roads", "text": "Theirs"}).status_code == 403
    assert clerk.post(url, {"unit": "nobody", "text": "None"}).status_code == 404
    assert clerk.post(url, {"unit": "water", "text": " "}).status_code == 409
    assert "None at all" in text(clerk.post(url, {"unit": "water", "text": "None at all"}, follow=True))
    assert "1 of 3 units have answered" in text(office.get(url))
    rows = cells(office.get(f"{ASKS}/export"))
    assert [(one[6], one[8]) for one in rows] == [
        ("Roads Bureau", None),
        ("Tax Bureau", None),
        ("Water Bureau", "None at all"),
    ]
    assert [one[6] for one in cells(clerk.get(f"{ASKS}/export"))] == ["Water Bureau"]
    assert clerk.post(f"{url}/withdraw", {"why": "no"}).status_code == 403
    assert "Say why" in text(office.post(f"{url}/withdraw", {"why": ""}, follow=True))
    assert "The brigade has it" in text(
        office.post(f"{url}/withdraw", {"why": "The brigade has it"}, follow=True)
    )


def test_the_register_is_read_page_by_page_each_with_its_own_count(rooms: Rooms) -> None:
    place = rooms.town.place
    due, units = NOW + 9 * DAY, [rooms.town.units[key] for key in ("water", "roads")]
    rows = [
        actions.make(
            place=place, title=f"{name} {name.upper()}", basis="Law, article 1", minutes=5, due=due, units=units,
            by=BY, now=NOW,
        )
        for name in (a + b + c for a in "abcd" for b in "efgh" for c in "ijkl")
    ]  # fmt: skip
    assert len(rows) == 64
    actions.reply(ask=rows[0], unit=units[0], text="None", by=BY, now=NOW)
    office = rooms.door("office")
    first, second = (text(office.get(ASKS, {"page": page, "q": ""})) for page in (1, 2))
    assert rows[-1].title in first and rows[0].title not in first and 'rel="next"' in first
    assert rows[0].title in second and rows[-1].title not in second and 'rel="prev"' in second
    assert first.count("0 of 2 answered") == 50
    assert second.count("0 of 2 answered") == 13 and second.count("1 of 2 answered") == 1
    found = text(office.get(ASKS, {"q": rows[0].title}))
    assert rows[0].title in found and 'rel="next"' not in found and rows[1].title not in found
    assert "No ask matches." in text(office.get(ASKS, {"q": "zzz"}))
    assert len(cells(office.get(f"{ASKS}/export"))) == 128, "a list is exported whole"
    clerk = text(rooms.door("clerk").get(ASKS, {"page": 2}))
    assert rows[0].title in clerk and "0 of 2 answered" in clerk


def test_a_double_is_refused_with_a_link_to_what_it_doubles_and_keeps_what_was_typed(rooms: Rooms) -> None:
    office = rooms.door("office")
    office.post(ASKS, FORM)
    answer = office.post(ASKS, FORM | {"title": "The boilers older than ten years", "minutes": "7"})
    page = text(answer)
    assert (
        answer.status_code == 409 and f'href="{ASKS}/{Ask.objects.get().pk}"' in page and 'value="7"' in page
    )
    answer = office.post(ASKS, FORM | {"title": "Funds arrived"})
    assert answer.status_code == 409 and 'href="/town/measures/funds"' in text(answer)
    assert Ask.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"basis": " "}, "on what basis"),
        ({"minutes": "many"}, "how many minutes"),
        ({"due": "soon"}, "Write a day"),
        ({"due": "2024-04-09"}, "later than now"),
        ({"group": ""}, "which units"),
        ({"group": "", "unit": "nowhere"}, "no unit nowhere"),
        ({"period": "spring"}, "Write a period"),
    ],
)
def test_what_is_wrong_with_an_ask_is_said(rooms: Rooms, change: dict[str, str], said: str) -> None:
    answer = rooms.door("office").post(ASKS, FORM | change)
    assert answer.status_code == 409 and said in text(answer) and not Ask.objects.exists()


def test_a_month_above_the_ceiling_is_red_on_the_office_and_not_on_the_unit(rooms: Rooms) -> None:
    office = rooms.door("office")
    assert "No unit is above the ceiling of 5 h" in text(office.get("/town/burden"))
    office.post(ASKS, FORM)
    page = text(office.get("/town/burden"))
    above = page[page.index('id="above"') : page.index('id="units"')]
    assert 'class="light red"' in above and "against the office" in above
    assert above.count("5 h 10 min") == 3 and "other asks 4 h 50 min" in above
    for viewer in ("clerk", "office"):
        own = text(rooms.door(viewer).get("/town/burden/units/water"))
        assert "5 h 10 min" in own and "Boilers older" in own and 'class="light red"' not in own
    assert "Above the ceiling" not in text(rooms.door("clerk").get("/town/burden"))
    rooms.at(NOW + 25 * DAY)
    rooms.town.place.refresh_from_db()
    from leitai.drive.daily import burden
    from leitai.rules.kernel import Period

    month = Period.parse("2024-04")
    burden.tell_excess(place=rooms.town.place, month=month, by="drive", now=NOW + 25 * DAY)
    assert text(office.get("/town/burden")).count("Apr 2024</span>") >= 3


def test_the_meter_is_narrowed_exported_and_read_by_month(rooms: Rooms) -> None:
    office = rooms.door("office")
    office.post(ASKS, FORM)
    rows = cells(office.get("/town/burden/export?q=bureau"))
    assert {one[0]: one[-1] for one in rows} == {"Water Bureau": 330, "Roads Bureau": 330, "Tax Bureau": 330}
    rows = cells(office.get("/town/burden/export?by=month&q=water"))
    assert rows[0][-2:] == [310, 410]
    assert cells(office.get("/town/burden/export?until=2024-W14&q=water"))[0][-2] == 20
    assert "North" not in text(office.get("/town/burden?q=bureau&by=month"))
    assert office.get("/town/burden?until=odd").status_code == 404


def test_a_clerk_reads_of_the_own_unit_alone(rooms: Rooms) -> None:
    clerk = rooms.door("clerk")
    page = text(clerk.get("/town/burden"))
    assert "Water Bureau" in page and "Roads Bureau" not in page and "ceiling" not in page
    assert clerk.get("/town/burden/units/roads").status_code == 403
    assert [one[0] for one in cells(clerk.get("/town/burden/export"))] == ["Water Bureau"]
    assert clerk.post(ASKS, FORM).status_code == 403
    rooms.door("office").post(ASKS, FORM | {"group": "", "unit": "roads"})
    assert clerk.get(f"{ASKS}/{Ask.objects.get().pk}").status_code == 403
    assert "Boilers" not in text(clerk.get(ASKS))


def test_a_units_time_is_shown_by_week_and_by_month_and_not_of_what_is_to_come(rooms: Rooms) -> None:
    office = rooms.door("office")
    office.post(ASKS, FORM)
    url = "/town/burden/units/water"
    assert "<b>4 h 50 min</b>" in text(office.get(f"{url}?period=2024-W15"))
    assert "<b>20 min</b>" in text(office.get(f"{url}?period=2024-03"))
    for odd in ("2024-05", "2024-Q1", "odd"):
        assert office.get(f"{url}?period={odd}").status_code == 404
    assert office.get("/town/burden/units/nobody").status_code == 404


def test_everyone_reads_on_the_units_page_what_the_week_took(rooms: Rooms) -> None:
    from django.test import Client

    rooms.door("office").post(ASKS, FORM)
    page = text(Client(headers={"accept-language": "en"}).get("/town/u/water"))
    assert "This week 4 h 50 min" in page and "this month 5 h 10 min" in page and "/burden/units/" not in page
