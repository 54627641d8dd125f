"""Whose hands a case was in: every second is somebody's, and what comes back is counted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.casework import Hold, hands, passes

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def story(*parts: tuple[float, str]) -> list[Hold]:
    return [Hold(NINE + hour * HOUR, holder) for hour, holder in parts]


def test_the_example() -> None:
    holds = story((0, "office"), (1, "roads"), (5, "water"), (6, "roads"))
    assert hands(holds, NINE + 9 * HOUR) == {"office": 3600, "roads": 7 * 3600, "water": 3600}
    assert passes(holds) == 1


def test_a_case_that_goes_to_and_fro_is_counted_each_time_it_comes_back() -> None:
    assert passes(story((0, "a"), (1, "b"), (2, "a"), (3, "b"), (4, "a"))) == 3
    assert passes(story((0, "a"), (1, "a"), (2, "b"))) == 0, "a step that changes no hands is no pass"
    assert passes([]) == 0


def test_nothing_lasts_nothing_and_disorder_is_a_fault() -> None:
    assert hands([], NINE) == {}
    assert hands(story((0, "a")), NINE) == {"a": 0}
    with pytest.raises(ValueError, match="in order"):
        hands(story((1, "a"), (0, "b")), NINE + 2 * HOUR)
    with pytest.raises(ValueError, match="in order"):
        hands(story((1, "a")), NINE)


@given(
    st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(days=40)), st.sampled_from("abcd")), min_size=1),
    st.timedeltas(timedelta(), timedelta(days=40)),
)
def test_time_in_hands_sums_to_the_cases_life(steps: list[tuple[timedelta, str]], last: timedelta) -> None:
    at, holds = NINE, []
    for after, holder in steps:
        holds.append(Hold(at, holder))
        at += after
    found = hands(holds, at + last)
    assert sum(found.values()) == (at + last - NINE) // timedelta(seconds=1)
    assert set(found) == {holder for _, holder in steps}
    assert min(found.values()) >= 0
