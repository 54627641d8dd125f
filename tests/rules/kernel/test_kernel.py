"""Periods tile the calendar, names fall back to the language there is, findings say where and what next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.kernel import PERIOD_KINDS, Finding, Period, PeriodError, Severity, Text, Where, nearest

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
kinds = st.sampled_from(PERIOD_KINDS)


@given(kinds, days)
def test_every_day_lies_in_one_period_of_a_kind(kind: str, day: date) -> None:
    period = Period.containing(kind, day)
    assert day in period
    assert period.first <= day <= period.last
    assert Period.containing(kind, period.last) == period
    assert Period.containing(kind, period.last + timedelta(days=1)) == period.next()


@given(kinds, days)
def test_periods_follow_each_other_without_a_gap(kind: str, day: date) -> None:
    period = Period.containing(kind, day)
    assert period.next().previous() == period
    assert period.previous().last + timedelta(days=1) == period.first


@given(kinds, days)
def test_a_key_is_read_as_it_was_written(kind: str, day: date) -> None:
    period = Period.containing(kind, day)
    assert Period.parse(period.key) == period
    assert str(period) == period.key


@given(days)
def test_a_year_is_its_months(day: date) -> None:
    year = Period.containing("year", day)
    months = year.within("month")
    assert len(months) == 12
    assert months[0].first == year.first and months[-1].last == year.last
    assert all(one.next() == other for one, other in pairwise(months))


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2022-Q1", date(2022, 1, 1), date(2022, 3, 31)),
        ("2022Q4", date(2022, 10, 1), date(2022, 12, 31)),
        ("2022-H2", date(2022, 7, 1), date(2022, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        (" 2021 ", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_keys_people_write(key: str, first: date, last: date) -> None:
    period = Period.parse(key)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "key", ["", "2022-13", "2022-W54", "2022-Q5", "spring", "0001-01", "9999-12", "2022-1"]
)
def test_what_is_no_period_is_refused_with_what_would_be_right(key: str) -> None:
    with pytest.raises(PeriodError, match="2022-W05, 2022-03"):
        Period.parse(key)


def test_bounds_are_the_places_midnights() -> None:
    start, end = Period.parse("2022-03").bounds(ZoneInfo("Asia/Shanghai"))
    assert start == datetime(2022, 2, 28, 16, tzinfo=UTC)
    assert end == datetime(2022, 3, 31, 16, tzinfo=UTC)
    start, end = Period.parse("2011-11").bounds(ZoneInfo("America/New_York"))
    assert (end - start) == timedelta(days=30, hours=1)  # the clocks went back


def test_a_name_falls_back_to_the_language_there_is() -> None:
    assert Text(zh="大厅", en="Hall").show("zh-hans") == "大厅"
    assert Text(zh="大厅", en="Hall").show("en") == "Hall"
    assert Text(zh="大厅").show("en") == "大厅"
    assert Text(en="Hall").show("zh-hans") == "Hall"
    with pytest.raises(ValueError, match="at least one language"):
        Text()


def test_a_finding_says_where_and_what() -> None:
    finding = Finding("unknown-key", "“%(key)s” is not known", Where("regime.yaml", 3, 5), {"key": "beter"})
    assert str(finding) == "regime.yaml:3:5: error: “beter” is not known [unknown-key]"
    assert str(Where("regime.yaml")) == "regime.yaml"
    assert Finding("late", "late", severity=Severity.WARNING).text == "late"
    assert nearest("beter", ["better", "every"]) == "better"
    assert nearest("zzz", ["better"]) is None
