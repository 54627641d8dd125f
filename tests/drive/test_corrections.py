"""A verdict set aside after a table used it: the table is corrected, and its earlier edition is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leitai.apps.ballots import actions as ballots
from leitai.apps.ledger.models import Event
from leitai.apps.tables.models import Table
from leitai.apps.tables.queries import editions, verify
from leitai.drive.audit import audit
from tests.factories import DAY, NOW, Town

MARCH = NOW - 20 * DAY


@pytest.fixture
def judged(town: Town) -> Town:
    """A published table of March in which one bad verdict on the tax bureau's window counts."""
    for n in range(4):
        town.verdict(grade="satisfied", at=MARCH + timedelta(minutes=n))
    town.verdict(once="the-bad-one-of-march", at=MARCH)
    for unit, n in (("water", 3), ("roads", 3)):
        for _ in range(n):
            town.verdict(unit, grade="satisfied", at=MARCH)
    town.drive(MARCH)
    town.table("service", "2024-03")
    return town


def share(table: Table, unit: str = "tax") -> str:
    """The unit's satisfied rate as a table has it."""
    _, inputs = table.frozen()
    (found,) = (one for one in inputs.units if one.key == unit)
    return str(found.cells["good-verdicts"].value)


def bad_one(town: Town) -> ballots.Ballot:  # type: ignore[name-defined]
    from leitai.apps.ballots.models import Ballot

    return Ballot.objects.get(cast_at=MARCH, bad=True)


def test_a_set_aside_verdict_is_taken_out_of_the_table_that_used_it(judged: Town) -> None:
    first = Table.objects.get()
    assert share(first) == "0.8"
    judged.found(bad_one(judged), upheld=False, reason="Meant for the office next door")
    judged.drive()
    first, second = editions(first)
    assert (share(first), share(second)) == ("0.8", "1")
    assert second.published_at is not None
    assert "2024-03-21" in second.why
    assert verify(first).same and verify(second).same
    assert audit(judged.place).findings == ()
    assert not Event.objects.filter(kind="rule.failed").exists()


def test_what_else_was_frozen_stays_as_it_was(judged: Town) -> None:
    judged.verdict("water", grade="satisfied", at=MARCH)
    judged.case("errand", "water", at=MARCH)
    judged.found(bad_one(judged), upheld=False, reason="Meant for the office next door")
    judged.drive()
    first, second = editions(Table.objects.get(edition=1))
    before, after = (
        {one.key: one.cells["finished"] for one in table.frozen()[1].units} for table in (first, second)
    )
    assert before == after


def test_a_verdict_that_no_table_used_corrects_nothing(judged: Town) -> None:
    later = judged.verdict(at=NOW)
    judged.found(later, upheld=False, reason="Meant for the office next door")
    judged.drive()
    assert Table.objects.count() == 1


def test_many_set_aside_at_once_make_one_edition_that_tells_of_all(judged: Town) -> None:
    more = [judged.verdict(at=MARCH + n * DAY) for n in range(1, 4)]
    judged.table("service", "2024-03", why="Late verdicts")
    for row in more:
        judged.found(row, upheld=False, reason="All from one telephone, and it says so")
    judged.drive()
    (third,) = Table.objects.filter(edition__gt=2)
    assert "3 verdicts of 2024-03-22 to 2024-03-24 were set aside" in third.why
    assert not Event.objects.filter(kind="rule.failed").exists()


def test_publication_rules_do_not_fire_again_on_a_correction(judged: Town) -> None:
    judged.found(bad_one(judged), upheld=False, reason="Meant for the office next door")
    judged.drive()
    assert Event.objects.filter(kind="table.published").count() == 1
    assert Event.objects.filter(kind="table.corrected").count() == 1


def test_a_corrected_figure_makes_the_next_edition_of_every_table_that_used_it(town: Town) -> None:
    from decimal import Decimal

    from leitai.apps.measures import actions as measures
    from leitai.apps.tables import queries

    town.reports("2024-03", {"water": 8, "roads": 6, "tax": 4}, at=MARCH)
    month = town.table("works", "2024-03")
    quarter = town.table("quarter", "2024-Q1")
    town.drive()
    reading = _reading(town, "tax")
    measures.correct(
        reading=reading, value=Decimal(9), why="A contract was counted twice", by="account:office", now=NOW
    )
    town.drive()
    first, second = editions(month)
    assert "1 figure was corrected" in second.why and second.published_at is not None
    found = queries.difference(first, second)
    assert found is not None
    assert len(editions(quarter)) == 2, "the table that weighs it follows"
    assert verify(first).same and verify(second).same
    assert audit(town.place).findings == ()


def _reading(town: Town, unit: str) -> object:
    from leitai.apps.measures.models import Reading

    return Reading.objects.get(unit=town.units[unit], measure="funds", period="2024-03")
