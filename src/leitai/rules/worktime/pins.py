"""A calendar as it stood when a clock was set by it, written down day by day.

A breach must not disappear because somebody edits the calendar afterwards, or because a later release of this
program knows a later notice. So the days themselves are kept, not the rules that they came from: for every year in
which any day is not what its weekday says, one entry per day, each the number of a line of the legend.

    {"format": "leitai.calendar/1", "key": "office", "zone": "Asia/Shanghai", "version": "CN-2026.1+1f6c0a52",
     "week": [[[510, 720], [810, 1050]], …], "workdays": [true, …], "others": null,
     "legend": [{"working": true, "zh": "工作日", "en": "workday", "windows": [[510, 720], [810, 1050]]}, …],
     "years": {"2026": [1, 0, 0, …]}}

`others` says of the years that are not listed which of them are settled: null any, else the first and the last, or
an empty list where none is; a day of the others is what its weekday says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from leitai.rules.kernel import N_, Text

from .calendars import Calendar, DayInfo, Windows
from .errors import CalendarError

FORMAT = "leitai.calendar/1"
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class PinnedCalendar(Calendar):
    """A calendar that answers from days written down. Two of the same version and key answer alike."""

    said_version: str = ""
    said_years: Mapping[int, tuple[int, ...]] = field(default_factory=dict, repr=False)
    said_days: tuple[DayInfo, ...] = field(default=(), repr=False)
    others: tuple[int, ...] | None = None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, PinnedCalendar)
            and (self.key, self.said_version, self.zone.key)
            == (other.key, other.said_version, other.zone.key)
            and (self.week, self.said_days, self.said_years)
            == (other.week, other.said_days, other.said_years)
        )

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.key, self.zone.key, self.said_version))

    @cached_property
    def version(self) -> str:
        """The version of the calendar that was written down."""
        return self.said_version

    def settled(self, day: date) -> bool:
        """Whether no notice to come could change this date, as of when it was written down."""
        entry = self._entry(day)
        if entry is not None:
            return not entry.provisional
        return self.others is None or (bool(self.others) and self.others[0] <= day.year <= self.others[1])

    def _entry(self, day: date) -> DayInfo | None:
        year = self.said_years.get(day.year)
        return self.said_days[year[day.timetuple().tm_yday - 1]] if year is not None else None

    def _look_up(self, day: date) -> DayInfo:
        entry = self._entry(day)
        if entry is None:
            return super()._look_up(day)
        return DayInfo(day, entry.working, entry.reason, entry.windows, entry.provisional)


def freeze(calendar: Calendar) -> dict[str, Any]:
    """A calendar as values that JSON can hold; `thaw` gives the same answers for every day whatever comes later."""
    legend: dict[tuple[bool, Text, Windows, bool], int] = {}
    years: dict[str, list[int]] = {}
    for year in _special(calendar):
        found, day = [], date(year, 1, 1)
        while day.year == year:
            info = calendar.day(day)
            line = (info.working, info.reason, info.windows, info.provisional)
            found.append(legend.setdefault(line, len(legend)))
            if day == date.max:
                break
            day += _DAY
        years[str(year)] = found
    others: list[int] | None = list(calendar.announced) if calendar.announced is not None else None
    if calendar.holidays:
        others = []
    return {
        "format": FORMAT,
        "key": calendar.key,
        "zone": calendar.zone.key,
        "version": calendar.version,
        "week": [[list(window) for window in windows] for windows in calendar.week],
        "workdays": list(calendar.workdays),
        "others": others,
        "legend": [
            {
                "working": working,
                "zh": reason.zh,
                "en": reason.en,
                "windows": [list(window) for window in windows],
                **({"provisional": True} if provisional else {}),
            }
            for working, reason, windows, provisional in legend
        ],
        "years": years,
    }


def thaw(said: Mapping[str, Any]) -> Calendar:
    """The calendar that `freeze` wrote down. Raises CalendarError for anything else."""
    if said.get("format") != FORMAT:
        raise CalendarError(
            "not-a-pin",
            N_("this is no calendar as it was written down: its format is %(format)s, not %(right)s"),
            format=said.get("format"),
            right=FORMAT,
        )
    try:
        found = PinnedCalendar(
            key=said["key"],
            zone=ZoneInfo(said["zone"]),
            week=tuple(_windows(windows) for windows in said["week"]),
            workdays=tuple(said["workdays"]),
            said_version=said["version"],
            said_years={int(year): tuple(days) for year, days in said["years"].items()},
            said_days=tuple(
                DayInfo(
                    date.min, one["working"], Text(one["zh"], one["en"]), _windows(one["windows"]),
                    one.get("provisional", False),
                )
                for one in said["legend"]
            ),
            others=None if said["others"] is None else tuple(said["others"]),
        )  # fmt: skip
        for year, days in found.said_years.items():
            lines = len(found.said_days)
            if (
                len(days) != (date(year, 12, 31) - date(year, 1, 1)).days + 1
                or not 0 <= min(days) <= max(days) < lines
            ):
                raise ValueError(year)
    except CalendarError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise CalendarError(
            "broken-pin", N_("a calendar that was written down cannot be read: %(why)s"), why=repr(fault)
        ) from fault
    return found


def _special(calendar: Calendar) -> list[int]:
    """The years in which a day may be another than its weekday says."""
    years = {day.year for day, _ in (*calendar.closed, *calendar.makeup)}
    return sorted(years | calendar.noticed)


def _windows(pairs: list[list[int]]) -> Windows:
    return tuple((start, end) for start, end in pairs)
