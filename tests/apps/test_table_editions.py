"""Editions: what differs between two is named, a move is accounted for, and no edition is published by one person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions as measures
from leitai.apps.measures.queries import current
from leitai.apps.tables import queries
from leitai.apps.tables.models import Table
from tests.factories import BY, NOW, Town, database_refuses

FEBRUARY, MARCH = "2024-02", "2024-03"
VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


@pytest.fixture
def march(town: Town) -> Any:
    """The table of works of March, published."""
    town.reports(MARCH, VALUES)
    return town.table("works", MARCH)


def corrected(town: Town, unit: str, value: int, *, why: str = "A digit was lost") -> Table:
    """The next edition of works of March, after a unit's figure was corrected."""
    (reading,) = (row for row in current(town.place, "funds", [MARCH]) if row.unit == town.units[unit])
    measures.correct(reading=reading, value=Decimal(value), why=why, by=BY, now=NOW)
    return town.table("works", MARCH, why=why)


def test_a_corrected_reading_is_edition_two_and_the_difference_is_named(town: Town, march: Table) -> None:
    second = corrected(town, "tax", 11)
    found = queries.difference(march, second)
    (cell,) = found.cells
    assert (cell.unit.key, cell.name.en) == ("tax", "Funds arrived")
    assert (cell.cell.old.value, cell.cell.new.value) == (5, 11)
    assert {one.unit.key: one.moved.gained for one in found.lines} == {"tax": 1, "roads": -1}
    assert [one.unit.key for one in found.lines if one.moved.new.named_worst] == ["roads"]
    assert (found.rules, found.cells_count, found.lines_count) == ((), 1, 2)
    assert queries.verify(march).same and queries.verify(second).same
    assert queries.difference(march, second, limit=0).lines_count == 2


def test_an_edition_that_says_the_same_differs_in_nothing(town: Town, march: Table) -> None:
    found = queries.difference(march, town.table("works", MARCH, why="To be sure"))
    assert (found.rules, found.cells, found.lines) == ((), (), ())


def test_a_later_edition_is_told_as_a_correction_and_no_rule_on_publication_acts_again(town: Town) -> None:
    town.reports(MARCH, VALUES)
    first = town.table("works", MARCH)
    town.drive()
    before = town.kinds().count("merit.proposed")
    assert before == 4, "in each of two groups one is named worst and one best"
    second = corrected(town, "tax", 11)
    town.drive()
    assert town.kinds().count("merit.proposed") == before
    (event,) = Event.objects.filter(kind="table.corrected")
    assert event.subject == f"table:{second.pk}"
    assert (data(event)["corrects"], data(event)["why"]) == (first.edition, "A digit was lost")
    assert town.kinds().count("table.published") == 1
    assert not Event.objects.filter(kind="rule.failed").exists()


def test_the_first_edition_that_is_published_is_no_correction_whatever_its_number(town: Town) -> None:
    town.reports(MARCH, VALUES)
    town.table("works", MARCH, published=False)
    second = town.table("works", MARCH, why="The first was never shown")
    assert second.edition == 2
    assert (town.kinds().count("table.published"), town.kinds().count("table.corrected")) == (1, 0)


def test_the_database_refuses_who_froze_it_as_publisher(town: Town) -> None:
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH, published=False)
    with database_refuses(Table, "table_published_by_another"):
        Table.objects.filter(pk=row.pk).update(published_at=NOW, published_by=row.frozen_by)


# Moves


def test_a_move_is_accounted_for_by_its_parts(town: Town, march: Table) -> None:
    assert queries.change_account(march, "tax") is None, "February has no table"
    town.reports(FEBRUARY, VALUES | {"tax": 12, "water": 5})
    february = town.table("works", FEBRUARY)
    found = queries.change_account(march, "tax")
    assert found.earlier == february
    assert (found.account.old.rank, found.account.new.rank, found.account.gained) == (1, 3, -2)
    parts = {part.kind: part.places for part in found.account.parts if part.places}
    assert parts == {"own": -2}, "had it kept its figure it would share the first place with water"
    assert [(name.en, amount) for name, amount in found.measures] == [("Funds arrived", Decimal(-70))]
    assert not found.account.within_noise, "reported figures have no error: chance has no part in it"
    with pytest.raises(KeyError):
        queries.change_account(march, "nobody")


def test_a_move_of_few_verdicts_is_within_noise(town: Town) -> None:
    """Five verdicts a month: one more bad one moves the tax bureau from first to last, and says nothing."""
    for day, bad in ((timedelta(days=45), "water"), (timedelta(days=20), "tax")):
        for unit in ("water", "roads", "tax"):
            for n in range(5):
                grade = "dissatisfied" if unit == bad and n == 0 else "satisfied"
                town.verdict(unit, grade, at=NOW - day + timedelta(minutes=n))
    town.table("service", FEBRUARY)
    found = queries.change_account(town.table("service", MARCH), "tax").account
    assert found.gained == -2
    assert found.within_noise and "within noise" in found.lines[-1].text


# Climbs


def test_the_climbs_of_a_unit_are_in_the_measures_own_unit(town: Town, march: Table) -> None:
    place, unnamed = queries.climbs(march, "tax")
    assert (place.name.en, place.climb.goal, unnamed.climb.goal) == ("Funds arrived", "place", "unnamed")
    assert (place.climb.start, place.climb.to, place.climb.cost, place.climb.rank) == (5, 9, 4, 2)
    assert (unnamed.climb.to, place.rate, place.observations) == (10, False, None)
    assert queries.climbs(march, "water") == ()
    with pytest.raises(KeyError):
        queries.climbs(march, "nobody")


def test_a_climb_by_a_rate_is_told_in_verdicts_too(town: Town) -> None:
    for unit, bad in (("water", 0), ("roads", 1), ("tax", 2)):
        for n in range(10):
            grade = "dissatisfied" if n < bad else "satisfied"
            town.verdict(unit, grade, at=NOW - timedelta(days=20, minutes=n))
    (found,) = (one for one in queries.climbs(town.table("service", MARCH), "tax") if one.rate)
    assert (found.climb.start, found.climb.n, found.observations) == (Decimal("0.8"), 10, 1)
