"""The days on which an occasion is held: one in each period, moved off holidays without doubling or skipping.

"Every Monday at nine, otherwise the next workday" leaves open what happens in a holiday week: moved naively,
two meetings fall on one morning. Here an occasion belongs to its period (2022-W05), and the days between
its own day and the next occasion's are its to move within:

    next workday      the first workday from its own day on, before the next occasion's own day;
                      where there is none, the last workday before its own day
    previous workday  the same, mirrored
    as it falls       its own day, whatever that is

Where neither side has a workday to spare it stays on its own day, and says so. So occasions come in the
order of their periods, each once, and no calendar can make two of them meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leitai.rules.kernel import Period, Text
from leitai.rules.regime.model import OccasionSpec
from leitai.rules.worktime import Calendar, due, parse_within

_DAY = timedelta(days=1)
_FAR = (
    60  # days to look for a workday; a calendar without one within them leaves a called occasion where it is
)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Coming:
    """An occasion to come: `at` in UTC, `nominal` its own day in the place's zone.

    `mark` tells it apart from the others: the period's key, or for a called one its day. `reason` says why
    it was moved, or why it could not be. `provisional` where a day it rests on is not announced yet.
    """

    at: datetime
    nominal: date
    mark: str
    moved: bool = False
    reason: Text | None = None
    provisional: bool = False

    def key(self, occasion: str) -> str:
        """What identifies it, once and for all: "dispatch@2022-W05"."""
        return f"{occasion}@{self.mark}"


def next_after(spec: OccasionSpec, after: datetime, calendar: Calendar, zone: ZoneInfo) -> Coming:
    """The first occasion that is held after an instant (aware).

    Raises ValueError for an occasion that has no `every` (it is called, not periodic) or a day that its
    period cannot have.
    """
    return next(one for one in _from(spec, after, calendar, zone) if one.at > after)


def between(
    spec: OccasionSpec, start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo
) -> tuple[Coming, ...]:
    """The occasions held in [start, end), in order. Raises as `next_after`."""
    found = []
    for one in _from(spec, start, calendar, zone):
        if one.at >= end:
            break
        if one.at >= start:
            found.append(one)
    return tuple(found)


def called(spec: OccasionSpec, at: datetime, calendar: Calendar, zone: ZoneInfo) -> Coming:
    """The occasion that an event at `at` (aware) calls: on the last day of its `within`, at its hour.

    The due instant itself where that hour does not lie between the event and it. A last day that is no
    workday (`within` counted in days) is moved as the occasion says. Raises ValueError for one without
    `within`.
    """
    if spec.within is None:
        raise ValueError("an occasion that is called needs `within`")
    last = due(at, parse_within(spec.within), calendar)
    own = day = last.instant.astimezone(zone).date()
    if spec.off_day != "as it falls" and not calendar.day(own).working:
        step, least = (_DAY if spec.off_day == "next workday" else -_DAY), at.astimezone(zone).date()
        near = (own + n * step for n in range(_FAR))
        day = next((one for one in near if one > least and calendar.day(one).working), own)
    held = _instant(day, spec, zone)
    if day == own and not at < held <= last.instant:
        held = last.instant
    reason = _reason(own, day, calendar) if day != own else None
    provisional = last.provisional or calendar.day(day).provisional
    return Coming(max(held, at), own, own.isoformat(), day != own, reason, provisional)


def _from(spec: OccasionSpec, start: datetime, calendar: Calendar, zone: ZoneInfo) -> Iterator[Coming]:
    """All occasions in order, from before any that could be held at `start`."""
    if spec.every is None:
        raise ValueError("an occasion that is called has no next one: it needs `every`")
    # The one of the period before may be moved into this one; none earlier can.
    period = Period.containing(spec.every, start.astimezone(zone).date()).previous()
    while True:
        yield _coming(spec, period, calendar, zone)
        period = period.next()


def _coming(spec: OccasionSpec, period: Period, calendar: Calendar, zone: ZoneInfo) -> Coming:
    own = _own_day(spec, period)
    day, looked_at = _place(spec, period, own, calendar)
    astray = spec.off_day != "as it falls" and not calendar.day(own).working
    reason = _reason(own, day, calendar) if astray else None
    provisional = any(calendar.day(one).provisional for one in looked_at)
    return Coming(_instant(day, spec, zone), own, period.key, day != own, reason, provisional)


def _reason(own: date, day: date, calendar: Calendar) -> Text:
    """Why an occasion is held on another day than its own, or stays on one that is no workday."""
    off = calendar.day(own).reason
    zh, en = f"{own.isoformat()}为{off.show('zh')}，", f"{own.isoformat()} is {off.show('en')}"
    if day == own:
        return Text(zh=f"{zh}前后没有可移的工作日", en=f"{en}, and no workday near it is free")
    return Text(zh=f"{zh}移至{day.isoformat()}", en=f"{en}: moved to {day.isoformat()}")


def _place(
    spec: OccasionSpec, period: Period, own: date, calendar: Calendar
) -> tuple[date, tuple[date, ...]]:
    """The day it is held on, and the days that were looked at to find it."""
    if spec.off_day == "as it falls":
        return own, ()
    before, after = _own_day(spec, period.previous()), _own_day(spec, period.next())
    if spec.off_day == "next workday":
        mine, other = _days(own, after), tuple(reversed(_days(before, own)))
    else:
        mine, other = tuple(reversed(_days(before + _DAY, own + _DAY))), _days(own + _DAY, after + _DAY)
    looked: list[date] = []
    for day in mine:
        looked.append(day)
        if calendar.day(day).working:
            return day, tuple(looked)
    # The neighbour holds its own on the far end of these workdays: take the near end, if that is another day.
    free = [day for day in other if calendar.day(day).working]
    return (free[0] if len(free) > 1 else own), (*looked, *other)


def _days(first: date, end: date) -> tuple[date, ...]:
    """The dates in [first, end)."""
    return tuple(first + n * _DAY for n in range((end - first).days))


def _own_day(spec: OccasionSpec, period: Period) -> date:
    """The day of a period that the rule-book names, by weekday or counted from the first or last day."""
    if isinstance(spec.day, str):
        if period.kind != "week" or spec.day not in _WEEK:
            raise ValueError(f"{spec.day!r} names no day of a {period.kind}")
        return period.first + _WEEK.index(spec.day) * _DAY
    number = 1 if spec.day is None else spec.day
    if number == 0:
        raise ValueError("days count from 1, or from -1 at the end")
    if number > 0:
        return min(period.first + (number - 1) * _DAY, period.last)
    return max(period.last + (number + 1) * _DAY, period.first)


def _instant(day: date, spec: OccasionSpec, zone: ZoneInfo) -> datetime:
    hour, minute = spec.at.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), zone).astimezone(UTC)
