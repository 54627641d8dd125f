"""What was proposed by mistake is taken back by the correction: withdrawn with the reason, or flagged once decided."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions as measures
from leitai.apps.measures.queries import current
from leitai.apps.merits import actions as merits
from leitai.apps.merits import queries as files
from leitai.apps.merits.models import Proposal
from leitai.apps.tables.models import Table
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

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


def test_a_file_that_nobody_decided_is_withdrawn_with_the_reason_and_its_cause(named: Town) -> None:
    second = correct(named, roads=20, water=1, tax=11)
    flags, warnings = proposals("flag"), proposals("warning")
    for row in (flags["water"], warnings["tax"]):
        assert (row.state, row.upheld) == ("withdrawn", None)
        assert row.withdrawn_why.startswith("By edition 2") and "A digit was lost" in row.withdrawn_why
        (event,) = Event.objects.filter(kind="merit.withdrawn", subject=f"merit:{row.pk}")
        cause = int(event.cause.partition("/")[0].removeprefix("event:"))
        assert Event.objects.get(seq=cause).subject == f"table:{second.pk}"
    assert flags["north"].state == "proposed", "who is still named keeps the file"
    assert warnings["harbour"].state == "proposed"
    assert not Event.objects.filter(kind="rule.failed").exists()


def test_a_file_that_was_answered_is_withdrawn_all_the_same(named: Town) -> None:
    row = proposals("warning")["tax"]
    merits.reply(proposal=row, text="The figure was wrong", by="account:clerk", now=NOW + HOUR)
    correct(named, tax=11)
    row.refresh_from_db()
    assert (row.state, row.reply) == ("withdrawn", "The figure was wrong")


def decided(town: Town, merit: str, unit: str, upheld: bool = True) -> Proposal:
    return merits.decide(
        proposal=proposals(merit)[unit],
        upheld=upheld,
        decision="By the table",
        by="account:leader-town",
        now=NOW + 4 * DAY,
    )


@pytest.mark.parametrize(("merit", "unit"), [("flag", "water"), ("warning", "tax")])
def test_what_people_decided_is_flagged_and_stays_theirs(named: Town, merit: str, unit: str) -> None:
    row = decided(named, merit, unit)
    correct(named, roads=20, water=1, tax=11)
    row.refresh_from_db()
    assert (row.state, row.upheld, row.decision) == ("decided", True, "By the table")
    (event,) = Event.objects.filter(kind="merit.unfounded")
    assert (event.subject, data(event)["unit.key"]) == (f"merit:{row.pk}", unit)
    assert "edition 2" in files.flagged(named.place, [row])[row.pk]
    with refused("decided-by-people"):
        merits.withdraw(proposal=row, why="It rests on nothing", by="drive", now=NOW + 5 * DAY)
    by = {"by": "account:inspector-town", "now": NOW + 5 * DAY}
    merits.withdraw(proposal=row, why="By the second edition it was another", **by)
    row.refresh_from_db()
    assert (row.state, files.flagged(named.place, [row])) == ("withdrawn", {})
    assert files.public(named.place, NOW + 5 * DAY) == []


def test_the_body_may_say_why_a_flagged_decision_stands(named: Town) -> None:
    row = decided(named, "warning", "tax")
    by = {"by": "account:inspector-town", "now": NOW + 5 * DAY}
    with refused("not-flagged"):
        merits.keep(proposal=row, reason="It was late all the same", **by)
    correct(named, tax=11)
    merits.keep(proposal=row, reason="It was late all the same", **by)
    row.refresh_from_db()
    assert row.decision == "By the table\n\nIt was late all the same"
    assert files.flagged(named.place, [row]) == {}


def test_what_was_decided_against_the_proposal_needs_no_flag(named: Town) -> None:
    decided(named, "warning", "tax", upheld=False)
    correct(named, tax=11)
    assert not Event.objects.filter(kind="merit.unfounded").exists()


def test_what_rests_on_a_verdict_falls_with_it(town: Town) -> None:
    ballot = town.verdict()
    town.drive()
    case = cases.open_about(town.place, f"ballot:{ballot.pk}")
    row = merits.propose(
        place=town.place,
        unit=town.units["water"],
        merit="warning",
        target="unit",
        rule="rule 9",
        reason="It was not put right",
        evidence="event:1/x",
        links=[f"case:{case.ref}", f"ballot:{ballot.pk}"],
        at=NOW,
        by="drive",
        now=NOW,
    )
    town.found(ballot, upheld=False)
    town.drive()
    row.refresh_from_db()
    assert row.state == "withdrawn" and "was set aside" in row.withdrawn_why
    assert Event.objects.filter(kind="merit.withdrawn").count() == 1
    assert not Event.objects.filter(kind="rule.failed").exists()


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
