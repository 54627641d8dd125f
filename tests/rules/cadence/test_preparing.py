"""When an occasion opens and by when what must be ready is due: counted back, and fair to those told late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.cadence import due_when_told, opens_at, ready_by
from leitai.rules.regime.model import OccasionSpec
from leitai.rules.worktime import CalendarError, always, between, office, parse_within

PAGE = (Path(__file__).parents[3] / "docs/explanation/consequences.md").read_text(encoding="utf-8")
TABLE = PAGE.split("\n| Occasion | Before |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office("office", ZONE)
HALL = always("hall", ZONE)
FIRST = datetime(2021, 3, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=970)).map(lambda passed: FIRST + passed)
BEFORE = st.tuples(st.integers(1, 15), st.sampled_from(["workdays", "days", "hours", "minutes"]))


def spec(opens: str | None) -> OccasionSpec:
    said = {"name": "x", "on": "office", "every": "week", "day": "monday", "opens": opens}
    return OccasionSpec.model_validate(said)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize("row", TABLE)
def test_every_row_of_the_page(row: str) -> None:
    occasion, before, opens, ready = (cell.strip() for cell in row.strip("| ").split("|"))
    found = opens_at(spec(before), local(occasion), OFFICE)
    assert found is not None and found.utcoffset() == timedelta()
    assert found.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") == opens
    assert ready_by(before, local(occasion), OFFICE).astimezone(ZONE).strftime("%Y-%m-%d %H:%M") == ready


def test_one_that_does_not_open_has_no_opening() -> None:
    assert opens_at(spec(None), local("2022-03-07 09:00"), OFFICE) is None


def test_workdays_can_not_be_counted_on_a_calendar_without_any() -> None:
    sundays = office("sundays", ZONE, [], days={"sunday": ["10:00-11:00"]}, holidays="")
    with pytest.raises(CalendarError):
        ready_by("2 workdays", local("2022-03-07 09:00"), sundays)


@given(INSTANTS, BEFORE)
def test_it_lies_before_the_occasion_and_opening_not_after_being_due(
    at: datetime, before: tuple[int, str]
) -> None:
    text = f"{before[0]} {before[1]}"
    opens, due = opens_at(spec(text), at, OFFICE), ready_by(text, at, OFFICE)
    assert opens is not None and opens <= due < at


@given(INSTANTS, st.integers(1, 3000))
def test_minutes_are_those_in_the_open_windows_between(at: datetime, minutes: int) -> None:
    assert between(ready_by(f"{minutes} minutes", at, OFFICE), at, OFFICE) == timedelta(minutes=minutes)
    assert at - ready_by(f"{minutes} minutes", at, HALL) == timedelta(minutes=minutes)


@given(INSTANTS, st.integers(1, 20))
def test_so_many_workdays_lie_from_the_opening_to_the_day_before(at: datetime, amount: int) -> None:
    opens = opens_at(spec(f"{amount} workdays"), at, OFFICE)
    assert opens is not None
    first, last = opens.astimezone(ZONE).date(), at.astimezone(ZONE).date()
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal())]
    assert sum(OFFICE.day(day).working for day in days) == amount
    assert OFFICE.day(first).working


@given(INSTANTS, BEFORE, st.timedeltas(timedelta(), timedelta(days=30)))
def test_whoever_is_told_late_has_as_long_as_the_others_or_until_the_occasion(
    at: datetime, before: tuple[int, str], late: timedelta
) -> None:
    one = spec("20 workdays")
    opens = opens_at(one, at, OFFICE)
    assert opens is not None
    text = f"{before[0]} {before[1]}"
    punctual = due_when_told(one, text, at, opens, OFFICE)
    assert punctual == ready_by(text, at, OFFICE)
    assert due_when_told(one, text, at, opens - timedelta(days=1), OFFICE) == punctual
    whole = timedelta(minutes=-(-late // timedelta(minutes=1)))
    assert due_when_told(one, text, at, opens + late, OFFICE) == min(at, punctual + whole)


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=3)))
def test_where_the_rule_book_leaves_no_time_the_occasion_is_the_end(at: datetime, late: timedelta) -> None:
    one = spec("1 workday")
    opens = opens_at(one, at, OFFICE)
    assert opens is not None
    assert due_when_told(one, "3 workdays", at, opens + late, OFFICE) == at


def test_a_duration_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        parse_within("2 fortnights")
    with pytest.raises(ValueError, match="unit"):
        ready_by("2 fortnights", local("2022-03-07 09:00"), OFFICE)
