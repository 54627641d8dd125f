"""Every row of the tables in docs/explanation/worktime.md is a case."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from leitai.rules.worktime import Calendar, always, due, explain, office, parse_within

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "worktime.md"


def rows(*columns: str) -> list[list[str]]:
    """The cells of all tables of the page with these first columns."""
    found, inside = [], False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip()[1:-1].split("|")] if line.startswith("|") else []
        if tuple(cells[: len(columns)]) == columns:
            inside = True
        elif not cells:
            inside = False
        elif inside and "---" not in cells[0]:
            found.append(cells)
    return found


def named(name: str) -> Calendar:
    key, zone, windows, saturday, holidays = next(row for row in CALENDARS if row[0] == name)
    if windows == "never closes":
        return always(key, zone)
    return office(key, zone, windows.split(), days={"saturday": saturday.split()}, holidays=holidays)


CALENDARS = rows("Calendar", "Zone", "Windows", "Saturday", "Holidays")
PLAIN = [(row[0], None, *row[1:4]) for row in rows("Calendar", "Event", "Within", "Due")]
DATED = [(row[0], date.fromisoformat(row[1]), *row[2:5]) for row in rows("Calendar", "Known on", "Event")]


def test_the_page_has_its_cases() -> None:
    assert len(CALENDARS) == 5
    assert len(PLAIN) >= 20
    assert len(DATED) == 4


@pytest.mark.parametrize(("name", "known_on", "event", "within", "expected"), PLAIN + DATED)
def test_case(name: str, known_on: date | None, event: str, within: str, expected: str) -> None:
    calendar = named(name).as_known(known_on)
    start = datetime.fromisoformat(event).replace(tzinfo=calendar.zone)
    day, clock, *provisional = expected.split()
    if clock == "24:00":
        wanted = datetime.fromisoformat(day) + timedelta(days=1)
    else:
        wanted = datetime.fromisoformat(f"{day} {clock}")

    found = due(start, parse_within(within), calendar)

    assert found.local(calendar).replace(tzinfo=None) == wanted
    assert found.provisional is (provisional == ["provisional"])
    assert found.instant == explain(start, parse_within(within), calendar)[-1].at
