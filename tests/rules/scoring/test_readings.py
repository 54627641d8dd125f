"""Screens of figures: each sees its abuse, is silent on honest figures, and says what a missing value could change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from leitai.rules.scoring import (
    Cell,
    Given,
    Measure,
    TableInputs,
    TableSpec,
    Target,
    UnitInputs,
    compute,
)
from leitai.rules.scoring.readings import (
    HONEST,
    beta_binomial_above,
    fine,
    heaped,
    last_days,
    open_values,
    twins,
    zeros,
)
from leitai.rules.scoring.readings_honest import SCREENS, bent, honest, measure, screened

UNITS = tuple("abcdefghijkl")
CHANCE = np.random.default_rng


def steady(seed: int = 1, mean: float = 50.0) -> Any:
    return CHANCE(seed).poisson(mean, (len(UNITS), 12)).astype(float)


def test_a_zero_where_it_was_never_near_zero_is_a_sign_and_a_missing_value_is_none() -> None:
    values = steady()
    assert zeros(UNITS, values) == ()
    values[3, -1] = 0
    (sign,) = zeros(UNITS, values)
    assert (sign.unit, sign.screen) == ("d", "zero") and sign.p < sign.line
    assert "0 was reported" in sign.text and sign.evidence[-1] == 0
    values[3, -1] = np.nan
    assert zeros(UNITS, values) == ()


def test_a_zero_is_judged_alike_in_every_unit_of_money() -> None:
    values = steady(2)
    values[0, -1] = 0
    for scale in (1.0, 1e-4, 1e6):
        (sign,) = zeros(UNITS, values * scale)
        assert sign.unit == "a"


@pytest.mark.parametrize("mean", [0.3, 2.0])
def test_small_counts_are_zero_by_nature(mean: float) -> None:
    values = steady(3, mean)
    values[:, -1] = 0
    assert zeros(UNITS, values) == ()


def test_a_past_too_short_or_below_zero_says_nothing() -> None:
    assert zeros(("a",), np.array([[50.0, 51, 52, 50, 0]])) == ()
    assert zeros(("a",), np.array([[50.0, 51, -2, 50, 52, 50, 51, 0]])) == ()
    assert zeros((), np.empty((0, 12))) == ()


def test_values_that_crowd_above_the_line_are_a_sign_and_below_it_are_none() -> None:
    crowd, short = np.full(40, 1.004), np.full(40, 0.996)
    honest_ones = CHANCE(4).normal(1, 0.1, 300)
    found = heaped(("a", "b"), [crowd, honest_ones])
    assert "a" in {sign.unit for sign in found} and "b" not in {sign.unit for sign in found}
    assert found[0].values["above"] >= 40
    assert heaped(("a", "b"), [short, honest_ones]) == ()
    assert heaped((), []) == ()


def test_what_no_unit_shows_all_together_can() -> None:
    few = [np.concatenate([np.full(6, 1.005), np.full(1, 0.99)]) for _ in UNITS]
    (sign,) = heaped(UNITS, few)
    assert sign.unit == "" and sign.values["above"] == 72


@pytest.mark.parametrize(
    ("values", "threshold", "right"),
    [
        (["9", "10"], "10", False),
        (["9.99", "10"], "10", True),
        (["990", "1000"], "1000", True),
        (["1"], "0", False),
    ],
)
def test_steps_as_coarse_as_the_line_say_nothing(values: list[str], threshold: str, right: bool) -> None:
    assert fine([Decimal(one) for one in values], Decimal(threshold)) is right


def test_work_on_the_last_day_is_held_against_the_peers() -> None:
    whole, last = np.full(30, 100), CHANCE(5).binomial(100, 0.1, 30)
    names = [f"u{n}" for n in range(30)]
    assert last_days(names, last, whole) == ()
    last[7] = 80
    (sign,) = last_days(names, last, whole)
    assert sign.unit == "u7" and (sign.values["last"], sign.values["whole"]) == (80, 100)
    assert last_days(names[:5], last[:5], whole[:5]) == (), "too few peers to tell"


def test_a_figure_that_climbs_while_its_twin_is_flat() -> None:
    chance = CHANCE(6)
    reported, audited = (0.8 + 0.01 * chance.normal(0, 1, (12, 12)) for _ in range(2))
    assert twins(UNITS, reported, audited) == ()
    climb = np.arange(12) * 0.02
    both, alone = (reported.copy(), audited.copy()), reported.copy()
    alone[2] += climb
    (sign,) = twins(UNITS, alone, audited)
    assert sign.unit == "c"
    assert twins(UNITS, alone, audited, "less") == (), "a fall would be the better one there"
    both[0][2] += climb
    both[1][2] += climb
    assert twins(UNITS, *both) == ()


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_units_never_matters(random: Any) -> None:
    _unit, year = bent(CHANCE(7), honest(CHANCE(7), 20))
    order = list(range(20))
    random.shuffle(order)
    names = [year.units[n] for n in order]
    assert zeros(names, year.counts[order]) == zeros(year.units, year.counts)
    assert last_days(names, year.last[order], year.whole[order]) == last_days(
        year.units, year.last, year.whole
    )
    mixed = twins(names, year.reported[order], year.audited[order])
    assert [one.unit for one in mixed] == [one.unit for one in twins(year.units, year.reported, year.audited)]


def test_honest_years_raise_few_signs_and_bent_ones_are_seen() -> None:
    runs, alarmed, seen = measure(CHANCE(2026).spawn(30), 40)
    assert runs == 30
    assert all(alarmed[name] <= 4 for name in SCREENS), alarmed
    assert seen["zero"] >= 20 and seen["heap"] >= 15 and min(seen["last-day"], seen["twin"]) >= 1
    assert set(screened(honest(CHANCE(1), 10))) == set(SCREENS)


def table(missing: str = "exclude", **state: Any) -> Any:
    spec = TableSpec(
        "works",
        "2024-03",
        (
            Measure("a", Target(cap=Decimal(120)), Decimal(60), missing=missing),  # type: ignore[arg-type]
            Measure("b", Given(), Decimal(40)),
        ),
    )
    cells = {
        "x": {"a": Cell.of(8, target=10), "b": Cell.of(50)},
        "y": {"a": Cell.of(9, target=10), "b": Cell.of(50)},
        "z": {"b": Cell.of(60)} | state,
    }
    return compute(spec, TableInputs(tuple(UnitInputs(key, "g", own) for key, own in cells.items())))


@pytest.mark.parametrize("missing", ["exclude", "floor"])
def test_a_missing_value_is_named_with_what_it_could_change(missing: str) -> None:
    (one,) = open_values(table(missing))
    assert (one.unit, one.measure, one.state, one.weight) == ("z", "a", "missing", 60)
    # (0 × 60 + 60 × 40) / 100 and (120 × 60 + 60 × 40) / 100; x has 68, y has 74.
    assert (one.score_low, one.score_high) == (24, 96)
    assert (one.rank_worst, one.rank_best) == (3, 1)


def test_nothing_is_open_where_all_is_there_and_a_late_value_is_open() -> None:
    assert open_values(table(a=Cell.of(7, target=10))) == ()
    (one,) = open_values(table(a=Cell.of(7, target=10, state="late")))
    assert (one.state, one.rank_best, one.rank_worst) == ("late", 1, 3)


PAGE = Path(__file__).parents[3] / "docs/methods/readings-screens.md"


def rows(head: str) -> list[list[str]]:
    """The lines of the page's table with this head."""
    lines = PAGE.read_text(encoding="utf-8").split(head)[1].splitlines()[2:]
    table = lines[: next(n for n, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_pages_chances_are_what_the_screens_compute() -> None:
    for past, chance in rows("| past | chance of 0 |"):
        (sign,) = zeros(("a",), np.array([[*map(float, past.split(",")), 0.0]]), alarm=0.9999)
        assert f"{sign.p:.2e}" == chance
    for above, below, chance in rows("| above | below | chance of so many or more above |"):
        p = binom.sf(int(above) - 1, int(above) + int(below), HONEST)
        assert f"{p:.2e}" == chance
        (sign, _own) = heaped(("a",), [np.array([1.01] * int(above) + [0.99] * int(below))], alarm=1.99)
        assert sign.p == pytest.approx(p, rel=1e-9)
    for last, whole, share, alike, chance in rows(
        "| last day | in time | share | alike | chance of so many or more |"
    ):
        scale = 1 / float(alike) - 1
        p = betabinom.sf(int(last) - 1, int(whole), float(share) * scale, (1 - float(share)) * scale)
        assert f"{p:.2e}" == chance
        own = beta_binomial_above(int(last), int(whole), float(share), float(alike))
        assert own == pytest.approx(p, rel=1e-6)
