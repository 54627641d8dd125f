"""How sure a table is: sets, bands and accounts agree; names keep their promise; old editions stay as they were."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from leitai.rules.ledger import canonical
from leitai.rules.scoring import (
    Cell,
    Given,
    Measure,
    MinMax,
    Naming,
    TableInputs,
    TableResult,
    TableSpec,
    Target,
    UnitInputs,
    compute,
    explain,
    named_last_time,
    rate_se,
)
from leitai.rules.scoring.change import Edition
from leitai.rules.scoring.climbs import climbs
from leitai.rules.scoring.packs import recount
from leitai.rules.scoring.simulate import year

from .tables import editions

KEPT = Path(__file__).parent / "kept"
VALUES = TableSpec("works", "2024-03", (Measure("m", Given(), Decimal(100)),), rank_sets="step-down")
RATE = TableSpec(
    "verdicts",
    "2024",
    (Measure("m", MinMax(), Decimal(100), "less"),),
    naming=Naming(worst=2, by="counts"),
    rank_sets="step-down",
)


def of_values(values: dict[str, tuple[float, float]], group: str = "g") -> list[UnitInputs]:
    return [UnitInputs(key, group, {"m": Cell.of(one, se=se)}) for key, (one, se) in values.items()]


def of_counts(bad: list[int], n: list[int], group: str = "g") -> list[UnitInputs]:
    return [
        UnitInputs(f"u{at:04}", group, {"m": Cell.of(hits / every, n=every, se=rate_se(hits, every))})
        for at, (hits, every) in enumerate(zip(bad, n, strict=True))
    ]


def table(spec: TableSpec, units: list[UnitInputs]) -> TableResult:
    return compute(spec, TableInputs(tuple(units)))


def named(result: TableResult) -> set[str]:
    return {row.unit for row in result.rows if row.named_worst}


def of_two(result: TableResult) -> set[str]:
    return {row.unit for row in result.rows if row.of_two}


# One mind


@settings(max_examples=40, deadline=None)
@given(editions(rank_sets="step-down"))
def test_sets_bands_and_accounts_tell_the_same_pairs_apart(one: Edition) -> None:
    result = one.result
    for row in result.rows:
        if row.rank is None:
            continue
        field = result.field_of(row)
        told = [other for other in field if other.unit not in {row.unit, *explain(result, row.unit).alike}]
        ahead = sum(other.score > row.score for other in told)
        assert row.rank_low == 1 + ahead
        assert row.rank_high == len(field) - (len(told) - ahead)
        first = next(other for other in field if other.band == row.band)
        assert first.unit == row.unit or first not in told
        assert row.of_two is None or row.named_worst or not row.of_two, "half of the error names nobody more"


def test_the_published_sets_are_no_wider_and_hold_what_bonferronis_hold() -> None:
    chance = np.random.default_rng(4)
    made = {f"u{n:02}": (float(chance.normal(70, 8)), float(chance.uniform(1, 4))) for n in range(49)}
    units = of_values({key: (round(value, 3), round(se, 3)) for key, (value, se) in made.items()})
    ours, coarse = table(VALUES, units), table(replace(VALUES, rank_sets="bonferroni"), units)
    pairs = list(zip(ours.rows, coarse.rows, strict=True))
    assert all(one.rank_low >= other.rank_low and one.rank_high <= other.rank_high for one, other in pairs)
    assert sum(one.rank_high - one.rank_low for one, _ in pairs) < sum(
        other.rank_high - other.rank_low for _, other in pairs
    )


def test_a_groups_lines_are_its_own_and_where_a_figure_comes_from_changes_nothing() -> None:
    ours = of_values({"a": (90, 3), "b": (81, 3), "c": (70, 3)})
    theirs = of_values({"x": (90, 3), "y": (81, 3)}, "h")
    first = table(VALUES, [*ours, *theirs])
    other = table(VALUES, [*ours, *of_values({"x": (90, 3), "y": (60, 3)}, "h")])
    assert first.told["g"] == other.told["g"] and first.told["h"] != other.told["h"]
    sourced = [replace(unit, cells={"m": replace(unit.cells["m"], source="letter 7")}) for unit in ours]
    assert table(VALUES, sourced).told["g"] == first.told["g"]
    assert table(VALUES, list(reversed(ours))).rows == table(VALUES, ours).rows


# Names


def test_by_counts_few_cases_are_no_reason_to_be_named() -> None:
    bad, n = [90, 60, 3, *range(1, 40)], [300, 300, 4, *[400] * 39]
    result = table(RATE, of_counts(bad, n))
    assert result.told["g"].named == "counts"
    last = max((row for row in result.rows if row.rank), key=lambda row: row.rank or 0)
    assert last.unit == "u0002", "three of four is the worst rate"
    assert named(result) == {"u0000"}, "one of two that could be named"
    assert of_two(result) <= named(result)
    by_sets = table(replace(RATE, naming=Naming(worst=2)), of_counts(bad, n))
    assert named(by_sets) == {"u0002"}, "four cases have no normal error: that is why counts decide"


def test_no_name_is_wrong_in_nineteen_of_twenty_places() -> None:
    chance, right, many = np.random.default_rng(11), [], 0
    for one in chance.spawn(30):
        made = year(one, 150)
        spec = replace(RATE, naming=Naming(worst=15, by="counts"))
        result = table(spec, of_counts(made.hits.tolist(), made.n.tolist()))
        truly = made.worst(15)
        right.append(all(truly[int(unit[1:])] for unit in named(result)))
        many += len(named(result))
    assert sum(right) >= 27 and many >= 20


def test_the_best_are_named_by_the_same_promise() -> None:
    spec = replace(RATE, naming=Naming(best=1, by="counts"))
    result = table(spec, of_counts([1, 80, 90, 85, 70], [800, 400, 400, 400, 400]))
    assert [row.unit for row in result.rows if row.named_best] == ["u0000"]
    assert all(row.of_two is None for row in result.rows), "nobody was to be named worst"


@pytest.mark.parametrize(
    ("measure", "cell"),
    [
        (Measure("m", MinMax(), Decimal(100), "less"), Cell.of("0.5", n=None)),
        (Measure("m", MinMax(), Decimal(100), "less"), Cell.of("0.123", n=10)),
        (Measure("m", MinMax(), Decimal(100), "less"), Cell.of(7, n=10)),
        (Measure("m", Target(), Decimal(100)), Cell.of("0.5", n=10, target="0.4")),
    ],
)
def test_where_the_cases_are_not_known_the_sets_decide(measure: Measure, cell: Cell) -> None:
    spec = replace(RATE, measures=(measure,))
    units = of_counts([1, 80, 90], [400, 400, 400])
    if isinstance(measure.method, Target):
        units = [
            replace(unit, cells={"m": replace(unit.cells["m"], target=Decimal("0.9"))}) for unit in units
        ]
    assert table(spec, units).told["g"].named == "counts"
    assert table(spec, [*units, UnitInputs("x", "g", {"m": cell})]).told["g"].named == "sets"


def test_a_group_no_larger_than_the_list_names_no_one() -> None:
    assert named(table(RATE, of_counts([1, 300], [400, 400]))) == set()


# Two tables


def noisy(*values: float, worst: int = 1, **options: object) -> TableResult:
    spec = replace(VALUES, naming=Naming(worst=worst), **options)  # type: ignore[arg-type]
    return table(spec, of_values({f"u{n}": (one, 1) for n, one in enumerate(values)}))


@pytest.mark.parametrize("rank_sets", ["step-down", "bonferroni"])
def test_named_twice_is_one_statement_about_both_tables(rank_sets: str) -> None:
    sure, barely, alike = (
        noisy(90, 80, last, rank_sets=rank_sets)
        for last in ("60", "76.48" if rank_sets == "step-down" else "76.35", "79")
    )
    assert [named(one) for one in (sure, barely, alike)] == [{"u2"}, {"u2"}, set()]
    assert named_last_time(sure, sure) == {"u2"}
    assert named_last_time(sure, barely) == named_last_time(barely, sure) == frozenset()
    assert named_last_time(alike, barely) == {"u2"}, (
        "of who is not named again, the last time stands by itself"
    )
    assert named_last_time(sure, alike) == frozenset()


def test_a_table_of_before_and_one_of_now_make_one_statement_too() -> None:
    now, before = noisy(90, 80, 60), noisy(90, 80, 60, rank_sets="bonferroni")
    assert named_last_time(now, before) == named_last_time(before, now) == {"u2"}


def test_where_a_rule_book_names_by_rank_alone_nothing_more_is_asked() -> None:
    plain = replace(VALUES, naming=Naming(worst=1, worst_certain=False))
    close = table(plain, of_values({"a": (90, 5), "b": (89, 5)}))
    assert named_last_time(close, close) == {"b"} and close.row("b").of_two is None


# Kept editions


@pytest.mark.parametrize(
    ("name", "said"), [("bonferroni", None), ("step-down", "step-down"), ("counts", "step-down")]
)
def test_an_edition_of_before_is_recounted_to_the_byte(name: str, said: str | None) -> None:
    kept = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
    again = recount(kept["spec"], kept["inputs"], kept["result"], same_code=True)
    assert again.same and again.differences == () and again.unknown == ()
    assert json.loads(kept["spec"]).get("rank_sets") == said


def test_another_process_draws_the_same() -> None:
    made = year(np.random.default_rng(2), 60)
    frozen = TableInputs(tuple(of_counts(made.hits.tolist(), made.n.tolist())))
    result = canonical(compute(RATE, frozen).to_json()).decode()
    program = (
        "import json, sys\n"
        "from leitai.rules.ledger import canonical\n"
        "from leitai.rules.scoring import TableInputs, TableSpec, compute\n"
        "spec, inputs = json.load(sys.stdin)\n"
        "found = compute(TableSpec.from_json(spec), TableInputs.from_json(inputs))\n"
        "print(canonical(found.to_json()).decode(), end='')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([RATE.to_json(), frozen.to_json()]), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert told.stdout == result


@settings(max_examples=30, deadline=None)
@given(editions(rank_sets="step-down"))
def test_a_table_by_steps_is_read_as_it_was_written(one: Edition) -> None:
    result = one.result
    assert TableResult.from_json(json.loads(canonical(result.to_json()))) == result


def test_what_this_version_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="no rank sets by 'magic'"):
        replace(VALUES, rank_sets="magic")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not name by 'magic'"):
        Naming(by="magic")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"of 0\.5 and more"):
        replace(VALUES, confidence=Decimal("0.4"))


# Climbs


def test_a_climb_out_of_the_names_is_enough_by_steps_and_by_counts() -> None:
    by_sets = replace(VALUES, naming=Naming(worst=1))
    units = of_values({"a": (90, 2), "b": (82, 2), "c": (60, 2)})
    (found,) = (one for one in climbs(by_sets, TableInputs(tuple(units)), "c") if one.goal == "unnamed")
    moved = [*units[:2], *of_values({"c": (float(found.to or 0), 2)})]
    assert named(table(by_sets, units)) == {"c"} and named(table(by_sets, moved)) == set()
    bad, n = [180, 60, 30, *range(10, 40)], [300, 300, 300, *[400] * 30]
    counted = of_counts(bad, n)
    (found,) = (one for one in climbs(RATE, TableInputs(tuple(counted)), "u0000") if one.goal == "unnamed")
    assert "u0000" in named(table(RATE, counted))
    hits = int((found.to or Decimal(0)) * 300)
    assert 30 < hits < 60, "no more than it takes"
    assert "u0000" not in named(table(RATE, of_counts([hits, *bad[1:]], n)))


def test_at_most_so_many_are_named_and_each_is_surely_among_the_wider_number() -> None:
    """Four clearly at the end that cannot be told apart: of two nobody is sure, of four all, and two may be named."""

    def named(naming: Naming, third: float = 12) -> set[str]:
        low = {"a": (10.0, 5.0), "b": (11.0, 5.0), "c": (third, 5.0), "d": (13.0, 5.0)}
        units = of_values(low | {f"z{n}": (900.0 + n, 1.0) for n in range(8)})
        made = compute(replace(VALUES, naming=naming), TableInputs(tuple(units)))
        return {row.unit for row in made.rows if row.named_worst}

    assert named(Naming(worst=2)) == set()
    assert named(Naming(worst=2, worst_among=4)) == {"a", "b"}
    # Level at the border: neither is picked out.
    assert named(Naming(worst=2, worst_among=4), third=11) == {"a"}
    assert named(Naming(worst=4)) == named(Naming(worst=4, worst_among=4)) == {"a", "b", "c", "d"}
    assert Naming(worst=2, worst_among=4).to_json()["worst_among"] == 4
    assert "worst_among" not in Naming(worst=2).to_json()
