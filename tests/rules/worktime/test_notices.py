"""The official notices, day by day against an outside oracle, and what was known when."""

import re
from datetime import date, timedelta

import chinese_calendar
import pytest

from leitai.rules.worktime import CalendarError, announced_years, notices_of, office

OFFICE = office("office", "Asia/Shanghai")


@pytest.mark.parametrize("year", range(2007, 2027))
def test_every_day_of_every_year_agrees_with_the_oracle(year: int) -> None:
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if OFFICE.day(day).working != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_the_days_of_2006_that_the_notice_for_2007_names() -> None:
    assert OFFICE.day(date(2006, 12, 30)).working
    assert OFFICE.day(date(2006, 12, 31)).working


def test_every_make_up_day_is_a_weekend_and_no_day_is_said_twice() -> None:
    for notice in notices_of("CN"):
        off = [day for one in notice.arrangements for day in one.off]
        work = [day for one in notice.arrangements for day in one.work]
        assert len({*off, *work}) == len(off) + len(work)
        assert all(day.weekday() >= 5 for day in work)


def test_numbers_and_dates_of_issue() -> None:
    found = notices_of("CN")
    assert [one.issued for one in found] == sorted(one.issued for one in found)
    assert len({one.number for one in found}) == len(found) == 23
    for one in found:
        number = re.fullmatch(r"国办?发明电〔(\d{4})〕\d+号", one.number)
        assert number is not None
        assert int(number[1]) == one.issued.year
        assert one.issued < max(day for part in one.arrangements for day in part.off)


@pytest.mark.parametrize(
    ("day", "before", "after", "known"),
    [
        ("2015-09-03", True, False, "2015-05-13"),
        ("2015-09-06", False, True, "2015-05-13"),
        ("2019-05-02", True, False, "2019-03-22"),
        ("2019-04-28", False, True, "2019-03-22"),
        ("2020-01-31", True, False, "2020-01-26"),
        ("2020-02-01", True, False, "2020-01-26"),
        ("2018-12-31", True, False, "2018-12-04"),
    ],
)
def test_a_notice_counts_from_the_day_it_was_issued(day: str, before: bool, after: bool, known: str) -> None:
    asked, issued = date.fromisoformat(day), date.fromisoformat(known)
    assert OFFICE.as_known(issued - timedelta(days=1)).day(asked).working is before
    assert OFFICE.as_known(issued).day(asked).working is after
    assert OFFICE.day(asked).working is after


def test_versions_name_the_state_of_knowledge() -> None:
    versions = [
        OFFICE.as_known(date.fromisoformat(known)).version.split("+")[0]
        for known in ("2019-11-20", "2019-11-21", "2020-01-26", "2026-01-01")
    ]
    assert versions == ["CN-2019.2", "CN-2020.1", "CN-2020.2", "CN-2026.1"]
    assert OFFICE.as_known(date(2026, 1, 1)).version == OFFICE.version


def test_what_is_announced_and_what_is_provisional() -> None:
    assert announced_years("CN") == (2007, 2026)
    assert announced_years("CN", date(2020, 11, 24)) == (2007, 2020)
    assert not OFFICE.day(date(2026, 12, 28)).provisional
    assert OFFICE.day(date(2026, 12, 29)).provisional
    assert OFFICE.day(date(2027, 1, 4)).provisional
    assert OFFICE.day(date(2006, 6, 1)).provisional
    assert not OFFICE.day(date(2025, 12, 31)).provisional
    with pytest.raises(CalendarError, match="no notice of CN was known on 2001-01-01"):
        announced_years("CN", date(2001, 1, 1))
    with pytest.raises(CalendarError, match="write CN"):
        notices_of("CM")
