"""The three on-time shares: the worked table, equal to counting one by one, and in the order that must hold."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leitai.rules.casework import ByUnit, in_time

PAGE = Path(__file__).resolve().parents[3] / "docs/methods/on-time.md"
HOUR, END, NONE = 3600, 1_000_000, -1
Row = tuple[int, int, int, int]


def col(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)


def test_the_worked_table_is_what_the_program_does() -> None:
    page = PAGE.read_text(encoding="utf-8").split("## Worked table")[1]
    rows = re.findall(r"^\| ([a-h]) \| (\d+) \| (closed|open) \|$", page, re.MULTILINE)
    assert len(rows) == 8
    hours = [int(one) * HOUR for _, one, _ in rows]
    opened = [
        END - (one if state == "open" else 200 * HOUR) for one, (_, _, state) in zip(hours, rows, strict=True)
    ]
    closed = [
        at + one if state == "closed" else NONE
        for at, one, (_, _, state) in zip(opened, hours, rows, strict=True)
    ]
    due = [at + 100 * HOUR for at in opened]
    got = in_time(col(opened), col(due), col(closed), 0, END)
    (said,) = re.findall(r"^\| (0\.\d{4}) \| (0\.\d{4}) \| (0\.\d{4}) \| (0\.\d{4}) \|$", page, re.MULTILINE)
    shown = [f"{one[0]:.4f}" for one in (got.closed_only, got.with_overdue, got.survival, got.error)]
    assert shown == list(said)
    assert (got.n[0], got.closed[0], got.overdue[0], got.running[0]) == (8, 5, 1, 2)


def test_an_empty_drawer_and_a_full_one() -> None:
    nobody = in_time(col([]), col([]), col([]), 0, END)
    assert math.isnan(nobody.survival[0]) and math.isnan(nobody.error[0]) and nobody.n[0] == 0
    overdue = in_time(col([0, 0]), col([10, 10]), col([NONE, NONE]), 0, END)
    assert (overdue.survival[0], overdue.with_overdue[0]) == (0, 0)
    assert math.isnan(overdue.closed_only[0])
    done = in_time(col([0, 0]), col([10, 10]), col([10, 3]), 0, END)
    assert (done.survival[0], done.error[0], done.closed_only[0]) == (1, 0, 1)


def test_a_case_is_in_time_at_its_due_instant_and_late_one_second_after() -> None:
    for due in (HOUR, 10**9):  # the share of the time is told apart from 1 however long was allowed
        end = 2 * due + 10
        got = in_time(col([0, 0]), col([due, due]), col([due, due + 1]), 0, end)
        assert (got.on_time[0], got.survival[0]) == (1, 0.5)


def test_only_cases_opened_in_the_period_with_a_due_time_count_as_they_stood_at_its_end() -> None:
    opened, due = col([0, 100, 100, 200, NONE]), col([50, 150, NONE, 250, 50])
    got = in_time(opened, due, col([20, 210, 110, 210, 20]), 100, 200)
    assert (got.n[0], got.closed[0], got.overdue[0]) == (1, 0, 1)


def test_cases_without_any_time_allowed_are_late_unless_closed_at_once() -> None:
    got = in_time(col([10, 10, 10]), col([10, 10, 5]), col([10, 11, 10]), 0, 100)
    assert (got.on_time[0], got.survival[0]) == (1, pytest.approx(1 / 3))


def by_hand(rows: list[Row], end: int) -> tuple[Fraction, Fraction, Fraction]:
    """(on time among closed and overdue, survival, its variance) by the formula, tie by tie, in whole numbers."""
    seen = []
    for opened, allowed, took, _ in rows:
        done = took >= 0 and opened + took < end
        used = Fraction(took if done else end - opened, allowed)
        seen.append((used, done))
    left, terms = Fraction(1), Fraction(0)
    for used in sorted({used for used, done in seen if done and used <= 1}):
        n = sum(one >= used for one, _ in seen)
        d = sum(one == used and done for one, done in seen)
        left *= Fraction(n - d, n)
        terms += Fraction(d, n * (n - d)) if n > d else 0
    told = [(used <= 1 and done) for used, done in seen if done or used > 1]
    return Fraction(sum(told), max(len(told), 1)), 1 - left, left * left * terms


row = st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(NONE, 50), st.integers(0, 2))


@settings(max_examples=150, deadline=None)
@given(st.lists(row, max_size=30), st.integers(61, 90))
@example([(0, 30, NONE, 0), (0, 10, 10, 0)], 70)
def test_the_arrays_say_what_the_formula_says_and_the_three_stand_in_order(rows: list[Row], end: int) -> None:
    opened, allowed, took, unit = (col([one[n] for one in rows]) for n in range(4))
    closed = np.where(took >= 0, opened + took, NONE)
    got = in_time(opened, opened + allowed, closed, 0, end, ByUnit(unit, 3))
    for u in range(3):
        mine = [one for one in rows if one[3] == u]
        assert got.n[u] == len(mine)
        if not mine:
            assert math.isnan(got.survival[u])
            continue
        share, survival, variance = by_hand(mine, end)
        assert got.survival[u] == pytest.approx(float(survival), abs=1e-12)
        assert got.error[u] == pytest.approx(math.sqrt(variance), abs=1e-9)
        if got.closed[u] + got.overdue[u]:
            assert got.with_overdue[u] == pytest.approx(float(share))
            assert got.with_overdue[u] >= got.survival[u] - 1e-12
            if not got.running[u]:
                assert got.with_overdue[u] == pytest.approx(got.survival[u])
        if got.closed[u]:
            assert got.closed_only[u] >= got.with_overdue[u]


@settings(max_examples=40, deadline=None)
@given(st.lists(row, max_size=30))
def test_the_order_of_cases_and_other_units_change_nothing(rows: list[Row]) -> None:
    def told(table: list[Row], units: int) -> list[float]:
        opened, allowed, took, unit = (col([one[n] for one in table]) for n in range(4))
        closed = np.where(took >= 0, opened + took, NONE)
        return list(in_time(opened, opened + allowed, closed, 0, 80, ByUnit(unit, units)).survival)

    assert told(rows, 3) == pytest.approx(told(rows[::-1], 3), nan_ok=True)
    alone = [(*one[:3], 0) for one in rows if one[3] == 1]
    assert told(alone, 1)[0] == pytest.approx(told(rows, 3)[1], nan_ok=True)
