"""Pages of tables: a rank never without its interval, a move said to be noise where it is, a name with its promise."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from leitai.apps.tables import queries
from tests.factories import DAY, NOW, Town, build


@pytest.fixture
def town(db: None) -> Town:
    """The small place, with two months of works: water rose, tax fell, the harbour's figure of March is not there."""
    town = build("town")
    before = {"water": 5, "roads": 9, "tax": 12, "north": 10, "south": 7, "harbour": 3}
    town.reports("2024-02", before)
    town.table("works", "2024-02")
    town.reports("2024-03", {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7})
    return town


@pytest.fixture
def march(town: Town) -> Any:
    """The table of March, published."""
    return town.table("works", "2024-03")


def english() -> Client:
    """Anyone, reading English."""
    return Client(headers={"accept-language": "en"})


def text(answer: Any) -> str:
    """The page, which was answered well."""
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(answer.content.decode().split())


def sheet(answer: Any, number: int = 0) -> list[tuple[Any, ...]]:
    """The lines of a workbook's sheet."""
    assert answer.status_code == 200
    return list(load_workbook(BytesIO(answer.content)).worksheets[number].iter_rows(values_only=True))


def test_places_gained_are_told_and_who_was_not_there_has_none(march: Any) -> None:
    page = text(english().get(f"/town/t/{march.pk}"))
    water, rest = page.split('id="u-water"')[1].split('id="u-roads"')
    assert "up </span>2" in water
    roads, tax = rest.split('id="u-tax"')
    assert "same rank" in roads
    assert "down </span>2" in tax.split('id="u-north"')[0]
    assert "within noise" not in water, "the figures are whole: nothing of it is chance"
    assert "same rank" not in page.split('id="u-harbour"')[1].split("</tr>")[0]


def test_a_missing_figure_says_what_it_could_still_change(march: Any) -> None:
    harbour = text(english().get(f"/town/t/{march.pk}")).split('id="u-harbour"')[1].split("</tr>")[0]
    assert "not judged" in harbour
    assert "Funds arrived: missing; it may still bring any rank from 1–2" in harbour


def test_the_named_are_listed_with_what_the_names_promise(march: Any) -> None:
    page = text(english().get(f"/town/t/{march.pk}"))
    assert "The last one" in page and "The best one" in page
    assert "Named by the printed rank alone" in page, "rule 5 asks for no certainty"


def test_a_place_on_a_list_that_nobody_is_sure_for_stays_empty(db: None) -> None:
    from tests.factories import text as rules

    town = build("town", regime=rules().replace("certain: false", "certain: true"))
    town.reports("2024-03", {"water": 5, "roads": 5, "tax": 5, "north": 10, "south": 7, "harbour": 3})
    page = text(english().get(f"/town/t/{town.table('works', '2024-03').pk}"))
    assert "Nobody is named: of no unit is it sure enough." in page
    assert "Where fewer are sure, fewer are named." in page


def test_the_likes_of_a_band_are_told_as_one(db: None) -> None:
    town = build("town")
    town.reports("2024-03", {"water": 5, "roads": 5, "tax": 2, "north": 10, "south": 7, "harbour": 3})
    row = town.table("works", "2024-03")
    page = text(english().get(f"/town/t/{row.pk}"))
    assert "these 2 cannot be told from the first of them" in page
    found = text(english().get(f"/town/t/{row.pk}?q=roads"))
    assert "cannot be told from the first" not in found, "what a search picked out stands beside no neighbour"


def test_a_line_opened_accounts_for_the_move_and_names_the_cheapest_climbs(march: Any) -> None:
    page = text(english().get(f"/town/t/{march.pk}/u/roads", headers={"hx-request": "true"}))
    assert "<html" not in page
    assert "Since Feb 2024" in page and "Keeps rank 2." in page
    assert "What would move it" in page and "Funds arrived" in page
    assert "one place up" in page
    assert "/town/compare?u=roads&amp;u=water&amp;u=tax" in page


def test_a_first_table_has_no_move_to_account_for(town: Town) -> None:
    first = queries.tables(town.place)[-1]
    page = text(english().get(f"/town/t/{first.pk}/u/roads"))
    assert "Since" not in page


def test_editions_tell_line_by_line_what_a_correction_changed(town: Town, march: Any) -> None:
    from decimal import Decimal

    from leitai.apps.measures import actions as measures
    from leitai.apps.measures.models import Reading
    from tests.factories import BY, NOW

    only = text(english().get(f"/town/t/{march.pk}/editions"))
    assert "nothing was corrected" in only
    wrong = Reading.objects.get(unit__key="tax", period="2024-03")
    measures.correct(reading=wrong, value=Decimal(10), why="A digit was left out", by=BY, now=NOW)
    second = town.table("works", "2024-03", why="A digit was left out")
    page = text(english().get(f"/town/t/{second.pk}/editions"))
    assert "From edition 1 to edition 2" in page
    assert "A digit was left out" in page
    tax = page.split("Whose line is another")[1].split("Tax Bureau")[1].split("</tr>")[0]
    assert "3" in tax and "<b>2</b>" in tax
    figures = page.split("Which figures differ")[1]
    assert "Tax Bureau" in figures and "Funds arrived" in figures and "<b>10</b>" in figures
    assert "Water Bureau" not in figures
    back = text(english().get(f"/town/t/{march.pk}/editions?from={second.pk}"))
    assert "From edition 2 to edition 1" in back


def test_a_draft_edition_is_in_nobodys_list_but_the_offices(town: Town, march: Any) -> None:
    draft = town.table("works", "2024-03", why="Another look", published=False)
    assert english().get(f"/town/t/{draft.pk}/editions").status_code == 404
    assert "Another look" not in text(english().get(f"/town/t/{march.pk}/editions"))
    office = english()
    assert office.login(username="office-town", password="pass the long way")
    assert "Another look" in text(office.get(f"/town/t/{march.pk}/editions"))


def test_a_period_shows_every_arena_with_each_rank(march: Any) -> None:
    page = text(english().get("/town/t/period/2024-03"))
    water = page.split(">Water Bureau<")[1].split("</tr>")[0]
    assert 'data-label="Works"' in water and "<b>1</b>" in water
    assert 'aria-label="1 of 3; before that 3"' in water
    assert 'href="/town/t/period/2024-02"' in page
    assert "No unit of this group is called so." in text(english().get("/town/t/period/2024-03?q=water"))


def test_a_quarter_leads_to_its_months_and_back(town: Town, march: Any) -> None:
    town.reports("2024-01", {"water": 5, "roads": 9, "tax": 12, "north": 10, "south": 7, "harbour": 3})
    town.table("works", "2024-01")
    town.table("quarter", "2024-Q1")
    assert 'href="/town/t/period/2024-03"' in text(english().get("/town/t/period/2024-Q1"))
    assert 'href="/town/t/period/2024-Q1"' in text(english().get("/town/t/period/2024-03"))


@pytest.mark.parametrize("key", ["soon", "2023-01", "2024-04"])
def test_a_period_without_tables_is_not_there(march: Any, key: str) -> None:
    assert english().get(f"/town/t/period/{key}").status_code == 404


def test_a_drafts_period_is_not_told(town: Town) -> None:
    town.table("works", "2024-03", published=False)
    assert english().get("/town/t/period/2024-03").status_code == 404


def test_a_period_as_excel_holds_what_is_seen(march: Any) -> None:
    rows = sheet(english().get("/town/t/period/2024-03.xlsx"))
    assert rows[0] == ("Unit", "Works: Rank", "Works: Best", "Works: Worst", "Works: Gained")
    assert rows[1] == ("Water Bureau", 1, 1, 1, 2)
    found = sheet(english().get("/town/t/period/2024-03.xlsx?q=tax"))
    assert [row[0] for row in found] == ["Unit", "Tax Bureau"]


def test_the_heat_map_sorts_by_a_measure_and_says_why_a_cell_is_empty(march: Any) -> None:
    def order(query: str) -> list[str]:
        page = text(english().get(f"/town/t/{march.pk}/heat?{query}"))
        names = ("Water Bureau", "Roads Bureau", "Tax Bureau")
        return sorted(names, key=lambda name: page.index(f">{name}<"))

    assert order("") == ["Water Bureau", "Roads Bureau", "Tax Bureau"]
    assert order("by=funds&way=up") == ["Tax Bureau", "Roads Bureau", "Water Bureau"]
    page = text(english().get(f"/town/t/{march.pk}/heat"))
    harbour = page.split(">Harbour District<")[1].split("</tr>")[0]
    assert "fifth-0" in harbour and "missing" in harbour and "open: rank 1–2" in harbour
    assert 'aria-sort="ascending"' in page


def test_a_late_figure_is_marked_with_what_it_decided(db: None) -> None:
    town = build("town")
    town.report("water", "2024-03", 12, at=NOW - 7 * DAY)
    town.report("roads", "2024-03", 9)
    town.report("tax", "2024-03", 5, at=NOW - 7 * DAY)
    page = text(english().get(f"/town/t/{town.table('works', '2024-03').pk}/heat"))
    water, roads = (page.split(f"/u/{key}")[1].split("</tr>")[0] for key in ("water", "roads"))
    assert "came late" in roads and "without it: not judged" in roads
    assert "came late" not in water


def test_the_heat_map_as_excel_is_in_the_order_of_the_page(march: Any) -> None:
    rows = sheet(english().get(f"/town/t/{march.pk}/heat.xlsx?group=bureaus&by=funds&way=up"))
    assert [row[0] for row in rows] == ["Unit", "Tax Bureau", "Roads Bureau", "Water Bureau"]
    assert rows[1][2:] == (3, 3, 3, 50, 5, 50)


def test_a_table_of_no_rate_has_no_funnel(march: Any) -> None:
    assert english().get(f"/town/t/{march.pk}/funnel").status_code == 404
    assert "/funnel" not in text(english().get(f"/town/t/{march.pk}"))


def test_a_real_change_is_told_with_what_made_it(town: Town, march: Any) -> None:
    real = text(english().get(f"/town/t/{march.pk}/changes"))
    water = real.split(">Water Bureau<")[1].split(">Tax Bureau<")[0]
    assert "Rose from rank 3 to 1." in water and "its own figures" in water
    assert "moves within noise" not in real
    first = queries.tables(town.place)[-1]
    assert english().get(f"/town/t/{first.pk}/changes").status_code == 404


def test_a_table_leads_to_its_data_in_every_form(march: Any) -> None:
    page = text(english().get(f"/town/t/{march.pk}"))
    for path in ("pack.zip", "table.csv", "table.json"):
        assert f'href="/town/t/{march.pk}/{path}"' in page
        assert english().get(f"/town/t/{march.pk}/{path}").status_code == 200
    assert f"leitai table recompute town-works-2024-03-{march.edition}.zip" in page
