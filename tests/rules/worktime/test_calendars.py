"""Calendars: windows from text, workdays apart from open days, a place's own days, versions."""

import pickle
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from leitai.rules.kernel import Text, Where
from leitai.rules.worktime import Calendar, CalendarError, always, office, parse_windows

ZONE = "Asia/Shanghai"
MORNING_AND_AFTERNOON = ((510, 720), (810, 1050))


def test_windows_are_read_from_text() -> None:
    assert parse_windows(["08:30-12:00", "13:30 – 17:30"]) == MORNING_AND_AFTERNOON
    assert parse_windows(["00:00-24:00"]) == ((0, 1440),)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["8.30-12"], "not-a-window"),
        (["08:60-12:00"], "not-a-time"),
        (["12:00-08:30"], "bad-windows"),
        (["12:00-12:00"], "bad-windows"),
        (["08:00-24:30"], "bad-windows"),
        (["08:00-12:00", "11:00-13:00"], "bad-windows"),
        (["13:00-14:00", "08:00-12:00"], "bad-windows"),
    ],
)
def test_a_bad_window_is_told(texts: list[str], code: str) -> None:
    with pytest.raises(CalendarError) as fault:
        parse_windows(texts)
    finding = fault.value.finding(Where("regime.yaml", 3, 5))
    assert (finding.code, finding.where.line) == (code, 3)
    assert finding.text == str(fault.value)


def test_a_saturday_duty_is_open_but_no_workday() -> None:
    hall = office("hall", ZONE, ["08:30-17:30"], days={"saturday": ["09:00-12:00"]})
    saturday, make_up, holiday = (hall.day(date(2026, *day)) for day in ((3, 14), (2, 14), (2, 21)))
    assert (saturday.working, saturday.windows) == (False, ((540, 720),))
    assert (make_up.working, make_up.windows) == (True, ((510, 1050),))
    assert (holiday.working, holiday.windows) == (False, ())
    assert make_up.reason.show("zh") == "春节调休上班"
    assert holiday.reason.show("en") == "Spring Festival"
    named = office("hall", ZONE, days={"saturday": ["09:00-12:00"]}, workdays=["monday", "saturday"])
    assert named.day(date(2026, 3, 14)).working
    assert not named.day(date(2026, 3, 13)).working


def test_a_places_own_days_win_over_the_notices() -> None:
    own = Calendar(
        "own",
        ZoneInfo(ZONE),
        office("x", ZONE).week,
        holidays="CN",
        closed=((date(2026, 10, 8), Text(zh="县庆日")),),
        makeup=((date(2026, 10, 5), Text(zh="值守", en="on duty")),),
    )
    assert not own.day(date(2026, 10, 8)).working
    assert own.day(date(2026, 10, 8)).reason.show("en") == "县庆日"
    assert own.day(date(2026, 10, 5)).windows == MORNING_AND_AFTERNOON
    assert not own.day(date(2026, 10, 6)).working


def test_listed_holidays_and_the_years_they_are_complete_for() -> None:
    listed = office(
        "city",
        "America/New_York",
        ["09:00-17:00"],
        holidays={date(2011, 7, 4): "Independence Day"},
        makeup={date(2011, 7, 9): "storm work"},
        announced=(2011, 2012),
    )
    assert not listed.day(date(2011, 7, 4)).working
    assert listed.day(date(2011, 7, 9)).windows == ((540, 1020),)
    assert not listed.day(date(2012, 1, 2)).provisional
    assert listed.day(date(2013, 1, 2)).provisional
    assert not office("any", ZONE, holidays={}).day(date(2050, 1, 3)).provisional


def test_versions_tell_calendars_apart_and_ignore_their_names() -> None:
    plain = office("a", ZONE)
    assert plain == office("a", ZONE)
    assert hash(plain) == hash(office("a", ZONE))
    assert plain.version == office("b", ZONE).version
    others = [
        office("a", ZONE, ["08:30-12:00"]),
        office("a", "Asia/Urumqi"),
        office("a", ZONE, makeup={date(2026, 3, 14): "x"}),
        office("a", ZONE, workdays=["monday"]),
        office("a", ZONE, holidays=""),
    ]
    assert len({plain.version, *(one.version for one in others)}) == 6


def test_a_calendar_travels_to_another_process() -> None:
    plain = office("a", ZONE)
    plain.day(date(2026, 10, 1))
    there = pickle.loads(pickle.dumps(plain))
    assert there == plain
    assert there.day(date(2026, 10, 1)) == plain.day(date(2026, 10, 1))


def test_always_is_open_on_every_day() -> None:
    day = always("always", ZONE).day(date(2026, 10, 1))
    assert (day.working, day.windows, day.provisional) == (True, ((0, 1440),), False)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"windows": []}, "never-open"),
        ({"workdays": ["saturday"]}, "workday-without-windows"),
        ({"days": {"saterday": ["09:00-12:00"]}}, "unknown-weekday"),
        ({"holidays": "XX"}, "unknown-holidays"),
        ({"holidays": {date(2026, 1, 1): "a"}, "makeup": {date(2026, 1, 1): "b"}}, "closed-and-worked"),
    ],
)
def test_an_impossible_calendar_is_told(options: dict, code: str) -> None:
    with pytest.raises(CalendarError) as fault:
        office("a", ZONE, **options)
    assert fault.value.code == code


def test_a_misspelt_weekday_gets_the_right_one() -> None:
    with pytest.raises(CalendarError, match="'saterday' is no weekday: write saturday"):
        office("a", ZONE, days={"saterday": []})
