"""Occasions come once a period, in order, on workdays when asked, whatever the holidays are."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.cadence import between, called, next_after
from leitai.rules.kernel import Period
from leitai.rules.regime.model import OccasionSpec
from leitai.rules.worktime import Calendar, office

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office("office", ZONE)
PLAIN = office("plain", ZONE, holidays="")


def spec(**said: object) -> OccasionSpec:
    return OccasionSpec.model_validate({"name": "一周一调度", "on": "office"} | said)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


MONDAYS = spec(every="week", day="monday", at="9:00")


def test_the_next_one_is_after_the_instant_never_at_it() -> None:
    first = next_after(MONDAYS, at("2026-03-02T08:59"), OFFICE, ZONE)
    assert (first.at, first.nominal, first.moved) == (at("2026-03-02T09:00"), date(2026, 3, 2), False)
    assert first.key("dispatch") == "dispatch@2026-W10"
    assert next_after(MONDAYS, first.at, OFFICE, ZONE).nominal == date(2026, 3, 9)
    assert first.at.tzinfo is UTC


def test_a_holiday_moves_it_to_the_next_workday_and_the_reason_says_why() -> None:
    # 6 April 2026 is the Monday off for Qingming.
    moved = next_after(MONDAYS, at("2026-04-05T00:00"), OFFICE, ZONE)
    assert (moved.at, moved.nominal, moved.moved) == (at("2026-04-07T09:00"), date(2026, 4, 6), True)
    assert moved.mark == "2026-W15"
    assert moved.reason is not None
    assert moved.reason.show("zh") == "2026-04-06为清明节，移至2026-04-07"
    assert next_after(MONDAYS, moved.at, OFFICE, ZONE).at == at("2026-04-13T09:00")
    back = next_after(
        MONDAYS.model_copy(update={"off_day": "previous workday"}), at("2026-04-01T00:00"), OFFICE, ZONE
    )
    assert back.at == at("2026-04-03T09:00")
    stays = next_after(
        MONDAYS.model_copy(update={"off_day": "as it falls"}), at("2026-04-05T00:00"), OFFICE, ZONE
    )
    assert (stays.at, stays.moved, stays.reason) == (at("2026-04-06T09:00"), False, None)


def test_two_meetings_of_a_long_holiday_do_not_fall_on_one_morning() -> None:
    # 1 to 8 October 2020 were off: both Thursdays, so "next workday" alone would give Friday the 9th twice.
    thursdays = spec(every="week", day="thursday")
    held = between(thursdays, at("2020-09-21T00:00"), at("2020-10-19T00:00"), OFFICE, ZONE)
    days = [one.at.astimezone(ZONE).date() for one in held]
    assert days == [date(2020, 9, 24), date(2020, 9, 30), date(2020, 10, 9), date(2020, 10, 15)]
    assert [one.mark for one in held] == ["2020-W39", "2020-W40", "2020-W41", "2020-W42"]


def test_one_moved_into_the_next_period_is_found_from_there() -> None:
    sundays = spec(every="week", day="sunday")
    found = next_after(sundays, at("2026-03-16T00:00"), OFFICE, ZONE)
    assert (found.at, found.mark) == (at("2026-03-16T09:00"), "2026-W11")


def test_the_neighbours_only_workday_is_not_taken_from_it() -> None:
    # From the 3rd to the 16th nothing is worked, and Monday the 2nd belongs to its own week.
    shut = {date(2026, 3, 3) + timedelta(days=n): "停工" for n in range(14)}
    calendar = office("office", ZONE, holidays=shut)
    held = between(MONDAYS, at("2026-03-02T00:00"), at("2026-03-14T00:00"), calendar, ZONE)
    assert [one.at for one in held] == [at("2026-03-02T09:00"), at("2026-03-09T09:00")]


def test_without_any_workday_near_it_stays_and_says_so() -> None:
    closed = {date(2026, 3, 1) + timedelta(days=n): "停工" for n in range(31)}
    shut = office("office", ZONE, holidays=closed)
    held = between(MONDAYS, at("2026-03-09T00:00"), at("2026-03-16T00:00"), shut, ZONE)
    assert [(one.at, one.moved) for one in held] == [(at("2026-03-09T09:00"), False)]
    assert held[0].reason is not None
    assert "no workday near it is free" in held[0].reason.show("en")


@pytest.mark.parametrize(
    ("every", "day", "expected"),
    [
        ("month", 1, "2026-02-01"),
        ("month", -1, "2026-02-28"),
        ("month", 31, "2026-02-28"),
        ("month", None, "2026-02-01"),
        ("quarter", -1, "2026-03-31"),
        ("half", 15, "2026-07-15"),
        ("year", -1, "2026-12-31"),
        ("week", -1, "2026-02-01"),
    ],
)
def test_days_are_counted_from_either_end_and_a_short_month_ends_early(
    every: str, day: int | None, expected: str
) -> None:
    said = spec(every=every, day=day, **{"else": "as it falls"})
    assert next_after(said, at("2026-01-31T12:00"), OFFICE, ZONE).nominal == date.fromisoformat(expected)


def test_days_not_announced_yet_make_it_provisional() -> None:
    assert next_after(MONDAYS, at("2090-01-01T00:00"), OFFICE, ZONE).provisional
    assert not next_after(MONDAYS, at("2026-03-01T00:00"), OFFICE, ZONE).provisional
    assert not next_after(MONDAYS, at("2090-01-01T00:00"), PLAIN, ZONE).provisional


def test_a_called_one_is_held_on_the_last_day_allowed() -> None:
    arena = spec(within="5 workdays", at="14:30")
    held = called(arena, at("2026-04-01T16:00"), OFFICE, ZONE)
    # Thursday, Friday; Monday is off; Tuesday, Wednesday, Thursday.
    assert (held.at, held.mark, held.moved) == (at("2026-04-09T14:30"), "2026-04-09", False)
    assert held.key("arena") == "arena@2026-04-09"


def test_a_called_one_never_lies_before_its_event_nor_after_its_time() -> None:
    for hour in ("9:00", "17:00"):
        held = called(spec(within="2 hours", at=hour), at("2026-03-02T10:00"), OFFICE, ZONE)
        assert (held.at, held.moved) == (at("2026-03-02T12:00"), False)


def test_a_last_day_that_is_no_workday_moves_as_the_occasion_says() -> None:
    event = at("2026-04-01T16:00")
    found = {
        off_day: called(spec(within="4 days", **{"else": off_day}), event, OFFICE, ZONE)
        .at.astimezone(ZONE)
        .date()
        for off_day in ("next workday", "previous workday", "as it falls")
    }
    assert found == {
        "next workday": date(2026, 4, 7),
        "previous workday": date(2026, 4, 3),
        "as it falls": date(2026, 4, 5),
    }


def test_a_called_one_is_not_moved_to_before_what_called_it() -> None:
    back = spec(within="2 days", **{"else": "previous workday"})
    held = called(back, at("2026-04-03T16:00"), OFFICE, ZONE)
    assert (held.nominal, held.moved, held.at) == (date(2026, 4, 5), False, at("2026-04-05T09:00"))


def test_faults_of_a_programmer_raise() -> None:
    with pytest.raises(ValueError, match="every"):
        next_after(spec(within="5 workdays"), at("2026-03-02T10:00"), OFFICE, ZONE)
    with pytest.raises(ValueError, match="within"):
        called(MONDAYS, at("2026-03-02T10:00"), OFFICE, ZONE)
    with pytest.raises(ValueError, match="names no day"):
        next_after(spec(every="month", day="monday"), at("2026-03-02T10:00"), OFFICE, ZONE)


START = date(2026, 1, 1)
holidays = st.sets(st.integers(0, 200), max_size=60) | st.builds(
    lambda first, long: set(range(first, first + long)), st.integers(0, 150), st.integers(0, 40)
)
specs = st.one_of(
    st.builds(
        lambda day, off: spec(every="week", day=day, **{"else": off}),
        st.sampled_from(["monday", "thursday", "friday", "sunday"]),
        st.sampled_from(["next workday", "previous workday", "as it falls"]),
    ),
    st.builds(
        lambda every, day, off: spec(every=every, day=day, **{"else": off}),
        st.sampled_from(["month", "quarter"]),
        st.sampled_from([1, 15, 31, -1, -10]),
        st.sampled_from(["next workday", "previous workday", "as it falls"]),
    ),
)


def with_holidays(off: set[int]) -> Calendar:
    return office("office", ZONE, holidays={START + timedelta(days=n): "假" for n in off})


@settings(max_examples=40, deadline=None)
@given(specs, holidays, st.integers(0, 100), st.integers(0, 150))
def test_one_a_period_in_order_and_on_a_workday_wherever_one_is_free(
    said: OccasionSpec, off: set[int], first: int, long: int
) -> None:
    calendar = with_holidays(off)
    start = datetime.combine(START + timedelta(days=first), datetime.min.time(), ZONE)
    held = between(said, start, start + timedelta(days=long), calendar, ZONE)
    assert all(a.at < b.at for a, b in pairwise(held))
    periods = [Period.parse(one.mark) for one in held]
    assert all(a.next() == b for a, b in pairwise(periods))
    for one, period in zip(held, periods, strict=True):
        day = one.at.astimezone(ZONE).date()
        assert one.nominal in period
        assert one.moved == (day != one.nominal)
        if one.moved:
            assert calendar.day(day).working
            assert not calendar.day(one.nominal).working
        if said.off_day == "as it falls" or calendar.day(one.nominal).working:
            assert not one.moved
        elif not one.moved:
            around = between(said, one.at - timedelta(days=220), one.at + timedelta(days=220), calendar, ZONE)
            place = [other.mark for other in around].index(one.mark)
            taken = {other.at.astimezone(ZONE).date() for other in around}
            lower, upper = (around[place + step].nominal for step in (-1, 1))
            between_them = (lower + timedelta(days=n) for n in range(1, (upper - lower).days))
            assert all(other in taken or not calendar.day(other).working for other in between_them)


@settings(max_examples=35, deadline=None)
@given(specs, holidays, st.integers(0, 100 * 24 * 60))
def test_stepping_on_from_one_to_the_next_gives_the_same_as_asking_for_all(
    said: OccasionSpec, off: set[int], minutes: int
) -> None:
    calendar = with_holidays(off)
    start = datetime.combine(START, datetime.min.time(), ZONE).astimezone(UTC) + timedelta(minutes=minutes)
    stepped = [next_after(said, start, calendar, ZONE)]
    for _ in range(3):
        stepped.append(next_after(said, stepped[-1].at, calendar, ZONE))
    just_after = start + timedelta(microseconds=1)
    assert between(said, just_after, stepped[-1].at + timedelta(microseconds=1), calendar, ZONE) == tuple(
        stepped
    )
