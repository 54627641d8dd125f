"""A table is the same bytes for the same inputs, fair in its order, and honest about what it cannot say."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ledger import canonical
from leitai.rules.scoring import (
    Band,
    Bands,
    Cell,
    Given,
    Measure,
    MinMax,
    Naming,
    PassFail,
    RankPoints,
    Row,
    TableInputs,
    TableResult,
    TableSpec,
    Target,
    UnitInputs,
    cells_of,
    compute,
    explain,
)

D = Decimal
METHODS = (
    Target(D(0), D(120)),
    MinMax(),
    RankPoints(),
    Bands((Band(">=", D(70), D(100)), Band(">=", D(40), D(80))), D(60)),
    PassFail(),
)
NUMBER = st.integers(0, 1000).map(lambda number: D(number) / 10)
CELL = st.builds(
    Cell,
    st.none() | NUMBER,
    st.sampled_from([None, 3, 40]),
    st.sampled_from([None, D("0.5"), D(6)]),
    st.just(D(50)),
    st.sampled_from(["ok", "late", "disputed", "missing", "few"]),
)


@st.composite
def made(draw: st.DrawFn) -> tuple[TableSpec, TableInputs]:
    methods = draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=4))
    measures = [
        Measure(
            f"m{index}",
            method,
            D(draw(st.integers(1, 60))),
            draw(st.sampled_from(["more", "less"])),
            draw(st.sampled_from([0, 0, 10])),
            draw(st.sampled_from(["exclude", "exclude", "floor", "fail"])),
        )
        for index, method in enumerate(methods)
    ]
    spec = TableSpec("arena", "2022-Q1", tuple(measures), naming=Naming(1, 1, draw(st.booleans())))
    units = tuple(
        UnitInputs(f"u{index}", draw(st.sampled_from("gh")), {one.key: draw(CELL) for one in measures})
        for index in range(draw(st.integers(1, 7)))
    )
    return spec, TableInputs(units)


def in_state(row: Row, *states: str) -> tuple[str, ...]:
    """The measures of a row whose cells are in these states."""
    return tuple(one.measure for one in row.contributions if one.state in states)


@settings(max_examples=25, deadline=None)
@given(made(), st.randoms(use_true_random=False))
def test_the_same_bytes_in_any_order_and_after_being_kept(
    table: tuple[TableSpec, TableInputs], chance: random.Random
) -> None:
    spec, inputs = table
    result = compute(spec, inputs)
    data = canonical(result.to_json())
    shuffled = [
        UnitInputs(unit.key, unit.group, dict(chance.sample(list(unit.cells.items()), len(unit.cells))))
        for unit in chance.sample(inputs.units, len(inputs.units))
    ]
    assert canonical(compute(spec, TableInputs(tuple(shuffled))).to_json()) == data
    assert canonical(TableInputs(tuple(shuffled)).to_json()) == canonical(inputs.to_json())
    kept = json.loads(canonical({"spec": spec.to_json(), "inputs": inputs.to_json()}))
    again = compute(TableSpec.from_json(kept["spec"]), TableInputs.from_json(kept["inputs"]))
    assert canonical(again.to_json()) == data
    assert TableResult.from_json(json.loads(data)) == result


@settings(max_examples=25, deadline=None)
@given(made())
def test_every_row_is_ranked_within_its_set_or_says_why_not(table: tuple[TableSpec, TableInputs]) -> None:
    spec, inputs = table
    result = compute(spec, inputs)
    assert sorted(row.unit for row in result.rows) == sorted(unit.key for unit in inputs.units)
    for row in result.rows:
        known = (row.score, row.se, row.rank, row.rank_low, row.rank_high, row.band)
        if row.reason:
            assert known == (None,) * 6
            assert not (row.named_worst or row.named_best)
            continue
        assert row.rank is not None
        assert row.rank_low is not None
        assert row.rank_high is not None
        assert row.rank_low <= row.rank <= row.rank_high <= len(result.field_of(row))
        if spec.naming.worst_certain and spec.naming.best_certain:
            assert row.named_worst == (row.rank_low == len(result.field_of(row)) > 1)


@settings(max_examples=25, deadline=None)
@given(made())
def test_an_explanation_adds_up_exactly(table: tuple[TableSpec, TableInputs]) -> None:
    result = compute(*table)
    for row in result.rows:
        found = explain(result, row.unit)
        assert all(line.text for line in found.lines)
        for gap, sign in ((found.above, 1), (found.below, -1)):
            if gap is None:
                continue
            other = result.row(gap.other)
            assert gap.gap == sign * ((other.score or D(0)) - (row.score or D(0)))
            assert gap.gap > 0
            assert sum(part.exact for part in gap.parts) == Fraction(gap.gap)
            assert sum(part.shown for part in gap.parts) == gap.gap
            assert all(abs(Fraction(part.shown) - part.exact) < Fraction(1, 10000) for part in gap.parts)
            (rounding,) = (part.exact for part in gap.parts if not part.measure)
            assert abs(rounding) <= Fraction(1, 100)


@settings(max_examples=20, deadline=None)
@given(made(), st.sampled_from([D(3), D("0.1"), D(7)]))
def test_weights_scale_freely(table: tuple[TableSpec, TableInputs], factor: D) -> None:
    spec, inputs = table
    scaled = replace(spec, measures=tuple(replace(one, weight=one.weight * factor) for one in spec.measures))
    ours, theirs = compute(spec, inputs), compute(scaled, inputs)
    for one, other in zip(ours.rows, theirs.rows, strict=True):
        contributions = tuple(replace(part, weight=part.weight / factor) for part in other.contributions)
        assert replace(other, contributions=contributions) == one


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(NUMBER, NUMBER, NUMBER), min_size=2, max_size=6),
    st.lists(st.sampled_from(METHODS), min_size=3, max_size=3),
)
def test_a_dominated_unit_never_stands_higher(values: list[tuple[D, D, D]], methods: list[Target]) -> None:
    spec = TableSpec("a", "2022", tuple(Measure(f"m{n}", one, D(n + 1)) for n, one in enumerate(methods)))
    units = (
        UnitInputs(f"u{index}", "g", {f"m{n}": Cell(value, target=D(50)) for n, value in enumerate(of)})
        for index, of in enumerate(values)
    )
    result = compute(spec, TableInputs(tuple(units)))
    for one, ours in enumerate(values):
        for other, theirs in enumerate(values):
            if all(mine >= his for mine, his in zip(ours, theirs, strict=True)):
                assert (result.row(f"u{one}").rank or 0) <= (result.row(f"u{other}").rank or 0)


def table_of(units: dict[str, dict[str, Cell]], *measures: Measure, **options: object) -> TableResult:
    spec = TableSpec("arena", "2022-Q1", measures, **options)  # type: ignore[arg-type]
    return compute(spec, TableInputs(tuple(UnitInputs(key, "g", cells) for key, cells in units.items())))


def one_measure(scores: dict[str, tuple[float, float]], **options: object) -> TableResult:
    cells = {key: {"m": Cell.of(score, se=se)} for key, (score, se) in scores.items()}
    return table_of(cells, Measure("m", Given(), D(100)), **options)


def test_nobody_is_named_worst_by_noise() -> None:
    clear = {"a": (90.0, 1.0), "b": (80.0, 1.0), "c": (60.0, 1.0)}
    noisy = {"a": (90.0, 1.0), "b": (64.0, 9.0), "c": (60.0, 9.0)}
    worst = Naming(worst=1)
    assert [row.named_worst for row in one_measure(clear, naming=worst).rows] == [False, False, True]
    assert [row.named_worst for row in one_measure(noisy, naming=worst).rows] == [False] * 3
    bold = one_measure(noisy, naming=Naming(worst=1, best=1, worst_certain=False, best_certain=False))
    assert [(row.named_best, row.named_worst) for row in bold.rows] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert not any(row.named_worst for row in one_measure(clear, naming=Naming(worst=3)).rows)


def test_a_tie_at_the_end_is_left_unnamed_when_certain() -> None:
    tied = {"a": (90.0, 0.0), "b": (60.0, 0.0), "c": (60.0, 0.0)}
    assert not any(row.named_worst for row in one_measure(tied, naming=Naming(worst=1)).rows)
    assert [row.rank for row in one_measure(tied).rows] == [1, 2, 2]
    assert [row.rank for row in one_measure(tied, ties="worse").rows] == [1, 3, 3]


def test_too_few_is_listed_unranked_and_takes_no_part_in_the_frame() -> None:
    measure = Measure("m", MinMax(), D(100), minimum=30)
    values = {"champion": (99, 2), "a": (50, 40), "b": (10, 30), "unknown": (20, None)}
    result = table_of({key: {"m": Cell.of(value, n=n)} for key, (value, n) in values.items()}, measure)
    assert [(row.unit, row.reason, row.rank) for row in result.rows] == [
        ("a", "", 1), ("b", "", 2), ("champion", "few", None), ("unknown", "few", None),
    ]  # fmt: skip
    assert result.row("a").score == 100
    assert "too few" in explain(result, "champion").lines[0].text
    assert explain(result, "champion").above is None


def test_how_much_may_be_left_out_is_declared() -> None:
    measures = (Measure("a", Given(), D(60), minimum=10), Measure("b", Given(), D(40)))
    cells = {"u": {"a": Cell.of(90, n=3), "b": Cell.of(70)}, "v": {"a": Cell.of(90, n=30)}}
    assert [row.reason for row in table_of(cells, *measures).rows] == ["", "few"]
    assert [row.reason for row in table_of(cells, *measures, uncounted=D("0.6")).rows] == ["", ""]
    assert [row.reason for row in table_of(cells, *measures, uncounted=D("0.3")).rows] == ["few", "missing"]
    assert table_of(cells, *measures, uncounted=D("0.6")).row("u").score == 70


def test_each_policy_for_a_missing_value() -> None:
    full, part = {"a": Cell.of(80), "b": Cell.of(60)}, {"a": Cell.of(80)}
    scores = {}
    for policy in ("exclude", "floor", "fail"):
        measures = (Measure("a", Given(), D(50)), Measure("b", Given(D(20)), D(50), missing=policy))  # type: ignore[arg-type]
        result = table_of({"full": full, "part": part}, *measures)
        row = result.row("part")
        scores[policy] = (row.score, row.reason)
        assert in_state(row, "missing") == ("b",)
        assert any("b" in line.text and ("no value" in line.text) for line in explain(result, "part").lines)
    assert scores == {"exclude": (80, ""), "floor": (50, ""), "fail": (None, "failed")}


def test_late_and_disputed_values_count_and_are_marked() -> None:
    cells = {
        "late": {"m": Cell.of(80, state="late")},
        "none": {"m": Cell(state="late")},
        "said": {"m": Cell.of(70, state="disputed")},
    }
    result = table_of(cells, Measure("m", Given(), D(100)))
    assert [(row.unit, row.rank, in_state(row, "late", "disputed")) for row in result.rows] == [
        ("late", 1, ("m",)), ("said", 2, ("m",)), ("none", None, ("m",)),
    ]  # fmt: skip
    for unit, word in (("late", "came late"), ("said", "disputed"), ("none", "is late")):
        assert any(word in line.text for line in explain(result, unit).lines)


def test_a_value_without_the_target_it_needs_is_missing() -> None:
    result = table_of({"u": {"m": Cell.of(80)}}, Measure("m", Target(), D(100)))
    assert result.rows[0].reason == "missing"
    assert in_state(result.rows[0], "missing") == ("m",)


def test_errors_are_carried_from_values_to_scores() -> None:
    measures = (Measure("a", Target(D(0), D(120)), D(60)), Measure("b", Given(), D(40)))
    cells = {
        "u": {"a": Cell.of(30, se=2, target=50), "b": Cell.of(50, se=3)},
        "v": {"a": Cell.of(90, se=2, target=50), "b": Cell.of(50)},
    }
    result = table_of(cells, *measures)
    assert result.row("u").se == round(((D(4) * D("0.6")) ** 2 + (D(3) * D("0.4")) ** 2).sqrt(), 6)
    assert result.row("v").se == 0


def test_a_place_is_uncertain_only_where_an_error_reaches_a_neighbour() -> None:
    cells = {key: {"m": Cell.of(value, se=2)} for key, value in (("a", 90), ("b", 50), ("c", 49), ("d", 10))}
    rows = table_of(cells, Measure("m", RankPoints(D(0), D(90)), D(100))).rows
    assert [(row.unit, row.score, row.se) for row in rows] == [
        ("a", 90, 0), ("b", 60, 15), ("c", 30, 15), ("d", 0, 0),
    ]  # fmt: skip


def test_ranks_within_groups_or_across_all() -> None:
    units = tuple(
        UnitInputs(key, key[0], {"m": Cell.of(value)}) for key, value in (("a1", 9), ("a2", 5), ("b1", 7))
    )
    spec = TableSpec("arena", "2022", (Measure("m", Given(), D(100)),))
    within = compute(spec, TableInputs(units))
    across = compute(replace(spec, within="all"), TableInputs(units))
    assert [(row.unit, row.rank) for row in within.rows] == [("a1", 1), ("a2", 2), ("b1", 1)]
    assert [(row.unit, row.rank) for row in across.rows] == [("a1", 1), ("b1", 2), ("a2", 3)]
    assert (explain(within, "b1").count, explain(across, "b1").count) == (1, 3)


def test_an_upper_table_takes_a_lower_one_s_scores() -> None:
    lower = one_measure({"a": (90.0, 1.0), "b": (80.0, 2.0)})
    cells = cells_of(lower, "lower")
    upper = table_of({key: {"m": cell} for key, cell in cells.items()}, Measure("m", Given(), D(100)))
    assert [(row.unit, row.score, row.se) for row in upper.rows] == [
        (row.unit, row.score, row.se) for row in lower.rows
    ]
    assert cells_of(table_of({"u": {}}, Measure("m", Given(), D(100))), "lower")["u"].state == "missing"


def test_weights_that_are_no_whole_are_found_and_faults_of_the_caller_raise() -> None:
    cells = {"u": {"m": Cell.of(50)}}
    result = table_of(cells, Measure("m", Given(), D(90)))
    assert [one.code for one in result.findings] == ["weights-not-100"]
    assert TableResult.from_json(json.loads(canonical(result.to_json()))) == result
    unit = UnitInputs("u", "g", {"other": Cell.of(1)})
    spec = result.spec
    for units in ((unit,), (UnitInputs("u", "g"), UnitInputs("u", "h"))):
        with pytest.raises(ValueError):
            compute(spec, TableInputs(units))
    with pytest.raises(KeyError):
        explain(result, "nobody")
    wrong = ({"rounding": "down"}, {"measures": spec.measures * 2}, {"confidence": D(1)}, {"ties": "dense"})
    for options in wrong:
        with pytest.raises(ValueError):
            replace(spec, **options)
    for build in (
        lambda: Cell.of(1, se=-1),
        lambda: Cell(state="lost"),
        lambda: Measure("b", Given(), D(-5)),
    ):  # type: ignore[arg-type]
        with pytest.raises(ValueError):
            build()
