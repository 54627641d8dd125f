"""What an inspector looks at: broken limits and slips by unit, kind and period, each leading to its time sheet."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from tests.factories import DAY, HOUR, NOW

from .rooms import Rooms, rooms, text


@pytest.fixture
def here(db: None) -> Rooms:
    """In March a question late; in April two holes of water, one of them mended late, and one of tax."""
    found = rooms()
    town = found.town
    town.case("question", at=NOW - 30 * DAY, title="A question in March")
    found.hole()
    found.hole("tax")
    mended = found.hole()
    found.tick(NOW + 3 * DAY)
    from leitai.apps.casework import actions

    from .test_requests import photo

    for when in ("before", "after"):
        actions.add_photo(case=mended, data=photo(when), when=when, by="account:patrol", now=NOW + 3 * DAY)
    town.move(mended, "answer", "unit", NOW + 3 * DAY, done="Filled and rolled on the same day")
    found.at(NOW + 4 * DAY)
    return found


ONE = re.compile(r'<th scope="row"><a href="/town/c/([^"/]+)/sheet">')
UNIT = re.compile(
    r'<th scope="row"><a href="\?unit=(\w+)">[^<]+</a></th><td class="num">(\d+)</td><td class="num">(.*?)</td>'
)


def test_breaches_are_counted_by_unit_and_each_leads_to_its_sheet(here: Rooms) -> None:
    inspector = here.door("inspector")
    page = text(inspector.get("/town/breaches"))
    assert UNIT.findall(page) == [("water", "2", "<b>1</b>"), ("tax", "1", "<b>1</b>")]
    refs = ONE.findall(page)
    assert len(refs) == 3
    assert inspector.get(f"/town/c/{refs[0]}/sheet").status_code == 200
    assert "kept late" in page and "3 limits were broken, Apr 2024" in page


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("period=2024-03", 1),
        ("period=2024-Q1", 1),
        ("period=2024", 4),
        ("period=all", 4),
        ("period=nonsense", 3),
        ("unit=tax", 1),
        ("kind=question", 0),
        ("period=2024&kind=question", 1),
        ("colour=yellow", 3),
        ("colour=red", 0),
    ],
)
def test_what_is_asked_for_stands_in_the_address_and_in_the_file(here: Rooms, query: str, n: int) -> None:
    inspector = here.door("inspector")
    refs = ONE.findall(text(inspector.get(f"/town/breaches?{query}")))
    assert len(refs) == n
    book = openpyxl.load_workbook(io.BytesIO(inspector.get(f"/town/breaches.xlsx?{query}").content))
    assert [row[1].value for row in book.active.iter_rows(min_row=4)] == refs


def test_a_clerk_sees_the_breaches_of_the_own_unit_alone(here: Rooms) -> None:
    assert len(ONE.findall(text(here.door("tax").get("/town/breaches")))) == 1
    assert ONE.findall(text(here.door("roads").get("/town/breaches"))) == []


def test_hours_late_are_those_until_it_was_met(here: Rooms) -> None:
    """Due on Thursday the 11th at half past ten; mended on Saturday the 13th at ten."""
    book = openpyxl.load_workbook(
        io.BytesIO(here.door("inspector").get("/town/breaches.xlsx?unit=water").content)
    )
    late = {row[10].value: row[8].value for row in book.active.iter_rows(min_row=4)}
    assert late["kept late"] == 47.5
    assert late["still open"] == pytest.approx(71.5, abs=0.1)


def test_what_was_never_taken_up_broke_nothing(here: Rooms) -> None:
    from leitai.apps.casework.models import Clock

    here.town.case("errand", None, given_due=NOW + HOUR, title="Not ours")
    here.tick(NOW + 4 * DAY)
    assert Clock.objects.filter(case__title="Not ours", breached_at__isnull=False).exists()
    from leitai.apps.casework.models import Case

    here.town.move(
        Case.objects.get(title="Not ours"), "set-aside", "office", NOW + 4 * DAY, reason="Of another county"
    )
    assert "Not ours" not in text(here.door("inspector").get("/town/breaches?period=2024"))


def test_a_breach_stays_with_the_unit_that_had_the_case_when_it_fell_due(db: None) -> None:
    """One is handed back late and given to another unit, one is taken over late, one is dispatched late."""
    from leitai.apps.casework import actions

    here = rooms()
    town, late = here.town, NOW + 3 * DAY
    back, over = here.hole(), here.hole()
    unsent = town.case("errand", None, given_due=NOW + HOUR, title="An errand that lay")
    asked = actions.ask(
        case=over, kind="transfer", ground="by-law", text="The road belongs to the province since 2020",
        to_unit=town.units["roads"], unit=town.units["water"], by="account:clerk", now=NOW,
    )  # fmt: skip
    here.tick(late)
    actions.answer_request(request=asked, granted=True, role="unit", by="account:roads", now=late)
    town.move(back, "hand-back", "unit", late, reason="It is the roads' by law")
    town.move(back, "dispatch", "office", late, unit="roads")
    town.move(unsent, "dispatch", "office", late, unit="roads")
    page = text(here.door("inspector").get("/town/breaches"))
    assert UNIT.findall(page) == [("water", "2", "<b>1</b>")]
    assert "no unit yet" in page and "Water Bureau</td>" in page and "Roads Bureau</td>" not in page
    assert len(ONE.findall(text(here.door("inspector").get("/town/breaches?unit=water")))) == 2
    assert ONE.findall(text(here.door("inspector").get("/town/breaches?unit=roads"))) == []
    assert ONE.findall(text(here.door("roads").get("/town/breaches"))) == []
    assert len(ONE.findall(text(here.door("clerk").get("/town/breaches")))) == 2
    file = here.door("inspector").get("/town/breaches.xlsx").content
    units = [row[4].value for row in openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(min_row=4)]
    assert sorted(units, key=str) == [None, "Water Bureau", "Water Bureau"]


def test_what_the_next_unit_is_late_with_is_its_own(db: None) -> None:
    here = rooms()
    case = here.hole()
    here.town.move(case, "hand-back", "unit", NOW + HOUR, reason="It is the roads' by law")
    here.town.move(case, "dispatch", "office", NOW + HOUR, unit="roads")
    here.tick(NOW + 4 * DAY)
    assert UNIT.findall(text(here.door("inspector").get("/town/breaches"))) == [("roads", "1", "<b>1</b>")]
