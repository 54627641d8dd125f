"""Facts of cases beside the on-time rate: replies, nine in ten, shares of what befell, time that stood paused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import ByUnit, p90_hours, paused_share, responded, share_of

HOUR, NONE = 3600, -1


def col(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_nine_in_ten_lies_between_the_two_cases_around_it() -> None:
    hours = np.arange(1, 12) * HOUR  # 1 … 11 hours: the tenth of eleven
    got, errors, n = p90_hours(np.zeros(11, np.int64), hours, 0, 100 * HOUR)
    assert (got[0], n[0]) == (10, 11) and errors[0] > 0
    got, errors, n = p90_hours(col(0, 0), col(10 * HOUR, 20 * HOUR), 0, 100 * HOUR)
    assert got[0] == 19 and math.isnan(errors[0])
    assert math.isnan(p90_hours(col(), col(), 0, 10)[0][0])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 90), st.integers(-1, 2)), max_size=60))
def test_nine_in_ten_by_unit_is_numpys_quantile(rows: list[tuple[int, int, int]]) -> None:
    opened = np.array([row[0] for row in rows], np.int64)
    took, unit = (np.array([row[n] for row in rows], np.int64) for n in (1, 2))
    values, errors, counts = p90_hours(opened, opened + took, 20, 150, ByUnit(unit, 3))
    for u in range(3):
        mine = [t for o, t, of in rows if of == u and 20 <= o + t < 150]
        assert counts[u] == len(mine)
        assert (
            math.isnan(values[u]) if not mine else values[u] * HOUR == pytest.approx(np.quantile(mine, 0.9))
        )
        assert math.isnan(errors[u]) == (len(mine) < 10)


def test_a_reply_after_the_period_is_none_in_it() -> None:
    got = responded(col(10, 10, 10, 99), col(20, 100, NONE, 99), 0, 100)
    assert (got.part[0], got.whole[0]) == (2, 4)


def test_shares_are_of_those_asked_whose_instant_lies_in_the_period() -> None:
    asked, part = np.array([True, True, False, True]), np.array([True, False, True, True])
    got = share_of(asked, part, col(10, 20, 10, NONE), 0, 100, ByUnit(col(0, 0, 0, 0), 2))
    assert (got.part.tolist(), got.whole.tolist()) == ([1, 0], [2, 0])
    assert math.isnan(got.value[1])


def test_paused_time_is_counted_where_case_and_period_overlap() -> None:
    opened, closed = col(0, 50, 200), col(100, NONE, NONE)
    # Case 0: paused 20 to 60, of which 50 to 60 in the period; case 1 from 80 on; case 2 was opened later.
    got, n = paused_share(opened, closed, col(0, 1), col(20, 80), col(60, NONE), 50, 150)
    assert n[0] == 2
    assert got[0] == (10 + 70) / (50 + 100)
    nothing, n = paused_share(opened, closed, col(), col(), col(), 300, 300)
    assert math.isnan(nothing[0]) and n[0] == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(NONE, 30), st.integers(NONE, 40), st.integers(-1, 1)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 40), st.integers(NONE, 45)), max_size=6),
    st.integers(0, 20), st.integers(0, 25),
)  # fmt: skip
def test_paused_time_is_what_counting_second_by_second_says(
    cases: list[tuple[int, int, int]], pauses: list[tuple[int, int, int]], start: int, long: int
) -> None:
    pauses = [one for one in pauses if one[0] < len(cases)]
    once = {case: (case, since, until) for case, since, until in pauses}.values()
    opened, closed, unit = (np.array([row[n] for row in cases], np.int64) for n in range(3))
    columns = [np.array([row[n] for row in once], np.int64) for n in range(3)]
    end = start + long
    got, n = paused_share(opened, closed, *columns, start, end, ByUnit(unit, 2))
    for u in range(2):
        lived = stood = alive = 0
        for number, (o, c, of) in enumerate(cases):
            seconds = [t for t in range(start, end) if o >= 0 and t >= o and (c < 0 or t < c) and of == u]
            lived, alive = lived + len(seconds), alive + bool(seconds)
            stood += sum(
                case == number and t >= since and (until < 0 or t < until)
                for t in seconds
                for case, since, until in once
            )
        assert n[u] == alive
        assert math.isnan(got[u]) if not lived else got[u] == pytest.approx(stood / lived)
