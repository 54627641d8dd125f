"""Tables that rest on verdicts: what is within noise, what lies beyond the funnel, what an open value may bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.tables.stakes import field_of, stakes, without_late
from leitai.apps.tables.streaks import Streak, streaks
from leitai.rules.scoring import Cell, Given, Measure, TableInputs, TableSpec, UnitInputs, compute
from leitai.ui.rank_charts import FunnelPoint, RankPoint, funnel, history, spark
from tests.factories import BUREAUS, Town, build, text

SPEC = TableSpec(
    "works", "2024-03", tuple(Measure(key, Given(), Decimal(weight)) for key, weight in (("a", 2), ("b", 1)))
)
POINTS = st.integers(0, 100)


# --- what an open value may bring ------------------------------------------------------------------


def table(cells: dict[str, tuple[int | None, int | None]]) -> Any:
    """A table of two measures, from values by unit; None where a value is missing."""
    units = tuple(
        UnitInputs(
            key,
            "g",
            {name: Cell.of(value) for name, value in zip("ab", pair, strict=True) if value is not None},
        )
        for key, pair in cells.items()
    )
    return SPEC, TableInputs(units)


def field(result: Any) -> Any:
    """The field of the table's one group."""
    return field_of(result.spec, result.to_json()["rows"])


@given(
    st.lists(st.tuples(POINTS, POINTS), min_size=2, max_size=8),
    POINTS,
    st.sampled_from([0, 1]),
    st.sampled_from(["better", "worse"]),
)
def test_a_stake_is_the_rank_that_the_ends_of_the_group_would_bring(
    others: list[tuple[int, int]], own: int, missing: int, ties: Any
) -> None:
    cells: dict[str, Any] = {f"u{n}": pair for n, pair in enumerate(others)}
    mine = [own, own]
    mine[missing] = None  # type: ignore[call-overload]
    spec, inputs = table(cells | {"mine": tuple(mine)})
    spec = replace(spec, ties=ties, uncounted=Decimal("0.7"))
    result = compute(spec, inputs)
    found = stakes(spec, result.row("mine"), field(result))["ab"[missing]]
    seen = [pair[missing] for pair in others]
    for value, rank in ((max(seen), found.best), (min(seen), found.worst)):
        mine[missing] = value
        assert compute(spec, table(cells | {"mine": tuple(mine)})[1]).row("mine").rank == rank
    assert found.of == len(others) + 1


def test_a_value_that_came_late_is_settled() -> None:
    late = Cell.of(3, state="late")
    units = tuple(UnitInputs(key, "g", {"a": Cell.of(5), "b": late}) for key in ("one", "two"))
    result = compute(SPEC, TableInputs(units))
    assert stakes(SPEC, result.row("one"), field(result)) == {}


@given(st.lists(st.tuples(POINTS, POINTS), min_size=2, max_size=8), st.tuples(POINTS, POINTS))
def test_what_a_late_value_decided_is_the_rank_without_it(
    others: list[tuple[int, int]], own: tuple[int, int]
) -> None:
    cells: dict[str, Any] = {f"u{n}": pair for n, pair in enumerate(others)}
    spec, inputs = table(cells | {"mine": own})
    late = replace(inputs.units[-1].cells["b"], state="late")
    mine = replace(inputs.units[-1], cells={**inputs.units[-1].cells, "b": late})
    result = compute(spec, TableInputs((*inputs.units[:-1], mine)))
    (rank,) = without_late(spec, result.row("mine"), field(result)).values()
    assert compute(spec, table(cells | {"mine": (own[0], None)})[1]).row("mine").rank == rank


def test_without_a_late_value_of_most_of_the_weight_nobody_is_judged() -> None:
    late = Cell.of(3, state="late")
    units = tuple(UnitInputs(key, "g", {"a": late, "b": Cell.of(5)}) for key in ("one", "two"))
    result = compute(SPEC, TableInputs(units))
    assert without_late(SPEC, result.row("one"), field(result)) == {"a": 0}


def test_of_a_measure_that_nobody_has_nothing_is_told() -> None:
    spec, inputs = table({"one": (5, None), "two": (4, None)})
    result = compute(spec, inputs)
    assert stakes(spec, result.row("one"), field(result)) == {}


# --- streaks ---------------------------------------------------------------------------------------


def standing(period: str, low: int, rank: int | None, high: int, **more: Any) -> Any:
    """A standing of ten, as streaks read it."""
    told = {"named_best": False, "named_worst": False, "group": "g", "of": 10} | more
    bounds = (
        {"rank_low": low, "rank": rank, "rank_high": high}
        if rank
        else dict.fromkeys(("rank", "rank_low", "rank_high"))
    )
    return SimpleNamespace(table=SimpleNamespace(period=period), **bounds, **told)


def test_a_streak_ends_where_a_period_has_no_table() -> None:
    kept = [standing(f"2024-0{month}", 1, 2, 5) for month in (6, 5, 3, 2)]
    assert streaks(kept) == [Streak("upper", 2)]


def test_a_streak_ends_where_the_group_is_another() -> None:
    kept = [
        standing("2024-03", 1, 2, 5),
        standing("2024-02", 1, 2, 5),
        standing("2024-01", 1, 2, 5, group="h"),
    ]
    assert streaks(kept) == [Streak("upper", 2)]


def test_half_of_a_group_is_told_only_where_the_whole_interval_lies_in_it() -> None:
    assert streaks([standing(f"2024-0{month}", 2, 3, 6) for month in (3, 2, 1)]) == []
    assert streaks([standing(f"2024-0{month}", 6, 8, 10) for month in (3, 2, 1)]) == [Streak("lower", 3)]


def test_moves_beyond_noise_make_a_streak_and_drift_makes_none() -> None:
    falling = [standing("2024-03", 5, 6, 7), standing("2024-02", 3, 3, 4), standing("2024-01", 1, 1, 2)]
    assert Streak("down", 2) in streaks(falling)
    drifting = [standing("2024-03", 4, 6, 7), standing("2024-02", 3, 3, 4), standing("2024-01", 1, 1, 3)]
    assert not streaks(drifting)


def test_years_follow_each_other_too() -> None:
    kept = [standing("2024-01", 0, None, 0), standing("2023-12", 0, None, 0)]
    assert streaks(kept) == [Streak("unjudged", 2)]


# --- charts ----------------------------------------------------------------------------------------


def test_a_history_marks_what_was_not_judged_and_escapes_what_it_is_called() -> None:
    points = [RankPoint("<b>", 3, 1, 5, 9), RankPoint("Feb", None), RankPoint("Mar", 2, 1, 4, 9)]
    drawn = history(points, "T", "D")
    assert "&lt;b&gt;" in drawn and "<b>" not in drawn
    assert drawn.count('class="hollow"') == 1 and drawn.count('class="dot"') == 2
    assert 'role="img"' in spark(points, "three periods")


def test_the_funnel_marks_each_side_of_its_limits() -> None:
    near, far = (0.1, 0.3), (0.05, 0.35)
    points = [FunnelPoint(rate, 50 + n, near, far) for n, rate in enumerate((0.2, 0.32, 0.5))]
    assert [point.outside for point in points] == [0, 1, 2]
    assert FunnelPoint(1.0, 1, (0.0, 0.34), (0.0, 0.974)).outside == 0, "one case in one is within chance"
    assert FunnelPoint(0.5, 4, (0.0, 0.2), (0.0, 0.48)).outside == 1
    drawn = funnel(points, 0.2, "T", "D")
    assert drawn.count('class="hollow"') == 1 and drawn.count("M0-5l5 5") == 1


# --- pages -----------------------------------------------------------------------------------------


@pytest.fixture
def town(db: None) -> Town:
    """Two months of verdicts on the three bureaus: water and roads change places by chance, tax is bad both times."""
    town = build("town")
    good = {"2024-02": {"water": 9, "roads": 8, "tax": 2}, "2024-03": {"water": 8, "roads": 9, "tax": 2}}
    for month, of_ten in good.items():
        first = datetime.fromisoformat(f"{month}-05T02:00").replace(tzinfo=UTC)
        for unit in BUREAUS:
            for n in range(20):
                grade = "satisfied" if n < 2 * of_ten[unit] else "dissatisfied"
                town.verdict(unit, grade, at=first + timedelta(minutes=n))
        town.table("service", month)
    return town


def page(path: str) -> str:
    """A public page in English, which was answered well."""
    answer = Client(headers={"accept-language": "en"}).get(f"/town/{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def newest() -> Any:
    """The newest table."""
    from leitai.apps.tables.models import Table

    return Table.objects.order_by("-pk").first()


def test_a_place_won_by_chance_is_said_to_be_within_noise(town: Town) -> None:
    roads = page(f"t/{newest().pk}").split('id="u-roads"')[1].split("</tr>")[0]
    assert "up </span>1" in roads and "within noise" in roads
    cell = page("t/period/2024-03").split(">Roads Bureau<")[1].split("</tr>")[0]
    assert "within noise" in cell


def test_a_rough_field_widens_the_funnel_for_all(town: Town) -> None:
    shown = page(f"t/{newest().pk}/funnel")
    assert "Good verdicts" in shown and "3 units" in shown
    assert "times as much as chance explains" in shown
    assert "No unit is beyond the limits." in shown


def test_the_funnel_names_who_is_beyond_chance(db: None) -> None:
    bureaus = "units: {kind: bureau}, expect: 3"
    town = build("town", regime=text().replace(bureaus, "units: {all: true}"))
    first = datetime(2024, 3, 5, 2, tzinfo=UTC)
    for unit in town.units:
        for n in range(20):
            grade = "dissatisfied" if n < (16 if unit == "tax" else 2) else "satisfied"
            town.verdict(unit, grade, at=first + timedelta(minutes=n))
    shown = page(f"t/{town.table('service', '2024-03').pk}/funnel?group=bureaus")
    beyond = shown.split("Unit beyond the limits")[1].split("</table>")[0]
    assert "Tax Bureau" in beyond and "below" in beyond
    assert "Water Bureau" not in beyond


def test_a_share_climbs_by_so_many_verdicts(town: Town) -> None:
    shown = page(f"t/{newest().pk}/u/water")
    assert "This is within noise" in shown
    assert "of 20 otherwise" in shown


def test_real_changes_come_first_and_the_rest_is_folded(town: Town) -> None:
    shown = page(f"t/{newest().pk}/changes")
    real, folded = shown.split('<details class="card">')
    assert "No unit moved further than chance can explain." in real
    assert "2 moves within noise" in folded and "Roads Bureau" in folded
    assert "1 unit kept its rank." in folded
