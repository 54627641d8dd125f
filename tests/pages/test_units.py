"""A unit's page and units side by side: history with intervals, streaks, the nearest, and who is truly ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from leitai.apps.tables import queries
from tests.factories import Town, build

MONTHS = {
    "2024-01": {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3},
    "2024-02": {"water": 11, "roads": 5, "tax": 9, "north": 10, "south": 7, "harbour": 3},
    "2024-03": {"water": 10, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3},
}


@pytest.fixture
def town(db: None) -> Town:
    """The small place with three months of works: water is the best each time."""
    town = build("town")
    for month, figures in MONTHS.items():
        town.reports(month, figures)
        town.table("works", month)
    return town


def read(path: str) -> str:
    """A public page in English, which was answered well."""
    answer = Client(headers={"accept-language": "en"}).get(f"/town/{path}")
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(answer.content.decode().split())


def test_a_unit_sees_its_history_its_streaks_and_its_nearest(town: Town) -> None:
    page = read("u/water")
    assert "named among the best: 3 times running" in page
    assert "surely in the upper half: 3 times running" in page
    assert "Rank by period, the best at the top" in page
    assert page.count("1 of 3") >= 3
    near = page.split('class="neighbours"')[1].split("</ol>")[0]
    assert near.index("Water Bureau") < near.index("Roads Bureau")
    assert "Tax Bureau" not in near.split("Roads Bureau")[0]
    assert 'href="/town/compare?u=water&u=roads' in page.replace("&amp;", "&")


def test_one_time_is_no_streak(town: Town) -> None:
    page = read("u/tax")
    assert "times running" not in page
    assert "down" in page.split('id="in-works"')[1].split("Why, and what")[0]


def test_a_unit_in_no_table_says_so(town: Town) -> None:
    assert "It is in no published table yet." in read("u/town-hall")


def test_units_side_by_side_say_who_is_truly_ahead(town: Town) -> None:
    page = read("compare?u=roads&u=water")
    assert "Water Bureau is truly ahead of Roads Bureau." in page
    assert page.index(">Roads Bureau</th>") < page.index(">Water Bureau</th>"), (
        "in the order that was asked for"
    )
    assert "Funds arrived" in page


def test_units_of_two_groups_are_not_ordered(town: Town) -> None:
    page = read("compare?u=water&u=north")
    assert "Bureaus" in page and "Districts" in page
    assert "truly ahead" not in page and "cannot be told apart" not in page


def test_equals_cannot_be_told_apart(db: None) -> None:
    town = build("town")
    town.reports("2024-03", {"water": 5, "roads": 5, "tax": 2, "north": 10, "south": 7, "harbour": 3})
    town.table("works", "2024-03")
    page = read("compare?u=roads&u=water&u=tax")
    assert "Roads Bureau and Water Bureau cannot be told apart" in page
    assert page.count("is truly ahead of Tax Bureau") == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Choose the units to compare."),
        ("?u=water", "Choose at least one more unit."),
        ("?u=water&u=water", "Choose at least one more unit."),
        ("?u=water&u=nobody", "There is no unit “nobody”"),
        ("?u=water&unit=nobody", "There is no unit “nobody”"),
        ("?u=water&u=town-hall&u=tax-window", "not in it"),
        ("?u=town-hall&u=tax-window", "None of them is in a published table yet."),
        ("?u=water&u=roads&u=tax&u=north&u=south&u=harbour", "Five units at most"),
    ],
)
def test_what_cannot_be_compared_is_told(town: Town, query: str, said: str) -> None:
    assert said in read(f"compare{query}")


def test_a_unit_typed_into_the_box_joins_the_others(town: Town) -> None:
    answer = Client(headers={"accept-language": "en"}).get("/town/compare?u=water&unit=Roads Bureau · roads")
    assert answer["Location"] == "/town/compare?u=water&u=roads"


def test_the_comparison_as_excel(town: Town) -> None:
    client = Client(headers={"accept-language": "en"})
    book = load_workbook(BytesIO(client.get("/town/compare.xlsx?u=water&u=tax").content))
    rows = list(book["Works"].iter_rows(values_only=True))
    assert rows[0][1:] == ("Water Bureau", "Tax Bureau")
    assert rows[1] == ("Rank", 1, 3)
    assert ("Funds arrived", 10, 5) in rows
    assert client.get("/town/compare.xlsx?u=water").status_code == 404


def test_units_are_ticked_in_the_list_to_be_compared(town: Town) -> None:
    page = read("u/")
    assert 'action="/town/compare"' in page
    assert 'name="u" value="water"' in page


def test_nothing_of_another_place_is_compared(town: Town) -> None:
    build("vale")
    answer = Client(headers={"accept-language": "en"}).get("/vale/compare?u=water&u=roads")
    assert "None of them is in a published table yet." in " ".join(answer.content.decode().split())


def test_open_problems_stand_there_without_what_reaches_a_person(town: Town) -> None:
    title = "Lid, call 138 0013 8000 or li@mail.example, house 12"
    town.move(town.case("finding", None, title=title), "dispatch", "office", unit="water")
    page = read("u/water")
    assert "Lid, call … or …, house 12" in page


def test_a_units_page_as_excel(town: Town) -> None:
    town.verdict("water", at=datetime.now(UTC))
    client = Client(headers={"accept-language": "en"})
    book = load_workbook(BytesIO(client.get("/town/u/water.xlsx").content))
    stands, verdicts, _promises, _consequences, about = book.worksheets
    rows = list(stands.iter_rows(min_row=2, values_only=True))
    assert [row[:5] for row in rows] == [("Works", f"{m} 2024", 1, 1, 1) for m in ("Mar", "Feb", "Jan")]
    year = next(verdicts.iter_rows(min_row=2, max_row=2, values_only=True))
    assert year[:3] == ("12 months", 1, 1)
    assert year[5:] == (None, None, None), "one is too few for a share"
    assert about["B2"].value == "Water Bureau"
    assert 'href="/town/u/water.xlsx"' in read("u/water")
    assert client.get("/town/u/nobody.xlsx").status_code == 404


def test_a_finding_on_the_board_stands_with_the_units_reply(town: Town) -> None:
    from leitai.apps.ballots import actions

    now = datetime.now(UTC)
    ballot = town.found(town.verdict("tax-window", at=now), at=now)
    assert "No reply of the unit yet." in read("")
    ballot.refresh_from_db()
    actions.answer(ballot=ballot, text="A second desk, ask 138 0013 8000", by="account:clerk", now=now)
    page = read("")
    assert "A second desk, ask …" in page and "No reply of the unit yet." not in page


def test_each_edition_leads_to_its_own_bulletin(town: Town) -> None:
    second = town.table("works", "2024-03", why="A figure was mistyped")
    assert f'href="/town/t/{second.pk}/bulletin"' in read(f"t/{second.pk}")
    first = next(one for one in queries.editions(second) if one.edition == 1)
    page = read(f"t/{first.pk}")
    assert f'href="/town/t/{first.pk}/bulletin"' in page and f"/t/{second.pk}/bulletin" not in page
