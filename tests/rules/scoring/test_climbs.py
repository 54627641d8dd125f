"""The cheapest climbs: each is enough in the table itself, and a step less is not."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from leitai.rules.scoring import (
    Bands,
    Cell,
    Given,
    Measure,
    MinMax,
    Naming,
    Row,
    TableInputs,
    TableSpec,
    Target,
    UnitInputs,
    compute,
)
from leitai.rules.scoring.change import Edition
from leitai.rules.scoring.climbs import Climb, climbs

from .tables import edition, editions

PAGE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "climbs-in-a-table.md"


def with_value(one: Edition, unit: str, measure: str, value: Decimal) -> Row:
    """The unit's row in the table with another value."""

    def changed(inputs: UnitInputs) -> UnitInputs:
        if inputs.key != unit:
            return inputs
        cell = replace(inputs.cells[measure], value=value)
        return replace(inputs, cells={**inputs.cells, measure: cell})

    inputs = TableInputs(tuple(changed(inputs) for inputs in one.inputs.units))
    return compute(one.spec, inputs).row(unit)


def reached(climb: Climb, now: Row, then: Row) -> bool:
    if climb.goal == "place":
        return then.rank is not None and now.rank is not None and then.rank < now.rank
    return not then.named_worst


@settings(max_examples=120, deadline=None)
@given(editions())
def test_a_climb_is_enough_and_a_step_less_is_not(one: Edition) -> None:
    for row in one.result.rows:
        for climb in climbs(one.spec, one.inputs, row.unit):
            if climb.to is None:
                continue
            then = with_value(one, row.unit, climb.measure, climb.to)
            assert reached(climb, row, then) and then.rank == climb.rank
            measure = next(found for found in one.spec.measures if found.key == climb.measure)
            assert climb.cost == abs(climb.to - climb.start) > 0
            better = climb.to > climb.start
            assert better == (measure.better == "more" or isinstance(measure.method, Given))
            # Beyond a cap points have no error: by rank sets the way to be named no more need not be one way.
            by_sets = climb.goal == "unnamed" and one.spec.naming.worst_certain
            if not isinstance(measure.method, Bands) and not by_sets:
                step = Decimal("0.1") if climb.start % 1 or climb.to % 1 else Decimal(1)
                short = climb.to - step if better else climb.to + step
                if (short > climb.start) if better else (short < climb.start):
                    less = with_value(one, row.unit, climb.measure, short)
                    assert not reached(climb, row, less) or step < 1


@settings(max_examples=60, deadline=None)
@given(editions())
def test_who_is_first_has_nothing_to_climb_and_who_is_not_ranked_nothing_to_climb_from(one: Edition) -> None:
    for row in one.result.rows:
        found = climbs(one.spec, one.inputs, row.unit)
        if row.rank in (None, 1):
            assert not [climb for climb in found if climb.goal == "place"]
        if not row.named_worst:
            assert not [climb for climb in found if climb.goal == "unnamed"]


MIXED = TableSpec(
    "arena",
    "2024-03",
    (Measure("funds", Target(cap=Decimal(120)), Decimal(50)), Measure("days", MinMax(), Decimal(50), "less")),
    naming=Naming(worst=1, worst_certain=False),
)


def cells(funds: str, days: str) -> dict[str, object]:
    return {"funds": Cell.of(funds, target=10), "days": Cell.of(days)}


def test_the_cost_is_in_the_measures_own_unit_and_out_of_reach_is_said() -> None:
    one = edition(MIXED, {"u": cells("2", "30"), "v": cells("10", "10"), "w": cells("11", "20")})
    found = {(climb.measure, climb.goal): climb for climb in climbs(one.spec, one.inputs, "u")}
    # With full funds it has 60 points; the next has 80. With fewer days than w, w is the group's worst and has 55.
    assert found["funds", "place"].to is None
    days = found["days", "place"]
    assert (days.to, days.cost, days.rank) == (11, 19, 2)
    one = edition(MIXED, {"u": cells("8", "30"), "v": cells("10", "10"), "w": cells("11", "28")})
    found = {(climb.measure, climb.goal): climb for climb in climbs(one.spec, one.inputs, "u")}
    assert (found["funds", "place"].to, found["funds", "place"].cost) == (Decimal(12), Decimal(4))
    assert (found["days", "unnamed"].start, found["days", "unnamed"].rank) == (30, 2)


def test_a_share_of_observations_is_never_more_than_all_of_them() -> None:
    spec = TableSpec("arena", "2024-03", (Measure("good", MinMax(), Decimal(100)),))
    one = edition(spec, {"u": {"good": Cell.of("0.9", n=10)}, "v": {"good": Cell.of(1, n=10)}})
    (found,) = climbs(one.spec, one.inputs, "u")
    assert (found.to, found.n) == (Decimal(1), 10), "to tie is to share the better place"


def test_a_unit_that_is_not_in_the_table_has_no_climbs() -> None:
    one = edition(MIXED, {"u": cells("2", "30")})
    assert climbs(one.spec, one.inputs, "u") == ()
    with pytest.raises(KeyError):
        climbs(one.spec, one.inputs, "x")


def test_the_worked_table_is_what_the_program_does() -> None:
    text = PAGE.read_text(encoding="utf-8").split("## Worked table")[1]
    blocks = re.findall(r"((?:^\|[^\n]*\n)+)", text, re.MULTILINE)

    def rows(block: str) -> list[dict[str, str]]:
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]

    units, said = rows(blocks[0]), rows(blocks[1])
    one = edition(MIXED, {row["unit"]: cells(row["funds"], row["days"]) for row in units})
    assert [(str(row.unit), str(row.score), str(row.rank)) for row in one.result.rows] == [
        (row["unit"], row["score"], row["rank"]) for row in units
    ]
    found = [
        (
            row.unit,
            climb.measure,
            climb.goal,
            str(climb.to or "—"),
            str(climb.cost or "—"),
            str(climb.rank or "—"),
        )
        for row in one.result.rows
        for climb in climbs(one.spec, one.inputs, row.unit)
    ]
    assert found == [
        tuple(row[key] for key in ("unit", "measure", "goal", "to", "cost", "rank")) for row in said
    ]
