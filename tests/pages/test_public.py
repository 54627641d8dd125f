"""What anyone may see: board, units, tables with how sure they are, rule-book, calendar, ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from leitai.rules.kernel import Period

from .place import BY, Shan

Door = Callable[[str], Any]


@pytest.fixture
def told(shan: Shan) -> Any:
    """Last month's table of the small place, published; the month before it, too, the other way round."""
    from leitai.apps.tables import actions

    last = Period.containing("month", shan.now.astimezone(shan.place.zone).date()).previous()
    for month, north, south in ((last.previous(), "9", "4"), (last, "4", "9")):
        shan.reading(shan.north, month, north)
        shan.reading(shan.south, month, south)
        table = actions.freeze(place=shan.place, arena="works", period=month, by=BY, now=shan.now)
        actions.publish(table=table, by="account:leader", now=shan.now)
    return table


def text(answer: Any) -> str:
    """The page, which was answered well."""
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("path", ["", "t/", "u/", "u/north", "calendar", "log", "log?verify=1", "rules"])
def test_the_public_pages_open_to_anyone_in_both_languages(shan: Shan, at_door: Door, path: str) -> None:
    from django.test import Client

    assert 'lang="en"' in text(at_door("").get(f"/shan/{path}"))
    assert 'lang="zh-hans"' in text(Client(headers={"accept-language": "zh-CN"}).get(f"/shan/{path}"))


def test_the_only_place_is_the_front_page(shan: Shan, at_door: Door) -> None:
    assert at_door("").get("/")["Location"] == "/shan/"
    assert "Mountain County" in text(at_door("").get("/?all"))


def test_the_board_shows_ranks_with_ranges_and_real_changes(told: Any, at_door: Door) -> None:
    page = text(at_door("").get("/shan/"))
    assert "South Bureau" in page
    assert "1 of 2" in page
    assert "up 1" in page


def test_kinds_of_unit_are_called_as_the_rule_book_says(shan: Shan, at_door: Door) -> None:
    from django.test import Client

    assert "County department" in text(at_door("").get("/shan/u/"))
    assert "County department" in text(at_door("").get("/shan/u/north"))
    assert "部门" in text(Client(headers={"accept-language": "zh-CN"}).get("/shan/u/north"))


def test_a_place_without_tables_says_so(shan: Shan, at_door: Door) -> None:
    assert "No table has been published yet." in text(at_door("").get("/shan/"))


def test_too_few_verdicts_are_said_to_be_too_few(shan: Shan, at_door: Door) -> None:
    shan.verdict()
    page = text(at_door("").get("/shan/u/north"))
    assert "too few to judge" in page
    assert "100%" not in page


def test_a_table_says_why_and_how_to_recompute_it(told: Any, at_door: Door) -> None:
    client = at_door("")
    page = text(client.get(f"/shan/t/{told.pk}"))
    assert told.digest in page
    why = text(client.get(f"/shan/t/{told.pk}/u/south"))
    assert "Funds arrived" in why
    assert "ahead of North Bureau" in why
    part = text(client.get(f"/shan/t/{told.pk}/u/south", headers={"hx-request": "true"}))
    assert "<html" not in part
    assert "Funds arrived" in part


def test_a_filter_narrows_the_page_and_the_sheet_alike(told: Any, at_door: Door) -> None:
    client = at_door("")
    page = text(client.get(f"/shan/t/{told.pk}?q=south"))
    assert 'id="u-south"' in page
    assert 'id="u-north"' not in page
    sheet = load_workbook(BytesIO(client.get(f"/shan/t/{told.pk}.xlsx?q=south").content)).worksheets[0]
    assert [row[1] for row in sheet.iter_rows(values_only=True)] == ["Unit", "South Bureau"]


def test_the_data_pack_recomputes_to_the_published_table(told: Any, at_door: Door) -> None:
    from leitai.rules.scoring import TableInputs, TableSpec, compute

    pack = json.loads(at_door("").get(f"/shan/t/{told.pk}.json").content)
    again = compute(TableSpec.from_json(pack["spec"]), TableInputs.from_json(pack["inputs"])).to_json()
    assert again == pack["result"]
    assert pack["digest"] == told.digest


def test_the_office_freezes_and_a_second_person_publishes(shan: Shan, at_door: Door) -> None:
    from leitai.apps.tables.models import Table

    office, leader, anyone = at_door("office"), at_door("leader"), at_door("")
    month = Period.containing("month", shan.now.astimezone(shan.place.zone).date()).previous()
    shan.reading(shan.north, month, "5")
    form = {"arena": "works", "period": month.key}
    frozen = office.post("/shan/t/freeze", form, follow=True)
    table = Table.objects.get()
    assert "not published yet" in text(frozen)
    assert anyone.get(f"/shan/t/{table.pk}").status_code == 404
    assert leader.post("/shan/t/freeze", form).status_code == 403
    refused = office.post(f"/shan/t/{table.pk}/publish", follow=True)
    assert "a second person does" in text(refused)
    leader.post(f"/shan/t/{table.pk}/publish")
    assert text(anyone.get(f"/shan/t/{table.pk}"))
    again = office.post("/shan/t/freeze", form, follow=True)
    assert "say why there is to be another" in text(again)


def test_a_wrong_period_is_told_in_words(shan: Shan, at_door: Door) -> None:
    said = at_door("office").post("/shan/t/freeze", {"arena": "works", "period": "soon"}, follow=True)
    assert "Write a period as" in text(said)


def test_the_rule_book_is_read_aloud_with_its_sources(shan: Shan, at_door: Door) -> None:
    page = text(at_door("").get("/shan/rules"))
    assert "Settle: within 3 days" in page
    assert "rule 1: funds are reported monthly" in page
    file = at_door("").get("/shan/rules.yaml")
    assert file.content.decode().startswith("\nleitai: 1")


def test_the_ledger_hides_who_and_shows_a_whole_chain(shan: Shan, at_door: Door) -> None:
    from leitai.apps.ledger.sealing import seal

    assert seal(shan.place)
    page = text(at_door("").get("/shan/log?verify=1"))
    assert "The chain is whole." in page
    assert "rule-book loaded" in page
    assert "setup" not in page
    assert "setup" in text(at_door("inspector").get("/shan/log"))


def test_the_ledger_page_names_an_altered_event(shan: Shan, at_door: Door) -> None:
    from leitai.apps.ledger.models import Event
    from leitai.apps.ledger.sealing import seal

    seal(shan.place)
    Event.objects.filter(seq=3).update(by="account:somebody-else")
    page = text(at_door("").get("/shan/log?verify=1"))
    assert "The chain is broken." in page
    assert "event 3 was altered" in page


def test_an_occasion_is_marked_as_held_by_those_who_may(shan: Shan, at_door: Door) -> None:
    from leitai.apps.occasions.models import Occasion

    row = Occasion.objects.create(
        place=shan.place, key="review", nominal="x", at=shan.now - timedelta(hours=2), state="due"
    )
    path = f"/shan/calendar/{row.pk}/hold"
    assert at_door("north").post(path, {"note": "x"}).status_code == 403
    at_door("leader").post(path, {"note": "Three things decided", "nothing": "1"})
    row.refresh_from_db()
    assert row.state == "held"
    month = f"{row.at.astimezone(shan.place.zone):%Y-%m}"
    assert "Three things decided" in text(at_door("").get(f"/shan/calendar?month={month}"))


@pytest.mark.parametrize(
    "path", ["nowhere/", "shan/u/nobody", "shan/t/99", "shan/calendar?month=soon", "shan/rules?on=x"]
)
def test_what_is_not_there_is_told_in_plain_words(shan: Shan, at_door: Door, path: str) -> None:
    answer = at_door("").get(f"/{path}")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_sample_data_is_marked_on_every_page(shan: Shan, at_door: Door) -> None:
    ribbon = "Sample data"
    assert ribbon not in text(at_door("").get("/shan/"))
    shan.place.sample = True
    shan.place.save()
    for path in ("", "t/", "u/", "u/north", "calendar", "log", "rules"):
        assert ribbon in text(at_door("").get(f"/shan/{path}"))


def test_no_page_carries_script_or_style_of_its_own(told: Any, at_door: Door) -> None:
    for path in (
        "",
        "t/",
        f"t/{told.pk}",
        f"t/{told.pk}/u/south",
        "u/",
        "u/north",
        "calendar",
        "log",
        "rules",
    ):
        page = text(at_door("office").get(f"/shan/{path}"))
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page
