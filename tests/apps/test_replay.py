"""What another rule-book would have made of past months: computed from what was frozen, written nowhere."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leitai.apps.ledger.models import Event
from leitai.apps.regimes.actions import load
from leitai.apps.regimes.queries import regime_on
from leitai.apps.tables import queries
from leitai.apps.tables.models import Table
from leitai.apps.tables.queries.replay import ACTS, CEASES
from leitai.cli import complete
from leitai.rules.regime.book import Book
from leitai.rules.regime.model import Regime
from tests.factories import BY, NOW, Town, text

FEBRUARY, MARCH = "2024-02", "2024-03"
FIRST, LAST = date(2024, 1, 1), date(2024, 3, 31)
VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


def book(*changes: tuple[str, str]) -> Regime:
    """The town's rule-book with some other words."""
    written = text()
    for old, new in changes:
        assert old in written
        written = written.replace(old, new)
    return Book({"other": written}).latest()


@pytest.fixture
def past(town: Town) -> Town:
    """Two months of works and of service, and the quarter of works."""
    for month in (FEBRUARY, MARCH):
        town.reports(month, VALUES)
    for unit, bad in (("water", 0), ("roads", 1), ("tax", 3)):
        for n in range(4):
            grade = "dissatisfied" if n < bad else "satisfied"
            town.verdict(unit, grade, at=NOW - timedelta(days=20, minutes=n))
            town.verdict(unit, "satisfied", at=NOW - timedelta(days=45, minutes=n))
    for month in (FEBRUARY, MARCH):
        town.table("works", month)
        town.table("service", month)
    town.table("quarter", "2024-Q1")
    town.drive()
    return town


def test_the_rules_in_force_change_nothing_and_nothing_is_written(past: Town) -> None:
    before = Event.objects.count(), Table.objects.count()
    found = queries.replay(past.place, regime_on(past.place, LAST), FIRST, LAST)
    assert [(one.table.arena, one.table.period) for one in found.tables] == [
        ("quarter", "2024-Q1"),
        ("service", FEBRUARY),
        ("works", FEBRUARY),
        ("service", MARCH),
        ("works", MARCH),
    ]
    assert not any(one.moved or one.fresh or one.deeds for one in found.tables)
    assert (found.rules, found.skipped, found.unanswered, found.units()) == ((), (), 0, {})
    assert (Event.objects.count(), Table.objects.count()) == before


def test_other_weights_move_units_and_what_follows_from_it(past: Town) -> None:
    """Two named worst instead of one: the rule that tells the last of each group would act on more."""
    other = book(("worst: {take: 1, certain: false", "worst: {take: 2, certain: false"))
    found = queries.replay(past.place, other, date(2024, 3, 1), LAST)
    (works,) = (one for one in found.tables if one.table.arena == "works")
    assert {one.unit for one in works.moved} == {"roads", "south"}
    assert {(one.unit, one.do, one.what) for one in works.deeds} == {
        ("roads", "propose warning for unit", ACTS),
        ("south", "propose warning for unit", ACTS),
    }
    assert {key: one.named for key, one in found.units().items()} == {"roads": 1, "south": 1}


def test_a_rule_that_is_gone_would_not_act(past: Town) -> None:
    other = book(
        (
            'if: table.arena == "works" && unit.named_worst\n    do: propose warning',
            "if: unit.rank < 0\n    do: propose warning",
        )
    )
    found = queries.replay(past.place, other, FIRST, LAST)
    deeds = {(one.table.period, deed.unit, deed.what) for one in found.tables for deed in one.deeds}
    assert deeds == {(month, unit, CEASES) for month in (FEBRUARY, MARCH) for unit in ("tax", "harbour")}


def test_another_method_below_comes_up_in_the_arena_above(past: Town) -> None:
    other = book(("points: {by: target, cap: 120}", "points: {by: target, cap: 100}"))
    found = queries.replay(past.place, other, FIRST, LAST)
    (quarter,) = (one for one in found.tables if one.table.arena == "quarter")
    assert [(one.unit, one.old.score, one.new.score) for one in quarter.moved] == [("water", 120, 100)]


def test_a_measure_that_was_not_weighed_is_read_from_the_rows_and_that_is_said(past: Town) -> None:
    other = book(("weigh: {funds: 100}", "weigh: {funds: 10, good-verdicts: 90}"))
    found = queries.replay(past.place, other, date(2024, 3, 1), LAST)
    (works,) = (one for one in found.tables if one.table.arena == "works")
    assert works.fresh == ("good-verdicts",)
    tax = works.result.row("tax")
    assert {one.measure: one.raw for one in tax.contributions} == {
        "funds": 5,
        "good-verdicts": Decimal("0.25"),
    }


def test_an_arena_that_is_gone_or_told_otherwise_is_left_out(past: Town) -> None:
    other = book(
        (
            "  works:\n    name: {zh: 项目擂台, en: Works}\n    every: month",
            "  works:\n    name: {zh: 项目擂台, en: Works}\n    every: week",
        )
    )
    found = queries.replay(past.place, other, FIRST, LAST)
    assert {(one.table.arena, one.table.period, one.why) for one in found.skipped} == {
        ("works", FEBRUARY, "other-period"),
        ("works", MARCH, "other-period"),
    }


def test_rules_on_other_events_are_counted(past: Town) -> None:
    other = book(
        (
            "{on: ballot.bad, do: open case bad-verdict",
            '{on: ballot.bad, if: ballot.channel == "nowhere", do: open case bad-verdict',
        )
    )
    (found,) = queries.replay(past.place, other, FIRST, LAST).rules
    assert (found.event, found.do, found.did, found.would, found.of) == (
        "ballot.bad",
        "open case bad-verdict",
        4,
        0,
        4,
    )


def test_weights_alone_can_be_asked_about(past: Town) -> None:
    regime = regime_on(past.place, LAST)
    other = queries.weighed_otherwise(
        regime, "service", {"good-verdicts": Decimal(100), "finished": Decimal(0), "bad-ones": Decimal(0)}
    )
    found = queries.replay(past.place, other, date(2024, 3, 1), LAST)
    (service,) = (one for one in found.tables if one.table.arena == "service")
    assert {one.unit: one.new.score for one in service.moved}["tax"] == 25
    assert regime.arenas["service"].weigh["finished"] == 40, "the rule-book itself is not touched"


# As typed


def typed(*words: str) -> Any:
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(complete(), ["regime", "replay", *words])


def test_the_command_says_who_gains_who_loses_and_writes_files(past: Town, tmp_path: Path) -> None:
    file, out = tmp_path / "other.yaml", tmp_path / "out"
    written = text().replace("worst: {take: 1, certain: false", "worst: {take: 2, certain: false")
    file.write_text(written, encoding="utf-8")
    told = typed("--place", "town", "--regime", str(file), "--from", MARCH, "--to", MARCH, "--out", str(out))
    assert told.exit_code == 0, told.stderr
    assert "2024-03-01 to 2024-03-31: 2 tables computed again, 1 come out otherwise" in told.stdout
    assert "named among the worst who was not: 2\n  roads: works 2024-03" in told.stdout
    assert "works 2024-03: would act: propose warning for unit (roads)" in told.stdout
    lines = list(csv.DictReader((out / "lines.csv").open(encoding="utf-8")))
    assert [(one["unit"], one["was_named_worst"], one["would_named_worst"]) for one in lines] == [
        ("roads", "False", "True"),
        ("south", "False", "True"),
    ]
    deeds = list(csv.DictReader((out / "deeds.csv").open(encoding="utf-8")))
    assert {one["unit"] for one in deeds} == {"roads", "south"}
    assert (out / "units.csv").exists() and (out / "events.csv").exists()


def test_the_command_says_what_is_wrong(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(text("vale"), encoding="utf-8")
    assert "published no tables" in typed("--place", "town", "--regime", str(file)).stderr
    town.reports(MARCH, VALUES)
    town.table("works", MARCH)
    place = ("--place", "town", "--regime")
    assert "rule-book of vale, not of town" in typed(*place, str(file)).stderr
    assert "No such file" in typed(*place, str(tmp_path / "none.yaml")).stderr
    assert "is after" in typed(*place, str(file), "--from", "2024-03", "--to", "2024-01").stderr
    assert "not a period" in typed(*place, str(file), "--from", "March").stderr
    file.write_text("leitai: 1\n", encoding="utf-8")
    assert typed(*place, str(file)).exit_code == 2


def test_a_unit_that_the_arena_below_does_not_rank_stays_as_it_was_scored(town: Town) -> None:
    """Works are told of the districts alone; the quarter has the bureaus too, by the rules of works."""
    alone = (
        "groups: [bureaus, districts]\n    weigh: {funds: 100}",
        "groups: [districts]\n    weigh: {funds: 100}",
    )
    load(place=town.place, text=text().replace(*alone), by=BY, now=NOW)
    town.reports(MARCH, VALUES)
    town.table("works", MARCH)
    town.table("quarter", "2024-Q1")
    same = queries.replay(town.place, regime_on(town.place, LAST), FIRST, LAST)
    assert not any(one.moved for one in same.tables)
    other = book(alone, ("points: {by: target, cap: 120}", "points: {by: target, cap: 80}"))
    found = queries.replay(town.place, other, FIRST, LAST)
    (quarter,) = (one for one in found.tables if one.table.arena == "quarter")
    scores = {one.unit: (one.old.score, one.new.score) for one in quarter.moved}
    assert scores == {"water": (120, 80), "roads": (90, 80), "north": (100, 80)}
