"""Arrays give what the one-by-one clock gives."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.worktime import CalendarError, Within, always, between, between_many, due, due_many, office

from .test_clock import CALENDARS, calendars, withins

BEGIN = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
seconds = st.lists(st.integers(BEGIN, BEGIN + 364 * 86400), min_size=1, max_size=8)


def instant(second: int) -> datetime:
    return datetime.fromtimestamp(int(second), UTC)


@settings(max_examples=50, deadline=None)
@given(calendars, seconds, withins)
def test_due_many_is_due(calendar, starts, within) -> None:
    found = due_many(np.array(starts, dtype=np.int64), within, calendar)
    assert [instant(one) for one in found] == [due(instant(one), within, calendar).instant for one in starts]


@settings(max_examples=30, deadline=None)
@given(calendars, seconds)
def test_between_many_is_between(calendar, instants) -> None:
    starts, ends = np.array(instants, dtype=np.int64), np.array(instants[::-1], dtype=np.int64)
    pairs = zip(starts, ends, strict=True)
    expected = [between(instant(a), instant(b), calendar).total_seconds() for a, b in pairs]
    assert between_many(starts, ends, calendar).tolist() == expected


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda one: one.key)
@pytest.mark.parametrize("within", [Within(45, "minutes"), Within(2, "workdays"), Within(1, "days")], ids=str)
def test_on_the_edges_of_windows_and_clock_changes(calendar, within) -> None:
    """Every boundary of a fortnight with a clock change in New York, and the seconds beside it."""
    first = int(datetime(2026, 10, 25, tzinfo=UTC).timestamp())
    edges = np.arange(first, first + 14 * 86400, 1800)
    starts = (edges[:, None] + np.array([-1, 0, 1])).ravel()[::5]
    expected = [int(due(instant(one), within, calendar).instant.timestamp()) for one in starts]
    assert due_many(starts, within, calendar).tolist() == expected


def test_a_promise_longer_than_the_first_guess() -> None:
    duty = office("duty", "Asia/Shanghai", [], days={"saturday": ["09:00-10:00"]}, holidays="")
    within, start = Within(400 * 60, "minutes"), np.array([BEGIN])
    assert instant(due_many(start, within, duty)[0]) == due(instant(BEGIN), within, duty).instant


def test_none_and_nonsense() -> None:
    calendar, none = always("always", "Asia/Shanghai"), np.array([], dtype=np.int64)
    assert due_many(none, Within(1, "days"), calendar).size == 0
    assert between_many(none, none, calendar).size == 0
    with pytest.raises(TypeError, match="int64 seconds"):
        due_many(np.array([1.5]), Within(1, "days"), calendar)
    with pytest.raises(CalendarError, match="past the year 9999"):
        due_many(np.array([253_370_764_800]), Within(36_500, "days"), calendar)
