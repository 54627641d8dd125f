"""A measure may be a share of a total that the rule-book dates and cites; without that period's total it is missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.measures import queries
from leitai.apps.regimes.queries import regime_on
from leitai.rules.kernel import Period
from tests.factories import Town, build, text

FIGURES = """
figures:
  january: {name: January, value: 100, period: "2024-01", source: yearbook}
  february: {name: February, value: 300, period: "2024-02", source: yearbook}
  half: {name: First half, value: 5000, period: "2024-H1", source: yearbook}
"""
SHARE = 'source: "rule 1: funds are reported every month"'


@pytest.fixture
def nation(db: None) -> Town:
    book = text().replace(SHARE, f"{SHARE}\n    share_of: [january, february, half]", 1)
    assert "share_of" in book
    return build("town", regime=book + FIGURES)


def cell(town: Town, period: str) -> Any:
    of = Period.parse(period)
    found = queries.cells(
        queries.Sources(town.place), regime_on(town.place, of.last), "funds", of, [town.units["water"]]
    )
    return found["water"]


def test_a_value_is_a_share_of_its_periods_total(nation: Town) -> None:
    nation.report("water", "2024-01", 8)
    nation.report("water", "2024-02", 12)
    assert (cell(nation, "2024-01").value, cell(nation, "2024-02").value) == (
        Decimal("0.08"),
        Decimal("0.04"),
    )
    assert "100" in cell(nation, "2024-01").source


def test_without_a_total_it_is_missing_and_not_zero(nation: Town) -> None:
    nation.report("water", "2024-03", 8)
    found = cell(nation, "2024-03")
    assert (found.state, found.value) == ("missing", None)
    nation.report("water", "2024-01", 8)
    assert cell(nation, "2024-Q1").state == "missing", "March has no total"


def test_the_whole_periods_own_total_goes_before_its_parts(nation: Town) -> None:
    nation.report("water", "2024-01", 8)
    nation.report("water", "2024-02", 12)
    assert cell(nation, "2024-H1").value == Decimal("0.004")


def test_totals_of_parts_add_up() -> None:
    from leitai.rules.regime.parse import parse

    figures = FIGURES.replace("half:", "march:").replace("2024-H1", "2024-03").replace("5000", "100")
    book = text().replace(SHARE, f"{SHARE}\n    share_of: [january, february, march]", 1) + figures
    regime = parse(book).regime
    assert regime is not None
    assert queries.total_of(regime, regime.measures["funds"], Period.parse("2024-Q1")) == 500
