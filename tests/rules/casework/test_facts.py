"""Facts of cases: equal to counting one by one, and the on-time rate is not bent by leaving out the open."""

import math
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import (
    ByUnit,
    backlog,
    backlog_days,
    median_hours,
    on_time,
    opened_in,
    overdue,
    solved,
)  # fmt: skip

NONE = -1


def col(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_open_and_overdue_cases_count_as_late() -> None:
    # 43 closed on time, 57 overdue and never closed: the closed-only rate would be a hundred per cent.
    due = np.full(100, 500, np.int64)
    closed = np.where(np.arange(100) < 43, 400, NONE).astype(np.int64)
    got = on_time(due, closed, 0, 1000)
    assert (got.on_time[0], got.fell_due[0], got.closed[0]) == (43, 100, 43)
    assert (got.value[0], got.closed_only[0]) == (0.43, 1.0)


def test_a_case_counts_in_the_period_in_which_it_falls_due() -> None:
    due, closed = col(999, 1000, 1500, 1999, 2000, NONE), col(999, 1001, 1500, 5000, 2000, 1500)
    got = on_time(due, closed, 1000, 2000)
    assert (got.on_time[0], got.fell_due[0], got.closed[0]) == (1, 3, 2)


def test_a_case_is_overdue_from_the_instant_after_its_due_time() -> None:
    assert overdue(col(1), col(50), col(NONE), 50)[0] == 0
    assert overdue(col(1), col(49), col(50), 50)[0] == 1
    assert backlog(col(1, 50), col(50, NONE), 50)[0] == 1
    assert overdue(col(1), col(50), col(NONE), 51)[0] == 1


def test_nothing_to_divide_by_is_nan_not_zero() -> None:
    got = on_time(col(), col(), 0, 10)
    assert math.isnan(got.value[0])
    assert math.isnan(got.closed_only[0])
    assert math.isnan(solved(col(), col(), 0, 10).value[0])
    assert math.isnan(median_hours(col(), col(), 0, 10)[0][0])


def test_backlog_in_days_of_inflow() -> None:
    day = 86400
    opened = col(*(day * n for n in range(30)))
    closed = np.where(np.arange(30) < 20, opened + day, NONE).astype(np.int64)
    assert backlog_days(opened, closed, 0, 30 * day)[0] == pytest.approx(10.0)
    assert math.isnan(backlog_days(col(5), col(NONE), 10, 20)[0])
    assert backlog_days(col(5), col(7), 10, 20)[0] == 0


def test_a_unit_index_out_of_range_is_a_programmers_fault() -> None:
    with pytest.raises(ValueError, match="unit indexes"):
        ByUnit(col(0, 2), 2)


instants = st.integers(NONE, 40)
rows = st.lists(st.tuples(instants, instants, instants, st.integers(-1, 3)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 20), st.integers(0, 25))
def test_arrays_say_what_counting_one_by_one_says(
    table: list[tuple[int, int, int, int]], start: int, long: int
) -> None:
    end = start + long
    opened, due, closed, unit = (np.array([row[n] for row in table], np.int64) for n in range(4))
    by = ByUnit(unit, 4)
    ontime = on_time(due, closed, start, end, by)
    ready = solved(opened, closed, start, end, by)
    hours, counted = median_hours(opened, closed, start, end, by)
    for u in range(4):
        mine = [row[:3] for row in table if row[3] == u]
        fell = [(d, c) for _, d, c in mine if start <= d < end]
        assert ontime.fell_due[u] == len(fell)
        assert ontime.on_time[u] == sum(0 <= c <= d for d, c in fell)
        assert ontime.closed[u] == sum(0 <= c < end for _, c in fell)
        fresh = [c for o, _, c in mine if start <= o < end]
        assert ready.whole[u] == opened_in(opened, start, end, by)[u] == len(fresh)
        assert ready.part[u] == sum(0 <= c < end for c in fresh)
        took = [(c - o) / 3600 for o, _, c in mine if o >= 0 and start <= c < end]
        assert counted[u] == len(took)
        assert math.isnan(hours[u]) if not took else hours[u] == pytest.approx(median(took))
        still = [(o, d) for o, d, c in mine if 0 <= o < end and not 0 <= c < end]
        assert backlog(opened, closed, end, by)[u] == len(still)
        assert overdue(opened, due, closed, end, by)[u] == sum(0 <= d < end for _, d in still)


@settings(max_examples=30, deadline=None)
@given(rows)
def test_units_add_up_and_closed_only_is_never_lower(table: list[tuple[int, int, int, int]]) -> None:
    opened, due, closed, unit = (np.array([row[n] for row in table], np.int64) for n in range(4))
    by = ByUnit(np.abs(unit), 4)
    whole, parts = on_time(due, closed, 0, 30), on_time(due, closed, 0, 30, by)
    assert (parts.on_time.sum(), parts.fell_due.sum()) == (whole.on_time[0], whole.fell_due[0])
    assert np.all((parts.closed_only >= parts.value) | np.isnan(parts.closed_only))
    assert backlog(opened, closed, 30, by).sum() == backlog(opened, closed, 30)[0]
