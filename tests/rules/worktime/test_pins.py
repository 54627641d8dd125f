"""A calendar that was written down answers the same for ever, whatever is known later."""

import json
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.worktime import (
    Calendar,
    CalendarError,
    Within,
    always,
    between,
    between_many,
    due,
    explain,
    freeze,
    office,
    thaw,
)

OWN = {date(2026, 3, 9): "停电", date(2030, 1, 2): "x"}
CALENDARS = (
    office("office", "Asia/Shanghai"),
    office("hall", "Asia/Shanghai", ["08:30-17:30"], days={"saturday": ["09:00-12:00"]}),
    office("then", "Asia/Shanghai", known_on=date(2020, 1, 20)),
    office("own", "America/New_York", holidays=OWN, makeup={date(2026, 3, 14): "y"}, announced=(2025, 2030)),
    office("mixed", "Asia/Shanghai", makeup={date(2029, 5, 5): "试运行"}),
    always("always", "America/New_York"),
)
calendars = st.sampled_from(CALENDARS)


def written(calendar: Calendar) -> Calendar:
    """The calendar after it was kept as JSON."""
    return thaw(json.loads(json.dumps(freeze(calendar))))


KEPT = {calendar.key: written(calendar) for calendar in CALENDARS}


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda one: one.key)
def test_every_day_of_every_year_is_as_it_was(calendar: Calendar) -> None:
    kept, day = written(calendar), date(2006, 12, 1)
    while day < date(2031, 2, 1):
        assert kept.day(day) == calendar.day(day), day
        assert kept.settled(day) == calendar.settled(day), day
        day += timedelta(days=1)
    assert (kept.key, kept.zone, kept.version) == (calendar.key, calendar.zone, calendar.version)


@settings(max_examples=40, deadline=None)
@given(
    calendars,
    st.integers(0, 366 * 86400).map(lambda n: datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=n)),
    st.sampled_from(
        [Within(95, "minutes"), Within(4, "workdays"), Within(9, "days"), Within(100_001, "seconds")]
    ),
)
def test_it_counts_as_the_calendar_did(calendar: Calendar, start: datetime, within: Within) -> None:
    kept, end = KEPT[calendar.key], start + timedelta(days=9)
    assert due(start, within, kept) == due(start, within, calendar)
    assert between(start, end, kept) == between(start, end, calendar)
    assert explain(start, within, kept) == explain(start, within, calendar)


def test_a_later_notice_changes_it_no_more() -> None:
    """The notice of 26 January 2020 made Spring Festival longer; what was written down before does not know it."""
    kept = written(CALENDARS[2])
    start = datetime.fromisoformat("2020-01-23T10:00+08:00")
    assert due(start, Within(3, "workdays"), kept).local(kept).date() == date(2020, 2, 3)
    assert due(start, Within(3, "workdays"), CALENDARS[0]).local(kept).date() == date(2020, 2, 5)


def test_two_of_the_same_are_equal_and_can_travel() -> None:
    one, other = written(CALENDARS[0]), written(CALENDARS[0])
    assert (one == other, hash(one) == hash(other), one == CALENDARS[0]) == (True, True, False)
    assert pickle.loads(pickle.dumps(one)) == one
    altered = freeze(CALENDARS[0])
    altered["years"]["2026"][0] += 1
    assert thaw(altered) != one, "the same version, but not the same days"
    assert between_many(*(_seconds(one),) * 2, one).tolist() == [0]


def _seconds(calendar: Calendar) -> object:
    import numpy as np

    return np.array([int(datetime(2026, 3, 2, tzinfo=calendar.zone).timestamp())], dtype=np.int64)


def test_it_says_in_words_what_each_day_is() -> None:
    said = freeze(CALENDARS[0])
    line = said["legend"][said["years"]["2026"][275]]
    assert line == {"working": False, "zh": "国庆节", "en": "National Day", "windows": []}
    assert said["version"].startswith("CN-2026.1+")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "leitai.calendar/9"}, "not-a-pin"),
        ({"week": None}, "broken-pin"),
        ({"zone": "Nowhere/None"}, "broken-pin"),
        ({"legend": [{"working": True}]}, "broken-pin"),
    ],
)
def test_what_was_not_written_by_freeze_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(CalendarError) as fault:
        thaw(freeze(CALENDARS[0]) | change)
    assert fault.value.code == code


def test_a_day_that_the_legend_does_not_know_is_no_calendar() -> None:
    broken = freeze(CALENDARS[0])
    broken["years"]["2026"] = [999] * 365
    with pytest.raises(CalendarError, match="cannot be read"):
        thaw(broken)
    with pytest.raises(CalendarError, match="cannot be read"):
        thaw({key: value for key, value in broken.items() if key != "version"})


def test_a_pin_taken_as_of_a_date_stays_what_it_is() -> None:
    kept = written(CALENDARS[0])
    assert replace(kept, known_on=date(2020, 1, 1)).day(date(2026, 10, 1)) == kept.day(date(2026, 10, 1))
