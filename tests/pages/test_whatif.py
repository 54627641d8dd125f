"""The office asks what other weights, methods or rules would have done; nobody else may, and nothing is written."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from leitai.apps.ledger.models import Event
from leitai.apps.tables.models import Table
from tests.factories import NOW, Town, build
from tests.factories import text as rules

WEIGHTS = "w-good-verdicts=0&w-finished=40&w-bad-ones=60"
TWO_NAMED = rules().replace("worst: {take: 1, certain: false", "worst: {take: 2, certain: false")


@pytest.fixture
def town(db: None) -> Town:
    """The small place with two months of works and of service, in which verdicts and found ones differ."""
    found = build("town")
    for month in ("2024-02", "2024-03"):
        found.reports(month, {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3})
    for unit, bad in (("water", 0), ("roads", 1), ("tax", 3)):
        for n in range(4):
            at = NOW - timedelta(days=20, minutes=n)
            found.verdict(unit, "dissatisfied" if n < bad else "satisfied", at=at)
            found.verdict(unit, "satisfied", at=at - timedelta(days=25))
    for month in ("2024-02", "2024-03"):
        found.table("works", month)
        found.table("service", month)
    return found


def of(town: Town, role: str = "office") -> Client:
    """Somebody of a role, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.posts[role].account)
    return client


def text(answer: Any) -> str:
    """The page, which was answered well."""
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(answer.content.decode().split())


def test_only_who_freezes_tables_may_ask(town: Town) -> None:
    assert Client().get("/town/t/whatif").status_code == 302
    for role in ("clerk", "leader", "patrol"):
        assert of(town, role).get("/town/t/whatif").status_code == 403
        assert of(town, role).get("/town/t/whatif.xlsx").status_code == 403
    assert "/town/t/whatif" in text(of(town).get("/town/t/"))
    assert "/town/t/whatif" not in text(of(town, "leader").get("/town/t/"))


def test_the_form_has_the_weights_as_they_are_and_asks_nothing_yet(town: Town) -> None:
    page = text(of(town).get("/town/t/whatif?arena=service"))
    assert 'name="w-finished" value="40" min="0" max="100"' in page
    assert "Change a weight or a method" in page
    assert "Who gains" not in page


def test_other_methods_show_who_gains_and_who_loses_with_ranks_before_and_after(town: Town) -> None:
    """By place in the group the water bureau has 100, the roads bureau 50, the tax bureau 0: the ranks stay."""
    before = Event.objects.count(), Table.objects.count()
    page = text(of(town).get("/town/t/whatif?arena=works&by-funds=rank"))
    assert "Tables computed again" in page
    assert "Every rank stays as it was." in page
    assert (Event.objects.count(), Table.objects.count()) == before


def test_a_named_unit_more_is_told_with_what_the_rules_would_do(town: Town) -> None:
    answer = of(town).post("/town/t/whatif", {"draft": TWO_NAMED, "from": "2024-03", "to": "2024-03"})
    page = text(answer)
    assert "newly named worst" in page
    assert "would act" in page and "propose warning for unit" in page
    assert TWO_NAMED.splitlines()[5].strip() in answer.content.decode(), "the draft stays in its box"


def test_ranks_that_chance_may_explain_are_said_to_be_noise(town: Town) -> None:
    page = text(of(town).get(f"/town/t/whatif?arena=service&from=2024-03&to=2024-03&{WEIGHTS}"))
    page_of = page.split("Rank as published")
    assert len(page_of) > 1, "all have the same points now, so two of three ranks are others"
    assert "within noise" in page


def test_what_cannot_be_asked_is_told_by_the_field(town: Town) -> None:
    office = of(town)
    page = text(office.get("/town/t/whatif?arena=service&w-finished=90"))
    assert "The weights sum to 150; they are to sum to 100." in page
    page = text(office.get("/town/t/whatif?arena=service&w-finished=many"))
    assert "The weight of Errands finished is to be a number from 0 to 100, not “many”." in page
    assert "not “-1”" in text(office.get("/town/t/whatif?arena=service&w-finished=-1"))
    assert "not “NaN”" in text(office.get("/town/t/whatif?arena=service&w-finished=NaN"))
    page = text(office.get("/town/t/whatif?arena=service&from=2024-03&to=2024-02"))
    assert "From 2024-03 is after to 2024-02." in page
    assert "No rule-book comes into force on 1999-01-01." in text(
        office.get("/town/t/whatif?book=1999-01-01")
    )


def test_a_draft_with_faults_is_answered_with_them(town: Town) -> None:
    office = of(town)
    assert "Put in the text of a rule-book" in text(office.post("/town/t/whatif", {"draft": " "}))
    page = text(office.post("/town/t/whatif", {"draft": TWO_NAMED.replace("{funds: 100}", "{fund: 100}")}))
    assert 'role="alert"' in page and "Who gains" not in page
    page = text(office.post("/town/t/whatif", {"draft": rules("vale")}))
    assert "This is the rule-book of vale, not of town." in page


def test_the_answer_as_excel(town: Town) -> None:
    answer = of(town).post("/town/t/whatif.xlsx", {"draft": TWO_NAMED, "from": "2024-03", "to": "2024-03"})
    units, lines, deeds, about = load_workbook(BytesIO(answer.content)).worksheets
    named = {row[3]: row[-1] for row in lines.iter_rows(min_row=2, values_only=True)}
    assert named["Roads Bureau"] == "named worst"
    assert {row[0] for row in units.iter_rows(min_row=2, values_only=True)} == {
        "Roads Bureau",
        "South District",
    }
    assert "propose warning for unit" in {row[4] for row in deeds.iter_rows(values_only=True)}
    assert about["A1"].value == "Place"


def test_a_place_without_tables_has_nothing_to_ask_about(db: None) -> None:
    empty = build("vale")
    assert "No table has been published yet" in text(of(empty).get("/vale/t/whatif"))
