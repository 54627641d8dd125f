"""Periods: the weeks, months, quarters, half-years and years that targets and tables are kept by.

A period is a span of dates in the place's own calendar, never of instants; its key is what people and
files write: 2022-W05 (ISO 8601 week), 2022-03, 2022-Q1, 2022-H1, 2022.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

PeriodKind = Literal["week", "month", "quarter", "half", "year"]
PERIOD_KINDS: tuple[PeriodKind, ...] = ("week", "month", "quarter", "half", "year")

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_KEY = re.compile(
    r"(?P<year>\d{4})(?:-?(?:W(?P<week>\d{1,2})|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>\d{2})))?"
)


class PeriodError(ValueError):
    """A text that names no period."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole days: `first` and `last` both belong to it.

    >>> Period.parse("2022-Q1").last
    datetime.date(2022, 3, 31)
    >>> Period.parse("2022-03").previous().key
    '2022-02'
    """

    first: date
    kind: PeriodKind

    @classmethod
    def parse(cls, key: str) -> Period:
        """The period a key names. Raises PeriodError with what would be right."""
        found = _KEY.fullmatch(key.strip())
        try:
            if found is None:
                raise ValueError(key)
            year = int(found["year"])
            if not 1900 <= year <= 2200:  # the periods before and after must exist too
                raise ValueError(key)
            if found["week"]:
                return cls(date.fromisocalendar(year, int(found["week"]), 1), "week")
            if found["quarter"]:
                return cls(date(year, 3 * int(found["quarter"]) - 2, 1), "quarter")
            if found["half"]:
                return cls(date(year, 6 * int(found["half"]) - 5, 1), "half")
            if found["month"]:
                return cls(date(year, int(found["month"]), 1), "month")
            return cls(date(year, 1, 1), "year")
        except ValueError:
            raise PeriodError(
                f"{key!r} is not a period: write 2022-W05, 2022-03, 2022-Q1, 2022-H1 or 2022"
            ) from None

    @classmethod
    def containing(cls, kind: PeriodKind, day: date) -> Period:
        """The period of this kind that a date lies in."""
        if kind == "week":
            return cls(day - timedelta(days=day.weekday()), kind)
        step = _MONTHS[kind]
        return cls(date(day.year, (day.month - 1) // step * step + 1, 1), kind)

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.next().first - timedelta(days=1)

    @property
    def key(self) -> str:
        """What people and files write for it."""
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02}"
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        if self.kind == "half":
            return f"{self.first.year}-H{(self.first.month + 5) // 6}"
        return f"{self.first.year}"

    def next(self) -> Period:
        """The period of the same kind after this one."""
        if self.kind == "week":
            return Period(self.first + timedelta(days=7), self.kind)
        months = self.first.year * 12 + self.first.month - 1 + _MONTHS[self.kind]
        return Period(date(months // 12, months % 12 + 1, 1), self.kind)

    def previous(self) -> Period:
        """The period of the same kind before this one."""
        return Period.containing(self.kind, self.first - timedelta(days=1))

    def within(self, kind: PeriodKind) -> tuple[Period, ...]:
        """The periods of a smaller kind that start in this one, in order."""
        found, one = [], Period.containing(kind, self.first)
        if one.first < self.first:
            one = one.next()
        while one.first <= self.last:
            found.append(one)
            one = one.next()
        return tuple(found)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The UTC instants [start, end) of the period in a time zone."""
        after = self.next().first
        return (
            datetime.combine(self.first, time(), zone).astimezone(UTC),
            datetime.combine(after, time(), zone).astimezone(UTC),
        )

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def __str__(self) -> str:
        return self.key
