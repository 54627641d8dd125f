"""Cells: what is a time, a number, a text, as tables of many makes write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.records.cells import Wrong, day, instant, number, text

EAST, CHINA = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "said",
    [
        "2022-03-04 09:30:00",
        "2022-03-04T09:30",
        "2022/3/4 9:30",
        "2022年3月4日 9时30分",
        "2022年3月4日9:30",
        "2022.03.04 09:30",
        "2022-03-04T01:30:00Z",
        " 2022-03-04 09:30 ",
        datetime(2022, 3, 4, 9, 30),  # noqa: DTZ001
        datetime(2022, 3, 4, 1, 30, tzinfo=UTC),
    ],
)
def test_one_instant_in_many_writings(said: object) -> None:
    assert instant(said, CHINA) == datetime(2022, 3, 4, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "said", ["yesterday", "2022-02-30 10:00", "2022/13/1", "4/3/2022", "2022-03-04 25:00", "44624"]
)
def test_what_is_no_time_is_refused(said: str) -> None:
    with pytest.raises(Wrong) as caught:
        instant(said, CHINA)
    assert caught.value.finding.code == "bad-time"


def test_times_written_otherwise_need_their_pattern() -> None:
    form = "%m/%d/%Y %I:%M:%S %p"
    assert instant("07/01/2011 01:32:33 PM", EAST, form) == datetime(2011, 7, 1, 17, 32, 33, tzinfo=UTC)
    with pytest.raises(Wrong):
        instant("2011-07-01 13:32:33", EAST, form)


def test_a_date_is_its_first_moment_in_the_zone() -> None:
    assert (
        instant("2022-03-04", CHINA)
        == instant(date(2022, 3, 4), CHINA)
        == datetime(2022, 3, 3, 16, tzinfo=UTC)
    )
    assert day("2022-03-04") == date(2022, 3, 4)


def test_nothing_is_no_time() -> None:
    assert instant("", CHINA) is instant(None, CHINA) is instant("  ", CHINA) is None


def test_the_hour_that_comes_twice_is_the_first_and_the_one_that_never_was_moves_on() -> None:
    assert instant("2011-11-06 01:30", EAST) == datetime(2011, 11, 6, 5, 30, tzinfo=UTC)
    assert instant("2011-11-06 01:30", EAST, fold=1) == datetime(2011, 11, 6, 6, 30, tzinfo=UTC)
    assert instant("2011-03-13 02:30", EAST) == instant("2011-03-13 03:30", EAST)


@settings(max_examples=50, deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_instant_survives_being_written_as_wall_time(at: datetime) -> None:
    local = at.astimezone(EAST)
    found = instant(local.replace(tzinfo=None).isoformat(sep=" "), EAST, fold=local.fold)
    assert found == at
    assert instant(at.isoformat(), EAST) == at


@settings(max_examples=50, deadline=None)
@given(st.decimals(-(10**17), 10**17, places=6))
def test_a_number_survives_being_written(value: Decimal) -> None:
    assert number(str(value)) == value
    assert number(f"{value:,}") == value


@pytest.mark.parametrize("said", ["n/a", "1e30", "nan", "inf", "12 yuan", float("inf"), "1.2.3"])
def test_what_is_no_number_is_refused(said: object) -> None:
    with pytest.raises(Wrong) as caught:
        number(said)
    assert caught.value.finding.code == "bad-number"


def test_a_percentage_is_refused_with_what_would_be_right() -> None:
    with pytest.raises(Wrong) as caught:
        number("85%")
    assert "0.85" in caught.value.finding.text


def test_numbers_have_six_places() -> None:
    assert number(0.1 + 0.2) == Decimal("0.3")
    assert number("") is None


def test_texts() -> None:
    assert text(101000295613.0) == "101000295613"
    assert text(None) == text(float("nan")) == ""
    assert text(" a\0b ") == "ab"
    assert text(True) == "true"
    assert text(1.5) == "1.5"
    assert text("某局".encode()) == "某局"
    assert text(datetime(2022, 3, 4, tzinfo=UTC) + timedelta(hours=1)) == "2022-03-04 01:00:00+00:00"
