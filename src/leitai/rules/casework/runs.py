"""One run of one time limit on a case, and how its instants are reckoned from its start.

A limit may run several times on the same case: an answer that is returned, a pause, more time that was given each
end one run, void, and begin another. A run never changes its start or its calendar, so that each can be counted
again by itself, years later, from what stands in it and in the run before it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from leitai.rules.worktime import Calendar, Within, between, due, parse_within

GIVEN = "given"
# Calendars as they stood when runs were set by them, by key and version.
Pins = Mapping[tuple[str, str], Calendar]
NO_PINS: Pins = MappingProxyType({})

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_MOST_SECONDS = 36_000_000
# Two runs of a limit never share a start: one that would begins so much later.
_APART = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of a run's ladder of slips: at `at` a slip of this colour goes to this one.

    `after` is when, as the rule-book writes it: "warn", "due", or how long after the due time.
    """

    at: datetime
    colour: str
    to: str
    after: str = "due"


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of one time limit on one case.

    It runs from milestone `since` until milestone `until`. `due` is None where the record brought none,
    `warn` where nobody is warned. `warned`, `met` and `breached` are when that happened; `void` is when
    the run was taken out of the count, and `void_why` the reason: returned, handed-back, set-aside, paused,
    resumed, extended. `ahead` is how long before the due instant the holder is warned, as the rule-book
    writes it. Of the ladder `rungs`, the first `rung` slips have been given.

    `within` is what the run was given: a duration to be counted from its start in its calendar, or "given" where
    the due time was said and not counted. A run after "extended" has the due time that was decided, whatever
    `within` says.
    """

    key: str
    since: str
    until: str
    within: str
    calendar: str
    started: datetime
    due: datetime | None
    warn: datetime | None = None
    warned: datetime | None = None
    met: datetime | None = None
    breached: datetime | None = None
    void: datetime | None = None
    ahead: str | None = None
    calendar_version: str = ""
    provisional: bool = False
    rungs: tuple[Rung, ...] = ()
    rung: int = 0
    void_why: str = ""

    @property
    def running(self) -> bool:
        """Whether it still asks something of anybody."""
        return self.met is None and self.void is None


def timed(clock: Clock, calendar: Calendar) -> Clock:
    """The run with its due instant, warning and ladder, reckoned from its start."""
    if clock.within != GIVEN:
        fixed = due(clock.started, parse_within(clock.within), calendar)
        clock = replace(clock, due=fixed.instant, provisional=fixed.provisional)
    return hung(clock, calendar)


def hung(clock: Clock, calendar: Calendar) -> Clock:
    """The run with the warning and the ladder that hang on its due instant."""
    due_at, warn = clock.due, clock.warn
    if due_at is None:
        return replace(clock, rungs=())
    if clock.ahead is not None:
        warn = max(clock.started, before(due_at, parse_within(clock.ahead), calendar, clock.started))
    return replace(clock, warn=warn, rungs=_ladder(clock.rungs, warn or due_at, due_at, calendar))


def before(end: datetime, ahead: Within, calendar: Calendar, start: datetime) -> datetime:
    """The instant so long before `end`, counted in the calendar as the duration says; not before `start`.

    Open time is counted from the start, in minutes where the duration is, so a warning may come up to a minute early;
    "1 workday" is the end of the workday before.
    """
    if ahead.unit == "days":
        local = end.astimezone(calendar.zone) - ahead.amount * _DAY
        return max(start, local.astimezone(UTC))
    if ahead.unit in ("minutes", "seconds"):
        one = _MINUTE if ahead.unit == "minutes" else _SECOND
        left = (between(start, end, calendar) - ahead.amount * one) // one
        return due(start, Within(left, ahead.unit), calendar).instant if left > 0 else start
    day, left = end.astimezone(calendar.zone).date(), ahead.amount
    while left and day > start.astimezone(calendar.zone).date():
        day -= _DAY
        left -= calendar.day(day).working
    windows = calendar.day(day).windows
    if left or not windows:
        return start
    midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    return max(start, (midnight + windows[-1][1] * _MINUTE).astimezone(UTC))


def unused(void: Clock) -> tuple[datetime, datetime] | None:
    """From when until when a void run had not used its time: what the run after it may have. None: nothing is left."""
    if void.due is None or void.void is None:
        return None
    if void.void_why == "paused":
        return void.void, void.due
    if void.void_why == "resumed":
        return void.started, void.due
    return (void.met, void.due) if void.met is not None else None


def run_on(void: Clock, at: datetime, calendar: Calendar, counted: Calendar) -> Clock:
    """The run that follows a void one, from `at`, with the time that was left of it.

    What was left is counted to the second as the limit counts, in the calendar the void run was set by (`counted`),
    a second begun as a whole one; the new run is counted in `calendar`. Of calendar days, and of a due time that was
    said, the same length of time is left. Raises ValueError where nothing was left to run on.
    """
    rest = unused(void)
    if rest is None:
        raise ValueError(f"nothing is left of clock {void.key} after {void.void_why or 'it was met'}")
    fresh = replace(
        void, started=at, due=None, warn=None, warned=None, met=None, breached=None, void=None, void_why="",
        calendar_version=calendar.version, provisional=False, rung=0,
    )  # fmt: skip
    if void.within == GIVEN or parse_within(void.within).unit == "days":
        return timed(replace(fresh, within=GIVEN, due=at + max(rest[1] - rest[0], _SECOND)), calendar)
    seconds = min(max(1, math.ceil(between(*rest, counted) / _SECOND)), _MOST_SECONDS)
    within = f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
    return timed(replace(fresh, within=within), calendar)


def reopened(late: Clock, at: datetime, calendar: Calendar) -> Clock:
    """A run met late whose answer is undone at `at`: late as it was, the slips to come put off by the time between."""
    if late.met is None:
        return late
    to_come = []
    for rung in late.rungs[late.rung :]:
        ahead = math.ceil(between(late.met, rung.at, calendar) / _SECOND)
        then = due(at, Within(min(ahead, _MOST_SECONDS), "seconds"), calendar).instant if ahead > 0 else at
        to_come.append(replace(rung, at=then))
    return replace(late, met=None, rungs=(*late.rungs[: late.rung], *to_come))


def apart(start: datetime, key: str, runs: Collection[Clock]) -> datetime:
    """A start that no other run of the limit has: this one, or the first free instant after it."""
    taken = {one.started for one in runs if one.key == key}
    while start in taken:
        start += _APART
    return start


def counted_by(clock: Clock, calendars: Mapping[str, Calendar], pins: Pins) -> Calendar:
    """The calendar a run was set by, as it stood then; where that was not kept, as it stands now."""
    return pins.get((clock.calendar, clock.calendar_version)) or calendars[clock.calendar]


def _ladder(rungs: Iterable[Rung], warn: datetime, due_at: datetime, calendar: Calendar) -> tuple[Rung, ...]:
    """The rungs with their instants, none before the one below it."""
    found: list[Rung] = []
    for rung in rungs:
        if rung.after == "warn":
            at = warn
        elif rung.after == "due":
            at = due_at
        else:
            at = due(due_at, parse_within(rung.after), calendar).instant
        found.append(replace(rung, at=max(at, found[-1].at) if found else at))
    return tuple(found)
