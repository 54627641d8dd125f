"""Whom live tables name: fewer where fewer are sure; two months running as one statement; editions of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from leitai.apps.measures import actions as measures
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import lines, queries
from leitai.apps.tables.models import Table
from leitai.apps.tables.zips import zipped
from leitai.cli import complete
from leitai.rules.kernel import Period
from leitai.rules.ledger import canonical
from leitai.rules.scoring import compute
from leitai.rules.scoring.packs import edition_digest
from tests.factories import BY, NOW, Town, build, text

FEBRUARY, MARCH = "2024-02", "2024-03"
VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}
# Bad cases of all, where the last of the bureaus is last beyond doubt and that of the districts is not.
CLEAR = {
    "water": (4, 900),
    "roads": (9, 900),
    "tax": (290, 900),
    "north": (4, 9),
    "south": (3, 9),
    "harbour": (5, 9),
}


def rates() -> str:
    """The town's rules, where funds are a rate of cases and the list of names makes its promise."""
    return (
        text()
        .replace("from: reported", "from: readings.rate", 1)
        .replace("points: {by: target, cap: 120}", "points: {by: min-max}", 1)
        .replace("better: more", "better: less", 1)
        .replace("certain: false", "certain: true")
    )


@pytest.fixture
def counting(db: None) -> Town:
    return build("town", regime=rates())


def counted(town: Town, period: str, counts: dict[str, tuple[int, int]]) -> Any:
    """The table of a month whose figures are these rates, published."""
    for unit, (bad, n) in counts.items():
        measures.report(
            unit=town.units[unit], measure="funds", period=Period.parse(period), value=None,
            numerator=Decimal(bad), denominator=Decimal(n), by=BY, now=NOW,
        )  # fmt: skip
    return town.table("works", period)


def named(row: Table) -> set[str]:
    return set(row.standings.filter(named_worst=True).values_list("unit__key", flat=True))


def last_time(row: Table) -> set[str]:
    return {one["unit.key"] for _, one in queries.facts_of(row) if one["unit.named_worst_last_time"]}


def test_a_new_edition_says_by_what_it_is_sure(town: Town) -> None:
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH)
    spec, result = row.frozen()[0], row.computed()
    assert (spec.rank_sets, spec.naming.by) == ("step-down", "sets"), "figures of one report are no rate"
    assert {name: one.named for name, one in result.told.items()} == {"bureaus": "sets", "districts": "sets"}
    assert queries.verify(row).same


def test_a_table_of_one_rate_names_by_its_counts_and_leaves_a_place_empty(counting: Town) -> None:
    row = counted(counting, MARCH, CLEAR)
    assert row.frozen()[0].naming.by == "counts"
    assert named(row) == {"tax"}, "of the districts five cases of nine are the worst, but surely so is nobody"
    assert queries.verify(row).same
    found = {(one.group.show("en"), one.best): one for one in lines.named(row, queries.view(row).groups)}
    districts = found["Districts", False]
    assert (districts.by, districts.certain, districts.take, districts.free) == ("counts", True, 1, 1)


def test_two_months_running_is_one_statement(counting: Town) -> None:
    # 58 and 40 of 900 tell the two apart at 95 %, but not with the half of the error that each of two months has.
    close = CLEAR | {"roads": (40, 900), "tax": (58, 900)}
    january, february, march = (
        counted(counting, *one) for one in (("2024-01", CLEAR), (FEBRUARY, close), (MARCH, CLEAR))
    )
    assert [named(row) for row in (january, february, march)] == [{"tax"}] * 3
    assert [last_time(row) for row in (january, february, march)] == [set(), set(), set()]


def test_two_months_of_which_both_are_sure_are_two_running(counting: Town) -> None:
    counted(counting, FEBRUARY, CLEAR)
    march = counted(counting, MARCH, CLEAR)
    assert last_time(march) == {"tax"}
    (facts,) = (one for _, one in queries.facts_of(march) if one["unit.key"] == "tax")
    assert facts["unit.named_worst"] and facts["unit.named_worst_last_time"]


def test_who_is_not_named_again_was_named_all_the_same(counting: Town) -> None:
    close = CLEAR | {"roads": (40, 900), "tax": (58, 900)}
    counted(counting, FEBRUARY, close)
    march = counted(counting, MARCH, CLEAR | {"tax": (6, 900)})
    assert named(march) == set() and last_time(march) == {"tax"}


# Editions of before


@pytest.fixture
def old(town: Town) -> Table:
    """A published table as it was frozen when rank sets were by Bonferroni."""
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH)
    spec, inputs = row.frozen()
    spec = replace(spec, rank_sets="bonferroni", naming=replace(spec.naming, by="sets"))
    texts = [canonical(one.to_json()).decode() for one in (spec, inputs, compute(spec, inputs))]
    row.spec, row.inputs, row.result = texts
    row.digest = edition_digest(*texts)
    row.save()
    return row


def test_an_old_edition_and_its_pack_are_recounted_by_its_own_method(old: Table, tmp_path: Path) -> None:
    assert "rank_sets" not in old.spec and "told" not in old.result and "of_two" not in old.result
    assert queries.verify(old).same
    file = tmp_path / "old.zip"
    file.write_bytes(zipped(queries.pack_files(old)))
    told = CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(
        complete(), ["table", "recompute", str(file)]
    )
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[1:] == [
        "the specification is as the rule-book in the pack says",
        "the result: identical, byte for byte",
    ]


def test_a_correction_keeps_the_method_and_a_new_freeze_takes_the_new_one(town: Town, old: Table) -> None:
    again = queries.replay(
        town.place, regimes.regime_on(town.place, date(2024, 3, 31)), date(2024, 3, 1), date(2024, 3, 31)
    )
    assert [one.moved for one in again.tables] == [()], "the same rules make the same of it"
    assert again.tables[0].result.spec.rank_sets == "bonferroni"
    second = town.table("works", MARCH, why="Frozen again")
    assert second.frozen()[0].rank_sets == "step-down" and queries.verify(second).same
    assert [(one.where, one.kept) for one in queries.difference(old, second).rules] == [
        ("rank_sets", "(absent)")
    ]


# As the page says it


def test_the_page_says_how_many_could_be_named_and_what_is_promised(counting: Town, client: Client) -> None:
    rules = rates().replace("take: 1, certain: true", "take: 2, certain: true")
    counting = build("vale", regime=rules.replace("key: town,", "key: vale,"))
    row = counted(counting, MARCH, CLEAR | {"water": (3, 900), "roads": (4, 900)})
    page = client.get(f"/vale/t/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert "1 could be named of 2: of no other unit is it sure enough." in page
    assert "with 95 % probability no name on a list is wrong" in page
    assert "as far as the cases counted can tell" in page


def test_by_sets_the_page_promises_by_the_range(client: Client, db: None) -> None:
    town = build("town", regime=text().replace("certain: false", "certain: true"))
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH)
    page = client.get(f"/town/t/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert "wherever in its range it truly lies" in page and "could be named of" not in page
