"""Tables: frozen by one and published by another, recomputed to the byte, corrected only by a new edition."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions as measures
from leitai.apps.measures.queries import current
from leitai.apps.people.models import Unit
from leitai.apps.regimes.actions import load
from leitai.apps.tables import actions, lists, queries
from leitai.apps.tables.inputs import members
from leitai.apps.tables.models import Standing, Table
from leitai.rules.kernel import Period
from tests.factories import BY, DAY, DISTRICTS, NOW, Town, refused, text

MARCH = "2024-03"
VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


@pytest.fixture
def march(town: Town) -> Any:
    """The table of works of March, published."""
    town.reports(MARCH, VALUES)
    return town.table("works", MARCH)


def ranks(row: Table) -> dict[str, int | None]:
    return {one.unit.key: one.rank for one in queries.standings(row)}


def test_ranks_are_within_groups_and_the_ends_are_named(march: Table) -> None:
    assert ranks(march) == {"water": 1, "roads": 2, "tax": 3, "north": 1, "south": 2, "harbour": 3}
    lines = {one.unit.key: one for one in queries.standings(march)}
    assert {key for key, one in lines.items() if one.named_worst} == {"tax", "harbour"}
    assert {key for key, one in lines.items() if one.named_best} == {"water", "north"}
    assert {one.of for one in lines.values()} == {3}
    districts = queries.standings(march, "districts")
    assert [one.unit.key for one in districts] == ["north", "south", "harbour"]


def test_a_unit_that_reported_nothing_is_not_ranked(town: Town) -> None:
    town.reports(MARCH, {key: VALUES[key] for key in ("water", "roads", "north", "south")})
    row = town.table("works", MARCH)
    assert ranks(row)["tax"] is None
    assert not Standing.objects.get(table=row, unit__key="tax").named_worst
    assert [line.unit.key for line in queries.standings(row, "bureaus")] == ["water", "roads", "tax"]


def test_a_table_is_recomputed_to_the_byte(march: Table) -> None:
    recount = queries.verify(march)
    assert recount.same and recount.digest == recount.computed == march.digest


TOUCHES = {
    "spec": ('"120"', '"110"'),
    "inputs": ('"value":"12"', '"value":"11"'),
    "result": ('"rank":1', '"rank":2'),
    "digest": ("", "0" * 64),
}


@pytest.mark.parametrize("column", TOUCHES)
def test_a_table_that_was_touched_is_not_the_same(march: Table, column: str) -> None:
    text = getattr(march, column)
    old, new = TOUCHES[column]
    touched = text.replace(old or text, new, 1)
    assert touched != text
    Table.objects.filter(pk=march.pk).update(**{column: touched})
    assert not queries.verify(Table.objects.get(pk=march.pk)).same


def test_the_pack_has_all_that_a_recount_needs(march: Table) -> None:
    from leitai.rules.scoring import TableInputs, TableSpec, compute

    pack = json.loads(json.dumps(queries.pack(march)))
    result = compute(TableSpec.from_json(pack["spec"]), TableInputs.from_json(pack["inputs"]))
    assert json.loads(json.dumps(result.to_json())) == pack["result"]
    assert (pack["place"], pack["arena"], pack["period"], pack["edition"]) == ("town", "works", MARCH, 1)


def test_what_changes_afterwards_does_not_change_a_frozen_table(town: Town, march: Table) -> None:
    before = (march.spec, march.inputs, march.result)
    Unit.objects.filter(pk=town.units["water"].pk).update(active=False)
    town.verdict()
    march.refresh_from_db()
    assert (march.spec, march.inputs, march.result) == before
    assert queries.verify(march).same


# Freezing


@pytest.mark.parametrize(
    ("arena", "period", "code"),
    [
        ("work", MARCH, "unknown-arena"),
        ("works", "2024-Q1", "other-period"),
        ("works", "2024-04", "not-ended"),
        ("works", "2024-02", "nothing-to-judge"),
    ],
)
def test_freezing_is_refused(town: Town, arena: str, period: str, code: str) -> None:
    town.reports(MARCH, VALUES)
    with refused(code):
        town.table(arena, period)
    assert not Table.objects.exists()


def test_an_arena_without_units_is_refused(town: Town) -> None:
    Unit.objects.filter(place=town.place, kind="bureau").update(active=False)
    with refused("no-units"):
        town.table("service", MARCH)


def test_a_period_has_ended_at_the_places_own_midnight(town: Town) -> None:
    town.reports(MARCH, VALUES)
    midnight = Period.parse(MARCH).bounds(town.place.zone)[1]
    with refused("not-ended"):
        town.table("works", MARCH, at=midnight - DAY / 86400)
    assert town.table("works", MARCH, at=midnight).published_at == midnight


def test_a_correction_is_a_second_edition_that_says_why(town: Town, march: Table) -> None:
    reading = current(town.place, "funds", [MARCH])[0]
    measures.correct(reading=reading, value=Decimal(1), why="a digit too many", by=BY, now=NOW)
    with refused("no-reason"):
        town.table("works", MARCH)
    second = town.table("works", MARCH, why="The figure of one unit was corrected")
    assert (second.edition, second.why) == (2, "The figure of one unit was corrected")
    assert queries.verify(march).same and queries.verify(second).same
    assert queries.published(town.place, "works", Period.parse(MARCH)) == second
    assert [row.edition for row in queries.editions(march)] == [1, 2]
    assert ranks(march) != ranks(second)
    assert {one.table.edition for one in queries.history(reading.unit)} == {2}


def test_the_book_in_force_on_the_last_day_judges(town: Town) -> None:
    later = text().replace("in_force: 2024-01-01", "in_force: 2024-03-31").replace("cap: 120", "cap: 100")
    load(place=town.place, text=later, by=BY, now=NOW)
    for month in ("2024-02", MARCH):
        town.reports(month, VALUES)
    february, march = town.table("works", "2024-02"), town.table("works", MARCH)
    assert {one.unit.key: one.score for one in queries.standings(february)}["water"] == 120
    assert {one.unit.key: one.score for one in queries.standings(march)}["water"] == 100
    assert february.regime_digest != march.regime_digest


def test_a_unit_that_two_groups_pick_is_in_the_first(town: Town) -> None:
    from leitai.apps.regimes.queries import regime_on

    book = text().replace("units: {kind: district}, expect: 3", "units: {all: true}")
    load(place=town.place, text=book, by=BY, now=NOW)
    found = members(town.place, regime_on(town.place, Period.parse(MARCH).last), "works")
    assert [row.key for row in found["bureaus"]] == ["roads", "tax", "water"]
    assert {row.key for row in found["districts"]} == {*DISTRICTS, "town-hall", "tax-window"}


# Publishing


def test_whoever_froze_it_does_not_publish_it(town: Town) -> None:
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH, published=False)
    with refused("two-people"):
        actions.publish(table=row, by="account:office", now=NOW)
    published = actions.publish(table=row, by="account:leader", now=NOW)
    with refused("published-already"):
        actions.publish(table=published, by="account:inspector", now=NOW)


def test_a_draft_is_nobodys_to_see(town: Town) -> None:
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH, published=False)
    assert queries.published(town.place, "works", Period.parse(MARCH)) is None
    assert queries.tables(town.place) == [] and queries.latest(town.place) == []
    assert queries.history(town.units["water"]) == []
    assert queries.tables(town.place, drafts=True) == [row]


def test_the_ledger_has_the_digest(march: Table) -> None:
    frozen, published = Event.objects.filter(subject=f"table:{march.pk}").order_by("id")
    assert (frozen.kind, published.kind) == ("table.frozen", "table.published")
    assert data(frozen)["digest"] == data(published)["digest"] == march.digest


# Arenas of arenas


def test_a_quarter_is_the_mean_of_its_months_and_a_year_of_its_quarters(town: Town) -> None:
    for month in ("2024-01", "2024-02", MARCH):
        town.reports(month, VALUES)
        town.table("works", month)
    quarter = town.table("quarter", "2024-Q1")
    scores = {one.unit.key: one.score for one in queries.standings(quarter)}
    assert (scores["water"], scores["roads"], scores["harbour"]) == (120, 90, 30)
    later = NOW + 365 * DAY
    year = town.table("year", "2024", at=later)
    assert {one.unit.key: one.score for one in queries.standings(year)}["roads"] == 90
    assert queries.verify(year).same


def test_a_quarter_without_its_months_is_scored_by_their_rules(town: Town) -> None:
    town.reports(MARCH, VALUES)
    scores = {one.unit.key: one.score for one in queries.standings(town.table("quarter", "2024-Q1"))}
    assert scores["roads"] == 90


# Reading


def test_the_board_has_the_newest_of_each_arena_in_the_books_order(town: Town) -> None:
    for month in ("2024-02", MARCH):
        town.reports(month, VALUES)
    town.verdict("tax-window", "satisfied", at=NOW - 20 * DAY)
    for arena, period in (("service", MARCH), ("quarter", "2024-Q1"), ("works", MARCH), ("works", "2024-02")):
        town.table(arena, period)
    assert [(one.table.arena, one.table.period) for one in queries.latest(town.place)] == [
        ("works", MARCH),
        ("service", MARCH),
        ("quarter", "2024-Q1"),
    ]


def test_every_line_can_say_why(march: Table) -> None:
    for key in VALUES:
        assert all(line.text for line in queries.explain(march, key).lines)
    middle = queries.explain(march, "roads")
    assert (middle.above.other, middle.above.gap, middle.below.other) == ("water", 30, "tax")
    with pytest.raises(KeyError):
        queries.explain(march, "nobody")


def test_changes_since_the_month_before(town: Town) -> None:
    town.reports("2024-02", VALUES)
    town.table("works", "2024-02")
    town.reports(MARCH, VALUES | {"tax": 12, "water": 5})
    row = town.table("works", MARCH)
    moves = lists.moves(row)
    assert {one.unit.key: one.gained for one in moves.real} == {"tax": 2, "water": -2}
    assert (moves.still, moves.within_noise) == (4, 0)
    facts = {one["unit.key"]: one for _, one in queries.facts_of(row)}
    assert (facts["tax"]["unit.gained"], facts["harbour"]["unit.named_worst_last_time"]) == (2, True)
    assert queries.previous(queries.previous(row)) is None


def test_one_places_tables_are_not_in_anothers_queries(town: Town, vale: Town, march: Table) -> None:
    assert queries.table(vale.place, march.pk) is None
    assert queries.tables(vale.place, drafts=True) == queries.latest(vale.place) == []
    assert queries.history(vale.units["water"]) == []
    vale.reports(MARCH, dict.fromkeys(VALUES, 10) | {"water": 1})
    theirs = vale.table("works", MARCH)
    assert theirs.edition == 1, "another place's edition is no edition of this one"
    assert {one.unit.place_id for one in queries.standings(theirs)} == {vale.place.pk}
    assert ranks(march)["water"] == 1 and ranks(theirs)["water"] == 3
