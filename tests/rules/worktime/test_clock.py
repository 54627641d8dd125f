"""Due times and the time between: laws that hold for any calendar, a slow oracle, clocks that change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.worktime import Calendar, CalendarError, Within, always, between, due, explain, office

NIGHTS = ["00:00-03:30", "04:00-04:07", "20:00-24:00"]
CALENDARS = (
    office("office", "Asia/Shanghai"),
    office("hall", "Asia/Shanghai", ["08:30-17:30"], days={"saturday": ["09:00-12:00"]}),
    office("nights", "America/New_York", NIGHTS, days={"sunday": NIGHTS}, holidays={date(2026, 3, 9): "x"}),
    always("always", "America/New_York"),
)
calendars = st.sampled_from(CALENDARS)
# Two years with clock changes, a leap day, Spring Festivals and a year that is not announced.
instants = st.integers(0, 366 * 86400).map(lambda n: datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=n))
withins = st.one_of(
    st.integers(1, 5000).map(lambda n: Within(n, "minutes")),
    st.integers(1, 300_000).map(lambda n: Within(n, "seconds")),
    st.integers(1, 20).map(lambda n: Within(n, "workdays")),
    st.integers(1, 60).map(lambda n: Within(n, "days")),
)
quick = settings(max_examples=40, deadline=None)


def at(text: str, calendar: Calendar) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


@quick
@given(calendars, instants, st.integers(0, 3 * 86400), withins)
def test_later_is_never_due_earlier(calendar: Calendar, start: datetime, later: int, within: Within) -> None:
    first = due(start, within, calendar)
    assert first.instant > start
    assert first.instant <= due(start + timedelta(seconds=later), within, calendar).instant


@quick
@given(calendars, instants, withins, st.integers(1, 10))
def test_longer_is_due_later(calendar: Calendar, start: datetime, within: Within, more: int) -> None:
    longer = Within(within.amount + more, within.unit)
    assert due(start, within, calendar).instant < due(start, longer, calendar).instant


@quick
@given(calendars, instants, st.integers(1, 5000))
def test_between_start_and_due_lies_the_amount(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = due(start, Within(minutes, "minutes"), calendar).instant
    assert between(start, end, calendar) == timedelta(minutes=minutes)
    assert between(start, end - timedelta(seconds=1), calendar) == timedelta(minutes=minutes, seconds=-1)
    assert between(end, start, calendar) == -timedelta(minutes=minutes)


@quick
@given(calendars, instants, st.lists(st.integers(0, 10 * 86400), min_size=2, max_size=2))
def test_between_adds_up(calendar: Calendar, start: datetime, steps: list[int]) -> None:
    middle = start + timedelta(seconds=steps[0])
    end = middle + timedelta(seconds=steps[1])
    assert between(start, end, calendar) == between(start, middle, calendar) + between(middle, end, calendar)


@quick
@given(calendars, instants, withins)
def test_the_time_sheet_adds_up(calendar: Calendar, start: datetime, within: Within) -> None:
    end = due(start, within, calendar)
    event, *days, last = explain(start, within, calendar)
    whole = within.amount * (60 if within.unit == "minutes" else 1)
    assert sum(line.charged for line in days) == days[-1].total == last.total == whole
    assert all(b.date - a.date == timedelta(days=1) for a, b in pairwise(days))
    assert all(line.total == before.total + line.charged for before, line in pairwise((event, *days)))
    assert (event.at, last.at) == (start, end.instant)
    assert last.provisional == end.provisional
    if within.unit != "days":
        assert end.provisional == any(line.provisional for line in days)
    for line in days:
        if within.unit == "minutes":
            # Two times of one zone differ by the wall clock, which misses an hour that was left out.
            spans = (b.astimezone(UTC) - a.astimezone(UTC) for a, b in line.spans)
            assert sum(spans, timedelta()) == timedelta(seconds=line.charged)


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda one: one.key)
@pytest.mark.parametrize("start", ["2026-03-06T20:15", "2026-10-30T11:59", "2026-09-30T23:59"])
def test_minute_by_minute(calendar: Calendar, start: str) -> None:
    """The definition itself: walk through real minutes, count those whose wall time is in a window."""
    begin = at(start, calendar).astimezone(UTC)
    now, left = begin, 400
    while left:
        wall = now.astimezone(calendar.zone)
        minute = wall.hour * 60 + wall.minute
        left -= any(a <= minute < b for a, b in calendar.day(wall.date()).windows)
        now += timedelta(minutes=1)
    assert due(begin, Within(400, "minutes"), calendar).instant == now


def test_the_nights_when_clocks_change() -> None:
    night = office("night", "America/New_York", days={"sunday": ["00:00-06:00"]}, holidays="")
    for day, hours in (("2026-03-08", 5), ("2026-03-15", 6), ("2026-11-01", 7)):
        first = at(day, night)
        assert between(first, first + timedelta(hours=12), night) == timedelta(hours=hours)
    swallowed = office("gap", "America/New_York", days={"sunday": ["02:00-03:00"]}, holidays="")
    before = at("2026-03-07T18:00", swallowed)
    assert between(before, before + timedelta(hours=18), swallowed) == timedelta()


def test_a_wall_time_that_is_skipped_or_occurs_twice() -> None:
    city = always("city", "America/New_York")
    day = Within(1, "days")
    assert due(at("2026-03-07T02:30", city), day, city).instant == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert due(at("2026-10-31T01:30", city), day, city).instant == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_zone_that_skips_a_whole_date() -> None:
    island = office("island", "Pacific/Apia", ["08:00-12:00"], holidays="")
    start = at("2011-12-29T11:00", island)
    assert due(start, Within(2, "minutes"), island).local(island).isoformat() == "2011-12-29T11:02:00-10:00"
    assert due(start, Within(61, "minutes"), island).local(island).isoformat() == "2012-01-02T08:01:00+14:00"


def test_seconds_and_their_parts_are_kept() -> None:
    calendar = CALENDARS[0]
    start = at("2026-03-13T17:29:30.250", calendar)
    found = due(start, Within(1, "minutes"), calendar)
    assert found.local(calendar).isoformat() == "2026-03-16T08:30:30.250000+08:00"
    assert sum(line.charged for line in explain(start, Within(1, "minutes"), calendar)) == 60


def test_what_cannot_be_counted_is_told() -> None:
    weekend = office("weekend", "Asia/Shanghai", [], days={"saturday": ["09:00-12:00"]}, holidays="")
    with pytest.raises(CalendarError, match="has no workdays: count minutes"):
        due(datetime(2026, 1, 1, tzinfo=UTC), Within(1, "workdays"), weekend)
    with pytest.raises(CalendarError, match="past the year 9999"):
        due(datetime(9999, 12, 1, tzinfo=UTC), Within(10000, "minutes"), weekend)
    with pytest.raises(ValueError, match="aware"):
        due(datetime(2026, 1, 1), Within(1, "days"), weekend)  # noqa: DTZ001


def test_the_time_sheet_reads_in_both_languages() -> None:
    calendar = CALENDARS[0]
    lines = explain(at("2026-10-08T16:50:30", calendar), Within(60, "minutes"), calendar)
    assert [line.text("en") for line in lines] == [
        "2026-10-08 Thu 16:50:30 · the event; time counts in open windows",
        "2026-10-08 Thu · workday · 16:50:30–17:30 · +39 min 30 s · 39 min 30 s of 1 hour",
        "2026-10-09 Fri · workday · 08:30–08:50:30 · +20 min 30 s · 1 h of 1 hour",
        "2026-10-09 Fri 08:50:30 · due",
    ]
    workdays = explain(at("2026-09-25T09:00", calendar), Within(1, "workdays"), calendar)
    assert [line.text("zh-hans") for line in workdays] == [
        "2026-09-25 星期五 09:00 · 事项发生，当日不计，自次日起算",
        "2026-09-26 星期六 · 中秋节 · 不计 · 累计0/1个工作日",
        "2026-09-27 星期日 · 中秋节 · 不计 · 累计0/1个工作日",
        "2026-09-28 星期一 · 工作日 · 累计1/1个工作日",
        "2026-09-28 星期一 17:30 · 到期",
    ]
