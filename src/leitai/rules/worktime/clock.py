"""When a promise falls due, and how much working time lies between two instants.

The rules, which docs/explanation/worktime.md shows on cases:

- minutes and seconds run only in open windows, in real (UTC) time; a start outside waits for the next window;
  the due instant is the end of a window rather than the start of the next when both would do;
- workdays: the day of the event is not counted, counting starts on the next day (自次日起算: Civil Code of
  the PRC, art. 201), and the promise is due at the end of the last window of the n-th workday (art. 203:
  where there are business hours, the period ends when business stops);
- days: the same wall time so many dates later, whatever those days are.

Wall time follows `zoneinfo`: one that a clock change repeats means the first, one that it skips is read
as much later as the clock jumps. `bulk.py` does the same for arrays and is tested to be equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from leitai.rules.kernel import N_

from .calendars import Calendar
from .durations import Within
from .errors import CalendarError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A due instant in UTC; `provisional` where a day it rests on is not announced yet."""

    instant: datetime
    provisional: bool
    calendar_version: str

    def local(self, calendar: Calendar) -> datetime:
        """The instant as wall time of the calendar's zone."""
        return self.instant.astimezone(calendar.zone)


def due(start: datetime, within: Within, calendar: Calendar) -> Due:
    """When a promise made at `start` (aware) falls due.

    Raises ValueError for a naive start (a programmer's fault), CalendarError where the calendar has no
    workdays to count or the time runs past the year 9999.
    """
    try:
        local = in_zone(start, calendar)
        if within.unit == "days":
            instant = to_utc(local.date() + within.amount * _DAY, local.time(), calendar)
            return Due(instant, False, calendar.version)
        if within.unit == "workdays":
            instant, provisional = _due_workdays(local, within.amount, calendar)
        else:
            instant, provisional = _due_open(start.astimezone(UTC), local.date(), within, calendar)
    except OverflowError:
        raise out_of_time(calendar) from None
    return Due(instant, provisional, calendar.version)


def between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Open time from `start` to `end` (both aware), exact; negative where `end` comes first."""
    if end < start:
        return -between(end, start, calendar)
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    day, final = in_zone(start, calendar).date(), in_zone(end, calendar).date()
    total = timedelta()
    while day <= final:
        for opens, closes in spans(day, calendar):
            total += max(timedelta(), min(closes, last) - max(opens, first))
        day += _DAY
    return total


@lru_cache(maxsize=4096)
def spans(day: date, calendar: Calendar) -> tuple[tuple[datetime, datetime], ...]:
    """The open windows of a date as UTC instants, in order and apart.

    What a clock change swallows is left out, up to a whole date (a zone that moves over the date line).
    """
    found: list[tuple[datetime, datetime]] = []
    windows = calendar.day(day).windows
    if not windows:
        return ()
    floor, midnight = datetime.min.replace(tzinfo=UTC), wall(day, 1440, calendar)
    for start, end in windows:
        opens, closes = max(floor, wall(day, start, calendar)), min(midnight, wall(day, end, calendar))
        if opens < closes:
            found.append((opens, closes))
            floor = closes
    return tuple(found)


def wall(day: date, minutes: int, calendar: Calendar) -> datetime:
    """The UTC instant of so many minutes of wall time after midnight; 1440 is the next day's midnight."""
    if minutes == 1440:
        day, minutes = day + _DAY, 0
    return to_utc(day, time(minutes // 60, minutes % 60), calendar)


def last_close(day: date, calendar: Calendar) -> datetime:
    """The end of a workday: when its last window closes, as a UTC instant."""
    return wall(day, calendar.day(day).windows[-1][1], calendar)


def to_utc(day: date, at: time, calendar: Calendar) -> datetime:
    """Wall time of the calendar's zone as a UTC instant."""
    return datetime.combine(day, at.replace(fold=0), calendar.zone).astimezone(UTC)


def in_zone(instant: datetime, calendar: Calendar) -> datetime:
    """An aware instant as wall time of the calendar's zone."""
    if instant.tzinfo is None:
        raise ValueError("working time needs an aware datetime")
    return instant.astimezone(calendar.zone)


def out_of_time(calendar: Calendar) -> CalendarError:
    """The error for a due time past the end of the calendar."""
    return CalendarError(
        "out-of-time", N_("on calendar %(key)s this runs past the year 9999"), key=calendar.key
    )


def need_workdays(calendar: Calendar) -> None:
    """Raise where a calendar has no weekday that could ever be counted."""
    if not any(calendar.workdays):
        raise CalendarError(
            "no-workdays",
            N_("calendar %(key)s has no workdays: count minutes, hours or days on it"),
            key=calendar.key,
        )


def _due_workdays(local: datetime, amount: int, calendar: Calendar) -> tuple[datetime, bool]:
    need_workdays(calendar)
    day, left, provisional = local.date(), amount, False
    while left:
        day += _DAY
        info = calendar.day(day)
        left -= info.working
        provisional = provisional or info.provisional
    return last_close(day, calendar), provisional


def _due_open(start: datetime, day: date, within: Within, calendar: Calendar) -> tuple[datetime, bool]:
    left, provisional = timedelta(seconds=within.open_seconds or 0), False
    while True:
        provisional = provisional or calendar.day(day).provisional
        for opens, closes in spans(day, calendar):
            begin = max(opens, start)
            if closes - begin >= left:
                return begin + left, provisional
            left -= max(timedelta(), closes - begin)
        day += _DAY
