"""What a table proposed by mistake is taken back by its correction: closed with the reason, or told of until then."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions as measures
from leitai.apps.measures.queries import current
from leitai.apps.merits import actions as merits
from leitai.apps.merits.models import Proposal
from leitai.apps.tables.models import Table
from tests.factories import BY, DAY, HOUR, NOW, Town

MARCH = "2024-03"
VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


@pytest.fixture
def named(town: Town) -> Town:
    """The works of March, by which tax is to be told a notice and water to have the flag."""
    town.reports(MARCH, VALUES)
    town.table("works", MARCH)
    town.drive()
    return town


def proposals(merit: str) -> dict[str, Proposal]:
    return {row.unit.key: row for row in Proposal.objects.filter(merit=merit).select_related("unit")}


def correct(town: Town, **values: int) -> Table:
    rows = {row.unit.key: row for row in current(town.place, "funds", [MARCH])}
    for unit, value in values.items():
        measures.correct(reading=rows[unit], value=Decimal(value), why="A digit was lost", by=BY, now=NOW)
    row = town.table("works", MARCH, why="A digit was lost")
    town.drive()
    return row


def test_an_honour_that_the_corrected_table_does_not_give_is_withdrawn_with_the_reason(named: Town) -> None:
    correct(named, roads=20, water=1)
    flags = proposals("flag")
    assert (flags["water"].state, flags["water"].upheld, flags["water"].decided_by) == (
        "decided",
        False,
        "drive",
    )
    assert (
        flags["water"].decision.startswith("Withdrawn: by edition 2")
        and "A digit was lost" in flags["water"].decision
    )
    assert flags["north"].state == "proposed", "who is still named keeps the file"
    assert not Event.objects.filter(kind="rule.failed").exists()


def test_a_file_that_waits_for_a_reply_is_told_of_and_closed_when_it_was_heard(named: Town) -> None:
    correct(named, tax=11)
    warnings = proposals("warning")
    assert (warnings["tax"].state, warnings["harbour"].state) == ("proposed", "proposed")
    (event,) = Event.objects.filter(kind="merit.unfounded")
    assert (event.subject, data(event)["unit.key"]) == (f"merit:{warnings['tax'].pk}", "tax")
    assert "edition 2" in data(event)["why"]
    for row in warnings.values():
        merits.reply(proposal=row, text="The figure was wrong", by="account:clerk", now=NOW + HOUR)
    named.drive(NOW + HOUR)
    after = proposals("warning")
    assert (after["tax"].state, after["tax"].upheld) == ("decided", False)
    assert after["harbour"].state == "replied", "what is still founded is decided by people"


def test_a_file_whose_time_for_a_reply_is_over_is_closed_at_once(named: Town) -> None:
    rows = {row.unit.key: row for row in current(named.place, "funds", [MARCH])}
    later = NOW + 5 * DAY
    measures.correct(reading=rows["tax"], value=Decimal(11), why="A digit was lost", by=BY, now=later)
    named.table("works", MARCH, why="A digit was lost", at=later)
    named.drive(later)
    assert proposals("warning")["tax"].upheld is False


def test_what_people_decided_stays_decided(named: Town) -> None:
    flag = proposals("flag")["water"]
    merits.decide(proposal=flag, upheld=True, decision="By the table", by="account:leader", now=NOW)
    correct(named, roads=20, water=1)
    flag.refresh_from_db()
    assert (flag.upheld, flag.decision) == (True, "By the table")


def test_a_correction_that_changes_nothing_for_the_unit_takes_nothing_back(named: Town) -> None:
    correct(named, roads=10)
    assert {row.state for row in Proposal.objects.all()} == {"proposed"}
    assert not Event.objects.filter(kind="merit.unfounded").exists()


def test_a_table_that_weighs_the_corrected_one_follows(named: Town) -> None:
    quarter = named.table("quarter", "2024-Q1")
    correct(named, tax=11)
    second = Table.objects.get(arena="quarter", edition=2)
    assert second.published_at is not None and "weighs was corrected" in second.why
    ranks = {one.unit.key: one.rank for one in second.standings.select_related("unit")}
    assert (ranks["tax"], ranks["roads"]) == (2, 3)
    assert quarter.edition == 1
    assert Table.objects.filter(arena="year").count() == 0
    assert not Event.objects.filter(kind="rule.failed").exists()
